"""The order form's tables: lines, contract years, totals and invoices, from the priced order."""

from collections.abc import Iterator

from dealdesk.agreements.binding import table_block
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


def order_blocks(order: Order) -> Iterator[Block]:
    """Yield the order form's blocks: a table of terms, then each book's tables."""
    values = order_values(order)
    yield _terms_table(values)
    for index, book in enumerate(order.books):
        yield from _book_blocks(index, book, values)


def _value(name: str) -> Occurrence:
    return Occurrence(ValueRef(ORDER_INSTANCE, name))


def _terms_table(values: ValueMap) -> TableBlock:
    rows: list[tuple[str, str, Inlines]] = [
        ("term", "Subscription Term", (_value("start"), Text(" to "), _value("end"))),
        ("length", "Length", (_value("months"),)),
        ("billing", "Billing", (_value("billing"),)),
        ("payment", "Payment", (_value("payment_days"), Text(" from "), _value("payment_from"))),
        ("currency", "Currency", (_value("currency"),)),
    ]
    if ValueRef(ORDER_INSTANCE, "tax") in values:
        rows.append(("tax", "Tax", (_value("tax"),)))
    return TableBlock(
        id=f"{ORDER_INSTANCE}/terms",
        caption="Order terms",
        columns=(TableColumn("Item"), TableColumn("Agreed", weight=2)),
        rows=_rows("terms", rows),
        row_heads=True,
    )


def _rows(table: str, rows: list[tuple[str, str, Inlines]]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(f"{ORDER_INSTANCE}/{table}.{key}", ((Text(head),), cell))
        for key, head, cell in rows
    )


def _book_blocks(index: int, book: Book, values: ValueMap) -> Iterator[Block]:
    suffix = f"_{index + 1}" if index else ""
    if index:
        yield Paragraph(
            f"{ORDER_INSTANCE}/party{suffix}",
            (
                Text("Ordered by "),
                _value(f"party{suffix}"),
                Text(" in "),
                Text(book.currency),
                Text(":"),
            ),
        )
    for name, caption in _TABLES:
        ref = ValueRef(ORDER_INSTANCE, f"{name}{suffix}")
        if ref in values:
            block_id = f"{ORDER_INSTANCE}/{name}{suffix}".replace("_", "-")
            yield table_block(block_id, ref, values[ref], caption)
        if name == "years":
            yield _totals_table(suffix)


def _totals_table(suffix: str) -> TableBlock:
    table = f"totals{suffix}".replace("_", "-")
    rows = [(name, head, (_value(f"{name}{suffix}"),)) for name, head in _TOTALS]
    return TableBlock(
        id=f"{ORDER_INSTANCE}/{table}",
        caption="Totals",
        columns=(TableColumn("Figure", weight=2), TableColumn("Amount", Align.RIGHT)),
        rows=_rows(table, [(name, head, cell) for name, head, cell in rows]),
        row_heads=True,
    )
