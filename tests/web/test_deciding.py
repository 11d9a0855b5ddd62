"""The page of a decision: what was typed is never lost, and one comes back to where one was."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from bs4 import BeautifulSoup

from dealdesk.kernel.engine import sessions
from dealdesk.web.desk import EXTENSION
from dealdesk.workflows.approval_changes import follow_change
from dealdesk.workflows.approval_routing import keep_all_moving
from dealdesk.workflows.stored_deals import get_stored_deal
from tests.acme import NUMBER, deal_text, store_deal
from tests.web.test_approvals import DEAL, House, served, words_of

TYPED = "Only with <b>three</b> years, “please” 🙂\nand not before May."
OTHER = ('discount_pct: "15"', 'discount_pct: "18"')


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = served(tmp_path)
    made.submit()
    yield made
    made.app.extensions[EXTENSION].engine.dispose()
    made.office.engine.dispose()


def change(house: House, *changes: tuple[str, str]) -> None:
    """Give the deal another version as the workbench does: what is about the old is superseded."""
    office = house.office
    with sessions(office.engine, writes=True).begin() as session:
        act = office.act(session, "avery")

        def stored() -> object:
            return get_stored_deal(session, NUMBER, office.rules, actor=act.actor, now=office.now)

        before = stored()
        store_deal(session, office.ids["avery"], deal_text(*changes), office.rules, office.now)
        follow_change(act, before, stored())  # type: ignore[arg-type]


def typed_in(told: str, field: str) -> str:
    area = BeautifulSoup(told, "html.parser").find("textarea", id=field)
    assert area is not None
    return area.get_text().replace("\r", "")


def test_asked_anew_meanwhile_what_was_typed_stands_in_the_new_request(house: House) -> None:
    address = house.request_of("sales_manager")
    page = house.browser("morgan").get(address)
    change(house, OTHER)
    house.submit()
    told = house.press("morgan", page, address, {"do": "condition", "words": TYPED}, 409)
    again = BeautifulSoup(told, "html.parser")
    assert "It was: The highest line discount is 15 %" in again.get_text()
    assert "It is now: The highest line discount is 18 %" in again.get_text()
    assert typed_in(told, "p-words") == TYPED
    anew = house.request_of("sales_manager")
    assert anew != address
    house.press("morgan", again, anew, {"do": "condition", "words": TYPED}, 303)
    assert house.office.states()["sales_manager"] == "approved"


def test_superseded_and_not_asked_yet_the_words_are_kept_to_be_copied(house: House) -> None:
    address = house.request_of("sales_manager")
    page = house.browser("morgan").get(address)
    change(house, OTHER)
    for given in ({"do": "reject"}, {"do": "ask"}, {"do": "delegate", "to": "1"}):
        told = house.press("morgan", page, address, {**given, "words": TYPED}, 409)
        assert "It is now: The highest line discount is 18 %" in told
        assert "You are asked anew once its owner submits it again." in told
        assert typed_in(told, "p-kept") == TYPED
    house.submit()
    seen = house.browser("morgan").get(address)
    assert "Decided, and it holds" not in seen.get_text()
    link = seen.find("a", string="You are asked anew")
    assert link is not None
    assert link["href"] == house.request_of("sales_manager")


def test_of_two_who_decide_at_once_the_later_keeps_what_they_typed(house: House) -> None:
    address, ready = house.request_of("commercial_counsel"), Barrier(2)
    forms = {
        who: house.browser(who).get(address).select_one("form.decide")
        for who in ("cameron", "casey")
    }

    def press(who: str) -> tuple[int, str]:
        form = forms[who]
        assert form is not None
        given = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
        ready.wait()
        answer = house.browser(who).client.post(
            address, data={**given, "do": "condition", "words": f"{who}: {TYPED}"}
        )
        return answer.status_code, answer.text

    with ThreadPoolExecutor(2) as two:
        outcomes = sorted(zip(two.map(press, forms), forms, strict=True))
    assert [status for (status, _), _ in outcomes] == [303, 409]
    (_, told), who = outcomes[1]
    assert "This request was approved on 18 Nov 2026, 15:00 UTC." in told
    assert typed_in(told, "p-kept") == f"{who}: {TYPED}"


def test_from_the_deals_own_page_one_decides_and_comes_back(house: House) -> None:
    page = house.browser("emery").get(DEAL)
    links = [str(one["href"]) for one in page.select("li.role a.button")]
    assert links == [f"{house.request_of('engineering')}?back=deal"]
    assert house.browser("avery").get(DEAL).select("li.role a.button") == []
    page = house.browser("emery").get(links[0])
    assert page.select_one(".crumbs a")["href"] == DEAL  # type: ignore[index]
    address = house.request_of("engineering")
    house.press("emery", page, address, {"do": "ask", "words": "Are both regions warm?"}, 303)
    assert house.browser("emery").last.headers["Location"] == links[0]  # type: ignore[union-attr]
    page = house.browser("emery").get(links[0])
    house.press("emery", page, address, {"do": "approve", "words": ""}, 303)
    assert house.browser("emery").last.headers["Location"] == DEAL  # type: ignore[union-attr]
    assert "Emery Muster approved it" in words_of(house.browser("emery").get(DEAL))
    elsewhere = house.browser("morgan").get(
        f"{house.request_of('sales_manager')}?back=//evil.example"
    )
    assert elsewhere.find("input", attrs={"name": "back"}) is None


def test_who_goes_away_without_a_cover_says_so_and_the_queue_says_who_has_it_and_why(
    house: House,
) -> None:
    page = house.browser("emery").get("/out-of-office")
    given = {"first": "2026-11-18", "last": "2026-11-27"}
    house.press("emery", page, "/out-of-office", {**given, "cover": ""}, 422)
    house.press("emery", page, "/out-of-office", {**given, "cover": "٣"}, 422)
    house.press("emery", page, "/out-of-office", {**given, "cover": "nobody"}, 303)
    assert "nobody covers" in words_of(house.browser("emery").get("/out-of-office"))
    with sessions(house.office.engine, writes=True).begin() as session:
        assert keep_all_moving(session, house.office.rules, house.office.now) == 1
    why = "Emery Muster is away until 27 Nov 2026, and nobody covers."
    assert f"given to you. {why}" in words_of(house.browser("sasha").get("/queue"))
    mine = words_of(house.browser("emery").get("/queue"))
    assert f"given to Sasha Beispiel. {why}" in mine
    assert "and nobody covers: what you are asked goes to the others of your roles" in mine
    assert f"With Sasha Beispiel. {why}" in words_of(house.browser("avery").get(DEAL))
    assert why in words_of(house.browser("sasha").get(house.request_of("engineering")))
    # The link on the deal's own page is for who has it now, and for the holder who looks in.
    for who in ("sasha", "emery"):
        assert "Decide as Engineering" in house.browser(who).get(DEAL).get_text()
