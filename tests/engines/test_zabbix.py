"""Zabbix, configured by our export, measures the availability that our report measures.

A separate run, described in docs/guides/sla-exports.md; without Zabbix it is skipped with a reason.
"""

import json
import random
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dealdesk.availability.history import History, Impact, MaintenanceWork
from dealdesk.availability.report import report
from dealdesk.sla.exporters.registry import export_terms
from dealdesk.sla.model import SlaTerms, read_terms
from dealdesk.terms.intervals import joined
from tests.databases import stop_servers
from tests.engines.zabbix import Zabbix, missing, serving
from tests.unit.sla.exports import ACME, contract_data

pytestmark = pytest.mark.judge
ZONE = ZoneInfo("America/New_York")
MONTHS = [f"2025-{month:02d}" for month in (11, 12)] + [
    f"2026-{month:02d}" for month in range(1, 6)
]


@pytest.fixture(scope="module")
def zabbix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zabbix]:
    if reason := missing():
        pytest.skip(reason)
    with serving(tmp_path_factory.mktemp("zabbix")) as served:
        yield served
    stop_servers()


def terms() -> SlaTerms:
    """ACME's terms a year earlier, with outages that are whole and maintenance without notice."""
    data = contract_data(ACME)
    data["effective"] = {"from": "2025-11-01", "until": "2026-10-31"}
    data["availability"]["status_weights"] = {"major_outage": "1"}
    data["availability"]["maintenance"] = {"excluded_from": "numerator_and_denominator"}
    data["availability"]["exclusions"] = []
    return read_terms(data)


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


FROM, UNTIL = epoch("2025-11-01"), epoch("2026-06-01")


def drawn() -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return outages that overlap and reach over ends of months, and maintenance among them."""
    chance = random.Random(20251101)
    outages = [
        (at, at + chance.randrange(60, 9000))
        for at in chance.sample(range(FROM, UNTIL - 10_000), 120)
    ]
    outages += [
        (epoch("2025-11-30T23:50"), epoch("2025-12-01T00:25")),
        (epoch("2026-03-08T01:30"), epoch("2026-03-08T03:30")),
    ]
    works = [
        (at, at + chance.randrange(600, 14_400))
        for at in range(FROM + 86_400, UNTIL - 20_000, 1_728_000)
    ]
    return outages, works


def ours(
    outages: list[tuple[int, int]], works: list[tuple[int, int]]
) -> dict[str, tuple[int, int, Fraction]]:
    history = History(
        covered_from=FROM,
        covered_until=UNTIL,
        impacts=tuple(
            Impact(f"i{n}", "app", "major_outage", a, b, a) for n, (a, b) in enumerate(outages)
        ),
        maintenance=tuple(MaintenanceWork(a, b, FROM) for a, b in works),
    )
    found = {}
    for month in MONTHS:
        up = report(terms(), history, month, UNTIL).result.uptime
        counted = up.contracted - up.removed
        found[month] = (counted, int(up.down), Fraction(counted - up.down, counted))
    return found


def test_zabbix_measures_what_our_report_measures(zabbix: Zabbix) -> None:
    outages, works = drawn()
    (file,) = export_terms(terms(), "zabbix").files
    sla: dict[str, Any] = json.loads(file.text)["params"]
    sla["excluded_downtimes"] = [
        {"name": f"maintenance {n}", "period_from": a, "period_to": b}
        for n, (a, b) in enumerate(works)
    ]
    tag = {"tag": sla["service_tags"][0]["tag"], "value": sla["service_tags"][0]["value"]}
    service = zabbix.service("app", tag, FROM)
    zabbix.outages(service, list(joined(outages)))
    (number,) = zabbix.call("sla.create", sla)["slaids"]
    stored = zabbix.call("sla.get", {"slaids": number, "output": "extend"})[0]
    assert (stored["slo"], stored["timezone"], stored["period"]) == (
        "99.9",
        "America/New_York",
        "2",
    )

    answer = zabbix.call(
        "sla.getsli",
        {"slaid": number, "serviceids": [service], "period_from": FROM, "period_to": UNTIL - 1},
    )
    theirs = {
        datetime.fromtimestamp(int(period["period_from"]), ZONE).strftime("%Y-%m"): row[0]
        for period, row in zip(answer["periods"], answer["sli"], strict=True)
    }
    for month, (counted, down, share) in ours(outages, works).items():
        sli = theirs[month]
        assert (int(sli["uptime"]), int(sli["downtime"])) == (counted - down, down), month
        assert sli["sli"] == pytest.approx(float(100 * share), abs=1e-11), month
