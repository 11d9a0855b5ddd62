"""Request Tracker 5: service agreements and business hours for RT_SiteConfig (Perl)."""

from collections.abc import Iterator
from itertools import pairwise

from dealdesk.sla.exporters.clocks import (
    Abilities,
    calendar_of,
    clock_of,
    fits,
    is_paused,
    rest_fidelity,
    rules_fidelity,
    security_fidelity,
    support_calendars,
    times_fidelity,
)
from dealdesk.sla.exporters.export import (
    Export,
    ExportedFile,
    Faithful,
    Fidelity,
    Options,
    System,
)
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import DAYS, Calendar

TARGET = "rt"
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# RT's clocks: Response (first and, after each answer, next), KeepInLoop (updates), Resolve.
_CLOCKS = {"first_response": "Response", "update": "KeepInLoop", "resolution": "Resolve"}


_PAUSED = "stalled"


def export_request_tracker(terms: SlaTerms, options: Options) -> Export:
    """Return the configuration block for RT 5 with its fidelity list."""
    del options
    text = "\n".join(_lines(terms)) + "\n"
    return Export(
        TARGET, (ExportedFile("RT_SiteConfig.d-dealdesk.pm", text),), tuple(_fidelity(terms))
    )


SYSTEM = System(TARGET, "Request Tracker", export_request_tracker)


def quoted(text: str) -> str:
    """Return text as a Perl string in single quotes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def level_name(terms: SlaTerms, severity: str) -> str:
    """Return the name of a service level in RT: agreement and severity."""
    return f"{terms.id}/{severity}"


def hours_name(terms: SlaTerms, calendar: str) -> str:
    """Return the name of a set of business hours in RT."""
    return f"{terms.id} {calendar}"


def _lines(terms: SlaTerms) -> Iterator[str]:
    yield f"# SLA terms {terms.id}, revision {terms.revision}, text SHA-256 {terms.text_sha256}"
    yield f"# Customer: {' '.join(terms.customer.split())}"
    yield "Set(%ServiceBusinessHours, ("
    for calendar in support_calendars(terms):
        yield from _hours(terms, calendar)
    yield "));"
    yield "Set(%ServiceAgreements, (Levels => {"
    for severity in terms.severities:
        yield from _level(terms, severity.id)
    yield "}));"
    yield "1;"


def _hours(terms: SlaTerms, calendar: Calendar) -> Iterator[str]:
    yield f"  {quoted(hours_name(terms, calendar.id))} => {{"
    for index, day in enumerate(DAYS):
        spans = sorted((i.opens, i.closes) for i in calendar.weekly if day in i.days)
        number = (index + 1) % 7
        name = quoted(_DAY_NAMES[index])
        if not spans:
            yield f"    {number} => {{ Name => {name}, Start => undef, End => undef }},"
            continue
        breaks = ", ".join(
            f"{{ Start => {quoted(a)}, End => {quoted(b)} }}" for (_, a), (b, _) in pairwise(spans)
        )
        pauses = f", Breaks => [ {breaks} ]" if breaks else ""
        yield (
            f"    {number} => {{ Name => {name}, Start => {quoted(spans[0][0])}, "
            f"End => {quoted(spans[-1][1])}{pauses} }},"
        )
    closed = ", ".join(quoted(c.on.isoformat()) for c in calendar.closed)
    yield f"    holidays => [ {closed} ],"
    yield "  },"


def _level(terms: SlaTerms, severity: str) -> Iterator[str]:
    targets = [t for t in terms.targets if t.severity == severity and t.metric in _CLOCKS]
    yield f"  {quoted(level_name(terms, severity))} => {{"
    calendar = level_calendar(terms, severity)
    if calendar is None:
        yield "    StartImmediately => 1,"
    else:
        yield f"    BusinessHours => {quoted(hours_name(terms, calendar.id))},"
        yield f"    Timezone => {quoted(calendar.zone)},"
    for target in targets:
        if fits(target, terms, calendar):
            yield f"    {_CLOCKS[target.metric]} => {{ {_clock(target, terms)} }},"
    yield "  },"


def level_calendar(terms: SlaTerms, severity: str) -> Calendar | None:
    """Return the calendar of a level's business minutes; RT has one for each level."""
    return calendar_of(
        terms, (t for t in terms.targets if t.severity == severity and t.metric in _CLOCKS)
    )


def _clock(target: Target, terms: SlaTerms) -> str:
    clock = clock_of(target, terms)
    unit = "BusinessMinutes" if clock.calendar else "RealMinutes"
    # Without the list of statuses RT does not pause at all, whatever else is set.
    pause = (
        f", IgnoreOnStatuses => [ {quoted(_PAUSED)} ], ExcludeTimeOnIgnoredStatuses => 1"
        if is_paused(terms, target)
        else ""
    )
    return f"{unit} => {clock.minutes}{pause}"


def _fidelity(terms: SlaTerms) -> Iterator[Fidelity]:
    def special(target: Target) -> tuple[Faithful, str] | None:
        if fits(target, terms, level_calendar(terms, target.severity)):
            return None
        reason = "RT has one calendar for each level, and another clock of this level took it."
        return Faithful.NOT_EXPRESSIBLE, reason

    yield from times_fidelity(terms, Abilities("RT", _CLOCKS), special=special)
    yield from rules_fidelity(
        terms,
        response="RT counts any correspondence by someone other than the requestor; the contract "
        "asks for a qualified person who begins to diagnose.",
        boundary="Where business time ends at a closing, RT shows the next opening; no business "
        "time lies between the two.",
        pause=(
            Faithful.APPROXIMATED,
            f"RT pauses while a ticket is {_PAUSED}; staff have to set that status.",
        ),
    )
    yield Fidelity(
        "customer of a ticket",
        Faithful.NOT_EXPRESSIBLE,
        "RT matches no organisations: use a queue for each customer, or set the level by a scrip.",
    )
    yield from security_fidelity(
        terms,
        Faithful.NOT_EXPRESSIBLE,
        "RT's levels don't look at what a ticket is about; set the level by hand or a scrip.",
    )
    yield from rest_fidelity(terms, "RT")
