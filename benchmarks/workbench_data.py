"""Rows for measurements: 10,000 deals with versions and requests, and 100,000 decisions."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.approvals.models import DecisionRow
from dealdesk.approvals.policy_models import PolicyVersionRow
from dealdesk.approvals.request_models import RequestRow, SubmissionRow
from dealdesk.deals.models import DealRow, DealSummaryRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.hashing import sha256_bytes

DEALS, DECISIONS_A_DEAL = 10_000, 10
FIRST = 1000
ROLES = (
    "finance", "engineering", "sales_manager", "commercial_counsel", "risk", "deal_desk",
    "vp_sales", "cro", "general_counsel", "support_head",
)  # fmt: skip
_REASON = {
    "rule": "discount", "subject": "discount_highest", "tested": "22", "threshold": "20",
    "message": "The highest line discount is 22 %, above 20.", "passage": "",
}  # fmt: skip
_HASH = "0" * 64


def fill(session: Session, judge: str, now: datetime) -> None:
    """Add deals as lists see them, each with its decisions, a third with a request that waits."""
    chance = random.Random(6)
    _fill_deals(session, judge, now, chance)
    policy = session.scalars(select(PolicyVersionRow.id)).first()
    people = session.scalars(select(UserRow.id)).all()
    numbers = range(FIRST + 1, FIRST + DEALS + 1)
    session.execute(insert(AgreementVersionRow), [_version(one, now) for one in numbers])
    submissions = [
        {"id": one, "deal_id": one, "version_id": one, "policy_version_id": policy, "note": "",
         "submitter_id": chance.choice(people), "at": now - timedelta(days=one % 500)}
        for one in numbers
    ]  # fmt: skip
    session.execute(insert(SubmissionRow), submissions)
    session.execute(insert(RequestRow), list(_requests(now)))
    session.execute(insert(DecisionRow), list(_decisions(now, people)))


def _version(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": number, "deal_id": number, "number": 1, "origin": "draft", "inputs": "{}",
        "inputs_sha256": _HASH, "text_sha256": _HASH, "terms_sha256": _HASH, "passages": {},
        "assembler": "1", "created_at": now,
    }  # fmt: skip


def _requests(now: datetime) -> Iterator[dict[str, object]]:
    for deal in range(FIRST + 1, FIRST + DEALS + 1):
        for place, role in enumerate(ROLES):
            is_open = deal % 3 == 0 and place == deal // 3 % len(ROLES)
            at = now - timedelta(days=deal % 500, hours=place)
            yield {
                "id": deal * 100 + place, "submission_id": deal, "deal_id": deal,
                "version_id": deal, "role": role, "kind": "approval", "stage": 1,
                "reasons": [_REASON], "state": "open" if is_open else "approved",
                "created_at": at, "asked_at": at,
                "due_at": now + timedelta(hours=deal % 200 - 40),
                "closed_at": None if is_open else at + timedelta(hours=deal % 90),
            }  # fmt: skip


def _decisions(now: datetime, people: Sequence[int]) -> Iterator[dict[str, object]]:
    for deal in range(FIRST + 1, FIRST + DEALS + 1):
        for place, role in enumerate(ROLES):
            number = deal * 100 + place
            yield {
                "deal_id": deal, "role": role, "person": "Somebody Sample", "verdict": "approved",
                "conditions": "", "policy": "approval@1", "seen": [_REASON],
                "at": now - timedelta(days=deal % 500), "request_id": number,
                "user_id": people[number % len(people)],
                "content_sha256": sha256_bytes(str(number).encode()),
            }  # fmt: skip


def _fill_deals(session: Session, judge: str, now: datetime, chance: random.Random) -> None:
    """Add deals spread over owners, stages, standings, sizes and months."""
    owners = session.execute(select(UserRow.id, UserRow.name)).all()
    roles = ("finance", "engineering", "sales_manager", "commercial_counsel", "risk")
    deals, summaries = [], []
    for number in range(1, DEALS + 1):
        owner = chance.choice(owners)
        at = now - timedelta(days=chance.randrange(540), minutes=chance.randrange(1440))
        standing = chance.choice(("open", "open", "ready", "blocked"))
        customer, title = f"Customer {number % 3000} Ltd", f"Deal {number} for some years"
        deals.append(
            {
                "id": FIRST + number,
                "number": f"X-{number:05d}",
                "title": title,
                "customer": customer,
                "owner": owner.name,
                "owner_id": owner.id,
                "deal_file": "x" * 2000,
                "created_at": at,
                "revision": 1,
                "stage": chance.choice(("draft", "draft", "negotiation", "signed", "lost")),
            }
        )
        worth = chance.randrange(1_000_00, 5_000_000_00)
        asked = f"|{chance.choice(roles)}|" if standing == "open" else ""
        summaries.append(
            {
                "deal_id": FIRST + number,
                "version": 1,
                "standing": standing,
                "tcv": f"{worth / 100:.2f}",
                "currency": "USD",
                "worth": worth,
                "discount": chance.randrange(0, 400_000),
                "off_standard": chance.randrange(9),
                "asked": asked,
                "open_roles": asked,
                "since": at,
                "judged_by": judge,
                "words": f"{customer} x-{number:05d} {title} {owner.name}".casefold(),
            }
        )
    session.execute(insert(DealRow), deals)
    session.execute(insert(DealSummaryRow), summaries)
