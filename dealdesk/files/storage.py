"""Bytes on local disk, named by their SHA-256; written once, checked when read."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dealdesk.kernel.errors import DomainError, NotFoundError
from dealdesk.kernel.hashing import sha256_bytes


class StorageError(DomainError):
    """Stored bytes that are no longer what was stored."""


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """A folder of artefacts."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Store bytes, whole or not at all, and return their SHA-256."""
        sha256 = sha256_bytes(data)
        path = self._path(sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of a hash.

        Raise NotFoundError where there are none, StorageError where they were changed on disk.
        """
        path = self._path(sha256)
        if not path.is_file():
            raise NotFoundError.of("no-such-file", f"No file {sha256[:12]}… is stored here.")
        data = path.read_bytes()
        if sha256_bytes(data) != sha256:
            raise StorageError.of(
                "file-changed",
                f"The stored file {sha256[:12]}… was changed on disk.",
                remedy="Restore it from a backup, or build it again.",
            )
        return data

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:]
