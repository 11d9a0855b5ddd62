"""Colleagues with whom one deal is shared."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deal_colleague",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('read', 'write')", name=op.f("ck_deal_colleague_level")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["desk_user.id"], name=op.f("fk_deal_colleague_user_id_desk_user")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deal.id"], name=op.f("fk_deal_colleague_deal_id_deal")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["desk_user.id"], name=op.f("fk_deal_colleague_given_by_desk_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "deal_id", name=op.f("pk_deal_colleague")),
    )
    op.create_index(op.f("ix_deal_colleague_deal_id"), "deal_colleague", ["deal_id"])
