"""Publications of clauses that were taken back before their day."""

import sqlalchemy as sa
from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "clause_withdrawal"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["clause_publication.id"],
            name=op.f(f"fk_{TABLE}_publication_id_clause_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["desk_user.id"], name=op.f(f"fk_{TABLE}_person_id_desk_user")
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f(f"pk_{TABLE}")),
    )
    for statement in make_immutable(TABLE, op.get_bind().dialect.name):
        op.execute(statement)
