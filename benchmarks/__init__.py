"""Repeatable measurements; never a condition of a test."""
