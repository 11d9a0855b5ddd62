"""What `sla` and `availability` commands read: terms, instants, lengths of time, years."""

import re
from datetime import datetime
from pathlib import Path

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.sla.model import SlaTerms, load_terms

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def terms_from(path: Path) -> SlaTerms:
    """Return the terms in a file. Raise DomainError with every fault."""
    return load_terms(read_text_file(path), str(path))


def read_instant(text: str) -> datetime:
    """Return an instant with its zone. Raise DomainError otherwise."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise DomainError.of(
            "bad-instant",
            f"“{text}” is not an instant.",
            remedy="Write it as 2028-03-10T16:30-06:00.",
        ) from error
    if at.tzinfo is None:
        raise DomainError.of(
            "no-zone", f"“{text}” has no time zone.", remedy="Add one, such as Z or -06:00."
        )
    return at


def read_pause(text: str) -> tuple[datetime, datetime]:
    """Return a pause, written as two instants with a slash between."""
    begin, slash, end = text.partition("/")
    if not slash:
        raise DomainError.of(
            "bad-pause",
            f"“{text}” is not a pause.",
            remedy="Write it as 2028-03-10T16:30Z/2028-03-10T17:00Z.",
        )
    return read_instant(begin), read_instant(end)


def read_length(text: str) -> int:
    """Return seconds from a length such as 90s, 15m, 4h or 2d."""
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if match is None or int(match[1]) == 0:
        raise DomainError.of(
            "bad-length", f"“{text}” is not a length of time.", remedy="Write it as 30m, 4h or 2d."
        )
    return int(match[1]) * _UNITS[match[2]]


def read_years(text: str) -> range:
    """Return the years of "2027" or "2027-2030"."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise DomainError.of(
            "bad-years", f"“{text}” names no years.", remedy="Write 2027 or 2027-2030."
        )
    return range(int(match[1]), int(match[2] or match[1]) + 1)
