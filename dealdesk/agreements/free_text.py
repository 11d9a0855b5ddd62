"""Free text in place of a position's own words: one paragraph per blank line, ids by order."""

from collections.abc import Mapping
from dataclasses import replace

from dealdesk.agreements.assembly import passages_of
from dealdesk.agreements.model import Inputs, Origin, Override, Version
from dealdesk.documents.text import passage_hash
from dealdesk.documents.tree import Block, Clause, Text


def free_text_override(
    base: Version, texts: Mapping[str, str], authors: Mapping[str, str]
) -> Inputs:
    """Return the inputs with free text in place of whole passages.

    The clause keeps its heading and its id, so that references to it still lead somewhere; each
    further paragraph becomes a numbered clause below it.
    """
    passages = passages_of(base.tree)
    choices = tuple(
        replace(
            choice,
            override=Override(
                replaces=passage_hash(passages[choice.instance_id], base.tree),
                blocks=_blocks(passages[choice.instance_id], texts[choice.instance_id]),
                origin=Origin.FREE_TEXT,
                author=authors.get(choice.instance_id, ""),
            ),
        )
        if choice.instance_id in texts
        else choice
        for choice in base.inputs.choices
    )
    return replace(base.inputs, choices=choices)


def _blocks(passage: tuple[Block, ...], text: str) -> tuple[Block, ...]:
    first = passage[0]
    heading = first.heading if isinstance(first, Clause) else ()
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    instance = first.id.partition("/")[0]
    return (
        Clause(
            id=first.id,
            heading=heading,
            body=(Text(paragraphs[0]),) if paragraphs else (),
            children=tuple(
                Clause(f"{instance}/free-{number}", body=(Text(words),))
                for number, words in enumerate(paragraphs[1:], 1)
            ),
        ),
    )
