"""Approvals in the pages: scenario A steps 2 to 4, refusals that keep what was typed, forged ids."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from dealdesk.identity.queries import get_user
from dealdesk.identity.signing_in import Visitor, open_for
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.outbox.models import JobRow
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION
from dealdesk.web.visitors import COOKIE
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.summary_jobs import SUMMARIES
from tests.acme import (
    DISCOUNT_22,
    NOW,
    NUMBER,
    OWN_ESCROW,
    WALK_AWAY,
    Office,
    acme_library,
    deal_text,
    store_deal,
)
from tests.databases import settings_for
from tests.web.strict import StrictClient
from tests.web.test_statements import MOST_A_PAGE, counted

DEAL = f"/deals/{NUMBER}/approvals"


@dataclass
class Stopped:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class House:
    """The scenario served: its people with a browser each."""

    app: Flask
    office: Office
    clock: Stopped
    clients: dict[str, StrictClient] = field(default_factory=dict)

    def browser(self, who: str) -> StrictClient:
        if who not in self.clients:
            with sessions(self.office.engine, writes=True).begin() as session:
                user = get_user(session, self.office.ids[who])
                token = open_for(session, user, Visitor("127.0.0.1", "test"), self.clock.at)
            client = self.app.test_client()
            client.set_cookie(COOKIE, token)
            self.clients[who] = StrictClient(client)
        return self.clients[who]

    def submit(self, who: str = "avery", note: str = "", status: int = 303) -> str:
        page = self.browser(who).get(DEAL)
        return self.press(who, page, f"{DEAL}/submissions", {"note": note}, status)

    def request_of(self, role: str, kind: str = "approval") -> str:
        with sessions(self.office.engine)() as session:
            row = self.office.request(session, role, kind)
            return f"/queue/{row.id}"

    def decide(
        self, who: str, role: str, do: str, words: str = "", status: int = 303, **more: str
    ) -> str:
        kind = "exception" if do == "except" else "approval"
        address = self.request_of(role, kind)
        page = self.browser(who).get(address)
        return self.press(who, page, address, {"do": do, "words": words, **more}, status)

    def press(
        self, who: str, page: BeautifulSoup, address: str, given: dict[str, str], status: int
    ) -> str:
        """Send the form of a page that leads to an address, filled in, and return the answer."""
        form = page.find("form", attrs={"action": address})
        assert form is not None, f"no form for {address}"
        hidden = {
            one["name"]: one["value"] for one in form.find_all("input", attrs={"type": "hidden"})
        }
        answer = self.browser(who).post(address, {**hidden, **given}, status=status)
        return answer.get_data(as_text=True)

    def change(self, *changes: tuple[str, str]) -> None:
        with sessions(self.office.engine, writes=True).begin() as session:
            text = deal_text(*changes)
            store_deal(session, self.office.ids["avery"], text, self.office.rules, self.clock.at)


def served(folder: Path, text: str | None = None) -> House:
    settings = replace(
        settings_for(f"sqlite:///{folder / 'acme.db'}", folder), library=acme_library()
    )
    engine = make_engine(settings)
    upgrade(engine)
    office = Office(engine)
    office.open(text)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = True
    clock = Stopped()
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], clock=clock)
    return House(app, office, clock)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = served(tmp_path)
    yield made
    made.app.extensions[EXTENSION].engine.dispose()
    made.office.engine.dispose()


def words_of(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


def test_the_deal_says_who_would_decide_and_why_before_it_is_submitted(house: House) -> None:
    page = house.browser("avery").get(DEAL)
    cards = {card.h3.get_text(): words_of(card) for card in page.select("li.role")}
    assert set(cards) == {"Sales manager", "Commercial counsel", "Engineering"}
    assert "Morgan Muestra." in cards["Sales manager"]  # not the manager of the other team
    assert "The highest line discount is 15 %, above 10." in cards["Sales manager"]
    assert "Cameron Exempel, Casey Exempel." in cards["Commercial counsel"]
    assert "(target) is 99.95%, above 99.9." in cards["Engineering"]
    assert all("Not asked yet" in card for card in cards.values())


def test_scenario_a_steps_two_to_four(house: House) -> None:
    house.submit(note="They compare us with two others.")
    home = words_of(house.browser("emery").get("/"))
    assert "Your queue 1 Asked of you, the first due first." in home
    assert "Due 23 Nov 2026, 15:00 UTC" in home
    queue = house.browser("emery").get("/queue")
    row = queue.select_one("tbody tr")
    assert row is not None
    assert "Acme Robotics" in row.get_text()
    assert "23 Nov 2026, 15:00 UTC" in row.get_text()
    page = house.browser("emery").get(house.request_of("engineering"))
    shown = words_of(page)
    assert "They compare us with two others." in shown
    assert "USD 575,500.00" in shown
    assert "Nobody decided as Engineering on this deal before." in shown
    prices = {
        line.th.get_text().split(" You")[0].strip(): [
            cell.get_text() for cell in line.find_all("td")
        ]
        for line in page.select("section[aria-labelledby=p-price] tbody tr")
    }
    assert prices["Highest line discount"] == ["up to 10 %", "15 %", "Sales manager"]
    assert all("Availability" not in label for label in prices)
    assert "99.95" in words_of(page.select_one("section[aria-labelledby=p-legal]"))  # type: ignore[arg-type]

    # The owner has no queue, nor a way in by the address of another's decision.
    assert house.browser("avery").client.get("/queue").status_code == 403
    assert house.browser("avery").client.get(house.request_of("engineering")).status_code == 403
    assert house.browser("adrian").client.get(house.request_of("engineering")).status_code == 403

    house.decide("morgan", "sales_manager", "condition", "Only with three years.")
    house.decide("cameron", "commercial_counsel", "approve")
    house.decide("emery", "engineering", "approve")
    page = house.browser("avery").get(DEAL)
    assert "Everybody whose decision it is has decided" in page.get_text()
    assert "Only with three years." in page.get_text()

    house.change(DISCOUNT_22)
    page = house.browser("avery").get(DEAL)
    left = [one.h3.get_text() for one in page.select("section[aria-labelledby=p-left] li.role")]
    assert left == ["VP sales"]
    house.submit()
    page = house.browser("vivian").get(house.request_of("vp_sales"))
    first = page.select_one("section[aria-labelledby=p-price] tbody tr")
    assert first is not None
    # What needs nobody at all, not where the next step begins.
    assert [cell.get_text() for cell in first.find_all("td")] == ["up to 10 %", "22 %", "VP sales"]
    house.change(OWN_ESCROW)
    page = house.browser("avery").get(DEAL)
    counsel = page.find(id="p-role-commercial_counsel-approval")
    assert counsel is not None
    assert "Lapsed escrow: Cameron Exempel decided on 18 Nov 2026" in words_of(counsel)
    assert "on another text of the clause" in words_of(counsel)
    house.submit()
    page = house.browser("casey").get(house.request_of("commercial_counsel"))
    since = words_of(page.select_one("section[aria-labelledby=p-since]"))  # type: ignore[arg-type]
    assert "Cameron Exempel approved on 18 Nov 2026, 15:00 UTC, at version 1." in since
    assert "Own words in place of the library's: “The Provider deposits the source code" in since
    assert "Highest line discount" not in since


def test_a_question_is_answered_in_place(house: House) -> None:
    house.submit()
    house.decide("emery", "engineering", "ask", "Are both regions warm?")
    page = house.browser("avery").get(DEAL)
    assert "Are both regions warm?" in page.get_text()
    form = page.select_one("form.answer")
    assert form is not None
    house.press("avery", page, str(form["action"]), {"words": "Both, since May."}, 303)
    page = house.browser("emery").get(house.request_of("engineering"))
    assert "Both, since May." in page.get_text()
    # The form of before can't answer twice.
    told = house.browser("avery").post(
        str(form["action"]),
        {
            "csrf_token": str(form.find("input", attrs={"name": "csrf_token"})["value"]),
            "words": "No",
        },  # type: ignore[index]
        status=409,
    )
    assert "so nobody can answer it" in told.get_data(as_text=True)


def test_a_stale_screen_says_what_moved_and_keeps_what_was_typed(house: House) -> None:
    house.submit()
    address = house.request_of("sales_manager")
    page = house.browser("morgan").get(address)
    house.change(('discount_pct: "15"', 'discount_pct: "18"'))
    typed = "Fine, but <b>once</b> “only” 🙂"
    told = house.press("morgan", page, address, {"do": "condition", "words": typed}, 409)
    again = BeautifulSoup(told, "html.parser")
    assert "It is now: The highest line discount is 18 %" in again.get_text()
    area = again.find("textarea", id="p-words")
    assert area is None or area.get_text() == typed  # the request is about the old: no form stays
    assert house.office.states()["sales_manager"] in {"open", "superseded"}


def test_a_page_of_an_older_version_is_shown_again_and_the_next_click_counts(house: House) -> None:
    house.submit()
    address = house.request_of("commercial_counsel")
    page = house.browser("casey").get(address)
    house.change(('discount_pct: "15"', 'discount_pct: "18"'))
    given = {"do": "condition", "words": "With the agent of our choice."}
    told = BeautifulSoup(house.press("casey", page, address, given, 409), "html.parser")
    assert "You looked at version 1; the deal is at version 2 now" in told.get_text()
    area = told.find("textarea", id="p-words")
    assert area is not None
    assert area.get_text() == given["words"]
    house.press("casey", told, address, given, 303)
    assert house.office.states()["commercial_counsel"] == "approved"


def test_a_double_click_and_a_late_colleague(house: House) -> None:
    house.submit()
    address = house.request_of("commercial_counsel")
    mine, theirs = house.browser("casey").get(address), house.browser("cameron").get(address)
    house.press("casey", mine, address, {"do": "approve", "words": ""}, 303)
    house.press("casey", mine, address, {"do": "approve", "words": ""}, 303)
    told = house.press("cameron", theirs, address, {"do": "reject", "words": "No."}, 409)
    assert "This request was approved on 18 Nov 2026, 15:00 UTC." in told
    assert "Casey Exempel approved it" in told


WRONG_FORMS = (
    ({"do": "reject", "words": ""}, "The reason is missing."),
    ({"do": "condition", "words": " "}, "The condition is missing."),
    ({"do": "ask", "words": ""}, "The question is missing."),
    ({"do": "delegate", "to": ""}, "Choose to whom you give it."),
    ({"do": "delegate", "to": "999999"}, "There is no person 999999."),
    ({"do": "nothing"}, "The form says nothing to do."),
    ({"do": "except", "words": "x", "until": "2026-12-24"}, "be decided on this request"),
    ({"do": "reject", "words": "x" * 10_000}, "4,000 are the most"),
)


def test_a_wrong_form_is_answered_with_its_sentence(house: House) -> None:
    house.submit()
    address = house.request_of("sales_manager")
    page = house.browser("morgan").get(address)
    for given, told in WRONG_FORMS:
        assert told in house.press("morgan", page, address, given, 422)
    assert house.office.states()["sales_manager"] == "open"


def test_a_request_is_given_away_and_taken_over(house: House) -> None:
    house.submit()
    to = str(house.office.ids["sasha"])
    house.decide("emery", "engineering", "delegate", to=to)
    queue = house.browser("sasha").get("/queue")
    assert "given to you" in queue.get_text()
    house.decide("sasha", "engineering", "approve")
    assert house.office.states()["engineering"] == "approved"


def test_an_absence_brings_the_requests_to_who_covers(house: House) -> None:
    page = house.browser("emery").get("/out-of-office")
    given = {"first": "2026-11-18", "last": "2026-11-27", "cover": str(house.office.ids["sasha"])}
    house.press("emery", page, "/out-of-office", given, 303)
    page = house.browser("emery").get("/out-of-office")
    assert "18 Nov 2026 to 27 Nov 2026" in words_of(page)
    house.submit()
    assert "Sasha Beispiel for Emery Muster, who is away" in words_of(
        house.browser("avery").get(DEAL)
    )
    assert "for Emery Muster, who is away" in words_of(house.browser("sasha").get("/queue"))
    house.press("emery", page, f"{page.select_one('.absences form')['action']}", {}, 303)  # type: ignore[index]
    assert "Sasha" not in words_of(house.browser("avery").get(DEAL))


@pytest.mark.parametrize(
    ("first", "last"), [("2026-11-18", "9999-12-31"), ("9999-12-31", "9999-12-31")]
)
def test_an_absence_that_never_ends_is_refused_in_words(
    house: House, first: str, last: str
) -> None:
    browser = house.browser("emery")
    given = {"first": first, "last": last, "cover": "nobody"}
    house.press("emery", browser.get("/out-of-office"), "/out-of-office", given, 422)
    assert browser.last is not None
    page = browser.read(browser.last, 422)
    assert "within the next two years" in words_of(page)
    assert page.find(id="p-last")["value"] == last  # type: ignore[index]


def test_a_walk_away_is_excepted_with_reason_and_day(tmp_path: Path) -> None:
    house = served(tmp_path, deal_text(WALK_AWAY))
    house.submit()
    for who, role in (("morgan", "sales_manager"), ("cameron", "commercial_counsel")):
        house.decide(who, role, "approve")
    for who, role in (
        ("emery", "engineering"), ("sasha", "support_head"), ("frankie", "finance"), ("finley", "cfo"),
    ):  # fmt: skip
        if house.office.states().get(role) == "open":
            house.decide(who, role, "approve")
    told = house.decide("gale", "general_counsel", "except", "A reference.", 422)
    assert "An exception holds until a day." in told
    for who, role in (("gale", "general_counsel"), ("finley", "cfo")):
        house.decide(who, role, "except", "A reference.", until="2026-12-24")
    house.decide("gale", "general_counsel", "approve")
    assert "Everybody whose decision it is" in house.browser("avery").get(DEAL).get_text()
    house.clock.at = NOW + timedelta(days=37)
    house.clients.clear()
    page = words_of(house.browser("avery").get(DEAL))
    assert "Gale Esempio's exception held until 24 Dec 2026." in page
    assert "Blocked" in page


def test_a_manager_of_another_team_sees_none_of_it(house: House) -> None:
    house.submit()
    assert "Nothing waits on you" in house.browser("other").get("/queue").get_text()
    assert house.browser("other").client.get(house.request_of("sales_manager")).status_code == 404
    assert house.browser("other").client.get(DEAL).status_code == 404


def test_those_who_read_alone_get_no_buttons(house: House) -> None:
    house.submit()
    page = house.browser("vivian").get(house.request_of("engineering"))
    assert page.find("button", attrs={"value": "approve"}) is None
    assert "You may read this. Engineering decides." in words_of(page)
    assert house.browser("vivian").get(DEAL).find("form", class_="submission") is None


def test_taking_it_back_leaves_what_was_decided(house: House) -> None:
    house.submit()
    house.decide("emery", "engineering", "approve")
    page = house.browser("avery").get(DEAL)
    house.press("avery", page, f"{DEAL}/withdrawals", {}, 303)
    assert house.office.states() == {
        "sales_manager": "withdrawn",
        "commercial_counsel": "withdrawn",
        "engineering": "approved",
    }
    assert "Nothing waits on you" in house.browser("morgan").get("/queue").get_text()


def test_the_pages_take_few_statements(house: House) -> None:
    house.submit()
    house.decide("cameron", "commercial_counsel", "approve")
    house.change(OWN_ESCROW)
    house.submit()
    browser = house.browser("casey")
    for address in ("/", "/queue", house.request_of("commercial_counsel"), DEAL, "/out-of-office"):
        with counted(house.app) as found:
            browser.get(address)
        assert len(found) <= MOST_A_PAGE, "\n".join(found)


STRICTER = (
    "      - above: 10\n        roles: [sales_manager]\n",
    "      - above: 14\n        roles: [sales_manager]\n",
)


def drafted(house: House, change: tuple[str, str], reason: str = "Fifteen is the market.") -> str:
    """Have the deal desk draft a change of the policy, and return its address."""
    page = house.browser("dana").get("/policy/drafts/new")
    area = page.find("textarea", id="p-text")
    assert area is not None
    text = area.get_text().lstrip("\n")
    assert change[0] in text
    given = {"text": text.replace(*change).replace("\n", "\r\n"), "reason": reason}
    house.press("dana", page, "/policy/drafts", given, 303)
    last = house.browser("dana").last
    assert last is not None
    return str(last.headers["Location"])


def test_a_policy_is_changed_by_two_people_and_holds_for_new_submissions(house: House) -> None:
    house.submit()
    to_20 = (STRICTER[0], STRICTER[0].replace("10", "16"))
    draft = drafted(house, to_20)
    page = house.browser("dana").get(draft)
    assert page.find("button", string="Publish it") is None
    assert "A second person publishes it." in page.get_text()
    page = house.browser("gale").get(draft)
    shown = words_of(page)
    assert "above: 10" in shown
    assert "above: 16" in shown
    assert "No longer asks" in shown
    assert "Sales manager" in shown
    house.press("gale", page, f"{draft}/publication", {}, 303)
    assert "approval@3" in house.browser("dana").get("/policy").get_text()
    # What was submitted stays under its own version …
    assert house.office.states()["sales_manager"] == "open"
    assert "approval@3" in house.browser("morgan").get(house.request_of("sales_manager")).get_text()
    # … and what is submitted from now on is judged by the new one.
    page = house.browser("avery").get(DEAL)
    house.press("avery", page, f"{DEAL}/withdrawals", {}, 303)
    house.submit()
    assert house.office.states()["sales_manager"] == "withdrawn"
    assert house.office.states()["engineering"] == "open"
    told = house.press("gale", house.browser("gale").get("/policy/drafts/new"), "/policy/drafts",
                       {"text": "schema: policy/1", "reason": "x"}, 422)  # fmt: skip
    assert "is missing" in told


def test_nobody_publishes_their_own_change_nor_a_draft_that_moved(house: House) -> None:
    page = house.browser("gale").get("/policy/drafts/new")
    area = page.find("textarea", id="p-text")
    assert area is not None
    text = area.get_text().lstrip("\n")
    given = {"text": text.replace(*STRICTER), "reason": "Less to decide."}
    house.press("gale", page, "/policy/drafts", given, 303)
    last = house.browser("gale").last
    assert last is not None
    draft = str(last.headers["Location"])
    token = house.browser("gale").get(draft).find("input", attrs={"name": "csrf_token"})
    assert token is not None
    own = {"csrf_token": str(token["value"]), "revision": "1"}
    told = house.browser("gale").post(f"{draft}/publication", own, status=409)
    assert "Nobody publishes their own change." in told.get_data(as_text=True)
    assert house.browser("dana").client.post(f"{draft}/publication", data=own).status_code in {
        400,
        403,
    }

    seen = house.browser("finley").get(draft)
    edit = house.browser("gale").get(f"{draft}/text")
    house.press("gale", edit, f"{draft}/text", {**given, "reason": "Much less."}, 303)
    told_late = house.press("finley", seen, f"{draft}/publication", {}, 409)
    assert "The draft was changed after you opened it." in told_late
    house.press("finley", house.browser("finley").get(draft), f"{draft}/publication", {}, 303)
    again = house.browser("finley").get(draft)
    assert "This draft was published by Finley Exemple" in again.get_text()
    with sessions(house.office.engine)() as session:
        jobs = session.scalars(select(JobRow.key).where(JobRow.kind == SUMMARIES)).all()
    assert [key.partition(":policy:")[0] for key in jobs] == [SUMMARIES]


def test_a_wrong_policy_is_refused_with_every_fault_and_keeps_the_text(house: House) -> None:
    page = house.browser("dana").get("/policy/drafts/new")
    area = page.find("textarea", id="p-text")
    assert area is not None
    text = area.get_text().lstrip("\n")
    wrong = text.replace("roles: [sales_manager]", "roles: [nobody_known]").replace(
        "hours: 16", "hours: 0"
    )
    told = house.press("dana", page, "/policy/drafts", {"text": wrong, "reason": "x"}, 422)
    assert "There is no role “nobody_known”" in told
    assert "1 is the least allowed" in told
    assert "roles: [nobody_known]" in told
    same = text.replace('version: "4"', 'version: "3"')
    assert "The policy approval@3 exists already." in house.press(
        "dana", page, "/policy/drafts", {"text": same, "reason": "x"}, 422
    )
    assert "The reason for the change is missing." in house.press(
        "dana", page, "/policy/drafts", {"text": text, "reason": " "}, 422
    )
