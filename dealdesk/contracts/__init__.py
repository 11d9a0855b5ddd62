"""The contract of record: what both sides agreed to, sealed."""
