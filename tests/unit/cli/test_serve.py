"""`dealdesk serve`: links lead to the port that it serves, or to the address that is set."""

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from dealdesk.cli.serve import serve
from dealdesk.kernel.engine import make_engine
from dealdesk.kernel.settings import read_settings
from dealdesk.workflows.database import upgrade

PORT = "18771"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", f"http://127.0.0.1:{PORT}"),
        ("https://deals.example.com", "https://deals.example.com"),
    ],
)
def test_links_of_server_and_worker_lead_to_the_port_where_no_address_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, expected: str
) -> None:
    monkeypatch.setenv("DEALDESK_VAR", str(tmp_path))
    monkeypatch.setenv("DEALDESK_ADDRESS", given)
    upgrade(make_engine(read_settings()))
    started: dict[str, str] = {}

    def note(name: str, environment: dict[str, str]) -> None:
        started[name] = read_settings(environment).links_lead_to

    monkeypatch.setattr(subprocess, "Popen", lambda *_args, env, **_more: note("worker", env))
    monkeypatch.setattr(os, "execve", lambda *args: note("server", args[2]))
    answer = CliRunner().invoke(serve, ["--port", PORT], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    assert started == {"worker": expected, "server": expected}
