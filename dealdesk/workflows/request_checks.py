"""What bars a decision: who may not, what moved since it was seen, and what is over."""

from dataclasses import dataclass, replace

from dealdesk.approvals.asks import is_same, moved, reasons_of
from dealdesk.approvals.independence import Who, has_written
from dealdesk.approvals.lifecycle import Kind, RequestAction, RequestState, may_move
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.routing import Capacity, capacity
from dealdesk.deals.lifecycle import CLOSED
from dealdesk.deals.queries import owner_of
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, Problem, RefusedError
from dealdesk.workflows.approval_work import Act, Desk, needed
from dealdesk.workflows.quoting import people_of
from dealdesk.workflows.stored_deals import StoredDeal


@dataclass(frozen=True, slots=True)
class Seen:
    """What the screen of a decision showed: the request's revision, and the deal's version."""

    revision: int
    version: int


def require_capacity(act: Act, stored: StoredDeal, row: RequestRow) -> Capacity:
    """Return as what the actor decides on a request. Raise RefusedError with every fault."""
    policy = stored.quote.policy
    found = capacity(
        act.actor,
        row.role,
        policy,
        of=owner_of(act.session, stored.row),
        delegate=row.delegate_id,
        away=act.away,
    )
    faults = [*independence_faults(act.actor, stored, row)]
    if found is None:
        faults.append(
            Problem(
                "not-the-role",
                f"You do not decide as {policy.title_of(row.role)}.",
                remedy="Whoever holds the role can delegate the request to you.",
            )
        )
    if faults or found is None:
        raise RefusedError(faults)
    return found


def may_decide(actor: Actor, desk: Desk, stored: StoredDeal, row: RequestRow) -> bool:
    """Tell whether somebody may decide on a request now."""
    as_what = capacity(
        actor,
        row.role,
        stored.quote.policy,
        of=desk.owned(stored),
        delegate=row.delegate_id,
        away=desk.away,
    )
    return (
        as_what is not None
        and may_move(RequestState(row.state), RequestAction.APPROVE)
        and not independence_faults(actor, stored, row)
    )


def refuse_closed(stored: StoredDeal) -> None:
    """Raise RefusedError where the deal is signed or lost: nothing is asked or decided on it."""
    if stored.row.stage in CLOSED:
        raise RefusedError.of(
            "deal-closed",
            f"{stored.row.number} is at the stage “{stored.row.stage}”; nobody decides on it now.",
            remedy="Take a lost deal up again, or start another.",
        )


def independence_faults(actor: Actor, stored: StoredDeal, row: RequestRow) -> list[Problem]:
    """Return what bars a person from a deal, by id and by name: they sell it or wrote it (I7).

    An administrator is a person like any other.
    """
    people = replace(
        people_of(stored.quote.deal, stored.quote.version),
        owner_id=stored.row.owner_id,
        submitter_id=stored.submission.submitter_id if stored.submission else None,
    )
    person = Who(actor.name, actor.id)
    faults = []
    if person.is_same(people.owned_by):
        faults.append(Problem("own-deal", f"{actor.name} owns the deal and can't decide on it."))
    elif person.is_same(people.submitted_by):
        faults.append(
            Problem("own-deal", f"{actor.name} submitted the deal and can't decide on it.")
        )
    written = {
        reason.subject.partition("/")[0]
        for reason in reasons_of(row.reasons)
        if has_written(actor.name, reason.subject, people)
    }
    faults += [
        Problem("own-words", f"{actor.name} wrote “{subject}” and can't decide on it.")
        for subject in sorted(written)
    ]
    earlier = {
        one.role
        for one in stored.quote.deal.decisions
        if person.is_same(Who(one.person, one.person_id)) and one.role != row.role
    }
    faults += [
        Problem(
            "other-role",
            f"{actor.name} decided on this deal as {stored.quote.policy.title_of(role)} already.",
            remedy="Somebody else has to decide in this role.",
        )
        for role in sorted(earlier)
    ]
    return faults


def refuse_moved(stored: StoredDeal, row: RequestRow, seen: Seen) -> None:
    """Raise ConflictError, saying what moved, where a request or its deal is not as it was seen."""
    reasons = reasons_of(row.reasons)
    key = (row.role, Kind(row.kind))
    now = next((one.reasons for one in needed(stored) if one.key == key), ())
    if not is_same(reasons, now) and row.state in {RequestState.OPEN, RequestState.QUESTIONED}:
        raise ConflictError(
            [
                *(Problem("reason-moved", sentence) for sentence in moved(reasons, now)),
                Problem(
                    "asked-on-old",
                    "The deal changed after you were asked.",
                    remedy="Its owner has to submit it again; you are asked anew then.",
                ),
            ]
        )
    if stored.version_row.number != seen.version:
        raise ConflictError.of(
            "deal-moved",
            f"You looked at version {seen.version}; the deal is at version"
            f" {stored.version_row.number} now, and what you decide on is as it was.",
            remedy="Look at it again, then decide.",
        )
    if row.revision != seen.revision:
        raise ConflictError.of(
            "request-moved",
            "Somebody asked, answered or delegated here after you opened the page.",
            remedy="Read it, then decide.",
        )


def refuse_settled(stored: StoredDeal, row: RequestRow) -> None:
    """Raise ConflictError for a request that is over; where it was superseded with what moved.

    Raise RefusedError where its deal is closed.
    """
    if row.closed_at is None:
        refuse_closed(stored)
        return
    on = f"on {row.closed_at:%d %b %Y, %H:%M} UTC"
    if row.state != RequestState.SUPERSEDED:
        raise ConflictError.of(
            "settled",
            f"This request was {row.state} {on}.",
            remedy="Nothing more has to be done here.",
        )
    now = next((one.reasons for one in needed(stored) if one.key == (row.role, Kind(row.kind))), ())
    raise ConflictError(
        [
            *(Problem("reason-moved", said) for said in moved(reasons_of(row.reasons), now)),
            Problem(
                "superseded",
                f"This request was superseded: the deal changed {on}, after you were asked.",
                remedy="You are asked anew once its owner submits it again."
                if now
                else "Nothing is left for you to decide.",
            ),
        ]
    )
