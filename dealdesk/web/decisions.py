"""Who has to decide on a deal, why, and what was decided."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.approvals.assessment import Reason
from dealdesk.approvals.lapses import lapse_of
from dealdesk.deals.deal import Decision
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.languages import gettext
from dealdesk.web.standing import Status
from dealdesk.workflows.quoting import Quote


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason with how it stands, and why an earlier decision no longer counts."""

    reason: Reason
    status: Status
    lapse: str = ""


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role with its reasons and the decisions that cover them."""

    title: str
    stage: int
    status: Status
    reasons: tuple[ReasonLine, ...]
    decisions: tuple[Decision, ...]


def role_cards(quote: Quote) -> Iterator[RoleCard]:
    """Yield the required roles in the order in which they are asked."""
    by = {(one.role, one.reason): one.decision for one in quote.standing.covered}
    for requirement in quote.assessment.requirements:
        role = requirement.role
        decided = [by[role, r] for r in requirement.reasons if (role, r) in by]
        is_open = len(decided) < len(requirement.reasons)
        yield RoleCard(
            title=requirement.title,
            stage=requirement.stage,
            status=Status("wait", gettext_noop("Open"))
            if is_open
            else Status("ok", gettext_noop("Approved")),
            reasons=tuple(
                _line(role, reason, quote, is_covered=(role, reason) in by)
                for reason in requirement.reasons
            ),
            decisions=tuple(dict.fromkeys(decided)),
        )


def _line(role: str, reason: Reason, quote: Quote, *, is_covered: bool) -> ReasonLine:
    if is_covered:
        return ReasonLine(reason, Status("ok", gettext_noop("Covered")))
    lapse = lapse_of(role, reason, quote.deal.decisions, quote.policy)
    if lapse is None:
        return ReasonLine(reason, Status("wait", gettext_noop("Open")))
    return ReasonLine(reason, Status("wait", gettext_noop("Lapsed")), lapse.message)


def decided_by_subject(quote: Quote) -> dict[str, str]:
    """Return who decides, or decided, on each value and each clause, in a few words."""
    found: dict[str, list[str]] = {}
    for card in role_cards(quote):
        for line in card.reasons:
            words = f"{gettext(card.title)}: {gettext(line.status.word).lower()}"
            if words not in found.setdefault(line.reason.subject, []):
                found[line.reason.subject].append(words)
    return {subject: ", ".join(words) for subject, words in found.items()}
