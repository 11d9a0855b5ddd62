"""The pages with the test library's deals: credits, co-terms, pilots, affiliates, no SLA."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.clauses.loader import load_library
from dealdesk.deals.deal_file import load_deal
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import Settings
from dealdesk.web.app import create_app
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.seeding import seed_deals
from tests.databases import settings_for
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient

TESTS = Path(__file__).parents[1]
FILES = sorted((TESTS / "deals").glob("*.yaml"))
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECTIONS = ("order-form", "clauses", "agreement", "approvals", "sla", "downloads")


@pytest.fixture(scope="module")
def other_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("other")
    given = settings_for(f"sqlite:///{folder / 'other.db'}", folder)
    settings = Settings(given.database_url, given.var, given.secret_key, TESTS / "library")
    engine = make_engine(settings)
    upgrade(engine)
    with sessions(engine, writes=True).begin() as session:
        seed_people(session, SYSTEM, DEMO_PEOPLE, NOW)
        list(seed_deals(session, FILES, load_library(TESTS / "library"), None, NOW))
    engine.dispose()
    return create_app(settings)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_page_is_sound(other_app: Flask, path: Path, section: str) -> None:
    number = load_deal(path).number
    StrictClient(sign_in_as(other_app, "deal_desk")).get(f"/deals/{number}/{section}")


def test_a_text_that_changed_is_told_and_not_built(other_app: Flask) -> None:
    engine = other_app.extensions["dealdesk"].engine
    number = load_deal(FILES[0]).number
    with sessions(engine, writes=True).begin() as session:
        last = session.query(AgreementVersionRow).order_by(AgreementVersionRow.id).first()
        assert last is not None
        columns = {
            column.key: getattr(last, column.key)
            for column in AgreementVersionRow.__table__.columns
            if column.key not in {"id", "number", "text_sha256"}
        }
        session.add(AgreementVersionRow(number=2, text_sha256="0" * 64, **columns))
    browser = StrictClient(sign_in_as(other_app, "deal_desk"))
    page = browser.get(f"/deals/{number}/downloads")
    assert "The library or the program changed" in page.get_text()
    token = str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    answer = browser.post(f"/deals/{number}/downloads", {"csrf_token": token}, status=409)
    assert "its files would not be its own" in browser.read(answer, 409).get_text()
