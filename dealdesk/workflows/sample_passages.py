"""What a position of a clause prints with sample values, in an agreement that has the clause."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dealdesk.agreements.assembly import make_version, passages_of
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.model import Inputs
from dealdesk.clauses.model import AgreementTemplate, Library
from dealdesk.documents.numbering import number_document
from dealdesk.documents.text import block_lines
from dealdesk.documents.tree import Block, Occurrence, block_inlines, walk_blocks
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import Data
from dealdesk.workflows.sample_inputs import sample_inputs

NO_VALUES: Mapping[str, Data] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of a passage without its number; `has_value` says that it prints a value."""

    text: str
    has_value: bool


def home_of(clause_id: str, library: Library) -> AgreementTemplate:
    """Return the agreement with the most clauses that has the clause.

    Raise DomainError when no agreement has it.
    """
    homes = [
        agreement
        for agreement in library.agreements.values()
        if any(slot.clause == clause_id for part in agreement.parts for slot in part.slots)
    ]
    if not homes:
        raise DomainError.of("clause-homeless", f"No agreement has the clause “{clause_id}”.")
    return max(homes, key=lambda one: sum(len(part.slots) for part in one.parts))


def sample_choices(
    agreement: AgreementTemplate,
    library: Library,
    clause_id: str,
    position: str,
    values: Mapping[str, Data] = NO_VALUES,
) -> Inputs:
    """Return sample inputs of an agreement with all its optional clauses and one position."""
    asks = {
        slot.instance: Ask(slot.instance)
        for part in agreement.parts
        for slot in part.slots
        if slot.optional
    }
    asks[clause_id] = Ask(clause_id, position, values)
    return replace(sample_inputs(agreement, library), choices=choose(agreement, library, asks))


def sample_passage(
    library: Library, clause_id: str, position: str, values: Mapping[str, Data] = NO_VALUES
) -> tuple[PrintedLine, ...]:
    """Return the lines that a position prints, their numbers taken off.

    Raise DomainError when the position or a value does not exist.
    """
    inputs = sample_choices(home_of(clause_id, library), library, clause_id, position, values)
    tree = make_version(inputs, library).tree
    numbering = number_document(tree)
    found: list[PrintedLine] = []
    for block in walk_blocks(passages_of(tree)[clause_id]):
        number = numbering.numbers.get(block.id)
        prefix = f"{number.own} " if number else ""
        has_value = _prints_value(block)
        found += [
            PrintedLine(line.removeprefix(prefix), has_value)
            for line in block_lines(block, tree, numbering)
        ]
    return tuple(found)


def _prints_value(block: Block) -> bool:
    return any(isinstance(inline, Occurrence) for run in block_inlines(block) for inline in run)
