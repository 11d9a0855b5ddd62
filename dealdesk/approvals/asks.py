"""Whom to ask for what: every role with all that it has left to decide, in the policy's stages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from dealdesk.approvals.assessment import Assessment, Reason
from dealdesk.approvals.coverage import Standing, lacks_exception
from dealdesk.approvals.lifecycle import Kind
from dealdesk.approvals.policy import Policy
from dealdesk.deals.deal import Decision
from dealdesk.kernel.hashing import sha256_json


@dataclass(frozen=True, slots=True)
class Ask:
    """One role asked once, with every reason that no decision of its covers."""

    role: str
    kind: Kind
    stage: int
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> tuple[str, Kind]:
        """What a deal has one of at a time."""
        return self.role, self.kind


def asks(standing: Standing, decisions: Sequence[Decision], policy: Policy) -> tuple[Ask, ...]:
    """Return who has to be asked for what, in the order of the stages.

    A role that has to except a walk-away is asked for that apart: it is another question.
    """
    not_counted = {*(one.decision for one in standing.not_counted), *standing.expired}
    counted = [one for one in decisions if one not in not_counted]
    found = [Ask(one.role, Kind.APPROVAL, one.stage, one.reasons) for one in standing.open]
    lacking: dict[str, list[Reason]] = {}
    for blocked in standing.blocked:
        for role in blocked.exception_roles:
            if lacks_exception(role, blocked, counted, policy):
                lacking.setdefault(role, []).append(blocked.reason)
    found += [
        Ask(role, Kind.EXCEPTION, policy.stage_of(role), tuple(reasons))
        for role, reasons in lacking.items()
    ]
    return tuple(sorted(found, key=lambda ask: ask.stage))


def asked_reasons(assessment: Assessment, role: str, kind: Kind) -> tuple[Reason, ...]:
    """Return every reason for which a role is asked now, decided or not."""
    if kind is Kind.EXCEPTION:
        return tuple(one.reason for one in assessment.walk_aways if role in one.exception_roles)
    return next((one.reasons for one in assessment.requirements if one.role == role), ())


def reasons_json(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """Return reasons as they are kept."""
    return [asdict(reason) for reason in reasons]


def reasons_of(kept: Iterable[Mapping[str, str]]) -> tuple[Reason, ...]:
    """Return kept reasons."""
    return tuple(Reason(**reason) for reason in kept)


def is_same(before: Sequence[Reason], now: Sequence[Reason]) -> bool:
    """Tell whether two asks are about the same things at the same values and words."""
    return _facts(before) == _facts(now)


def digest(reasons: Sequence[Reason]) -> str:
    """Return a hash of what somebody decides on, so that a stale screen shows."""
    return sha256_json([list(one) for one in sorted(_facts(reasons))])


def moved(before: Sequence[Reason], now: Sequence[Reason]) -> Iterator[str]:
    """Yield a sentence for each reason that went, came, or is about another value or text."""
    old = {(one.rule, one.subject): one for one in before}
    new = {(one.rule, one.subject): one for one in now}
    for key, reason in new.items():
        earlier = old.get(key)
        if earlier is None:
            yield f"New: {reason.message}"
        elif earlier.tested != reason.tested:
            yield f"It was: {earlier.message} It is now: {reason.message}"
        elif earlier.passage != reason.passage:
            yield f"Other words now: {reason.message}"
    yield from (f"No longer: {one.message}" for key, one in old.items() if key not in new)


def _facts(reasons: Iterable[Reason]) -> set[tuple[str, str, str, str]]:
    return {(one.rule, one.subject, one.tested, one.passage) for one in reasons}


def turn(needed: Sequence[Ask]) -> int:
    """Return the stage whose turn it is: the earliest in which something is left to decide."""
    return min((ask.stage for ask in needed), default=0)
