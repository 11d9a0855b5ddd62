"""What the page of a round shows: changes by clause, a passage with its marks, consequences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dealdesk.agreements.deviations import Deviation, deviations
from dealdesk.agreements.sentences import chosen_sentence
from dealdesk.clauses.model import Library, Position
from dealdesk.documents.docx.changes import Kind
from dealdesk.documents.tree import DocumentTree, instance_of
from dealdesk.kernel.errors import Problem
from dealdesk.kernel.languages import gettext_noop
from dealdesk.negotiation.model import Answer, Answers, Verdict
from dealdesk.negotiation.passages import Line, marked_passage
from dealdesk.negotiation.queries import Reviewed, answers_of
from dealdesk.negotiation.taking import runs_of
from dealdesk.terms.formatting import format_value
from dealdesk.web.languages import current_language, gettext
from dealdesk.web.standing import Status, position_chip
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.quoting import Quote
from dealdesk.workflows.round_answers import Outcome, outcome
from dealdesk.workflows.stored_deals import StoredDeal

AROUND = 2
_SHOWN = 70
VERDICTS = {
    Verdict.ACCEPTED: Status("ok", gettext_noop("Accepted")),
    Verdict.REJECTED: Status("stop", gettext_noop("Rejected")),
    Verdict.COUNTERED: Status("info", gettext_noop("Countered")),
}
WAITING, UNTRACKED, NOT_OURS = (
    Status("wait", gettext_noop("To decide")),
    Status("stop", gettext_noop("Untracked")),
    Status("quiet", gettext_noop("Nothing to decide")),
)
_KINDS = {
    Kind.INSERTION.value: gettext_noop("Put in"),
    Kind.DELETION.value: gettext_noop("Struck"),
    Kind.REPLACEMENT.value: gettext_noop("Replaced"),
    Kind.MOVE_FROM.value: gettext_noop("Moved away"),
    Kind.MOVE_TO.value: gettext_noop("Moved here"),
    Kind.PARAGRAPH_SPLIT.value: gettext_noop("Paragraph split"),
    Kind.PARAGRAPH_MERGE.value: gettext_noop("Paragraphs joined"),
}
# What else is found in a file, by the words that its kind makes.
_OTHER_KINDS = (
    gettext_noop("Text"),
    gettext_noop("Added paragraph"),
    gettext_noop("Removed paragraph"),
    gettext_noop("Numbering"),
    gettext_noop("Field instruction"),
    gettext_noop("Hidden text"),
    gettext_noop("Looks"),
    gettext_noop("Section"),
    gettext_noop("Custom part"),
    gettext_noop("Document property"),
    gettext_noop("Vanished mark"),
    gettext_noop("Cosmetic"),
    gettext_noop("Row insertion"),
    gettext_noop("Row deletion"),
    gettext_noop("Cell insertion"),
    gettext_noop("Cell deletion"),
    gettext_noop("Cell merge"),
    gettext_noop("Formatting"),
    gettext_noop("Paragraph formatting"),
    gettext_noop("Table formatting"),
    gettext_noop("Control insertion"),
    gettext_noop("Control deletion"),
)


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """A change in a list: its number on the page, where it stands, what it does in a few words."""

    number: int
    reviewed: Reviewed
    title: str
    kind: str
    status: Status


@dataclass(frozen=True, slots=True)
class Group:
    """Changes that belong together: the untracked ones, or those of one clause."""

    title: str
    cards: tuple[ChangeCard, ...]
    is_untracked: bool = False

    @property
    def waiting(self) -> int:
        """How many of them wait for a decision."""
        return sum(card.reviewed.is_waiting for card in self.cards)


@dataclass(frozen=True, slots=True)
class Asked:
    """A role that a change would have decide, and why."""

    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a decision comes to: values that move, who would be asked anew, what is in the way."""

    values: tuple[str, ...]
    asked: tuple[Asked, ...]
    gone: tuple[str, ...]
    blocked: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Words of the sent text that ours can be put in place of; `name` is what a form sends."""

    name: str
    label: str
    text: str


def spots_of(base: DocumentTree, quote: Quote, titles: Mapping[str, str]) -> list[Spot]:
    """Return the words of the agreement's clauses, paragraph by paragraph, in its order."""
    clauses = {choice.instance_id for choice in quote.version.inputs.choices}
    return [
        Spot(f"{block}|{run}", f"{titles.get(instance_of(block), '')}: {text[:_SHOWN]}", text)
        for block, run, text in runs_of(base, "")
        if instance_of(block) in clauses
    ]


@dataclass(frozen=True, slots=True)
class Playbook:
    """A clause's position in the deal, and what we say to usual changes of it."""

    clause_id: str
    chip: Status
    sentence: str
    position: Position


def cards_of(reviewed: Sequence[Reviewed], titles: Mapping[str, str]) -> tuple[ChangeCard, ...]:
    """Return a round's changes as cards, in the agreement's order."""
    return tuple(_card(number, one, titles) for number, one in enumerate(reviewed, 1))


def _card(number: int, one: Reviewed, titles: Mapping[str, str]) -> ChangeCard:
    item = one.item
    title = titles.get(item.instance) or _elsewhere(one)
    kind = gettext(kind_words(item.kind))
    if one.answer is not None:
        status = VERDICTS[one.answer.verdict]
    elif not item.is_open_to_us:
        status = NOT_OURS
    else:
        status = WAITING if item.is_tracked else UNTRACKED
    return ChangeCard(number, one, title, kind, status)


def kind_words(kind: str) -> str:
    """Return what a kind of change is called, in English."""
    return _KINDS.get(kind) or kind.replace("-", " ").capitalize()


def _elsewhere(one: Reviewed) -> str:
    place = one.item.place
    if place.instance:
        return place.instance.replace("_", " ").capitalize()
    if place.heading:
        return place.heading.rpartition(" › ")[2]
    return gettext("Elsewhere") if place.part == "body" else place.part.capitalize()


def groups_of(cards: Sequence[ChangeCard]) -> list[Group]:
    """Return the cards by group: untracked edits first, then clause by clause.

    Those on which nobody decides come last.
    """
    untracked = [c for c in cards if c.reviewed.item.is_open_to_us and not _tracked(c)]
    rest = [c for c in cards if not c.reviewed.item.is_open_to_us]
    groups: list[Group] = []
    if untracked:
        groups.append(Group(gettext("Untracked edits"), tuple(untracked), is_untracked=True))
    by_title: dict[str, list[ChangeCard]] = {}
    for card in cards:
        if card.reviewed.item.is_open_to_us and _tracked(card):
            by_title.setdefault(card.title, []).append(card)
    groups += [Group(title, tuple(own)) for title, own in by_title.items()]
    return [*groups, Group(gettext("Nothing to decide"), tuple(rest))] if rest else groups


def _tracked(card: ChangeCard) -> bool:
    return card.reviewed.item.is_tracked


def in_order(groups: Sequence[Group]) -> list[ChangeCard]:
    """Return the cards as the page lists them."""
    return [card for group in groups for card in group.cards]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a passage, and whether it is shown or stands for those left out before it."""

    line: Line
    is_gap: bool = False


def passage_of(
    base: DocumentTree, instance: str, reviewed: Sequence[Reviewed], *, whole: bool
) -> list[Shown]:
    """Return an instance's passage with its marks; long ones without what is far from any."""
    items = [one.item for one in reviewed if one.item.instance == instance]
    lines = marked_passage(base, instance, items, answers_of(reviewed))
    if whole:
        return [Shown(line) for line in lines]
    near = {
        at + step
        for at, line in enumerate(lines)
        if line.is_marked
        for step in range(-AROUND, AROUND + 1)
    }
    found: list[Shown] = []
    for at, line in enumerate(lines):
        if at in near or (line.is_heading and at == 0):
            found.append(Shown(line))
        elif found and not found[-1].is_gap:
            found.append(Shown(line, is_gap=True))
    return found


def consequence_of(
    stored: StoredDeal, rules: Rules, reviewed: Sequence[Reviewed], answers: Answers
) -> Consequence:
    """Return what answers come to, against how the deal stands without them."""
    return told(stored.quote, outcome(stored, rules, reviewed, answers))


def if_accepted(stored: StoredDeal, rules: Rules, reviewed: Reviewed) -> Consequence:
    """Return what accepting a change alone comes to."""
    verdict = Answer(Verdict.ACCEPTED)
    return consequence_of(stored, rules, [reviewed], {reviewed.item.key: verdict})


def told(before: Quote, found: Outcome) -> Consequence:
    """Return an outcome in the words of the page."""
    if found.quote is None:
        return Consequence((), (), (), (), found.problems)
    old, new = _open(before), _open(found.quote)
    asked = {
        title: tuple(m for m in reasons if m not in old.get(title, ()))
        for title, reasons in new.items()
    }
    blocked_before = {one.reason.message for one in before.standing.blocked}
    return Consequence(
        values=tuple(_values(before, found)),
        asked=tuple(Asked(title, reasons) for title, reasons in asked.items() if reasons),
        gone=tuple(title for title in old if title not in new),
        blocked=tuple(
            one.reason.message
            for one in found.quote.standing.blocked
            if one.reason.message not in blocked_before
        ),
        problems=found.problems,
    )


def _open(quote: Quote) -> Mapping[str, tuple[str, ...]]:
    return {
        one.title: tuple(reason.message for reason in one.reasons) for one in quote.standing.open
    }


def _values(before: Quote, found: Outcome) -> Iterator[str]:
    language = current_language()
    for change in found.result.values:
        type_ = before.version.tree.values[change.ref].type
        old, new = (format_value(v, type_, language) for v in (change.old, change.new))
        yield gettext("%(old)s becomes %(new)s, wherever it stands.", old=old, new=new)


def playbook_of(quote: Quote, library: Library, instance: str) -> Playbook | None:
    """Return a clause's position and playbook, None for what is no clause of the library's."""
    inputs = quote.version.inputs
    found: Deviation | None = next(
        (d for d in deviations(inputs, library) if d.choice.instance_id == instance), None
    )
    if found is None:
        return None
    sentence = chosen_sentence(found.choice, inputs, library)
    return Playbook(found.clause.id, position_chip(found), sentence, found.position)
