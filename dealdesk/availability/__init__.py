"""Availability: impact history, and each contract's own report of it."""
