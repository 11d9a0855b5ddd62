"""Frappe Helpdesk: holiday lists and service level agreements as documents to import."""

from collections.abc import Iterator

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import (
    Abilities,
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
from dealdesk.sla.exporters.frappe_documents import (
    METRICS,
    Part,
    holiday_rows,
    hours_fidelity,
    parts,
    priority_rows,
    setup_lines,
    special_of,
    working_hours,
)
from dealdesk.sla.exporters.severity_map import PriorityMap, map_severities
from dealdesk.sla.exporters.text_forms import json_text, one_line
from dealdesk.sla.model import SlaTerms, Target

TARGET = "frappe-helpdesk"


def export_frappe_helpdesk(terms: SlaTerms, options: Options) -> Export:
    """Return a holiday list and an agreement for each set of working hours."""
    priorities = map_severities(terms, SYSTEM, options)
    files = []
    for part in parts(terms, priorities):
        files += [
            (f"holiday_list-{part.label}.json", _holiday_list(terms, part)),
            (f"service_level_agreement-{part.label}.json", _agreement(terms, part, options)),
        ]
    sheet = "\n".join(setup_lines(terms, "Frappe Helpdesk", parts(terms, priorities))) + "\n"
    return Export(
        TARGET,
        (
            *(ExportedFile(name, json_text(data)) for name, data in files),
            ExportedFile("setup.txt", sheet),
        ),
        tuple(_fidelity(terms, priorities)),
    )


SYSTEM = System(
    TARGET,
    "Frappe Helpdesk",
    export_frappe_helpdesk,
    ("Urgent", "High", "Medium", "Low"),
    id_form=".{1,140}",
)


def _name(terms: SlaTerms, part: Part) -> str:
    return f"{terms.id} {part.label}"


def _holiday_list(terms: SlaTerms, part: Part) -> dict[str, Json]:
    return {
        "doctype": "HD Service Holiday List",
        "holiday_list_name": _name(terms, part),
        "from_date": terms.effective_from.isoformat(),
        "to_date": terms.effective_until.isoformat(),
        "holidays": holiday_rows(part.calendar),
    }


def _agreement(terms: SlaTerms, part: Part, options: Options) -> dict[str, Json]:
    resolves = any("resolution_time" in times for times in part.times.values())
    return {
        "doctype": "HD Service Level Agreement",
        "service_level": _name(terms, part),
        "description": f"SLA terms {terms.id}, revision {terms.revision}, "
        f"text SHA-256 {terms.text_sha256}",
        "enabled": 1,
        "default_sla": 0,
        "condition": condition(options.customer_id or one_line(terms.customer), part),
        "start_date": terms.effective_from.isoformat(),
        "end_date": terms.effective_until.isoformat(),
        "apply_sla_for_resolution": int(resolves),
        "priorities": priority_rows(part),
        "sla_fulfilled_on": [{"status": "Resolved"}, {"status": "Closed"}],
        "pause_sla_on": [{"status": "Replied"}] if terms.pause_when else [],
        "holiday_list": _name(terms, part),
        "support_and_resolution": working_hours(part.calendar),
    }


def condition(customer: str, part: Part) -> str:
    """Return the Python expression that picks the tickets; names are ASCII literals.

    The names come from a contract: `ascii` quotes them so that none can end its literal.
    """
    return f"doc.customer == {customer!a} and doc.priority in {list(part.times)!r}"


def _fidelity(terms: SlaTerms, priorities: PriorityMap) -> Iterator[Fidelity]:
    def special(target: Target) -> tuple[Faithful, str] | None:
        reason = special_of(terms, priorities, target)
        return (Faithful.NOT_EXPRESSIBLE, reason) if reason else None

    yield from times_fidelity(terms, Abilities("Frappe Helpdesk", METRICS, 1), priorities, special)
    yield from priorities.fidelity()
    yield from hours_fidelity(parts(terms, priorities))
    yield from rules_fidelity(
        terms,
        response="Frappe Helpdesk counts an agent's first reply; the contract asks for a qualified "
        "person who begins to diagnose.",
        boundary="Where business time ends at a closing, Frappe Helpdesk may show the next "
        "opening; no business time lies between. It could not be run to see.",
        pause=(Faithful.APPROXIMATED, "The clock pauses while a ticket is Replied."),
    )
    yield Fidelity("customer of a ticket", Faithful.EXACT, "By the customer's name.")
    yield from security_fidelity(
        terms,
        Faithful.NOT_EXPRESSIBLE,
        "Agreements look up times by priority; an assignment rule has to raise it.",
    )
    yield from rest_fidelity(terms, "Frappe Helpdesk", has_term=True)
