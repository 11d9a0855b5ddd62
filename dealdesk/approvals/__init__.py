"""Approvals: which roles have to decide on a deal, why, and which decisions still hold."""
