"""An index of deals by stage: lists tell what goes on from what is signed or lost."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_deal_stage"), "deal", ["stage"])
