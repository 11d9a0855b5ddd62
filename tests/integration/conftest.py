"""Fixtures of tests against a database: each runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dealdesk.kernel.engine import make_engine
from dealdesk.kernel.settings import Settings
from dealdesk.workflows.database import upgrade
from tests.databases import BACKENDS, empty_database, stop_servers


@pytest.fixture(scope="session", autouse=True)
def servers() -> Iterator[None]:
    yield
    stop_servers()


@pytest.fixture(params=BACKENDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with empty_database(request.param, tmp_path) as settings:
        yield settings


@pytest.fixture
def blank(settings: Settings) -> Iterator[Engine]:
    """Give the engine of an empty database."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(blank: Engine) -> Engine:
    """Give the engine of a database at the newest schema."""
    upgrade(blank)
    return blank
