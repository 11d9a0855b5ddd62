"""Chromium against a served application with the demo's deals."""

import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, Error, sync_playwright
from werkzeug.serving import make_server

from dealdesk.web.app import create_app
from dealdesk.web.visitors import COOKIE
from tests.e2e.processes import environment, running
from tests.web.conftest import seeded_settings
from tests.web.personas import PERSONAS, token_of

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


# Served address and role → the token of a session; what `cookies_of` gives a browser.
TOKENS: dict[tuple[str, str], str] = {}


def cookies_of(role: str) -> list[SetCookieParam]:
    """Return the cookies with which a browser is signed in as a persona, wherever it is served."""
    return [
        {"name": COOKIE, "value": token, "url": served}
        for (served, holder), token in TOKENS.items()
        if holder == role
    ]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a served application, with a worker beside it."""
    folder = tmp_path_factory.mktemp("e2e")
    settings = seeded_settings(folder)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served = f"http://127.0.0.1:{server.server_port}"
    TOKENS.update({(served, role): token_of(app, role) for role in PERSONAS})
    with running(["dealdesk.worker"], environment(settings), folder / "worker.log"):
        yield served
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give Chromium; skipped where it is not installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        except Error as error:
            pytest.skip(f"Chromium doesn't start here: {error.message.splitlines()[0]}")
        yield browser
        browser.close()
