"""What Frappe Helpdesk and ERPNext share: documents with one interval a weekday, times in seconds.

An agreement has one set of working hours, so that times by day and night and times by business
hours become documents of their own, told apart by the priorities that they are for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.clocks import calendar_of, clock_of
from dealdesk.sla.exporters.export import Faithful, Fidelity
from dealdesk.sla.exporters.severity_map import PriorityMap
from dealdesk.sla.exporters.text_forms import one_line
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import DAYS, Calendar

METRICS = {"first_response": "response_time", "resolution": "resolution_time"}
YEAR = 31_536_000
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Part:
    """The priorities of an agreement whose clocks have the same working hours, with their times."""

    calendar: Calendar | None
    times: dict[str, dict[str, int]]

    @property
    def label(self) -> str:
        """Return the part's short name."""
        return self.calendar.id if self.calendar else "24x7"


def parts(terms: SlaTerms, priorities: PriorityMap) -> list[Part]:
    """Return the parts of an agreement, those of the most urgent priority first."""
    found: dict[Calendar | None, Part] = {}
    for priority in priorities.priorities:
        targets = _targets(terms, priorities, priority)
        calendar = part_calendar(terms, targets)
        times = {
            METRICS[t.metric]: clock_of(t, terms).seconds
            for t in targets
            if clock_of(t, terms).calendar == calendar
        }
        if times:
            part = found.setdefault(calendar, Part(calendar, {}))
            part.times[priority] = times
    return list(found.values())


def _targets(terms: SlaTerms, priorities: PriorityMap, priority: str) -> list[Target]:
    found = (priorities.target(terms, priority, metric) for metric in METRICS)
    return [target for target in found if target is not None]


def part_calendar(terms: SlaTerms, targets: list[Target]) -> Calendar | None:
    """Return the calendar that a priority's first time counts on."""
    return calendar_of(terms, targets[:1])


def priority_rows(part: Part) -> list[Json]:
    """Return the rows of the table of priorities; a year stands where nothing is promised."""
    return [
        {
            "priority": priority,
            "default_priority": int(index == 0),
            "response_time": times.get("response_time", YEAR),
            "resolution_time": times.get("resolution_time", YEAR),
        }
        for index, (priority, times) in enumerate(part.times.items())
    ]


def working_hours(calendar: Calendar | None) -> list[Json]:
    """Return one interval for each open weekday, from the first opening to the last closing."""
    if calendar is None:
        return [_day(name, "00:00", "24:00") for name in _NAMES]
    rows: list[Json] = []
    for day, name in zip(DAYS, _NAMES, strict=True):
        spans = sorted((i.opens, i.closes) for i in calendar.weekly if day in i.days)
        if spans:
            rows.append(_day(name, spans[0][0], spans[-1][1]))
    return rows


def _day(name: str, opens: str, closes: str) -> Json:
    end = "23:59:59" if closes == "24:00" else f"{closes}:00"
    return {"workday": name, "start_time": f"{opens}:00", "end_time": end}


def holiday_rows(calendar: Calendar | None) -> list[Json]:
    """Return the closed dates as rows of a holiday list."""
    closed = sorted(calendar.closed, key=lambda c: c.on) if calendar else []
    return [
        {"holiday_date": c.on.isoformat(), "description": c.name or "Closed", "weekly_off": 0}
        for c in closed
    ]


def hours_fidelity(found: list[Part]) -> Iterator[Fidelity]:
    """Yield what one interval a weekday in the site's own time makes of the calendars."""
    for part in found:
        if part.calendar is None:
            reason = "A day ends at 23:59:59: what runs over midnight comes out a second late."
            yield Fidelity("hours by day and night", Faithful.APPROXIMATED, reason)
            continue
        spans = [(day, i.opens) for i in part.calendar.weekly for day in i.days]
        has_breaks = len(spans) > len({day for day, _ in spans})
        breaks = "breaks count as open, so that times end sooner; " if has_breaks else ""
        reason = (
            f"One interval a weekday: {breaks}the hours are in the site's own zone, which has to "
            f"be {part.calendar.zone}."
        )
        yield Fidelity(f"hours of {part.label}", Faithful.APPROXIMATED, reason)
    if any(len(times) < len(METRICS) for part in found for times in part.times.values()):
        reason = "Both times of each priority are asked for; a year stands where none is."
        yield Fidelity("times that are not promised", Faithful.APPROXIMATED, reason)


def setup_lines(terms: SlaTerms, title: str, found: list[Part]) -> Iterator[str]:
    """Yield the set-up sheet: what has to be there before the documents are imported."""
    yield f"{title} set-up for {terms.id}, revision {terms.revision}, {one_line(terms.customer)}"
    yield ""
    zones = sorted({part.calendar.zone for part in found if part.calendar})
    if zones:
        yield f"- The site's time zone has to be {' and also '.join(zones)}."
    names = dict.fromkeys(priority for part in found for priority in part.times)
    yield f"- The priorities {', '.join(names)} exist, and the customer by exactly that name."
    yield "- POST each holiday list, then each agreement, to /api/resource/ and its doctype."


def special_of(terms: SlaTerms, priorities: PriorityMap, target: Target) -> str | None:
    """Return why a time has no place in the part of its priority, or None."""
    own = _targets(terms, priorities, priorities.chosen[target.severity])
    if clock_of(target, terms).calendar == part_calendar(terms, own):
        return None
    return "A priority has one set of working hours, and another clock of it took them."
