"""Rules on clauses: positions, free text, broken bounds, walk-aways, promised insurance."""

from collections.abc import Iterator

from dealdesk.approvals.assessment import Finding, Reason
from dealdesk.approvals.capability import Promise, capability_faults
from dealdesk.approvals.facts import ClauseFact, DealFacts
from dealdesk.approvals.insurance import insurance_faults
from dealdesk.approvals.policy import (
    CapabilityRule,
    ClauseRule,
    InsuranceRule,
    Policy,
    Selector,
    Sign,
    WalkAwayRule,
)


def clause_findings(rule: ClauseRule, facts: DealFacts) -> Iterator[Finding]:
    """Yield a finding for each clause that the rule selects, or for each of its own approvers."""
    for clause in facts.clauses:
        if not selects(rule.select, clause):
            continue
        owners = tuple(role for role in clause.owners if role not in rule.roles)
        roles = rule.roles + (owners if rule.with_owner else ())
        if rule.select.sign is Sign.OWN_APPROVERS:
            for approver in clause.approvers:
                words = f"{clause.title}, {_position_words(clause)}: {approver.reason}"
                yield Finding(_clause_reason(rule.id, clause, words), (approver.role,))
            continue
        yield Finding(_clause_reason(rule.id, clause, _words(rule, clause)), roles)


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


def walk_away_findings(rule: WalkAwayRule, facts: DealFacts) -> Iterator[Finding]:
    """Yield a finding that asks nobody and blocks, for each clause at a walk-away."""
    for clause in facts.clauses:
        if selects(rule.select, clause):
            words = f"{clause.title}: a walk-away position, which we do not offer."
            yield Finding(_clause_reason(rule.id, clause, words), (), rule.exception)


def insurance_findings(rule: InsuranceRule, facts: DealFacts, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for each limit that the programme on file does not meet."""
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
        yield Finding(reason, rule.roles)


def capability_findings(
    rule: CapabilityRule, facts: DealFacts, policy: Policy
) -> Iterator[Finding]:
    """Yield a finding for each promise beyond what the record shows that the service can do."""
    if policy.capability is None:
        return
    promises = {
        figure.name: Promise(figure.name, figure.label, figure.value, figure.text)
        for figure in facts.figures.values()
    }
    faults = capability_faults(
        policy.capability, promises, facts.hours, _regions(facts), facts.dated_on
    )
    passages = {clause.instance: clause.passage for clause in facts.clauses}
    for fault in faults:
        reason = Reason(
            rule=rule.id,
            subject=fault.subject,
            tested=fault.tested,
            threshold=fault.allowed,
            message=fault.message,
            passage=passages.get(fault.subject.partition("/")[0], ""),
        )
        yield Finding(reason, rule.roles)


def _regions(facts: DealFacts) -> int:
    """Return in how many regions the deal's service runs; one, where the deal does not say."""
    words = facts.words.get("facts.regions", "1")
    return int(words) if words.isdecimal() else 1
