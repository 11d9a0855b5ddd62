"""What a database refuses: the same thing twice is said, a fault of ours is written down."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import TeamRow, UserRow
from dealdesk.kernel.database_errors import is_twice
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.settings import Settings
from dealdesk.web.app import create_app
from dealdesk.web.edge import session, transactional
from dealdesk.web.steps import refused
from tests.integration.workbench import NOW
from tests.web.strict import StrictClient


def _one_team_twice(unit: Session) -> None:
    for _ in range(2):
        unit.add(TeamRow(name="North"))
        unit.flush()


def _a_row_that_is_never_changed(unit: Session) -> None:
    record(unit, SYSTEM, "x", "deals:deal:started", {}, now=NOW)
    unit.flush()
    unit.execute(text("UPDATE audit_event SET event = 'another'"))


def _somebody_of_no_team(unit: Session) -> None:
    unit.add(UserRow(email="a@example.com", name="A", team_id=77, created_at=NOW))
    unit.flush()


def _somebody_without_a_name(unit: Session) -> None:
    unit.execute(text("INSERT INTO desk_user (email) VALUES ('a@example.com')"))


def _a_number_that_is_too_large(unit: Session) -> None:
    unit.execute(text("SELECT id FROM desk_user WHERE id = :id"), {"id": 10**30})
    raise DataError("select", {}, Exception("out of range"))  # where the database compares it


FAULTS = (
    _a_row_that_is_never_changed,
    _somebody_of_no_team,
    _somebody_without_a_name,
    _a_number_that_is_too_large,
)


def test_a_second_row_with_the_same_unique_values_is_twice(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as caught, sessions(engine, writes=True).begin() as unit:
        _one_team_twice(unit)
    assert is_twice(caught.value)


@pytest.mark.parametrize("fault", FAULTS[:3])
def test_whatever_else_a_database_refuses_is_not_twice(
    engine: Engine, fault: Callable[[Session], None]
) -> None:
    with pytest.raises(DBAPIError) as caught, sessions(engine, writes=True).begin() as unit:
        fault(unit)
    assert not (isinstance(caught.value, IntegrityError) and is_twice(caught.value))


def _app(settings: Settings, work: Callable[[Session], None]) -> Flask:
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False

    @app.post("/try")
    @transactional
    def attempt() -> str:
        work(session())
        return "done"

    @app.post("/step")
    @transactional
    def step() -> str:
        problems, _ = refused(lambda: work(session()))
        return " ".join(str(one) for one in problems)

    return app


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("address", ["/try", "/step"])
def test_a_fault_of_ours_is_written_down_and_never_reads_as_done(
    engine: Engine,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    address: str,
    fault: Callable[[Session], None],
) -> None:
    app = _app(settings, fault)
    with caplog.at_level(logging.ERROR):
        page = StrictClient(app.test_client()).read(app.test_client().post(address), 500)
    assert "The fault is ours and is written down." in page.get_text()
    assert "A request failed" in caplog.text
    app.extensions["dealdesk"].engine.dispose()


def test_what_was_done_twice_is_said_and_noted(
    engine: Engine, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = _app(settings, _one_team_twice)
    client = StrictClient(app.test_client())
    with caplog.at_level(logging.WARNING):
        assert "Done already" in client.read(client.client.post("/try"), 409).get_text()
    assert "The same was done twice" in caplog.text
    assert "Somebody else did something here" in client.client.post("/step").text
    app.extensions["dealdesk"].engine.dispose()
