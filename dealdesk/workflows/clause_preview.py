"""One clause as it prints while somebody drafts it, whether an agreement has it yet or not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from dealdesk.agreements.assembly import passages_of
from dealdesk.agreements.sentences import chosen_sentence
from dealdesk.clauses.model import AgreementTemplate, Clause, Library, Slot
from dealdesk.documents.tree import SectionKind
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.library_book import passage_html
from dealdesk.workflows.library_passages import Passage
from dealdesk.workflows.trials import Bench


@dataclass(frozen=True, slots=True)
class Printed:
    """A position as it prints with what its variables start with: its one line and its text."""

    position: str
    sentence: str
    html: Markup


def printed_positions(library: Library, clause: Clause) -> tuple[Printed, ...]:
    """Return the positions of a clause as they print in the first agreement that has it.

    A clause that no agreement has yet is tried at the end of the terms of the first. A position
    that makes no document is left out: the linter says why.
    """
    found = _place(library, clause)
    if found is None:
        return ()
    agreement, instance = found
    agreements = {**library.agreements, agreement.id: agreement}
    bench = Bench(agreement, replace(library, agreements=agreements), None)
    return tuple(_printed(bench, clause, instance))


def _place(library: Library, clause: Clause) -> tuple[AgreementTemplate, str] | None:
    for agreement in library.agreements.values():
        for part in agreement.parts:
            for slot in part.slots:
                if slot.clause == clause.id:
                    return agreement, slot.instance
    for agreement in library.agreements.values():
        for index, part in enumerate(agreement.parts):
            if part.kind is SectionKind.TERMS:
                tried = replace(part, slots=(*part.slots, Slot(clause.id, clause.id)))
                parts = (*agreement.parts[:index], tried, *agreement.parts[index + 1 :])
                return replace(agreement, parts=parts), clause.id
    return None


def _printed(bench: Bench, clause: Clause, instance: str) -> Iterator[Printed]:
    usual = bench.choices.usual()
    for position in clause.positions:
        try:
            version = bench.version({**usual, instance: position.id})
        except DomainError:
            continue
        blocks, choice = (
            passages_of(version.tree).get(instance),
            version.inputs.choice(instance),
        )
        if blocks and choice is not None:
            sentence = chosen_sentence(choice, version.inputs, bench.library)
            passage = Passage(clause, position, bench.agreement, sentence, blocks, version)
            yield Printed(position.id, sentence, passage_html(passage))
