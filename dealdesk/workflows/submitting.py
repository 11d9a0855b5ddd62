"""Ask for approval: whom for what follows from the policy; what was decided and holds stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from dealdesk.approvals.asks import Ask, is_same, moved, reasons_of, turn
from dealdesk.approvals.lifecycle import Kind, RequestAction, RequestState
from dealdesk.approvals.policy_versions import keep_policy
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.request_queries import get_submission, list_requests
from dealdesk.approvals.requests import (
    call_next,
    checked_words,
    close,
    live_requests,
    open_request,
    record_submission,
    withdraw_submission,
)
from dealdesk.kernel.errors import ConflictError, Problem, RefusedError
from dealdesk.workflows.approval_mail import tell_asked
from dealdesk.workflows.approval_routing import keep_moving
from dealdesk.workflows.approval_work import Act, load_desk, needed
from dealdesk.workflows.deal_rulebook import rules_in_force
from dealdesk.workflows.request_checks import refuse_closed
from dealdesk.workflows.stored_deals import StoredDeal
from dealdesk.workflows.summaries import refresh_summary


@dataclass(frozen=True, slots=True)
class Submitted:
    """A deal that was submitted: the requests that were opened, and those that stay as they are."""

    stored: StoredDeal
    opened: tuple[RequestRow, ...]
    kept: tuple[RequestRow, ...]


def submit_deal(act: Act, stored: StoredDeal, note: str, *, seen_version: int) -> Submitted:
    """Ask every role that has something left to decide, and return what became of it.

    A request for just the same stays; one whose reasons moved is superseded by another. Sent twice,
    it asks once. Raise ConflictError where the deal moved on, RefusedError where there is nothing
    to ask, or where a role rejected just this and nobody says what is new.
    """
    session = act.session
    words = checked_words(note, "The note", required=False)
    # A second process that submits or changes the same deal waits, then sees what this one did.
    session.refresh(stored.row, with_for_update=True)
    stored = act.reload(stored)
    refuse_closed(stored)
    _refuse_moved(stored, seen_version)
    in_force = rules_in_force(session, act.rules, act.now)
    live = {(row.role, Kind(row.kind)): row for row in live_requests(session, stored.row.id)}
    if _is_asked(stored, in_force.policy_text, live):
        return Submitted(stored, (), tuple(live.values()))
    submission = record_submission(
        session,
        act.actor,
        deal_id=stored.row.id,
        version_id=stored.version_row.id,
        policy_version_id=keep_policy(
            session, in_force.policy.key, in_force.policy_text, act.now
        ).id,
        note=words,
        now=act.now,
    )
    stored = act.reload(stored)
    wanted = needed(stored)
    _refuse_useless(act, stored, wanted, words)
    kept = [row for row in live.values() if _keeps(row, wanted)]
    for row in live.values():
        if row not in kept:
            close(session, act.actor, row, RequestAction.SUPERSEDE, now=act.now)
    keys = {(row.role, Kind(row.kind)) for row in kept}
    opened = [
        open_request(session, act.actor, submission, ask, act.now)
        for ask in wanted
        if ask.key not in keys
    ]
    call_and_tell(act, stored)
    refresh_summary(session, act.rules, stored, act.now)
    return Submitted(stored, tuple(opened), tuple(kept))


def call_and_tell(act: Act, stored: StoredDeal) -> Sequence[RequestRow]:
    """Ask the roles whose turn has come, promise them a message, and return the requests."""
    called = call_next(
        act.session,
        act.actor,
        stored.row.id,
        stored.quote.policy,
        turn=turn(needed(stored)),
        now=act.now,
    )
    if called:
        desk = load_desk(act.session, act.now)
        given = {row.id for row in called if keep_moving(act, desk, stored, [row])}
        tell_asked(act, desk, stored, [row for row in called if row.id not in given])
    return called


def withdraw_deal(act: Act, stored: StoredDeal, *, seen: int) -> Sequence[RequestRow]:
    """Take a deal's submission back, and return the requests that this settled.

    What was decided stays decided. Raise ConflictError where another submission stands.
    """
    if stored.submission is None:
        raise ConflictError.of("not-submitted", f"{stored.row.number} is not submitted.")
    if stored.submission.id != seen:
        raise ConflictError.of(
            "submitted-again",
            "The deal was submitted again after you opened this page.",
            remedy="Load the page again before you take it back.",
        )
    row = get_submission(act.session, stored.submission.id)
    return withdraw_submission(act.session, act.actor, row, act.now)


def _refuse_moved(stored: StoredDeal, seen_version: int) -> None:
    if stored.version_row.number != seen_version:
        raise ConflictError.of(
            "deal-moved",
            f"You looked at version {seen_version}; the deal is at version"
            f" {stored.version_row.number} now.",
            remedy="Look at what changed, then submit it.",
        )
    if not stored.is_as_stored:
        raise RefusedError.of(
            "text-changed",
            "The library or the program changed after this version was made, and its text with it.",
            remedy="Record a new version before you submit it.",
        )


def _is_asked(
    stored: StoredDeal, policy_text: str, live: dict[tuple[str, Kind], RequestRow]
) -> bool:
    """Tell whether just this was submitted already, and nothing would be asked anew."""
    if not stored.is_submitted or stored.policy_text != policy_text:
        return False
    wanted = needed(stored)
    return (
        bool(wanted)
        and {ask.key for ask in wanted} == set(live)
        and all(_keeps(row, wanted) for row in live.values())
    )


def _keeps(row: RequestRow, wanted: Sequence[Ask]) -> bool:
    key = (row.role, Kind(row.kind))
    ask = next((one for one in wanted if one.key == key), None)
    return ask is not None and is_same(reasons_of(row.reasons), ask.reasons)


def _refuse_useless(act: Act, stored: StoredDeal, wanted: Sequence[Ask], words: str) -> None:
    if not wanted:
        raise RefusedError.of("nothing-to-ask", "Nobody has anything to decide on this deal.")
    if words:
        return
    last = {(row.role, Kind(row.kind)): row for row in list_requests(act.session, stored.row.id)}
    again = [
        ask
        for ask in wanted
        if (row := last.get(ask.key)) is not None
        and row.state == RequestState.REJECTED.value
        and not list(moved(reasons_of(row.reasons), ask.reasons))
    ]
    if again:
        raise RefusedError(
            Problem(
                "rejected-as-it-is",
                f"{stored.quote.policy.title_of(ask.role)} rejected just this.",
                remedy="Change the deal, or say in a note what is new.",
            )
            for ask in again
        )
