"""What differs between two versions of a deal, in the words of its pages: figures and clauses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dealdesk.agreements.deviations import Deviation
from dealdesk.agreements.sentences import position_sentences
from dealdesk.agreements.values import all_values
from dealdesk.approvals.facts import Figure
from dealdesk.clauses.model import Library, Rank
from dealdesk.documents.text import passage_text
from dealdesk.terms.value_types import ValueMap
from dealdesk.workflows.quoting import Quote


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is other than it was; "" where it was not, or is no more."""

    subject: str
    title: str
    before: str
    after: str


def differences(before: Quote, after: Quote, *, was: Library, now: Library) -> Iterator[Difference]:
    """Yield what differs: figures by value, words of the order, clauses by what they say.

    Each version is read with the library that holds its own clauses.
    """
    old, new = before.facts.figures, after.facts.figures
    for name in {**new, **old}:
        texts = [_text(figures.get(name)) for figures in (old, new)]
        if texts[0] != texts[1]:
            yield Difference(name, _label(new.get(name) or old[name]), texts[0], texts[1])
    for name in {**after.facts.words, **before.facts.words}:
        then, today = (one.facts.words.get(name, "") for one in (before, after))
        if then != today:
            title = name.removeprefix("facts.").replace("_", " ").capitalize()
            yield Difference(name, title, then.replace("_", " "), today.replace("_", " "))
    yield from _clauses(before, after, clause_sentences(before, was), clause_sentences(after, now))


def _clauses(
    before: Quote, after: Quote, old: Mapping[str, "Says"], new: Mapping[str, "Says"]
) -> Iterator[Difference]:
    hashes = before.version.hashes.passages, after.version.hashes.passages
    for instance in {**new, **old}:
        was, now = old.get(instance), new.get(instance)
        title = (now or was or Says("", "", "")).title
        if was is None or now is None or was.asked != now.asked:
            yield Difference(instance, title, was.asked if was else "", now.asked if now else "")
        elif hashes[0].get(instance) != hashes[1].get(instance):
            yield Difference(instance, title, was.asked, f"{now.asked} In other words.")


@dataclass(frozen=True, slots=True)
class Says:
    """What a clause says in a deal, and what our standard would say in its place."""

    title: str
    standard: str
    asked: str


def clause_sentences(quote: Quote, library: Library) -> dict[str, Says]:
    """Return what each chosen clause says, by its instance, in the agreement's order."""
    values = all_values(quote.version.inputs, library)
    return {
        one.choice.instance_id: clause_says(quote, one, library, values) for one in quote.deviations
    }


def clause_says(quote: Quote, one: Deviation, library: Library, values: ValueMap) -> Says:
    """Return what one chosen clause says beside our standard; own words are quoted as such.

    `values` are all of the deal's.
    """
    found = list(position_sentences(one.choice, quote.version.inputs, library, values))
    standard = next((s.sentence for s in found if s.position.rank is Rank.STANDARD), "")
    asked = next((s.sentence for s in found if s.is_chosen), "")
    if one.choice.override is not None:
        lines = passage_text(one.choice.override.blocks, quote.version.tree).splitlines()
        found_lines = [line.partition("\t")[2] for line in lines]
        words = " ".join(line for line in found_lines if line != one.clause.title)
        asked = f"Own words in place of the library's: “{words}”"
    return Says(one.clause.title, standard, " ".join([asked, *one.out_of_bounds]))


def _text(figure: Figure | None) -> str:
    return figure.text if figure else ""


def _label(figure: Figure) -> str:
    return figure.label.removeprefix("The ")[:1].upper() + figure.label.removeprefix("The ")[1:]
