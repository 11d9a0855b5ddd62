"""A reading as JSON: the published answer of `dealdesk docx changes`, schemas/docx-changes-1."""

from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.comments import Comment
from dealdesk.documents.docx.differences import Difference
from dealdesk.documents.docx.places import Place
from dealdesk.documents.docx.reading import Reading
from dealdesk.kernel.hashing import Json


def changes_answer(reading: Reading) -> dict[str, Json]:
    """Return the docx-changes/1 answer."""
    return {
        "schema_version": "docx-changes/1",
        "changes": [_change(change) for change in reading.changes],
        "comments": [_comment(comment) for comment in reading.comments],
        "untracked": [_difference(d) for d in reading.untracked] if reading.compared else None,
        "links": [{"kind": link.kind, "target": link.target} for link in reading.links],
    }


def _change(change: Change) -> dict[str, Json]:
    return {
        "id": change.id,
        "kind": str(change.kind),
        "author": change.author or None,
        "date": change.date or None,
        "at": change.at.isoformat() if change.at else None,
        "old": change.old,
        "new": change.new,
        "place": _place(change.place),
        "inside": change.inside or None,
        "move": change.move or None,
    }


def _place(place: Place) -> dict[str, Json]:
    return {
        "part": place.part,
        "block": place.block_id or None,
        "near": place.near or None,
        "run": place.run if place.block_id else None,
        "start": place.start,
        "end": place.end,
        "heading": place.heading or None,
        "value": str(place.value) if place.value else None,
        "known_by": str(place.tier) or None,
        "confidence": place.confidence,
    }


def _comment(comment: Comment) -> dict[str, Json]:
    return {
        "id": comment.id,
        "author": comment.author or None,
        "date": comment.date or None,
        "text": comment.text,
        "answers": comment.answers or None,
        "resolved": comment.resolved,
        "quoted": comment.quoted,
        "places": [_place(place) for place in comment.places],
    }


def _difference(difference: Difference) -> dict[str, Json]:
    return {
        "kind": str(difference.kind),
        "content": difference.is_content,
        "place": _place(difference.place),
        "old": difference.old,
        "new": difference.new,
    }
