"""Fixtures of tests of the pages: an application with the demo's deals, and a strict browser."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dealdesk.clauses.loader import load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import PROJECT, Settings
from dealdesk.outbox.leases import list_due
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION, Desk
from dealdesk.worker.registry import HANDLERS
from dealdesk.worker.runner import run_job
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.machine import Machine
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.summaries import refresh_summaries
from tests.databases import settings_for
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def seeded_settings(folder: Path) -> Settings:
    """Return the settings of a SQLite database with the demo's deals."""
    settings = settings_for(f"sqlite:///{folder / 'web.db'}", folder)
    engine = make_engine(settings)
    upgrade(engine)
    library = PROJECT / "clause_library"
    with sessions(engine, writes=True).begin() as session:
        seed_people(session, SYSTEM, DEMO_PEOPLE, NOW)
        list(
            seed_deals(
                session,
                sorted(DEMO_DEALS.glob("*.yaml")),
                load_library(library),
                load_catalogue(library / "catalogue.yaml"),
                NOW,
            )
        )
        refresh_summaries(session, load_rules(library), now=NOW)
    engine.dispose()
    return settings


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    os.environ.pop("FLASK_DEBUG", None)
    application = create_app(seeded_settings(tmp_path_factory.mktemp("web")))
    application.config["TESTING"] = False  # error pages are part of what is tested
    yield application
    application.extensions["dealdesk"].engine.dispose()


@pytest.fixture(scope="session")
def desk_client(app: Flask) -> FlaskClient:
    """Give a client signed in as the deal desk, who may see every deal."""
    return sign_in_as(app, "deal_desk")


@pytest.fixture
def browser_of(desk_client: FlaskClient) -> StrictClient:
    return StrictClient(desk_client)


def work(app: Flask) -> None:
    """Do what was promised, as the worker does."""
    parts: Desk = app.extensions[EXTENSION]
    machine = Machine(
        parts.settings, parts.engine, parts.rules, parts.storage, parts.clock, mailer=None
    )
    with sessions(parts.engine)() as session:
        due = list_due(session, parts.clock.now(), 100)
    for job in due:
        run_job(machine, HANDLERS, job)
