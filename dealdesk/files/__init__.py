"""Immutable artefacts by the hash of their content."""
