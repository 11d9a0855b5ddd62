"""Accounts, contacts, revisions of deal files, what lists show, saved views."""

import sqlalchemy as sa
from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _accounts()
    # Written out: SQLite adds a column with its reference in one statement or not at all.
    op.execute(
        "ALTER TABLE deal ADD COLUMN account_id INTEGER"
        " CONSTRAINT fk_deal_account_id_account REFERENCES account (id)"
    )
    op.create_index(op.f("ix_deal_account_id"), "deal", ["account_id"])
    op.add_column("deal", sa.Column("form_key", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_deal_form_key"), "deal", ["form_key"], unique=True)
    _revisions()
    _summaries()
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("saved_view", "user_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("registration", sa.String(length=80), nullable=False),
        sa.Column("tax_id", sa.String(length=80), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("account", "owner_id", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index(op.f("ix_account_name"), "account", ["name"])
    op.create_index(op.f("ix_account_owner_id"), "account", ["owner_id"])
    op.create_index(op.f("ix_account_form_key"), "account", ["form_key"], unique=True)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("is_signer", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _to("contact", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_account_id"), "contact", ["account_id"])


def _revisions() -> None:
    op.create_table(
        "deal_revision",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deal_file", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("deal_revision", "deal_id", "deal"),
        _to("deal_revision", "author_id", "desk_user"),
        sa.PrimaryKeyConstraint("deal_id", "number", name=op.f("pk_deal_revision")),
    )
    for statement in make_immutable("deal_revision", op.get_bind().dialect.name):
        op.execute(statement)


def _summaries() -> None:
    op.create_table(
        "deal_summary",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("tcv", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("worth", sa.BigInteger(), nullable=True),
        sa.Column("discount", sa.Integer(), nullable=False),
        sa.Column("off_standard", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(length=400), nullable=False),
        sa.Column("open_roles", sa.String(length=400), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=600), nullable=False),
        sa.Column("judged_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "standing IN ('blocked', 'open', 'ready', 'unreadable')",
            name=op.f("ck_deal_summary_standing"),
        ),
        _to("deal_summary", "deal_id", "deal"),
        sa.PrimaryKeyConstraint("deal_id", name=op.f("pk_deal_summary")),
    )
    for column in ("standing", "worth", "discount", "off_standard", "since", "words", "judged_by"):
        op.create_index(op.f(f"ix_deal_summary_{column}"), "deal_summary", [column])


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )
