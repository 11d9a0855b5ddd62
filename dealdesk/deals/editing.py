"""Edits of a deal as pure functions over its file's data: one for each intent, none keeps state.

Each takes the data of a deal file and returns new data; the old is left alone. Whether the result
is a deal, `deal_of` says with every fault at its place.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import yaml

from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import Deal
from dealdesk.deals.deal_file import read_deal
from dealdesk.kernel.authors import together
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import Data, Located, load_yaml

DealData: TypeAlias = dict[str, Data]
Edit: TypeAlias = Callable[[DealData], DealData]

FILE = "deal file"
# What an edit of the order's terms may set; lines have their own edit.
TERM_KEYS = (
    "start", "months", "coterm", "currency", "billing", "billing_day", "payment", "rounding",
    "proration", "acv", "evergreen", "tax",
)  # fmt: skip


def data_of(text: str) -> DealData:
    """Return a deal file's data. Raise DomainError where it is not a mapping."""
    data = load_yaml(text, FILE).data
    if not isinstance(data, dict):
        raise DomainError.of("not-a-deal", "This is not a deal file.", remedy="Start it with keys.")
    return data


def text_of(data: DealData) -> str:
    """Return data as the text of a deal file; it reads back as the same data."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def deal_of(
    data: DealData, catalogue: Catalogue | None, lines: Mapping[str, int] | None = None
) -> Deal:
    """Return the deal that data states. Raise DomainError with every problem in it.

    Problems name paths and, where the data comes from a file with these `lines`, its lines.
    """
    return read_deal(Located(FILE if lines else "", data, lines or {}), catalogue)


def set_title(data: DealData, title: str) -> DealData:
    """Return the data with another title."""
    return {**data, "title": title}


def set_party(data: DealData, side: str, party: Mapping[str, Data]) -> DealData:
    """Return the data with another seller or customer; blank details are left out."""
    return {**data, side: _without_blanks(party)}


def set_terms(data: DealData, terms: Mapping[str, Data]) -> DealData:
    """Return the data with other terms of the order; a blank one is taken out."""
    order = {**_mapping(data, "order"), **{k: v for k, v in terms.items() if k in TERM_KEYS}}
    return {**data, "order": _without_blanks(order)}


def set_lines(data: DealData, lines: Sequence[Mapping[str, Data]]) -> DealData:
    """Return the data with other lines of the customer's own order; affiliates keep theirs."""
    order: dict[str, Data] = {**_mapping(data, "order")}
    order["lines"] = [_without_blanks(line) for line in lines]
    return {**data, "order": order}


def set_affiliates(data: DealData, affiliates: Sequence[Mapping[str, Data]]) -> DealData:
    """Return the data with other affiliates, each with the lines that it orders."""
    order = {k: v for k, v in _mapping(data, "order").items() if k != "affiliates"}
    if affiliates:
        order["affiliates"] = [_book(one) for one in affiliates]
    return {**data, "order": order}


def set_facts(data: DealData, facts: Mapping[str, Data]) -> DealData:
    """Return the data with these facts set; a blank one is taken out."""
    return {**data, "facts": _without_blanks({**_mapping(data, "facts"), **facts})}


def choose_position(
    data: DealData, instance: str, position: str, values: Mapping[str, Data]
) -> DealData:
    """Return the data with a clause in a position with values; free text in its place goes."""
    choice: dict[str, Data] = {
        **{k: v for k, v in _choice(data, instance).items() if k == "clause"},
        "position": position,
    }
    if values:
        choice["values"] = dict(values)
    return _with_choice(data, instance, choice)


def write_free_text(
    data: DealData, instance: str, text: str, unstated: Sequence[str] = ()
) -> DealData:
    """Return the data with own words in place of a clause's; `unstated` are values they drop."""
    choice: dict[str, Data] = {**_choice(data, instance), "override": text}
    choice.pop("omitted", None)
    choice.pop("unstated", None)
    if unstated:
        choice["unstated"] = list(unstated)
    return _with_choice(data, instance, choice)


def drop_free_text(data: DealData, instance: str) -> DealData:
    """Return the data with the position's own words back in place of free text."""
    own = {"override", "unstated"}
    choice = {k: v for k, v in _choice(data, instance).items() if k not in own}
    return _with_choice(data, instance, choice)


def leave_out(data: DealData, instance: str) -> DealData:
    """Return the data without an optional clause."""
    choice: dict[str, Data] = {"omitted": True}
    clause = _choice(data, instance).get("clause")
    if clause is not None:
        choice["clause"] = clause
    return _with_choice(data, instance, choice)


def credited(before: DealData, after: DealData, author: str) -> DealData:
    """Return the data after an edit with its author beside each own text that is new or changed.

    Who wrote what was changed stays an author of it.
    Who wrote a text can't decide on it, so that authors are never for an edit to set.
    """
    authors = {**_mapping(before, "authors")}
    for instance in {**_mapping(before, "clauses"), **_mapping(after, "clauses")}:
        old, new = (_choice(data, instance).get("override") for data in (before, after))
        if old == new:
            continue
        if new:
            before_it = authors.get(instance) if old else None
            authors[instance] = together(str(before_it or ""), author)
        else:
            authors.pop(instance, None)
    rest = {k: v for k, v in after.items() if k != "authors"}
    return {**rest, "authors": authors} if authors else rest


def _book(affiliate: Mapping[str, Data]) -> dict[str, Data]:
    lines = affiliate.get("lines")
    given = [one for one in lines if isinstance(one, dict)] if isinstance(lines, list) else []
    book = _without_blanks({k: v for k, v in affiliate.items() if k != "lines"})
    return {**book, "lines": [_without_blanks(line) for line in given]} if given else book


def _choice(data: DealData, instance: str) -> dict[str, Data]:
    found = _mapping(data, "clauses").get(instance)
    return found if isinstance(found, dict) else {}


def _with_choice(data: DealData, instance: str, choice: dict[str, Data]) -> DealData:
    return {**data, "clauses": {**_mapping(data, "clauses"), instance: choice}}


def _mapping(data: DealData, key: str) -> dict[str, Data]:
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def _without_blanks(mapping: Mapping[str, Data]) -> dict[str, Data]:
    kept: dict[str, Data] = {}
    for key, value in mapping.items():
        inner = _without_blanks(value) if isinstance(value, dict) else value
        if inner not in (None, "", {}):
            kept[key] = inner
    return kept
