"""The cover's table of parties and key terms, and the signature blocks."""

from collections.abc import Iterator
from functools import partial

from dealdesk.agreements.form_words import form_words
from dealdesk.agreements.model import COVER_INSTANCE, ORDER_INSTANCE, PARTIES_INSTANCE, Inputs
from dealdesk.documents.tree import (
    Block,
    Inlines,
    Occurrence,
    SignatureBlock,
    TableBlock,
    TableColumn,
    TableRow,
    Text,
)
from dealdesk.terms.values import ValueRef


def _party(variable: str) -> Occurrence:
    return Occurrence(ValueRef(PARTIES_INSTANCE, variable))


def _order(variable: str) -> Occurrence:
    return Occurrence(ValueRef(ORDER_INSTANCE, variable))


def _party_cell(side: str) -> Inlines:
    return (
        _party(f"{side}_name"),
        Text(", "),
        _party(f"{side}_form"),
        Text(", "),
        _party(f"{side}_address"),
    )


def cover_blocks(inputs: Inputs) -> Iterator[Block]:
    """Yield the cover's one table: who agrees, on what, for how long and for how much."""
    say = partial(form_words, language=inputs.language)
    rows: list[tuple[str, str, Inlines]] = [
        ("provider", "Provider", _party_cell("provider")),
        ("customer", "Customer", _party_cell("customer")),
        ("number", "Agreement number", (Text(inputs.number),)),
        ("term", "Subscription Term", (_order("start"), Text(say(" to ")), _order("end"))),
        ("total", "Total contract value", (_order("tcv"),)),
    ]
    yield TableBlock(
        id=f"{COVER_INSTANCE}/key-terms",
        caption=say("Who agrees, on what, for how long and for how much"),
        columns=(TableColumn(say("Item")), TableColumn(say("Agreed"), weight=3)),
        rows=tuple(
            TableRow(f"{COVER_INSTANCE}/key-terms.{key}", ((Text(say(name)),), cell))
            for key, name, cell in rows
        ),
        row_heads=True,
    )


def signature_blocks() -> Iterator[Block]:
    """Yield one signature block per party, provider first."""
    for side, role in (("provider", "Provider"), ("customer", "Customer")):
        yield SignatureBlock(
            id=f"{PARTIES_INSTANCE}/{side}-signature",
            role=role,
            party=(_party(f"{side}_name"),),
            signer_name=(_party(f"{side}_signer_name"),),
            signer_title=(_party(f"{side}_signer_title"),),
        )
