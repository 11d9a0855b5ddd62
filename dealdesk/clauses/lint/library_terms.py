"""Rules on the defined terms of a library: undefined, defined twice, unused, in a circle."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.library_reading import always_standing, clauses_of, positions_of
from dealdesk.clauses.lint.rule import Fault
from dealdesk.clauses.lint.template_reading import defined_in, terms_used
from dealdesk.clauses.model import Library
from dealdesk.clauses.template import (
    ClauseTemplate,
    DefinitionMark,
    TermMark,
    block_marks,
    walk_marks,
    walk_template,
)
from dealdesk.documents.tree import Text
from dealdesk.kernel.errors import Place

_MEANS = re.compile(r"\s*(?:means|is|has the meaning of)\s+(?:the\s+|an?\s+)?\Z")


def undefined_terms(library: Library) -> Iterator[Fault]:
    """Yield each use of a term that some choice of positions leaves undefined."""
    surely = {
        clause.id: set.intersection(*(set(defined_in(p)) for p in clause.positions))
        for clause in library.clauses.values()
        if clause.positions
    }
    for agreement in library.agreements.values():
        always = always_standing(agreement)
        for clause in clauses_of(agreement, library):
            others = (terms for other, terms in surely.items() if other in always - {clause.id})
            outside = set[str]().union(*others)
            for position in clause.positions:
                known = outside | set(defined_in(position))
                for term, line in terms_used(position):
                    if term not in known:
                        yield (
                            Place(position.file, line),
                            f"“{term}” is used, but {agreement.id} need not define it.",
                        )


def terms_defined_twice(library: Library) -> Iterator[Fault]:
    """Yield each term that two clauses of one agreement define."""
    for agreement in library.agreements.values():
        owners: dict[str, str] = {}
        for clause in clauses_of(agreement, library):
            for term in {t for p in clause.positions for t in defined_in(p)}:
                if owners.setdefault(term, clause.id) != clause.id:
                    message = f"“{term}” is defined in {owners[term]} and in {clause.id}."
                    yield Place(clause.file), message


def unused_definitions(library: Library) -> Iterator[Fault]:
    """Yield each definition whose term no position uses."""
    used = {term for _, position in positions_of(library) for term, _ in terms_used(position)}
    for clause in library.clauses.values():
        for term in sorted({t for p in clause.positions for t in defined_in(p)} - used):
            yield Place(clause.file), f"“{term}” is defined in {clause.id} and never used."


def circular_definitions(library: Library) -> Iterator[Fault]:
    """Yield each circle of terms that say nothing but each other."""
    means = {term: (other, place) for term, other, place in _bare_definitions(library)}
    told: set[str] = set()
    for term in means:
        circle = _circle(term, means)
        if circle and not told & set(circle):
            told |= set(circle)
            words = ", ".join(f"“{one}”" for one in circle)
            yield means[term][1], f"{words} are defined by each other alone."


def _bare_definitions(library: Library) -> Iterator[tuple[str, str, Place]]:
    """Yield the definitions of the form “A means B.” with B's term and their place."""
    for _, position in positions_of(library):
        for block in walk_template(position.text):
            match [m for m in block_marks(block) if not isinstance(m, Text) or m.text.strip()]:
                case [DefinitionMark() as new, Text(text=words), TermMark() as old, Text(text=end)]:
                    if _MEANS.match(words) and not end.strip(" ."):
                        place = Place(position.file, block.line)
                        yield new.definition_id, old.definition_id, place


def _circle(term: str, means: dict[str, tuple[str, Place]]) -> tuple[str, ...]:
    """Return the terms from one back to itself, () where the chain ends elsewhere."""
    seen = [term]
    while seen[-1] in means:
        other = means[seen[-1]][0]
        if other in seen:
            return tuple(seen) if other == term else ()
        seen.append(other)
    return ()


def unmarked_terms(library: Library) -> Iterator[Fault]:
    """Yield each use of a defined term, capitals and all, that is typed and not marked."""
    printed = {text: definition for definition, text in _printed(library) if " " in text}
    if not printed:
        return
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(printed, reverse=True)))})\b")
    for _, position in positions_of(library):
        for block in walk_template(position.text):
            heading = block.heading if isinstance(block, ClauseTemplate) else ()
            for mark in walk_marks(block_marks(block)[len(heading) :]):
                match = pattern.search(mark.text) if isinstance(mark, Text) else None
                if match:
                    place = Place(position.file, block.line)
                    yield place, f"“{match[0]}” is typed; write {{{{term: {printed[match[0]]}}}}}."


def _printed(library: Library) -> Iterator[tuple[str, str]]:
    """Yield each definition of a library with the words that it defines."""
    for _, position in positions_of(library):
        for block in walk_template(position.text):
            for mark in walk_marks(block_marks(block)):
                if isinstance(mark, DefinitionMark):
                    yield mark.definition_id, mark.text
