"""Write a changed number of the order form back into the order it was printed from."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from dealdesk.agreements.order_values import row_keys
from dealdesk.deals.figures import price_order
from dealdesk.deals.order import Billing, Line, Order, PaymentFrom
from dealdesk.terms.money import Money
from dealdesk.terms.values import (
    Day,
    Duration,
    Integer,
    Option,
    Percent,
    TextValue,
    Value,
    ValueRef,
)


def change_order(order: Order, ref: ValueRef, value: Value) -> Order | None:
    """Return the order with one printed value changed, or None where it is computed.

    Totals, net prices and dates of invoices follow from others; a change of those is a person's
    to place.
    """
    if ref.cell is not None:
        return _change_cell(order, ref, value)
    match ref.variable, value:
        case "start", Day(on=on):
            return replace(order, start=on)
        case "months", Duration(amount=months) if order.months is not None:
            return replace(order, months=months)
        case "payment_days", Duration(amount=days) if (
            order.payment.counted_from is not PaymentFrom.CARD
        ):
            return replace(order, payment=replace(order.payment, days=days))
        case "payment_from", Option(id=start):
            return replace(order, payment=replace(order.payment, counted_from=PaymentFrom(start)))
        case "billing", Option(id=billing):
            return replace(order, billing=Billing(billing))
        case "tax", TextValue(text=text):
            return replace(order, tax_note=text)
        case _:
            return None


def _quantity(line: Line, value: Value) -> Line:
    return replace(line, quantity=value.number) if isinstance(value, Integer) else line


def _list_unit(line: Line, value: Value) -> Line:
    return replace(line, list_unit=value) if isinstance(value, Money) else line


def _discount(line: Line, value: Value) -> Line:
    return replace(line, discount=value.number) if isinstance(value, Percent) else line


def _name(line: Line, value: Value) -> Line:
    return replace(line, name=value.text) if isinstance(value, TextValue) else line


_CELLS: Mapping[str, Callable[[Line, Value], Line]] = {
    "item": _name,
    "quantity": _quantity,
    "list_unit": _list_unit,
    "discount": _discount,
}


def _change_cell(order: Order, ref: ValueRef, value: Value) -> Order | None:
    table, (key, column) = ref.name, ref.cell or ("", "")
    if not table.startswith("lines") or column not in _CELLS:
        return None
    index = int(table.removeprefix("lines").removeprefix("_") or "1") - 1
    priced = price_order(order).books[index].lines
    line_id = next(
        (p.line.id for k, p in zip(row_keys(priced), priced, strict=True) if k == key), None
    )
    book = order.books[index]
    lines = tuple(
        _CELLS[column](line, value) if line.id == line_id else line for line in book.lines
    )
    books = (*order.books[:index], replace(book, lines=lines), *order.books[index + 1 :])
    return replace(order, books=books) if books != order.books else None
