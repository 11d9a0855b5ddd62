"""ServiceNow: rows for the Table API, schedules with their spans and one SLA for each promise.

A duration of "1 day" is 24 hours of the schedule there, which would triple a promise of one day of
eight hours: durations are written in hours of business time.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import md5

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import (
    Abilities,
    Clock,
    clock_of,
    is_paused,
    rest_fidelity,
    rules_fidelity,
    security_fidelity,
    security_severity,
    support_calendars,
    times_fidelity,
)
from dealdesk.sla.exporters.export import (
    Export,
    ExportedFile,
    Faithful,
    Fidelity,
    Options,
    System,
)
from dealdesk.sla.exporters.severity_map import PriorityMap, map_severities
from dealdesk.sla.exporters.text_forms import json_text, one_line
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import DAYS, MINUTES_A_DAY, Calendar, minute_of_day

TARGET = "servicenow"
_METRICS = {"first_response": "response", "resolution": "resolution"}
# When each clock stops: the incident left New, or is resolved or closed.
_STOP = {"first_response": "state!=1", "resolution": "stateIN6,7"}
_ON_HOLD = "state=3^hold_reason=1"
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - durations are written as a time since then


def export_servicenow(terms: SlaTerms, options: Options) -> Export:
    """Return rows for three tables with their fidelity list."""
    priorities = map_severities(terms, SYSTEM, options)
    calendars = support_calendars(terms)
    files = (
        ("cmn_schedule.json", [_schedule(terms, calendar) for calendar in calendars]),
        ("cmn_schedule_span.json", [s for calendar in calendars for s in _spans(terms, calendar)]),
        ("contract_sla.json", list(_slas(terms, priorities, options))),
    )
    sheet = ExportedFile("setup.txt", "\n".join(_setup(terms, options)) + "\n")
    return Export(
        TARGET,
        (*(ExportedFile(name, json_text(rows)) for name, rows in files if rows), sheet),
        tuple(_fidelity(terms, priorities, options)),
    )


SYSTEM = System(
    TARGET,
    "ServiceNow",
    export_servicenow,
    ("1", "2", "3", "4", "5"),
    id_form="[0-9a-f]{32}",
)


def row_id(terms: SlaTerms, key: str) -> str:
    """Return the sys_id of a row of ours: the same for every export of the agreement."""
    return md5(f"{terms.id} {key}".encode(), usedforsecurity=False).hexdigest()


def _schedule(terms: SlaTerms, calendar: Calendar) -> Json:
    return {
        "sys_id": row_id(terms, f"schedule {calendar.id}"),
        "name": f"{terms.id} {calendar.id}",
        "time_zone": calendar.zone,
        "description": _note(terms),
    }


def _spans(terms: SlaTerms, calendar: Calendar) -> Iterator[Json]:
    week = [terms.effective_from + n * _DAY for n in range(7)]
    for interval in calendar.weekly:
        numbers = "".join(str(DAYS.index(day) + 1) for day in interval.days)
        first = next(day for day in week if DAYS[day.weekday()] in interval.days)
        begin = datetime.combine(first, time())
        yield {
            "sys_id": row_id(terms, f"span {calendar.id} {numbers} {interval.opens}"),
            "schedule": row_id(terms, f"schedule {calendar.id}"),
            "name": f"{interval.opens} to {interval.closes}",
            "type": "",
            "show_as": "busy",
            "start_date_time": _floating(begin, minute_of_day(interval.opens)),
            "end_date_time": _floating(begin, minute_of_day(interval.closes)),
            "repeat_type": "weekly",
            "repeat_count": "1",
            "days_of_week": numbers,
        }
    for closed in sorted(calendar.closed, key=lambda c: c.on):
        row = _one_off(terms, calendar, closed.on, (0, MINUTES_A_DAY), "exclude")
        yield {**row, "name": closed.name or "Closed", "all_day": "true"}
    for special in sorted(calendar.special, key=lambda day: day.on):
        hours = sorted((minute_of_day(a), minute_of_day(b)) for a, b in special.hours)
        cuts = [0, *(minute for span in hours for minute in span), MINUTES_A_DAY]
        for shut in zip(cuts[::2], cuts[1::2], strict=True):
            if shut[0] < shut[1]:
                yield _one_off(terms, calendar, special.on, shut, "exclude")
        for span in hours:
            yield _one_off(terms, calendar, special.on, span, "")


def _one_off(
    terms: SlaTerms, calendar: Calendar, on: date, span: tuple[int, int], kind: str
) -> dict[str, Json]:
    """Return a span of one day: open, or taken out of the weekly hours."""
    begin = datetime.combine(on, time())
    return {
        "sys_id": row_id(terms, f"{kind or 'open'} {calendar.id} {on} {span[0]}"),
        "schedule": row_id(terms, f"schedule {calendar.id}"),
        "name": f"{on} {kind or 'open'}",
        "type": kind,
        "show_as": "busy",
        "start_date_time": _floating(begin, span[0]),
        "end_date_time": _floating(begin, span[1]),
        "repeat_type": "",
    }


def _floating(day: datetime, minute: int) -> str:
    """Return a time without a zone: the schedule has the zone."""
    if minute == MINUTES_A_DAY:
        return f"{day:%Y%m%d}T235959"
    return f"{day + timedelta(minutes=minute):%Y%m%dT%H%M%S}"


def _slas(terms: SlaTerms, priorities: PriorityMap, options: Options) -> Iterator[Json]:
    for priority in SYSTEM.priorities:
        for metric in _METRICS:
            target = priorities.target(terms, priority, metric)
            if target is not None:
                yield _sla(terms, priority, target, _start(terms, priority, target, options))


def _start(terms: SlaTerms, priority: str, target: Target, options: Options) -> str:
    """Return which incidents a clock starts for, as an encoded query."""
    customer = (
        f"company={options.customer_id}"
        if options.customer_id
        else f"company.name={_escaped(one_line(terms.customer))}"
    )
    security = security_severity(terms)
    if security is None:
        return f"{customer}^priority={priority}"
    # ^OR joins the condition just before it.
    if target.severity == security:
        return f"{customer}^priority={priority}^ORcategory=security"
    return f"{customer}^priority={priority}^category!=security"


def _escaped(text: str) -> str:
    return text.replace("^", "^^")


def _sla(terms: SlaTerms, priority: str, target: Target, start: str) -> Json:
    clock = clock_of(target, terms)
    return {
        "sys_id": row_id(terms, f"sla {priority} {target.metric}"),
        "name": f"{terms.id} priority {priority} {_METRICS[target.metric]}",
        "type": "SLA",
        "collection": "incident",
        "target": _METRICS[target.metric],
        "active": "true",
        "duration_type": "",
        "duration": f"{_EPOCH + timedelta(seconds=clock.seconds)}",
        **_schedule_of(terms, clock),
        "start_condition": start,
        "stop_condition": _STOP[target.metric],
        "pause_condition": _ON_HOLD if is_paused(terms, target) else "",
        "retroactive": "true",
        "set_start_to": "sys_created_on",
        "description": _note(terms),
    }


def _schedule_of(terms: SlaTerms, clock: Clock) -> dict[str, Json]:
    if clock.calendar is None:
        return {"schedule_source": "no_schedule"}
    return {
        "schedule_source": "sla_definition",
        "schedule": row_id(terms, f"schedule {clock.calendar.id}"),
        "timezone_source": "sla.timezone",
        "timezone": clock.calendar.zone,
    }


def _setup(terms: SlaTerms, options: Options) -> Iterator[str]:
    yield f"ServiceNow set-up for {terms.id}, revision {terms.revision}, {one_line(terms.customer)}"
    yield ""
    yield "- POST each row to /api/now/table/ and the table that its file is named for, in the"
    yield "  order cmn_schedule, cmn_schedule_span, contract_sla. Rows keep their sys_id, so that a"
    yield "  later export changes the same rows (PUT)."
    yield "- A duration counts hours of the schedule: 1970-01-02 21:00:00 is 45 hours of it."
    if not options.customer_id:
        yield f"- The company is named exactly {one_line(terms.customer)}."
    if security_severity(terms):
        yield "- Security reports are incidents of the category security."


def _note(terms: SlaTerms) -> str:
    return f"SLA terms {terms.id}, revision {terms.revision}, text SHA-256 {terms.text_sha256}"


def _fidelity(terms: SlaTerms, priorities: PriorityMap, options: Options) -> Iterator[Fidelity]:
    yield from times_fidelity(
        terms, Abilities("ServiceNow", _METRICS, 1, has_special=True), priorities
    )
    yield from priorities.fidelity()
    yield from rules_fidelity(
        terms,
        response="The clock stops when an incident leaves New, the nearest to a qualified person "
        "who begins to diagnose.",
        boundary="Where business time ends at a closing, ServiceNow may show the next opening; no "
        "business time lies between. ServiceNow could not be run to see.",
        pause=(Faithful.EXACT, "The clock pauses on hold for the reason awaiting caller."),
    )
    by = "By the company's sys_id." if options.customer_id else "By the company's name."
    yield Fidelity("customer of a ticket", Faithful.EXACT, by)
    for calendar in support_calendars(terms):
        yield _hours_fidelity(calendar)
    yield from security_fidelity(
        terms, Faithful.EXACT, "Incidents of the category security take these times."
    )
    yield from rest_fidelity(terms, "ServiceNow", has_special=True)


def _hours_fidelity(calendar: Calendar) -> Fidelity:
    if any(interval.closes == "24:00" for interval in calendar.weekly):
        reason = "A span ends at 23:59:59 where the hours end at midnight: a second less."
        return Fidelity(f"hours of {calendar.id}", Faithful.APPROXIMATED, reason)
    reason = "Weekly spans in the calendar's zone, closed dates excluded."
    return Fidelity(f"hours of {calendar.id}", Faithful.EXACT, reason)
