"""Compare two stored versions of a deal: what people entered, and what the text says."""

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dealdesk.agreements.assembly import assemble
from dealdesk.agreements.comparison import PassageChange, compare_trees
from dealdesk.agreements.queries import get_version
from dealdesk.agreements.serial import inputs_from_json
from dealdesk.clauses.model import Library
from dealdesk.deals.change_words import ChangeLine, change_lines
from dealdesk.deals.editing import data_of
from dealdesk.deals.merging import changes
from dealdesk.deals.models import DealRow
from dealdesk.deals.queries import find_revision
from dealdesk.documents.tree import DocumentTree
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.deal_edits import clause_titles


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs: the entries, the passages, and why a text can't be read where it can't."""

    entered: tuple[ChangeLine, ...]
    passages: tuple[PassageChange, ...]
    unread: str = ""


def compare_versions(
    session: Session, library: Library, row: DealRow, old: int, new: int
) -> Compared:
    """Return what differs between two versions. Raise NotFoundError where one is absent.

    Texts are assembled with today's library; one that it no longer has is said to be unreadable.
    """
    revisions = [find_revision(session, row.id, number) for number in (old, new)]
    files = [data_of(one.deal_file) for one in revisions if one is not None]
    entered = changes(*files) if len(files) == 2 else ()  # noqa: PLR2004 - both of the two
    lines = tuple(change_lines(entered, clause_titles(library)))
    rows = [get_version(session, row.id, number) for number in (old, new)]
    try:
        before, after = (_tree(one.inputs, library) for one in rows)
    except DomainError as error:
        return Compared(lines, (), str(error.problems[0]))
    return Compared(lines, tuple(compare_trees(before, after)))


def _tree(inputs: str, library: Library) -> DocumentTree:
    return assemble(inputs_from_json(json.loads(inputs)), library)
