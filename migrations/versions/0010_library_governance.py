"""Publications and drafts of clauses, and the state in which files and database last agreed."""

import sqlalchemy as sa
from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clause_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.String(length=120), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("publisher_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        _of_clause("clause_publication", "sha256"),
        _of_user("clause_publication", "author_id"),
        _of_user("clause_publication", "publisher_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_publication")),
    )
    op.create_index(
        op.f("ix_clause_publication_clause_id"), "clause_publication", ["clause_id"]
    )
    op.create_table(
        "clause_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.String(length=120), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'published', 'discarded')",
            name=op.f("ck_clause_draft_state"),
        ),
        _of_clause("clause_draft", "base_sha256"),
        _of_user("clause_draft", "author_id"),
        _of_user("clause_draft", "closed_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_draft")),
    )
    op.create_index(op.f("ix_clause_draft_clause_id"), "clause_draft", ["clause_id"])
    op.create_table(
        "clause_file_state",
        sa.Column("clause_id", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clause_id", name=op.f("pk_clause_file_state")),
    )
    for statement in make_immutable("clause_publication", op.get_bind().dialect.name):
        op.execute(statement)


def _of_clause(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_clause_version")
    return sa.ForeignKeyConstraint([column], ["clause_version.sha256"], name=name)


def _of_user(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_desk_user")
    return sa.ForeignKeyConstraint([column], ["desk_user.id"], name=name)
