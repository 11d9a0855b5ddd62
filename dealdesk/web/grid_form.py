"""What a browser sends of the order form's grid, and back: rows, terms, the version seen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from dealdesk.deals.editing import DealData, Edit
from dealdesk.deals.grid import (
    MOST_AFFILIATES,
    MOST_ROWS,
    WHOLE,
    Affiliate,
    Cell,
    GridLine,
    GridRow,
    affiliate_data,
    affiliate_rows,
    affiliates_of,
    lines_of,
    missing_quantities,
    place_of,
    rows_of,
)
from dealdesk.deals.order import Order
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.languages import gettext_noop
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.typed_numbers import plain_number
from dealdesk.web.page_words import page_sentence, placed_sentence
from dealdesk.web.steps import sent_number
from dealdesk.workflows.deal_edits import order_edit

MOST_YEARS = 10
TERMS = ("start", "months", "joined", "ends", "currency", "billing", "days")
_FIELD = re.compile(r"row-(\d{1,3})(?:-(\d{1,2}))?-([a-z_]+)\Z", re.ASCII)
_AFFILIATE = re.compile(r"aff-(\d{1,2})-(name|currency)\Z", re.ASCII)
_ROW_KEYS = frozenset({"sku", "name", "per", "list_unit", "uplift_pct", "start", "end", "party"})
_CELL_KEYS = frozenset({"quantity", "discount_pct"})
_TERM_PLACES = {
    "order.start": "term-start",
    "order.months": "term-months",
    "order.coterm": "term-joined",
    "order.coterm.order": "term-joined",
    "order.coterm.ends": "term-ends",
    "order.currency": "term-currency",
    "order.billing": "term-billing",
    "order.payment.days": "term-days",
    "order.lines": "row-0-sku",
}
# What the grid calls the fields that a problem's path names.
_NAMES = {
    "sku": gettext_noop("Product"),
    "quantity": gettext_noop("Quantity"),
    "discount_pct": gettext_noop("Discount"),
    "list_unit": gettext_noop("List price"),
    "uplift_pct": gettext_noop("Rise a year"),
    "year": gettext_noop("Year"),
    "start": gettext_noop("First day"),
    "end": gettext_noop("Last day"),
    "months": gettext_noop("Months"),
    "currency": gettext_noop("Currency"),
    "billing": gettext_noop("Invoiced"),
    "days": gettext_noop("Days to pay"),
    "order": gettext_noop("Running order"),
    "ends": gettext_noop("Its last day"),
    "name": gettext_noop("Name"),
}
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class OrderForm:
    """The order form as it stands on a screen; `faults` are sentences by the field's name.

    `is_whole` is false for a form that has no fields for affiliates and add-ons: they stay.
    """

    seen: int
    rows: tuple[GridRow, ...]
    terms: Mapping[str, str]
    affiliates: tuple[Affiliate, ...] = ()
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def lines(self) -> tuple[GridLine, ...]:
        """The lines that the rows come to."""
        return lines_of(self.rows)

    @property
    def line_data(self) -> Sequence[Mapping[str, Data]]:
        """The lines as a deal file has them."""
        return [line.data for line in self.lines if not line.party]

    @property
    def affiliate_data(self) -> Sequence[Mapping[str, Data]]:
        """The affiliates with their lines as a deal file has them."""
        return affiliate_data(self.affiliates, self.lines)

    def edit(self, data: DealData) -> Edit:
        """Return the edit that the form asks for on a deal."""
        affiliates = self.affiliate_data if self.is_whole else None
        return order_edit(self.line_data, self.term_data(data), affiliates)

    def check_quantities(self) -> None:
        """Raise DomainError where a product has no quantity."""
        if problems := tuple(missing_quantities(self.lines)):
            raise DomainError(problems)

    def term_data(self, data: DealData) -> Mapping[str, Data]:
        """Return the terms as a deal file has them; what is not on the screen stays."""
        order = data.get("order")
        payment = order.get("payment") if isinstance(order, dict) else None
        kept = dict(payment) if isinstance(payment, dict) else {}
        found: dict[str, Data] = {
            "start": self.terms["start"].strip(),
            "currency": self.terms["currency"],
            "billing": self.terms["billing"],
            "payment": {**kept, "days": _whole(self.terms["days"])},
        }
        joined, ends = self.terms["joined"].strip(), self.terms["ends"].strip()
        found["months"] = _whole(self.terms["months"])
        if self.is_whole:
            found["coterm"] = {"order": joined, "ends": ends}
        elif isinstance(order, dict) and "coterm" in order:
            del found["months"]
        return found

    def with_faults(self, error: DomainError) -> "OrderForm":
        """Return the form with each fault at its field, the rest said about the whole."""
        faults: dict[str, tuple[str, ...]] = {}
        said: list[str] = []
        # Blank quantities are told with the rest, not only once the rest is put right.
        for problem in dict.fromkeys((*_telling(error), *missing_quantities(self.lines))):
            name = _TERM_PLACES.get(problem.place.path) or place_of(problem, self.lines)
            if name:
                faults[name] = (*faults.get(name, ()), page_sentence(problem, _NAMES))
            else:
                said.append(placed_sentence(problem, _NAMES))
        return replace(self, faults=faults, said=tuple(said))

    def with_row(self, row: GridRow) -> "OrderForm":
        """Return the form with one more row."""
        return replace(self, rows=(*self.rows, row)[:MOST_ROWS])

    def with_affiliate(self) -> "OrderForm":
        """Return the form with one more affiliate."""
        added = Affiliate(currency=self.terms["currency"])
        return replace(self, affiliates=(*self.affiliates, added)[:MOST_AFFILIATES])

    def without_affiliate(self, index: int) -> "OrderForm":
        """Return the form without an affiliate and without what it orders."""
        rows = [row for row in self.rows if row.party != str(index)]
        moved = (
            replace(row, party=str(int(row.party) - 1))
            if row.party and int(row.party) > index
            else row
            for row in rows
        )
        kept = self.affiliates[:index] + self.affiliates[index + 1 :]
        return replace(self, rows=tuple(moved), affiliates=kept)

    def without_blank_rows(self) -> "OrderForm":
        """Return the form with those rows alone that say something."""
        return replace(self, rows=tuple(row for row in self.rows if not row.is_blank))

    def without_row(self, index: int) -> "OrderForm":
        """Return the form without a row."""
        return replace(self, rows=self.rows[:index] + self.rows[index + 1 :])


def stored_form(data: DealData, order: Order, seen: int) -> OrderForm:
    """Return the order form of a stored deal."""
    found = data.get("order")
    lines = found.get("lines") if isinstance(found, dict) else None
    others = found.get("affiliates") if isinstance(found, dict) else None
    given, books = (
        [one for one in some if isinstance(one, dict)] if isinstance(some, list) else []
        for some in (lines, others)
    )
    joined = order.coterm
    return OrderForm(
        seen,
        (*rows_of(given), *affiliate_rows(books)),
        {
            "start": order.start.isoformat(),
            "months": str(order.months or ""),
            "joined": joined.order if joined else "",
            "ends": joined.ends_on.isoformat() if joined else "",
            "currency": order.books[0].currency,
            "billing": order.billing.value,
            "days": str(order.payment.days),
        },
        affiliates_of(books),
    )


def sent_form(sent: MultiDict[str, str]) -> OrderForm:
    """Return the order form that a browser sent; fields that it has not are as if blank."""
    rows: dict[int, dict[str, str]] = {}
    cells: dict[int, dict[int, dict[str, str]]] = {}
    for name, text in sent.items():
        match = _FIELD.match(name)
        if match is None or int(match[1]) >= MOST_ROWS:
            continue
        row, typed = int(match[1]), text.replace("\x00", "")[:_LONGEST]
        rows.setdefault(row, {})
        if match[2] is None and match[3] in _ROW_KEYS:
            rows[row][match[3]] = typed
        elif match[2] is not None and match[3] in _CELL_KEYS:
            cells.setdefault(row, {}).setdefault(int(match[2]), {})[match[3]] = typed
    affiliates = _sent_affiliates(sent)
    parties = {str(place) for place in range(len(affiliates))}
    return OrderForm(
        sent_number("seen", sent),
        tuple(
            GridRow(
                **{k: v for k, v in rows[row].items() if k != "party" or v in parties},
                cells={year: Cell(**cell) for year, cell in sorted(cells.get(row, {}).items())},
            )
            for row in sorted(rows)
        ),
        {key: sent.get(f"term-{key}", "").replace("\x00", "")[:_LONGEST] for key in TERMS},
        affiliates,
        is_whole="whole" in sent,
    )


def _sent_affiliates(sent: MultiDict[str, str]) -> tuple[Affiliate, ...]:
    found: dict[int, dict[str, str]] = {}
    for name, text in sent.items():
        match = _AFFILIATE.match(name)
        if match is not None and int(match[1]) < MOST_AFFILIATES:
            found.setdefault(int(match[1]), {})[match[2]] = text.replace("\x00", "")[:_LONGEST]
    # Places are told by number: one that was left out in between would shift the others.
    places = range(max(found, default=-1) + 1)
    return tuple(Affiliate(**found.get(place, {})) for place in places)


def years_of(form: OrderForm) -> int:
    """Return how many years the grid shows: those of the typed term, and those that are typed."""
    months = plain_number(form.terms["months"])
    by_term = (
        -(-int(months) // 12) if months.isascii() and months.isdigit() else _joined_years(form)
    )
    typed = max((year for row in form.rows for year in row.cells), default=WHOLE)
    return max(1, min(max(by_term, typed), MOST_YEARS))


def _joined_years(form: OrderForm) -> int:
    """Return how many years an add-on runs until the last day of the order that it joins."""
    try:
        start, end = (date.fromisoformat(form.terms[key].strip()) for key in ("start", "ends"))
    except ValueError:
        return 1
    return end.year - start.year + ((end.month, end.day) >= (start.month, start.day))


def _telling(error: DomainError) -> list[Problem]:
    """Return the problems without those that only follow from a product that is not known."""
    unknown = {
        problem.place.path.rpartition(".")[0]
        for problem in error.problems
        if problem.code in {"unknown-sku", "too-long"}
    }
    return [
        problem
        for problem in error.problems
        if problem.code != "missing" or problem.place.path.rpartition(".")[0] not in unknown
    ]


def _whole(typed: str) -> Data:
    number = plain_number(typed)
    is_whole = number.isascii() and number.isdigit() and len(number) < 16  # noqa: PLR2004
    return int(number) if is_whole else number
