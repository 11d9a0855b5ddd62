"""Every page of the route table in Chromium: no barrier, no message, no sideways scrolling.

The pages come from the table, so a new page is swept as soon as it has its entry; one that needs
a thing to show is refused until `furnished` makes that thing.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from dealdesk.approvals.request_models import RequestRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import sessions
from dealdesk.outbox.models import JobRow
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION, Desk
from dealdesk.web.visitors import COOKIE
from dealdesk.workflows.library_files import import_files
from tests.e2e.barriers import barriers
from tests.web.conftest import NOW, seeded_settings, work
from tests.web.personas import PERSONAS, sign_in_as, token_of, writing
from tests.web.route_table import OTHER_DEAL, OWN_DEAL, ROUTES
from tests.web.strict import StrictClient
from tests.web.test_negotiation import untracked_and_tracked, upload
from tests.web.test_sharing import press

pytestmark = pytest.mark.browser

RICH, BANK = f"/deals/{OWN_DEAL}", f"/deals/{OTHER_DEAL}"
# Who looks at a page when several may: those who see most of it first.
WATCHERS = ("deal_desk", "commercial_counsel", "administrator", "auditor", "account_executive")
OF_ADDRESS = frozenset({"page", "deal page", "form of a deal", "page of a deal"})
# Pages of a thing: what `furnished` makes, by the endpoint that shows it.
OF_A_THING = (
    "queue.show", "policy.draft", "policy.edit_draft", "library_drafts.show", "accounts.show",
    "accounts.person",
    "share.show", "share.discuss", "share_return.show", "jobs.show", "round_review.show",
)  # fmt: skip
# Addresses that give no page: files; a mailed link, whose page has the form of the first one.
NO_PAGES = frozenset(
    {
        "deal.download", "contract.download", "share.download", "passwords.set_page",
        "negotiation.download",
    }
)  # fmt: skip
SWEPT = (
    *((name, "") for name, route in ROUTES.items() if route.gives in OF_ADDRESS),
    *((name, "") for name in OF_A_THING),
    *(("home.show", role) for role in PERSONAS if role != "deal_desk"),
)
# Other states of pages: empty, nothing there, blocked, refused.
STATES = (
    "/deals?q=nothing-has-this-name", "/accounts?q=nothing-has-this-name", "/library?q=zzz",
    "/nothing", "/share/guessed", f"{BANK}/clauses", f"{BANK}/agreement", f"{BANK}/approvals",
    f"{BANK}/customer", f"{RICH}/clauses/insurance", f"{RICH}/versions/compare",
)  # fmt: skip
EXPECTED = ("404 (NOT FOUND)", "409 (CONFLICT)")
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


@dataclass
class Window:
    """A persona's browser: with and without scripts, and what it had to complain about."""

    plain: Page
    scripted: Page
    messages: list[str] = field(default_factory=list)


@dataclass
class House:
    """A served application whose pages all have something to show."""

    app: Flask
    address: str
    chromium: Browser
    things: Mapping[str, str]
    windows: dict[str, Window] = field(default_factory=dict)

    def window(self, role: str) -> Window:
        """Return the window of a persona, opened at its first use."""
        if role not in self.windows:
            plain, scripted = (self._context(role, scripts=on) for on in (False, True))
            window = Window(plain.new_page(), scripted.new_page())
            for page in (window.plain, window.scripted):
                page.on("console", lambda message: window.messages.append(message.text))
                page.on("pageerror", lambda error: window.messages.append(error.message))
            self.windows[role] = window
        return self.windows[role]

    def _context(self, role: str, *, scripts: bool) -> BrowserContext:
        context = self.chromium.new_context(
            viewport={"width": 1440, "height": 900},
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        if role in PERSONAS:
            token = token_of(self.app, role)
            context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        return context

    def address_of(self, endpoint: str) -> str:
        """Return the address of a page: of its thing, of the rich deal, or its own."""
        if endpoint in self.things:
            return self.things[endpoint]
        rule = next(one for one in self.app.url_map.iter_rules() if one.endpoint == endpoint)
        given = dict(ROUTES[endpoint].given)
        if "number" in rule.arguments - set(given):
            given["number"] = OWN_DEAL
        with self.app.test_request_context():
            return self.app.url_for(endpoint, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[House]:
    settings = seeded_settings(tmp_path_factory.mktemp("sweep"))
    app = create_app(settings)
    with writing(app) as session:
        import_files(session, SYSTEM, settings.library, NOW)
    things = furnished(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made = House(app, f"http://127.0.0.1:{server.server_port}", chromium, things)
    yield made
    for window in made.windows.values():
        window.plain.context.close()
        window.scripted.context.close()
    server.shutdown()
    thread.join()
    app.extensions[EXTENSION].engine.dispose()


def furnished(app: Flask) -> dict[str, str]:
    """Do what gives each page something to show, and return the addresses of those things."""
    desk, counsel = (
        StrictClient(sign_in_as(app, role)) for role in ("deal_desk", "commercial_counsel")
    )
    press(desk, f"{RICH}/downloads", f"{RICH}/downloads", {})
    work(app)
    ramona = {"name": "Ramona Example", "email": "ramona@example.com", "days": "30", "seen": "1"}
    press(desk, f"{RICH}/customer", f"{RICH}/customer/send", ramona)
    link = re.search(r"/share/[\w-]{20,}", desk.get(f"{RICH}/customer").get_text(" "))
    assert link is not None
    press(desk, f"{BANK}/approvals", f"{BANK}/approvals/submissions", {"version": "1"})
    new = "/policy/drafts/new"
    text = desk.get(new).select_one("textarea[name=text]").get_text().lstrip()  # type: ignore[union-attr]
    changed = {"text": text.replace("approval@1", "approval@2"), "reason": "As finance asked."}
    policy = press(desk, new, "/policy/drafts", changed)
    named = {"name": f"{'Aktiengesellschaft' * 6} 株式会社 شركة", "country": "AQ"}
    things = {
        "share.show": link[0],
        "share.discuss": f"{link[0]}/discuss",
        "share_return.show": f"{link[0]}/changes",
        "round_review.show": set_aside(app, desk, link[0]),
        "policy.draft": policy,
        "policy.edit_draft": f"{policy}/text",
        "library_drafts.show": press(
            counsel, "/library/clauses/uptime", "/library/clauses/uptime/drafts", {}
        ),
        "accounts.show": press(desk, "/accounts/new", "/accounts/new", named),
    }
    account = things["accounts.show"]
    press(desk, account, f"{account}/contacts", {"contact-name": "Sam Example"})
    person = desk.get(account).select_one("a[href*='/contacts/']")
    assert person is not None
    things["accounts.person"] = str(person["href"])
    parts: Desk = app.extensions[EXTENSION]
    with sessions(parts.engine)() as session:
        asked = session.scalars(select(RequestRow.id)).first()
        job = session.scalars(select(JobRow.id)).first()
    return things | {"queue.show": f"/queue/{asked}", "jobs.show": f"/jobs/{job}"}


def set_aside(app: Flask, desk: StrictClient, link: str) -> str:
    """Take a round in and set it aside, so that the deal may be changed; return its address."""
    sent = app.test_client().get(f"{link}/agreement.docx").data
    address = upload(desk, untracked_and_tracked(sent))
    assert isinstance(address, str)
    press(desk, address, f"{address}/withdrawal", {"reason": "A newer file came."})
    return address


def test_every_address_that_gives_a_page_is_swept(house: House) -> None:
    reads = {one.endpoint for one in house.app.url_map.iter_rules() if "GET" in (one.methods or ())}
    others = {name for name, route in ROUTES.items() if route.gives in {"data", "redirect"}}
    assert reads - others - NO_PAGES == {endpoint for endpoint, _ in SWEPT}
    assert set(house.things) == set(OF_A_THING)


@pytest.mark.parametrize(("endpoint", "role"), SWEPT)
def test_a_page_is_for_everybody_and_every_screen(house: House, endpoint: str, role: str) -> None:
    audience = ROUTES[endpoint].audience
    allowed = [one for one in (*WATCHERS, *PERSONAS) if one in audience.own]
    sweep(
        house, role or ("nobody" if audience.unsigned else allowed[0]), house.address_of(endpoint)
    )


@pytest.mark.parametrize("address", STATES)
def test_other_states_of_pages_are_so_too(house: House, address: str) -> None:
    sweep(house, "deal_desk", address)


def sweep(house: House, role: str, address: str) -> None:
    """Look at a page without scripts, wide, dark, on a phone and printed."""
    window = house.window(role)
    window.messages.clear()
    window.plain.goto(house.address + address)
    expect(window.plain.locator("h1")).to_have_count(1)
    expect(window.plain.locator("h1")).to_be_visible()
    page = window.scripted
    page.emulate_media(media="null", color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(house.address + address)
    assert scrolls_by(page) == 0
    page.evaluate(OPEN_ALL)
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark")
    assert barriers(page, "color-contrast") == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert scrolls_by(page) == 0
    page.emulate_media(media="print", color_scheme="light")
    for part in (".bar", "nav", "button"):
        expect(page.locator(f"{part}:visible")).to_have_count(0)
    unexpected = [text for text in window.messages if not any(one in text for one in EXPECTED)]
    assert unexpected == []


def scrolls_by(page: Page) -> int:
    """Return by how many pixels a page scrolls sideways."""
    wider: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider
