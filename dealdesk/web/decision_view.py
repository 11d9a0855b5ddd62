"""What the page of a decision shows: price and legal beside our standard, why me, since when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dealdesk.agreements.values import all_values
from dealdesk.approvals.asks import asked_reasons, reasons_of
from dealdesk.approvals.assessment import Assessment, Reason, TraceStep
from dealdesk.approvals.facts import Figure
from dealdesk.approvals.lifecycle import Kind, RequestState
from dealdesk.approvals.policy import LadderRule, Policy
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.request_queries import LastWord, find_last_word
from dealdesk.approvals.rules import limit_words
from dealdesk.clauses.model import Library
from dealdesk.identity.actors import Actor
from dealdesk.web.figure_words import figure_label, figure_words
from dealdesk.web.standing import Status, position_chip
from dealdesk.workflows.deal_differences import Difference, clause_says, differences
from dealdesk.workflows.deal_rulebook import with_clauses
from dealdesk.workflows.quoting import Quote
from dealdesk.workflows.stored_deals import StoredDeal, quote_of_version

# The words of a threshold, and of what lies on its other side.
_OTHER_SIDE = (
    ("above ", "up to "),
    ("at least ", "below "),
    ("below ", "at least "),
    ("outside ", ""),
)
_UNIT = re.compile(r"(?P<currency>[A-Z]{3} )?[\d.,]+(?P<noun> ?\D+)?(?: at rates.*)?")


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One figure against what needs nobody, and who is asked for it."""

    label: str
    standard: str
    asked: str
    roles: tuple[str, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class LegalLine:
    """One clause off standard: what we offer first, what is asked, who decides on it."""

    instance: str
    title: str
    chip: Status
    standard: str
    asked: str
    roles: tuple[str, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why a role is asked, and whether it decided on just this before."""

    reason: Reason
    is_open: bool


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a role's last word on the deal."""

    word: LastWord
    changes: tuple[Difference, ...]


def price_lines(quote: Quote, mine: Sequence[Reason]) -> Iterator[PriceLine]:
    """Yield the figures of the order that the policy tests, those that ask somebody first.

    Figures of a clause stand with their clause.
    """
    figures, policy = quote.facts.figures, quote.policy
    own = {(one.rule, one.subject) for one in mine}
    lines: dict[str, PriceLine] = {}
    for step in quote.assessment.trace:
        figure = figures.get(step.subject)
        if figure is None or "/" in step.subject:
            continue
        roles = tuple(policy.title_of(role) for role in step.roles)
        lines[f"{step.rule}/{step.subject}"] = PriceLine(
            label=figure_label(figure.label),
            standard=figure_words(
                _standard(_first_threshold(quote.policy, step, figure), figure.text)
            ),
            asked=figure_words(figure.text),
            roles=roles,
            is_mine=(step.rule, step.subject) in own,
        )
    yield from sorted(lines.values(), key=lambda line: (not line.is_mine, not line.roles))


def _first_threshold(policy: Policy, step: TraceStep, figure: Figure) -> str:
    """Return from where on anybody at all is asked: the step reached may be a later one."""
    rule = policy.rule(step.rule)
    if isinstance(rule, LadderRule) and rule.steps:
        return limit_words(rule.steps[0], figure)
    return step.threshold


def _standard(threshold: str, asked: str) -> str:
    """Return in words what needs nobody: a threshold's other side, in the figure's unit."""
    words = threshold.removeprefix("not ")
    for before, after in _OTHER_SIDE:
        if words.startswith(before):
            words = after + words.removeprefix(before)
            break
    unit = _UNIT.fullmatch(asked)
    if unit is None or words[-1:].isalpha():
        return words
    currency, noun = unit["currency"] or "", unit["noun"] or ""
    return re.sub(r"(?=\d)", currency, words, count=1) if currency else f"{words}{noun}"


def legal_lines(quote: Quote, library: Library, mine: Sequence[Reason]) -> Iterator[LegalLine]:
    """Yield the clauses off standard or with a value that asks somebody, one's own first."""
    own = {one.subject.partition("/")[0] for one in mine}
    values, lines = all_values(quote.version.inputs, library), []
    for one in quote.deviations:
        instance = one.choice.instance_id
        roles = _roles(quote, instance)
        if one.is_standard and not roles:
            continue
        says = clause_says(quote, one, library, values)
        lines.append(
            LegalLine(
                instance=instance,
                title=says.title,
                chip=position_chip(one),
                standard=says.standard,
                asked=says.asked,
                roles=roles,
                is_mine=instance in own,
            )
        )
    yield from sorted(lines, key=lambda line: not line.is_mine)


def _roles(quote: Quote, instance: str) -> tuple[str, ...]:
    found: Assessment = quote.assessment
    asked = [
        one.title
        for one in found.requirements
        if any(reason.subject.partition("/")[0] == instance for reason in one.reasons)
    ]
    excepting = [
        quote.policy.title_of(role)
        for one in found.walk_aways
        if one.reason.subject == instance
        for role in one.exception_roles
    ]
    return tuple(dict.fromkeys([*asked, *excepting]))


def why_me(quote: Quote, row: RequestRow) -> Iterator[ReasonLine]:
    """Yield every reason for which the role is asked, what is open first."""
    asked = reasons_of(row.reasons)
    every = asked_reasons(quote.assessment, row.role, Kind(row.kind))
    yield from (ReasonLine(one, is_open=True) for one in asked)
    # What came in after a request was superseded is neither asked on it nor decided.
    yield from (
        ReasonLine(one, is_open=False)
        for one in every
        if one not in asked and row.state != RequestState.SUPERSEDED.value
    )


def since_last(session: Session, actor: Actor, stored: StoredDeal, row: RequestRow) -> Since | None:
    """Return what changed since the person's or the role's last word on the deal, or None."""
    word = find_last_word(session, row.deal_id, row.role, actor)
    if word is None:
        return None
    rules = with_clauses(session, stored.rules, word.version.id)
    before = quote_of_version(stored, word.version, rules)
    changes = differences(before, stored.quote, was=rules.library, now=stored.rules.library)
    return Since(word, tuple(changes))
