"""Seals over finished files: certificates, signature fields, sealing and verification."""
