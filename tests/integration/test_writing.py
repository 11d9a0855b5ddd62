"""Units that write: on SQLite they queue at their start, so none fails on the way."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from dealdesk.deals.models import DealRow
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.errors import UnavailableError
from dealdesk.workflows.database import upgrade
from tests.databases import empty_database

NOW = datetime(2026, 11, 24, tzinfo=UTC)
THREADS, TIMES = 4, 25


def test_no_count_is_lost_when_many_read_then_write(tmp_path: Path) -> None:
    with empty_database("sqlite", tmp_path) as settings:
        engine = make_engine(settings)
        upgrade(engine)
        with sessions(engine, writes=True).begin() as session:
            session.add(deal())
        faults: list[Exception] = []
        threads = [
            threading.Thread(target=raise_owner, args=(engine, faults)) for _ in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with sessions(engine)() as session:
            assert faults == []
            assert only(session).owner == str(THREADS * TIMES)
        engine.dispose()


def deal() -> DealRow:
    return DealRow(
        number="X-1",
        title="T",
        customer="C",
        owner="0",
        deal_file="",
        stage="draft",
        created_at=NOW,
    )


def only(session: Session) -> DealRow:
    return session.query(DealRow).one()


def raise_owner(engine: Engine, faults: list[Exception]) -> None:
    try:
        for _ in range(TIMES):
            with sessions(engine, writes=True).begin() as session:
                row = only(session)
                row.owner = str(int(row.owner) + 1)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault here
        faults.append(error)


def test_a_writer_that_waits_too_long_is_told_so(tmp_path: Path) -> None:
    with empty_database("sqlite", tmp_path) as settings:
        engine, impatient = make_engine(settings), make_engine(settings)
        upgrade(engine)
        event.listen(impatient, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 1"))
        with (
            sessions(engine, writes=True)() as holding,
            sessions(impatient, writes=True)() as waiting,
        ):
            holding.add(deal())
            holding.flush()
            with pytest.raises(UnavailableError, match="database is locked"):
                waiting.query(DealRow).count()
        engine.dispose()
        impatient.dispose()


def test_foreign_keys_hold_and_readers_do_not_wait(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    with sessions(engine, writes=True)() as writing:
        writing.add(deal())
        writing.flush()
        with sessions(engine)() as reading:
            assert reading.query(DealRow).count() == 0
        writing.rollback()
