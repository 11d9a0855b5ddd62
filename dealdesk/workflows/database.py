"""Bring a database to the schema that this code needs, and say where it stands."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from dealdesk.kernel.engine import WRITES
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.settings import PROJECT

MIGRATIONS = PROJECT / "migrations"


class SchemaError(DomainError):
    """The database's schema is not the one that this code needs."""


def upgrade(engine: Engine, to: str = "head") -> str:
    """Bring the schema to a revision, whole or not at all, and return the revision.

    Raise SchemaError where the database was brought further by a newer program.
    """
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        _refuse_newer(revision_of(connection))
        command.upgrade(_config(connection), to)
        return revision_of(connection)


def current(engine: Engine) -> str:
    """Return the database's revision, "" for an empty database."""
    with engine.connect() as connection:
        return revision_of(connection)


def head() -> str:
    """Return the newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def require_head(engine: Engine) -> None:
    """Raise SchemaError where the database is not at the newest revision."""
    found = current(engine)
    _refuse_newer(found)
    if found != head():
        raise SchemaError.of(
            "schema-behind",
            f"The database is at {found or 'no revision'}, and this program needs {head()}.",
            remedy="Run: dealdesk db upgrade.",
        )


def revision_of(connection: Connection) -> str:
    """Return the revision that a connection's database is at, "" for none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def _refuse_newer(revision: str) -> None:
    if not revision:
        return
    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError as error:
        raise SchemaError.of(
            "schema-ahead",
            f"The database is at {revision}, which this program doesn't know.",
            remedy="Start the newer program that brought it there.",
        ) from error


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
