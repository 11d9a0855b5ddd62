"""Evaluate a policy on a deal: required roles with all their reasons, walk-aways, and the trace."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dealdesk.approvals.facts import ClauseFact, DealFacts, Figure, exact_text
from dealdesk.approvals.insurance import insurance_faults
from dealdesk.approvals.policy import (
    ClauseRule,
    InsuranceRule,
    LadderRule,
    LadderStep,
    Policy,
    RangeRule,
    Selector,
    Sign,
    WalkAwayRule,
    WordRule,
)
from dealdesk.kernel.errors import DomainError, Problem


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
class _Finding:
    """One test with its outcome, before roles are gathered."""

    reason: Reason
    roles: tuple[str, ...]
    exception: tuple[str, ...] = ()

    @property
    def step(self) -> TraceStep:
        reason = self.reason
        roles = self.roles or self.exception
        return TraceStep(reason.rule, reason.subject, reason.tested, reason.threshold, roles)


def assess(facts: DealFacts, policy: Policy) -> Assessment:
    """Return every role that has to decide on the deal, every walk-away, and the trace.

    A role is asked once with all its reasons; roles stand in the order of the policy's stages.
    """
    findings = [finding for rule in policy.rules for finding in _findings(rule, facts, policy)]
    return Assessment(
        policy=policy.key,
        requirements=_requirements(findings, policy),
        walk_aways=tuple(WalkAway(f.reason, f.exception) for f in findings if f.exception),
        trace=tuple(finding.step for finding in findings),
    )


def _requirements(findings: list[_Finding], policy: Policy) -> tuple[Requirement, ...]:
    reasons: dict[str, list[Reason]] = {}
    for finding in findings:
        for role in finding.roles:
            reasons.setdefault(role, []).append(finding.reason)
    known = list(policy.roles)
    unknown = [role for role in reasons if role not in policy.roles]
    if unknown:
        raise DomainError([_unknown_role(role, reasons[role][0], policy) for role in unknown])
    ordered = sorted(reasons, key=lambda role: (policy.stage_of(role), known.index(role)))
    return tuple(
        Requirement(role, policy.roles[role], policy.stage_of(role), tuple(reasons[role]))
        for role in ordered
    )


def _unknown_role(role: str, reason: Reason, policy: Policy) -> Problem:
    return Problem(
        "unknown-role",
        f"“{reason.subject}” asks for the role “{role}”, which the policy {policy.key} lacks.",
        remedy="Add the role to the policy, or correct it in the clause.",
    )


def _findings(rule: object, facts: DealFacts, policy: Policy) -> Iterator[_Finding]:
    match rule:
        case LadderRule():
            yield from _ladder(rule, facts)
        case RangeRule():
            yield from _range(rule, facts)
        case WordRule():
            yield from _word(rule, facts)
        case ClauseRule():
            yield from _clauses(rule, facts)
        case WalkAwayRule():
            yield from _walk_aways(rule, facts)
        case InsuranceRule():
            yield from _insurance(rule, facts, policy)


def _ladder(rule: LadderRule, facts: DealFacts) -> Iterator[_Finding]:
    """Yield one finding per figure; only figures on the strictest step reached ask for roles."""
    figures = [facts.figures[name] for name in rule.figures if name in facts.figures]
    reached = {figure.name: _step_index(rule, figure.value) for figure in figures}
    highest = max(reached.values(), default=-1)
    for figure in figures:
        index = reached[figure.name]
        asked = index == highest and index >= 0
        step = rule.steps[max(index, 0)]
        yield _Finding(
            _figure_reason(rule.id, figure, _limit_words(step), is_met=index >= 0),
            step.roles if asked else (),
        )


def _step_index(rule: LadderRule, value: Fraction) -> int:
    return max((i for i, step in enumerate(rule.steps) if step.is_reached_by(value)), default=-1)


def _limit_words(step: LadderStep) -> str:
    return f"{'at least' if step.inclusive else 'above'} {_grouped(step.limit)}"


def _grouped(limit: Fraction) -> str:
    """Return a limit with its thousands grouped: limits are written by people, as decimals."""
    whole, _, rest = exact_text(limit).partition(".")
    return f"{int(whole):,}.{rest}" if rest else f"{int(whole):,}"


def _figure_reason(rule: str, figure: Figure, threshold: str, *, is_met: bool) -> Reason:
    words = threshold if is_met else f"not {threshold}"
    return Reason(
        rule=rule,
        subject=figure.name,
        tested=exact_text(figure.value),
        threshold=threshold,
        message=f"{figure.label} is {figure.text}, {words}.",
    )


def _range(rule: RangeRule, facts: DealFacts) -> Iterator[_Finding]:
    figure = facts.figures.get(rule.figure)
    if figure is None:
        return
    is_outside = not rule.low <= figure.value <= rule.high
    threshold = f"outside {_grouped(rule.low)} to {_grouped(rule.high)}"
    yield _Finding(
        _figure_reason(rule.id, figure, threshold, is_met=is_outside),
        rule.roles if is_outside else (),
    )


def _word(rule: WordRule, facts: DealFacts) -> Iterator[_Finding]:
    word = facts.words.get(rule.name)
    if word is None:
        return
    label = rule.name.replace("_", " ").capitalize()
    reason = Reason(
        rule=rule.id,
        subject=rule.name,
        tested=word,
        threshold=f"one of {', '.join(rule.any_of)}",
        message=f"{label} is {word.replace('_', ' ')}.",
    )
    yield _Finding(reason, rule.roles if word in rule.any_of else ())


def _clauses(rule: ClauseRule, facts: DealFacts) -> Iterator[_Finding]:
    for clause in facts.clauses:
        if not selects(rule.select, clause):
            continue
        owners = tuple(role for role in clause.owners if role not in rule.roles)
        roles = rule.roles + (owners if rule.with_owner else ())
        if rule.select.sign is Sign.OWN_APPROVERS:
            for approver in clause.approvers:
                words = f"{clause.title}, {_position_words(clause)}: {approver.reason}"
                yield _Finding(_clause_reason(rule.id, clause, words), (approver.role,))
            continue
        yield _Finding(_clause_reason(rule.id, clause, _words(rule, clause)), roles)


def selects(selector: Selector, clause: ClauseFact) -> bool:
    """Tell whether a selector means this clause: every part of it that is given has to hold."""
    return (
        (not selector.ranks or clause.rank in selector.ranks)
        and (not selector.orders or clause.order in selector.orders)
        and (not selector.families or clause.family in selector.families)
        and (not selector.tags or bool(set(clause.tags) & set(selector.tags)))
        and (not selector.clauses or clause.clause in selector.clauses)
        and _bears(selector.sign, clause)
    )


def _bears(sign: Sign | None, clause: ClauseFact) -> bool:
    match sign:
        case None:
            return True
        case Sign.FREE_TEXT:
            return clause.free_text
        case Sign.OUT_OF_BOUNDS:
            return bool(clause.out_of_bounds)
        case Sign.OWN_APPROVERS:
            return bool(clause.approvers)


def _words(rule: ClauseRule, clause: ClauseFact) -> str:
    match rule.select.sign:
        case Sign.FREE_TEXT:
            return f"{clause.title}: free text in place of the library's."
        case Sign.OUT_OF_BOUNDS:
            return f"{clause.title}: {' '.join(clause.out_of_bounds)}"
        case _:
            return f"{clause.title}: {_position_words(clause)} in place of the standard."


def _position_words(clause: ClauseFact) -> str:
    return clause.position.replace("-", " ").replace("_", " ")


def _clause_reason(rule: str, clause: ClauseFact, message: str) -> Reason:
    return Reason(
        rule=rule,
        subject=clause.instance,
        tested=clause.position,
        threshold="standard",
        message=message,
        passage=clause.passage,
    )


def _walk_aways(rule: WalkAwayRule, facts: DealFacts) -> Iterator[_Finding]:
    for clause in facts.clauses:
        if selects(rule.select, clause):
            words = f"{clause.title}: a walk-away position, which we do not offer."
            yield _Finding(_clause_reason(rule.id, clause, words), (), rule.exception)


def _insurance(rule: InsuranceRule, facts: DealFacts, policy: Policy) -> Iterator[_Finding]:
    if policy.programme is None:
        return
    passages = {clause.instance: clause.passage for clause in facts.clauses}
    faults = insurance_faults(facts.insurance, policy.programme, policy.fx, facts.dated_on)
    for fault in faults:
        ask = fault.ask
        reason = Reason(
            rule=rule.id,
            subject=f"{ask.instance}/{ask.coverage}",
            tested=fault.asked,
            threshold=fault.placed,
            message=fault.message,
            passage=passages.get(ask.instance, ""),
        )
        yield _Finding(reason, rule.roles)
