"""Neutral JSON: every promise resolved to seconds on a calendar, with sample due times."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import clock_of, promise_name
from dealdesk.sla.exporters.export import (
    Export,
    ExportedFile,
    Faithful,
    Fidelity,
    Options,
    System,
)
from dealdesk.sla.exporters.text_forms import json_text
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.sla.promises import target_words
from dealdesk.terms.calendars import DAYS, Calendar, minute_of_day
from dealdesk.terms.clock import BusinessDays, due
from dealdesk.terms.credits import CreditTier

SCHEMA = "sla-support/1"
TARGET = "json"


def export_neutral(terms: SlaTerms, options: Options) -> Export:
    """Return what a program needs that knows no contracts: calendars, seconds, expected results."""
    del options
    data: dict[str, Json] = {
        "schema": SCHEMA,
        "agreement": {
            "id": terms.id,
            "revision": terms.revision,
            "text_sha256": terms.text_sha256,
            "customer": terms.customer,
            "effective_from": terms.effective_from.isoformat(),
            "effective_until": terms.effective_until.isoformat(),
        },
        "calendars": [_calendar(calendar) for calendar in terms.calendars.values()],
        "severities": [
            {
                "id": severity.id,
                "rank": severity.rank,
                "definition": severity.definition,
                "raised_to_it": list(severity.includes),
            }
            for severity in terms.severities
        ],
        "promises": [_promise(target, terms) for target in terms.targets],
        "pause_when": list(terms.pause_when),
        "pauses_stop": list(terms.pauses_stop),
        "availability": _availability(terms),
        "credits": _credits(terms),
        "chronic_failure": _chronic(terms),
    }
    file = ExportedFile("sla-support.json", json_text(data))
    return Export(TARGET, (file,), tuple(_fidelity(terms)))


SYSTEM = System(TARGET, "Neutral JSON", export_neutral)


def _calendar(calendar: Calendar) -> Json:
    if calendar.always_open:
        return {"id": calendar.id, "always_open": True}
    return {
        "id": calendar.id,
        "always_open": False,
        "timezone": calendar.zone,
        "open_minutes": {
            day: _minutes((i.opens, i.closes) for i in calendar.weekly if day in i.days)
            for day in DAYS
        },
        "closed_dates": [c.on.isoformat() for c in calendar.closed],
        "special_days": {day.on.isoformat(): _minutes(day.hours) for day in calendar.special},
        "open_while_any_of": [part.id for part in calendar.parts],
    }


def _minutes(spans: Iterable[tuple[str, str]]) -> Json:
    return [[minute_of_day(opens), minute_of_day(closes)] for opens, closes in sorted(spans)]


def _promise(target: Target, terms: SlaTerms) -> Json:
    clock, amount = clock_of(target, terms), target.amount
    days: dict[str, Json] = {}
    if isinstance(amount, BusinessDays):
        days = {
            "business_days": amount.days,
            "business_day_rule": amount.rule.value,
            "business_days_after": amount.start.value,
        }
    return {
        "severity": target.severity,
        "metric": target.metric,
        "words": target_words(target),
        "seconds": clock.seconds,
        "calendar": target.calendar if clock.calendar or clock.is_sooner else None,
        **days,
        "samples": [
            {"from": _utc(at), "due": _utc(due(at, amount, terms.calendars[target.calendar]))}
            for at in _sample_times(target, terms)
        ],
    }


def _sample_times(target: Target, terms: SlaTerms) -> Iterator[datetime]:
    """Yield a morning, a Friday afternoon, a Saturday, and the day before a closed date."""
    calendar = terms.calendars[target.calendar]
    zone = ZoneInfo(calendar.zone)
    first = terms.effective_from
    friday = first + timedelta(days=(4 - first.weekday()) % 7)
    closed = sorted(c.on for c in calendar.closed if c.on > first)
    days = [
        (first, time(10)),
        (friday, time(16, 30)),
        (friday + timedelta(days=1), time(3)),
        *((day - timedelta(days=1), time(15)) for day in closed[:1]),
    ]
    for day, clock in days:
        yield datetime.combine(day, clock, zone).astimezone(UTC)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _availability(terms: SlaTerms) -> Json:
    promised = terms.availability
    if promised is None:
        return None
    return {
        "objective_percent": f"{promised.objective:f}",
        "period": promised.period.value,
        "timezone": promised.timezone,
        "min_incident_seconds": promised.min_incident_seconds,
        "status_weights": {status: f"{weight:f}" for status, weight in promised.weights.items()},
        "maintenance": {
            "excluded_from": promised.maintenance.basis.value,
            "notice_seconds": promised.maintenance.notice_seconds,
            "cap_seconds_per_month": promised.maintenance.cap_seconds_per_month,
            "cap_seconds_per_year": promised.maintenance.cap_seconds_per_year,
            "windows": [
                {"days": list(window.days), "open": window.opens, "close": window.closes}
                for window in promised.maintenance.windows
            ],
        },
        "exclusions": list(promised.exclusions),
        "exclusions_from": promised.exclusions_basis.value,
        "measure": promised.measure.value,
        "minute_error_rate_over_percent": f"{promised.minute_error_rate_percent:f}",
        "components": {one.id: f"{one.share:f}" for one in promised.components},
        "component_rule": promised.component_rule.value,
        "billing_day": promised.billing_day,
    }


def _credits(terms: SlaTerms) -> Json:
    if terms.credits is None:
        return None
    promised, response = terms.credits, terms.credits.response
    return {
        "tiers": _tiers(promised.tiers),
        "base": promised.base,
        "cap_percent": _percent(promised.cap_percent),
        "cap_per_year_percent": _percent(promised.cap_per_year_percent),
        "automatic": promised.automatic,
        "claim_days": promised.claim_days,
        "response": None
        if response is None
        else {
            "target_percent": _percent(response.target_percent),
            "tiers": _tiers(response.tiers),
            "per_miss_percent": _percent(response.per_miss_percent),
            "metrics": list(response.metrics),
        },
    }


def _tiers(tiers: Iterable[CreditTier]) -> Json:
    return [
        {"below_percent": _percent(tier.below), "credit_percent": _percent(tier.credit)}
        for tier in tiers
    ]


def _percent(number: Decimal | None) -> str | None:
    return f"{number:f}" if number is not None else None


def _chronic(terms: SlaTerms) -> Json:
    rule = terms.chronic
    if rule is None:
        return None
    return {
        "missed": rule.missed,
        "window": rule.window,
        "mode": rule.mode.value,
        "below_percent": _percent(rule.below),
        "notice_days": rule.notice_days,
    }


def _fidelity(terms: SlaTerms) -> Iterator[Fidelity]:
    for target in terms.targets:
        reason = "Seconds, calendar and rule as the contract has them, with sample due times."
        yield Fidelity(promise_name(target), Faithful.EXACT, reason)
    if terms.availability:
        yield Fidelity("availability", Faithful.EXACT, "Every part of the formula is there.")
    if terms.credits:
        yield Fidelity("service credits", Faithful.EXACT, "Tiers, cap and claim are there.")
