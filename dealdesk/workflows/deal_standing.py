"""Where a deal stands, for pages and lists alike: who is asked now, and since when."""

from datetime import datetime

from dealdesk.agreements.deviations import Deviation
from dealdesk.approvals.assessment import Requirement
from dealdesk.deals.models import Standing
from dealdesk.workflows.quoting import Quote
from dealdesk.workflows.stored_deals import StoredDeal


def standing_of(quote: Quote) -> Standing:
    """Return how a deal stands with its approvals."""
    if quote.standing.blocked:
        return Standing.BLOCKED
    return Standing.OPEN if quote.standing.open else Standing.READY


def waits_on(quote: Quote) -> tuple[Requirement, ...]:
    """Return who is asked now: the open requirements of the earliest stage."""
    first = min((one.stage for one in quote.standing.open), default=0)
    return tuple(one for one in quote.standing.open if one.stage == first)


def since(stored: StoredDeal) -> datetime:
    """Return since when the deal has been where it is: its last decision, or its version."""
    moments = [one.at for one in stored.quote.deal.decisions]
    return max([stored.version_row.created_at, *moments])


def deviating(quote: Quote) -> list[Deviation]:
    """Return the chosen clauses that are not just what we offer first."""
    return [one for one in quote.deviations if not one.is_standard]
