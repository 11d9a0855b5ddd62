"""`dealdesk sla due`: until when promises hold."""

from datetime import datetime
from pathlib import Path

import click

from dealdesk.availability.responses import raised
from dealdesk.cli.edge import as_json, columns, emit, existing_file, fail
from dealdesk.cli.sla_inputs import read_instant, read_pause, terms_from
from dealdesk.kernel.hashing import Json
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import Calendar, outside_frozen
from dealdesk.terms.clock import Elapsed, Pause, due, elapsed


@click.command("due")
@click.argument("terms_file", type=existing_file)
@click.option("--severity", required=True, help="Such as sev2.")
@click.option("--at", "at_text", required=True, help="When it was reported, with its zone.")
@click.option("--security", is_flag=True, help="A security report, which the terms may raise.")
@click.option("--pause", "pause_texts", multiple=True, help="Two instants: START/END.")
@click.option("--now", "now_text", help="Also say how much of the time has run by an instant.")
@as_json
def due_command(
    *,
    terms_file: Path,
    severity: str,
    at_text: str,
    security: bool,
    pause_texts: tuple[str, ...],
    now_text: str | None,
    as_json: bool,
) -> None:
    """Say until when each promise for a severity has to be kept."""
    terms = terms_from(terms_file)
    at = read_instant(at_text)
    pauses = [read_pause(text) for text in pause_texts]
    known = [one.id for one in terms.severities]
    if severity not in known:
        fail(f"The terms promise nothing for “{severity}”. Use one of {', '.join(known)}.")
    level = raised(terms, severity, "security_vulnerability" if security else "")
    targets = [target for target in terms.targets if target.severity == level]
    if not targets:
        fail(f"The terms promise nothing for “{level}”.")
    times = {target.metric: _due(terms, target, at, pauses) for target in targets}
    calendars = {target.calendar: terms.calendars[target.calendar] for target in targets}
    until = max(times.values())
    notes = [
        note for one in calendars.values() for note in outside_frozen(one, at.year, until.year)
    ]
    if not terms.effective_from <= at.date() <= terms.effective_until:
        notes.insert(0, _outside(terms, at))
    if level != severity:
        notes.insert(0, f"A security report is raised from {severity} to {level}.")
    answer: dict[str, Json] = {
        "schema_version": "sla-due/1",
        "severity": level,
        "at": at.isoformat(),
        "due": {metric: time.isoformat() for metric, time in times.items()},
        "notes": list(notes),
    }
    rows = [[m.replace("_", " "), f"{t:%Y-%m-%d %H:%M:%S} UTC"] for m, t in times.items()]
    head = ["Promise", "Due"]
    if now_text:
        now = read_instant(now_text)
        run = {t.metric: _elapsed(terms, t, at, now, pauses) for t in targets}
        answer["elapsed_seconds"] = dict(run)
        rows = [
            [*row, f"{run[m]:,} s", "in time" if now <= times[m] else "over"]
            for row, m in zip(rows, times, strict=True)
        ]
        head += ["Run", f"At {now:%Y-%m-%d %H:%M %Z}"]
    emit(answer, "\n".join([columns(head, rows), *notes]), json_wanted=as_json)


def _outside(terms: SlaTerms, at: datetime) -> str:
    return (
        f"{at.date()} is outside the term, which runs from {terms.effective_from} to"
        f" {terms.effective_until}: nothing is promised for that day."
    )


def _due(terms: SlaTerms, target: Target, at: datetime, pauses: list[Pause]) -> datetime:
    stopped = pauses if target.metric in terms.pauses_stop else []
    return due(at, target.amount, terms.calendars[target.calendar], stopped)


def _elapsed(
    terms: SlaTerms, target: Target, at: datetime, now: datetime, pauses: list[Pause]
) -> int:
    stopped = pauses if target.metric in terms.pauses_stop else []
    runs_always = isinstance(target.amount, Elapsed)
    calendar = Calendar.always() if runs_always else terms.calendars[target.calendar]
    return elapsed(at, now, calendar, stopped)
