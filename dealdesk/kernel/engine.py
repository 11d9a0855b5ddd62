"""The one way to the database, for web, command line and tests alike."""

import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from dealdesk.kernel.errors import UnavailableError
from dealdesk.kernel.settings import DATABASE_URL_FORM, Settings, SettingsError

WRITES = "dealdesk_writes"
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # Mail leaves after a commit: one that a loss of power could undo would contradict it.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    # Whatever a list looks through stays in memory; with SQLite's own 2 MB each look reads it anew.
    "PRAGMA cache_size = -32000",
)


def make_engine(settings: Settings) -> Engine:
    """Return the engine of the settings' database; a local database's folder is made.

    Raise SettingsError for a URL that can't be read. Whatever uses the engine raises
    UnavailableError when the database can't be reached or stays busy.
    """
    url = _url(settings)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_pre_ping=not is_sqlite)
    event.listen(engine, "handle_error", _tell_unavailable)
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@lru_cache(maxsize=8)
def sessions(engine: Engine, *, writes: bool = False) -> sessionmaker[Session]:
    """Return the maker of sessions; one that writes takes SQLite's write lock at its start.

    A transaction that reads first and writes later fails under load when it starts deferred.
    An engine's makers are kept: making one takes longer than a small transaction.
    """
    bind = engine.execution_options(**{WRITES: True}) if writes else engine
    return sessionmaker(bind, expire_on_commit=False)


def _url(settings: Settings) -> URL:
    try:
        return make_url(settings.database_url)
    except (ArgumentError, ValueError) as error:
        # The URL itself is left out: it may hold a password.
        raise SettingsError.of(
            "wrong-setting",
            "DATABASE_URL is not a URL that can be read.",
            remedy=DATABASE_URL_FORM,
        ) from error


def _tell_unavailable(context: ExceptionContext) -> None:
    if context.is_pre_ping:
        return
    is_unreached = context.connection is None or context.is_disconnect
    if is_unreached or _is_busy(context.original_exception):
        first, *_ = [*str(context.original_exception).splitlines(), "no reason given"]
        raise UnavailableError.of(
            "database-unavailable",
            f"The database can't be used now: {first.rstrip('.')}.",
            remedy="Check DATABASE_URL, and that the database runs and may be read and written.",
        ) from context.original_exception


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        # The driver's own BEGIN comes too late and is always deferred: see _begin_sqlite.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
