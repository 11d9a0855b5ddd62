"""The agreement as paper on a page, marked in the margin where it deviates from standard."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from dealdesk.agreements.deviations import Deviation
from dealdesk.documents.html import body_html
from dealdesk.documents.tree import DocumentTree, SectionKind, instance_of, walk
from dealdesk.web.standing import Status, position_chip


@dataclass(frozen=True, slots=True)
class PaperMark:
    """One deviation: the clause's title, its chip, and the block where it starts."""

    title: str
    chip: Status
    block_id: str


def paper_html(tree: DocumentTree, changed: list[Deviation]) -> Markup:
    """Return the agreement's text; deviating clauses carry a class for their margin mark."""
    return body_html(tree, _marker(changed))


def _marker(changed: list[Deviation]) -> Callable[[str], str]:
    kinds = {one.choice.instance_id: position_chip(one).kind for one in changed}

    def mark(block_id: str) -> str:
        kind = kinds.get(instance_of(block_id))
        return f"marked marked-{kind}" if kind else ""

    return mark


def paper_marks(tree: DocumentTree, changed: list[Deviation]) -> list[PaperMark]:
    """Return where the agreement deviates, in its order."""
    first: dict[str, str] = {}
    for block in walk(tree):
        first.setdefault(instance_of(block.id), block.id)
    found = [
        PaperMark(one.clause.title, position_chip(one), first[one.choice.instance_id])
        for one in changed
        if one.choice.instance_id in first
    ]
    order = {block.id: place for place, block in enumerate(walk(tree))}
    return sorted(found, key=lambda mark: order[mark.block_id])


def parts(tree: DocumentTree) -> list[tuple[str, str]]:
    """Return the agreement's sections after the cover: id and title."""
    return [(s.id, s.title) for s in tree.sections if s.kind is not SectionKind.COVER]
