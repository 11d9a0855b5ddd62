"""A deal's clauses as rows that open to their positions."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.agreements.assembly import find_template
from dealdesk.agreements.deviations import Deviation
from dealdesk.agreements.sentences import PositionSentence, chosen_sentence, position_sentences
from dealdesk.agreements.values import all_values
from dealdesk.clauses.model import Library
from dealdesk.terms.value_types import ValueMap
from dealdesk.web.standing import Status, position_chip, rank_chip
from dealdesk.workflows.quoting import Quote


@dataclass(frozen=True, slots=True)
class PositionCard:
    """One position of a clause: its chip, what it would say here, who would have to decide."""

    chip: Status
    sentence: str
    explanation: str
    rationale: str
    approvers: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ClauseCard:
    """One chosen clause: chip, sentence, who decides on it, what is wrong, and its positions."""

    instance: str
    title: str
    key: str
    chip: Status
    sentence: str
    approvers: tuple[str, ...]
    faults: tuple[str, ...]
    is_standard: bool
    positions: tuple[PositionCard, ...]


def clause_cards(quote: Quote, library: Library) -> Iterator[ClauseCard]:
    """Yield the deal's clauses in the agreement's order."""
    values = all_values(quote.version.inputs, library)
    for one in quote.deviations:
        yield _card(one, quote, library, values)


def absent_clauses(quote: Quote, library: Library) -> Iterator[tuple[str, str]]:
    """Yield the optional clauses that the deal leaves out: instance and title."""
    chosen = {choice.instance_id for choice in quote.version.inputs.choices}
    for part in find_template(quote.version.inputs, library).parts:
        for slot in part.slots:
            if slot.instance not in chosen and slot.clause in library.clauses:
                yield slot.instance, library.clauses[slot.clause].title


def _card(one: Deviation, quote: Quote, library: Library, values: ValueMap) -> ClauseCard:
    inputs = quote.version.inputs
    return ClauseCard(
        instance=one.choice.instance_id,
        title=one.clause.title,
        key=one.clause.key,
        chip=position_chip(one),
        sentence=chosen_sentence(one.choice, inputs, library, values),
        approvers=_titles((approver.role for approver in one.approvers), library),
        faults=one.out_of_bounds,
        is_standard=one.is_standard,
        positions=tuple(
            _position(found, library)
            for found in position_sentences(one.choice, inputs, library, values)
        ),
    )


def _position(found: PositionSentence, library: Library) -> PositionCard:
    position = found.position
    return PositionCard(
        chip=rank_chip(position.rank, position.order),
        sentence=found.sentence,
        explanation=position.explanation,
        rationale=position.rationale,
        approvers=_titles((approver.role for approver in position.approvers), library),
        is_chosen=found.is_chosen,
    )


def _titles(roles: Iterator[str], library: Library) -> tuple[str, ...]:
    return tuple(dict.fromkeys(library.roles.get(role, role) for role in roles))
