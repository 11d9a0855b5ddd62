"""Exports of SLA terms to other systems: one module a target, one line in the registry."""
