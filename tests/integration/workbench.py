"""What tests of the workbench share: people, rules, a started deal."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.deals.models import DealRow
from dealdesk.deals.new_deal import FirstOrder, new_deal
from dealdesk.deals.seller import load_seller
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import TeamRow, UserRow
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.settings import PROJECT
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.starting import Beginning, start_deal

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
RULES = load_rules(PROJECT / "clause_library")
SELLER = load_seller(PROJECT / "clause_library" / "seller.yaml")
CUSTOMER = {
    "name": "Acme Robotics Ltd",
    "form": "an Ohio company",
    "address": "1 Main Street",
    "country": "US",
}
RAMP = (
    {"sku": "TEAM", "quantity": 150, "discount_pct": "15", "year": 1},
    {"sku": "TEAM", "quantity": 300, "discount_pct": "15", "year": 2},
    {"sku": "TEAM", "quantity": 600, "discount_pct": "15", "year": 3},
    {"sku": "ONBOARD", "quantity": 1, "list_unit": "40000.00"},
)
SCENARIO = new_deal(
    "Three years", SELLER, CUSTOMER, "enterprise", FirstOrder("2026-01-01", 36, "USD", RAMP)
)


@dataclass(frozen=True)
class People:
    avery: Actor
    blake: Actor
    dana: Actor


def people(engine: Engine) -> People:
    """Two who sell in different teams, and the deal desk."""
    with sessions(engine, writes=True).begin() as session:
        teams = [TeamRow(name="North"), TeamRow(name="South")]
        session.add_all(teams)
        session.flush()
        users = [
            UserRow(
                email=f"{name}@example.com",
                name=f"{name.title()} Sample",
                team_id=team.id,
                created_at=NOW,
            )
            for name, team in (("avery", teams[0]), ("blake", teams[1]), ("dana", teams[0]))
        ]
        session.add_all(users)
        session.flush()
        roles = ("account_executive", "account_executive", "deal_desk")
        return People(
            *(
                Actor(user.id, user.name, frozenset({role}), user.team_id)
                for user, role in zip(users, roles, strict=True)
            )
        )


def work(session: Session, actor: Actor, hours: int = 0) -> Act:
    return Act(session, RULES, actor, NOW + timedelta(hours=hours))


def started(engine: Engine, actor: Actor, form_key: str = "form-1", data=SCENARIO) -> str:
    """Start the scenario's deal and return its number."""
    with sessions(engine, writes=True).begin() as session:
        row: DealRow = start_deal(work(session, actor), data, Beginning("Started", form_key))
        return row.number


def as_actor(actor: Actor, *roles: str) -> Actor:
    return replace(actor, roles=frozenset(roles))
