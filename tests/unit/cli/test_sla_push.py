"""`dealdesk sla push` and `sla drift`: answers, exit statuses, and a token that nobody sees."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import validate

from dealdesk.cli.sla import sla
from tests.unit.sla.exports import ACME, GOLDEN
from tests.unit.sla.push_servers import TOKEN, FakeZammad, Fault, serving

TERMS = str(GOLDEN / "terms" / f"{ACME}.json")


@pytest.fixture
def zammad(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeZammad]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("ZAMMAD_TOKEN", TOKEN)
    with serving(FakeZammad()) as served:
        assert isinstance(served, FakeZammad)
        yield served


def run(command: str, url: str, *arguments: str) -> Result:
    return CliRunner().invoke(sla, [command, TERMS, "--target", "zammad", "--url", url, *arguments])


def schema(name: str) -> Any:
    text = resources.files("dealdesk.sla").joinpath(f"schemas/{name}.json").read_text("utf-8")
    return json.loads(text)


def test_a_dry_run_a_push_and_a_drift_check(zammad: FakeZammad) -> None:
    planned = run("push", zammad.url, "--dry-run", "--json")
    assert planned.exit_code == 0, planned.output
    validate(json.loads(planned.output), schema("sla-push-1"))
    assert zammad.writes() == []

    drifted = run("drift", zammad.url)
    assert drifted.exit_code == 1
    assert "The calendar ACME-2026-001 24x7 is not there." in drifted.output

    pushed = run("push", zammad.url)
    assert pushed.exit_code == 0, pushed.output
    assert pushed.output.splitlines()[0].split() == ["Action", "Kind", "Name", "What"]

    agreed = run("drift", zammad.url, "--json")
    assert agreed.exit_code == 0
    answer = json.loads(agreed.output)
    validate(answer, schema("sla-drift-1"))
    assert answer["agrees"] is True
    assert TOKEN not in planned.output + drifted.output + pushed.output + agreed.output


def test_what_is_left_after_a_push_is_an_answer_of_no(zammad: FakeZammad) -> None:
    zammad.faults = [Fault("POST", "slas", "lossy")]
    done = run("push", zammad.url)
    assert done.exit_code == 1
    assert "took the changes but does not show all of them" in done.output
    assert "first_response_time is none; the contract says 60." in done.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--token-from", "NO_SUCH_VARIABLE"], "The variable NO_SUCH_VARIABLE holds no token."),
        (["--token-from", "not a name"], "The variable not a name holds no token."),
        (["--severity-map", "sev1=urgent"], "Zammad has no priority “urgent”."),
        (["--customer-id", "x"], "“x” is no id of a customer in Zammad."),
    ],
)
def test_a_wrong_call_is_a_sentence(
    zammad: FakeZammad, arguments: list[str], sentence: str
) -> None:
    done = run("push", zammad.url, *arguments)
    assert done.exit_code == 2
    assert sentence in done.output
    assert zammad.writes() == []


def test_a_system_that_is_not_there_is_a_sentence(
    zammad: FakeZammad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dealdesk.sla.push.client.ATTEMPTS", 1)
    done = run("drift", "http://127.0.0.1:9")
    assert done.exit_code == 2
    assert "breaks off or can't be reached" in done.output
    assert "Traceback" not in done.output


def test_a_target_without_a_push_is_refused(zammad: FakeZammad) -> None:
    done = CliRunner().invoke(sla, ["push", TERMS, "--target", "rt", "--url", zammad.url])
    assert done.exit_code == 2
    assert "Nothing is pushed to “rt”." in done.output


def test_other_commands_load_nothing_that_talks_to_the_network() -> None:
    code = "import sys, dealdesk.cli.sla; print('requests' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
