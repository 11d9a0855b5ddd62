"""Tokens of sessions and links: random, and kept by their digest alone."""

import secrets

from dealdesk.kernel.hashing import sha256_text

BYTES = 32


def new_token() -> str:
    """Return a token with 256 bits of chance, fit for cookies and addresses."""
    return secrets.token_urlsafe(BYTES)


def token_sha256(token: str) -> str:
    """Return the digest by which a token is kept and found."""
    return sha256_text(token)
