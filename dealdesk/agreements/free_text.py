"""Free text in place of a position's own words: one paragraph per blank line, ids by order.

Values, terms and references may stand in it as in the library's texts (ADR 2): `{{value: target}}`
keeps the number bound to its value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dealdesk.agreements.assembly import passages_of
from dealdesk.agreements.model import Inputs, Origin, Override, Version
from dealdesk.clauses.marks import MarkError, parse_marks
from dealdesk.clauses.template import Mark, RefMark, TermMark, ValueMark
from dealdesk.deals.deal import ClauseChoice
from dealdesk.documents.text import passage_hash
from dealdesk.documents.tree import Block, Clause, Inline, Inlines, Occurrence, Ref, Term, Text
from dealdesk.kernel.errors import DomainError, Place
from dealdesk.terms.values import ValueRef


class FreeTextError(DomainError):
    """Own words that hold something which can't stand in them."""


def free_text_override(
    base: Version, texts: Mapping[str, ClauseChoice], authors: Mapping[str, str]
) -> Inputs:
    """Return the inputs with free text in place of whole passages.

    The clause keeps its heading and its id, so that references to it still lead somewhere; each
    further paragraph becomes a numbered clause below it. Raise FreeTextError where a mark can't
    be read.
    """
    rewritten = {
        choice.instance_id: _override(texts[choice.instance_id], base, authors)
        for choice in base.inputs.choices
        if choice.instance_id in texts
    }
    choices = tuple(
        replace(choice, override=rewritten.get(choice.instance_id, choice.override))
        for choice in base.inputs.choices
    )
    return replace(base.inputs, choices=choices)


def _override(words: ClauseChoice, base: Version, authors: Mapping[str, str]) -> Override:
    passage = passages_of(base.tree)[words.instance]
    instances = {choice.clause_id: choice.instance_id for choice in base.inputs.choices}
    return Override(
        replaces=passage_hash(passage, base.tree),
        blocks=_blocks(passage, words.override, instances),
        origin=Origin.FREE_TEXT,
        author=authors.get(words.instance, ""),
        unstated=words.unstated,
    )


def _blocks(
    passage: tuple[Block, ...], text: str, instances: Mapping[str, str]
) -> tuple[Block, ...]:
    first = passage[0]
    heading = first.heading if isinstance(first, Clause) else ()
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    instance = first.id.partition("/")[0]
    bound = [_bound(words, instance, instances) for words in paragraphs]
    return (
        Clause(
            id=first.id,
            heading=heading,
            body=bound[0] if bound else (),
            children=tuple(
                Clause(f"{instance}/free-{number}", body=words)
                for number, words in enumerate(bound[1:], 1)
            ),
        ),
    )


def _bound(words: str, instance: str, instances: Mapping[str, str]) -> Inlines:
    if "{{" not in words:
        return (Text(words),)
    try:
        marks = parse_marks(words)
    except MarkError as error:
        problem = replace(error.problems[0], place=Place(path=f"clauses.{instance}.override"))
        raise FreeTextError([problem]) from error
    return tuple(inline for mark in marks for inline in _inline(mark, instance, instances))


def _inline(mark: Mark, instance: str, instances: Mapping[str, str]) -> Iterator[Inline]:
    match mark:
        case Text():
            yield mark
        case ValueMark(instance=clause, variable=variable, style=style):
            yield Occurrence(ValueRef(_instance(clause, instance, instances), variable), style)
        case RefMark(clause=clause, local_id=local_id):
            yield Ref(f"{_instance(clause, instance, instances)}/{local_id}")
        case TermMark(definition_id=definition, form=form):
            yield Term(definition, form or definition)
        case _:
            raise FreeTextError.of(
                "mark-not-here",
                "Own words hold values, terms and references, no conditions or definitions.",
                place=Place(path=f"clauses.{instance}.override"),
                remedy="Write it out, or ask legal for a position of the library.",
            )


def _instance(clause: str, own: str, instances: Mapping[str, str]) -> str:
    return instances.get(clause, clause) if clause else own
