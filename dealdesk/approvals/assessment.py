"""What a policy says about a deal: requirements with their reasons, walk-aways, the trace."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a role is asked: the rule, what it tested, and against which threshold.

    `subject` is a figure's name, a clause's instance id, or one of its values. `tested` is exact
    text that reads back; `passage` is the passage's hash where the subject is a clause, else "".
    """

    rule: str
    subject: str
    tested: str
    threshold: str
    message: str
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A role that has to decide, asked once with all its reasons; stages go in order."""

    role: str
    title: str
    stage: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class WalkAway:
    """A position that blocks the deal until every exception role records an exception."""

    reason: Reason
    exception_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One test that a rule made, whether or not it asked for anybody."""

    rule: str
    subject: str
    tested: str
    threshold: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a policy says about a deal: who has to decide, what blocks, and how it came to that."""

    policy: str
    requirements: tuple[Requirement, ...]
    walk_aways: tuple[WalkAway, ...]
    trace: tuple[TraceStep, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """The required roles in the order in which they are asked."""
        return tuple(requirement.role for requirement in self.requirements)


@dataclass(frozen=True, slots=True)
class Finding:
    """One test with its outcome, before roles are gathered."""

    reason: Reason
    roles: tuple[str, ...]
    exception: tuple[str, ...] = ()

    @property
    def step(self) -> TraceStep:
        """The test as the trace shows it."""
        reason = self.reason
        roles = self.roles or self.exception
        return TraceStep(reason.rule, reason.subject, reason.tested, reason.threshold, roles)
