"""The language that a person chose for their pages and mail."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("desk_user", sa.Column("language", sa.String(length=8), nullable=True))
