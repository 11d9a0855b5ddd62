"""Measure the pages at 10,000 deals and 100,000 decisions: time, statements, weight, paint."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from benchmarks.workbench_data import fill
from benchmarks.workbench_paint import PAINT_MS, WEIGHT_KB, paints, weight
from dealdesk.approvals.request_models import RequestRow
from dealdesk.deals.models import DealRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import Settings
from dealdesk.web.app import create_app
from dealdesk.web.serving import made_to_serve
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.summaries import judged_by, refresh_summaries
from tests.databases import BACKENDS, empty_database, stop_servers
from tests.web.personas import sign_in_as
from tests.web.test_statements import MOST_A_PAGE, counted

ROUNDS = 100
P50_MS, P99_MS, TYPING_MS = 25.0, 120.0, 60.0
NUMBER, ASKED = "PLACEHOLDER-2027-001", "NOTIONAL-2028-001"
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
PAGES = (
    ("list", "/deals"),
    ("list, page 150", "/deals?page=150"),
    ("search", "/deals?q=customer+77"),
    ("filter and sort", "/deals?status=open&stage=draft&role=finance&sort=-tcv"),
    ("home", "/"),
    ("deal page", f"/deals/{NUMBER}/order-form"),
    ("clauses", f"/deals/{NUMBER}/clauses"),
    ("approvals", f"/deals/{ASKED}/approvals"),
    ("queue", "/queue"),
    ("request", "/queue/{request}"),
)


def main() -> None:
    """Print the tables for docs/benchmarks.md."""
    print("| what | p50 | p99 | processor time | statements | reach |\n|---|---|---|---|---|---|")
    try:
        for backend in BACKENDS:
            with ExitStack() as stack:
                folder = Path(stack.enter_context(TemporaryDirectory()))
                settings = stack.enter_context(empty_database(backend, folder))
                for row in _measured(backend, settings):
                    print("| " + " | ".join(row) + " |", flush=True)
    finally:
        stop_servers()


def _measured(backend: str, settings: Settings) -> Iterator[tuple[str, ...]]:
    with _application(settings) as app:
        client = sign_in_as(app, "deal_desk")
        pages = {name: _address(app, address) for name, address in PAGES}
        for name, address in pages.items():
            reach = f"{P50_MS:.0f}, {P99_MS:.0f}, {MOST_A_PAGE}"
            times = _times(partial(_get, client, address))
            yield (f"{name}, {backend}", *times, _statements(app, client, address), reach)
        at, fields = f"/deals/{NUMBER}/order-form/preview", _order_fields(client)
        work = partial(_post, client, at, fields)
        yield (f"recompute an order, {backend}", *_times(work), "", f"{TYPING_MS:.0f}")
        if backend == BACKENDS[0]:
            yield ("what", "first paint", "kB", "", "", "reach")
            drawn = paints(app, "deal_desk", list(pages.values()))
            for (name, address), painted in zip(pages.items(), drawn, strict=True):
                reach = f"{PAINT_MS:.0f}, {WEIGHT_KB:.0f} kB"
                yield (name, f"{painted:.0f}", f"{weight(client, address):.0f}", "", "", reach)


def _address(app: Flask, address: str) -> str:
    with sessions(app.extensions["dealdesk"].engine)() as session:
        mine = select(RequestRow.id).join(DealRow, DealRow.id == RequestRow.deal_id)
        asked = mine.where(DealRow.number == ASKED, RequestRow.role == "deal_desk")
        return address.format(request=session.scalar(asked))


def _statements(app: Flask, client: FlaskClient, address: str) -> str:
    with counted(app) as found:
        _get(client, address)
    return str(len(found))


def _times(work: Callable[[], None]) -> tuple[str, str, str]:
    """Return the median, the longest of 100 and the median processor time, in milliseconds."""
    for _ in range(3):
        work()
    walls, processor = [], []
    for _ in range(ROUNDS):
        begin, begun = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - begin) * 1000)
        processor.append((time.process_time() - begun) * 1000)
    middle = ROUNDS // 2
    found = (sorted(walls)[middle], max(walls), sorted(processor)[middle])
    return tuple(f"{one:.1f}" for one in found)  # type: ignore[return-value]


def _get(client: FlaskClient, address: str) -> None:
    _taken(address, client.get(address))


def _taken(address: str, answer: TestResponse) -> None:
    # Closed as a server closes it: what comes between two answers is measured too.
    answer.close()
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _post(client: FlaskClient, address: str, fields: dict[str, str]) -> None:
    # Another number each time: the same one would come from a cache.
    fields["row-0-1-quantity"] = str(int(fields["row-0-1-quantity"]) + 1)
    _taken(address, client.post(address, data=fields))


def _order_fields(client: FlaskClient) -> dict[str, str]:
    from bs4 import BeautifulSoup  # noqa: PLC0415 - tests have it, the product doesn't

    page = BeautifulSoup(client.get(f"/deals/{NUMBER}/order-form/edit").text, "html.parser")
    form = page.find("form", id="p-grid")
    fields = {str(tag["name"]): str(tag.get("value", "")) for tag in form.find_all("input")}  # type: ignore[union-attr]
    for select_ in form.find_all("select"):  # type: ignore[union-attr]
        chosen = select_.find("option", selected=True)
        words = chosen.get("value") or chosen.get_text() if chosen else ""
        fields[str(select_["name"])] = str(words)
    return fields


@contextmanager
def _application(settings: Settings) -> Iterator[Flask]:
    os.environ.pop("FLASK_DEBUG", None)
    engine = make_engine(settings)
    upgrade(engine)
    rules = load_rules(settings.library)
    with sessions(engine, writes=True).begin() as session:
        seed_people(session, SYSTEM, DEMO_PEOPLE, NOW)
        files = sorted(DEMO_DEALS.glob("*.yaml"))
        list(seed_deals(session, files, rules.library, rules.catalogue, NOW))
        refresh_summaries(session, rules, now=NOW)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    _submit(sign_in_as(app, "deal_desk"))
    with sessions(engine, writes=True).begin() as session:
        fill(session, judged_by(rules, NOW), NOW)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    yield made_to_serve(app)
    app.extensions["dealdesk"].engine.dispose()


def _submit(client: FlaskClient) -> None:
    answer = client.post(f"/deals/{ASKED}/approvals/submissions", data={"version": "1"})
    if answer.status_code != 303:
        raise RuntimeError(f"{ASKED} was not submitted: {answer.status_code}")


if __name__ == "__main__":
    main()
