"""A step of the person who asks: refused, it leaves nothing behind, rows and promises alike."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, g
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from dealdesk.audit.models import EventRow
from dealdesk.audit.operations import record
from dealdesk.clauses.drafts import get_draft, start_draft, submit_draft
from dealdesk.clauses.models import ClauseDraftRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import TeamRow, UserRow
from dealdesk.identity.queries import get_actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError, DomainError
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.models import JobRow
from dealdesk.outbox.operations import enqueue, take_promised
from dealdesk.web.app import create_app
from dealdesk.web.database import database
from dealdesk.web.edge import session
from dealdesk.web.steps import act, refused, sent_number, undone_if_refused
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from tests.integration.workbench import NOW
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient


class _Twice(Exception):  # noqa: N818 - what psycopg raises, as far as it is asked
    sqlstate = "23505"


@pytest.fixture
def app(engine: Engine, settings: Settings) -> Iterator[Flask]:
    with sessions(engine, writes=True).begin() as unit:
        seed_people(unit, SYSTEM, DEMO_PEOPLE, NOW)
    made = create_app(settings)
    yield made
    made.extensions["dealdesk"].engine.dispose()


def _promise(key: str) -> int:
    return enqueue(session(), "mail", {}, key=key, now=NOW)


def _counts() -> list[int]:
    tables = (JobRow, EventRow, TeamRow)
    return [session().scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DomainError.of("wrong", "That is wrong."), 422),
        (ConflictError.of("moved", "That moved."), 409),
        (StaleDataError("row"), 409),
        (IntegrityError("insert", {}, _Twice()), 409),
    ],
)
def test_what_a_refused_step_wrote_and_promised_is_undone(
    app: Flask, error: Exception, status: int
) -> None:
    with app.test_request_context(method="POST"):
        unit = database.writing()
        kept = _promise("before")
        before = _counts()

        def step() -> None:
            session().add(TeamRow(name="Half a team"))
            record(session(), SYSTEM, "x", "deals:deal:started", {}, now=NOW)
            _promise("within")
            session().flush()
            raise error

        problems, answered = refused(step)
        assert answered == status
        assert len(problems) == 1
        assert _counts() == before
        assert _promise("within") != kept  # the promise was not kept either
        unit.commit()
        assert take_promised(unit)[0] == kept
        assert _counts() == [before[0] + 1, *before[1:]]


def test_a_step_that_is_done_is_kept_with_its_promises(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        unit = database.writing()
        with undone_if_refused():
            job = _promise("done")
        assert refused(lambda: None) == ((), 200)
        unit.commit()
        assert take_promised(unit) == (job,)


def test_a_step_acts_by_the_person_who_asks_and_links_lead_where_mail_leads(app: Flask) -> None:
    parts = app.extensions["dealdesk"]
    with app.test_request_context():
        user = session().scalars(select(UserRow).limit(1)).one()
        g.actor = get_actor(session(), user.id)
        assert act().actor.id == user.id
        assert act().address == parts.settings.links_lead_to
        assert act().address.startswith("http")
    told = replace(parts.settings, address="https://desk.example")
    app.extensions["dealdesk"] = replace(parts, settings=told)
    with app.test_request_context():
        g.actor = get_actor(session(), user.id)
        assert act().address == "https://desk.example"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), ("0", 0), ("", 0), ("-1", 0), ("٣", 0), ("1e3", 0), ("9" * 30, 0), ("x", 0)],
)
def test_a_number_that_was_sent_is_one_or_none(app: Flask, typed: str, number: int) -> None:
    with app.test_request_context(method="POST", data={"seen": typed}):
        assert sent_number("seen") == number
        assert sent_number("other", {"other": typed}) == number


def test_a_draft_submitted_again_keeps_its_reason(app: Flask, engine: Engine) -> None:
    client = StrictClient(sign_in_as(app, "commercial_counsel"))
    with sessions(engine, writes=True).begin() as unit:
        counsel = unit.scalars(select(UserRow).where(UserRow.email.startswith("cameron"))).one()
        actor = get_actor(unit, counsel.id)
        row = start_draft(
            unit, actor, clause_id="publicity", folder="clauses/publicity/publicity",
            base_sha256=None, files={"clause.yaml": "id: publicity\n"}, now=NOW,
        )  # fmt: skip
        submit_draft(unit, actor, row, seen=row.revision, reason="The first reason.", now=NOW)
        number, seen = row.id, row.revision
    page = client.get(f"/library/drafts/{number}")
    token = str(page.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]
    sent = {"csrf_token": token, "seen": str(seen), "reason": "Another reason."}
    answer = client.client.post(f"/library/drafts/{number}/submit", data=sent)
    assert "submitted" in client.read(answer, 409).get_text()
    with sessions(engine)() as unit:
        kept = unit.get(ClauseDraftRow, number)
        assert kept is not None
        assert (kept.reason, kept.revision) == ("The first reason.", seen)


def test_who_only_reads_a_draft_waits_for_nobody_and_who_writes_holds_it(engine: Engine) -> None:
    with sessions(engine, writes=True).begin() as unit:
        row = start_draft(
            unit, SYSTEM, clause_id="publicity", folder="clauses/publicity/publicity",
            base_sha256=None, files={"clause.yaml": "id: publicity\n"}, now=NOW,
        )  # fmt: skip
        number = row.id
    said: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for writes in (False, True):
        with sessions(engine)() as unit:
            assert get_draft(unit, number, writes=writes).id == number
    event.remove(engine, "before_cursor_execute", note)
    holds = [statement.endswith("FOR UPDATE") for statement in said if "clause_draft" in statement]
    assert holds == [False, engine.dialect.name == "postgresql"]


def test_a_record_is_given_line_by_line(app: Flask) -> None:
    client = sign_in_as(app, "auditor")
    for form, lines in (("csv", 2), ("json", 1)):
        answer = client.get(f"/audit/events.{form}")
        assert answer.status_code == 200
        assert answer.is_streamed
        assert len(answer.text.splitlines()) >= lines
