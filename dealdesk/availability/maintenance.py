"""Which maintenance a contract allows: announced in time, and under its cap for each month."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dealdesk.availability.history import MaintenanceWork
from dealdesk.sla.availability_terms import Availability
from dealdesk.terms.periods import Span, add_months, midnight


def allowed_maintenance(
    availability: Availability, works: Sequence[MaintenanceWork], contracted: Span
) -> tuple[list[Span], list[tuple[Span, str]]]:
    """Return maintenance that the contract allows, and what it does not with the reason.

    What was announced too late counts as downtime, and so does what exceeds the cap of its
    calendar month in the contract's zone; works that overlap use the cap once.
    """
    rule = availability.maintenance
    allowed: list[Span] = []
    refused: list[tuple[Span, str]] = []
    used: dict[Span, int] = {}
    done = contracted.start
    for work in sorted(works, key=lambda w: (w.start, w.end)):
        span = contracted.overlap(Span(work.start, work.end))
        if span.seconds == 0:
            continue
        if is_late(work, rule.notice_seconds):
            refused.append((span, "announced too late, so it counts as downtime"))
            continue
        rest = Span(max(span.start, done), span.end)
        done = max(done, span.end)
        for month, part in months_of(rest, availability.timezone):
            fits = part.seconds
            if rule.cap_seconds_per_month is not None:
                fits = min(fits, rule.cap_seconds_per_month - used.get(month, 0))
            used[month] = used.get(month, 0) + fits
            if fits:
                allowed.append(Span(part.start, part.start + fits))
            if fits < part.seconds:
                over = Span(part.start + fits, part.end)
                refused.append((over, "over the cap, so it counts as downtime"))
    return allowed, refused


def is_late(work: MaintenanceWork, notice_seconds: int | None) -> bool:
    """Tell whether work was announced later than a notice asks for, or not at all."""
    return notice_seconds is not None and (
        work.announced is None or work.announced > work.start - notice_seconds
    )


def months_of(span: Span, zone: str) -> Iterator[tuple[Span, Span]]:
    """Yield each calendar month in a zone that a span touches, and the span's part in it."""
    if span.seconds == 0:
        return
    first = datetime.fromtimestamp(span.start, ZoneInfo(zone)).date().replace(day=1)
    while midnight(first, zone) < span.end:
        after = add_months(first, 1)
        month = Span(midnight(first, zone), midnight(after, zone))
        yield month, month.overlap(span)
        first = after
