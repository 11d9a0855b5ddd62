"""What keeps the bytes: local disk today; another store only has to do the same."""

from typing import Protocol


class Storage(Protocol):
    """Bytes by their SHA-256, written once and never changed."""

    def put(self, data: bytes) -> str:
        """Store bytes, whole or not at all, and return their SHA-256."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes of a hash.

        Raise StorageError where they are gone, or not the same any more.
        """
        ...
