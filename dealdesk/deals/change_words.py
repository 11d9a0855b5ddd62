"""Changes of a deal in words: which thing changed, from what to what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dealdesk.deals.merging import ABSENT, Change, Found, Path

_LONGEST = 80
_PLACES: Mapping[str, str] = {
    "title": "Title",
    "number": "Number",
    "language": "Language",
    "agreement": "Agreement",
    "dated_on": "Date of the agreement",
    "owner": "Owner",
    "submitter": "Submitter",
    "seller": "Seller",
    "customer": "Customer",
    "facts": "Facts",
    "authors": "Author",
    "decisions": "Decisions",
    "order": "Order form",
}
_FIELDS: Mapping[str, str] = {
    "sku": "product",
    "list_unit": "list price",
    "discount_pct": "discount",
    "uplift_pct": "yearly rise",
    "months": "months of term",
    "billing_day": "billing day",
    "acv": "definition of ACV",
    "fx": "exchange rates",
    "coterm": "order joined",
    "override": "own words",
    "tax_id": "tax number",
    "signer": "who signs",
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change as pages print it; `old` or `new` is "" where there was or is nothing."""

    key: str
    place: str
    old: str
    new: str

    def __str__(self) -> str:
        if not self.old:
            return f"{self.place}: {self.new}"
        return f"{self.place}: {self.old} → {self.new}" if self.new else f"{self.place}: taken out"


def change_lines(
    changes: Iterable[Change], titles: Mapping[str, str] | None = None
) -> Iterator[ChangeLine]:
    """Yield changes in words; `titles` name clauses by their instance."""
    for one in changes:
        yield ChangeLine(
            one.key, place_words(one.path, titles or {}), value_words(one.old), value_words(one.new)
        )


def change_sentence(changes: Iterable[Change], titles: Mapping[str, str] | None = None) -> str:
    """Return all changes in one line."""
    return "; ".join(str(line) for line in change_lines(changes, titles))


def place_words(path: Path, titles: Mapping[str, str]) -> str:
    """Return where a path leads, in words: `order.lines.0.quantity` is “Line 1, quantity”."""
    match path:
        case ("order", "lines", int(index), *rest):
            return _joined(f"Line {index + 1}", rest)
        case ("order", "affiliates", int(index), *rest):
            return _joined(f"Affiliate {index + 1}", rest)
        case ("clauses", str(instance), "values", *rest):
            return _joined(titles.get(instance, _plain(instance)), rest)
        case ("clauses" | "authors" as kind, str(instance), *rest):
            words = rest if kind == "clauses" else ["author"]
            return _joined(titles.get(instance, _plain(instance)), words)
        case (first, *rest):
            return _joined(_PLACES.get(str(first), _plain(str(first))), rest)
        case _:
            return "Deal"


def value_words(value: Found) -> str:
    """Return a value in a few words, "" for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return _short("; ".join(value_words(one) for one in value), 2 * _LONGEST)
        case dict():
            return ", ".join(
                _short(f"{_field(key)} {value_words(one)}") for key, one in value.items()
            )
        case str() | int():
            return _short(str(value))
        case _:
            return "" if value is ABSENT else _short(str(value))


def _joined(head: str, rest: Iterable[str | int]) -> str:
    parts = [str(part + 1) if isinstance(part, int) else _field(part) for part in rest]
    return ", ".join([head, *parts])


def _field(name: str) -> str:
    return _FIELDS.get(name, _plain(name).lower())


def _plain(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _short(text: str, longest: int = _LONGEST) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"
