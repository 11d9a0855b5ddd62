"""Coverage of a library: which positions can be had, and which pairs of them stand together."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from dealdesk.approvals.policy import Policy
from dealdesk.clauses.lint.library_choices import bound_together
from dealdesk.clauses.lint.rule import Level
from dealdesk.clauses.model import AgreementTemplate, Library
from dealdesk.workflows.combinations import OUT, Barred, Choices, Pick, Row
from dealdesk.workflows.trials import Bench, Fault


@dataclass(frozen=True, slots=True)
class Conflict:
    """Picks that a linter keeps apart, or a single one that it never passes.

    `picks` is the smallest set that shows it, empty where the usual picks do.
    """

    picks: tuple[Pick, ...]
    rule: str
    level: Level
    message: str
    assembles: bool


@dataclass(frozen=True, slots=True)
class AgreementCoverage:
    """What combinations of one agreement show.

    `pairs` counts those of positions (or absence) of two clauses, barred ones included, and
    `documents` what was assembled to try them all. `unreachable` are picks that can't be had.
    """

    agreement: str
    clauses: int
    positions: int
    pairs: int
    documents: int
    barred: tuple[Barred, ...]
    conflicts: tuple[Conflict, ...]
    unreachable: tuple[tuple[Pick, str], ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether each position can be had, and each pair assembles unless barred."""
        return not self.unreachable and all(c.assembles for c in self.conflicts)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What combinations of a library show.

    `unplaced` are clauses that no agreement has, `together` groups of clauses that require each
    other.
    """

    agreements: tuple[AgreementCoverage, ...]
    unplaced: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether each agreement is sound."""
        return all(one.is_sound for one in self.agreements)


def coverage(library: Library, policy: Policy | None = None) -> Coverage:
    """Return what all pairs of positions show in each agreement of a library."""
    placed = {
        slot.clause
        for agreement in library.agreements.values()
        for part in agreement.parts
        for slot in part.slots
    }
    return Coverage(
        tuple(
            agreement_coverage(agreement, library, policy)
            for agreement in library.agreements.values()
        ),
        tuple(sorted(set(library.clauses) - placed)),
        bound_together(library),
    )


def agreement_coverage(
    agreement: AgreementTemplate, library: Library, policy: Policy | None = None
) -> AgreementCoverage:
    """Return what all pairs of positions show in one agreement.

    Pairs that we offer have to lint clean; those with a walk-away only have to assemble.
    """
    bench = Bench(agreement, library, policy)
    offered, _ = _rows(Choices(agreement, library))
    all_choices = Choices(agreement, library, walk_aways=True)
    every, barred = _rows(all_choices)
    conflicts = tuple(dict.fromkeys(_conflicts(bench, (*offered, *every))))
    options = all_choices.options
    return AgreementCoverage(
        agreement.id,
        len(options),
        sum(option != OUT for one in options.values() for option in one),
        sum(len(one) * len(other) for one, other in combinations(options.values(), 2)),
        len(offered) + len(every),
        barred,
        conflicts,
        tuple(_unreachable(all_choices, conflicts)),
    )


def _rows(choices: Choices) -> tuple[tuple[Row, ...], tuple[Barred, ...]]:
    """Return rows with each pair; a single clause has none, and each of its positions is tried."""
    rows, barred = choices.rows_of_pairs()
    return (rows or tuple(choices.rows_of_each())), barred


def _conflicts(bench: Bench, rows: tuple[Row, ...]) -> Iterator[Conflict]:
    for row in rows:
        for rule in dict.fromkeys(fault.rule for fault in bench.faults(row)):
            for picks, fault in bench.reduced(row, rule):
                yield _conflict(picks, fault)


def _conflict(picks: Row, fault: Fault) -> Conflict:
    return Conflict(
        tuple(picks.items()), fault.rule, fault.level, fault.problem.message, fault.assembles
    )


def _unreachable(choices: Choices, conflicts: tuple[Conflict, ...]) -> Iterator[tuple[Pick, str]]:
    """Yield each pick that requirements, exclusions or an error of its own keep out."""
    alone = {c.picks[0]: c for c in conflicts if len(c.picks) == 1 and c.level is Level.ERROR}
    always = {name: choices.usual()[name] for name, o in choices.options.items() if OUT not in o}
    for name, options in choices.options.items():
        for option in options:
            pick = (name, option)
            reason = choices.conflict({**always, name: option}) if option != OUT else ""
            if pick in alone:
                reason = f"{alone[pick].rule}: {alone[pick].message}"
            if reason:
                yield pick, reason
