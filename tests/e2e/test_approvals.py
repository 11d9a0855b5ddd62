"""Scenario A, steps 2 to 4, in Chromium against a served application; its pages without barrier."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from dealdesk.kernel.engine import sessions
from dealdesk.web.visitors import COOKIE
from dealdesk.workflows.approval_timers import keep_limits
from tests.acme import NOW, OWN_ESCROW
from tests.web.test_approvals import DEAL, House, served

pytestmark = pytest.mark.browser


class Scene:
    """The scenario's house with a browser window a person."""

    def __init__(self, house: House, address: str, chromium: Browser) -> None:
        self.house, self.address, self.chromium = house, address, chromium
        self.pages: dict[str, Page] = {}
        self.messages: list[str] = []

    def page(self, who: str) -> Page:
        if who not in self.pages:
            self.house.browser(who)
            cookie = self.house.clients[who].client.get_cookie(COOKIE)
            assert cookie is not None
            context = self.chromium.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": self.address}])
            self.pages[who] = context.new_page()
            self.pages[who].on("console", lambda one: self.messages.append(one.text))
        return self.pages[who]

    def go(self, who: str, path: str) -> Page:
        self.page(who).goto(self.address + path)
        return self.page(who)

    def decide(self, who: str, button: str, words: str = "") -> Page:
        """Open the first request of somebody's queue and press a button there."""
        page = self.go(who, "/queue")
        page.get_by_role("link", name="Acme Robotics").first.click()
        if words:
            page.get_by_label("Condition, reason or question").fill(words)
        page.get_by_role("button", name=button, exact=True).click()
        return page


@pytest.fixture
def scene(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Scene]:
    house = served(tmp_path_factory.mktemp("acme"))
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made = Scene(house, f"http://127.0.0.1:{server.server_port}", chromium)
    yield made
    for page in made.pages.values():
        page.context.close()
    server.shutdown()
    thread.join()
    assert [one for one in made.messages if "403 (FORBIDDEN)" not in one] == []


def test_scenario_a_from_preview_to_what_falls(scene: Scene) -> None:
    house = scene.house
    # Emery is away, and Sasha covers.
    page = scene.go("emery", "/out-of-office")
    page.get_by_label("First day").fill("2026-11-18")
    page.get_by_label("Last day").fill("2026-11-27")
    page.get_by_label("Who decides for you").select_option(label="Sasha Beispiel")
    page.get_by_role("button", name="Record the absence").click()
    expect(page.get_by_text("18 Nov 2026 to 27 Nov 2026")).to_be_visible()

    # Before it is submitted the page says who would decide and why.
    page = scene.go("avery", DEAL)
    expect(page.locator("li.role h3")).to_have_text(
        ["Sales manager", "Commercial counsel", "Engineering"]
    )
    expect(page.get_by_text("Sasha Beispiel for Emery Muster, who is away.")).to_be_visible()
    page.get_by_label("A note to those who decide").fill("They compare us with two others.")
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.locator("li.role .status", has_text="Asked")).to_have_count(3)

    # Neither the owner nor an administrator decides.
    engineering = house.request_of("engineering")
    for who in ("avery", "adrian"):
        refused = scene.page(who).goto(scene.address + engineering)
        assert refused is not None
        assert refused.status == 403

    page = scene.decide("morgan", "Approve with condition", "Only with three years.")
    expect(page.get_by_text("Nothing waits on you.")).to_be_visible()
    scene.decide("cameron", "Approve")

    # 24 business hours on engineering is reminded, eight later the deal desk is told.
    for hours in (24 * 5, 24 * 6):
        with sessions(house.office.engine, writes=True).begin() as session:
            assert keep_limits(session, house.office.rules, NOW + timedelta(hours=hours)) == 1
    page = scene.go("avery", f"/deals/{DEAL.split('/')[2]}/activity")
    expect(page.locator("main")).to_contain_text("Request reminded")
    expect(page.locator("main")).to_contain_text("Request escalated")

    scene.decide("sasha", "Approve")
    page = scene.go("avery", DEAL)
    expect(page.get_by_text("Everybody whose decision it is has decided")).to_be_visible()

    # Only what changed falls: Avery types another discount into the order form.
    page = scene.go("avery", DEAL.replace("approvals", "order-form"))
    page.get_by_role("link", name="Change the order form").click()
    fields = page.locator("input[name*='discount']")
    for index in range(fields.count()):
        if fields.nth(index).input_value() == "15":
            fields.nth(index).fill("22")
    page.get_by_role("button", name="Save", exact=False).first.click()
    page = scene.go("avery", DEAL)
    left = page.locator("section[aria-labelledby=p-left] h3")
    expect(left).to_have_text(["VP sales"])
    page.get_by_role("button", name="Ask for approval").click()
    scene.decide("vivian", "Reject", "Twenty at most.")
    house.change(OWN_ESCROW)
    page = scene.go("avery", DEAL)
    expect(left).to_have_text(["Commercial counsel", "Engineering", "General counsel"])
    expect(page.locator("#p-role-commercial_counsel-approval")).to_contain_text(
        "Cameron Exempel decided on 18 Nov 2026 on another text of the clause."
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_approvals_has_a_barrier(scene: Scene, scheme: str) -> None:
    house = scene.house
    house.submit(note="They compare us with two others.")
    house.decide("cameron", "commercial_counsel", "condition", "With the agent of our choice.")
    house.decide("emery", "engineering", "ask", "Are both regions warm?")
    house.change(OWN_ESCROW)
    house.submit()
    asked = house.request_of("commercial_counsel")
    looked_at = (
        ("casey", "/queue"), ("casey", asked), ("avery", DEAL), ("emery", "/out-of-office"),
        ("dana", "/policy"), ("dana", "/policy/drafts/new"), ("dana", "/reports"),
        ("dana", "/reports/cycle-role"), ("dana", "/reports/concessions"),
    )  # fmt: skip
    for who, path in looked_at:
        page = scene.page(who)
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": 1440, "height": 900})
        scene.go(who, path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page)
        told = [
            f"{path} {one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for one in found.response["violations"]
            for node in one["nodes"][:3]
        ]
        assert told == []
        page.set_viewport_size({"width": 360, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
