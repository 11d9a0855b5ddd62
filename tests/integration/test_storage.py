"""Stored files and instants: written once, checked when read; no instant without a zone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import StatementError

from dealdesk.files.models import StoredFileRow
from dealdesk.files.operations import store_file
from dealdesk.files.storage import LocalStorage, StorageError
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import UnavailableError

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_the_same_bytes_are_stored_once(engine: Engine, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "files")
    with sessions(engine, writes=True).begin() as session:
        first = store_file(session, storage, b"text", NOW)
        assert store_file(session, storage, b"text", NOW) == first
        assert session.scalar(select(func.count()).select_from(StoredFileRow)) == 1
    assert storage.get(first) == b"text"


def test_bytes_changed_on_disk_are_not_given_out(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    sha256 = storage.put(b"agreed")
    (tmp_path / sha256[:2] / sha256[2:]).write_bytes(b"forged")
    with pytest.raises(StorageError, match="changed on disk"):
        storage.get(sha256)


def test_bytes_that_are_gone_are_a_fault_of_ours(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="can't be read: No such file"):
        LocalStorage(tmp_path).get("0" * 64)


@pytest.mark.parametrize("left", [b"forged", b""])
def test_what_was_damaged_is_stored_anew(tmp_path: Path, left: bytes) -> None:
    storage = LocalStorage(tmp_path)
    sha256 = storage.put(b"agreed")
    (tmp_path / sha256[:2] / sha256[2:]).write_bytes(left)
    assert storage.put(b"agreed") == sha256
    assert storage.get(sha256) == b"agreed"


def test_an_instant_without_zone_is_refused(engine: Engine) -> None:
    row = StoredFileRow(sha256="a" * 64, size=1, created_at=datetime(2026, 11, 24))  # noqa: DTZ001
    with sessions(engine, writes=True)() as session:
        session.add(row)
        with pytest.raises(StatementError, match="no time zone"):
            session.flush()
