"""Record a decision on everything that is open for a role: what it covers is what is seen now."""

from dataclasses import replace
from datetime import datetime

from dealdesk.approvals.coverage import seen_now
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import Decision, Verdict
from dealdesk.kernel.errors import RefusedError
from dealdesk.workflows.quoting import Quote, quote_version


def approve(  # noqa: PLR0913 - a decision is who, as what, when and on what condition
    quote: Quote,
    library: Library,
    catalogue: Catalogue | None,
    *,
    role: str,
    person: str,
    at: datetime,
    conditions: str = "",
) -> Quote:
    """Return the quote after a person approved in a role all that is open for it.

    Raise RefusedError when nothing is open for the role, or when the person may not decide.
    """
    asked = next((one for one in quote.standing.open if one.role == role), None)
    if asked is None:
        raise RefusedError.of("nothing-open", f"Nothing is open for {role.replace('_', ' ')}.")
    decision = Decision(
        role=role,
        person=person,
        verdict=Verdict.APPROVED,
        at=at,
        policy=quote.policy.key,
        seen=tuple(seen_now(reason) for reason in asked.reasons),
        conditions=conditions,
    )
    deal = replace(quote.deal, decisions=(*quote.deal.decisions, decision))
    after = quote_version(deal, quote.version, library, quote.policy, catalogue)
    refused = [one for one in after.standing.not_counted if one.decision == decision]
    if refused:
        raise RefusedError.of(
            "not-independent", f"{person} may not decide on this deal.", remedy="Ask somebody else."
        )
    return after
