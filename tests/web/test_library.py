"""The library in the browser: browsed by all, drafted by legal, published by a second person."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.clauses.drafts import start_draft, submit_draft
from dealdesk.clauses.models import PublicationRow
from dealdesk.clauses.publications import find_last_publication
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import UserRow
from dealdesk.identity.queries import get_actor
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION, Desk
from dealdesk.workflows.library_files import import_files
from dealdesk.workflows.library_publishing import publish_draft
from tests.web.conftest import NOW, seeded_settings
from tests.web.personas import PERSONAS, sign_in_as, writing
from tests.web.strict import StrictClient

AVERYS = "/deals/EXAMPLE-2027-014"


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    settings = seeded_settings(tmp_path_factory.mktemp("library"))
    application = create_app(settings)
    with writing(application) as session:
        import_files(session, SYSTEM, settings.library, NOW)
    yield application
    application.extensions["dealdesk"].engine.dispose()


@pytest.fixture(scope="module")
def counsel(governed: Flask) -> StrictClient:
    return StrictClient(sign_in_as(governed, "commercial_counsel"))


@pytest.fixture(scope="module")
def general(governed: Flask) -> StrictClient:
    return StrictClient(sign_in_as(governed, "general_counsel"))


def token(client: FlaskClient, address: str) -> str:
    page = StrictClient(client).get(address)
    return str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]


def fields_of(browser: StrictClient, address: str) -> dict[str, str]:
    """Return what the form of a draft's texts would send unchanged."""
    page = browser.get(address)
    form = page.select_one("form.texts")
    assert form is not None
    found = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    return found | {
        str(one["name"]): one.get_text().removeprefix("\n") for one in form.select("textarea")
    }


def test_everybody_browses_ladders_texts_and_history(governed: Flask) -> None:
    browser = StrictClient(sign_in_as(governed, "account_executive"))
    page = browser.get("/library")
    assert "Availability and service credits" in page.get_text()
    assert len(page.select("tbody")) == len(page.select("tbody th"))
    found = browser.get("/library?q=escrow").select("tbody th")
    assert found
    assert all("scrow" in one.get_text() for one in found)
    assert "No clause is called so." in browser.get("/library?q=zzz").get_text()
    clause = browser.get("/library/clauses/uptime")
    text = " ".join(clause.get_text(" ").split())
    assert "Loaded from the library's files." in text
    assert "Example Industries Ltd" in text
    assert "First Notional Bank" not in text  # another team's
    assert "Draft a change" not in text
    browser.get("/library/clauses/none", status=404)
    browser.get("/library/drafts", status=403)


def test_a_change_goes_from_edit_to_publication_and_is_offered_to_drafts(
    governed: Flask, counsel: StrictClient, general: StrictClient
) -> None:
    data = {"csrf_token": token(counsel.client, "/library/clauses/publicity")}
    address = counsel.post("/library/clauses/publicity/drafts", data, status=303).headers[
        "Location"
    ]
    fields = fields_of(counsel, address)
    source = re.sub(r'version: "?[\d.]+"?', 'version: "2.0.0"', fields["file-clause.yaml"], count=1)
    fields["file-clause.yaml"] = source
    text = fields["file-standard.md"]
    fields["file-standard.md"] = (
        text + "\nA logo is taken down within ten days of a request. {#logo}\n"
    )
    preview = counsel.client.post(address, data={**fields, "preview": "yes"})
    shown = counsel.read(preview, 200)
    assert "came in" in shown.get_text()
    printed = [one.get_text() for one in shown.select(".positionlist .printed")]
    assert "A logo is taken down within ten days of a request." in printed[0]
    assert fields_of(counsel, address)["file-standard.md"].strip() == text.strip()
    counsel.post(address, fields, status=303)
    stale = counsel.read(counsel.client.post(address, data=fields), 409)
    assert "changed after you opened it" in stale.get_text()
    assert "ten days" in stale.select_one("textarea[name='file-standard.md']").get_text()  # type: ignore[union-attr]
    sent = {"csrf_token": fields["csrf_token"], "seen": fields_of(counsel, address)["seen"]}
    empty = counsel.read(counsel.client.post(f"{address}/submit", data=sent), 422)
    assert "Write a sentence." in empty.get_text()
    counsel.post(f"{address}/submit", {**sent, "reason": "Customers ask for it."}, status=303)
    own = counsel.get(address)
    assert own.find("form", action=f"{address}/publish") is None
    seen = fields_of(general, address)
    own_try = {
        "csrf_token": fields["csrf_token"],
        "seen": seen["seen"],
        "effective_on": "2030-01-01",
    }
    refused = counsel.read(counsel.client.post(f"{address}/publish", data=own_try), 409)
    assert "Nobody publishes their own change." in refused.get_text()
    given = {"csrf_token": seen["csrf_token"], "seen": seen["seen"]}
    late = general.client.post(f"{address}/publish", data={**given, "effective_on": "2020-01-01"})
    assert "can't take effect in the past" in general.read(late, 409).get_text()
    today = general.get(address).select_one("input[name='effective_on']")["value"]  # type: ignore[index]
    general.post(f"{address}/publish", {**given, "effective_on": str(today)}, status=303)
    history = " ".join(general.get("/library/clauses/publicity").get_text(" ").split())
    assert "2.0.0" in history
    assert "Customers ask for it." in history
    assert "Waits for a second person" not in general.get("/library/drafts").get_text()


def publish_confidentiality(app: Flask, version: str = "9.0.0", days: int = 0) -> int:
    """Publish another version of a clause that every deal has, as two people would."""
    desk: Desk = app.extensions[EXTENSION]
    now = desk.clock.now()
    with writing(app) as session:
        last = find_last_publication(session, "confidentiality")
        assert last is not None
        texts = dict(last.files)
        head = re.sub(
            r'version: "?[\d.]+"?', f'version: "{version}"', texts["clause.yaml"], count=1
        )
        added = f"A copy on paper is shredded within ten days. {{#paper-{version[0]}}}"
        words = f"{texts['standard.md']}\n{added}\n"
        row = start_draft(
            session, SYSTEM, clause_id="confidentiality", folder=last_folder(session),
            base_sha256=last.sha256, files={**texts, "clause.yaml": head, "standard.md": words},
            now=now,
        )  # fmt: skip
        counsel = get_actor(session, holder(session, "commercial_counsel"))
        submit_draft(session, counsel, row, seen=row.revision, reason="Paper too.", now=now)
        return publish_draft(
            session, get_actor(session, holder(session, "general_counsel")), row,
            seen=row.revision, folder=desk.rules.folder, library=desk.rules.library,
            effective_on=now.date() + timedelta(days=days), now=now,
        ).id  # fmt: skip


def last_folder(session: Session) -> str:
    wanted = select(PublicationRow.folder).where(PublicationRow.clause_id == "confidentiality")
    return session.scalars(wanted.limit(1)).one()


def holder(session: Session, role: str) -> int:
    return session.scalars(select(UserRow.id).where(UserRow.email == PERSONAS[role])).one()


def test_a_draft_deal_takes_what_is_in_force_as_a_new_version(governed: Flask) -> None:
    browser = StrictClient(sign_in_as(governed, "account_executive"))
    publish_confidentiality(governed)
    page = browser.get(f"{AVERYS}/clauses")
    assert "Newer clauses are in force" in page.get_text()
    update = browser.get(f"{AVERYS}/library-update")
    assert "came in" in update.get_text()
    form = update.select_one("form[action$='/library-update']")
    assert form is not None
    data = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    browser.post(f"{AVERYS}/library-update", {**data, "seen_version": "77"}, status=409)
    browser.post(f"{AVERYS}/library-update", data, status=303)
    assert "Newer clauses are in force" not in browser.get(f"{AVERYS}/clauses").get_text()
    agreement = browser.get(f"{AVERYS}/agreement")
    assert "shredded within ten days" in agreement.get_text()
    versions = " ".join(browser.get("/library/versions").get_text(" ").split())
    assert "9.0.0" in versions


def test_a_text_that_cannot_be_read_is_said_and_not_published(
    counsel: StrictClient, general: StrictClient
) -> None:
    data = {"csrf_token": token(counsel.client, "/library/clauses/audit")}
    address = counsel.post("/library/clauses/audit/drafts", data, status=303).headers["Location"]
    fields = fields_of(counsel, address)
    fields["file-clause.yaml"] = "id: [audit\n"
    fields["file-../../evil.md"] = "never"
    counsel.post(address, fields, status=303)
    page = counsel.get(address)
    assert "It can't be read yet" in page.get_text()
    assert "evil" not in page.get_text()
    seen = fields_of(counsel, address)
    sent = {"csrf_token": seen["csrf_token"], "seen": seen["seen"], "reason": "Broken."}
    counsel.post(f"{address}/submit", sent, status=303)
    held = fields_of(general, address)
    given = {"csrf_token": held["csrf_token"], "seen": held["seen"], "effective_on": "2030-01-01"}
    answer = general.client.post(f"{address}/publish", data=given)
    assert answer.status_code == 409
    assert "clause.yaml" in general.read(answer, 409).get_text()
    general.post(f"{address}/discard", given, status=303)
    assert "audit, draft" not in general.get("/library/drafts").get_text()


def test_two_presses_lead_to_one_draft_and_a_text_without_a_position_is_taken_out(
    counsel: StrictClient,
) -> None:
    data = {"csrf_token": token(counsel.client, "/library/clauses/training")}
    pressed = [
        counsel.post("/library/clauses/training/drafts", data, status=303).headers["Location"]
        for _ in range(2)
    ]
    assert pressed[0] == pressed[1]
    address = pressed[0]
    fields = fields_of(counsel, address)
    counsel.post(address, {**fields, "new-position": "fallback-9"}, status=303)
    page = counsel.get(address)
    assert "fallback-9.md: clause.yaml names no position with this text" in page.get_text()
    fields = fields_of(counsel, address) | {"out-fallback-9.md": "yes"}
    fields.pop("new-position")
    counsel.post(address, fields, status=303)
    assert "fallback-9" not in counsel.get(address).get_text()


def test_what_was_published_ahead_is_taken_back_on_the_clauses_page(
    governed: Flask, general: StrictClient
) -> None:
    ahead = publish_confidentiality(governed, "8.0.0", days=7)
    page = general.get("/library/clauses/confidentiality")
    address = f"/library/clauses/confidentiality/publications/{ahead}/withdrawal"
    form = page.find("form", action=address)
    assert "not yet" in page.get_text()
    sent = {"csrf_token": str(form.find("input")["value"])}  # type: ignore[union-attr, index, call-overload]
    refused = general.read(general.client.post(address, data={**sent, "reason": " "}), 422)
    assert "The reason for taking it back is missing." in refused.get_text()
    general.post(address.replace("confidentiality", "audit"), {**sent, "reason": "x"}, status=404)
    general.post(address, {**sent, "reason": "The board wants to see it."}, status=303)
    said = " ".join(general.get("/library/clauses/confidentiality").get_text(" ").split())
    assert "Gale Esempio took it back on" in said
    assert "The board wants to see it." in said
    assert "Take version 8.0.0 back" not in said


def test_a_new_clause_that_begins_later_has_a_page_and_is_taken_back_there(
    governed: Flask, counsel: StrictClient, general: StrictClient
) -> None:
    address = "/library/drafts/new"
    given = {
        "csrf_token": token(counsel.client, address), "title": "Source code", "id": "source-code",
        "owner": "commercial_counsel", "sentence": "Left with a third party",
        "explanation": "They can go on.", "family": "", "family_title": "Deposit",
    }  # fmt: skip
    draft = counsel.post(address, given, status=303).headers["Location"]
    fields = fields_of(counsel, draft)
    text = fields["file-standard.md"].replace("[Insert what both sides agree to.]", "It is left.")
    counsel.post(draft, fields | {"file-standard.md": text}, status=303)
    reason = {"csrf_token": fields["csrf_token"], "seen": fields_of(counsel, draft)["seen"]}
    counsel.post(f"{draft}/submit", reason | {"reason": "Asked for."}, status=303)
    held = fields_of(general, draft)
    day = governed.extensions[EXTENSION].clock.now().date() + timedelta(days=30)
    when = {"csrf_token": held["csrf_token"], "seen": held["seen"], "effective_on": str(day)}
    led = general.post(f"{draft}/publish", when, status=303).headers["Location"]
    assert led == "/library/clauses/source-code"
    page = general.get(led)
    told = " ".join(page.get_text(" ").split())
    assert f"begins on {day.day} {day:%b %Y}" in told
    assert "It is left." in told
    listed = general.get("/library/drafts").find("a", href=led)
    assert listed is not None
    assert "Source code" not in general.get("/library").get_text()
    action = str(page.select_one("form[action$='/withdrawal']")["action"])  # type: ignore[index]
    refused = general.client.post(action, data={"csrf_token": held["csrf_token"], "reason": ""})
    assert "The reason for taking it back is missing." in general.read(refused, 422).get_text()
    back = {"csrf_token": held["csrf_token"], "reason": "Not yet."}
    assert general.post(action, back, status=303).headers["Location"] == led
    assert "taken back before its day" in general.get(led).get_text()
    assert general.get("/library/drafts").find("a", href=led) is None


def test_a_new_clause_is_drafted_from_a_skeleton_and_stands_on_the_shelf_once_published(
    counsel: StrictClient, general: StrictClient
) -> None:
    address = "/library/drafts/new"
    sent = {"csrf_token": token(counsel.client, address), "title": "Return of data"}
    wrong = counsel.read(counsel.client.post(address, data=sent | {"id": "uptime"}), 422)
    assert "Write in one line what the first position says." in wrong.get_text()
    given = sent | {
        "id": "uptime", "owner": "commercial_counsel", "sentence": "Within thirty days",
        "explanation": "They get it back.", "family": "", "family_title": "Data after the end",
    }  # fmt: skip
    taken = counsel.read(counsel.client.post(address, data=given), 422)
    assert "The library has a clause uptime." in taken.get_text()
    assert taken.find("input", attrs={"name": "sentence"})["value"] == "Within thirty days"  # type: ignore[index]
    draft = counsel.post(address, given | {"id": "data-return"}, status=303).headers["Location"]
    # A double click leads to the one draft; other words under its id are kept, and it is said.
    again = counsel.post(address, given | {"id": "data-return"}, status=303)
    assert again.headers["Location"] == draft
    other = given | {"id": "data-return", "title": "Deletion of data"}
    told = counsel.read(counsel.client.post(address, data=other), 422)
    why = told.find(id="id-why")
    assert why is not None
    assert "There is a draft of a clause data-return already." in why.get_text()
    assert told.find(id="title")["value"] == "Deletion of data"  # type: ignore[index]
    assert told.find("a", href=draft) is not None
    theirs = given | {"id": "data-return", "csrf_token": token(general.client, address)}
    assert "already" in general.read(general.client.post(address, data=theirs), 422).get_text()
    page = counsel.get(draft)
    assert "is a drafting note" in page.get_text()
    assert "It is a new clause" in page.get_text()
    fields = fields_of(counsel, draft)
    text = fields["file-standard.md"].replace(
        "[Insert what both sides agree to.]", "Data is returned."
    )
    counsel.post(draft, fields | {"file-standard.md": text}, status=303)
    # No agreement has it yet, and it prints all the same.
    (printed,) = counsel.get(draft).select(".positionlist details")
    assert "Within thirty days" in printed.summary.get_text()  # type: ignore[union-attr]
    assert "Data is returned." in printed.get_text()
    seen = fields_of(counsel, draft)["seen"]
    reason = {"csrf_token": fields["csrf_token"], "seen": seen, "reason": "Customers ask."}
    counsel.post(f"{draft}/submit", reason, status=303)
    held = fields_of(general, draft)
    day = general.get(draft).select_one("input[name='effective_on']")["value"]  # type: ignore[index]
    given = {"csrf_token": held["csrf_token"], "seen": held["seen"], "effective_on": str(day)}
    general.post(f"{draft}/publish", given, status=303)
    assert "Data after the end" in general.get("/library").get_text()
    assert "Stands in no agreement" in general.get("/library/clauses/data-return").get_text()
