"""Which decisions still cover which reasons, and what is open (core-model I5 and I6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from dealdesk.approvals.assessment import Assessment, Reason, Requirement, WalkAway
from dealdesk.approvals.independence import People, dependence
from dealdesk.approvals.policy import (
    EXACT,
    Binding,
    BindingKind,
    LadderRule,
    Policy,
    RangeRule,
)
from dealdesk.deals.deal import Decision, SeenReason, Verdict


@dataclass(frozen=True, slots=True)
class Covered:
    """A reason and the decision that covers it."""

    role: str
    reason: Reason
    decision: Decision


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A decision that counts for nothing, with a sentence for each reason why."""

    decision: Decision
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands: what is decided, what is open, and what blocks it.

    `open` keeps only the reasons that no decision covers; `blocked` the walk-aways whose
    exception is not recorded by every role that it needs; `not_counted` the decisions whose
    person may not decide, since they sold or wrote it or decided in another role already;
    `expired` the exceptions that held until a time that has come.
    """

    covered: tuple[Covered, ...]
    open: tuple[Requirement, ...]
    blocked: tuple[WalkAway, ...]
    not_counted: tuple[NotCounted, ...]
    expired: tuple[Decision, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Tell whether nothing is open and nothing blocks."""
        return not self.open and not self.blocked


def standing(
    assessment: Assessment,
    decisions: Sequence[Decision],
    policy: Policy,
    people: People,
    at: datetime | None = None,
) -> Standing:
    """Return requirements minus covered reasons, and the walk-aways that still block (I6).

    Exceptions that expired by `at` count no more; without it none has.
    """
    judged = [NotCounted(one, dependence(one, decisions, people)) for one in decisions]
    expired = tuple(one for one in decisions if has_expired(one, at))
    counted = [one.decision for one in judged if not one.faults and one.decision not in expired]
    covered = tuple(
        Covered(requirement.role, reason, decision)
        for requirement in assessment.requirements
        for reason in requirement.reasons
        if (decision := covering(requirement.role, reason, counted, policy)) is not None
    )
    pairs = {(one.role, one.reason) for one in covered}
    return Standing(
        covered=covered,
        open=tuple(
            Requirement(one.role, one.title, one.stage, left)
            for one in assessment.requirements
            if (left := tuple(r for r in one.reasons if (one.role, r) not in pairs))
        ),
        blocked=tuple(
            one for one in assessment.walk_aways if not _is_excepted(one, counted, policy)
        ),
        not_counted=tuple(one for one in judged if one.faults),
        expired=expired,
    )


def has_expired(decision: Decision, at: datetime | None) -> bool:
    """Tell whether a decision held until a time that has come."""
    return at is not None and decision.expires_at is not None and decision.expires_at <= at


def covering(
    role: str,
    reason: Reason,
    decisions: Sequence[Decision],
    policy: Policy,
    verdict: Verdict = Verdict.APPROVED,
) -> Decision | None:
    """Return the latest decision with that verdict in that role that covers the reason, or None.

    A rejection of the same rule and subject by the role withdraws what it decided before.
    """
    about = [d for d in decisions if d.role == role and _has_seen(d, reason)]
    rejected = [d.at for d in about if d.verdict is Verdict.REJECTED]
    after = max(rejected, default=None)
    binding = binding_of(reason.rule, policy)
    for decision in sorted(about, key=lambda d: d.at, reverse=True):
        if decision.verdict is not verdict or (after and decision.at <= after):
            continue
        if any(covers(seen, reason, binding) for seen in decision.seen):
            return decision
    return None


def covers(seen: SeenReason, reason: Reason, binding: Binding) -> bool:
    """Tell whether what was seen covers a reason (I5).

    Rule, subject and passage hash have to be equal, and the value has to pass the binding.
    """
    is_same = seen.rule == reason.rule and seen.subject == reason.subject
    return (
        is_same and seen.passage == reason.passage and _passes(seen.tested, reason.tested, binding)
    )


def _passes(seen: str, now: str, binding: Binding) -> bool:
    if seen == now:
        return True
    before, after = _number(seen), _number(now)
    if before is None or after is None:
        return False
    match binding.kind:
        case BindingKind.EXACT:
            return before == after
        case BindingKind.NO_WORSE:
            return after <= before
        case BindingKind.NO_LOWER:
            return after >= before
        case BindingKind.BAND:
            return abs(after - before) <= abs(before) * binding.band_pct / 100


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def binding_of(rule_id: str, policy: Policy) -> Binding:
    """Return the binding of a rule; a clause's passage binds by its hash, so it is exact."""
    rule = policy.rule(rule_id)
    return rule.binding if isinstance(rule, LadderRule | RangeRule) else EXACT


def _has_seen(decision: Decision, reason: Reason) -> bool:
    return any(s.rule == reason.rule and s.subject == reason.subject for s in decision.seen)


def lacks_exception(
    role: str, walk_away: WalkAway, decisions: Sequence[Decision], policy: Policy
) -> bool:
    """Tell whether a role has no exception recorded for a walk-away as it is now."""
    return covering(role, walk_away.reason, decisions, policy, Verdict.EXCEPTION) is None


def _is_excepted(walk_away: WalkAway, decisions: Sequence[Decision], policy: Policy) -> bool:
    return not any(
        lacks_exception(role, walk_away, decisions, policy) for role in walk_away.exception_roles
    )


def seen_now(reason: Reason) -> SeenReason:
    """Return what a decider who decides on this reason now has seen."""
    return SeenReason(reason.rule, reason.subject, reason.tested, reason.passage)
