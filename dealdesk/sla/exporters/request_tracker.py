"""Request Tracker 5: service agreements and business hours for RT_SiteConfig (Perl)."""

from collections.abc import Iterator
from itertools import pairwise

from dealdesk.sla.exporters.export import Export, ExportedFile, Faithful, Fidelity
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import DAYS, Calendar
from dealdesk.terms.clock import BusinessDayRule, BusinessDays, BusinessTime, Elapsed
from dealdesk.terms.opening import open_length, opening_of

TARGET = "rt"
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# RT's clocks: Response (first and, after each answer, next), KeepInLoop (updates), Resolve.
_CLOCKS = {"first_response": "Response", "update": "KeepInLoop", "resolution": "Resolve"}


def export_request_tracker(terms: SlaTerms) -> Export:
    """Return the configuration block for RT 5 with its fidelity list."""
    text = "\n".join(_lines(terms)) + "\n"
    return Export(
        TARGET, (ExportedFile("RT_SiteConfig.d-dealdesk.pm", text),), tuple(_fidelity(terms))
    )


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
    for calendar in terms.calendars.values():
        if not calendar.always_open:
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
    calendars = {t.calendar: terms.calendars[t.calendar] for t in targets}
    for name, calendar in calendars.items():
        if not calendar.always_open:
            yield f"    BusinessHours => {quoted(hours_name(terms, name))},"
            yield f"    Timezone => {quoted(calendar.zone)},"
    if all(calendar.always_open for calendar in calendars.values()):
        yield "    StartImmediately => 1,"
    for target in targets:
        yield f"    {_CLOCKS[target.metric]} => {{ {_minutes(target, terms)} }},"
    if terms.pause_when:
        yield "    ExcludeTimeOnIgnoredStatuses => 1,"
    yield "  },"


def _minutes(target: Target, terms: SlaTerms) -> str:
    calendar = terms.calendars[target.calendar]
    match target.amount:
        case Elapsed(seconds=seconds):
            return f"RealMinutes => {seconds // 60}"
        case BusinessTime(seconds=seconds):
            return f"BusinessMinutes => {seconds // 60}"
        case BusinessDays(days=days):
            length = 86_400 if calendar.always_open else open_length(opening_of(calendar))
            return f"BusinessMinutes => {days * length // 60}"


def _fidelity(terms: SlaTerms) -> Iterator[Fidelity]:
    for target in terms.targets:
        promise = f"{target.severity} {target.metric.replace('_', ' ')}"
        kept, reason = _target_fidelity(target)
        yield Fidelity(promise, kept, reason)
    yield Fidelity(
        "what counts as a response",
        Faithful.APPROXIMATED,
        "RT counts any correspondence by someone other than the requestor; the contract asks for a "
        "qualified person who begins to diagnose.",
    )
    yield Fidelity(
        "boundary of business time",
        Faithful.APPROXIMATED,
        "Where business time ends at a closing, RT shows the next opening; no business time lies "
        "between the two.",
    )
    yield Fidelity(
        "customer of a ticket",
        Faithful.NOT_EXPRESSIBLE,
        "RT matches no organisations: use a queue for each customer, or set the level by a scrip.",
    )
    if any("security_vulnerability" in severity.includes for severity in terms.severities):
        yield Fidelity(
            "security reports raised to the first severity",
            Faithful.NOT_EXPRESSIBLE,
            "RT's levels don't look at what a ticket is about; set the level by hand or a scrip.",
        )
    if terms.availability:
        yield Fidelity(
            "availability", Faithful.NOT_EXPRESSIBLE, "RT tracks tickets, not availability."
        )


def _target_fidelity(target: Target) -> tuple[Faithful, str]:
    if target.metric not in _CLOCKS:
        return Faithful.NOT_EXPRESSIBLE, "RT has no clock for it."
    match target.amount:
        case BusinessDays(rule=BusinessDayRule.OPEN_LENGTH):
            return Faithful.EXACT, "Business days are business time of one day's open length."
        case BusinessDays():
            return (
                Faithful.APPROXIMATED,
                "RT counts business minutes; the contract counts days and ends by its own rule.",
            )
        case amount if amount.seconds % 60:
            return Faithful.APPROXIMATED, "RT counts whole minutes."
        case _:
            return Faithful.EXACT, "Minutes on the same calendar."
