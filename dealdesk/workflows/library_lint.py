"""Lint a library as it is used: each position assembled into each agreement that has its clause."""

from collections.abc import Iterator
from dataclasses import replace

from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.deviations import deviations
from dealdesk.approvals.policy import Policy
from dealdesk.clauses.lint.rule import Finding, Level
from dealdesk.clauses.lint.template_rules import TEMPLATE_RULES
from dealdesk.clauses.model import AgreementTemplate, Clause, Library
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.workflows.combinations import Choices, Row
from dealdesk.workflows.sample_inputs import sample_inputs
from dealdesk.workflows.trials import Bench, Fault

_SOLO = 1
# Rules on words that read the positions' files, and name the line there.
_TOLD_BEFORE = {rule.id for rule in TEMPLATE_RULES}


def assembled_findings(library: Library, policy: Policy | None = None) -> tuple[Finding, ...]:
    """Return what shows only in whole agreements: dangling references, terms that contradict.

    A fault is told of a position that shows it beside what the other clauses usually say; what
    needs two unusual positions together is `library coverage`'s to tell.
    """
    found = [
        finding
        for agreement in library.agreements.values()
        for finding in _in_agreement(Bench(agreement, library, policy))
    ]
    return (*dict.fromkeys(found), *_values_out_of_bounds(library))


def _in_agreement(bench: Bench) -> Iterator[Finding]:
    for row in _rows(bench):
        found = dict.fromkeys(fault.rule for fault in bench.faults(row))
        for rule in (rule for rule in found if rule not in _TOLD_BEFORE):
            for picks, fault in bench.reduced(row, rule):
                if len(picks) <= _SOLO:
                    yield _finding(picks, fault, bench)


def _rows(bench: Bench) -> Iterator[Row]:
    """Yield rows with each position that we offer, then rows with those that we don't."""
    yield from Choices(bench.agreement, bench.library).rows_of_each()
    yield from Choices(bench.agreement, bench.library, walk_aways=True).rows_of_each()


def _finding(picks: Row, fault: Fault, bench: Bench) -> Finding:
    agreement = bench.agreement
    place = Place(agreement.file)
    where = agreement.id
    for instance, option in picks.items():
        clause = bench.library.clauses[bench.choices.slots[instance].clause]
        position = clause.position(option)
        place = Place(position.file if position else clause.file)
        where = f"{option} in {agreement.id}" if position else f"{agreement.id} without {instance}"
    problem = fault.problem
    message = f"{where}: {problem.message}"
    return Finding(fault.rule, fault.level, Problem(fault.rule, message, place, problem.remedy))


def _values_out_of_bounds(library: Library) -> Iterator[Finding]:
    """Yield the bounds of a position that its own values break before a deal changes any."""
    seen: set[str] = set()
    for agreement in library.agreements.values():
        for part in agreement.parts:
            for slot in part.slots:
                if slot.clause in library.clauses and slot.clause not in seen:
                    seen.add(slot.clause)
                    yield from _own_bounds(
                        agreement, slot.instance, library.clauses[slot.clause], library
                    )


def _own_bounds(
    agreement: AgreementTemplate, instance: str, clause: Clause, library: Library
) -> Iterator[Finding]:
    asks = {
        slot.instance: Ask(slot.instance)
        for part in agreement.parts
        for slot in part.slots
        if slot.optional
    }
    for position in clause.positions:
        asks[instance] = Ask(instance, position.id)
        try:
            choices = choose(agreement, library, asks)
        except DomainError:
            continue  # told where the position is assembled
        inputs = replace(sample_inputs(agreement, library), choices=choices)
        for deviation in deviations(inputs, library):
            for message in deviation.out_of_bounds if deviation.clause.id == clause.id else ():
                text = f"{position.id} in {agreement.id}: its own values break a bound: {message}"
                yield Finding(
                    "values-out-of-bounds",
                    Level.ERROR,
                    Problem("values-out-of-bounds", text, Place(position.file)),
                )
