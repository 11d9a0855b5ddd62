"""`dealdesk docx …`: Word files read, their changes listed, settled and written."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from dealdesk.cli.edge import Commands, as_json, columns, emit, existing_file
from dealdesk.documents.docx.answers import changes_answer
from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.compare import redline_docx
from dealdesk.documents.docx.engines import ENGINES
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.limited import in_worker
from dealdesk.documents.docx.reader import View, docx_text
from dealdesk.documents.docx.reading import Reading, read_docx
from dealdesk.documents.docx.redline import write_redline
from dealdesk.documents.docx.redline_order import read_order
from dealdesk.documents.docx.settle import settle, settle_all
from dealdesk.kernel.errors import DomainError, Place, Problem

_WORDS = 40
_Result = TypeVar("_Result")


@click.group("docx", cls=Commands)
def docx_commands() -> None:
    """Read Word files and their tracked changes, settle and write changes."""


@docx_commands.command("text")
@click.argument("file", type=existing_file)
@click.option("--view", type=click.Choice([str(v) for v in View]), default="final")
@as_json
def text_command(file: Path, view: str, *, as_json: bool) -> None:
    """Print the text of FILE before (base) or after (final) all tracked changes, or with markup."""
    data = file.read_bytes()
    text = _about(file, lambda: docx_text(open_docx(data), View(view)))
    answer = {"schema_version": "docx-text/1", "view": view, "text": text}
    emit(answer, text.rstrip("\n"), json_wanted=as_json)


@docx_commands.command("changes")
@click.argument("file", type=existing_file)
@click.option("--sent", type=existing_file, help="The file as we sent it: shows untracked edits.")
@as_json
def changes_command(file: Path, sent: Path | None, *, as_json: bool) -> None:
    """List each tracked change and comment of FILE, and with --sent every untracked difference."""
    data = file.read_bytes()
    original = sent.read_bytes() if sent else None
    reading = _about(file, lambda: read_docx(data, original), sent)
    emit(changes_answer(reading), _changes_table(reading), json_wanted=as_json)


@docx_commands.command("accept")
@click.argument("file", type=existing_file)
@click.option("-o", "--out", type=existing_file, required=True)
@click.option("--change", "ids", multiple=True, help="A change's id; all changes without it.")
def accept_command(file: Path, out: Path, ids: tuple[str, ...]) -> None:
    """Write FILE with its changes accepted to OUT."""
    data = file.read_bytes()
    out.write_bytes(
        _about(file, lambda: settle(data, ids, ()) if ids else settle_all(data, accept=True))
    )


@docx_commands.command("reject")
@click.argument("file", type=existing_file)
@click.option("-o", "--out", type=existing_file, required=True)
@click.option("--change", "ids", multiple=True, help="A change's id; all changes without it.")
def reject_command(file: Path, out: Path, ids: tuple[str, ...]) -> None:
    """Write FILE with its changes rejected to OUT."""
    data = file.read_bytes()
    out.write_bytes(
        _about(file, lambda: settle(data, (), ids) if ids else settle_all(data, accept=False))
    )


@docx_commands.command("compare")
@click.argument("old", type=existing_file)
@click.argument("new", type=existing_file)
@click.option("-o", "--out", type=existing_file, required=True)
@click.option("--author", required=True, help="Whose changes they are.")
@click.option("--at", type=click.DateTime(), help="The changes' date; now without it.")
@click.option("--keep-marks", is_flag=True, help="Leave OLD's own tracked changes as they are.")
@click.option("--engine", type=click.Choice(sorted(ENGINES)), default="own", show_default=True)
def compare_command(
    old: Path,
    new: Path,
    out: Path,
    *,
    author: str,
    at: datetime | None,
    keep_marks: bool,
    engine: str,
) -> None:
    """Write OLD to OUT with tracked changes that turn it into NEW.

    It is proved before it is written: accepting all gives NEW's text, rejecting all OLD's.
    """
    before, after, moment = old.read_bytes(), new.read_bytes(), _instant(at)
    if keep_marks and engine != "own":
        raise click.UsageError("--keep-marks needs our own engine; leave --engine out.")
    if keep_marks:
        data = _about(old, lambda: redline_docx(before, after, author, moment), new)
    else:
        data = _named(old, lambda: ENGINES[engine].compare(before, after, author, moment), new)
    out.write_bytes(data)


@docx_commands.command("redline")
@click.argument("file", type=existing_file)
@click.option("--changes", type=existing_file, required=True, help="JSON: docx-redline/1.")
@click.option("-o", "--out", type=existing_file, required=True)
def redline_command(file: Path, changes: Path, out: Path) -> None:
    """Add our changes and comments to FILE beside the marks that it already carries."""
    order = read_order(changes.read_text(encoding="utf-8"), changes.name)
    data = file.read_bytes()
    out.write_bytes(
        _about(
            file,
            lambda: write_redline(
                data, order.replacements, order.comments, order.author, _instant(order.at)
            ),
        )
    )


def _instant(at: datetime | None) -> datetime:
    """Return a moment in UTC; now where none is given."""
    if at is None:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _about(file: Path, work: Callable[[], _Result], other: Path | None = None) -> _Result:
    """Do the work in a worker with limits; its errors name the file that they are about."""
    return _named(file, lambda: in_worker(work), other)


def _named(file: Path, work: Callable[[], _Result], other: Path | None = None) -> _Result:
    """Do the work; its errors name the file, or the other where that can't be read."""
    try:
        return work()
    except DomainError as error:
        at_fault = other if other is not None and _is_unreadable(other) else file
        place = Place(file=str(at_fault))
        raise DomainError(
            Problem(p.code, p.message, place, p.remedy) for p in error.problems
        ) from None


def _is_unreadable(file: Path) -> bool:
    data = file.read_bytes()
    try:
        in_worker(lambda: open_docx(data).links)
    except DomainError:
        return True
    return False


def _changes_table(reading: Reading) -> str:
    blocks = []
    if reading.untracked:
        head = "Untracked differences from the file that was sent:"
        rows = [(d.kind, d.where, _short(d.old), _short(d.new)) for d in reading.untracked]
        blocks.append(f"{head}\n{columns(('Kind', 'Where', 'Sent', 'Came back'), rows)}")
    if reading.changes:
        rows5 = [_row(change) for change in reading.changes]
        head5 = ("Id", "Kind", "Author", "Date", "Where", "Old", "New")
        blocks.append(columns(head5, rows5))
    if reading.comments:
        rows3 = [(c.author, _short(c.quoted), _short(c.text)) for c in reading.comments]
        blocks.append(f"Comments:\n{columns(('Author', 'On', 'Comment'), rows3)}")
    blocks += [f"Link out: {link.target}" for link in reading.links]
    return "\n\n".join(blocks) or "The file carries no tracked change."


def _row(change: Change) -> tuple[str, ...]:
    where = change.place.block_id or change.place.near or change.place.heading or change.part
    date = f"{change.at.day} {change.at:%b %Y}" if change.at else "unknown"
    author = change.author or "unknown"
    return (change.id, change.kind, author, date, where, _short(change.old), _short(change.new))


def _short(text: str) -> str:
    line = text.replace("\n", "¶")
    return line if len(line) <= _WORDS else f"{line[: _WORDS - 1]}…"
