"""Record a decision: what the decider sees now is what the decision covers."""

from datetime import datetime

from dealdesk.approvals.assessment import Assessment, Reason
from dealdesk.approvals.coverage import seen_now
from dealdesk.deals.deal import Decision, SeenReason, Verdict


def decide(
    assessment: Assessment, role: str, person: str, at: datetime, verdict: Verdict
) -> Decision:
    """Return a person's decision in a role on every reason that the role is asked for now.

    An exception is recorded on the walk-aways that the role may lift.
    """
    return Decision(
        role, person, verdict, at, assessment.policy, seen_by(assessment, role, verdict)
    )


def seen_by(assessment: Assessment, role: str, verdict: Verdict) -> tuple[SeenReason, ...]:
    """Return what somebody who decides in that role now sees."""
    return tuple(seen_now(reason) for reason in _reasons(assessment, role, verdict))


def _reasons(assessment: Assessment, role: str, verdict: Verdict) -> tuple[Reason, ...]:
    if verdict is Verdict.EXCEPTION:
        return tuple(one.reason for one in assessment.walk_aways if role in one.exception_roles)
    return next((one.reasons for one in assessment.requirements if one.role == role), ())
