"""What the service can do on record: regions, measured figures, staffed hours, and expiry."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.approvals.capability import (
    Capability,
    HoursAsk,
    Measured,
    Promise,
    RegionLimit,
    Staffing,
    capability_faults,
)
from dealdesk.terms.calendars import Calendar, OpenInterval

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
RECORD = Capability(
    expires_on=date(2027, 6, 30),
    regions=(RegionLimit(1, Fraction("99.95")), RegionLimit(2, Fraction("99.99"))),
    measured=(Measured("severity/sev1:minutes", "20 minutes", at_least=Fraction(20)),),
    staffing=(
        Staffing("America/New_York", OpenInterval(WEEKDAYS, "08:00", "20:00")),
        Staffing("Europe/Berlin", OpenInterval(WEEKDAYS, "07:00", "18:00")),
    ),
)


def promise(name: str, value: str) -> dict[str, Promise]:
    """Return one promise by its name."""
    return {name: Promise(name, "The promise", Fraction(value), value)}


def hours(zone: str, opens: str, closes: str) -> tuple[HoursAsk, ...]:
    """Return support hours on weekdays that a contract would promise."""
    calendar = Calendar("support", zone, (OpenInterval(WEEKDAYS, opens, closes),))
    return (HoursAsk("support-hours", calendar),)


@pytest.mark.parametrize(
    ("regions", "target", "told"),
    [(1, "99.95", 0), (1, "99.96", 1), (2, "99.99", 0), (3, "99.995", 1), (0, "99", 1)],
)
def test_a_target_has_to_be_carried_by_the_regions(regions: int, target: str, told: int) -> None:
    faults = list(capability_faults(RECORD, promise("uptime/target", target), (), regions))
    assert len(faults) == told


@given(st.integers(1, 200))
def test_a_figure_is_told_exactly_where_it_is_stricter_than_measured(minutes: int) -> None:
    faults = list(capability_faults(RECORD, promise("severity/sev1:minutes", str(minutes)), (), 1))
    assert bool(faults) == (minutes < 20)


@pytest.mark.parametrize(
    ("zone", "opens", "closes", "staffed"),
    [
        ("America/New_York", "09:00", "18:00", True),
        ("America/New_York", "08:00", "20:00", True),
        ("America/New_York", "07:00", "18:00", True),  # Berlin is at work before New York is
        ("America/New_York", "09:00", "21:00", False),
        ("Europe/Berlin", "07:00", "24:00", True),  # New York takes over in the evening
        ("Asia/Tokyo", "09:00", "18:00", False),
    ],
)
def test_hours_are_staffed_when_the_desks_together_cover_them(
    zone: str, opens: str, closes: str, *, staffed: bool
) -> None:
    faults = list(capability_faults(RECORD, {}, hours(zone, opens, closes), 1))
    assert (faults == []) == staffed
    assert all(fault.subject == "support-hours/hours" for fault in faults)


def test_a_record_that_has_ended_shows_nothing() -> None:
    promises = promise("uptime/target", "99.9") | promise("severity/sev1:minutes", "60")
    now = list(capability_faults(RECORD, promises, (), 1, date(2027, 6, 30)))
    late = list(capability_faults(RECORD, promises, (), 1, date(2027, 7, 1)))
    assert (len(now), len(late)) == (0, 2)
    assert "ended on 2027-06-30" in late[0].message
