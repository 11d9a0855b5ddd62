"""A round in the browser: taken in, looked at, decided change by change, finished; who may what."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.redline import Replacement, write_redline
from dealdesk.documents.docx.settle import settle_all
from dealdesk.kernel.engine import sessions
from dealdesk.negotiation.models import NoteRow, RoundRow
from dealdesk.outbox.models import MailRow
from dealdesk.terms.values import ValueRef
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION, Desk
from tests.web.conftest import seeded_settings, work
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient
from tests.web.test_sharing import press, send, visitor

RICH = "/deals/PLACEHOLDER-2027-001"
ROUNDS, FIRST = f"{RICH}/negotiation", f"{RICH}/negotiation/rounds/1"
COUNSEL = "Dana Beispiel (counsel)"
AT = datetime(2026, 11, 25, 9, 12, tzinfo=UTC)
NUMBER: Replacement = (ValueRef("severity", "matrix.sev1.response"), "30 minutes", "20 minutes")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give an application whose rich deal is with its customer."""
    application = create_app(seeded_settings(tmp_path_factory.mktemp("rounds")))
    seller = StrictClient(sign_in_as(application, "account_executive"))
    press(seller, f"{RICH}/downloads", f"{RICH}/downloads", {})
    work(application)
    yield application
    application.extensions[EXTENSION].engine.dispose()


@pytest.fixture(scope="module")
def link(house: Flask) -> str:
    return send(StrictClient(sign_in_as(house, "account_executive")))[0]


@pytest.fixture
def seller(house: Flask) -> StrictClient:
    return StrictClient(sign_in_as(house, "account_executive"))


@pytest.fixture
def counsel(house: Flask) -> StrictClient:
    return StrictClient(sign_in_as(house, "commercial_counsel"))


def upload(browser: StrictClient, data: bytes, status: int = 303) -> BeautifulSoup | str:
    token = browser.get(ROUNDS).find("input", attrs={"name": "csrf_token"})
    given = {
        "csrf_token": str(token["value"]),  # type: ignore[index]
        "file": (io.BytesIO(data), "agreement (Ramona).docx"),
    }
    answer = browser.client.post(f"{ROUNDS}/rounds", data=given)
    if status == 303:
        assert answer.status_code == 303, answer.text[:3000]
        return answer.headers["Location"]
    return browser.read(answer, status)


def untracked_and_tracked(sent: bytes) -> bytes:
    hidden = settle_all(
        write_redline(sent, [("confidentiality/care", "reasonable care", "the utmost care")], [], COUNSEL, AT),
        accept=True,
    )  # fmt: skip
    remark = ("confidentiality/care", "at least", "Our insurer asks for this.")
    return write_redline(hidden, [NUMBER], [remark], COUNSEL, AT)


def test_before_anything_is_sent_the_page_says_what_to_do(seller: StrictClient) -> None:
    text = seller.get(ROUNDS).get_text(" ")
    assert "Send the agreement to the customer first." in text
    assert "The customer has sent nothing back yet." in text


def test_what_is_no_answer_is_refused_with_a_sentence(
    house: Flask, seller: StrictClient, link: str
) -> None:
    sent = visitor(house).client.get(f"{link}/agreement.docx").data
    for data, status, words in (
        (b"", 422, "No file was chosen."),
        (b"%PDF-1.7 a contract", 422, "The file is no Word file"),
        (sent, 409, "Nothing in this file is other than in version 1"),
    ):
        page = upload(seller, data, status)
        assert isinstance(page, BeautifulSoup)
        assert words.split()[-1] in page.get_text(" ")
    assert "Rounds 0" in " ".join(seller.get(ROUNDS).get_text(" ").split())


def test_a_round_is_taken_in_reviewed_and_answered(
    house: Flask, seller: StrictClient, counsel: StrictClient, link: str
) -> None:
    sent = visitor(house).client.get(f"{link}/agreement.docx").data
    send_back(house, link, untracked_and_tracked(sent))
    rail = seller.get(f"{RICH}/order-form").select_one("aside").get_text(" ")  # type: ignore[union-attr]
    assert "1 untracked edit waits for a decision in round 1." in rail
    assert "Change a" not in rail
    look_at_the_seller(seller)
    assert FIRST in [str(one["href"]) for one in counsel.get("/").select("main a")]
    assert "Redlines to review" not in seller.get("/").get_text()
    page = counsel.get(FIRST)
    text = " ".join(page.get_text(" ").split())
    assert "0 of 2 decided" in text
    groups = [one.get_text(" ", strip=True) for one in page.select("nav.changes h2")]
    assert groups[0].startswith("Untracked edits 1")
    assert "Nobody marked this as a change." in text
    assert [one.get_text() for one in page.select(".passage ins.untracked")] == ["the utmost"]
    assert "Our insurer asks for this." in text
    decide(counsel, page)
    finish(house, counsel, link, sent)


def send_back(house: Flask, link: str, data: bytes) -> None:
    """Send a file back as the customer does, who has no account and is told nothing of ours."""
    customer, page = visitor(house), f"{link}/changes"
    assert page in [str(one["href"]) for one in customer.get(link).select("a.button")]
    sent = customer.client.get(f"{link}/agreement.docx").data
    for file, status, words in (
        (b"", 422, "Choose the Word file with your changes."),
        (b"%PDF-1.7", 422, "Save it as .docx"),
        (sent, 409, "Nothing in this file is other than in what we sent you."),
        (data, 303, ""),
        (data, 409, "What was sent back before is still being looked at."),
    ):
        token = visitor_token(customer, link, page)
        given = {"csrf_token": token, "file": (io.BytesIO(file), "agreement (Ramona).docx")}
        answer = customer.client.post(page, data=given)
        assert answer.status_code == status, answer.text[-3000:]
        if words:
            assert words in customer.read(answer, status).get_text(" ")
    assert "is being looked at" in customer.get(page).get_text(" ")
    with sessions(parts(house).engine)() as unit:
        told = unit.scalars(select(MailRow).where(MailRow.template == "round-received")).all()
        assert [one.to_address for one in told] == ["avery.seller@example.com"]
        assert FIRST in told[0].text
        round_row = unit.scalars(select(RoundRow)).one()
        assert (round_row.received_by, round_row.file_name) == (None, "agreement (Ramona).docx")
    stranger = visitor(house)
    assert stranger.client.get("/share/guessed/changes").status_code == 404


def visitor_token(customer: StrictClient, link: str, page: str) -> str:
    """Return a token of a form behind the link: the page has none while a file is looked at."""
    for address in (page, f"{link}/discuss"):
        found = customer.get(address).find("input", attrs={"name": "csrf_token"})
        if found is not None:
            return str(found["value"])  # type: ignore[index]
    raise AssertionError(page)


def look_at_the_seller(seller: StrictClient) -> None:
    """The seller sees all and may note, and decides on nothing."""
    page = seller.get(FIRST)
    assert page.select("#p-decide") == []
    action = str(page.select_one("form[action$=notes]")["action"])  # type: ignore[index]
    press(seller, FIRST, action, {"note": "Sasha says twenty is fine."})
    assert "Sasha says twenty is fine." in seller.get(FIRST).get_text()
    seller.post(f"{FIRST}/answer", {}, status=400)


def decide(counsel: StrictClient, page: BeautifulSoup) -> None:
    untracked = str(page.select_one("form.decide")["action"])  # type: ignore[index]
    press(counsel, FIRST, untracked, {"verdict": "rejected", "seen": "0"}, status=422)
    again = {"verdict": "rejected", "reason": "The standard stands.", "seen": "0"}
    tracked = press(counsel, FIRST, untracked, again)
    assert tracked.startswith(f"{FIRST}?change=")
    # Somebody else's stale screen is told, and keeps what was typed.
    press(counsel, FIRST, untracked, {**again, "reason": "Mine came late."}, status=409)
    assert counsel.last is not None
    stale = counsel.read(counsel.last, 409)
    assert "rejected this change while you were looking at it" in stale.get_text()
    assert "Mine came late." in stale.select_one("#p-reason").get_text()  # type: ignore[union-attr]
    page = counsel.get(tracked.partition("#")[0])
    rail = " ".join(page.select_one("aside").get_text(" ").split())  # type: ignore[union-attr]
    assert "30 minutes becomes 20 minutes, wherever it stands." in rail
    assert "Head of support has to decide" in rail
    assert "reasonable" in page.select_one("nav.changes").get_text()  # type: ignore[union-attr]
    action = str(page.select_one("form.decide")["action"])  # type: ignore[index]
    press(counsel, FIRST, action, {"verdict": "nothing", "seen": "0"}, status=422)
    place_by_hand(counsel, page, action)
    countered = {"verdict": "countered", "words": "25 minutes", "reason": "Halfway.", "seen": "1"}
    press(counsel, FIRST, action, countered)


def place_by_hand(counsel: StrictClient, page: BeautifulSoup, action: str) -> None:
    """Put words of ours into another paragraph in answer to the change that is looked at."""
    wanted = str(page.select_one("a[href*='place=1']")["href"]).partition("#")[0]  # type: ignore[index]
    option = next(
        one
        for one in counsel.get(wanted).select("#p-at option")
        if one["value"] == "confidentiality/care|1"
    )
    assert "protect it as it protects its own" in option.get_text()
    chosen = counsel.get(f"{wanted.replace('place=1', '')}at=confidentiality/care|1")
    words = chosen.select_one("#p-hand").get_text().replace("reasonable", "due")  # type: ignore[union-attr]
    given = {"at": "confidentiality/care|1", "verdict": "countered", "words": words, "seen": "0"}
    press(counsel, FIRST, action, given, status=422)
    assert counsel.last is not None
    again = counsel.read(counsel.last, 422)
    assert "with due care" in again.select_one("#p-hand").get_text()  # type: ignore[union-attr]
    press(counsel, FIRST, action, {**given, "reason": "Our answer to it."})
    ours = counsel.get(FIRST).select(".passage ins.ours")
    assert "due" in [one.get_text() for one in ours]


def finish(house: Flask, counsel: StrictClient, link: str, sent: bytes) -> None:
    page = counsel.get(FIRST)
    assert "Everything is decided" in page.get_text()
    seen = str(page.select_one("section.finish input[name=seen]")["value"])  # type: ignore[index]
    press(counsel, FIRST, f"{FIRST}/answer", {"seen": "another"}, status=409)
    assert press(counsel, FIRST, f"{FIRST}/answer", {"seen": seen}) == ROUNDS
    text = " ".join(counsel.get(ROUNDS).get_text(" ").split())
    assert "Answered" in text
    assert "Version 2" in " ".join(counsel.get(f"{RICH}/agreement").get_text(" ").split())
    asked = counsel.get(f"{RICH}/approvals").get_text(" ")
    assert "Head of support" in asked
    answer = counsel.client.get(f"{FIRST}/files/answer.docx").data
    assert docx_canonical_text(answer, View.BASE) == docx_canonical_text(sent)
    assert "25 minutes" in docx_canonical_text(answer)
    assert counsel.client.get(f"{FIRST}/files/other.docx").status_code == 404
    # What we noted among us is in nothing that leaves.
    assert b"Sasha" not in answer
    assert "Sasha" not in visitor(house).client.get(link).text
    reread = counsel.get(FIRST)
    assert reread.select("form.decide") == []
    assert "The standard stands." in reread.get_text()
    with sessions(parts(house).engine)() as unit:
        assert len(unit.scalars(select(NoteRow)).all()) == 1


def parts(house: Flask) -> Desk:
    found = house.extensions[EXTENSION]
    assert isinstance(found, Desk)
    return found
