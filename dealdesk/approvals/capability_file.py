"""Read the service capability record of an approval policy."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from dealdesk.approvals.capability import Capability, Measured, RegionLimit, Staffing
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.fields import Fields
from dealdesk.terms.calendars import OpenInterval, is_zone

CAPABILITY_KEYS = ("expires_on", "regions", "measured", "staffing")
REGION_KEYS = ("regions", "carries")
MEASURED_KEYS = ("figure", "at_least", "at_most", "words")
STAFFING_KEYS = ("zone", "days", "open", "close")


def read_capability(root: Fields, key: str) -> Capability:
    """Return the record under a key; every fault is noted at its place."""
    part = root.mapping(key, CAPABILITY_KEYS)
    return Capability(
        expires_on=part.day("expires_on") or date.min,
        regions=tuple(
            RegionLimit(item.integer("regions", low=1), Fraction(item.decimal("carries", high=100)))
            for item in part.items("regions", REGION_KEYS)
        ),
        measured=tuple(_measured(item) for item in part.items("measured", MEASURED_KEYS)),
        staffing=tuple(
            staffed for item in part.items("staffing", STAFFING_KEYS) for staffed in _staffing(item)
        ),
    )


def _measured(item: Fields) -> Measured:
    if item.has("at_least") == item.has("at_most"):
        item.note("one-limit", "", "A measured figure has either “at_least” or “at_most”.")
    low = Fraction(item.decimal("at_least")) if item.has("at_least") else None
    high = Fraction(item.decimal("at_most")) if item.has("at_most") else None
    return Measured(item.text("figure"), item.text("words"), low, high)


def _staffing(item: Fields) -> Iterator[Staffing]:
    zone = item.text("zone")
    if not is_zone(zone):
        item.note("bad-zone", "zone", f"“{zone}” is not a time zone.", "Write Europe/Berlin.")
        return
    try:
        hours = OpenInterval(item.texts("days"), item.text("open"), item.text("close"))
    except DomainError as error:
        for problem in error.problems:
            item.note(problem.code, "", problem.message, problem.remedy)
        return
    yield Staffing(zone, hours)
