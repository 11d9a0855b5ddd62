"""Triggers that refuse to change or delete rows: a correction is a new row (core-model I3)."""

MESSAGE = "Rows of {table} are never changed: a correction is a new row."
FUNCTION = "refuse_change"


def make_immutable(table: str, dialect: str) -> tuple[str, ...]:
    """Return the statements that make a table's rows immutable in that dialect."""
    match dialect:
        case "sqlite":
            return tuple(_sqlite(table, verb) for verb in ("UPDATE", "DELETE"))
        case "postgresql":
            return (_FUNCTION_TEXT, _postgresql(table))
    raise ValueError(f"{dialect} is not a database that we know.")


def make_mutable(table: str, dialect: str) -> tuple[str, ...]:
    """Return the statements that take a table's triggers away, for a migration alone."""
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {_name(table, verb)}" for verb in ("UPDATE", "DELETE"))
    return (f"DROP TRIGGER {_name(table, 'change')} ON {table}",)


def _name(table: str, verb: str) -> str:
    return f"{table}_refuses_{verb.lower()}"


def _sqlite(table: str, verb: str) -> str:
    message = MESSAGE.format(table=table)
    return (
        f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


_FUNCTION_TEXT = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = '{MESSAGE.format(table="' || TG_TABLE_NAME || '")}';
END $$
"""


def _postgresql(table: str) -> str:
    return (
        f"CREATE TRIGGER {_name(table, 'change')} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
    )
