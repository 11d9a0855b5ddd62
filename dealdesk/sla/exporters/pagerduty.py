"""PagerDuty: a service for the customer with support hours, and an escalation policy."""

from collections.abc import Iterator

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import (
    MINUTE,
    calendar_of,
    clock_of,
    promise_name,
    rest_fidelity,
    security_fidelity,
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
from dealdesk.terms.calendars import DAYS, Calendar

TARGET = "pagerduty"
_FIRST = "first_response"


def export_pagerduty(terms: SlaTerms, options: Options) -> Export:
    """Return the bodies of PagerDuty's requests with a set-up sheet and the fidelity list."""
    priorities = map_severities(terms, SYSTEM, options)
    files = (
        ("escalation_policy.json", json_text({"escalation_policy": _escalation(terms)})),
        ("service.json", json_text({"service": _service(terms)})),
        ("setup.txt", "\n".join(_setup(terms, priorities)) + "\n"),
    )
    return Export(
        TARGET,
        tuple(ExportedFile(name, text) for name, text in files),
        tuple(_fidelity(terms, priorities)),
    )


SYSTEM = System(TARGET, "PagerDuty", export_pagerduty, ("P1", "P2", "P3", "P4", "P5"))


def _shortest(terms: SlaTerms) -> Target | None:
    first = [target for target in terms.targets if target.metric == _FIRST]
    return min(first, key=lambda target: clock_of(target, terms).seconds, default=None)


def _escalation(terms: SlaTerms) -> dict[str, Json]:
    """Return the policy: who does not answer in half the shortest response time is passed over."""
    shortest = _shortest(terms)
    seconds = clock_of(shortest, terms).seconds if shortest else 2 * 30 * MINUTE
    return {
        "type": "escalation_policy",
        "name": terms.id,
        "description": _note(terms),
        "num_loops": 2,
        "escalation_rules": [
            {"escalation_delay_in_minutes": max(1, seconds // 2 // MINUTE), "targets": []}
        ],
    }


def _service(terms: SlaTerms) -> dict[str, Json]:
    calendar = calendar_of(terms, (t for t in terms.targets if t.metric == _FIRST))
    service: dict[str, Json] = {
        "type": "service",
        "name": f"{terms.id} {one_line(terms.customer)}"[:255],
        "description": _note(terms),
        "status": "active",
        "acknowledgement_timeout": None,
        "auto_resolve_timeout": None,
        "alert_creation": "create_alerts_and_incidents",
    }
    if calendar is None:
        urgency: Json = {"type": "constant", "urgency": "high"}
        return {**service, "incident_urgency_rule": urgency}
    return {
        **service,
        "incident_urgency_rule": {
            "type": "use_support_hours",
            "during_support_hours": {"type": "constant", "urgency": "high"},
            # By night only what is critical by its own severity wakes anybody.
            "outside_support_hours": {"type": "constant", "urgency": "severity_based"},
        },
        "support_hours": _hours(calendar),
        "scheduled_actions": [],
    }


def _hours(calendar: Calendar) -> Json:
    """Return one interval for all days: the earliest opening to the latest closing."""
    days = sorted({DAYS.index(day) + 1 for i in calendar.weekly for day in i.days})
    closes = max(i.closes for i in calendar.weekly)
    return {
        "type": "fixed_time_per_day",
        "time_zone": calendar.zone,
        "start_time": f"{min(i.opens for i in calendar.weekly)}:00",
        "end_time": "23:59:59" if closes == "24:00" else f"{closes}:00",
        "days_of_week": days,
    }


def _note(terms: SlaTerms) -> str:
    return f"SLA terms {terms.id}, revision {terms.revision}, text SHA-256 {terms.text_sha256}"


def _setup(terms: SlaTerms, priorities: PriorityMap) -> Iterator[str]:
    yield f"PagerDuty set-up for {terms.id}, revision {terms.revision}, {one_line(terms.customer)}"
    yield ""
    yield "- Put your on-call schedules into targets of escalation_policy.json and POST it to"
    yield "  /escalation_policies; PagerDuty refuses a rule without targets."
    yield "- Put its id into the service as escalation_policy and POST service.json to /services."
    yield "- Give incidents these priorities:"
    for severity, priority in priorities.chosen.items():
        yield f"    {severity}: {priority}"


def _fidelity(terms: SlaTerms, priorities: PriorityMap) -> Iterator[Fidelity]:
    shortest = _shortest(terms)
    for target in terms.targets:
        if target == shortest:
            reason = "The next person is paged at half the time; nothing is due in PagerDuty."
            yield Fidelity(promise_name(target), Faithful.APPROXIMATED, reason)
        else:
            reason = "PagerDuty has no due times, and one delay for all incidents of a service."
            yield Fidelity(promise_name(target), Faithful.NOT_EXPRESSIBLE, reason)
    yield from priorities.fidelity()
    calendar = calendar_of(terms, (t for t in terms.targets if t.metric == _FIRST))
    if calendar:
        yield _hours_fidelity(calendar)
    if calendar and calendar.closed:
        reason = "PagerDuty's support hours know no holidays; override the on-call schedule."
        yield Fidelity("closed dates", Faithful.NOT_EXPRESSIBLE, reason)
    reason = "A service for the customer; route their events to it."
    yield Fidelity("customer of a ticket", Faithful.EXACT, reason)
    reason = "The terms don't say who is on call; put your schedules into the policy."
    yield Fidelity("who is on call", Faithful.NOT_EXPRESSIBLE, reason)
    yield from security_fidelity(
        terms, Faithful.NOT_EXPRESSIBLE, "An event rule has to raise security reports."
    )
    yield from rest_fidelity(terms, "PagerDuty")


def _hours_fidelity(calendar: Calendar) -> Fidelity:
    spans = {(i.opens, i.closes) for i in calendar.weekly}
    if len(spans) == 1 and next(iter(spans))[1] != "24:00":
        reason = "The same hours on each open day, in the calendar's zone."
        return Fidelity(f"hours of {calendar.id}", Faithful.EXACT, reason)
    reason = "One interval for all days, from the earliest opening to the latest closing."
    return Fidelity(f"hours of {calendar.id}", Faithful.APPROXIMATED, reason)
