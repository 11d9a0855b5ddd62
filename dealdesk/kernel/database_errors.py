"""What a database's refusal means: the same thing twice, or a fault of ours."""

import sqlite3

from sqlalchemy.exc import IntegrityError

_SQLITE_TWICE = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
# SQLSTATE 23505, unique_violation.
_POSTGRESQL_TWICE = "23505"


def is_twice(error: IntegrityError) -> bool:
    """Tell whether a row was refused only because one with the same unique values is there.

    Anything else, such as a row that may not be changed, is a fault of the program.
    """
    refusal = error.orig
    if isinstance(refusal, sqlite3.Error):
        return refusal.sqlite_errorname in _SQLITE_TWICE
    return getattr(refusal, "sqlstate", "") == _POSTGRESQL_TWICE
