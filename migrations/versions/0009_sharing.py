"""Links for the customer with what they give, and contracts with their executed files."""

import sqlalchemy as sa
from alembic import op

from dealdesk.kernel.immutable import make_immutable

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("share_item", "contract", "contract_file")


def upgrade() -> None:
    op.create_table(
        "share_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        _to("share_link", "deal_id", "deal"),
        _to("share_link", "created_by", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_share_link_token_sha256")),
    )
    op.create_index(op.f("ix_share_link_deal_id"), "share_link", ["deal_id"])
    op.create_table(
        "share_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_executed", sa.Boolean(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        _to("share_item", "link_id", "share_link"),
        _to("share_item", "version_id", "agreement_version"),
        _to("share_item", "sha256", "stored_file", "sha256"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_item")),
        sa.UniqueConstraint(
            "link_id", "version_id", "name", name=op.f("uq_share_item_link_id_version_id_name")
        ),
    )
    op.create_table(
        "share_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("what IN ('opened', 'downloaded')", name=op.f("ck_share_visit_what")),
        _to("share_visit", "link_id", "share_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_visit")),
        sa.UniqueConstraint(
            "link_id", "what", "name", name=op.f("uq_share_visit_link_id_what_name")
        ),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("agreed_by", sa.String(length=200), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("terms_sha256", sa.String(length=64), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("is_development", sa.Boolean(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_by", sa.Integer(), nullable=True),
        _to("contract", "deal_id", "deal"),
        _to("contract", "version_id", "agreement_version"),
        _to("contract", "sealed_by", "desk_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("deal_id", name=op.f("uq_contract_deal_id")),
    )
    op.create_table(
        "contract_file",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _to("contract_file", "contract_id", "contract"),
        _to("contract_file", "sha256", "stored_file", "sha256"),
        sa.PrimaryKeyConstraint("contract_id", "name", name=op.f("pk_contract_file")),
    )
    dialect = op.get_bind().dialect.name
    for table in TABLES:
        for statement in make_immutable(table, dialect):
            op.execute(statement)


def _to(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=name)
