"""A clause from an edit in the browser to publication; drafts take it, what was sent keeps its own."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from dealdesk.identity.actors import SYSTEM
from dealdesk.web.app import create_app
from dealdesk.web.visitors import COOKIE
from dealdesk.workflows.library_files import import_files
from tests.e2e.barriers import barriers
from tests.e2e.processes import environment, running, until
from tests.web.conftest import NOW, seeded_settings
from tests.web.personas import sign_in_as, token_of, writing
from tests.web.strict import StrictClient
from tests.web.test_sharing import press

pytestmark = pytest.mark.browser

SIGNED, SENT, DRAFT = "PLACEHOLDER-2027-001", "EXAMPLE-2027-014", "FOUNDERS-2028-007"
CLAUSE = "/library/clauses/confidentiality"
ADDED = "A copy on paper is shredded within ten days of a request."


@dataclass(frozen=True)
class Office:
    """The served application, and a browser window for each role."""

    app: Flask
    address: str
    chromium: Browser

    def opened(self, role: str, path: str) -> Page:
        context = self.chromium.new_context(viewport={"width": 1440, "height": 900})
        token = token_of(self.app, role)
        context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        page = context.new_page()
        page.goto(self.address + path)
        return page


@pytest.fixture
def office(tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    """Serve a library that the database governs, with a real worker, a sent and a signed deal."""
    settings = seeded_settings(tmp_path)
    app = create_app(settings)
    with writing(app) as session:
        import_files(session, SYSTEM, settings.library, NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    with running(["dealdesk.worker"], environment(settings), tmp_path / "worker.log"):
        # Chromium's driver has an event loop in this thread, and a seal wants one of its own.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(hand_out, app).result()
        yield Office(app, address, chromium)
    server.shutdown()
    app.extensions["dealdesk"].engine.dispose()


def hand_out(app: Flask) -> None:
    """Send two deals and seal one of them, as their people do in the pages."""
    seller = StrictClient(sign_in_as(app, "account_executive"))
    for number in (SENT, SIGNED):
        press(seller, f"/deals/{number}/downloads", f"/deals/{number}/downloads", {})
    for number in (SENT, SIGNED):
        address = f"/deals/{number}/downloads"
        until(lambda at=address: "agreement.pdf" in seller.get(at).get_text(), f"files of {number}")
        page, given = f"/deals/{number}/customer", {"name": "Ramona", "email": "r@example.com"}
        press(seller, page, f"{page}/send", {**given, "days": "30", "seen": "1"})
    page = f"/deals/{SIGNED}/customer"
    press(seller, page, f"{page}/stage/prepare", {})
    counsel = StrictClient(sign_in_as(app, "general_counsel"))
    day = app.extensions["dealdesk"].clock.now().date().isoformat()
    press(counsel, page, f"{page}/seal", {"by": "Ramona", "seen": "1", "on": day})


def kept(office: Office, number: str) -> tuple[str, str, dict[str, bytes]]:
    """Return what a deal says and hands out: agreement, list of versions, executed documents."""
    support = StrictClient(sign_in_as(office.app, "support_head"))
    desk = StrictClient(sign_in_as(office.app, "deal_desk"))
    paper = desk.get(f"/deals/{number}/agreement").select_one("article.paper")
    versions = desk.get(f"/deals/{number}/versions").select_one("main")
    assert paper is not None
    assert versions is not None
    rows = support.get(f"/deals/{number}/contract").select("main tbody a")
    files = {str(row["href"]): support.client.get(str(row["href"])).data for row in rows}
    return paper.get_text(), versions.get_text(), files


def write_and_submit(office: Office) -> str:
    """Change a clause as counsel does, from looking at it to asking for a second person."""
    page = office.opened("commercial_counsel", CLAUSE)
    page.get_by_role("button", name="Draft a change").click()
    address = page.url
    head, text = page.get_by_label("clause.yaml"), page.locator("[name='file-standard.md']")
    was = text.input_value()
    # A preview says what changes and what the linter finds, and keeps nothing.
    text.fill(f"{was}\n{ADDED} {{{{term: nobody}}}} {{#paper}}\n")
    page.get_by_role("button", name="Check without keeping").click()
    expect(page.locator("section", has_text="What the linter finds")).to_contain_text("nobody")
    text.fill(f"{was}\n{ADDED} {{#paper}}\n")
    page.get_by_role("button", name="Check without keeping").click()
    changes = page.locator("section", has=page.get_by_role("heading", name="What changes"))
    expect(changes).to_contain_text("shredded within ten days")
    other = office.opened("commercial_counsel", address.removeprefix(office.address))
    expect(other.locator("[name='file-standard.md']")).not_to_have_value(re.compile("shredded"))
    other.context.close()
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_label("Reason").fill("Customers ask what happens to paper.")
    page.get_by_role("button", name="Ask a second person").click()
    # A change needs its own version: the page says so, and keeps the reason.
    expect(page.get_by_text("is published already")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("Customers ask what happens to paper.")
    head.fill(head.input_value().replace("version: 1.1.0", "version: 1.2.0"))
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_label("Reason").fill("Customers ask what happens to paper.")
    page.get_by_role("button", name="Ask a second person").click()
    expect(page.get_by_text("Submitted by Cameron Exempel")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    assert barriers(page) == []
    page.context.close()
    return address


def publish(office: Office, address: str) -> None:
    """Publish as a second person does, who finds the draft in the list."""
    page = office.opened("general_counsel", "/library/drafts")
    page.get_by_role("link", name="confidentiality, draft").click()
    assert page.url == address
    expect(page.get_by_text("Customers ask what happens to paper.")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    first = page.locator("table", has_text="In force from").locator("tbody tr").first
    expect(first).to_contain_text("1.2.0")
    expect(first).to_contain_text("Cameron Exempel")
    expect(first).to_contain_text("Gale Esempio")
    assert barriers(page) == []
    page.context.close()


def test_a_change_goes_from_edit_to_publication_and_only_a_draft_takes_it(office: Office) -> None:
    before = {number: kept(office, number) for number in (SIGNED, SENT)}
    assert len(before[SIGNED][2]) > 0
    publish(office, write_and_submit(office))

    page = office.opened("account_executive", f"/deals/{DRAFT}/clauses")
    page.get_by_role("link", name="See what would change").click()
    expect(page.locator("main")).to_contain_text("shredded within ten days")
    assert barriers(page) == []
    page.get_by_role("button", name="Take the clauses in force").click()
    expect(page.get_by_text("Newer clauses are in force")).to_have_count(0)
    page.goto(f"{office.address}/deals/{DRAFT}/agreement")
    expect(page.locator("article.paper")).to_contain_text(ADDED)

    for number in (SIGNED, SENT):
        page.goto(f"{office.address}/deals/{number}/clauses")
        expect(page.get_by_text("Newer clauses are in force")).to_have_count(0)
        assert kept(office, number) == before[number]

    page.goto(f"{office.address}/library/versions")
    rows = page.locator("tbody tr", has=page.get_by_role("link", name="Confidentiality"))
    in_force = page.locator("td .status.ok")
    newer, older = rows.filter(has=in_force), rows.filter(has_not=in_force)
    expect(newer.locator("td").first).to_have_text("1.2.0")
    expect(older.locator("td").first).to_have_text("1.1.0")
    expect(newer).to_contain_text("Invented Founders")
    expect(older).to_contain_text("Placeholder Robotics")
    expect(older).to_contain_text("Example Industries")
    expect(older).not_to_contain_text("Invented Founders")
    page.context.close()
