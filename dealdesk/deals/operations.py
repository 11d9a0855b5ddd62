"""Writes of deals: their revisions, and what lists show of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.deals.listing import roles_text
from dealdesk.deals.models import DealRevisionRow, DealRow, DealSummaryRow, Standing
from dealdesk.identity.actors import Actor
from dealdesk.terms.money import Money

LONGEST_CHANGE = 400
LONGEST_WORDS = 600


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists show and sort by of one deal as it stands now.

    `worth` is the total in the policy's currency, None without a rate; `discount` in percent.
    """

    version: int
    standing: Standing
    since: datetime
    judged_by: str
    tcv: Money | None = None
    worth: Money | None = None
    discount_parts: int = 0
    off_standard: int = 0
    asked: tuple[str, ...] = ()
    open_roles: tuple[str, ...] = ()


def record_revision(  # noqa: PLR0913 - a row has that many columns
    session: Session,
    deal_id: int,
    number: int,
    deal_file: str,
    *,
    actor: Actor,
    change: str,
    now: datetime,
) -> None:
    """Record the deal file behind a version, who made it, and what they changed in words."""
    session.add(
        DealRevisionRow(
            deal_id=deal_id,
            number=number,
            deal_file=deal_file,
            author_id=actor.id,
            change=change if len(change) <= LONGEST_CHANGE else f"{change[: LONGEST_CHANGE - 1]}…",
            created_at=now,
        )
    )
    session.flush()


def write_summary(session: Session, deal: DealRow, summary: Summary) -> None:
    """Write what lists show of a deal, over what they showed before."""
    row = session.get(DealSummaryRow, deal.id)
    if row is None:
        row = DealSummaryRow(deal_id=deal.id)
        session.add(row)
    row.version, row.standing, row.since = summary.version, summary.standing.value, summary.since
    row.tcv = str(summary.tcv.amount) if summary.tcv else ""
    row.currency = summary.tcv.currency if summary.tcv else ""
    row.worth = int(summary.worth.amount * 100) if summary.worth else None
    row.discount, row.off_standard = summary.discount_parts, summary.off_standard
    row.asked, row.open_roles = roles_text(summary.asked), roles_text(summary.open_roles)
    words = f"{deal.customer} {deal.number} {deal.title} {deal.owner}"
    row.words = words.casefold()[:LONGEST_WORDS]
    row.judged_by = summary.judged_by
    session.flush()
