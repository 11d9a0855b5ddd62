"""What `dealdesk library show` says of a clause, for people and as JSON."""

from collections.abc import Iterator

from dealdesk.clauses.difference import template_words
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.kernel.hashing import Json


def shown(clause: Clause, library: Library) -> Iterator[str]:
    """Yield the lines that tell a clause: positions, explanations, approvers, usual redlines."""
    yield f"{clause.title} ({clause.key})"
    reviewed = "reviewed by counsel" if clause.reviewed_by_counsel else "not reviewed by counsel"
    yield f"Owner: {library.roles.get(clause.owner, clause.owner)}; {reviewed}."
    for position in clause.positions:
        yield f"\n{position.id} ({position.rank.value.replace('_', ' ')})"
        yield f"  {position.explanation}"
        if position.rationale:
            yield f"  Why: {position.rationale}"
        if position.talk_track:
            yield f"  Say: {position.talk_track}"
        for bound in position.bounds:
            yield f"  Bound: {bound.message}"
        for approver in position.approvers:
            role = library.roles.get(approver.role, approver.role)
            yield f"  Decides: {role}. {approver.reason}"
        for redline in position.redlines:
            yield f"  They ask: {redline.ask} We answer: {redline.counter}"


def clause_json(clause: Clause) -> dict[str, Json]:
    """Return a clause in short, as lists have it."""
    return {
        "id": clause.id,
        "family": clause.family,
        "title": clause.title,
        "version": clause.version,
        "status": clause.status,
        "sha256": clause.sha256,
        "reviewed_by_counsel": clause.reviewed_by_counsel,
        "positions": [{"id": p.id, "rank": p.rank.value} for p in clause.positions],
    }


def show_json(clause: Clause) -> dict[str, Json]:
    """Return a clause with all that its positions say."""
    return {
        "schema_version": "library-show/1",
        **clause_json(clause),
        "owner": clause.owner,
        "effective_from": clause.effective_from.isoformat(),
        "review_due": clause.review_due.isoformat(),
        "licence": clause.licence,
        "requires": list(clause.requires),
        "excludes": list(clause.excludes),
        "variables": [
            {"id": v.id, "kind": v.type.kind.value, "question": v.question, "export": v.export}
            for v in clause.variables
        ],
        "positions": [_position_json(position) for position in clause.positions],
    }


def _position_json(position: Position) -> Json:
    return {
        "id": position.id,
        "rank": position.rank.value,
        "explanation": position.explanation,
        "rationale": position.rationale,
        "talk_track": position.talk_track,
        "words": template_words(position.text),
        "bounds": [{"when": b.source, "message": b.message} for b in position.bounds],
        "approvers": [
            {"role": a.role, "when": a.source, "reason": a.reason} for a in position.approvers
        ],
        "redlines": [{"ask": r.ask, "counter": r.counter} for r in position.redlines],
    }
