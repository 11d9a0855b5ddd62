"""How often a job is tried, and how long it waits in between."""

from datetime import timedelta

LEASE = timedelta(minutes=5)
WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
MOST_TRIES = len(WAITS) + 1


def wait_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries; None where it is given up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None
