"""The pages on both databases: read, build, and build again."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select

from dealdesk.agreements.models import VersionFileRow
from dealdesk.clauses.loader import load_library
from dealdesk.deals.deal_file import load_deal
from dealdesk.files.models import StoredFileRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import WRITES, make_engine, sessions
from dealdesk.kernel.settings import Settings
from dealdesk.web.app import create_app
from dealdesk.web.database import database
from dealdesk.web.edge import session
from dealdesk.web.visitors import COOKIE
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.seeding import seed_deals
from tests.databases import empty_database
from tests.web.conftest import work
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient

TESTS = Path(__file__).parents[1]
DEAL = TESTS / "deals" / "T1.yaml"


def test_a_deal_is_read_and_its_files_are_kept(engine: Engine, settings: Settings) -> None:
    library = TESTS / "library"
    with sessions(engine, writes=True).begin() as writing:
        now = datetime(2026, 11, 24, tzinfo=UTC)
        seed_people(writing, SYSTEM, DEMO_PEOPLE, now)
        list(seed_deals(writing, [DEAL], load_library(library), None, now))
    app = create_app(Settings(settings.database_url, settings.var, settings.secret_key, library))
    browser = StrictClient(sign_in_as(app, "deal_desk"))
    base = f"/deals/{load_deal(DEAL).number}"
    browser.get("/deals")
    browser.get(f"{base}/order-form")
    page = browser.get(f"{base}/downloads")
    token = str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    for _ in range(2):
        browser.post(f"{base}/downloads", {"csrf_token": token}, status=303)
        work(app)
    assert len(browser.get(f"{base}/downloads").select("main tbody tr")) == 7
    with sessions(engine)() as reading:
        for table in (VersionFileRow, StoredFileRow):
            assert reading.scalar(select(func.count()).select_from(table)) == 7
    app.extensions["dealdesk"].engine.dispose()


def test_a_request_reads_and_writes_by_the_engine_that_all_edges_share(
    engine: Engine, settings: Settings
) -> None:
    app = create_app(settings)
    shared = app.extensions["dealdesk"].engine
    with app.test_request_context():
        assert database.engine is shared
        assert session() is session()
        assert session().get_bind() is shared
    with app.test_request_context():
        opened = database.writing()
        assert opened is session()
        assert opened.connection().get_execution_options()[WRITES]
    assert shared.pool.checkedout() == 0
    shared.dispose()


def test_a_database_that_went_away_is_a_page_that_keeps_its_place_secret(tmp_path: Path) -> None:
    with empty_database("sqlite", tmp_path) as settings:
        made = make_engine(settings)
        upgrade(made)
        made.dispose()
        app = create_app(settings)
        app.extensions["dealdesk"].engine.dispose()
        (tmp_path / "test.db").write_bytes(b"no database" * 100)
        client = app.test_client()
        client.set_cookie(COOKIE, "any")
        answer = StrictClient(client).get("/deals", status=503)
        assert "can't be reached now" in answer.text
        assert str(tmp_path) not in answer.text
        assert "DATABASE_URL" not in answer.text
