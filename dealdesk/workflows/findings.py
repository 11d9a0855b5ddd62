"""What linters find in a deal as it stands: promises that contradict or can't be kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

from dealdesk.agreements.model import Version
from dealdesk.approvals.policy import Policy
from dealdesk.clauses.lint.paper import Paper
from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.paper_reading import paper_of
from dealdesk.clauses.lint.rule import Finding, Level, Rule
from dealdesk.clauses.lint.text_rules import OWN_TEXT_RULES
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import Problem, RefusedError
from dealdesk.sla.lint import ERROR, RULES, lint_terms
from dealdesk.sla.model import TermsError, read_terms
from dealdesk.sla.projection import project
from dealdesk.workflows.deal_rules import DEAL_RULES, DealSubject, cross_clause_findings

# What values and facts decide, words do not decide again: they would only guess at it.
_DECIDED = {rule.id for rule in DEAL_RULES} | {rule.id for rule in RULES}
WORD_RULES = tuple(rule for rule in OWN_TEXT_RULES if rule.id not in _DECIDED)
# What follows from an order's term and figures, whatever the clauses say.
ORDER_RULES = frozenset({"notice-over-term", "supercap-over-insured", "holidays-end"})


@dataclass(frozen=True, slots=True)
class DealFinding:
    """One finding with its level, "error" or "warning"; the problem's code is the rule's id."""

    level: str
    problem: Problem


class LateFindings(Sequence[DealFinding]):
    """Findings that are looked for when somebody first reads them, and once."""

    def __init__(self, look: Callable[[], Sequence[DealFinding]]) -> None:
        self._look = look

    @cached_property
    def _found(self) -> Sequence[DealFinding]:
        return self._look()

    @overload
    def __getitem__(self, place: int) -> DealFinding: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[DealFinding]: ...

    def __getitem__(self, place: int | slice) -> DealFinding | Sequence[DealFinding]:
        """Return one finding, or some."""
        return self._found[place]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._found)


def deal_findings(
    version: Version,
    library: Library,
    policy: Policy | None,
    rules: tuple[Rule[Paper], ...] = WORD_RULES,
) -> tuple[DealFinding, ...]:
    """Return the findings on a deal's clauses together, on its SLA terms and on its words.

    `rules` are those on words that are asked.
    """
    subject = DealSubject(version, library, policy)
    found = [DealFinding(level, problem) for level, problem in cross_clause_findings(subject)]
    found += _in_terms(version, library)
    return (*found, *_in_words(version, rules))


def order_findings(
    version: Version, library: Library, policy: Policy | None, before: Sequence[DealFinding]
) -> tuple[DealFinding, ...]:
    """Return what linters find that concerns an order: by its rules, or new against `before`.

    Rules on words are not asked, since an order changes none but its own.
    """
    found = deal_findings(version, library, policy, rules=())
    return tuple(one for one in found if one.problem.code in ORDER_RULES or one not in before)


def _in_terms(version: Version, library: Library) -> Iterator[DealFinding]:
    """Yield what the SLA terms show; a term that the text doesn't state is an error (I9)."""
    if not _states_terms(version, library):
        return
    try:
        terms = read_terms(project(version, library))
    except (RefusedError, TermsError) as error:
        yield from (DealFinding(ERROR, problem) for problem in error.problems)
        return
    yield from (DealFinding(rule.level, problem) for rule, problem in lint_terms(terms))


def _in_words(version: Version, rules: tuple[Rule[Paper], ...]) -> Iterator[DealFinding]:
    """Yield what the words of the assembled text show."""
    if not rules:
        # Reading the paper takes longer than all else that an order's preview looks at.
        return
    for finding in lint_paper(rules, paper_of(version.tree, "agreement.txt")):
        if finding.level is not Level.INFO:
            yield DealFinding(finding.level.value, _with_sentence(finding))


def _with_sentence(finding: Finding) -> Problem:
    if not finding.sentence:
        return finding.problem
    message = f"{finding.problem.message} The sentence: “{finding.sentence}”"
    return replace(finding.problem, message=message)


def _states_terms(version: Version, library: Library) -> bool:
    return any(
        variable.export
        for choice in version.inputs.choices
        for variable in library.clauses[choice.clause_id].variables
    )
