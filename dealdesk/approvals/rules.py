"""Evaluate a policy on a deal: required roles with all their reasons, walk-aways, and the trace."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from dealdesk.approvals.assessment import Assessment, Finding, Reason, Requirement, WalkAway
from dealdesk.approvals.clause_rules import (
    capability_findings,
    clause_findings,
    insurance_findings,
    walk_away_findings,
)
from dealdesk.approvals.facts import DealFacts, Figure, exact_text
from dealdesk.approvals.policy import (
    CapabilityRule,
    ClauseRule,
    InsuranceRule,
    LadderRule,
    LadderStep,
    OrderRule,
    Policy,
    RangeRule,
    Rule,
    TogetherRule,
    WalkAwayRule,
    WordRule,
)
from dealdesk.kernel.errors import DomainError, Problem


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


def _requirements(findings: list[Finding], policy: Policy) -> tuple[Requirement, ...]:
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


def _findings(rule: Rule, facts: DealFacts, policy: Policy) -> Iterator[Finding]:
    match rule:
        case LadderRule():
            yield from _ladder(rule, facts)
        case RangeRule():
            yield from _range(rule, facts)
        case WordRule():
            yield from _word(rule, facts)
        case OrderRule():
            yield from _order(rule, facts)
        case ClauseRule():
            yield from clause_findings(rule, facts)
        case WalkAwayRule():
            yield from walk_away_findings(rule, facts)
        case InsuranceRule():
            yield from insurance_findings(rule, facts, policy)
        case CapabilityRule():
            yield from capability_findings(rule, facts, policy)
        case TogetherRule():
            yield from _together(rule, facts)


def _ladder(rule: LadderRule, facts: DealFacts) -> Iterator[Finding]:
    """Yield one finding per figure; only figures on the strictest step reached ask for roles."""
    figures = [facts.figures[name] for name in rule.figures if name in facts.figures]
    reached = {figure.name: _step_index(rule, figure.value) for figure in figures}
    highest = max(reached.values(), default=-1)
    for figure in figures:
        index = reached[figure.name]
        asked = index == highest and index >= 0
        step = rule.steps[max(index, 0)]
        yield Finding(
            _figure_reason(rule.id, figure, limit_words(step, figure), is_met=index >= 0),
            step.roles if asked else (),
        )


def _together(rule: TogetherRule, facts: DealFacts) -> Iterator[Finding]:
    """Yield one finding for each figure where all of them are above their limits."""
    figures = [(facts.figures.get(name), limit) for name, limit in rule.limits]
    known = [(figure, limit) for figure, limit in figures if figure is not None]
    if len(known) < len(figures) or not all(figure.value > limit for figure, limit in known):
        return
    for figure, limit in known:
        threshold = f"above {_grouped(limit)}"
        reason = _figure_reason(rule.id, figure, threshold, is_met=True)
        message = reason.message.replace(f"{threshold}.", f"{threshold}, together with the rest.")
        yield Finding(replace(reason, message=message), rule.roles)


def _step_index(rule: LadderRule, value: Fraction) -> int:
    return max((i for i, step in enumerate(rule.steps) if step.is_reached_by(value)), default=-1)


def limit_words(step: LadderStep, figure: Figure) -> str:
    """Return a step's limit in words, with the unit that the figure's name counts in."""
    unit = figure.name.partition(":")[2].replace("_", " ")
    limit = f"{_grouped(step.limit)} {unit}".rstrip()
    if step.falling:
        return f"below {limit}"
    return f"{'at least' if step.inclusive else 'above'} {limit}"


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


def _range(rule: RangeRule, facts: DealFacts) -> Iterator[Finding]:
    figure = facts.figures.get(rule.figure)
    if figure is None:
        return
    is_outside = not rule.low <= figure.value <= rule.high
    threshold = f"outside {_grouped(rule.low)} to {_grouped(rule.high)}"
    yield Finding(
        _figure_reason(rule.id, figure, threshold, is_met=is_outside),
        rule.roles if is_outside else (),
    )


def _word(rule: WordRule, facts: DealFacts) -> Iterator[Finding]:
    word = facts.words.get(rule.name)
    if word is None:
        return
    reason = Reason(
        rule=rule.id,
        subject=rule.name,
        tested=word,
        threshold=_word_limit(rule),
        message=_word_message(rule.name, word),
    )
    yield Finding(reason, rule.roles if rule.asks_on(word) else ())


# What reads better than a word's name and what it is; "{}" is the word.
_SENTENCES = {
    ("evergreen", "true"): "The order runs on after its committed months.",
    ("payment_from", "receipt"): "The days to pay count from the receipt of the invoice.",
    ("seller", ""): "The seller is {}.",
    ("seller_form", ""): "The seller's legal form reads “{}”.",
    ("seller_address", ""): "The seller's address reads “{}”.",
    ("tax", ""): "The note on tax reads “{}”.",
}


def _word_message(name: str, word: str) -> str:
    sentence = _SENTENCES.get((name, word)) or _SENTENCES.get((name, ""))
    if sentence is not None:
        return sentence.replace("{}", word)
    return f"{name.replace('_', ' ').capitalize()} is {word.replace('_', ' ')}."


def _word_limit(rule: WordRule) -> str:
    if rule.none_of:
        return f"other than {', '.join(rule.none_of)}"
    return f"one of {', '.join(rule.any_of)}"


def _order(rule: OrderRule, facts: DealFacts) -> Iterator[Finding]:
    """Yield a finding for each thing in the order that bears one of the rule's signs."""
    for fact in facts.order:
        if fact.sign in rule.signs:
            reason = Reason(rule.id, fact.subject, fact.tested, fact.against, fact.message)
            yield Finding(reason, rule.roles)
