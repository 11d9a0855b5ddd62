"""The order form's grid: rows and lines say the same, and numbers are read as people type them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.editing import data_of, deal_of, set_affiliates, set_lines
from dealdesk.deals.grid import (
    Affiliate,
    Cell,
    GridRow,
    affiliate_data,
    affiliate_rows,
    affiliates_of,
    lines_of,
    missing_quantities,
    pasted_rows,
    place_of,
    rows_of,
)
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.settings import PROJECT
from dealdesk.terms.typed_numbers import plain_number

CATALOGUE = load_catalogue(PROJECT / "clause_library" / "catalogue.yaml")
DEALS = sorted((PROJECT / "demo" / "deals").glob("*.yaml"))
RICH = data_of((PROJECT / "demo" / "deals" / "placeholder-robotics.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("150", "150"),
        (" 1,234.50 ", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("1'234.50", "1234.50"),
        ("1,234", "1234"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("0,25 %", "0.25"),
        ("0,125", "0.125"),
        ("-0,005", "-0.005"),
        ("15%", "15"),
        ("$600.00", "600.00"),
        ("600 €", "600"),
        ("USD 1,500.00", "1500.00"),
        ("−5", "-5"),
        ("(250.00)", "-250.00"),
        ("١٢٣", "123"),
        ("१२,५", "12.5"),
        ("", ""),
        ("abc", "abc"),
        ("12 monkeys 5", "12 monkeys 5"),
        ("1e5", "1e5"),
        ("0x10", "0x10"),
        ("NaN", "NaN"),
        ("1,2,3", "1,2,3"),
        ("9" * 100, "9" * 100),
        ("½", "½"),
        ("3O", "3O"),
        ("1O", "1O"),
        ("5k", "5k"),
        ("10 k", "10 k"),
        ("$5k", "$5k"),
        ("2²", "2²"),
        ("²2", "²2"),
        ("5 monkeys", "5 monkeys"),
        ("5 seats or so", "5 seats or so"),
        ("%", "%"),
        ("25 seats", "25"),
        ("1,500 Users", "1500"),
        ("36 months", "36"),
        ("30 Tage", "30"),
        ("%5", "5"),
        ("US$ 12.50", "12.50"),
        ("¥1,200", "1200"),
        ("($250.00)", "-250.00"),
        ("٢٥٪", "25"),
        ("\u200e25\u200f", "25"),
    ],
)
def test_a_number_is_read_as_it_is_usually_written(typed: str, plain: str) -> None:
    assert plain_number(typed) == plain


@given(st.decimals(-(10**9), 10**9, places=2))
def test_both_notations_of_a_number_are_one(number) -> None:
    plain = f"{number:.2f}"
    assert plain_number(f"{number:,.2f}") == plain
    continental = f"{number:,.2f}".replace(",", " ").replace(".", ",")
    assert plain_number(continental) == plain


@given(st.text(max_size=70))
def test_whatever_is_typed_is_kept_or_read(typed: str) -> None:
    found = plain_number(typed)
    assert found == typed.strip() or float(found) is not None


@pytest.mark.parametrize("path", DEALS, ids=lambda path: path.stem)
def test_the_grid_of_a_deal_gives_its_lines_back(path: Path) -> None:
    data = data_of(path.read_text("utf-8"))
    lines = lines_of(rows_of(data["order"]["lines"]))
    again = deal_of(set_lines(data, [line.data for line in lines]), CATALOGUE)
    assert again.order == deal_of(data, CATALOGUE).order


CELLS = st.builds(Cell, st.integers(1, 999).map(str), st.sampled_from(["", "5", "12.5"]))
RAMPS = st.builds(
    lambda cells: GridRow("TEAM", cells=dict(enumerate(cells, 1))),
    st.lists(CELLS, min_size=1, max_size=3),
)
WHOLES = st.builds(lambda cell: GridRow("ONBOARD", cells={0: cell}), CELLS)


@given(st.lists(st.one_of(RAMPS, WHOLES), max_size=4))
def test_rows_survive_being_lines(rows) -> None:
    distinct = [row for n, row in enumerate(rows) if n == 0 or row.sku != rows[n - 1].sku]
    assert rows_of([line.data for line in lines_of(distinct)]) == tuple(distinct)


def test_a_ramp_is_one_row_and_what_differs_is_another() -> None:
    rows = rows_of(RICH["order"]["lines"])
    assert [(row.sku, sorted(row.cells)) for row in rows] == [
        ("ENTERPRISE", [1, 2, 3]),
        ("EMERGENCY-SUPPORT", [0]),
        ("SUCCESS-MANAGER", [0]),
        ("ESCROW", [0]),
        ("ONBOARD", [0]),
    ]
    assert rows[0].cell(2) == Cell("350", "25")
    assert rows[0].cell(0).is_blank


def test_blank_rows_are_left_out_and_a_bare_product_lacks_its_quantity() -> None:
    lines = lines_of([GridRow(), GridRow(per="month"), GridRow("TEAM")])
    assert [(line.row, line.year, line.data) for line in lines] == [(2, 0, {"sku": "TEAM"})]
    rows = [
        GridRow("TEAM", party="1"),
        GridRow("TEAM", cells={0: Cell("3")}),
        GridRow("TEAM", cells={1: Cell("3"), 2: Cell("", "10")}),
        GridRow("TEAM", cells={0: Cell(" ", "")}),
        GridRow(list_unit="5"),
    ]
    lines = lines_of(rows)
    problems = list(missing_quantities(lines))
    assert {problem.message for problem in problems} == {"“quantity” is missing."}
    assert [place_of(problem, lines) for problem in problems] == [
        "row-0-0-quantity",
        "row-2-2-quantity",
        "row-3-0-quantity",
    ]
    assert list(missing_quantities(lines_of(pasted_rows("TEAM", 3, CATALOGUE)))) == []


def test_a_quantity_is_whole_whatever_parts_its_thousands() -> None:
    for typed in ("1500", "1.500", "1,500", "1 500", "1'500"):
        assert lines_of([GridRow("TEAM", cells={0: Cell(typed)})])[0].data["quantity"] == 1500
    assert lines_of([GridRow("TEAM", cells={0: Cell("1.5")})])[0].data["quantity"] == "1.5"


@pytest.mark.parametrize("typed", ["3O", "5k", "10 k", "2²"])
@pytest.mark.parametrize("key", ["quantity", "discount_pct", "list_unit"])
def test_what_is_no_plain_number_is_refused_at_its_field(typed: str, key: str) -> None:
    row = GridRow("TEAM", cells={0: Cell("10")})
    if key == "list_unit":
        row = replace(row, list_unit=typed, per="month")
    else:
        row = replace(row, cells={0: replace(row.cell(0), **{key: typed})})
    lines = lines_of([row])
    with pytest.raises(DomainError, match=r"plain number|whole number") as caught:
        deal_of(set_lines(RICH, [line.data for line in lines]), CATALOGUE)
    where = "row-0-list_unit" if key == "list_unit" else f"row-0-0-{key}"
    assert [place_of(problem, lines) for problem in caught.value.problems] == [where]


def test_a_fault_names_the_field_where_it_was_typed() -> None:
    rows = [
        GridRow(),
        GridRow("TEAM", cells={1: Cell("10", ""), 2: Cell("-5", "101")}),
        GridRow("NONE", list_unit="x"),
    ]
    lines = lines_of(rows)
    with pytest.raises(DomainError) as caught:
        deal_of(set_lines(RICH, [line.data for line in lines]), CATALOGUE)
    assert {place_of(problem, lines) for problem in caught.value.problems} == {
        "row-1-2-quantity",
        "row-1-2-discount_pct",
        "row-2-sku",
        "row-2-list_unit",
    }


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Team plan\t50", [GridRow("TEAM", cells={0: Cell("50")})]),
        ("team\t1.500\t12,5 %", [GridRow("TEAM", cells={0: Cell("1.500", "12.5")})]),
        ("TEAM;50;10", [GridRow("TEAM", cells={0: Cell("50", "10")})]),
        (
            "Product\tYear 1\tYear 2\tYear 3\tDiscount\nTEAM\t150\t300\t600\t15%\n\nOnboarding\t1\n",
            [
                GridRow(
                    "TEAM", cells={1: Cell("150", "15"), 2: Cell("300", "15"), 3: Cell("600", "15")}
                ),
                GridRow("ONBOARD", cells={0: Cell("1")}),
            ],
        ),
        ("Something else\t3", [GridRow("Something else", cells={0: Cell("3")})]),
        ("TEAM", [GridRow("TEAM", cells={0: Cell("1")})]),
        ("", []),
        ("\n\t\t\n", []),
    ],
)
def test_rows_are_pasted_from_a_spreadsheet(text: str, rows) -> None:
    assert list(pasted_rows(text, 3, CATALOGUE)) == rows


AFFILIATES = st.lists(
    st.tuples(
        st.builds(Affiliate, st.sampled_from(["Acme GmbH", "Acme KK"]), st.sampled_from(["EUR"])),
        st.lists(WHOLES, min_size=1, max_size=1),
    ),
    max_size=3,
)


@given(AFFILIATES)
def test_affiliates_survive_being_books(given_) -> None:
    affiliates = tuple(one for one, _ in given_)
    rows = tuple(
        replace(row, party=str(place)) for place, (_, rows) in enumerate(given_) for row in rows
    )
    books = affiliate_data(affiliates, lines_of(rows))
    assert affiliates_of(books) == affiliates
    assert affiliate_rows(books) == rows


def test_a_fault_of_an_affiliate_names_its_field() -> None:
    rows = [
        GridRow("TEAM", cells={0: Cell("10")}),
        GridRow("TEAM", party="1", cells={0: Cell("-3")}),
        GridRow("ONBOARD", party="0"),
        GridRow("TEAM", party="1", list_unit="x"),
    ]
    lines = lines_of(rows)
    books = affiliate_data(
        [Affiliate("", "XXX"), Affiliate("Acme KK", "JPY"), Affiliate("None", "EUR")], lines
    )
    with pytest.raises(DomainError) as caught:
        deal_of(set_affiliates(RICH, books), CATALOGUE)
    assert {place_of(problem, lines) for problem in caught.value.problems} >= {
        "aff-0-name",
        "aff-0-currency",
        "row-1-0-quantity",
        "row-3-list_unit",
        "aff-2-name",
    }
