"""A real Redis server for tests, on a port of this machine: started, killed, started again."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.smtp import free_port

LONGEST_START = 20.0


@dataclass
class RedisServer:
    """A server that keeps nothing on disk: what it is killed with is lost."""

    folder: Path
    program: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self.program, "--port", str(self.port), "--bind", "127.0.0.1",
                    "--save", "", "--appendonly", "no", "--dir", str(self.folder),
                ],
                stdout=log, stderr=log,
            )  # fmt: skip
        self._wait_until_ready()

    def kill(self) -> None:
        """End the server as a machine that fails would, with all that it held."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _wait_until_ready(self) -> None:
        import redis  # noqa: PLC0415 - the tests run without it too

        ends = time.monotonic() + LONGEST_START
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError:
                    assert time.monotonic() < ends, "Redis doesn't start"
                    time.sleep(0.05)
                else:
                    return


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """Serve until the end of the block; without program or package the test is skipped."""
    program = shutil.which("redis-server") or shutil.which("redis-server", path="/usr/bin")
    if program is None:
        pytest.skip("no Redis: the program redis-server is not installed (Debian: redis-server)")
    pytest.importorskip("redis", reason="no Redis: the Python package redis is not installed")
    server = RedisServer(folder, program)
    server.start()
    try:
        yield server
    finally:
        server.kill()
