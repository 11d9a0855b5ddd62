"""Why an open reason was decided before and no longer is: what moved since (core-model I6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from dealdesk.approvals.assessment import Reason
from dealdesk.approvals.coverage import binding_of, covers
from dealdesk.approvals.policy import Policy
from dealdesk.deals.deal import Decision, SeenReason, Verdict


@dataclass(frozen=True, slots=True)
class Lapse:
    """An earlier approval that does not cover a reason any more, with a sentence that says why."""

    decision: Decision
    seen: SeenReason
    message: str


def lapse_of(
    role: str, reason: Reason, decisions: Sequence[Decision], policy: Policy
) -> Lapse | None:
    """Return the role's latest decision on this rule and subject that no longer covers it."""
    for decision in sorted(decisions, key=lambda one: one.at, reverse=True):
        if decision.role != role or decision.verdict is Verdict.REJECTED:
            continue
        for seen in decision.seen:
            is_about = (seen.rule, seen.subject) == (reason.rule, reason.subject)
            if is_about and not covers(seen, reason, binding_of(reason.rule, policy)):
                return Lapse(decision, seen, _message(decision, seen, reason))
    return None


def _message(decision: Decision, seen: SeenReason, reason: Reason) -> str:
    day = f"{decision.at.day} {decision.at:%b %Y}"
    decided = f"{decision.person} decided on {day}"
    if seen.tested != reason.tested:
        return f"{decided} at {seen.tested}; it is {reason.tested} now."
    return f"{decided} on another text of the clause."
