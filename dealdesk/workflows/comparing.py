"""Compare two stored versions of a deal: what people entered, and what the text says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dealdesk.agreements.assembly import assemble
from dealdesk.agreements.comparison import PassageChange, compare_trees
from dealdesk.agreements.models import AgreementVersionRow
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
from dealdesk.workflows.deal_rulebook import Rules, with_clauses


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs: the entries, the passages, and why a text can't be read where it can't.

    `titles` are the clauses' of both versions.
    """

    entered: tuple[ChangeLine, ...]
    passages: tuple[PassageChange, ...]
    titles: Mapping[str, str]
    unread: str = ""


def compare_versions(session: Session, rules: Rules, row: DealRow, old: int, new: int) -> Compared:
    """Return what differs between two versions. Raise NotFoundError where one is absent.

    Each text is assembled with the clauses that its version was made from, whatever is in force
    since; one that the program can't read any more is said to be unreadable.
    """
    revisions = [find_revision(session, row.id, number) for number in (old, new)]
    files = [data_of(one.deal_file) for one in revisions if one is not None]
    entered = changes(*files) if len(files) == 2 else ()  # noqa: PLR2004 - both of the two
    versions = [get_version(session, row.id, number) for number in (old, new)]
    libraries = [with_clauses(session, rules, one.id).library for one in versions]
    titles = {key: title for one in libraries for key, title in clause_titles(one).items()}
    lines = tuple(change_lines(entered, titles))
    try:
        before, after = map(_tree, versions, libraries)
    except DomainError as error:
        return Compared(lines, (), titles, str(error.problems[0]))
    return Compared(lines, tuple(compare_trees(before, after)), titles)


def _tree(version: AgreementVersionRow, library: Library) -> DocumentTree:
    return assemble(inputs_from_json(json.loads(version.inputs)), library)
