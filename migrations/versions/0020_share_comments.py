"""Questions and comments behind a link, and which version its person read last."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("share_link") as table:
        for column in ("read_version_id", "read_before_id"):
            table.add_column(sa.Column(column, sa.Integer(), nullable=True))
            table.create_foreign_key(
                op.f(f"fk_share_link_{column}_agreement_version"),
                "agreement_version",
                [column],
                ["id"],
            )
    op.create_table(
        "share_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("link_id", "share_link"),
        _to("version_id", "agreement_version"),
        _to("author_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_comment")),
        sa.UniqueConstraint("form_key", name=op.f("uq_share_comment_form_key")),
    )
    op.create_index(op.f("ix_share_comment_link_id"), "share_comment", ["link_id"])


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_share_comment_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
