"""Zendesk Support: SLA policies, schedules with hours and holidays, a set-up sheet.

A policy names no schedule: its business hours are those of the schedule that a trigger puts on the
ticket, or of the account. Minutes of a schedule count from Sunday 00:00 local time.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import (
    Abilities,
    calendar_of,
    clock_of,
    fits,
    is_paused,
    rest_fidelity,
    rules_fidelity,
    security_fidelity,
    security_severity,
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
from dealdesk.sla.exporters.zendesk_zones import NAMES, zendesk_zone
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import DAYS, MINUTES_A_DAY, Calendar, minute_of_day

TARGET = "zendesk"
SECURITY_TAG = "security_vulnerability"
# Holidays are taken so far ahead and no further.
_AHEAD = timedelta(days=730)
_METRICS = {
    "first_response": "first_reply_time",
    "next_response": "next_reply_time",
    "update": "periodic_update_time",
    "resolution": "total_resolution_time",
}
# Where the contract pauses while it waits for the customer, the clocks that pause on pending.
_PAUSING = {**_METRICS, "update": "pausable_update_time", "resolution": "requester_wait_time"}


def export_zendesk(terms: SlaTerms, options: Options) -> Export:
    """Return the bodies of Zendesk's requests with their fidelity list."""
    priorities = map_severities(terms, SYSTEM, options)
    calendar = policy_calendar(terms)
    files: list[tuple[str, Json]] = [
        ("sla_policy.json", {"sla_policy": main_policy(terms, priorities, options)})
    ]
    if security_severity(terms):
        policy = security_policy(terms, options)
        files.insert(0, ("sla_policy-security.json", {"sla_policy": policy}))
    if calendar:
        files += [
            ("schedule.json", {"schedule": schedule(terms, calendar)}),
            ("workweek.json", {"workweek": {"intervals": intervals(calendar)}}),
            ("holidays.json", {"holidays": [*holidays(calendar)]}),
        ]
    return Export(
        TARGET,
        (
            *(ExportedFile(name, json_text(data)) for name, data in files),
            ExportedFile("setup.txt", "\n".join(_setup(terms, calendar, options)) + "\n"),
        ),
        tuple(_fidelity(terms, priorities, calendar, options)),
    )


SYSTEM = System(
    TARGET,
    "Zendesk",
    export_zendesk,
    ("urgent", "high", "normal", "low"),
    id_form=r"[1-9][0-9]{0,19}",
)


def contract_tag(terms: SlaTerms) -> str:
    """Return the tag that an organisation of this contract carries."""
    return f"sla_{re.sub('[^a-z0-9_-]', '_', terms.id.lower())}"


def policy_calendar(terms: SlaTerms) -> Calendar | None:
    """Return the calendar that becomes the schedule: a ticket has one."""
    return calendar_of(terms, (t for t in terms.targets if t.metric in _METRICS))


def customer_condition(terms: SlaTerms, options: Options) -> dict[str, Json]:
    """Return the condition that a ticket is this customer's: by id, else by tag."""
    if options.customer_id:
        return {"field": "organization_id", "operator": "is", "value": options.customer_id}
    return {"field": "current_tags", "operator": "includes", "value": contract_tag(terms)}


def main_policy(terms: SlaTerms, priorities: PriorityMap, options: Options) -> dict[str, Json]:
    """Return the policy with the times of every priority."""
    rows = [
        _row(priority, target, terms)
        for priority in SYSTEM.priorities
        for metric in _METRICS
        if (target := priorities.target(terms, priority, metric))
        and fits(target, terms, policy_calendar(terms))
    ]
    return _policy(terms, "", 2, [customer_condition(terms, options)], rows)


def security_policy(terms: SlaTerms, options: Options) -> dict[str, Json]:
    """Return the policy ahead of the main one: security reports have one severity's times."""
    severity = security_severity(terms)
    targets = [
        t
        for t in terms.targets
        if t.severity == severity
        and t.metric in _METRICS
        and fits(t, terms, policy_calendar(terms))
    ]
    rows = [_row(priority, target, terms) for priority in SYSTEM.priorities for target in targets]
    tagged: dict[str, Json] = {
        "field": "current_tags",
        "operator": "includes",
        "value": SECURITY_TAG,
    }
    return _policy(terms, " security", 1, [customer_condition(terms, options), tagged], rows)


def _policy(
    terms: SlaTerms, suffix: str, position: int, conditions: list[Json], rows: list[Json]
) -> dict[str, Json]:
    return {
        "title": f"{terms.id}{suffix}",
        "description": f"{one_line(terms.customer)}: SLA terms {terms.id}, "
        f"revision {terms.revision}, text SHA-256 {terms.text_sha256}",
        "position": position,
        "filter": {"all": conditions, "any": []},
        "policy_metrics": rows,
    }


def _row(priority: str, target: Target, terms: SlaTerms) -> Json:
    clock = clock_of(target, terms)
    return {
        "priority": priority,
        "metric": (_PAUSING if is_paused(terms, target) else _METRICS)[target.metric],
        "target": clock.minutes,
        "business_hours": clock.calendar is not None,
    }


def schedule(terms: SlaTerms, calendar: Calendar) -> dict[str, Json]:
    """Return the schedule's own fields."""
    zone = zendesk_zone(calendar.zone, terms.effective_from, terms.effective_until)
    return {"name": f"{terms.id} {calendar.id}", "time_zone": zone}


def intervals(calendar: Calendar) -> list[Json]:
    """Return the weekly hours in minutes since Sunday 00:00; none spans two days."""
    spans = sorted(
        (
            (DAYS.index(day) + 1) % 7 * MINUTES_A_DAY + minute_of_day(interval.opens),
            (DAYS.index(day) + 1) % 7 * MINUTES_A_DAY + minute_of_day(interval.closes),
        )
        for interval in calendar.weekly
        for day in interval.days
    )
    return [{"start_time": start, "end_time": end} for start, end in spans]


def holidays(calendar: Calendar) -> list[dict[str, Json]]:
    """Return the closed dates, a day each."""
    return [
        {"name": c.name or "Closed", "start_date": f"{c.on}", "end_date": f"{c.on}"}
        for c in sorted(calendar.closed, key=lambda c: c.on)
    ]


def _setup(terms: SlaTerms, calendar: Calendar | None, options: Options) -> Iterator[str]:
    yield f"Zendesk set-up for {terms.id}, revision {terms.revision}, {one_line(terms.customer)}"
    yield ""
    if not options.customer_id:
        yield f"- Add the tag {contract_tag(terms)} to the customer's organisation; its tickets"
        yield "  carry the tag then. Or export again with the organisation's --customer-id."
    if calendar:
        yield "- POST schedule.json to /api/v2/business_hours/schedules, PUT workweek.json to its"
        yield "  /workweek, and POST each of holidays.json to its /holidays."
        yield "- Add a trigger on new tickets of this customer: set the schedule to"
        yield f"  {terms.id} {calendar.id}. A policy names no schedule of its own."
    yield "- POST the policies to /api/v2/slas/policies, above those that take any ticket."
    if security_severity(terms):
        yield f"- Tag security reports {SECURITY_TAG}; their policy stands above the main one."


def _fidelity(
    terms: SlaTerms, priorities: PriorityMap, calendar: Calendar | None, options: Options
) -> Iterator[Fidelity]:
    def special(target: Target) -> tuple[Faithful, str] | None:
        if fits(target, terms, calendar):
            return None
        return Faithful.NOT_EXPRESSIBLE, "A ticket has one schedule, and another clock took it."

    yield from times_fidelity(terms, Abilities("Zendesk", _METRICS), priorities, special)
    yield from priorities.fidelity()
    yield from rules_fidelity(
        terms,
        response="Zendesk counts the first public comment of an agent; the contract asks for a "
        "qualified person who begins to diagnose.",
        boundary="Where business time ends at a closing, Zendesk may show the next opening; no "
        "business time lies between. Zendesk could not be run to see.",
        pause=(Faithful.APPROXIMATED, "Zendesk pauses while a ticket is pending; agents set that."),
    )
    if options.customer_id:
        yield Fidelity("customer of a ticket", Faithful.EXACT, "By the organisation's id.")
    else:
        reason = f"By the tag {contract_tag(terms)}, once the organisation carries it."
        yield Fidelity("customer of a ticket", Faithful.EXACT, reason)
    if calendar:
        yield from _calendar_fidelity(terms, calendar)
    yield from security_fidelity(
        terms, Faithful.EXACT, f"A policy of its own, for tickets tagged {SECURITY_TAG}."
    )
    yield from rest_fidelity(terms, "Zendesk")


def _calendar_fidelity(terms: SlaTerms, calendar: Calendar) -> Iterator[Fidelity]:
    name = zendesk_zone(calendar.zone, terms.effective_from, terms.effective_until)
    same = "Zendesk's name for it" if calendar.zone in NAMES else "whose clocks are the same"
    yield Fidelity("time zone", Faithful.EXACT, f"{calendar.zone} as {name}, {same}.")
    far = [c for c in calendar.closed if c.on > terms.effective_from + _AHEAD]
    if far:
        reason = f"Zendesk takes holidays two years ahead; {len(far)} lie further and come later."
        yield Fidelity("closed dates", Faithful.APPROXIMATED, reason)
    else:
        yield Fidelity("closed dates", Faithful.EXACT, "A holiday of one day each.")
    yield Fidelity(
        "schedule of a ticket",
        Faithful.APPROXIMATED,
        "A policy names no schedule; a trigger has to put it on the customer's tickets.",
    )
