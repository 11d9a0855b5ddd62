"""Refuse to change or delete what the law cares about: triggers on the immutable tables."""

from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("agreement_version", "decision", "stored_file", "version_file")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in TABLES:
        for statement in make_immutable(table, dialect):
            op.execute(statement)
