"""Lint a library as it is used: each position assembled into each agreement that has its clause."""

from collections.abc import Iterator

from dealdesk.agreements.deviations import Deviation, deviations
from dealdesk.approvals.policy import Policy
from dealdesk.clauses.lint.rule import Finding, Level
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.workflows.combinations import Choices, Row
from dealdesk.workflows.trials import Bench, Fault

_SOLO = 1


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
        for rule in dict.fromkeys(fault.rule for fault in bench.faults(row)):
            for picks, fault in bench.reduced(row, rule):
                if len(picks) <= _SOLO:
                    yield _finding(picks, fault, bench)


def _rows(bench: Bench) -> Iterator[Row]:
    """Yield rows with each position that we offer, then rows with those that we don't."""
    offered = Choices(bench.agreement, bench.library)
    yield from offered.rows_of_each()
    for row in Choices(bench.agreement, bench.library, walk_aways=True).rows_of_each():
        if any(option not in offered.options[name] for name, option in row.items()):
            yield row


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
    """Yield the bounds of a position that its own values break before a deal changes any.

    Rows with many positions say where to look; each is then tried beside what is usual, since a
    bound may look at another clause.
    """
    seen: set[tuple[str, str]] = set()
    for agreement in library.agreements.values():
        bench = Bench(agreement, library, None)
        usual = bench.choices.usual()
        for row in Choices(agreement, library, walk_aways=True).rows_of_each():
            for name, option in _broken(bench, row):
                clause = bench.choices.slots[name].clause
                if (clause, option) not in seen:
                    seen.add((clause, option))
                    yield from _bound_findings(bench, {**usual, name: option}, name)


def _broken(bench: Bench, row: Row) -> Iterator[tuple[str, str]]:
    for deviation in _deviations(bench, row):
        if deviation.out_of_bounds:
            yield deviation.choice.instance_id, deviation.choice.position


def _deviations(bench: Bench, row: Row) -> tuple[Deviation, ...]:
    try:
        return deviations(bench.inputs(row), bench.library)
    except DomainError:
        return ()  # told where the row is assembled


def _bound_findings(bench: Bench, row: Row, instance: str) -> Iterator[Finding]:
    for deviation in _deviations(bench, row):
        for message in deviation.out_of_bounds if deviation.choice.instance_id == instance else ():
            where = f"{deviation.position.id} in {bench.agreement.id}"
            text = f"{where}: its own values break a bound: {message}"
            place = Place(deviation.position.file)
            problem = Problem("values-out-of-bounds", text, place)
            yield Finding("values-out-of-bounds", Level.ERROR, problem)
