"""What linters find in a deal as it stands: promises that contradict or can't be kept."""

from dataclasses import dataclass

from dealdesk.agreements.model import Version
from dealdesk.approvals.policy import Policy
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import Problem
from dealdesk.sla.lint import lint_terms
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from dealdesk.workflows.deal_rules import DealSubject, cross_clause_findings


@dataclass(frozen=True, slots=True)
class DealFinding:
    """One finding with its level, "error" or "warning"; the problem's code is the rule's id."""

    level: str
    problem: Problem


def deal_findings(version: Version, library: Library, policy: Policy) -> tuple[DealFinding, ...]:
    """Return the findings on a deal's clauses together, and on the SLA terms that it states."""
    subject = DealSubject(version, library, policy)
    together = [DealFinding(level, problem) for level, problem in cross_clause_findings(subject)]
    if not _states_terms(version, library):
        return tuple(together)
    terms = read_terms(project(version, library))
    stated = [DealFinding(rule.level, problem) for rule, problem in lint_terms(terms)]
    return (*together, *stated)


def _states_terms(version: Version, library: Library) -> bool:
    return any(
        variable.export
        for choice in version.inputs.choices
        for variable in library.clauses[choice.clause_id].variables
    )
