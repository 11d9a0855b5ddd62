"""The order form's tables: lines, contract years, totals and invoices, from the priced order."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from dealdesk.agreements.binding import table_block
from dealdesk.agreements.form_words import form_words
from dealdesk.agreements.model import ORDER_INSTANCE
from dealdesk.agreements.order_values import order_values
from dealdesk.deals.order import Book, Order
from dealdesk.documents.tree import (
    Align,
    Block,
    Inlines,
    Occurrence,
    Paragraph,
    TableBlock,
    TableColumn,
    TableRow,
    Text,
)
from dealdesk.terms.value_types import ValueMap
from dealdesk.terms.values import ValueRef

_TOTALS = (
    ("recurring", "Recurring fees over the term"),
    ("one_time", "One-time fees"),
    ("tcv", "Total contract value"),
)
_TABLES = (
    ("lines", "Services and fees"),
    ("years", "Fees by contract year"),
    ("invoices", "Invoices"),
)
Say: TypeAlias = Callable[[str], str]


def order_blocks(order: Order, language: str = "en") -> Iterator[Block]:
    """Yield the order form's blocks: a table of terms, then each book's tables."""
    values = order_values(order, language)
    say = partial(form_words, language=language)
    yield _terms_table(values, say)
    for index, book in enumerate(order.books):
        yield from _book_blocks(index, book, values, say)


def _value(name: str) -> Occurrence:
    return Occurrence(ValueRef(ORDER_INSTANCE, name))


def _terms_table(values: ValueMap, say: Say) -> TableBlock:
    start, end = _value("start"), _value("end")
    days, counted_from = _value("payment_days"), _value("payment_from")
    rows: list[tuple[str, str, Inlines]] = [
        ("term", "Subscription Term", (start, Text(say(" to ")), end)),
        ("length", "Length", (_value("months"),)),
        ("billing", "Billing", (_value("billing"),)),
        ("payment", "Payment", (days, Text(say(" from ")), counted_from)),
        ("currency", "Currency", (_value("currency"),)),
    ]
    if ValueRef(ORDER_INSTANCE, "tax") in values:
        rows.append(("tax", "Tax", (_value("tax"),)))
    return TableBlock(
        id=f"{ORDER_INSTANCE}/terms",
        caption=say("Order terms"),
        columns=(TableColumn(say("Item")), TableColumn(say("Agreed"), weight=2)),
        rows=_rows("terms", rows, say),
        row_heads=True,
    )


def _rows(table: str, rows: list[tuple[str, str, Inlines]], say: Say) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(f"{ORDER_INSTANCE}/{table}.{key}", ((Text(say(head)),), cell))
        for key, head, cell in rows
    )


def _book_blocks(index: int, book: Book, values: ValueMap, say: Say) -> Iterator[Block]:
    suffix = f"_{index + 1}" if index else ""
    if index:
        yield Paragraph(
            f"{ORDER_INSTANCE}/party{suffix}",
            (
                Text(say("Ordered by ")),
                _value(f"party{suffix}"),
                Text(say(" in ")),
                Text(book.currency),
                Text(say(":")),
            ),
        )
    for name, caption in _TABLES:
        ref = ValueRef(ORDER_INSTANCE, f"{name}{suffix}")
        if ref in values:
            block_id = f"{ORDER_INSTANCE}/{name}{suffix}".replace("_", "-")
            yield table_block(block_id, ref, values[ref], say(caption))
        if name == "years":
            yield _totals_table(suffix, say)


def _totals_table(suffix: str, say: Say) -> TableBlock:
    table = f"totals{suffix}".replace("_", "-")
    rows: list[tuple[str, str, Inlines]] = [
        (name, head, (_value(f"{name}{suffix}"),)) for name, head in _TOTALS
    ]
    return TableBlock(
        id=f"{ORDER_INSTANCE}/{table}",
        caption=say("Totals"),
        columns=(TableColumn(say("Figure"), weight=2), TableColumn(say("Amount"), Align.RIGHT)),
        rows=_rows(table, rows, say),
        row_heads=True,
    )
