"""Freshdesk: one SLA policy, in seconds, and a sheet for the hours that only a person can set."""

from collections.abc import Collection, Iterator

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import (
    MINUTE,
    Abilities,
    calendar_of,
    clock_of,
    fits,
    rest_fidelity,
    rules_fidelity,
    security_fidelity,
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
from dealdesk.sla.exporters.hours_sheet import hours_lines
from dealdesk.sla.exporters.severity_map import PriorityMap, map_severities
from dealdesk.sla.exporters.text_forms import json_text, one_line
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import Calendar

TARGET = "freshdesk"
_METRICS = {"first_response": "respond_within", "resolution": "resolve_within"}
_NUMBERS = {"urgent": "4", "high": "3", "medium": "2", "low": "1"}
_YEAR = 31_536_000


def export_freshdesk(terms: SlaTerms, options: Options) -> Export:
    """Return the policy's request with a set-up sheet and the fidelity list."""
    priorities = map_severities(terms, SYSTEM, options)
    files = (
        ExportedFile("sla_policy.json", json_text(policy_body(terms, priorities, options))),
        ExportedFile("setup.txt", "\n".join(_setup(terms, options)) + "\n"),
    )
    return Export(TARGET, files, tuple(_fidelity(terms, priorities, options)))


SYSTEM = System(TARGET, "Freshdesk", export_freshdesk, tuple(_NUMBERS), id_form=r"[1-9][0-9]{0,19}")


def policy_body(terms: SlaTerms, priorities: PriorityMap, options: Options) -> dict[str, Json]:
    """Return the body of POST /api/v2/sla_policies.

    Without the company's id the list of companies is empty, which Freshdesk refuses: better than a
    policy for everybody.
    """
    company = [int(options.customer_id)] if options.customer_id else []
    return {
        "name": terms.id,
        "description": f"{one_line(terms.customer)}: SLA terms {terms.id}, "
        f"revision {terms.revision}, text SHA-256 {terms.text_sha256}",
        "active": True,
        "sla_target": {
            f"priority_{number}": _target(terms, priorities, priority)
            for priority, number in _NUMBERS.items()
        },
        "applicable_to": {"company_ids": company},
    }


def _target(terms: SlaTerms, priorities: PriorityMap, priority: str) -> Json:
    promised = _promised(terms, priorities, priority)
    respond, resolve = (
        clock_of(promised[metric], terms).minutes * MINUTE if metric in promised else _YEAR
        for metric in _METRICS
    )
    return {
        "respond_within": respond,
        "resolve_within": resolve,
        "business_hours": _in_business_hours(promised.values(), terms),
        "escalation_enabled": True,
    }


def _promised(terms: SlaTerms, priorities: PriorityMap, priority: str) -> dict[str, Target]:
    """Return a priority's promised times by metric, those that one calendar can hold."""
    calendar = group_calendar(terms)
    found = ((m, priorities.target(terms, priority, m)) for m in _METRICS)
    return {m: target for m, target in found if target and fits(target, terms, calendar)}


def group_calendar(terms: SlaTerms) -> Calendar | None:
    """Return the calendar that the answering group has to keep: there is one."""
    return calendar_of(terms, (t for t in terms.targets if t.metric in _METRICS))


def _in_business_hours(targets: Collection[Target], terms: SlaTerms) -> bool:
    """Tell whether a priority counts business hours: only where none of its times runs at night.

    A time that runs day and night must never come out later than promised.
    """
    return bool(targets) and all(clock_of(t, terms).calendar is not None for t in targets)


def _setup(terms: SlaTerms, options: Options) -> Iterator[str]:
    yield f"Freshdesk set-up for {terms.id}, revision {terms.revision}, {one_line(terms.customer)}"
    yield ""
    if not options.customer_id:
        yield "- Put the company's id into applicable_to.company_ids of sla_policy.json, or export"
        yield "  again with --customer-id. Freshdesk refuses the policy without."
    yield "- POST sla_policy.json to /api/v2/sla_policies."
    calendar = group_calendar(terms)
    if calendar:
        yield f"- Admin > Business Hours: {terms.id} {calendar.id}; give it to the group that"
        yield "  answers this customer, since hours belong to groups:"
        yield from (f"    {line}" for line in hours_lines(calendar))


def _fidelity(terms: SlaTerms, priorities: PriorityMap, options: Options) -> Iterator[Fidelity]:
    def special(target: Target) -> tuple[Faithful, str] | None:
        if not fits(target, terms, group_calendar(terms)):
            reason = "A group has one set of business hours, and another clock took it."
            return Faithful.NOT_EXPRESSIBLE, reason
        both = _promised(terms, priorities, priorities.chosen[target.severity]).values()
        if clock_of(target, terms).calendar and not _in_business_hours(both, terms):
            reason = "One clock for each priority: it runs day and night, sooner than promised."
            return Faithful.APPROXIMATED, reason
        return None

    yield from times_fidelity(terms, Abilities("Freshdesk", _METRICS), priorities, special)
    yield from priorities.fidelity()
    if any(not terms.target(severity.id, m) for severity in terms.severities for m in _METRICS):
        reason = "Freshdesk asks for both times of each priority; a year stands where none is."
        yield Fidelity("times that are not promised", Faithful.APPROXIMATED, reason)
    yield from rules_fidelity(
        terms,
        response="Freshdesk counts the first reply of an agent; the contract asks for a qualified "
        "person who begins to diagnose.",
        boundary="Where business time ends at a closing, Freshdesk may show the next opening; no "
        "business time lies between. Freshdesk could not be run to see.",
        pause=(Faithful.APPROXIMATED, "Freshdesk pauses in statuses whose SLA timer is off."),
    )
    if options.customer_id:
        yield Fidelity("customer of a ticket", Faithful.EXACT, "By the company's id.")
    else:
        reason = "Freshdesk matches companies by id; put it in, or export with --customer-id."
        yield Fidelity("customer of a ticket", Faithful.NOT_EXPRESSIBLE, reason)
    if group_calendar(terms):
        reason = "Hours, zone and holidays belong to groups and have no request; see setup.txt."
        yield Fidelity("support hours", Faithful.NOT_EXPRESSIBLE, reason)
    yield from security_fidelity(
        terms,
        Faithful.NOT_EXPRESSIBLE,
        "A policy matches no tags; an automation has to raise their priority.",
    )
    yield from rest_fidelity(terms, "Freshdesk")
