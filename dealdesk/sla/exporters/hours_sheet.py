"""Support hours in words, for systems that only a person can set up."""

from collections.abc import Iterator

from dealdesk.terms.calendars import DAYS, Calendar

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def hours_lines(calendar: Calendar) -> Iterator[str]:
    """Yield a calendar's zone, the hours of each weekday, and its closed dates."""
    yield f"Time zone: {calendar.zone}"
    for day, name in zip(DAYS, _NAMES, strict=True):
        spans = sorted((i.opens, i.closes) for i in calendar.weekly if day in i.days)
        told = ", ".join(f"{opens} to {closes}" for opens, closes in spans)
        yield f"{name}: {told or 'closed'}"
    for special in sorted(calendar.special, key=lambda day: day.on):
        told = ", ".join(f"{opens} to {closes}" for opens, closes in sorted(special.hours))
        name = " ".join(special.name.split())
        yield f"Only on {special.on.isoformat()}{f' ({name})' if name else ''}: {told}"
    for closed in sorted(calendar.closed, key=lambda c: c.on):
        yield f"Closed: {closed.on.isoformat()} {' '.join(closed.name.split())}".rstrip()
