"""Negotiation: rounds of redlines, their changes, what was decided on each, and notes."""
