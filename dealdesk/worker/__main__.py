"""`python -m dealdesk.worker [--parent PID]`: what `dealdesk worker` and `serve` start."""

import argparse
import logging
import sys

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.settings import read_settings
from dealdesk.worker.process import make_machine, work
from dealdesk.worker.registry import HANDLERS, TIMERS


def main() -> int:
    """Work until stopped; exit status 2 where settings, database or library can't be used."""
    parser = argparse.ArgumentParser(prog="dealdesk worker")
    parser.add_argument("--parent", type=int, help="Stop when this process is gone.")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="worker: %(message)s")
    try:
        machine = make_machine(read_settings())
        work(machine, HANDLERS, TIMERS, parent=given.parent)
    except DomainError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one sentence of a start that failed
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
