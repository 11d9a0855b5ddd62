"""Jira Service Management: a set-up sheet, since it has no public request that creates SLAs."""

from collections.abc import Iterator

from dealdesk.sla.exporters.clocks import (
    Abilities,
    Clock,
    clock_of,
    rest_fidelity,
    rules_fidelity,
    security_fidelity,
    security_severity,
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
from dealdesk.sla.exporters.hours_sheet import hours_lines
from dealdesk.sla.exporters.severity_map import PriorityMap, map_severities
from dealdesk.sla.exporters.text_forms import one_line
from dealdesk.sla.model import SlaTerms

TARGET = "jira"
_METRICS = {
    "first_response": "Time to first response",
    "next_response": "Time to next response",
    "resolution": "Time to resolution",
}
_STOPS = {
    "first_response": "start: Issue Created; stop: Comment: For Customers",
    "next_response": "start: Comment: By Customer; stop: Comment: For Customers",
    "resolution": "start: Issue Created; stop: Resolution: Set",
}
_LABEL = "security-vulnerability"


def export_jira(terms: SlaTerms, options: Options) -> Export:
    """Return the set-up sheet with its fidelity list."""
    priorities = map_severities(terms, SYSTEM, options)
    text = "\n".join(_lines(terms, priorities)) + "\n"
    return Export(TARGET, (ExportedFile("setup.md", text),), tuple(_fidelity(terms, priorities)))


SYSTEM = System(
    TARGET,
    "Jira Service Management",
    export_jira,
    ("Highest", "High", "Medium", "Low", "Lowest"),
)


def jql_text(text: str) -> str:
    """Return a text as a JQL string in double quotes."""
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _lines(terms: SlaTerms, priorities: PriorityMap) -> Iterator[str]:
    yield f"# Jira Service Management: {terms.id}, revision {terms.revision}"
    yield ""
    yield f"Customer: {one_line(terms.customer)}. Text SHA-256: {terms.text_sha256}."
    yield "Goals are tried in their order: put these above the project's own."
    for calendar in support_calendars(terms):
        yield from ("", f"## Calendar {terms.id} {calendar.id}", "")
        yield from (f"- {line}" for line in hours_lines(calendar))
    for metric, name in _METRICS.items():
        rows = list(_goals(terms, priorities, metric))
        if rows:
            pause = "; pause on: Status: Waiting for customer" if terms.pause_when else ""
            yield from ("", f"## {name}", "", f"Conditions: {_STOPS[metric]}{pause}.", "")
            yield "| order | issues (JQL) | goal | calendar |"
            yield "|---|---|---|---|"
            yield from (f"| {n} | {row} |" for n, row in enumerate(rows, 1))


def _goals(terms: SlaTerms, priorities: PriorityMap, metric: str) -> Iterator[str]:
    customer = f"organizations = {jql_text(terms.customer)}"
    security = security_severity(terms)
    raised = terms.target(security, metric) if security else None
    if raised is not None:
        yield _row(terms, f"{customer} AND labels = {_LABEL}", clock_of(raised, terms))
    for priority in SYSTEM.priorities:
        target = priorities.target(terms, priority, metric)
        if target is not None:
            clock = clock_of(target, terms)
            yield _row(terms, f"{customer} AND priority = {priority}", clock)


def _row(terms: SlaTerms, query: str, clock: Clock) -> str:
    hours, minutes = divmod(clock.minutes, 60)
    goal = " ".join(part for part in (f"{hours}h" * bool(hours), f"{minutes}m" * bool(minutes)))
    calendar = f"{terms.id} {clock.calendar.id}" if clock.calendar else "24/7 Calendar (Default)"
    shown = query.replace("|", "\\|")
    return f"`{shown}` | {goal.strip()} | {calendar}"


def _fidelity(terms: SlaTerms, priorities: PriorityMap) -> Iterator[Fidelity]:
    yield from times_fidelity(terms, Abilities("Jira Service Management", _METRICS), priorities)
    yield from priorities.fidelity()
    reason = "Jira has no public request that creates SLAs; a person follows the sheet."
    yield Fidelity("set-up", Faithful.APPROXIMATED, reason)
    yield from rules_fidelity(
        terms,
        response="Jira counts the first comment that the customer sees; the contract asks for a "
        "qualified person who begins to diagnose.",
        boundary="Where business time ends at a closing, Jira may show the next opening; no "
        "business time lies between. Jira could not be run to see.",
        pause=(Faithful.APPROXIMATED, "Jira pauses while an issue waits for the customer."),
    )
    yield Fidelity("customer of a ticket", Faithful.EXACT, "By the organisation's name, in JQL.")
    yield from security_fidelity(
        terms, Faithful.EXACT, f"A goal above the others, for issues labelled {_LABEL}."
    )
    yield from rest_fidelity(terms, "Jira Service Management")
