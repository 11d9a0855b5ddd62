"""Indexes for first pages: deals that anybody is asked on, and requests that were escalated."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live = sa.text("state IN ('open', 'questioned')")
    asked, escalated = sa.text("asked <> ''"), sa.text("escalated_at IS NOT NULL")
    op.create_index(
        op.f("ix_deal_summary_asked"),
        "deal_summary",
        ["since", "asked", "deal_id"],
        sqlite_where=asked,
        postgresql_where=asked,
    )
    op.create_index(
        op.f("ix_approval_request_asked"),
        "approval_request",
        ["due_at", "role", "delegate_id"],
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index(
        op.f("ix_approval_request_escalated_at"),
        "approval_request",
        ["escalated_at"],
        sqlite_where=escalated,
        postgresql_where=escalated,
    )
