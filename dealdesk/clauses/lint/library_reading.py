"""Walk a library as rules ask: all positions, the clauses of an agreement."""

from collections.abc import Iterator

from dealdesk.clauses.model import AgreementTemplate, Clause, Library, Position
from dealdesk.kernel.errors import Place


def clauses_of(agreement: AgreementTemplate, library: Library) -> Iterator[Clause]:
    """Yield the clauses that an agreement has a place for, in order."""
    for part in agreement.parts:
        for slot in part.slots:
            if slot.clause in library.clauses:
                yield library.clauses[slot.clause]


def always_standing(agreement: AgreementTemplate) -> frozenset[str]:
    """Return the ids of the clauses that no deal can leave out of an agreement."""
    return frozenset(s.clause for part in agreement.parts for s in part.slots if not s.optional)


def positions_of(library: Library) -> Iterator[tuple[Clause, Position]]:
    """Yield each position with its clause."""
    for clause in library.clauses.values():
        for position in clause.positions:
            yield clause, position


def place_in(clause: Clause, words: str) -> Place:
    """Return where words first stand in a clause's file; its file alone where they don't."""
    lines = clause.files.get("clause.yaml", "").splitlines()
    return Place(clause.file, next((n for n, line in enumerate(lines, 1) if words in line), 0))


def place_of(clause: Clause, position: Position) -> Place:
    """Return where a position is declared."""
    return place_in(clause, f"id: {position.id}")
