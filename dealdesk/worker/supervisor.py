"""Keep a worker beside the web server: started again when it dies, gone when the server is."""

import argparse
import os
import signal
import subprocess
import sys
from time import monotonic, sleep

LOOK_EVERY = 1.0
STEADY = 30.0
LONGEST_WAIT = 30.0
LONGEST_STOP = 30.0
CANNOT_START = 2


def supervise(parent: int) -> int:
    """Keep a worker running as long as the parent does; return the status to end with."""
    # Ctrl+C reaches the whole group; the worker is stopped from here, once the server is gone.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wait = LOOK_EVERY
    while os.getppid() == parent:
        started = monotonic()
        status = _watch(_start(), parent)
        if status in {0, CANNOT_START}:
            return status
        # One that dies at once is not started again and again without a pause.
        wait = LOOK_EVERY if monotonic() - started > STEADY else min(2 * wait, LONGEST_WAIT)
        sleep(wait)
    return 0


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dealdesk.worker", "--parent", str(os.getpid())]
    return subprocess.Popen(command)  # noqa: S603 - our own interpreter, no shell


def _watch(worker: subprocess.Popen[bytes], parent: int) -> int:
    """Return the worker's status when it ends; stop it when the parent is gone."""
    while True:
        try:
            return worker.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            if os.getppid() != parent:
                worker.terminate()
                worker.wait(LONGEST_STOP)
                return 0


def main() -> int:
    """Supervise a worker for the process named."""
    parser = argparse.ArgumentParser(prog="dealdesk worker supervisor")
    parser.add_argument("--parent", type=int, required=True)
    return supervise(parser.parse_args().parent)


if __name__ == "__main__":
    sys.exit(main())
