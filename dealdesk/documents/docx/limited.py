"""Work on untrusted files in a forked process with limits of memory and time."""

import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

from dealdesk.kernel.errors import DomainError, Problem

MEMORY = 768 * 2**20
SECONDS = 30
_Result = TypeVar("_Result")


class LimitError(DomainError):
    """A file took more memory or time than it may."""


def in_worker(
    work: Callable[[], _Result], *, memory: int = MEMORY, seconds: int = SECONDS
) -> _Result:
    """Return what the work returns; it runs in a forked process under limits.

    `memory` counts bytes above what this process has. Raise the DomainError that the work raised,
    or LimitError where it went over a limit or its process died.
    """
    context = multiprocessing.get_context("fork")
    near, far = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, far, memory, seconds), daemon=True)
    process.start()
    far.close()
    try:
        if not near.poll(seconds):
            raise _over("takes longer than we wait")
        try:
            kind, answer = near.recv()
        except EOFError:
            raise _over("could not be read: its reader stopped") from None
    finally:
        process.kill()
        process.join()
        near.close()
    if kind == "problems":
        raise DomainError(answer)
    if kind == "limit":
        raise _over(answer)
    result: _Result = answer
    return result


def _run(work: Callable[[], object], pipe: Connection, memory: int, seconds: int) -> None:
    _limit(memory, seconds)
    try:
        pipe.send(("result", work()))
    except DomainError as error:
        pipe.send(("problems", error.problems))
    except (MemoryError, RecursionError):
        pipe.send(("limit", "takes more memory than it may"))
    except Exception as error:  # noqa: BLE001 - whatever breaks on a hostile file is its fault
        pipe.send(("limit", f"could not be read ({type(error).__name__})"))


def _limit(memory: int, seconds: int) -> None:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a kernel's file
        pages = int(statm.read().split()[0])
    ceiling = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _over(what: str) -> LimitError:
    return LimitError(
        [
            Problem(
                "limit",
                f"The file {what}.",
                remedy="Save it again with Word, without pictures, and send that file.",
            )
        ]
    )
