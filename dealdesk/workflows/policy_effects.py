"""What a draft of the policy would change: its lines, and whom deals under way would need."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from dealdesk.approvals.policy import Policy
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.quoting import quote_version
from dealdesk.workflows.stored_deals import StoredDeal, UnreadableDeal

MOST_DEALS = 200


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of a text beside the one in its place; "" where there is none."""

    before: str
    after: str
    is_changed: bool


def changed_lines(before: str, after: str, around: int = 2) -> Iterator[ChangedLine]:
    """Yield the lines that differ, side by side, with a few around them for their place."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(around):
        for tag, a, b, c, d in group:
            for index in range(max(b - a, d - c)):
                yield ChangedLine(
                    old[a + index] if a + index < b else "",
                    new[c + index] if c + index < d else "",
                    is_changed=tag != "equal",
                )


@dataclass(frozen=True, slots=True)
class DealEffect:
    """A deal that would need other roles under another policy, or why that can't be said of it."""

    number: str
    customer: str
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    problem: str = ""


def deal_effects(
    deals: Iterable[StoredDeal | UnreadableDeal], policy: Policy, rules: Rules
) -> Iterator[DealEffect]:
    """Yield the deals that would be asked otherwise if they were submitted under the policy.

    One that can't be judged, by its clauses or by the policy, is yielded with the reason.
    """
    for stored in deals:
        row = stored.row
        if isinstance(stored, UnreadableDeal):
            yield DealEffect(row.number, row.customer, problem=str(stored.error))
            continue
        quote = stored.quote
        try:
            other = quote_version(
                quote.deal,
                quote.version,
                rules.library,
                policy,
                rules.catalogue,
                on=quote.facts.dated_on,
            )
        except DomainError as error:
            yield DealEffect(row.number, row.customer, problem=str(error))
            continue
        before, after = set(quote.assessment.roles), set(other.assessment.roles)
        if before != after:
            yield DealEffect(
                stored.row.number,
                stored.row.customer,
                tuple(policy.title_of(role) for role in policy.roles if role in after - before),
                tuple(
                    quote.policy.title_of(role)
                    for role in quote.policy.roles
                    if role in before - after
                ),
            )
