"""The audit on both databases: chained, anchored, erasable beside, and breaks are named."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from dealdesk.audit.operations import anchor_day, erase_names, record
from dealdesk.audit.queries import iterate_events, list_events
from dealdesk.audit.verification import verify
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.immutable import make_immutable, make_mutable

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AVERY = Actor(7, "Avery Seller", frozenset({"account_executive"}))


def three_events(session: Session) -> None:
    record(session, AVERY, 1, "deals:deal:created", {"deal": 1}, now=NOW)
    record(
        session, AVERY, 1, "deals:deal:changed", {"deal": 1}, names={"reason": "By call"}, now=NOW
    )
    record(session, SYSTEM, "identity", "identity:user:added", {"user": 7}, now=NOW)


def tamper(engine: Engine, table: str, statement: str) -> None:
    """Change the record as somebody who owns the database could."""
    dialect = engine.dialect.name
    with engine.begin() as connection:
        for away in make_mutable(table, dialect):
            connection.execute(text(away))
        connection.execute(text(statement))
        for back in make_immutable(table, dialect):
            connection.execute(text(back))


@pytest.fixture
def written(engine: Engine) -> Engine:
    with sessions(engine, writes=True).begin() as session:
        three_events(session)
        anchor_day(session, NOW)
    return engine


def breaks_of(engine: Engine) -> list[str]:
    with sessions(engine)() as session:
        return [str(one) for one in verify(session).breaks]


def test_an_untouched_record_holds(written: Engine) -> None:
    with sessions(written)() as session:
        found = verify(session)
    assert (found.events, found.chains, found.anchors, found.breaks) == (3, 2, 1, ())


def test_events_come_back_with_who_what_and_words(written: Engine) -> None:
    with sessions(written)() as session:
        last, first = list_events(session, 1)
        every = list(iterate_events(session))
    assert (first.event, first.actor, first.facts, first.at) == (
        "deals:deal:created",
        "user:7",
        {"deal": 1},
        NOW,
    )
    assert (last.position, last.names) == (2, {"reason": "By call"})
    assert [one.stream for one in every] == ["deal:1", "deal:1", "identity"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE audit_event SET facts = '{}' WHERE position = 1 AND stream = 'deal:1'",
            "deal:1, event 1: its content is not what its hash says.",
        ),
        (
            "UPDATE audit_event SET actor = 'user:8' WHERE position = 2",
            "deal:1, event 2: its content is not what its hash says.",
        ),
        (
            "DELETE FROM audit_event WHERE position = 1 AND stream = 'deal:1'",
            "deal:1, event 2: the order is broken: event 1 is missing.",
        ),
        (
            "DELETE FROM audit_event WHERE stream = 'identity'",
            "identity, event 0: the chain stops here, but an end after 1 events is recorded.",
        ),
    ],
)
def test_a_changed_record_names_the_break_and_its_place(
    written: Engine, statement: str, told: str
) -> None:
    if statement.startswith("DELETE"):
        with written.begin() as connection:
            connection.execute(text("DELETE FROM audit_name"))
    tamper(written, "audit_event", statement)
    assert told in breaks_of(written)


def test_a_tail_cut_off_with_its_recorded_end_is_told_by_the_anchor(written: Engine) -> None:
    with written.begin() as connection:
        connection.execute(text("DELETE FROM audit_chain WHERE stream = 'identity'"))
    tamper(written, "audit_event", "DELETE FROM audit_event WHERE stream = 'identity'")
    assert breaks_of(written) == [
        "identity, event 1: it is not the event that the anchor of 2026-11-24 names."
    ]


def test_a_changed_anchor_is_told(written: Engine) -> None:
    tamper(written, "audit_anchor", "UPDATE audit_anchor SET heads = '{}'")
    assert breaks_of(written) == ["anchors, event 1: that of 2026-11-24 is not what its hash says."]


def test_words_that_were_changed_are_told_and_erased_ones_are_not(written: Engine) -> None:
    with written.begin() as connection:
        connection.execute(text("UPDATE audit_name SET text = 'By mail'"))
    assert breaks_of(written) == ["deal:1, event 2: its words for “reason” are not those it names."]
    with sessions(written, writes=True).begin() as session:
        assert erase_names(session, AVERY, "By mail", NOW) == 1
        assert erase_names(session, AVERY, "By mail", NOW) == 0
    assert breaks_of(written) == []
    with sessions(written)() as session:
        (said,) = list_events(session, "audit")
        assert (said.event, said.facts["erased"]) == (
            "audit:words:erased",
            [["deal:1", 2, "reason"]],
        )
    with sessions(written)() as session:
        assert list_events(session, 1)[0].names == {"reason": "(erased)"}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_name SET text = NULL, salt = ''", "DELETE FROM audit_name"],
)
def test_words_that_are_gone_without_an_erasure_are_told(written: Engine, statement: str) -> None:
    """Somebody who owns the database can blank a reason; that it is gone shows."""
    with written.begin() as connection:
        connection.execute(text(statement))
    assert breaks_of(written) == [
        "deal:1, event 2: its words for “reason” are gone, and no erasure names them."
    ]


def test_an_anchor_is_written_once_a_day_over_what_moved(written: Engine) -> None:
    with sessions(written, writes=True).begin() as session:
        assert anchor_day(session, NOW) is None
        record(session, SYSTEM, "identity", "identity:user:deactivated", {"user": 7}, now=NOW)
        second = anchor_day(session, NOW + timedelta(days=1))
        assert second is not None
        assert '"identity":[2,' in second.heads
        assert "deal:1" not in second.heads
    assert breaks_of(written) == []


def test_what_is_left_undone_leaves_no_event(engine: Engine) -> None:
    session = sessions(engine, writes=True)()
    three_events(session)
    session.rollback()
    session.close()
    with sessions(engine)() as reading:
        assert list(iterate_events(reading)) == []
        assert verify(reading).breaks == ()
