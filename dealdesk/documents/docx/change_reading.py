"""Read the tracked changes of a file, all stories, in reading order."""

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.file import DocxFile, story_name
from dealdesk.documents.docx.object_changes import other_changes, with_rows
from dealdesk.documents.docx.places import Places, located
from dealdesk.documents.docx.revisions import Revision, revisions
from dealdesk.documents.docx.stream import story as story_of
from dealdesk.documents.docx.text_changes import Group, groups_of, moves_of, text_change


def read_changes(file: DocxFile, known: DocxFile | None = None) -> list[Change]:
    """Return the tracked changes of all stories in reading order.

    `known` is the file that was sent, when there is one: its custom part tells which bookmark is
    which block where the returned file lost its own.
    """
    own = file.manifest()
    manifest = known.manifest() if known is not None else own
    found: list[Change] = []
    for part, root in file.stories():
        places = Places(manifest, file)
        if known is not None and part == file.main:
            places.sent = known
        found += _story_changes(part, root, places)
    return found


def _story_changes(name: str, root: etree._Element, places: Places) -> list[Change]:
    found = revisions(root)
    if not found:
        return []
    by_element = {r.element: r for r in found}
    part = story_name(name)
    story = story_of(places.file, name)
    spots = located(places, part, story)
    groups = list(groups_of(story, spots))
    moves = moves_of(root)
    changes = [text_change(part, g, by_element, moves) for g in groups]
    used = {key for change in changes for key in change.elements}
    rest = [r for r in found if r.key not in used]
    changes = with_rows(changes, list(other_changes(part, rest, story, spots)), found)
    order = {r.key: at for at, r in enumerate(found)}
    changes.sort(key=lambda change: min(order[key] for key in change.elements))
    return _with_hosts(changes, groups, by_element)


def _with_hosts(
    changes: list[Change], groups: Sequence[Group], known: dict[etree._Element, Revision]
) -> list[Change]:
    """Return the changes, those inside another author's insertion naming it."""
    owner = {key: change.id for change in changes for key in change.elements}
    hosts = {
        known[g.elements[0]].key: owner.get(known[g.host].key, "")
        for g in groups
        if g.host is not None and g.host in known and g.elements[0] in known
    }
    return [_hosted(change, hosts.get(change.elements[0], "")) for change in changes]


def _hosted(change: Change, host: str) -> Change:
    if not host or host == change.id:
        return change
    return replace(change, inside=host)
