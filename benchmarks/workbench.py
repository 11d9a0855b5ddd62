"""Measure the workbench at 10,000 deals: list, search, filters, home, deal page, recomputation."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dealdesk.deals.models import DealRow, DealSummaryRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import UserRow
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import Settings
from dealdesk.web.app import create_app
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.summaries import judged_by, refresh_summaries
from tests.databases import BACKENDS, empty_database, stop_servers
from tests.web.personas import sign_in_as

DEALS = 10_000
ROUNDS = 100
P50_MS, P99_MS, TYPING_MS = 25.0, 120.0, 60.0
NUMBER = "PLACEHOLDER-2027-001"
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
PAGES = (
    ("list", "/deals"),
    ("list, page 150", "/deals?page=150"),
    ("search", "/deals?q=customer+77"),
    ("filter and sort", "/deals?status=open&stage=draft&role=finance&sort=-tcv"),
    ("home", "/"),
    ("deal page", f"/deals/{NUMBER}/order-form"),
    ("clauses", f"/deals/{NUMBER}/clauses"),
)


def main() -> None:
    """Print the table for docs/benchmarks.md."""
    print(
        "| what | p50 | p99 | processor time | reach p50 | reach p99 |\n|---|---|---|---|---|---|"
    )
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
        for name, address in PAGES:
            work = partial(_get, client, address)
            yield (f"{name}, {backend}", *_times(work), f"{P50_MS:.0f}", f"{P99_MS:.0f}")
        at, fields = f"/deals/{NUMBER}/order-form/preview", _order_fields(client)
        work = partial(_post, client, at, fields)
        yield (f"recompute an order, {backend}", *_times(work), f"{TYPING_MS:.0f}", "")


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
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _post(client: FlaskClient, address: str, fields: dict[str, str]) -> None:
    # Another number each time: the same one would come from a cache.
    fields["row-0-1-quantity"] = str(int(fields["row-0-1-quantity"]) + 1)
    answer = client.post(address, data=fields)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


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
        refresh_summaries(session, rules)
        _fill(session, judged_by(rules))
    engine.dispose()
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    app.extensions["dealdesk"].engine.dispose()


def _fill(session: Session, judge: str) -> None:
    """Add deals as lists see them: spread over owners, stages, standings, sizes and months."""
    chance = random.Random(6)
    owners = session.execute(select(UserRow.id, UserRow.name)).all()
    roles = ("finance", "engineering", "sales_manager", "commercial_counsel", "risk")
    deals, summaries = [], []
    for number in range(1, DEALS + 1):
        owner = chance.choice(owners)
        at = NOW - timedelta(days=chance.randrange(540), minutes=chance.randrange(1440))
        standing = chance.choice(("open", "open", "ready", "blocked"))
        customer, title = f"Customer {number % 3000} Ltd", f"Deal {number} for some years"
        deals.append(
            {
                "id": 1000 + number,
                "number": f"X-{number:05d}",
                "title": title,
                "customer": customer,
                "owner": owner.name,
                "owner_id": owner.id,
                "deal_file": "x" * 2000,
                "created_at": at,
                "revision": 1,
                "stage": chance.choice(("draft", "draft", "negotiation", "signed", "lost")),
            }
        )
        worth = chance.randrange(1_000_00, 5_000_000_00)
        asked = f"|{chance.choice(roles)}|" if standing == "open" else ""
        summaries.append(
            {
                "deal_id": 1000 + number,
                "version": 1,
                "standing": standing,
                "tcv": f"{worth / 100:.2f}",
                "currency": "USD",
                "worth": worth,
                "discount": chance.randrange(0, 400_000),
                "off_standard": chance.randrange(9),
                "asked": asked,
                "open_roles": asked,
                "since": at,
                "judged_by": judge,
                "words": f"{customer} x-{number:05d} {title} {owner.name}".casefold(),
            }
        )
    session.execute(insert(DealRow), deals)
    session.execute(insert(DealSummaryRow), summaries)


if __name__ == "__main__":
    main()
