"""Real processes for tests: started, watched, killed as a machine that fails would."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from dealdesk.kernel.settings import PROJECT, Settings

LONGEST = 120.0


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the environment of a process on that database and folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    url = settings.database_url.replace("postgresql+psycopg", "postgresql")
    return kept | {
        "PYTHONPATH": str(PROJECT),
        "DATABASE_URL": url,
        "DEALDESK_VAR": str(settings.var),
        "DEALDESK_SECRET_KEY": settings.secret_key,
        **more,
    }


@contextmanager
def running(
    command: list[str], env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of our modules; it and what it started are gone at the end of the block."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=dict(env), stdout=out, stderr=out,
            cwd=PROJECT, start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group at once, as kill -9 does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(is_so: Callable[[], bool], what: str, longest: float = LONGEST) -> None:
    """Wait until something is so, and fail naming it where it never is."""
    ends = time.monotonic() + longest
    while not is_so():
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.02)
