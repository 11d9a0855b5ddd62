"""Pushing SLA terms to support systems over HTTP, and reading back what somebody changed there."""
