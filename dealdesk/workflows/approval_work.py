"""What every step of an approval shares: the transaction, the rules, who acts, who may decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.approvals.asks import Ask, asks
from dealdesk.approvals.request_queries import list_away
from dealdesk.approvals.routing import Absence, Decider, deciders
from dealdesk.identity.actors import Actor
from dealdesk.identity.permissions import Owned
from dealdesk.identity.queries import Person, list_people
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal


@dataclass(frozen=True, slots=True)
class Act:
    """One step: in which transaction, by which rules, by whom, when.

    `address` is where links in messages lead, `away` who is away now. `is_history` is true where
    what once happened is written down: nobody is told, and no files are made ahead.
    """

    session: Session
    rules: Rules
    actor: Actor
    now: datetime
    address: str = ""
    away: Sequence[Absence] = ()
    is_history: bool = False

    def reload(self, stored: StoredDeal) -> StoredDeal:
        """Return a deal as it stands after what was written since it was loaded."""
        return load_stored_deal(self.session, stored.row, self.rules, self.now)


def needed(stored: StoredDeal) -> tuple[Ask, ...]:
    """Return who has to be asked for what on a deal as it stands, asked already or not."""
    quote = stored.quote
    return asks(quote.standing, quote.deal.decisions, quote.policy)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everybody, and who is away."""

    people: Sequence[Person]
    away: Sequence[Absence]

    def person(self, number: int | None) -> Person | None:
        """Return the person with that id, or None."""
        return next((one for one in self.people if one.id == number), None)

    def owned(self, stored: StoredDeal) -> Owned:
        """Return whose the deal is."""
        owner = self.person(stored.row.owner_id)
        return Owned(stored.row.owner_id, owner.team if owner else None)

    def deciders(self, stored: StoredDeal, role: str) -> tuple[Decider, ...]:
        """Return who may decide on the deal in a role now."""
        return tuple(
            deciders(
                role,
                stored.quote.policy,
                self.people,
                self.away,
                of=self.owned(stored),
                barred=sellers(stored),
            )
        )


def sellers(stored: StoredDeal) -> Collection[int]:
    """Return who can't decide on the deal since they own or submitted it."""
    submitter = stored.submission.submitter_id if stored.submission else None
    return {one for one in (stored.row.owner_id, submitter) if one is not None}


def load_desk(session: Session, now: datetime) -> Desk:
    """Return everybody and who is away, in three statements."""
    return Desk(list_people(session), list_away(session, now))
