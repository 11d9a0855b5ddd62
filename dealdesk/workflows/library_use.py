"""Where clauses are used: which deals stand on which version, and which drafts could move on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.agreements.models import AgreementVersionRow, VersionClauseRow
from dealdesk.agreements.queries import latest_numbers
from dealdesk.clauses.difference import ClauseDifference, library_difference
from dealdesk.clauses.model import Library
from dealdesk.clauses.models import ClauseVersionRow
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.queries import WRITE, get_deal, visible
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import RefusedError
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_edits import Target, save_clauses
from dealdesk.workflows.stored_deals import StoredDeal


@dataclass(frozen=True, slots=True)
class Use:
    """A deal whose latest version was made from one version of a clause."""

    clause_id: str
    version: str
    sha256: str
    number: str
    customer: str
    stage: str


def list_uses(session: Session, actor: Actor, clause_id: str = "") -> tuple[Use, ...]:
    """Return which of the actor's deals stand on which version of a clause, or of all clauses."""
    latest = latest_numbers().subquery()
    wanted = (
        select(
            ClauseVersionRow.clause_id,
            ClauseVersionRow.version,
            ClauseVersionRow.sha256,
            DealRow.number,
            DealRow.customer,
            DealRow.stage,
        )
        .join(VersionClauseRow, VersionClauseRow.clause_sha256 == ClauseVersionRow.sha256)
        .join(AgreementVersionRow, AgreementVersionRow.id == VersionClauseRow.version_id)
        .join(
            latest,
            (latest.c.deal_id == AgreementVersionRow.deal_id)
            & (latest.c.number == AgreementVersionRow.number),
        )
        .join(DealRow, DealRow.id == AgreementVersionRow.deal_id)
        .where(visible(actor))
        .order_by(ClauseVersionRow.clause_id, ClauseVersionRow.version.desc(), DealRow.number)
    )
    if clause_id:
        wanted = wanted.where(ClauseVersionRow.clause_id == clause_id)
    return tuple(Use(*row) for row in session.execute(wanted))


@dataclass(frozen=True, slots=True)
class Offer:
    """What taking the clauses in force would change in a draft deal, in words by clause."""

    titles: Mapping[str, str]
    differences: tuple[ClauseDifference, ...]


def is_offered(stored: StoredDeal) -> bool:
    """Tell whether a clause of a draft deal has another text in force."""
    ours, now = stored.rules.library.clauses, stored.in_force.library.clauses
    return stored.row.stage == Stage.DRAFT.value and any(
        choice.clause_id in now and ours[choice.clause_id].sha256 != now[choice.clause_id].sha256
        for choice in stored.quote.version.inputs.choices
    )


def offer_of(stored: StoredDeal) -> Offer | None:
    """Return what a draft is offered; None where nothing is newer, or the deal has been sent."""
    if not is_offered(stored):
        return None
    chosen = {choice.clause_id for choice in stored.quote.version.inputs.choices}
    before, after = _only(stored.rules.library, chosen), _only(stored.in_force.library, chosen)
    found = tuple(one for one in library_difference(before, after) if one.clause in after.clauses)
    return Offer({key: clause.title for key, clause in after.clauses.items()}, found)


def take_offer(act: Act, target: Target) -> StoredDeal:
    """Record a draft deal's next version with the clauses in force.

    Raise RefusedError where the deal has been sent, StaleDealError where it moved on.
    """
    row = get_deal(act.session, target.number, actor=act.actor, needs=WRITE)
    if row.stage != Stage.DRAFT.value:
        raise RefusedError.of(
            "sent-already",
            "What was sent or signed keeps the clauses that it was made from.",
            remedy="Change the clause itself in the negotiation.",
        )
    return save_clauses(act, target)


def _only(library: Library, clause_ids: set[str]) -> Library:
    clauses = {key: clause for key, clause in library.clauses.items() if key in clause_ids}
    return replace(library, clauses=clauses)


def uses_by_version(uses: tuple[Use, ...]) -> dict[tuple[str, str], list[Use]]:
    """Return uses by clause and version, in their order."""
    found: dict[tuple[str, str], list[Use]] = {}
    for one in uses:
        found.setdefault((one.clause_id, one.version), []).append(one)
    return found
