"""An absence that nobody covers, and why a request is with whom it is."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None



def upgrade() -> None:
    # SQLite copies the table, and its check is not read back from it.
    period = sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_approval_absence_period"))
    with op.batch_alter_table("approval_absence", table_args=(period,)) as table:
        table.alter_column("delegate_id", existing_type=sa.Integer(), nullable=True)
    op.add_column("approval_request", sa.Column("delegate_why", sa.String(400), nullable=True))
