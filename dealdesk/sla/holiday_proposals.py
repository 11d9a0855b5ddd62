"""Propose the closed dates of a calendar; once written into a contract they are frozen there.

The list comes from the `holidays` library and is only a proposal: a newer release of the library
never changes what an agreement states.
"""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version

import holidays

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendars import ClosedDate

_SATURDAY = 5
_YEARS = range(1990, 2101)


def proposed_holidays(
    country: str, years: Iterable[int], subdivision: str | None = None
) -> tuple[ClosedDate, ...]:
    """Return the public holidays of a country that fall on Monday to Friday, by date.

    Raise DomainError for a country, part of it, or year that the library doesn't know.
    """
    wanted = sorted(set(years))
    if not wanted or wanted[0] not in _YEARS or wanted[-1] not in _YEARS:
        raise DomainError.of(
            "bad-years", "Holidays are proposed for 1990 to 2100.", remedy="Write 2027-2030."
        )
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=wanted)
    except NotImplementedError as error:
        place = f"{country}, {subdivision}" if subdivision else country
        raise DomainError.of(
            "unknown-country",
            f"There is no list of holidays for “{place}”.",
            remedy="Use a code of ISO 3166, such as US or DE, and its part, such as CA.",
        ) from error
    return tuple(
        ClosedDate(day, name) for day, name in sorted(found.items()) if _is_weekday(day, wanted)
    )


def _is_weekday(day: date, years: list[int]) -> bool:
    return day.weekday() < _SATURDAY and day.year in years


def proposal_source(country: str, subdivision: str | None = None) -> str:
    """Return what a contract may name as the list's source: library, place and release."""
    place = f"{country}-{subdivision}" if subdivision else country
    return f"holidays/{place} {version('holidays')}"
