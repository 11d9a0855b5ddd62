"""Keep what lists show of deals in step with their versions, decisions and rules."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from dealdesk.agreements.model import ASSEMBLER_VERSION
from dealdesk.agreements.queries import latest_numbers
from dealdesk.deals.figures import converted_total
from dealdesk.deals.models import DealRow, DealSummaryRow, Standing
from dealdesk.deals.operations import Summary, write_summary
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.hashing import Json, sha256_json
from dealdesk.workflows.deal_facts import rates_of
from dealdesk.workflows.deal_rulebook import Rules, rules_in_force
from dealdesk.workflows.deal_standing import deviating, since, standing_of, waits_on
from dealdesk.workflows.stored_deals import StoredDeal, UnreadableDeal, list_stored_deals

_BATCH = 200


def judged_by(rules: Rules, now: datetime) -> str:
    """Return the hash that names what deals are judged by now: rules, and records that ended."""
    ended = rules.policy.ended_by(now.date())
    key: list[Json] = [
        rules.library.sha256,
        rules.policy.key,
        rules.policy_text,
        ASSEMBLER_VERSION,
        *([ended.isoformat()] if ended else []),
    ]
    return sha256_json(key)


def refresh_summary(
    session: Session,
    rules: Rules,
    stored: StoredDeal | UnreadableDeal,
    now: datetime,
) -> None:
    """Write what lists show of a deal: to be called wherever a version or a decision is recorded.

    `stored` is the deal as it stands after that.
    """
    if isinstance(stored, StoredDeal):
        rules = stored.in_force
    else:
        rules = rules_in_force(session, rules, now)
    write_summary(session, stored.row, _summary(rules, stored, judged_by(rules, now)))


def refresh_summaries(
    session: Session,
    rules: Rules,
    numbers: Collection[str] | None = None,
    *,
    now: datetime,
) -> int:
    """Write what lists show of the named deals, else of all that are behind; return how many.

    A deal is behind when it has a newer version, or was judged by other rules.
    """
    rules = rules_in_force(session, rules, now)
    wanted = session.scalars(
        select(DealRow.number).where(DealRow.number.in_(numbers))
        if numbers is not None
        else _behind(judged_by(rules, now))
    ).all()
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        for stored in list_stored_deals(session, rules, actor=SYSTEM, numbers=batch, now=now):
            refresh_summary(session, rules, stored, now)
    return len(wanted)


def list_behind(session: Session, rules: Rules, now: datetime, most: int) -> Sequence[str]:
    """Return the numbers of deals whose lists are behind, so many at most, the oldest first."""
    judge = judged_by(rules_in_force(session, rules, now), now)
    return session.scalars(_behind(judge).limit(most)).all()


def _behind(judge: str) -> Select[str]:
    latest = latest_numbers().subquery()
    return (
        select(DealRow.number)
        .join(latest, latest.c.deal_id == DealRow.id)
        .outerjoin(DealSummaryRow, DealSummaryRow.deal_id == DealRow.id)
        .where(
            or_(
                DealSummaryRow.deal_id.is_(None),
                DealSummaryRow.version != latest.c.number,
                DealSummaryRow.judged_by != judge,
            )
        )
        .order_by(DealRow.id)
    )


def _summary(rules: Rules, stored: StoredDeal | UnreadableDeal, judge: str) -> Summary:
    version = stored.version_row
    if isinstance(stored, UnreadableDeal):
        return Summary(version.number, Standing.UNREADABLE, version.created_at, judge)
    quote = stored.quote
    main = quote.priced.main
    totals = [book.tcv for book in quote.priced.books]
    return Summary(
        version=version.number,
        standing=standing_of(quote),
        since=since(stored),
        judged_by=judge,
        tcv=main.tcv,
        worth=converted_total(totals, rates_of(quote.priced.order, rules.policy)),
        discount_parts=int(main.discount_highest * 10_000),
        off_standard=len(deviating(quote)),
        asked=tuple(one.role for one in waits_on(quote)),
        open_roles=tuple(one.role for one in quote.standing.open),
    )
