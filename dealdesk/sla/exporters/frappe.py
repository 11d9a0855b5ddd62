"""Service level agreements of Frappe's programs: one builder, told what each program calls what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
from dealdesk.sla.exporters.text_forms import json_text
from dealdesk.sla.model import SlaTerms, Target


@dataclass(frozen=True, slots=True)
class Program:
    """What one program on Frappe calls its documents, and how its clocks differ from a contract.

    `begins` gives an agreement's first fields under its name: to which tickets it applies. The
    words are the program's own: its first reply, its tickets, how it knows a customer.
    """

    target: str
    title: str
    priorities: tuple[str, ...]
    holiday_doctype: str
    agreement_doctype: str
    begins: Callable[[SlaTerms, Part, Options, str], dict[str, Json]]
    first_reply: str
    ticket: str
    customer: str


def system_of(program: Program) -> System:
    """Return the program as a target of exports."""

    def export(terms: SlaTerms, options: Options) -> Export:
        return _export(program, system, terms, options)

    system = System(program.target, program.title, export, program.priorities, id_form=".{1,140}")
    return system


def _export(program: Program, system: System, terms: SlaTerms, options: Options) -> Export:
    """Return a holiday list and an agreement for each set of working hours."""
    priorities = map_severities(terms, system, options)
    found = parts(terms, priorities)
    files = []
    for part in found:
        holidays, agreement = (
            _holiday_list(program, terms, part),
            _agreement(program, terms, part, options),
        )
        files += [
            ExportedFile(f"holiday_list-{part.label}.json", json_text(holidays)),
            ExportedFile(f"service_level_agreement-{part.label}.json", json_text(agreement)),
        ]
    sheet = "\n".join(setup_lines(terms, program.title, found)) + "\n"
    return Export(
        program.target,
        (*files, ExportedFile("setup.txt", sheet)),
        tuple(_fidelity(program, terms, priorities)),
    )


def _name(terms: SlaTerms, part: Part) -> str:
    return f"{terms.id} {part.label}"


def _holiday_list(program: Program, terms: SlaTerms, part: Part) -> dict[str, Json]:
    return {
        "doctype": program.holiday_doctype,
        "holiday_list_name": _name(terms, part),
        "from_date": terms.effective_from.isoformat(),
        "to_date": terms.effective_until.isoformat(),
        "holidays": holiday_rows(part.calendar),
    }


def _agreement(program: Program, terms: SlaTerms, part: Part, options: Options) -> dict[str, Json]:
    resolves = any("resolution_time" in times for times in part.times.values())
    return {
        "doctype": program.agreement_doctype,
        **program.begins(terms, part, options, _name(terms, part)),
        "start_date": terms.effective_from.isoformat(),
        "end_date": terms.effective_until.isoformat(),
        "apply_sla_for_resolution": int(resolves),
        "priorities": priority_rows(part),
        "sla_fulfilled_on": [{"status": "Resolved"}, {"status": "Closed"}],
        "pause_sla_on": [{"status": "Replied"}] if terms.pause_when else [],
        "holiday_list": _name(terms, part),
        "support_and_resolution": working_hours(part.calendar),
    }


def _fidelity(program: Program, terms: SlaTerms, priorities: PriorityMap) -> Iterator[Fidelity]:
    def special(target: Target) -> tuple[Faithful, str] | None:
        reason = special_of(terms, priorities, target)
        return (Faithful.NOT_EXPRESSIBLE, reason) if reason else None

    title = program.title
    yield from times_fidelity(terms, Abilities(title, METRICS, 1), priorities, special)
    yield from priorities.fidelity()
    yield from hours_fidelity(parts(terms, priorities))
    yield from rules_fidelity(
        terms,
        response=f"{title} counts {program.first_reply}; the contract asks for a qualified person"
        " who begins to diagnose.",
        boundary=f"Where business time ends at a closing, {title} may show the next opening; no"
        " business time lies between. It could not be run to see.",
        pause=(Faithful.APPROXIMATED, f"The clock pauses while {program.ticket} is Replied."),
    )
    yield Fidelity("customer of a ticket", Faithful.EXACT, program.customer)
    yield from security_fidelity(
        terms,
        Faithful.NOT_EXPRESSIBLE,
        "Agreements look up times by priority; an assignment rule has to raise it.",
    )
    yield from rest_fidelity(terms, title, has_term=True)
