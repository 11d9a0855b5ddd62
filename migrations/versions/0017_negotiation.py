"""Rounds of a negotiation: what came back, what was decided on each change, notes."""

import sqlalchemy as sa
from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

IMMUTABLE = (
    "negotiation_change", "negotiation_remark", "negotiation_decision", "negotiation_note",
)  # fmt: skip
INSTANT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    _rounds()
    _changes()
    _decisions()
    dialect = op.get_bind().dialect.name
    for table in IMMUTABLE:
        for statement in make_immutable(table, dialect):
            op.execute(statement)


def _to(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=name)


def _rounds() -> None:
    table = "negotiation_round"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_version_id", sa.Integer(), nullable=False),
        sa.Column("sent_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("is_foreign", sa.Boolean(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("received_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("answer_version_id", sa.Integer(), nullable=True),
        sa.Column("answer_sha256", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to(table, "deal_id", "deal"),
        _to(table, "base_version_id", "agreement_version"),
        _to(table, "sent_sha256", "stored_file", "sha256"),
        _to(table, "received_sha256", "stored_file", "sha256"),
        _to(table, "received_by", "desk_user"),
        _to(table, "closed_by", "desk_user"),
        _to(table, "answer_version_id", "agreement_version"),
        _to(table, "answer_sha256", "stored_file", "sha256"),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'withdrawn')", name=op.f(f"ck_{table}_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("deal_id", "number", name=op.f(f"uq_{table}_deal_id_number")),
    )
    op.create_index(
        f"uq_{table}_open",
        table,
        ["deal_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _changes() -> None:
    table = "negotiation_change"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("is_tracked", sa.Boolean(), nullable=False),
        sa.Column("is_open_to_us", sa.Boolean(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("date", sa.String(length=80), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("inside", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        _to(table, "round_id", "negotiation_round"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("round_id", "key", name=op.f(f"uq_{table}_round_id_key")),
        sa.UniqueConstraint("round_id", "position", name=op.f(f"uq_{table}_round_id_position")),
    )
    table = "negotiation_remark"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("date", sa.String(length=80), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _to(table, "round_id", "negotiation_round"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("round_id", "position", name=op.f(f"uq_{table}_round_id_position")),
    )


def _decisions() -> None:
    table = "negotiation_decision"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        _to(table, "change_id", "negotiation_change"),
        _to(table, "decided_by", "desk_user"),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'rejected', 'countered')", name=op.f(f"ck_{table}_verdict")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("change_id", "ordinal", name=op.f(f"uq_{table}_change_id_ordinal")),
    )
    table = "negotiation_note"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        _to(table, "change_id", "negotiation_change"),
        _to(table, "written_by", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_change_id"), table, ["change_id"])
