"""Clause texts that versions were made from."""

import sqlalchemy as sa
from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("clause_version", "version_clause")


def upgrade() -> None:
    op.create_table(
        "clause_version",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("clause_id", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_clause_version")),
    )
    op.create_index(op.f("ix_clause_version_clause_id"), "clause_version", ["clause_id"])
    op.create_table(
        "version_clause",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("clause_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_sha256"],
            ["clause_version.sha256"],
            name=op.f("fk_version_clause_clause_sha256_clause_version"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["agreement_version.id"],
            name=op.f("fk_version_clause_version_id_agreement_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "clause_sha256", name=op.f("pk_version_clause")),
    )
    dialect = op.get_bind().dialect.name
    for table in TABLES:
        for statement in make_immutable(table, dialect):
            op.execute(statement)
