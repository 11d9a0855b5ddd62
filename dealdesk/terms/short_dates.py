"""Days and instants as pages and mail print them: short, and by the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from babel import Locale

# How a day is put together; the months' short names are CLDR's.
_ORDER = {"en": "{day} {month} {year}", "de": "{day}. {month} {year}"}


def short_day(on: date, language: str) -> str:
    """Return a day as 24 Nov 2026, in German 24. Nov. 2026."""
    month = _months(language)[on.month]
    return _ORDER[language].format(day=on.day, month=month, year=f"{on.year:04d}")


def short_moment(at: datetime, language: str) -> str:
    """Return an instant as 24 Nov 2026, 10:05 UTC."""
    return f"{short_day(at.date(), language)}, {at:%H:%M} UTC"


@cache
def _months(language: str) -> Mapping[int, str]:
    found: Mapping[int, str] = Locale.parse(language).months["format"]["abbreviated"]
    return found
