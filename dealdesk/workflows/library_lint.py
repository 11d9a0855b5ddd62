"""Lint a library as it is used: each position assembled into each agreement that has its clause."""

from collections.abc import Iterator
from dataclasses import replace

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.deviations import deviations
from dealdesk.agreements.model import Inputs
from dealdesk.clauses.lint.rule import Finding, Level
from dealdesk.clauses.model import AgreementTemplate, Clause, Library, Position, Rank
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.sla.lint import ERROR, lint_terms
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from dealdesk.workflows.sample_inputs import sample_inputs


def assembled_findings(library: Library) -> tuple[Finding, ...]:
    """Return what shows only in whole agreements: dangling references, terms that contradict."""
    return tuple(
        finding
        for agreement in library.agreements.values()
        for clause, position in _positions(agreement, library)
        for finding in _findings(agreement, clause, position, library)
    )


def _positions(agreement: AgreementTemplate, library: Library) -> Iterator[tuple[Clause, Position]]:
    for part in agreement.parts:
        for slot in part.slots:
            for position in library.clauses[slot.clause].positions:
                yield library.clauses[slot.clause], position


def _findings(
    agreement: AgreementTemplate, clause: Clause, position: Position, library: Library
) -> Iterator[Finding]:
    where = f"{position.id} in {agreement.id}"
    try:
        inputs = _inputs(agreement, clause, position, library)
        version = make_version(inputs, library)
        terms = read_terms(project(version, library))
    except DomainError as error:
        for problem in error.problems:
            yield _finding(problem.code, Level.ERROR, f"{where}: {problem.message}", position)
        return
    yield from _out_of_bounds(where, clause, inputs, library)
    if position.rank is Rank.WALK_AWAY:
        return  # what we don't offer may contradict what we do
    for rule, problem in lint_terms(terms):
        level = Level.ERROR if rule.level == ERROR else Level.WARNING
        yield _finding(rule.id, level, f"{where}: {problem.message}", position)


def _out_of_bounds(
    where: str, clause: Clause, inputs: Inputs, library: Library
) -> Iterator[Finding]:
    """Yield the bounds of a position that its own values break before a deal changes any."""
    for deviation in deviations(inputs, library):
        if deviation.clause.id == clause.id:
            for message in deviation.out_of_bounds:
                text = f"{where}: its own values break a bound: {message}"
                yield _finding("values-out-of-bounds", Level.ERROR, text, deviation.position)


def _finding(rule: str, level: Level, message: str, position: Position) -> Finding:
    return Finding(rule, level, Problem(rule, message, Place(position.file)))


def _inputs(
    agreement: AgreementTemplate, clause: Clause, position: Position, library: Library
) -> Inputs:
    asks = {
        slot.instance: Ask(slot.instance)
        for part in agreement.parts
        for slot in part.slots
        if slot.optional
    }
    asks[clause.id] = Ask(clause.id, position.id)
    sample = sample_inputs(agreement, library)
    return replace(sample, choices=choose(agreement, library, asks))
