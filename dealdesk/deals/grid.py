"""The order form as a grid: a row for each product, a cell for each contract year.

A ramp is a line for each year in a deal file; in the grid it is one row with several cells. What a
person typed is kept as text until it is read, so that nothing typed is ever lost.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dealdesk.deals.catalogue import Catalogue
from dealdesk.kernel.errors import Place, Problem
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.typed_numbers import plain_number

WHOLE = 0
MOST_ROWS = 200
MOST_AFFILIATES = 20
_CELL_KEYS = ("quantity", "discount_pct")
_ROW_KEYS = ("sku", "name", "per", "list_unit", "uplift_pct", "start", "end")
_SHOWN_KEYS = frozenset({"sku", "list_unit", "uplift_pct"})
_WHOLE_NUMBER = re.compile(r"\d{1,15}\Z", re.ASCII)
_POINTED_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+\Z", re.ASCII)
_AFFILIATE = re.compile(r"order\.affiliates\[(\d{1,3})\]\.?(.*)\Z", re.ASCII)
_NUMBERS = frozenset({"quantity", "discount_pct", "list_unit", "uplift_pct"})


@dataclass(frozen=True, slots=True)
class Cell:
    """What is typed for one year of a row; year 0 is the whole term."""

    quantity: str = ""
    discount_pct: str = ""

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is typed."""
        return not self.quantity and not self.discount_pct


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row as it is typed; `party` is the place of the affiliate that orders it, or ""."""

    sku: str = ""
    name: str = ""
    per: str = ""
    list_unit: str = ""
    uplift_pct: str = ""
    start: str = ""
    end: str = ""
    party: str = ""
    cells: Mapping[int, Cell] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is typed in the row."""
        parts = (self.sku, self.name, self.list_unit, self.uplift_pct, self.start, self.end)
        return not any(parts) and all(cell.is_blank for cell in self.cells.values())

    def cell(self, year: int) -> Cell:
        """Return the cell of a year, blank where nothing is typed."""
        return self.cells.get(year, Cell())


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the deal file that a row comes to, and where in the grid it stands."""

    data: Mapping[str, Data]
    row: int
    year: int
    party: str = ""


@dataclass(frozen=True, slots=True)
class Affiliate:
    """An affiliate that orders too, as it is typed; its rows name it by its place."""

    name: str = ""
    currency: str = ""


def rows_of(lines: Sequence[Mapping[str, Data]]) -> tuple[GridRow, ...]:
    """Return the rows of a deal file's lines; yearly lines of one product become one row."""
    rows: list[GridRow] = []
    for line in lines:
        given = {key: _text(line.get(key)) for key in (*_ROW_KEYS, *_CELL_KEYS)}
        year = line.get("year")
        number = year if isinstance(year, int) and not isinstance(year, bool) else WHOLE
        cell = Cell(given.pop("quantity") or "1", given.pop("discount_pct"))
        row = GridRow(**given, cells={number: cell})
        last = rows[-1] if rows else None
        if last is not None and _continues(last, row, number):
            rows[-1] = replace(last, cells={**last.cells, number: cell})
        else:
            rows.append(row)
    return tuple(rows)


def affiliates_of(books: Sequence[Mapping[str, Data]]) -> tuple[Affiliate, ...]:
    """Return the affiliates of a deal file's order."""
    return tuple(Affiliate(_text(one.get("name")), _text(one.get("currency"))) for one in books)


def affiliate_rows(books: Sequence[Mapping[str, Data]]) -> tuple[GridRow, ...]:
    """Return the rows of the affiliates' lines, each with the place of its affiliate."""
    return tuple(
        replace(row, party=str(place))
        for place, book in enumerate(books)
        for row in rows_of(_mappings(book.get("lines")))
    )


def affiliate_data(
    affiliates: Sequence[Affiliate], lines: Sequence[GridLine]
) -> Sequence[Mapping[str, Data]]:
    """Return the affiliates' books as a deal file has them."""
    return [
        {
            "name": one.name.strip(),
            "currency": one.currency,
            "lines": [dict(line.data) for line in lines if line.party == str(place)],
        }
        for place, one in enumerate(affiliates)
    ]


def lines_of(rows: Iterable[GridRow]) -> tuple[GridLine, ...]:
    """Return the lines of the rows that say something, numbers in plain notation."""
    return tuple(
        line for index, row in enumerate(rows) if not row.is_blank for line in _lines(index, row)
    )


def missing_quantities(lines: Sequence[GridLine]) -> Iterator[Problem]:
    """Yield a problem for each line with a product whose quantity was left or made blank.

    A deal file without one counts the product once; in a form, nobody would see what was meant.
    """
    places: dict[str, int] = {}
    for line in lines:
        place = places[line.party] = places.get(line.party, -1) + 1
        if "sku" in line.data and "quantity" not in line.data:
            book = f"affiliates[{line.party}]." if line.party else ""
            path = f"order.{book}lines[{place}].quantity"
            yield Problem("missing", "“quantity” is missing.", Place(path=path), "Fill it in.")


def place_of(problem: Problem, lines: Sequence[GridLine]) -> str:
    """Return the field of the grid that a problem is about, "" where it is about none.

    Fields are named `row-0-sku`, in a year's cell `row-0-2-quantity`, and `aff-0-name`.
    """
    match = _AFFILIATE.match(problem.place.path)
    party, path = (match[1], match[2]) if match else ("", problem.place.path.removeprefix("order."))
    if match and not path.startswith("lines["):
        return f"aff-{party}-{'currency' if path == 'currency' else 'name'}"
    head, _, key = path.partition("].")
    index = head.removeprefix("lines[")
    own = [line for line in lines if line.party == party]
    if not index.isdigit() or int(index) >= len(own):
        return ""
    line = own[int(index)]
    if key == "year":
        return field_name(line.row, "quantity", line.year)
    if key in _CELL_KEYS:
        return field_name(line.row, key, line.year)
    return field_name(line.row, key if key in _SHOWN_KEYS else "sku")


def field_name(row: int, key: str, year: int | None = None) -> str:
    """Return the name of a field of the grid."""
    return f"row-{row}-{key}" if year is None else f"row-{row}-{year}-{key}"


def pasted_rows(text: str, years: int, catalogue: Catalogue | None) -> tuple[GridRow, ...]:
    """Return the rows of text that was copied from a spreadsheet: product, then numbers.

    The first column names the product by SKU or by name. One number is the quantity, a second the
    discount; more than two are the quantities of the years, in order, and a percentage after them
    the discount of each. A head that names no product is left out.
    """
    rows = []
    for line in text.replace("\x00", "").splitlines()[:MOST_ROWS]:
        parts = [part.strip() for part in (line.split("\t") if "\t" in line else line.split(";"))]
        if any(parts) and not _is_head(parts):
            rows.append(_pasted(parts, years, catalogue))
    return tuple(rows)


def _pasted(parts: Sequence[str], years: int, catalogue: Catalogue | None) -> GridRow:
    sku = _sku(parts[0], catalogue)
    numbers = [part for part in parts[1:] if part]
    percent = numbers.pop() if numbers and numbers[-1].endswith("%") else ""
    if not percent and len(numbers) == 2:  # noqa: PLR2004 - a quantity and a discount
        percent = numbers.pop()
    discount = plain_number(percent)
    if len(numbers) <= 1:
        return GridRow(sku, cells={WHOLE: Cell(plain_number("".join(numbers)) or "1", discount)})
    cells = {
        year: Cell(plain_number(number), discount)
        for year, number in enumerate(numbers[: max(years, 1)], 1)
    }
    return GridRow(sku, cells=cells)


def _is_head(parts: Sequence[str]) -> bool:
    return len(parts) > 1 and not any(_begins_as_number(part) for part in parts[1:])


def _begins_as_number(part: str) -> bool:
    first = part[:1]
    return first.isdecimal() or (first != "" and unicodedata.category(first) in {"Sc", "Pd", "Ps"})


def _sku(words: str, catalogue: Catalogue | None) -> str:
    if catalogue is None or words in catalogue.products:
        return words
    wanted = words.casefold()
    named = (
        sku
        for sku, product in catalogue.products.items()
        if wanted in {sku.casefold(), product.name.casefold()}
    )
    return next(named, words)


def _continues(last: GridRow, row: GridRow, year: int) -> bool:
    shared = all(getattr(last, key) == getattr(row, key) for key in _ROW_KEYS)
    return shared and year != WHOLE and WHOLE not in last.cells and year > max(last.cells)


def _lines(index: int, row: GridRow) -> Iterator[GridLine]:
    shared: dict[str, Data] = {
        key: _read(key, getattr(row, key)) for key in _ROW_KEYS if getattr(row, key).strip()
    }
    typed = {year: cell for year, cell in sorted(row.cells.items()) if not cell.is_blank}
    for year, cell in (typed or {WHOLE: Cell()}).items():
        line = dict(shared)
        if year:
            line["year"] = year
        for key in _CELL_KEYS:
            text = getattr(cell, key)
            if text.strip():
                line[key] = _read(key, text)
        yield GridLine(line, index, year, row.party)


def _read(key: str, text: str) -> Data:
    if key not in _NUMBERS:
        return text.strip()
    number = plain_number(text)
    if key != "quantity":
        return number
    # A quantity is whole, so that 1.500 can only mean fifteen hundred.
    whole = number.replace(".", "") if _POINTED_THOUSANDS.match(number) else number
    return int(whole) if _WHOLE_NUMBER.match(whole) else whole


def _mappings(value: Data) -> list[Mapping[str, Data]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Data) -> str:
    return "" if value is None or isinstance(value, bool | list | dict) else str(value)
