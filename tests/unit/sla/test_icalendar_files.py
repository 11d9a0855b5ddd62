"""The calendar files, read back and expanded by others' code, are open when our clock is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

from dealdesk.sla.exporters.export import Faithful
from dealdesk.sla.exporters.registry import export_terms
from dealdesk.sla.exporters.vtimezone import vtimezone
from dealdesk.sla.exporters.zone_changes import zone_changes
from dealdesk.sla.model import SlaTerms, read_terms
from dealdesk.terms.intervals import clipped, joined
from dealdesk.terms.opening import opening_of
from tests.unit.sla.exports import (
    ACME,
    BERLIN,
    CONTRACTS,
    contract,
    contract_data,
    entries,
    exported,
    file_of,
)

DAY = timedelta(days=1)


def read(terms: SlaTerms, name: str) -> Calendar:
    return Calendar.from_ical(file_of(export_terms(terms, "icalendar"), name))


def expanded(hours: object) -> Iterator[tuple[int, int]]:
    """Yield the open intervals of a VAVAILABILITY in epoch seconds, by dateutil's recurrences."""
    for opening in hours.walk("AVAILABLE"):
        start, end = opening["DTSTART"].dt, opening["DTEND"].dt
        if "RRULE" not in opening:
            yield int(start.timestamp()), int(end.timestamp())
            continue
        rules = rruleset()
        rules.rrule(rrulestr(opening["RRULE"].to_ical().decode(), dtstart=start))
        for closed in opening["EXDATE"].dts if "EXDATE" in opening else ():
            rules.exdate(closed.dt)
        for begin in rules:
            yield int(begin.timestamp()), int((begin + (end - start)).timestamp())


@pytest.mark.parametrize("name", CONTRACTS)
def test_support_hours_are_open_when_our_clock_runs(name: str) -> None:
    terms = contract(name)
    for hours in read(terms, "support-hours.ics").walk("VAVAILABILITY"):
        calendar = terms.calendars[str(hours["UID"]).split("@")[0].removeprefix(f"{name}-")]
        if calendar.always_open:
            continue
        # The first and last days of teams in other zones reach over the term's own days.
        first = int(datetime.combine(terms.effective_from + DAY, time(), UTC).timestamp())
        last = int(datetime.combine(terms.effective_until - DAY, time(), UTC).timestamp())
        opening, day, ours = opening_of(calendar), terms.effective_from - DAY, []
        while day <= terms.effective_until + DAY:
            ours += opening.spans(day)
            day += DAY
        there = joined(expanded(hours))
        assert clipped(there, first, last) == clipped(joined(ours), first, last)


def test_day_and_night_is_open_every_day() -> None:
    hours = read(contract(ACME), "support-hours.ics").walk("VAVAILABILITY")[0]
    (opening,) = hours.walk("AVAILABLE")
    assert opening["DURATION"].dt == DAY
    assert opening["RRULE"].to_ical() == b"FREQ=DAILY"


def test_holidays_and_claim_deadlines_are_whole_days() -> None:
    events = read(contract(ACME), "holidays.ics").walk("VEVENT")
    assert [e["DTSTART"].dt for e in events] == [
        c.on for c in contract(ACME).calendars["support"].closed
    ]
    notices = {
        e["DTSTART"].dt: str(e["SUMMARY"])
        for e in read(contract(ACME), "notice-dates.ics").walk("VEVENT")
    }
    assert notices[date(2027, 3, 30)].endswith(
        "last day to claim credits for the period to 2027-02-28"
    )
    assert len(notices) == 14
    assert not [
        d
        for d in read(contract(BERLIN), "notice-dates.ics").walk("VEVENT")
        if "claim" in d["SUMMARY"]
    ]


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Tokyo"]
)
def test_the_zone_in_the_file_tells_the_time_that_the_zone_tells(zone: str) -> None:
    first, last = date(2026, 1, 1), date(2029, 1, 1)
    told = vtimezone(zone, first, last).to_tz()
    for change in zone_changes(zone, first, last):
        for seconds in (-7200, 7200):
            at = change.at + timedelta(seconds=seconds)
            local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            assert (
                local.replace(tzinfo=told).utcoffset()
                == local.replace(tzinfo=ZoneInfo(zone)).utcoffset()
            )


def test_hours_over_a_change_of_clocks_are_said_to_be_an_hour_off() -> None:
    data = contract_data(ACME)
    data["calendars"][1]["weekly"] = [{"days": ["sun"], "open": "00:00", "close": "24:00"}]
    entry = entries(export_terms(read_terms(data), "icalendar"))["hours of support"]
    assert entry.kept is Faithful.APPROXIMATED
    assert "2026-11-01" in entry.reason
    assert entries(exported(ACME, "icalendar"))["hours of support"].kept is Faithful.EXACT


def test_lines_end_as_the_standard_asks() -> None:
    text = file_of(exported(ACME, "icalendar"), "support-hours.ics")
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])
    assert all(len(line.encode()) <= 76 for line in text.split("\n"))
    assert datetime(2026, 11, 1, tzinfo=UTC).strftime("DTSTAMP:%Y%m%dT%H%M%SZ") in text
