"""A small agreement with every kind of block, for tests of Word files."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from dealdesk.documents.docx.writer import render_docx
from dealdesk.documents.tree import (
    Align,
    Clause,
    Definition,
    DocumentTree,
    Occurrence,
    Paragraph,
    Ref,
    Section,
    SectionKind,
    SignatureBlock,
    Style,
    TableBlock,
    TableColumn,
    TableRow,
    Term,
    Text,
)
from dealdesk.terms.value_types import Kind, TypedValue, ValueType
from dealdesk.terms.values import Duration, Percent, Unit, Value, ValueRef

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
COUNSEL = "Dana Example (counsel)"
TARGET = ValueRef("uptime", "target")
CLAIM = ValueRef("uptime", "claim_within")
CREDIT = ValueRef("uptime", "credits.tier1.credit")


def _typed() -> Mapping[ValueRef, TypedValue]:
    percent = ValueType(Kind.PERCENT)
    duration = ValueType(Kind.DURATION, units=(Unit.DAYS, Unit.HOURS))
    pairs: list[tuple[ValueRef, ValueType, Value]] = [
        (TARGET, percent, Percent(Decimal("99.9"))),
        (CLAIM, duration, Duration(30, Unit.DAYS)),
        (CREDIT, percent, Percent(Decimal(5))),
        (ValueRef("uptime", "credits.tier2.credit"), percent, Percent(Decimal(10))),
        (ValueRef("uptime", "credits.tier1.below"), percent, Percent(Decimal("99.9"))),
        (ValueRef("uptime", "credits.tier2.below"), percent, Percent(Decimal(99))),
    ]
    return MappingProxyType({ref: TypedValue(kind, value) for ref, kind, value in pairs})


def _uptime() -> Clause:
    rows = tuple(
        TableRow(
            f"uptime/credit-table.{key}",
            (
                (Occurrence(ValueRef("uptime", f"credits.{key}.below")),),
                (Occurrence(ValueRef("uptime", f"credits.{key}.credit")),),
            ),
        )
        for key in ("tier1", "tier2")
    )
    table = TableBlock(
        "uptime/credit-table",
        "Service credits",
        (TableColumn("Availability below"), TableColumn("Credit", Align.RIGHT)),
        rows,
    )
    deep = Clause(
        "uptime/overlap",
        body=(Text("Outages that overlap count once, where:"),),
        children=(
            Clause(
                "uptime/overlap-whole",
                body=(Text("one lies in the other; or"),),
                children=(Clause("uptime/overlap-same", body=(Text("both are one event."),)),),
            ),
            Clause("uptime/overlap-part", body=(Text("they share a minute."),)),
        ),
    )
    credits_ = Clause(
        "uptime/credits",
        (Text("Credits"),),
        (
            Text("If availability falls below "),
            Occurrence(TARGET),
            Text(", a credit is due on request within "),
            Occurrence(CLAIM, Style.WORDS),
            Text(", subject to "),
            Ref("liability/cap"),
            Text("."),
        ),
        (table, deep, Paragraph("uptime/note", (Text("Credits are not penalties."),))),
    )
    return Clause(
        "uptime/availability",
        (Text("Availability"),),
        (
            Text("Provider keeps the "),
            Term("service", "Service"),
            Text(" available for "),
            Occurrence(TARGET),
            Text(" of each month; an outage is "),
            Definition("downtime", "Downtime"),
            Text("."),
        ),
        (credits_,),
    )


def _liability() -> Clause:
    cap = Clause(
        "liability/cap",
        (Text("Cap"),),
        (Text("Each party’s liability is limited to the Fees of the year, see "), Ref("exhibit-a")),
    )
    return Clause("liability/liability", (Text("Liability"),), (), (cap,))


@cache
def sample_tree(*, draft: bool = False) -> DocumentTree:
    """Return the tree."""
    key = (
        TableBlock(
            "cover/key-terms",
            "",
            (TableColumn("Item", weight=1), TableColumn("Agreed", weight=3)),
            (TableRow("cover/key-terms.target", ((Text("Availability"),), (Occurrence(TARGET),))),),
            row_heads=True,
        ),
    )
    exhibit = Clause("support/scope", body=(Text("日本語 and ‎العربية‎ and 😀 are answered too."),))
    parties = tuple(
        SignatureBlock(f"parties/{who}", who.title(), (Text(name),), (Text("A. Example"),))
        for who, name in (("provider", "Example Cloud Inc."), ("customer", "Sample Freight"))
    )
    return DocumentTree(
        title="Sample Agreement",
        short_title="Sample",
        language="en",
        version_label="DD-1 · version 1",
        dated_on=date(2027, 1, 15),
        sections=(
            Section("cover", "Parties and key terms", SectionKind.COVER, key),
            Section("terms", "Terms", SectionKind.TERMS, (_uptime(), _liability())),
            Section("exhibit-a", "Exhibit A: Support", SectionKind.EXHIBIT, (exhibit,)),
            Section("signatures", "Signatures", SectionKind.SIGNATURES, parties),
        ),
        values=_typed(),
        draft=draft,
    )


@cache
def sample_docx() -> bytes:
    """Return the tree's Word file."""
    return render_docx(sample_tree(), terms='{"schema_version": "sla-terms/1"}')
