"""Bytes on local disk, named by their SHA-256; written once, checked when read."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dealdesk.kernel.errors import UnavailableError
from dealdesk.kernel.hashing import sha256_bytes


class StorageError(UnavailableError):
    """Stored bytes that are gone, can't be read, or are no longer what was stored."""


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """A folder of artefacts."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Store bytes, whole or not at all, and return their SHA-256.

        What stands in their place and is not the same, as after damage to the disk, is replaced.
        """
        sha256 = sha256_bytes(data)
        path = self._path(sha256)
        if path.is_file() and sha256_bytes(path.read_bytes()) == sha256:
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

        Raise StorageError where they are gone, can't be read, or were changed on disk: whoever asks
        for a hash has it from a record of what was stored.
        """
        try:
            data = self._path(sha256).read_bytes()
        except OSError as error:
            raise StorageError.of(
                "file-lost",
                f"The stored file {sha256[:12]}… can't be read: {error.strerror}.",
                remedy="Restore it from a backup, or build it again.",
            ) from error
        if sha256_bytes(data) != sha256:
            raise StorageError.of(
                "file-changed",
                f"The stored file {sha256[:12]}… was changed on disk.",
                remedy="Restore it from a backup, or build it again.",
            )
        return data

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:]
