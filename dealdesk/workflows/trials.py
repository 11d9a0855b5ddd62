"""Try a combination of positions: assemble it as a deal would, and hear what the linters say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from dealdesk.agreements.assembly import assemble
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.model import Hashes, Inputs, Origin, Version
from dealdesk.approvals.policy import Policy
from dealdesk.clauses.lint.rule import Level
from dealdesk.clauses.lint.template_rules import TEMPLATE_RULES
from dealdesk.clauses.model import AgreementTemplate, Library, Rank
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.workflows.combinations import OUT, Choices, Row
from dealdesk.workflows.findings import WORD_RULES, deal_findings
from dealdesk.workflows.sample_inputs import sample_inputs

# Rules on words that look at one passage alone have been asked at its file and line.
_ALONE = {rule.id for rule in TEMPLATE_RULES}
_RULES = tuple(rule for rule in WORD_RULES if rule.id not in _ALONE)
# A trial is never kept, so nothing is bound to its hashes.
_NO_HASHES = Hashes("0" * 64, "0" * 64, MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Fault:
    """What a combination shows; `assembles` is False where no document came out at all."""

    rule: str
    level: Level
    problem: Problem
    assembles: bool = True


class Bench:
    """Tries the combinations of one agreement."""

    def __init__(
        self, agreement: AgreementTemplate, library: Library, policy: Policy | None
    ) -> None:
        """Take an agreement with its library; without a policy, insurance is not looked at."""
        self.agreement = agreement
        self.library = library
        self.choices = Choices(agreement, library, walk_aways=True)
        self._policy = policy
        self._sample = sample_inputs(agreement, library)

    def inputs(self, row: Row) -> Inputs:
        """Return the inputs of a combination. Raise DomainError where its values don't fit."""
        asks: dict[str, Ask] = {}
        for name, option in row.items():
            if option != OUT:
                asks[name] = Ask(name, option)
            elif self.choices.slots[name].optional:
                asks[name] = Ask(name, omitted=True)
        return replace(self._sample, choices=choose(self.agreement, self.library, asks))

    def version(self, row: Row) -> Version:
        """Return a combination assembled. Raise DomainError where no document comes out."""
        inputs = self.inputs(row)
        return Version(1, None, Origin.DRAFT, inputs, assemble(inputs, self.library), _NO_HASHES)

    def faults(self, row: Row) -> tuple[Fault, ...]:
        """Return what a combination shows.

        What we don't offer may contradict what we do, so rows with a walk-away only have to
        assemble.
        """
        try:
            version = self.version(row)
            if any(self._is_walk_away(*pick) for pick in row.items()):
                return ()
            found = deal_findings(version, self.library, self._policy, _RULES)
        except DomainError as error:
            return tuple(Fault(p.code, Level.ERROR, p, assembles=False) for p in error.problems)
        return tuple(Fault(f.problem.code, Level(f.level), f.problem) for f in found)

    def _is_walk_away(self, instance: str, position: str) -> bool:
        clause = self.library.clauses[self.choices.slots[instance].clause]
        found = clause.position(position)
        return found is not None and found.rank is Rank.WALK_AWAY

    def culprits(self, row: Row, rule: str) -> dict[str, str]:
        """Return the picks that a fault needs: without any of them the rule is silent.

        Empty where the usual picks alone show it.
        """
        usual = self.choices.usual()
        if self._shows(usual, rule):
            return {}
        changed = {name: pick for name, pick in row.items() if pick != usual[name]}
        size = max(1, len(changed) // 2)
        while size:
            for names in _chunks(list(changed), size):
                rest = {name: pick for name, pick in changed.items() if name not in names}
                if self._shows({**usual, **rest}, rule):
                    changed = rest
            size //= 2
        return changed

    def _shows(self, row: Row, rule: str) -> bool:
        return any(fault.rule == rule for fault in self.faults(row))

    def reduced(self, row: Row, rule: str) -> Iterator[tuple[dict[str, str], Fault]]:
        """Yield each smallest set of picks behind a rule's faults in a row, with one of them.

        After a set is found one of its picks goes back to the usual, so that others show.
        """
        usual = self.choices.usual()
        left = dict(row)
        for _ in row:
            fault = next((f for f in self.faults(left) if f.rule == rule), None)
            if fault is None:
                return
            picks = self.culprits(left, rule)
            yield picks, fault
            if not picks:
                return
            name = next(iter(picks))
            left[name] = usual[name]


def _chunks(names: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]
