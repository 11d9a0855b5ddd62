"""Audit: append-only, hash-chained events, written inside the caller's transaction."""
