"""Ask roles for approval: submissions, requests, absences, policy versions and drafts."""

import sqlalchemy as sa
from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IMMUTABLE = ("approval_policy_version", "approval_message")
LIVE = "state IN ('open', 'questioned', 'waiting')"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _policies()
    _submissions()
    _requests()
    _messages()
    _absences()
    # Written out: SQLite adds a column with its reference in one statement or not at all.
    op.execute(
        "ALTER TABLE decision ADD COLUMN request_id INTEGER"
        " CONSTRAINT fk_decision_request_id_approval_request REFERENCES approval_request (id)"
    )
    op.execute(
        "ALTER TABLE decision ADD COLUMN user_id INTEGER"
        " CONSTRAINT fk_decision_user_id_desk_user REFERENCES desk_user (id)"
    )
    op.add_column("decision", sa.Column("expires_at", INSTANT, nullable=True))
    op.create_index("uq_decision_request_id", "decision", ["request_id"], unique=True)
    dialect = op.get_bind().dialect.name
    for table in IMMUTABLE:
        for statement in make_immutable(table, dialect):
            op.execute(statement)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _policies() -> None:
    table = "approval_policy_version"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("publisher_id", sa.Integer(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=False),
        _reference(table, "author_id", "desk_user"),
        _reference(table, "publisher_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
    )
    table = "approval_policy_draft"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base_key", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _reference(table, "author_id", "desk_user"),
        _reference(table, "closed_by_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'discarded')", name=op.f(f"ck_{table}_state")
        ),
    )


def _submissions() -> None:
    table = "approval_submission"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("policy_version_id", sa.Integer(), nullable=False),
        sa.Column("submitter_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        _reference(table, "deal_id", "deal"),
        _reference(table, "version_id", "agreement_version"),
        _reference(table, "policy_version_id", "approval_policy_version"),
        _reference(table, "submitter_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_deal_id"), table, ["deal_id"])


def _requests() -> None:
    table = "approval_request"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("questioned_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("escalated_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _reference(table, "submission_id", "approval_submission"),
        _reference(table, "deal_id", "deal"),
        _reference(table, "version_id", "agreement_version"),
        _reference(table, "delegate_id", "desk_user"),
        _reference(table, "closed_by_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'questioned', 'approved', 'rejected', 'withdrawn',"
            " 'superseded')",
            name=op.f(f"ck_{table}_state"),
        ),
        sa.CheckConstraint("kind IN ('approval', 'exception')", name=op.f(f"ck_{table}_kind")),
    )
    for column in ("submission_id", "deal_id", "delegate_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_approval_request_state_due_at", table, ["state", "due_at"])
    op.create_index(
        "uq_approval_request_live",
        table,
        ["deal_id", "role", "kind"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )


def _messages() -> None:
    table = "approval_message"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _reference(table, "request_id", "approval_request"),
        _reference(table, "person_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("kind IN ('question', 'answer')", name=op.f(f"ck_{table}_kind")),
    )
    op.create_index(op.f(f"ix_{table}_request_id"), table, ["request_id"])


def _absences() -> None:
    table = "approval_absence"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        _reference(table, "user_id", "desk_user"),
        _reference(table, "delegate_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f(f"ck_{table}_period")),
    )
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])
    op.create_index(op.f(f"ix_{table}_delegate_id"), table, ["delegate_id"])
