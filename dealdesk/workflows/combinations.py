"""Combinations of positions: few rows that together hold each position, or each pair of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from dealdesk.clauses.lint.library_choices import needed_with
from dealdesk.clauses.model import AgreementTemplate, Library, Position, Rank, Slot

# What stands for an optional clause that a combination leaves out.
OUT = ""
Pick: TypeAlias = tuple[str, str]
Row: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Barred:
    """Two picks that can't stand together, and the clause that keeps them apart."""

    first: Pick
    second: Pick
    reason: str


class Choices:
    """What an agreement lets a deal choose: for each instance its positions, or none."""

    def __init__(
        self, agreement: AgreementTemplate, library: Library, *, walk_aways: bool = False
    ) -> None:
        """Take the positions of an agreement's slots; those that we never offer on request."""
        self.slots: dict[str, Slot] = {s.instance: s for p in agreement.parts for s in p.slots}
        self._library = library
        self.options: dict[str, tuple[str, ...]] = {
            slot.instance: tuple(_options(slot, library, walk_aways=walk_aways))
            for slot in self.slots.values()
        }
        self._instances = {slot.clause: slot.instance for slot in self.slots.values()}

    def usual(self) -> dict[str, str]:
        """Return what a deal starts with, optional clauses included."""
        return {
            slot.instance: slot.position
            if slot.position in self.options[slot.instance]
            else next((o for o in self.options[slot.instance] if o != OUT), OUT)
            for slot in self.slots.values()
        }

    def rows_of_each(self) -> Iterator[Row]:
        """Yield rows in which each position of each instance stands at least once."""
        longest = max((len(options) for options in self.options.values()), default=0)
        for index in range(longest):
            yield {
                name: options[index] if index < len(options) else self.usual()[name]
                for name, options in self.options.items()
                if options
            }

    def rows_of_pairs(self) -> tuple[tuple[Row, ...], tuple[Barred, ...]]:
        """Return rows that together hold each pair of picks, and the pairs that are barred."""
        return cover_pairs(self.options, self.conflict)

    def conflict(self, picks: Row) -> str:
        """Return why picks can't stand together by what clauses require and exclude, "" if so."""
        standing = {self.slots[name].clause for name, option in picks.items() if option != OUT}
        left_out = {self.slots[name].clause for name, option in picks.items() if option == OUT}
        for clause in sorted(standing):
            needed = needed_with(clause, self._library)
            for other in sorted(needed):
                if other in left_out or other not in self._instances:
                    return f"{clause} requires {other}"
                barred = sorted((standing | needed) & set(self._library.clauses[other].excludes))
                if barred:
                    return f"{other} excludes {barred[0]}"
        return ""


def cover_pairs(
    options: Mapping[str, tuple[str, ...]], conflict: Callable[[Row], str]
) -> tuple[tuple[Row, ...], tuple[Barred, ...]]:
    """Return rows that together hold each pair of options, and the pairs that conflict.

    Greedy covering, as in Cohen et al., “The AETG System” (IEEE TSE 23(7), 1997), without
    chance: a row starts with a pair that no row has yet and takes what covers most.
    """
    waiting: dict[tuple[Pick, Pick], None] = {}
    barred: list[Barred] = []
    for pair in _pairs(options):
        reason = conflict(dict(pair))
        if reason:
            barred.append(Barred(*pair, reason))
        else:
            waiting[pair] = None
    rows: list[Row] = []
    while waiting:
        start = next(iter(waiting))
        row = _fill(dict(start), options, conflict, waiting)
        del waiting[start]
        for covered in combinations(row.items(), 2):
            waiting.pop(covered, None)
        rows.append(row)
    return tuple(rows), tuple(barred)


def _pairs(options: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Pick, Pick]]:
    for first, second in combinations(options, 2):
        for one in options[first]:
            for other in options[second]:
                yield (first, one), (second, other)


def _fill(
    row: dict[str, str],
    options: Mapping[str, tuple[str, ...]],
    conflict: Callable[[Row], str],
    waiting: Mapping[tuple[Pick, Pick], None],
) -> Row:
    """Return a row around a pair: of each further instance the pick that covers most."""
    order = {name: index for index, name in enumerate(options)}

    def gain(pick: Pick) -> int:
        pairs = (
            (pick, other) if order[pick[0]] < order[other[0]] else (other, pick)
            for other in row.items()
        )
        return sum(pair in waiting for pair in pairs)

    for name in options:
        if name not in row and options[name]:
            sound = [o for o in options[name] if not conflict({**row, name: o})]
            row[name] = max(sound or options[name], key=lambda o, name=name: gain((name, o)))
    return {name: row[name] for name in options if name in row}


def _options(slot: Slot, library: Library, *, walk_aways: bool) -> Iterator[str]:
    for position in _positions(slot, library):
        if walk_aways or position.rank is not Rank.WALK_AWAY:
            yield position.id
    if slot.optional:
        yield OUT


def _positions(slot: Slot, library: Library) -> tuple[Position, ...]:
    clause = library.clauses.get(slot.clause)
    return clause.positions if clause else ()
