"""`python -m dealdesk.worker [--parent PID]`: what `dealdesk worker` and `serve` start."""

import argparse
import logging
import sys

from dealdesk.kernel.errors import DomainError, UnavailableError
from dealdesk.kernel.memory import settle
from dealdesk.kernel.settings import read_settings
from dealdesk.worker.process import make_machine, work
from dealdesk.worker.registry import HANDLERS, TIMERS


def main() -> int:
    """Work until stopped.

    Exit status 2 where settings, schema or library can't be used, 1 where the database is away.
    """
    parser = argparse.ArgumentParser(prog="dealdesk worker")
    parser.add_argument("--parent", type=int, help="Stop when this process is gone.")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="worker: %(message)s")
    try:
        machine = make_machine(read_settings())
        settle()
        work(machine, HANDLERS, TIMERS, parent=given.parent)
    except UnavailableError as error:
        # It may be there in a moment: whoever watches over this process starts it again.
        print(error, file=sys.stderr)  # noqa: T201 - the same
        return 1
    except DomainError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one sentence of a start that failed
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
