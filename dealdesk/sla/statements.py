"""What a text has to state for terms, in words that it may use; and this for the rarer terms."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dealdesk.sla.availability_terms import Availability, ResponseCredits
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.formatting import format_duration, format_number
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.values import Duration, Unit

_EN = LOCALES["en"]
_UNITS = (
    (Unit.WEEKS, 604_800),
    (Unit.DAYS, 86_400),
    (Unit.HOURS, 3_600),
    (Unit.MINUTES, 60),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of which a text has to hold at least one; they stand in the same line as `near`."""

    path: str
    words: tuple[str, ...]
    near: str = ""


def rarer_statements(terms: SlaTerms) -> Iterator[Statement]:
    """Yield what the text has to state for the terms that few agreements have."""
    if terms.availability is not None:
        yield from _availability(terms.availability)
    if terms.credits is not None:
        cap = terms.credits.cap_per_year_percent
        if cap is not None:
            words = (
                f"{figures(cap)}% of the yearly Fees",
                f"{figures(cap)}% of the Fees of a year",
            )
            yield Statement("/credits/cap_per_year_percent", words)
        if terms.credits.response is not None:
            yield from _response(terms.credits.response)
    if terms.chronic is not None and terms.chronic.below is not None:
        yield Statement("/chronic_failure/below_percent", (f"{figures(terms.chronic.below)}%",))


def _availability(promised: Availability) -> Iterator[Statement]:
    works = promised.maintenance
    if works.cap_seconds_per_year is not None:
        path = "/availability/maintenance/cap_per_year"
        yield Statement(path, lengths(works.cap_seconds_per_year), "year")
    for index, window in enumerate(works.windows):
        words = _EN.hour_range.format(opens=window.opens, closes=window.closes)
        yield Statement(f"/availability/maintenance/windows/{index}", (words,))
    for index, component in enumerate(promised.components):
        yield Statement(f"/availability/components/{index}/id", (component.id,))
        if component.share != 1:
            share = (f"{figures(100 * component.share)}%", figures(component.share))
            yield Statement(f"/availability/components/{index}/share", share, component.id)
    for status, weight in promised.weights.items():
        # A whole outage is what "Downtime" means; only lesser weights need words.
        if weight not in {0, 1}:
            words = status.replace("_", " ")
            stated = (f"{figures(100 * weight)}%",)
            yield Statement(f"/availability/status_weights/{status}", stated, words)
    if promised.billing_day != 1:
        yield Statement("/availability/billing_day", (f"day {promised.billing_day}",))
    if promised.minute_error_rate_percent:
        path = "/availability/measure/minute_error_rate_over_percent"
        yield Statement(path, (f"{figures(promised.minute_error_rate_percent)}%",), "minute")


def _response(due: ResponseCredits) -> Iterator[Statement]:
    path = "/credits/response"
    yield Statement(f"{path}/target_percent", (f"{figures(due.target_percent)}%",), "in time")
    for index, tier in enumerate(due.tiers):
        row = f"{figures(tier.below)}% | {figures(tier.credit)}%"
        yield Statement(f"{path}/tiers/{index}", (row,))
    if due.per_miss_percent is not None:
        yield Statement(f"{path}/per_miss_percent", (f"{figures(due.per_miss_percent)}%",), "each")


def figures(number: Decimal) -> str:
    """Return a number as the text prints it."""
    return format_number(number, _EN)


def lengths(seconds: int) -> tuple[str, ...]:
    """Return every way in which a length of time may be written, in whole units."""
    return tuple(
        format_duration(Duration(seconds // size, unit), _EN, style)
        for unit, size in _UNITS
        if seconds and seconds % size == 0
        for style in ("figures", "words")
    )
