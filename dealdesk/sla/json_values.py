"""Typed values as the SLA terms write them: decimals as text, durations in seconds."""

from collections.abc import Mapping

from dealdesk.kernel.hashing import Json
from dealdesk.terms.calendars import Calendar, OpenInterval
from dealdesk.terms.clock import Amount, BusinessDays, BusinessTime, DayStart, Elapsed
from dealdesk.terms.formatting import format_number
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.value_types import TypedValue
from dealdesk.terms.values import (
    Day,
    Duration,
    Integer,
    Multiple,
    Nothing,
    Option,
    OptionSet,
    Percent,
    TextValue,
    Unit,
)

SECONDS = {
    Unit.MINUTES: 60,
    Unit.HOURS: 3_600,
    Unit.BUSINESS_HOURS: 3_600,
    Unit.DAYS: 86_400,
    Unit.WEEKS: 604_800,
}
# Lengths that have no fixed number of seconds stay in their own unit.
_NAMED = {Unit.BUSINESS_DAYS: "business_days", Unit.MONTHS: "months", Unit.YEARS: "years"}


def plain_number(typed: TypedValue) -> str:
    """Return a number's digits without grouping: "99.95"."""
    value = typed.value
    if isinstance(value, Percent | Multiple):
        return format_number(value.number, LOCALES["en"]).replace(",", "")
    msg = f"{value!r} is not a number"
    raise TypeError(msg)


def json_of(typed: TypedValue) -> Json:
    """Return a single value as the SLA terms write it; "none" is null."""
    match typed.value:
        case Nothing():
            return None
        case Percent() | Multiple():
            return plain_number(typed)
        case Integer(number=count):
            return count
        case Duration():
            return duration_json(typed.value)
        case Option(id="true" | "false" as option):
            return option == "true"
        case Option(id=option):
            return option
        case OptionSet(ids=options):
            return list(options)
        case TextValue(text=text):
            return text
        case Day(on=on):
            return on.isoformat()
        case Calendar():
            return calendar_json(typed.value)
    msg = f"{typed.value!r} has no form in the SLA terms"
    raise TypeError(msg)


def duration_json(duration: Duration) -> Json:
    """Return a length of time in seconds, or in its own unit where that has none."""
    if duration.unit in SECONDS:
        return {"seconds": duration.amount * SECONDS[duration.unit]}
    return {_NAMED[duration.unit]: duration.amount}


def amount_json(
    duration: Duration,
    business_day_rule: str,
    *,
    is_always_open: bool,
    day_start: str = DayStart.REPORT,
) -> Mapping[str, Json]:
    """Return a response time as kind and amount; business days carry the contract's rules.

    Minutes and hours run at all hours only on the clock that is always open; on any other clock
    the text has them run while it is open, whether or not it calls them business hours.
    """
    match duration.unit:
        case Unit.BUSINESS_DAYS:
            return {
                "kind": "business_days",
                "days": duration.amount,
                "rule": business_day_rule,
                "start": str(day_start),
            }
        case Unit.MINUTES | Unit.HOURS if not is_always_open:
            kind = "business_time"
        case Unit.BUSINESS_HOURS:
            kind = "business_time"
        case _:
            kind = "elapsed"
    return {"kind": kind, "seconds": duration.amount * SECONDS[duration.unit]}


def target_json(amount: Amount) -> Mapping[str, Json]:
    """Return an amount of time as the terms write it."""
    match amount:
        case Elapsed(seconds=seconds):
            return {"kind": "elapsed", "seconds": seconds}
        case BusinessTime(seconds=seconds):
            return {"kind": "business_time", "seconds": seconds}
        case BusinessDays(days=days, rule=rule, start=start):
            return {
                "kind": "business_days",
                "days": days,
                "rule": rule.value,
                "start": start.value,
            }


def calendar_json(calendar: Calendar) -> Mapping[str, Json]:
    """Return a calendar with its hours and its frozen closed dates."""
    if calendar.always_open:
        return {"id": calendar.id, "always_open": True}
    if calendar.parts:
        return {
            "id": calendar.id,
            "timezone": calendar.zone,
            "parts": [part.id for part in calendar.parts],
        }
    data: dict[str, Json] = {
        "id": calendar.id,
        "timezone": calendar.zone,
        "weekly": [_interval_json(interval) for interval in calendar.weekly],
        "closed_dates": [{"date": c.on.isoformat(), "name": c.name} for c in calendar.closed],
        "closed_source": calendar.source,
    }
    if calendar.special:
        data["special_days"] = [
            {
                "date": day.on.isoformat(),
                "name": day.name,
                "hours": [{"open": opens, "close": closes} for opens, closes in day.hours],
            }
            for day in calendar.special
        ]
    return data


def _interval_json(interval: OpenInterval) -> Mapping[str, Json]:
    return {"days": list(interval.days), "open": interval.opens, "close": interval.closes}
