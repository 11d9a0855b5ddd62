"""Migrations: one head, up from nothing and with data, and the schema is the models'."""

from collections.abc import Iterable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from dealdesk.workflows.database import SchemaError, _config, current, head, require_head, upgrade
from dealdesk.workflows.tables import IMMUTABLE, metadata

DEAL = (
    "INSERT INTO deal (id, number, title, customer, owner, deal_file, stage, created_at, revision)"
    " VALUES (1, 'X-1', 'A deal', 'A customer', 'An owner', 'schema: deal/1', 'draft',"
    " '2026-11-24 10:00:00+00:00', 1)"
)
# What rows below stand on: these tables may change.
BASES = {
    "desk_user": (
        "(id, email, name, is_persona, created_at, revision)"
        " VALUES (1, 'p@example.com', 'P', false, '2026-11-24 10:00:00+00:00', 1)"
    ),
    "approval_submission": (
        "(id, deal_id, version_id, policy_version_id, submitter_id, note, at)"
        " VALUES (1, 1, 1, 1, 1, '', '2026-11-24 10:00:00+00:00')"
    ),
    "approval_request": (
        "(id, submission_id, deal_id, version_id, role, kind, stage, reasons, state, created_at,"
        " revision) VALUES (1, 1, 1, 1, 'cfo', 'approval', 1, '[]', 'open',"
        " '2026-11-24 10:00:00+00:00', 1)"
    ),
    "share_link": (
        "(id, token_sha256, deal_id, name, email, created_at, expires_at) VALUES (1, 't', 1, 'C',"
        " 'c@example.com', '2026-11-24 10:00:00+00:00', '2026-12-24 10:00:00+00:00')"
    ),
    "negotiation_round": (
        "(id, deal_id, number, base_version_id, sent_sha256, received_sha256, file_name,"
        " is_foreign, received_at, state, revision) VALUES (1, 1, 1, 1, 'f', 'f', 'a.docx',"
        " false, '2026-11-24 10:00:00+00:00', 'open', 1)"
    ),
}
STANDS_ON = {
    "approval_message": ("desk_user", "approval_submission", "approval_request"),
    "share_item": ("share_link",),
    "negotiation_change": ("negotiation_round",),
}
ROWS = {
    "stored_file": "(sha256, size, created_at) VALUES ('f', 1, '2026-11-24 10:00:00+00:00')",
    "deal_revision": (
        "(deal_id, number, deal_file, change, created_at)"
        " VALUES (1, 1, 'schema: deal/1', 'Started', '2026-11-24 10:00:00+00:00')"
    ),
    "agreement_version": (
        "(id, deal_id, number, origin, inputs, inputs_sha256, text_sha256, terms_sha256, passages,"
        " assembler, created_at) VALUES (1, 1, 1, 'draft', '{}', 'a', 'b', 'c', '{}', '1',"
        " '2026-11-24 10:00:00+00:00')"
    ),
    "clause_version": (
        "(sha256, clause_id, version, title, files, recorded_at)"
        " VALUES ('c', 'insurance', '1.0', 'Insurance', '{}', '2026-11-24 10:00:00+00:00')"
    ),
    "version_clause": "(version_id, clause_sha256) VALUES (1, 'c')",
    "version_file": (
        "(id, version_id, name, built_from, sha256, is_draft, built_at)"
        " VALUES (1, 1, 'agreement.txt', 'a', 'f', true, '2026-11-24 10:00:00+00:00')"
    ),
    "decision": (
        "(id, deal_id, role, person, verdict, conditions, policy, seen, at, content_sha256)"
        " VALUES (1, 1, 'cfo', 'P', 'approved', '', 'approval@1', '[]',"
        " '2026-11-24 10:00:00+00:00', 'd')"
    ),
    "approval_policy_version": (
        "(id, key, text, sha256, reason, published_at)"
        " VALUES (1, 'approval@1', 'schema: policy/1', 'p', '', '2026-11-24 10:00:00+00:00')"
    ),
    "approval_message": (
        "(id, request_id, kind, person_id, text, at)"
        " VALUES (1, 1, 'question', 1, 'Why?', '2026-11-24 10:00:00+00:00')"
    ),
    "audit_event": (
        "(id, stream, position, event, actor, at, facts, previous_sha256, sha256)"
        " VALUES (1, 'deal:1', 1, 'deals:deal:created', 'system', '2026-11-24 10:00:00+00:00',"
        " '{}', '', 'e')"
    ),
    "audit_anchor": (
        "(id, day, at, heads, previous_sha256, sha256)"
        " VALUES (1, '2026-11-24', '2026-11-24 10:00:00+00:00', '{}', '', 'a')"
    ),
    "share_item": (
        "(id, link_id, version_id, name, sha256, is_executed, shared_at)"
        " VALUES (1, 1, 1, 'agreement.pdf', 'f', false, '2026-11-24 10:00:00+00:00')"
    ),
    "contract": (
        "(id, deal_id, version_id, agreed_by, agreed_on, text_sha256, terms_sha256, signer, level,"
        " is_development, sealed_at) VALUES (1, 1, 1, 'P', '2026-11-24', 'b', 'c', 'S', 'B-B',"
        " true, '2026-11-24 10:00:00+00:00')"
    ),
    "negotiation_change": (
        "(id, round_id, position, key, kind, is_tracked, is_open_to_us, instance, place, old, new,"
        " author, date, inside, move) VALUES (1, 1, 0, 'body-1', 'insertion', true, true, 'u',"
        " '{}', '', 'x', 'C', '', '', '')"
    ),
    "negotiation_remark": (
        "(id, round_id, position, instance, author, date, quoted, text)"
        " VALUES (1, 1, 0, 'u', 'C', '', 'x', 'Why?')"
    ),
    "negotiation_decision": (
        "(id, change_id, ordinal, verdict, words, reason, at)"
        " VALUES (1, 1, 1, 'accepted', '', '', '2026-11-24 10:00:00+00:00')"
    ),
    "negotiation_note": "(id, change_id, text, at) VALUES (1, 1, 'x', '2026-11-24 10:00:00+00:00')",
    "contract_file": "(contract_id, name, sha256) VALUES (1, 'executed.pdf', 'f')",
}


def fill(engine: Engine, tables: Iterable[str] = ROWS) -> None:
    with engine.begin() as connection:
        connection.execute(text(DEAL))
        for table in tables:
            for base in STANDS_ON.get(table, ()):
                connection.execute(text(f"INSERT INTO {base} {BASES[base]}"))
            connection.execute(text(f"INSERT INTO {table} {ROWS[table]}"))


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(_config()).get_heads()) == 1


def test_an_empty_database_comes_to_the_models_schema(blank: Engine) -> None:
    assert current(blank) == ""
    with pytest.raises(SchemaError, match="dealdesk db upgrade"):
        require_head(blank)
    assert upgrade(blank) == head()
    with blank.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    fill(engine)
    assert upgrade(engine) == head()
    require_head(engine)


def test_data_survives_each_step(blank: Engine) -> None:
    upgrade(blank, "0001")
    old = [table for table in ROWS if inspect(blank).has_table(table)]
    fill(blank, old)
    upgrade(blank)
    with blank.connect() as connection:
        for table in ("deal", *old):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1


def test_every_immutable_table_is_tried_below() -> None:
    assert set(IMMUTABLE) == set(ROWS)


@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_a_row_that_the_law_cares_about_is_never_changed(
    engine: Engine, table: str, verb: str
) -> None:
    fill(engine)
    column = next(iter(metadata().tables[table].primary_key)).name
    change = (
        f"UPDATE {table} SET {column} = {column}" if verb == "UPDATE" else f"DELETE FROM {table}"
    )
    with (
        pytest.raises(Exception, match=f"Rows of {table} are never changed"),
        engine.begin() as connection,
    ):
        connection.execute(text(change))
    with engine.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1


def test_a_deal_itself_may_change(engine: Engine) -> None:
    fill(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE deal SET title = 'Another'"))
