"""What linters find in a deal as it stands: promises that contradict or can't be kept."""

from dataclasses import dataclass

from dealdesk.agreements.model import Version
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import Problem
from dealdesk.sla.lint import lint_terms
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project


@dataclass(frozen=True, slots=True)
class DealFinding:
    """One finding with its level, "error" or "warning"; the problem's code is the rule's id."""

    level: str
    problem: Problem


def deal_findings(version: Version, library: Library) -> tuple[DealFinding, ...]:
    """Return the findings on the SLA terms that the agreement states; none where it states none."""
    if not _states_terms(version, library):
        return ()
    terms = read_terms(project(version, library))
    return tuple(DealFinding(rule.level, problem) for rule, problem in lint_terms(terms))


def _states_terms(version: Version, library: Library) -> bool:
    return any(
        variable.export
        for choice in version.inputs.choices
        for variable in library.clauses[choice.clause_id].variables
    )
