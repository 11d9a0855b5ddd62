"""Where a person put words of ours when a change has no place of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "negotiation_decision"
    op.add_column(table, sa.Column("block_id", sa.Text(), nullable=False, server_default=""))
    op.add_column(table, sa.Column("run", sa.Integer(), nullable=False, server_default="-1"))
