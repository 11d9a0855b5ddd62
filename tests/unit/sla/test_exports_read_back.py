"""Exports read back by other code promise what the contract promises, wherever they say "exact"."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters.clocks import promise_name
from dealdesk.sla.exporters.export import Export, Faithful, Options
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.exporters.zendesk_zones import NAMES
from dealdesk.sla.model import SlaTerms, Target, read_terms
from dealdesk.terms.calendars import DAYS, Calendar, ClosedDate, OpenInterval, SpecialDay
from dealdesk.terms.clock import Amount, BusinessTime, Elapsed, due
from dealdesk.terms.opening import NeverOpenError
from tests.unit.sla.exports import (
    CONTRACTS,
    SUN,
    contract,
    data_of,
    entries,
    exported,
    schema_errors,
)

WEEK = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
RANK = {"sev1": 0, "sev2": 1, "sev3": 2, "critical": 0, "normal": 1}


@dataclass
class Read:
    """A time as a system would count it."""

    amount: Amount
    calendar: Calendar


def clock_text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def of(seconds: int, calendar: Calendar | None) -> Read:
    if calendar is None:
        return Read(Elapsed(seconds), Calendar.always())
    return Read(BusinessTime(seconds), calendar)


def from_zendesk(export: Export, target: Target) -> Read:
    metrics = {
        "first_response": "first_reply_time",
        "next_response": "next_reply_time",
        "update": "periodic_update_time",
        "resolution": "requester_wait_time",
    }
    priority = EXPORTERS["zendesk"].priorities[RANK[target.severity]]
    rows = data_of(export, "sla_policy.json")["sla_policy"]["policy_metrics"]
    (row,) = [r for r in rows if (r["priority"], r["metric"]) == (priority, metrics[target.metric])]
    if not row["business_hours"]:
        return of(60 * row["target"], None)
    zones = {name: zone for zone, name in NAMES.items()}
    weekly = []
    for span in data_of(export, "workweek.json")["workweek"]["intervals"]:
        day, start = divmod(span["start_time"], 1440)
        weekly.append(
            OpenInterval((WEEK[day],), clock_text(start), clock_text(span["end_time"] - 1440 * day))
        )
    closed = tuple(
        ClosedDate(datetime.fromisoformat(h["start_date"]).date(), h["name"])
        for h in data_of(export, "holidays.json")["holidays"]
    )
    zone = zones[data_of(export, "schedule.json")["schedule"]["time_zone"]]
    return of(60 * row["target"], Calendar("read", zone, tuple(weekly), closed))


def from_zammad(export: Export, target: Target) -> Read:
    metrics = {
        "first_response": "first_response_time",
        "next_response": "response_time",
        "update": "update_time",
        "resolution": "solution_time",
    }
    number = str(3 - RANK[target.severity])
    slas = [data_of(export, file.name) for file in export.files if file.name.startswith("sla-")]
    (sla,) = [
        s for s in slas if s["condition"].get("ticket.priority_id", {}).get("value") == [number]
    ]
    bodies = [
        data_of(export, file.name) for file in export.files if file.name.startswith("calendar-")
    ]
    (body,) = [b for b in bodies if b["name"] == sla["calendar"]]
    weekly = tuple(
        OpenInterval((day,), opens, "24:00" if closes == "23:59" else closes)
        for day, hours in body["business_hours"].items()
        if hours["active"]
        for opens, closes in hours["timeframes"]
    )
    closed = tuple(
        ClosedDate(datetime.fromisoformat(day).date(), "") for day in body["public_holidays"]
    )
    return of(60 * sla[metrics[target.metric]], Calendar("read", body["timezone"], weekly, closed))


def from_servicenow(export: Export, target: Target) -> Read:
    priority = EXPORTERS["servicenow"].priorities[RANK[target.severity]]
    kind = {"first_response": "response", "resolution": "resolution"}[target.metric]
    rows = data_of(export, "contract_sla.json")
    (row,) = [r for r in rows if r["name"].endswith(f"priority {priority} {kind}")]
    length = datetime.fromisoformat(row["duration"]) - datetime.fromisoformat("1970-01-01")
    seconds = int(length.total_seconds())
    if row["schedule_source"] == "no_schedule":
        return of(seconds, None)
    spans = [
        s for s in data_of(export, "cmn_schedule_span.json") if s["schedule"] == row["schedule"]
    ]
    weekly = tuple(
        OpenInterval(tuple(DAYS[int(n) - 1] for n in span["days_of_week"]), *hours_of(span))
        for span in spans
        if span["repeat_type"] == "weekly"
    )
    one_day = [s for s in spans if s["repeat_type"] == ""]
    closed = tuple(ClosedDate(day_of(s), "") for s in one_day if s.get("all_day") == "true")
    opened = [s for s in one_day if s["type"] == ""]
    special = tuple(
        SpecialDay(day, "", tuple(hours_of(s) for s in opened if day_of(s) == day))
        for day in sorted({day_of(s) for s in opened})
    )
    return of(seconds, Calendar("read", row["timezone"], weekly, closed, special=special))


def day_of(span: dict[str, Any]) -> date:
    return date.fromisoformat(span["start_date_time"][:8])


def hours_of(span: dict[str, Any]) -> tuple[str, str]:
    """Return the hours of a span; its last second stands for midnight."""
    opens, closes = (span[key][9:] for key in ("start_date_time", "end_date_time"))
    end = "24:00" if closes == "235959" else f"{closes[:2]}:{closes[2:4]}"
    return f"{opens[:2]}:{opens[2:4]}", end


def from_neutral(export: Export, target: Target) -> Read:
    data = data_of(export, "sla-support.json")
    (row,) = [
        p
        for p in data["promises"]
        if (p["severity"], p["metric"]) == (target.severity, target.metric)
    ]
    if row["calendar"] is None:
        return of(row["seconds"], None)
    bodies = {body["id"]: body for body in data["calendars"]}
    return of(row["seconds"], neutral_calendar(bodies, row["calendar"]))


def neutral_calendar(bodies: dict[str, Any], name: str) -> Calendar:
    body = bodies[name]
    weekly = tuple(
        OpenInterval((day,), clock_text(a), clock_text(b))
        for day, spans in body["open_minutes"].items()
        for a, b in spans
    )
    closed = tuple(ClosedDate(date.fromisoformat(d), "") for d in body["closed_dates"])
    special = tuple(
        SpecialDay(
            date.fromisoformat(d), "", tuple((clock_text(a), clock_text(b)) for a, b in spans)
        )
        for d, spans in body["special_days"].items()
    )
    parts = tuple(neutral_calendar(bodies, part) for part in body["open_while_any_of"])
    return Calendar(name, body["timezone"], weekly, closed, special=special, parts=parts)


READERS: dict[str, Callable[[Export, Target], Read]] = {
    "zendesk": from_zendesk,
    "zammad": from_zammad,
    "servicenow": from_servicenow,
    "json": from_neutral,
}


def exact_targets(terms: SlaTerms, export: Export) -> Iterator[Target]:
    told = entries(export)
    for target in terms.targets:
        if told[promise_name(target)].kept is Faithful.EXACT:
            yield target


@pytest.mark.parametrize("name", CONTRACTS)
@pytest.mark.parametrize("target", list(READERS))
def test_what_is_exact_comes_due_when_the_contract_says(target: str, name: str) -> None:
    terms, export = contract(name), exported(name, target)
    chance = random.Random(20261101)
    first = datetime.combine(terms.effective_from, time(), UTC)
    days = (terms.effective_until - terms.effective_from).days - 30
    checked = 0
    for promised in exact_targets(terms, export):
        if target == "json" and "BusinessDays" in str(promised.amount):
            continue  # neutral JSON names the rule; its seconds are for systems that can't count days
        read = READERS[target](export, promised)
        for _ in range(40):
            at = first + timedelta(seconds=chance.randrange(days * 86_400))
            mine = due(at, promised.amount, terms.calendars[promised.calendar])
            assert due(at, read.amount, read.calendar) == mine, promise_name(promised)
            checked += 1
    assert checked or name == SUN  # whose hours of several teams and half days few systems have


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_samples_of_neutral_json_are_what_our_clock_gives(name: str) -> None:
    terms = contract(name)
    for row in data_of(exported(name, "json"), "sla-support.json")["promises"]:
        target = terms.target(row["severity"], row["metric"])
        assert target is not None
        for sample in row["samples"]:
            mine = due(
                datetime.fromisoformat(sample["from"]),
                target.amount,
                terms.calendars[target.calendar],
            )
            assert mine == datetime.fromisoformat(sample["due"])


METRICS = ("first_response", "next_response", "update", "workaround", "resolution")
NAMES_ODD = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


@st.composite
def any_terms(draw: st.DrawFn) -> dict[str, Any]:
    """Terms of any shape that the schema allows and that ticket systems meet."""
    number = draw(st.integers(1, 6))
    calendars: list[dict[str, Any]] = [{"id": "24x7", "always_open": True}]
    for index in range(draw(st.integers(0, 2))):
        weekly = []
        for day in draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True)):
            cuts = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True)))
            weekly += [
                {"days": [day], "open": clock_text(a), "close": clock_text(b)}
                for a, b in zip(cuts[::2], cuts[1::2], strict=False)
            ]
        closed = draw(
            st.lists(
                st.dates(date(2026, 1, 1), date(2031, 1, 1)),
                max_size=3,
                unique=True,
            )
        )
        calendars.append(
            {
                "id": f"c{index}",
                "timezone": draw(
                    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"])
                ),
                "weekly": weekly,
                "closed_dates": [{"date": str(d), "name": draw(NAMES_ODD)} for d in closed],
                "closed_source": "drawn",
            }
        )
    seconds = st.integers(1, 400_000)
    amounts = st.one_of(
        st.builds(lambda s: {"kind": "elapsed", "seconds": s}, seconds),
        st.builds(lambda s: {"kind": "business_time", "seconds": s}, seconds),
        st.builds(
            lambda d, r: {"kind": "business_days", "days": d, "rule": r},
            st.integers(1, 5),
            st.sampled_from(["same_time", "end_of_day", "open_length"]),
        ),
    )
    targets = [
        {
            "severity": f"s{n}",
            "metric": metric,
            "amount": draw(amounts),
            "calendar": draw(st.sampled_from([c["id"] for c in calendars])),
        }
        for n in range(number)
        for metric in draw(st.lists(st.sampled_from(METRICS), max_size=5, unique=True))
    ]
    return {
        "schema": "sla-terms/1", "id": "DRAWN-1", "revision": 1, "text_sha256": "0" * 64,
        "customer": {"name": draw(NAMES_ODD)},
        "effective": {"from": "2026-07-01", "until": draw(st.sampled_from(["2026-07-02", "2027-06-30", "2029-06-30"]))},
        "services": ["app"], "calendars": calendars,
        "severities": [{"id": f"s{n}", "rank": n + 1, "definition": "d", **({"includes": ["security_vulnerability"]} if n == 0 and draw(st.booleans()) else {})} for n in range(number)],
        "targets": targets,
        "clock_rules": {"pause_when": ["waiting"]} if draw(st.booleans()) else {},
        "availability": {
            "objective_percent": draw(st.sampled_from(["99", "99.9", "99.99999"])),
            "period": draw(st.sampled_from(["calendar_month", "calendar_quarter", "calendar_year"])),
            "timezone": "UTC",
            "maintenance": {"excluded_from": draw(st.sampled_from(["numerator_and_denominator", "downtime_only", "counts_as_downtime"]))},
        },
        "provenance": [],
    }  # fmt: skip


@given(any_terms(), st.sampled_from(list(EXPORTERS)))
@settings(max_examples=100, deadline=None)
def test_any_terms_export_whole_and_honest_or_are_refused_in_a_sentence(
    data: dict[str, Any], target: str
) -> None:
    terms = read_terms(data)
    try:
        export = export_terms(
            terms, target, Options(customer_id="4711" if target == "freshdesk" else "")
        )
    except NeverOpenError:
        return  # a promise that no calendar of these hours can bring due
    except DomainError as error:
        if "--severity-map" not in str(error):
            raise
        return
    for file in export.files:
        if file.name.endswith((".json", ".yaml")):
            assert list(schema_errors(target, file)) == []
    told = [entry.promise for entry in export.fidelity]
    assert len(told) == len(set(told))
    assert {promise_name(promised) for promised in terms.targets} <= set(told)
