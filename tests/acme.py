"""Scenario A of the acceptance: Acme Robotics, a ramp with 99.95 % and escrow, and its people."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.agreements.from_deal import first_version
from dealdesk.agreements.operations import record_version
from dealdesk.agreements.queries import get_latest_version
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.request_queries import get_deal_request, list_away, list_requests
from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.deals.deal_file import read_deal
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.queries import find_deal
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.identity.queries import get_actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.located_yaml import load_yaml
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_rulebook import Rules, load_rules
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal

NUMBER = "ACME-2026-001"
DEAL_FILE = Path(__file__).parent / "scenarios" / "acme-robotics.yaml"
# Wednesday, 10:00 in New York, whose office the shipped policy's limits go by.
NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
ADDRESS = "https://desk.example.com"
PEOPLE = {
    "avery": ("Avery Seller", "account_executive", "North"),
    "sam": ("Sam Second", "account_executive", "North"),
    "morgan": ("Morgan Muestra", "sales_manager", "North"),
    "other": ("Oakley Other", "sales_manager", "South"),
    "vivian": ("Vivian Sample", "vp_sales", "Sales"),
    "cameron": ("Cameron Exempel", "commercial_counsel", "Legal"),
    "casey": ("Casey Exempel", "commercial_counsel", "Legal"),
    "gale": ("Gale Esempio", "general_counsel", "Legal"),
    "finley": ("Finley Exemple", "cfo", "Finance"),
    "frankie": ("Frankie Exemplo", "finance", "Finance"),
    "emery": ("Emery Muster", "engineering", "Engineering"),
    "sasha": ("Sasha Beispiel", "support_head", "Support"),
    "dana": ("Dana Placeholder", "deal_desk", "Deal desk"),
    "adrian": ("Adrian Przyklad", "administrator", "Operations"),
}


@cache
def acme_library() -> Path:
    """Return a library whose prices and owners are the scenario's: USD 600, counsel on escrow."""
    folder = Path(mkdtemp(prefix="dealdesk-acme-")) / "clause_library"
    shutil.copytree(DEFAULT_LIBRARY, folder)
    prices = folder / "catalogue.yaml"
    text = prices.read_text("utf-8")
    text = text.replace('USD: "540.00"', 'USD: "600.00"').replace(
        'USD: "45000.00"', 'USD: "40000.00"'
    )
    prices.write_text(text, "utf-8")
    escrow = folder / "clauses" / "escrow" / "escrow" / "clause.yaml"
    text = escrow.read_text("utf-8")
    escrow.write_text(text.replace("role: general_counsel", "role: commercial_counsel"), "utf-8")
    return folder


@cache
def acme_rules() -> Rules:
    return load_rules(acme_library())


def deal_text(*changes: tuple[str, str]) -> str:
    """Return the deal's file with words changed; each has to stand in it."""
    text = DEAL_FILE.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


DISCOUNT_22 = ('discount_pct: "15"', 'discount_pct: "22"')
ESCROW = "  escrow:\n    position: fallback-1\n"
OWN_ESCROW = (
    ESCROW,
    f"""{ESCROW}    override: |
      The Provider deposits the source code with an escrow agent that both parties name.
""",
)
WALK_AWAY = ("  uptime:\n    position: fallback-1\n", "  uptime:\n    position: walk-away\n")


def add_people(session: Session) -> dict[str, int]:
    return {
        key: add_user(
            session,
            SYSTEM,
            NewPerson(f"{key}@example.com", name, (role,), team, is_persona=True),
            NOW,
        ).id
        for key, (name, role, team) in PEOPLE.items()
    }


def store_deal(session: Session, owner: int, text: str, rules: Rules, now: datetime = NOW) -> None:
    """Store the deal, or its next version where it is there."""
    deal = read_deal(load_yaml(text, "deal.yaml"), rules.catalogue)
    row = find_deal(session, deal.number)
    version = first_version(deal, rules.library)
    if row is None:
        row = DealRow(number=deal.number, stage=Stage.DRAFT.value, created_at=now)
        session.add(row)
    else:
        latest = get_latest_version(session, row.id)
        version = replace(version, number=latest.number + 1, parent=latest.number)
    row.title, row.customer, row.owner, row.owner_id = (
        deal.title,
        deal.customer.name,
        deal.owner,
        owner,
    )
    row.deal_file = text
    session.flush()
    record_version(session, row.id, version, "0" * 64, now)


@dataclass
class Office:
    """The scenario in a database: each step in its own transaction, as the edge does it."""

    engine: Engine
    rules: Rules = field(default_factory=acme_rules)
    ids: dict[str, int] = field(default_factory=dict)
    now: datetime = NOW

    def open(self, text: str | None = None) -> None:
        with sessions(self.engine, writes=True).begin() as session:
            self.ids = add_people(session)
            store_deal(session, self.ids["avery"], text or deal_text(), self.rules)

    def actor(self, session: Session, who: str) -> Actor:
        return get_actor(session, self.ids[who])

    def act(self, session: Session, who: str) -> Act:
        away = list_away(session, self.now)
        return Act(session, self.rules, self.actor(session, who), self.now, ADDRESS, away)

    def stored(self, session: Session) -> StoredDeal:
        row = find_deal(session, NUMBER)
        assert row is not None
        return load_stored_deal(session, row, self.rules, self.now)

    def do(self, who: str, step: Callable[[Act, StoredDeal], object]) -> object:
        """Do one step as somebody, committed at its end, else left undone."""
        with sessions(self.engine, writes=True).begin() as session:
            return step(self.act(session, who), self.stored(session))

    def states(self) -> dict[str, str]:
        """Return where the last request of each role is."""
        with sessions(self.engine)() as session:
            rows = list_requests(session, self.stored(session).row.id)
            return {row.role + ("" if row.kind == "approval" else "!"): row.state for row in rows}

    def request(self, session: Session, role: str, kind: str = "approval") -> RequestRow:
        """Return the last request of a role, held as the edge holds it."""
        deal = self.stored(session).row.id
        rows = list_requests(session, deal)
        last = [row for row in rows if (row.role, row.kind) == (role, kind)][-1]
        return get_deal_request(session, deal, last.id)
