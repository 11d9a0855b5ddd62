"""Decide on a request, ask, answer, give it to somebody: each bound to what the screen showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dealdesk.approvals.asks import digest, reasons_of
from dealdesk.approvals.coverage import seen_now
from dealdesk.approvals.lifecycle import Kind, RequestAction, RequestState
from dealdesk.approvals.operations import Source, record_decision
from dealdesk.approvals.request_models import MessageKind, RequestRow
from dealdesk.approvals.requests import checked_words, close, hand_over, pause, resume, say
from dealdesk.approvals.routing import Capacity, may_stand_in
from dealdesk.audit.operations import record
from dealdesk.deals.deal import Decision, Verdict
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, Problem, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.approval_mail import tell_answered, tell_asked, tell_sellers
from dealdesk.workflows.approval_work import Act, load_desk
from dealdesk.workflows.files_ahead import ask_for_files
from dealdesk.workflows.request_checks import (
    Seen,
    independence_faults,
    refuse_closed,
    refuse_moved,
    refuse_settled,
    require_capacity,
)
from dealdesk.workflows.stored_deals import StoredDeal
from dealdesk.workflows.submitting import call_and_tell
from dealdesk.workflows.summaries import refresh_summary

LONGEST_EXCEPTION = timedelta(days=366)
_ACTIONS = {
    Verdict.APPROVED: RequestAction.APPROVE,
    Verdict.EXCEPTION: RequestAction.APPROVE,
    Verdict.REJECTED: RequestAction.REJECT,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody decides: verdict, words, and for an exception until when."""

    verdict: Verdict
    words: str = ""
    expires_at: datetime | None = None


def decide(act: Act, stored: StoredDeal, row: RequestRow, said: Said, seen: Seen) -> StoredDeal:
    """Record a decision on a request and return the deal as it stands after it.

    The same person's same decision told twice is recorded once. Raise ConflictError where request
    or deal moved on, with what moved; RefusedError where the person may not decide on it.
    """
    action = _ACTIONS[said.verdict]
    if _is_told(act, stored, row, action):
        return stored
    words, expires_at = _checked(said, row, act.now)
    as_what = require_capacity(act, stored, row)
    refuse_moved(stored, row, seen)
    decision = Decision(
        role=row.role,
        person=act.actor.name,
        verdict=said.verdict,
        at=act.now,
        policy=stored.quote.policy.key,
        seen=tuple(seen_now(reason) for reason in reasons_of(row.reasons)),
        conditions=words,
        expires_at=expires_at,
        person_id=act.actor.id,
    )
    close(act.session, act.actor, row, action, now=act.now)
    record_decision(act.session, row.deal_id, decision, Source(row.id, act.actor.id))
    after = act.reload(stored)
    _refuse_not_counted(after, decision)
    _record(act, row, decision, as_what)
    if after.quote.standing.is_clear and not act.is_history:
        # The last decision makes the files final: whoever sends them need not wait.
        ask_for_files(act.session, after, act.now)
    call_and_tell(act, after)
    refresh_summary(act.session, act.rules, after, act.now)
    desk = load_desk(act.session, act.now)
    tell_sellers(act, desk, after, row, verdict=said.verdict.value, words=words)
    return after


def ask(act: Act, stored: StoredDeal, row: RequestRow, words: str, seen: Seen) -> None:
    """Ask the deal's people something; the clock stands until they answer."""
    refuse_settled(stored, row)
    require_capacity(act, stored, row)
    refuse_moved(stored, row, seen)
    say(act.session, act.actor, row, MessageKind.QUESTION, words, now=act.now)
    pause(row, act.now)
    act.session.flush()
    desk = load_desk(act.session, act.now)
    tell_sellers(act, desk, stored, row, verdict="asked", words=words.strip())


def answer(act: Act, stored: StoredDeal, row: RequestRow, words: str) -> None:
    """Answer what a request's decider asked; the clock runs on.

    Raise ConflictError where no question waits for an answer.
    """
    refuse_closed(stored)
    say(act.session, act.actor, row, MessageKind.ANSWER, words, now=act.now)
    resume(row, stored.quote.policy, act.now)
    act.session.flush()
    tell_answered(act, load_desk(act.session, act.now), stored, row, words.strip())


def delegate(act: Act, stored: StoredDeal, row: RequestRow, to: Actor, seen: Seen) -> None:
    """Give a request to somebody who may decide in the role. Raise RefusedError with every fault.

    Given twice to the same person, it is given once.
    """
    if row.delegate_id == to.id:
        return
    refuse_settled(stored, row)
    require_capacity(act, stored, row)
    refuse_moved(stored, row, seen)
    faults = [*_delegate_faults(act, stored, row, to)]
    if faults:
        raise RefusedError(faults)
    hand_over(act.session, act.actor, row, to.id, act.now)
    tell_asked(act, load_desk(act.session, act.now), stored, [row])


def _is_told(act: Act, stored: StoredDeal, row: RequestRow, action: RequestAction) -> bool:
    """Tell whether the person's same decision is recorded; raise ConflictError where another is."""
    words = {RequestAction.APPROVE: RequestState.APPROVED, RequestAction.REJECT: "rejected"}
    is_own = row.closed_at is not None and row.closed_by_id == act.actor.id
    if is_own and row.state == words[action]:
        return True
    refuse_settled(stored, row)
    return False


def _checked(said: Said, row: RequestRow, now: datetime) -> tuple[str, datetime | None]:
    is_exception = row.kind == Kind.EXCEPTION.value
    if said.verdict is not Verdict.REJECTED and is_exception != (said.verdict is Verdict.EXCEPTION):
        raise DomainError.of("wrong-verdict", "That can't be decided on this request.")
    needs_words = said.verdict is not Verdict.APPROVED
    words = checked_words(said.words, "The reason", required=needs_words)
    if said.verdict is not Verdict.EXCEPTION:
        return words, None
    if said.expires_at is None:
        raise DomainError.of(
            "no-expiry", "An exception holds until a day.", remedy="Say until which."
        )
    if not now < said.expires_at <= now + LONGEST_EXCEPTION:
        raise DomainError.of(
            "bad-expiry",
            "An exception holds from now until a day within a year.",
            remedy="Choose another day.",
        )
    return words, said.expires_at


def _refuse_not_counted(after: StoredDeal, decision: Decision) -> None:
    """Raise RefusedError where the rules don't count the decision, whatever the checks before."""
    found = [one for one in after.quote.standing.not_counted if one.decision == decision]
    if found:
        raise RefusedError(Problem("not-independent", words) for words in found[0].faults)


def _record(act: Act, row: RequestRow, decision: Decision, as_what: Capacity) -> None:
    facts: dict[str, Json] = {
        "request": row.id,
        "role": row.role,
        "verdict": decision.verdict.value,
        "capacity": as_what.value,
        "version": row.version_id,
        "policy": decision.policy,
        "reasons_sha256": digest(reasons_of(row.reasons)),
        "expires_at": decision.expires_at.isoformat() if decision.expires_at else None,
    }
    names = {"words": decision.conditions} if decision.conditions else None
    record(
        act.session,
        act.actor,
        row.deal_id,
        "approvals:decision:recorded",
        facts,
        names=names,
        now=act.now,
    )


def _delegate_faults(act: Act, stored: StoredDeal, row: RequestRow, to: Actor) -> Sequence[Problem]:
    policy = stored.quote.policy
    if to.id == act.actor.id:
        return [Problem("oneself", "It is with you already.", remedy="Choose another person.")]
    faults = independence_faults(to, stored, row)
    faults += [
        Problem("away", f"{to.name} is away.", remedy="Choose somebody who is there.")
        for one in act.away
        if one.user == to.id
    ]
    if not may_stand_in(to.roles, row.role, policy):
        allowed = [policy.title_of(one) for one in policy.stand_ins.get(row.role, ())]
        faults.append(
            Problem(
                "not-the-role",
                f"{to.name} does not hold {policy.title_of(row.role)}, and the policy lets"
                f" {' or '.join(allowed) or 'nobody else'} stand in for it.",
                remedy="Choose another person.",
            )
        )
    return faults
