"""Rules on what can be chosen together from a library: requirements, exclusions, precedence."""

from collections.abc import Iterator

from dealdesk.clauses.lint.library_reading import place_in
from dealdesk.clauses.lint.rule import Fault
from dealdesk.clauses.model import Library
from dealdesk.documents.tree import SectionKind
from dealdesk.kernel.errors import Place

# The page of signatures and the cover say nothing that another section could contradict.
_SILENT = frozenset({SectionKind.COVER, SectionKind.SIGNATURES})


def needed_with(clause_id: str, library: Library) -> frozenset[str]:
    """Return the clauses that have to stand where one stands, itself among them."""
    found: set[str] = set()
    waiting = [clause_id]
    while waiting:
        name = waiting.pop()
        clause = library.clauses.get(name)
        if name not in found and clause is not None:
            found.add(name)
            waiting.extend(clause.requires)
    return frozenset(found)


def requirements_that_exclude(library: Library) -> Iterator[Fault]:
    """Yield each clause that can never stand: what it requires excludes it, or is itself."""
    for clause in library.clauses.values():
        if clause.id in clause.requires:
            yield place_in(clause, "requires:"), f"{clause.id} requires itself."
        together = needed_with(clause.id, library)
        for other in sorted(together):
            barred = sorted(together & set(library.clauses[other].excludes))
            if barred and not set(barred) & (set(clause.requires) & set(clause.excludes)):
                words = f"{clause.id} needs {other}, which excludes {barred[0]}"
                yield place_in(clause, "requires:"), f"{words}: it can never stand."


def bound_together(library: Library) -> tuple[tuple[str, ...], ...]:
    """Return the groups of clauses that require each other, in a circle or directly.

    They stand together or not at all, which is sound, but whoever chooses one chooses all.
    """
    needs = {clause_id: needed_with(clause_id, library) for clause_id in library.clauses}
    groups = {
        tuple(other for other in needs if other in needs[one] and one in needs[other])
        for one in needs
    }
    return tuple(sorted(group for group in groups if len(group) > 1))


def precedence_gaps(library: Library) -> Iterator[Fault]:
    """Yield each agreement whose order of precedence is no order of its sections."""
    for agreement in library.agreements.values():
        sections = {part.id for part in agreement.parts if part.kind not in _SILENT and part.slots}
        known = {part.id for part in agreement.parts}
        place = Place(agreement.file)
        for name in sorted(sections - set(agreement.precedence)):
            yield place, f"“{name}” has no place in the precedence of {agreement.id}."
        for name in agreement.precedence:
            if name not in known:
                yield (
                    place,
                    f"The precedence of {agreement.id} names “{name}”, which is no section.",
                )
            if agreement.precedence.count(name) > 1:
                yield place, f"The precedence of {agreement.id} names “{name}” twice."
