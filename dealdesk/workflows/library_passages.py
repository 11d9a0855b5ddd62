"""Each position of a library as it prints: with sample values, in an agreement that has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.agreements.assembly import passages_of
from dealdesk.agreements.model import Version
from dealdesk.agreements.sentences import chosen_sentence
from dealdesk.clauses.model import AgreementTemplate, Clause, Library, Position
from dealdesk.documents.tree import Block
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.combinations import OUT, Choices
from dealdesk.workflows.trials import Bench


@dataclass(frozen=True, slots=True)
class Passage:
    """A position in a sample agreement: its sentence, its blocks, and the document around them."""

    clause: Clause
    position: Position
    agreement: AgreementTemplate
    sentence: str
    blocks: tuple[Block, ...]
    version: Version


def passages(library: Library) -> tuple[Passage, ...]:
    """Return each position once, in the first agreement that has its clause.

    They stand in the library's order of clauses and positions. A position that makes no document
    there is left out: the linter says why.
    """
    order = {clause: index for index, clause in enumerate(library.clauses)}
    return tuple(
        sorted(_passages(library), key=lambda one: (order[one.clause.id], one.position.order))
    )


def _passages(library: Library) -> Iterator[Passage]:
    seen: set[tuple[str, str]] = set()
    for agreement in library.agreements.values():
        bench = Bench(agreement, library, None)
        for row in Choices(agreement, library, walk_aways=True).rows_of_each():
            new = [
                name
                for name, option in row.items()
                if option != OUT and (bench.choices.slots[name].clause, option) not in seen
            ]
            if not new:
                continue
            try:
                version = bench.version(row)
            except DomainError:
                continue
            printed = passages_of(version.tree)
            for name in new:
                clause = library.clauses[bench.choices.slots[name].clause]
                position, choice = clause.position(row[name]), version.inputs.choice(name)
                if position is not None and choice is not None and name in printed:
                    seen.add((clause.id, position.id))
                    sentence = chosen_sentence(choice, version.inputs, library)
                    yield Passage(clause, position, agreement, sentence, printed[name], version)
