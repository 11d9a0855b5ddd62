"""Zammad: a calendar for each clock and an SLA for each priority.

Zammad reads "23:59" as midnight, and takes the first SLA in the order of names whose condition
holds; the names are numbered so that security reports come first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import (
    Abilities,
    clock_of,
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
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import DAYS, Calendar

TARGET = "zammad"
SECURITY_TAG = "security-vulnerability"
ALWAYS = "24x7"
_LAST_MINUTE, _MIDNIGHT = "23:59", "24:00"
_METRICS = {
    "first_response": "first_response_time",
    "next_response": "response_time",
    "update": "update_time",
    "resolution": "solution_time",
}
# The ids that a new Zammad gives its three priorities.
PRIORITY_IDS = {"high": "3", "normal": "2", "low": "1"}


@dataclass(frozen=True, slots=True)
class Policy:
    """One SLA of Zammad: whose times, on which calendar (None: day and night), for what tickets."""

    label: str
    targets: tuple[Target, ...]
    calendar: Calendar | None
    condition: Mapping[str, Json]


def export_zammad(terms: SlaTerms, options: Options) -> Export:
    """Return the bodies of Zammad's requests with their fidelity list."""
    priorities = map_severities(terms, SYSTEM, options)
    found = list(policies(terms, priorities, options))
    files = [
        *((f"calendar-{name}.json", body) for name, body in calendar_bodies(terms, found).items()),
        *((f"sla-{n}.json", sla_body(terms, n, policy)) for n, policy in enumerate(found)),
    ]
    sheet = ExportedFile("setup.txt", "\n".join(_setup(terms, options)) + "\n")
    return Export(
        TARGET,
        (*(ExportedFile(name, json_text(data)) for name, data in files), sheet),
        tuple(_fidelity(terms, priorities, options)),
    )


SYSTEM = System(TARGET, "Zammad", export_zammad, tuple(PRIORITY_IDS), id_form=r"[1-9][0-9]{0,19}")


def policies(terms: SlaTerms, priorities: PriorityMap, options: Options) -> Iterator[Policy]:
    """Yield the SLAs, security reports first, then by priority."""
    customer = _customer(terms, options)
    security = security_severity(terms)
    if security:
        own = tuple(t for t in terms.targets if t.severity == security and t.metric in _METRICS)
        tagged: Json = {"operator": "contains one", "value": SECURITY_TAG}
        yield _policy(terms, "security", own, {**customer, "ticket.tags": tagged})
    for priority, number in PRIORITY_IDS.items():
        found = (priorities.target(terms, priority, metric) for metric in _METRICS)
        own = tuple(target for target in found if target is not None)
        level: Json = {"operator": "is", "value": [number]}
        yield _policy(terms, priority, own, {**customer, "ticket.priority_id": level})


def _policy(
    terms: SlaTerms, label: str, targets: tuple[Target, ...], condition: Mapping[str, Json]
) -> Policy:
    """Return an SLA with the times that run on the calendar of its first one."""
    calendar = clock_of(targets[0], terms).calendar if targets else None
    on_it = tuple(t for t in targets if clock_of(t, terms).calendar == calendar)
    return Policy(label, on_it, calendar, condition)


def _customer(terms: SlaTerms, options: Options) -> dict[str, Json]:
    if options.customer_id:
        return {"ticket.organization_id": {"operator": "is", "value": [options.customer_id]}}
    return {"organization.name": {"operator": "is", "value": one_line(terms.customer)}}


def calendar_name(terms: SlaTerms, calendar: Calendar | None) -> str:
    """Return the name of a calendar in Zammad."""
    return f"{terms.id} {calendar.id if calendar else ALWAYS}"


def calendar_bodies(terms: SlaTerms, found: list[Policy]) -> dict[str, dict[str, Json]]:
    """Return the calendars that the SLAs count on, by their short names."""
    wanted = dict.fromkeys(policy.calendar for policy in found)
    return {c.id if c else ALWAYS: _calendar_body(terms, c) for c in wanted}


def _calendar_body(terms: SlaTerms, calendar: Calendar | None) -> dict[str, Json]:
    closed = sorted(calendar.closed, key=lambda c: c.on) if calendar else []
    return {
        "name": calendar_name(terms, calendar),
        "timezone": calendar.zone if calendar else "UTC",
        "business_hours": {day: _hours(calendar, day) for day in DAYS},
        "public_holidays": {
            c.on.isoformat(): {"active": True, "summary": c.name or "Closed"} for c in closed
        },
        "default": False,
        "note": _note(terms),
    }


def _hours(calendar: Calendar | None, day: str) -> Json:
    spans = (
        sorted((i.opens, i.closes) for i in calendar.weekly if day in i.days)
        if calendar
        else [("00:00", _MIDNIGHT)]
    )
    frames: list[Json] = [[a, _LAST_MINUTE if b == _MIDNIGHT else b] for a, b in spans]
    return {"active": bool(frames), "timeframes": frames or [["09:00", "17:00"]]}


def sla_body(terms: SlaTerms, number: int, policy: Policy) -> dict[str, Json]:
    """Return the SLA's body; its calendar is named, and a push puts the id in its place."""
    times: dict[str, Json] = dict.fromkeys(_METRICS.values())
    for target in policy.targets:
        times[_METRICS[target.metric]] = clock_of(target, terms).minutes
    return {
        "name": f"{terms.id} {number} {policy.label}",
        "calendar": calendar_name(terms, policy.calendar),
        **times,
        "condition": policy.condition,
    }


def _setup(terms: SlaTerms, options: Options) -> Iterator[str]:
    yield f"Zammad set-up for {terms.id}, revision {terms.revision}, {one_line(terms.customer)}"
    yield ""
    yield "- POST each calendar to /api/v1/calendars."
    yield "- POST each SLA to /api/v1/slas in the order of its number, with the id of the calendar"
    yield "  that it names as calendar_id in place of calendar. `dealdesk sla push` does both."
    yield "- Priorities have the ids of a new installation: 3 high, 2 normal, 1 low."
    if not options.customer_id:
        yield f"- The organisation is named exactly {one_line(terms.customer)}."
    if security_severity(terms):
        yield f"- Tag security reports {SECURITY_TAG}; their SLA stands first."


def _note(terms: SlaTerms) -> str:
    return f"SLA terms {terms.id}, revision {terms.revision}, text SHA-256 {terms.text_sha256}"


def _fidelity(terms: SlaTerms, priorities: PriorityMap, options: Options) -> Iterator[Fidelity]:
    slas = {policy.label: policy for policy in policies(terms, priorities, options)}

    def special(target: Target) -> tuple[Faithful, str] | None:
        policy = slas[priorities.chosen[target.severity]]
        if clock_of(target, terms).calendar == policy.calendar:
            return None
        return Faithful.NOT_EXPRESSIBLE, "An SLA has one calendar, and another clock took it."

    yield from times_fidelity(terms, Abilities("Zammad", _METRICS), priorities, special)
    yield from priorities.fidelity()
    yield from rules_fidelity(
        terms,
        response="Zammad counts the first article of an agent that the customer sees; the "
        "contract asks for a qualified person who begins to diagnose.",
        boundary="Where business time ends at a closing, Zammad may show the next opening; no "
        "business time lies between. Zammad could not be run to see.",
        pause=(
            Faithful.APPROXIMATED,
            "Zammad pauses in states that ignore escalation, such as pending reminder.",
        ),
    )
    by = "By the organisation's id." if options.customer_id else "By the organisation's name."
    yield Fidelity("customer of a ticket", Faithful.EXACT, by)
    yield Fidelity(
        "which SLA a ticket takes",
        Faithful.APPROXIMATED,
        "The first in the order of names whose condition holds: no other SLA that fits these "
        "tickets may come before.",
    )
    if any(i.closes == _LAST_MINUTE for c in terms.calendars.values() for i in c.weekly):
        reason = "Zammad reads 23:59 as midnight: a minute more."
        yield Fidelity("closing at 23:59", Faithful.APPROXIMATED, reason)
    yield from security_fidelity(
        terms, Faithful.EXACT, f"An SLA ahead of the others, for tickets tagged {SECURITY_TAG}."
    )
    yield from rest_fidelity(terms, "Zammad")
