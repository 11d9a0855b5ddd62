"""The data of a new deal: from scratch, as a copy of another, or from a file somebody gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dealdesk.deals.deal_file import FORMAT
from dealdesk.deals.editing import DealData, set_lines, set_party, set_terms
from dealdesk.kernel.located_yaml import Data

# What belongs to the deal that was copied, or to people, and never comes along.
_LEFT_BEHIND = frozenset({"decisions", "number", "owner", "submitter"})


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """The order that a deal from scratch starts with."""

    start: str
    months: str | int
    currency: str
    lines: Sequence[Mapping[str, Data]]
    billing: str = "annual_advance"
    payment_days: int = 30


def new_deal(
    title: str,
    seller: Mapping[str, Data],
    customer: Mapping[str, Data],
    agreement: str,
    order: FirstOrder,
) -> DealData:
    """Return the data of a deal from scratch: everything standard, nothing decided."""
    bare: DealData = {
        "schema": FORMAT,
        "title": title,
        "language": "en",
        "agreement": agreement,
        "order": {},
    }
    terms: dict[str, Data] = {
        "start": order.start,
        "months": order.months,
        "currency": order.currency,
        "billing": order.billing,
        "payment": {"days": order.payment_days},
    }
    named = set_party(set_party(bare, "seller", seller), "customer", customer)
    return set_lines(set_terms(named, terms), order.lines)


def copied(data: DealData, title: str, start: str = "") -> DealData:
    """Return the data of a copy: order and clauses as they are, no decisions, another start."""
    kept = {key: value for key, value in data.items() if key not in _LEFT_BEHIND}
    kept["title"] = title
    return set_terms(kept, {"start": start}) if start else kept


def uploaded(data: DealData) -> DealData:
    """Return what of a given file makes a deal: not its number, people or decisions.

    A file can't decide, nor say whose words it holds.
    """
    return {k: v for k, v in data.items() if k not in _LEFT_BEHIND | {"authors"}}


def signed_over(data: DealData, number: str, owner: str, today: date) -> DealData:
    """Return a new deal's data with its number and owner, dated today; the owner submits it."""
    head: DealData = {
        "schema": data.get("schema", FORMAT),
        "number": number,
        "title": data.get("title"),
        "owner": owner,
        "submitter": owner,
    }
    return {**head, **{k: v for k, v in data.items() if k not in head}, "dated_on": str(today)}
