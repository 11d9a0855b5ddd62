"""Canonical JSON and SHA-256: the same content has the same hash on every machine."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

# Floats are left out on purpose: a binary float never decides anything, and prints differently.
Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"


def canonical_json(value: Json) -> str:
    """Return the one JSON text for a value: sorted keys, no spaces, characters as they are."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes."""
    return sha256_bytes(text.encode("utf-8"))


def sha256_json(value: Json) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    return sha256_text(canonical_json(value))
