"""The queue on huey: SQLite by default, Redis or PostgreSQL by setting; messages are signed."""

import logging
from collections.abc import Callable
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.serializer import SignedSerializer

from dealdesk.kernel.settings import Settings, SettingsError

NAME = "dealdesk"
FILE = "queue.db"
_log = logging.getLogger(__name__)


def open_huey(settings: Settings) -> Huey:
    """Return huey on what the settings name. Raise SettingsError where a package is missing."""
    # Messages are pickles: whoever could write to the queue without the key could run code.
    common: dict[str, Any] = {
        "results": False,
        "serializer": SignedSerializer(secret=settings.secret_key, salt="dealdesk-queue"),
    }
    url = settings.queue_url
    try:
        if url.startswith("postgresql"):
            return PostgresHuey(NAME, dsn=url, **common)
        if url:
            return RedisHuey(NAME, url=url, **common)
    except ConfigurationError as error:
        raise SettingsError.of(
            "wrong-setting", f"DEALDESK_QUEUE can't be used here: {error}"
        ) from error
    settings.var.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(settings.var / FILE), **common)


class HueyQueue:
    """Carries ids; `run` is what the worker does with one, and nobody else needs it."""

    def __init__(self, huey: Huey, run: Callable[[int], None] | None = None) -> None:
        self.huey = huey

        def run_job(job: int) -> None:
            assert run is not None, "Only the worker runs jobs."
            run(job)

        self._task = huey.task()(run_job)

    def send(self, job: int) -> None:
        """Tell the workers that a job is due. Never raises: the sweep finds what got lost."""
        try:
            self._task(job)
        except Exception:  # noqa: BLE001 - whatever the queue has, the row is there
            _log.warning("The queue doesn't take job %s; the sweep will.", job, exc_info=True)

    def waiting(self) -> int:
        """Return how many ids no worker has taken yet."""
        return int(self.huey.pending_count())
