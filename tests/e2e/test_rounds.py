"""A negotiation in Chromium with a real server and worker: sent, redlined, reviewed, answered."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.web.app import create_app
from dealdesk.web.visitors import COOKIE
from tests.e2e.barriers import barriers
from tests.e2e.counsel import redlined
from tests.e2e.processes import environment, running
from tests.web.conftest import seeded_settings
from tests.web.personas import token_of

pytestmark = pytest.mark.browser

RICH = "/deals/PLACEHOLDER-2027-001"
FIRST = f"{RICH}/negotiation/rounds/1"


@dataclass(frozen=True)
class Served:
    address: str
    tokens: dict[str, str]
    chromium: Browser

    def desk_of(self, role: str, *, scripts: bool = True) -> BrowserContext:
        context = self.chromium.new_context(java_script_enabled=scripts, reduced_motion="reduce")
        context.add_cookies([{"name": COOKIE, "value": self.tokens[role], "url": self.address}])
        return context


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("rounds")
    settings = seeded_settings(folder)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    app.extensions["dealdesk"] = replace(
        app.extensions["dealdesk"], settings=replace(settings, address=address)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    roles = ("account_executive", "commercial_counsel")
    with running(["dealdesk.worker"], environment(settings), folder / "worker.log"):
        yield Served(address, {role: token_of(app, role) for role in roles}, chromium)
    server.shutdown()


def test_a_redline_is_reviewed_and_answered_without_a_word_left_unseen(
    served: Served, tmp_path: Path
) -> None:
    seller = served.desk_of("account_executive").new_page()
    sent = send(served, seller, tmp_path)
    take_in(served, seller, redlined(sent), tmp_path)
    counsel = served.desk_of("commercial_counsel").new_page()
    look(served, counsel)
    signature_waits(served, seller)
    decide_by_keys(served, counsel)
    answer = finish(counsel, tmp_path)
    assert docx_canonical_text(answer, View.BASE) == docx_canonical_text(sent)
    assert "20 minutes" in docx_canonical_text(answer)
    assert "utmost" not in docx_canonical_text(answer)
    approvals_are_asked(served, seller)


def send(served: Served, page: Page, folder: Path) -> bytes:
    """Build and send the deal, and return the Word file behind the customer's link."""
    page.goto(f"{served.address}{RICH}/downloads")
    page.get_by_role("button", name="Build the files").click()
    expect(page.get_by_role("link", name="agreement.pdf")).to_be_visible(timeout=60_000)
    page.goto(f"{served.address}{RICH}/customer")
    page.get_by_label("Name").fill("Ramona Example")
    page.get_by_label("Mail address").fill("ramona@example.com")
    page.get_by_role("button", name="Send to customer").click()
    link = page.locator(".said").first.inner_text()
    page.goto(link)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Word").click()
    download.value.save_as(folder / "sent.docx")
    return (folder / "sent.docx").read_bytes()


def take_in(served: Served, page: Page, data: bytes, folder: Path) -> None:
    (folder / "agreement (Ramona).docx").write_bytes(data)
    page.goto(f"{served.address}{RICH}/negotiation")
    page.get_by_label("Their Word file").set_input_files(folder / "agreement (Ramona).docx")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="Round 1")).to_be_visible()
    expect(page.get_by_text("0 of 3 decided")).to_be_visible()
    expect(page.get_by_role("button", name="Reject")).to_have_count(0)


def look(served: Served, page: Page) -> None:
    """Look at the review as counsel does: wide, on a phone, and without scripts."""
    page.goto(f"{served.address}{FIRST}")
    expect(page.get_by_text("Nobody marked this as a change.")).to_be_visible()
    expect(page.locator("nav.changes h2").first).to_contain_text("Untracked edits")
    assert barriers(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert barriers(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    plain = served.desk_of("commercial_counsel", scripts=False).new_page()
    plain.goto(f"{served.address}{FIRST}")
    plain.get_by_role("button", name="Reject").click()
    expect(plain.get_by_text("Say why; it stays with us.")).to_be_visible()


def signature_waits(served: Served, page: Page) -> None:
    page.goto(f"{served.address}{RICH}/customer")
    waits = page.locator(".notice", has_text="Move to signature waits for this")
    expect(waits).to_contain_text("1 untracked edit waits for a decision in round 1.")
    expect(waits).to_contain_text("2 changes wait for a decision in round 1.")
    expect(page.get_by_role("button", name="Move to signature")).to_have_count(0)


def decide_by_keys(served: Served, page: Page) -> None:
    """Reject the unseen edit, counter the phrase, accept the number; by keys where there are."""
    page.goto(f"{served.address}{FIRST}")
    page.get_by_label("Why").fill("Our standard stands.")
    page.get_by_label("Why").press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_text("1 of 3 decided")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="in Severity levels")).to_be_visible()
    expect(page.get_by_text("30 minutes becomes 20 minutes, wherever it stands.")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("2 of 3 decided")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_label("Our words in its place")).to_be_focused()
    page.get_by_label("Our words in its place").fill("as far as it can")
    page.get_by_label("Why").fill("Nobody promises always.")
    page.get_by_role("button", name="Counter").click()
    expect(page.get_by_text("3 of 3 decided")).to_be_visible()


def finish(page: Page, folder: Path) -> bytes:
    expect(page.get_by_role("heading", name="Everything is decided")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Finish the round").click()
    expect(page.locator(".rounds")).to_contain_text("Answered")
    with page.expect_download() as download:
        page.get_by_role("link", name="with our marks").click()
    download.value.save_as(folder / "answer.docx")
    return (folder / "answer.docx").read_bytes()


def approvals_are_asked(served: Served, page: Page) -> None:
    page.goto(f"{served.address}{RICH}/customer")
    expect(page.locator("main")).to_contain_text("It can't be sent yet.")
    expect(page.locator("main")).to_contain_text("Head of support has to decide")
    page.goto(f"{served.address}{RICH}/versions")
    expect(page.locator("main")).to_contain_text("Round 1 answered: 1 accepted, 1 rejected")
