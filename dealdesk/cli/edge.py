"""The edge that every command shares: errors as sentences, exit status, JSON or a table."""

import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, Protocol, TypeVar

import click
import yaml

from dealdesk.kernel.errors import DomainError, RefusedError
from dealdesk.kernel.hashing import Json

NO = 1
WRONG = 2

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")

as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


class Unit(Protocol):
    """What a session can do here; naming only that keeps SQLAlchemy out of quick commands."""

    def commit(self) -> None:
        """Keep what was done."""

    def close(self) -> None:
        """Let go of the connection, and of what was not committed."""


_Unit = TypeVar("_Unit", bound=Unit)


@contextmanager
def committed(session: _Unit) -> Iterator[_Unit]:
    """Give a command its session and commit once at the end, unless something went wrong."""
    try:
        yield session
        session.commit()
    finally:
        session.close()


def say(text: str) -> None:
    """Print a message for people; standard output is kept for the answer."""
    click.echo(text, err=True)


def fail(text: str, status: int = WRONG) -> NoReturn:
    """Print why and end with a status: 1 the answer is no, 2 the input or the call is wrong."""
    say(text)
    sys.exit(status)


def emit(answer: Mapping[str, Json], table: str, *, json_wanted: bool) -> None:
    """Print an answer: as JSON on request, else the table for people."""
    if json_wanted:
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False, sort_keys=False))
    elif table:
        click.echo(table)


def columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text in columns under their heads, figures as they are."""
    widths = [max(len(str(row[i])) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def told(command: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
    """Wrap a command: what is wrong becomes one line per problem and an exit status."""

    @functools.wraps(command)
    def wrapped(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
        try:
            return command(*args, **kwargs)
        except RefusedError as error:
            fail(str(error), NO)
        except DomainError as error:
            fail(str(error))
        except UnicodeDecodeError as error:
            fail(
                f"The file is not UTF-8 text (byte {error.start}). Check that it is the right one."
            )
        except OSError as error:
            name = error.filename or "a file"
            fail(f"{name}: {error.strerror or error}.")
        except yaml.YAMLError as error:
            fail(f"This is not YAML: {error}.")

    return wrapped


class Commands(click.Group):
    """A group whose commands all go through the same edge."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command with its callback wrapped."""
        if cmd.callback is not None and not isinstance(cmd, click.Group):
            cmd.callback = told(cmd.callback)
        super().add_command(cmd, name)

    def group(self, *args: Any, **kwargs: Any) -> Any:
        """Make sub-groups of the same class."""
        kwargs.setdefault("cls", Commands)
        return super().group(*args, **kwargs)


existing_file = click.Path(path_type=Path, dir_okay=False)
existing_dir = click.Path(path_type=Path, file_okay=False)
