"""Measure the SLA clock and availability reports: `python -m benchmarks.availability [--json]`.

Due times are judged by the plainest clock there is, reports by a look at every second, so that no
figure is quick because it is wrong. Times are those of the processor: on a machine that does
nothing else they are what one waits.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from dealdesk.approvals.policy_file import load_policy
from dealdesk.availability.exposure import Outage
from dealdesk.availability.history import History, Impact, MaintenanceWork
from dealdesk.availability.keep import can_we_keep
from dealdesk.availability.portfolio import portfolio
from dealdesk.availability.report import report
from dealdesk.availability.worksheet import report_csv, report_json
from dealdesk.clauses.loader import load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.sla.model import SlaTerms, read_terms
from dealdesk.sla.projection import project
from dealdesk.terms.calendars import Calendar, ClosedDate, OpenInterval
from dealdesk.terms.clock import (
    Amount,
    BusinessDayRule,
    BusinessDays,
    BusinessTime,
    Elapsed,
    due,
)
from dealdesk.terms.money import Money
from dealdesk.terms.opening import opening_of
from dealdesk.workflows.quoting import quote

ROOT = Path(__file__).resolve().parents[1]
DAY = 86_400
FIRST = int(datetime(2027, 4, 1, tzinfo=UTC).timestamp())
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Tokyo")
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
FEE = Money(Decimal("3936.00"), "USD")
CONTRACTS = 10_000


def clock_rows() -> list[dict[str, object]]:
    """Return microseconds a call for each kind of amount, and how many the slow clock agrees to."""
    calendar = _calendar("America/New_York")
    sun = Calendar("sun", "UTC", (), parts=tuple(_calendar(zone) for zone in ZONES[1:]))
    rng = random.Random(2026)
    starts = [
        datetime.fromtimestamp(FIRST + rng.randrange(3 * 365 * DAY), UTC) for _ in range(2000)
    ]
    days = [(f"2 business days, {rule.value}", BusinessDays(2, rule)) for rule in BusinessDayRule]
    cases: list[tuple[str, Amount, Calendar]] = [
        ("elapsed", Elapsed(3600), Calendar.always()),
        ("4 business hours", BusinessTime(4 * 3600), calendar),
        ("40 business hours", BusinessTime(40 * 3600), calendar),
        ("4 hours, following the sun", BusinessTime(4 * 3600), sun),
        *((what, amount, calendar) for what, amount in days),
    ]
    rows: list[dict[str, object]] = []
    for what, amount, own in cases:
        for start in starts:
            due(start, amount, own)
        times = []
        for _ in range(5):
            begin = time.process_time()
            for start in starts:
                due(start, amount, own)
            times.append((time.process_time() - begin) / len(starts) * 1e6)
        rows.append({"what": f"due, {what}", "found": f"{median(times):.1f} µs", "reach": "20 µs"})
    equal = sum(
        due(start, BusinessTime(14_400), own) == _slow(start, 14_400, own)
        for own in (calendar, sun)
        for start in starts
    )
    rows.append({"what": "equal to the slow clock", "found": f"{equal}/4000", "reach": "all"})
    return rows


def _calendar(zone: str) -> Calendar:
    closed = tuple(
        ClosedDate(date(2027, 1, 1) + timedelta(days=21 * n), f"closed {n}") for n in range(60)
    )
    return Calendar(f"office {zone}", zone, (OpenInterval(WORKDAYS, "09:00", "18:00"),), closed)


def _slow(start: datetime, seconds: int, calendar: Calendar) -> datetime:
    left = seconds
    for begin, end in opening_of(calendar).spans_from(start):
        if left <= end - begin:
            return datetime.fromtimestamp(begin + left, UTC)
        left -= end - begin
    raise AssertionError


def report_rows() -> list[dict[str, object]]:
    """Return the time of reports: one, with its worksheet, twelve months, and ten thousand."""
    terms, history = terms_like({}), _history(500, 1)
    year, observed = _history(6000, 12), history.covered_until
    many = [_varied(number) for number in range(200)]
    outage = Outage(datetime(2027, 4, 10, tzinfo=UTC), 4 * 3600, history)

    def one() -> object:
        return report(terms, history, "2027-04", observed, FEE)

    def with_chronic() -> object:
        return report(terms, year, "2028-03", year.covered_until, FEE)

    def kept() -> object:
        return can_we_keep(terms, year, 12, FEE)

    rows = [
        _timed("report, a month with 500 impacts", "2 ms", one),
        _timed("with its worksheet as JSON and CSV", "", lambda: _written(terms, history)),
        _timed("report with chronic state over 12 months", "", with_chronic),
        _timed("can we keep it, 12 months with 6,000 impacts", "", kept),
        _timed("portfolio of 200 agreements", "", lambda: portfolio(many, outage), 3),
    ]
    fresh = _history(500, 1)
    begin = time.process_time()
    for number in range(CONTRACTS):
        report(many[number % len(many)], fresh, "2027-04", observed, FEE)
    seconds = time.process_time() - begin
    what = f"{CONTRACTS:,} contracts × a month with 500 impacts"
    rows.append({"what": what, "found": f"{seconds:.1f} s", "reach": "20 s"})
    right = sum(_by_seconds(_varied(number)) for number in range(8))
    what = "reports equal to a look at every second"
    rows.append({"what": what, "found": f"{right}/8", "reach": "all"})
    return rows


def _timed(
    what: str, reach: str, work: Callable[[], object], rounds: int = 30
) -> dict[str, object]:
    work()
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        times.append((time.process_time() - begin) * 1000)
    return {"what": what, "found": f"{median(times):.2f} ms", "reach": reach}


def _written(terms: SlaTerms, history: History) -> int:
    answer = report(terms, history, "2027-04", history.covered_until, FEE)
    return len(json.dumps(report_json(answer))) + len(report_csv(answer))


def terms_like(availability: dict[str, object], number: int = 0) -> SlaTerms:
    """Return the demo deal's terms with another way to measure."""
    data: dict[str, Any] = json.loads(_demo_terms())
    data["id"] = f"{data['id']}-{number}"
    data["effective"] = {"from": "2027-03-01", "until": "2030-02-28"}
    data["availability"] |= availability
    return read_terms(data)


def _demo_terms() -> str:
    if not _DEMO:
        shipped = ROOT / "clause_library"
        library = load_library(shipped)
        policy = load_policy(shipped / "policies" / "approval.yaml")
        catalogue = load_catalogue(shipped / "catalogue.yaml")
        deal = load_deal(ROOT / "demo" / "deals" / "placeholder-robotics.yaml", catalogue)
        made = quote(deal, library, policy, catalogue)
        _DEMO.append(json.dumps(project(made.version, library)))
    return _DEMO[0]


_DEMO: list[str] = []


def _varied(number: int) -> SlaTerms:
    """Return one of many contracts: other zones, weights, bases and objectives."""
    rng = random.Random(number)
    basis = rng.choice(["numerator_and_denominator", "downtime_only"])
    partial = rng.choice(["0.3", "0.5", "1"])
    return terms_like(
        {
            "timezone": "UTC" if number % 3 else rng.choice(ZONES[:3]),
            "objective_percent": rng.choice(["99.5", "99.9", "99.95"]),
            "status_weights": {"major_outage": "1", "partial_outage": partial},
            "maintenance": {"excluded_from": basis},
        },
        number,
    )


def _history(impacts: int, months: int) -> History:
    rng = random.Random(7)
    length = (31 * months + 2) * DAY
    made = []
    for number in range(impacts):
        start = FIRST + rng.randrange(length) - DAY
        status = rng.choice(["major_outage", "partial_outage", "degraded_performance"])
        component = rng.choice(["app", "api", "reports"])
        end = start + rng.randrange(30, 900)
        made.append(Impact(f"i{number}", component, status, start, end, start))
    works = tuple(
        MaintenanceWork(FIRST + n * 7 * DAY, FIRST + n * 7 * DAY + 3600, FIRST - 30 * DAY)
        for n in range(4 * months)
    )
    until = FIRST + (366 if months > 1 else 32) * DAY
    return History(FIRST - 2 * DAY, until, tuple(made), works)


def _by_seconds(terms: SlaTerms) -> bool:
    """Tell whether a report of a month is what a look at every second gives."""
    history = _history(500, 1)
    answer = report(terms, history, "2027-04", history.covered_until)
    own = terms.availability
    if own is None:
        return False
    span = answer.result.parts[0].in_force.span
    weights = [Decimal(0)] * span.seconds
    for impact in history.impacts:
        weight = own.weights.get(impact.status, Decimal(0))
        until = impact.end or 0
        for second in range(max(span.start, impact.start), min(span.end, until)):
            weights[second - span.start] = max(weights[second - span.start], weight)
    removed = 0
    for work in answer.result.parts[0].allowed:
        for second in range(work.start, work.end):
            weights[second - span.start] = Decimal(0)
        removed += work.seconds
    down = sum(weights, Decimal(0))
    both = own.maintenance.basis.value == "numerator_and_denominator"
    uptime = answer.result.uptime
    return uptime.down == down and uptime.removed == (removed if both else 0)


def measure() -> list[dict[str, object]]:
    """Return every row."""
    return clock_rows() + report_rows()


def main(arguments: list[str]) -> None:
    """Print the measurements as a table, or as JSON."""
    rows = measure()
    if "--json" in arguments:
        print(json.dumps({"cores": os.cpu_count(), "rows": rows}, indent=2, ensure_ascii=False))
        return
    print("| what | found | reach |\n|---|---|---|")
    for row in rows:
        print(f"| {row['what']} | {row['found']} | {row['reach']} |")


if __name__ == "__main__":
    main(sys.argv[1:])
