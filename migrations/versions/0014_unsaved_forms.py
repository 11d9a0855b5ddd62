"""What people typed in a deal's forms and have not saved."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsaved_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("window", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["desk_user.id"], name=op.f("fk_unsaved_form_user_id_desk_user")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deal.id"], name=op.f("fk_unsaved_form_deal_id_deal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsaved_form")),
        sa.UniqueConstraint(
            "user_id",
            "deal_id",
            "form",
            "window",
            name=op.f("uq_unsaved_form_user_id_deal_id_form_window"),
        ),
    )
    op.create_index(op.f("ix_unsaved_form_kept_at"), "unsaved_form", ["kept_at"])
