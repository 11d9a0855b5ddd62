"""Edits of a stored deal: new versions, readable merges, one author, nothing over anybody."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import get_latest_version
from dealdesk.audit.queries import list_events
from dealdesk.deals.models import DealRow, DealSummaryRow
from dealdesk.deals.queries import get_deal, list_revisions
from dealdesk.documents.text import canonical_text
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError, NotFoundError, RefusedError
from dealdesk.workflows.deal_edits import StaleDealError, Target, save_details, save_values
from dealdesk.workflows.stored_deals import get_stored_deal
from tests.integration.deal_verbs import (
    choose_position,
    drop_free_text,
    leave_out_clause,
    save_order,
    write_free_text,
)
from tests.integration.workbench import CUSTOMER, NOW, RAMP, RULES, as_actor, people, started, work

MORE = ({**RAMP[0], "discount_pct": "22"}, *RAMP[1:])


def edit(engine: Engine, actor: Actor, verb, target: Target, *args, hours: int = 1) -> int:
    with sessions(engine, writes=True).begin() as session:
        return verb(work(session, actor, hours), target, *args).version_row.number


def test_an_edit_is_a_new_version_with_its_words_and_event(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    assert edit(engine, avery, save_order, Target(number, 1), MORE, {}) == 2
    with sessions(engine)() as session:
        row = get_deal(session, number, actor=avery)
        lines = list_revisions(session, row.id)
        assert [(one.number, one.change, one.by) for one in lines] == [
            (2, "Line 1, discount: 15 → 22", "Avery Sample"),
            (1, "Started", "Avery Sample"),
        ]
        assert [one.event for one in list_events(session, row.id)][:2] == [
            "deals:order:saved",
            "agreements:version:recorded",
        ]
        summary = session.get(DealSummaryRow, row.id)
        assert (summary.version, summary.discount) == (2, 220_000)
        assert get_latest_version(session, row.id).parent == 1


def test_the_same_edit_again_is_no_new_version_however_old_the_screen(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    assert edit(engine, avery, save_order, Target(number, 1), MORE, {}) == 2
    assert edit(engine, avery, save_order, Target(number, 1), MORE, {}) == 2
    assert edit(engine, avery, save_order, Target(number, 2), MORE, {}) == 2


def test_two_people_on_one_deal_see_both_changes_and_lose_none(engine: Engine) -> None:
    everybody = people(engine)
    number = started(engine, everybody.avery)
    edit(engine, everybody.dana, choose_position, Target(number, 1), "uptime", "fallback-1", {})
    with pytest.raises(StaleDealError) as caught:
        edit(engine, everybody.avery, save_order, Target(number, 1), MORE, {})
    stale = caught.value
    assert (stale.version, stale.by) == (2, "Dana Sample")
    assert [one.key for one in stale.merge.mine] == ["order.lines.0.discount_pct"]
    assert [one.key for one in stale.merge.theirs] == ["clauses"]
    assert stale.merge.conflicts == frozenset()
    mine = {one.path: one.new for one in stale.merge.mine}
    assert edit(engine, everybody.avery, save_values, Target(number, 2), mine) == 3
    with sessions(engine)() as session:
        quote = get_stored_deal(session, number, RULES, actor=everybody.avery, now=NOW).quote
        assert quote.version.inputs.choice("uptime").position == "fallback-1"
        assert str(quote.priced.main.discount_highest) == "22"


def test_own_words_of_mine_are_merged_and_stay_mine(engine: Engine) -> None:
    everybody = people(engine)
    number = started(engine, everybody.avery)
    edit(engine, everybody.dana, choose_position, Target(number, 1), "uptime", "fallback-1", {})
    with pytest.raises(StaleDealError) as caught:
        edit(engine, everybody.avery, write_free_text, Target(number, 1), "publicity", "Own words.")
    mine = {one.path: one.new for one in caught.value.merge.mine}
    edit(engine, everybody.avery, save_values, Target(number, 2), mine)
    with sessions(engine)() as session:
        deal = get_stored_deal(session, number, RULES, actor=everybody.avery, now=NOW).quote.deal
        assert deal.authors == {"publicity": everybody.avery.name}


def test_two_processes_at_once_make_one_version_and_one_merge(engine: Engine) -> None:
    everybody = people(engine)
    number = started(engine, everybody.avery)
    start, outcomes = Barrier(2), []

    def run(actor: Actor, discount: str) -> None:
        start.wait()
        lines = ({**RAMP[0], "discount_pct": discount}, *RAMP[1:])
        try:
            outcomes.append(edit(engine, actor, save_order, Target(number, 1), lines, {}))
        except StaleDealError as error:
            outcomes.append(error.merge.conflicts)

    threads = [
        Thread(target=run, args=pair) for pair in ((everybody.avery, "20"), (everybody.dana, "25"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [2, frozenset({"order.lines.0.discount_pct"})]


def test_a_merge_sets_nothing_that_is_not_for_people_to_set(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    for root in ("owner", "authors", "decisions", "number", "seller", "submitter"):
        with pytest.raises(RefusedError, match="not a value"):
            edit(engine, avery, save_values, Target(number, 1), {(root,): "x"})
    for path in (("order", "fx", "rates", "EUR"), ("order", "fx"), ("order",)):
        value = {"to": "USD", "as_of": "2026-11-02", "rates": {"EUR": "0.000001"}}
        sent = {"order": {"fx": value}}.get(path[-1], value if path[-1] == "fx" else "0.000001")
        with pytest.raises(RefusedError, match="not a value"):
            edit(engine, avery, save_values, Target(number, 1), {path: sent})
    words = {("clauses", "uptime"): {"override": "Own words."}}
    edit(engine, avery, save_values, Target(number, 1), words)
    with sessions(engine)() as session:
        deal = get_stored_deal(session, number, RULES, actor=avery, now=NOW).quote.deal
        assert deal.authors == {"uptime": avery.name}


def test_own_words_have_an_author_and_go_with_a_position(engine: Engine) -> None:
    everybody = people(engine)
    number = started(engine, everybody.avery)
    words = "Provider does its best.\n\nNothing more."
    edit(engine, everybody.dana, write_free_text, Target(number, 1), "uptime", words)
    with sessions(engine)() as session:
        quote = get_stored_deal(session, number, RULES, actor=everybody.avery, now=NOW).quote
        override = quote.version.inputs.choice("uptime").override
        assert override.author == "Dana Sample"
        assert "commercial_counsel" in {one.role for one in quote.standing.open}
    edit(engine, everybody.avery, drop_free_text, Target(number, 2), "uptime")
    with sessions(engine)() as session:
        quote = get_stored_deal(session, number, RULES, actor=everybody.avery, now=NOW).quote
        assert quote.version.inputs.choice("uptime").override is None
        assert quote.deal.authors == {}


def test_an_optional_clause_goes_and_comes(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    edit(engine, avery, choose_position, Target(number, 1), "escrow", "standard", {})
    with sessions(engine)() as session:
        quote = get_stored_deal(session, number, RULES, actor=avery, now=NOW).quote
        assert quote.version.inputs.choice("escrow") is not None
    edit(engine, avery, leave_out_clause, Target(number, 2), "escrow")
    with sessions(engine)() as session:
        quote = get_stored_deal(session, number, RULES, actor=avery, now=NOW).quote
        assert quote.version.inputs.choice("escrow") is None
    with pytest.raises(DomainError, match="can't be left out"):
        edit(engine, avery, leave_out_clause, Target(number, 3), "uptime")


def test_details_are_saved(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    name = "مرحبا Robotics 🤖"
    customer = {**CUSTOMER, "name": name, "signer": {"name": "", "title": ""}}
    edit(engine, avery, save_details, Target(number, 1), "Ünïcode", customer, {"regions": 2})
    with sessions(engine)() as session:
        row = get_deal(session, number, actor=avery)
        assert (row.title, row.customer) == ("Ünïcode", name)
        deal = get_stored_deal(session, number, RULES, actor=avery, now=NOW).quote.deal
        assert (deal.customer.signer, deal.facts) == (None, {"regions": 2})


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"quantity": -1}, "1 is the least"),
        ({"quantity": "1,5"}, "not a plain number"),
        ({"discount_pct": "101"}, "100 is the most"),
        ({"sku": "NOTHING"}, "has no “NOTHING”"),
        ({"name": "x" * 10_000}, "longer than 200"),
        ({"name": "a\u202eb"}, "can't be seen"),
        ({"boo": 1}, "not a key"),
    ],
)
def test_wrong_lines_are_told_and_change_nothing(engine: Engine, line, fault: str) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    with pytest.raises(DomainError, match=fault):
        edit(engine, avery, save_order, Target(number, 1), [{**RAMP[0], **line}], {})
    with sessions(engine)() as session:
        assert session.scalars(select(AgreementVersionRow.number)).all() == [1]


def test_others_deals_are_not_there_and_readers_write_nothing(engine: Engine) -> None:
    everybody = people(engine)
    number = started(engine, everybody.avery)
    for actor in (
        everybody.blake,
        as_actor(everybody.dana, "auditor"),
        as_actor(everybody.dana, "cfo"),
    ):
        with pytest.raises(NotFoundError):
            edit(engine, actor, save_order, Target(number, 1), MORE, {})


@pytest.mark.parametrize("stage", ["signature", "signed", "lost"])
def test_a_closed_deal_is_not_changed(engine: Engine, stage: str) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    with sessions(engine, writes=True).begin() as session:
        get_deal(session, number, actor=SYSTEM).stage = stage
    with pytest.raises(RefusedError, match="not changed any more"):
        edit(engine, avery, save_order, Target(number, 1), MORE, {})


def test_a_negotiated_version_is_changed_in_the_negotiation(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    with sessions(engine, writes=True).begin() as session:
        row = session.scalars(select(DealRow)).one()
        last = get_latest_version(session, row.id)
        columns = {
            column.key: getattr(last, column.key)
            for column in AgreementVersionRow.__table__.columns
            if column.key not in {"id", "number", "origin"}
        }
        session.add(AgreementVersionRow(number=2, origin="negotiated", **columns))
    with pytest.raises(RefusedError, match="part of the negotiation"):
        edit(engine, avery, save_order, Target(number, 2), MORE, {})


def test_own_words_keep_numbers_bound_and_say_what_nothing_states(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    words = "The service is up {{value: target}} of each {{value: period}}."
    edit(engine, avery, write_free_text, Target(number, 1), "uptime", words)
    with sessions(engine)() as session:
        stored = get_stored_deal(session, number, RULES, actor=avery, now=NOW)
        assert stored.version_row.terms_sha256 == ""
        unstated = {
            one.problem.place.path
            for one in stored.quote.findings
            if one.problem.code == "export-unprinted"
        }
        assert "uptime/cap" in unstated
        assert "uptime/target" not in unstated
        text = canonical_text(stored.quote.version.tree)
        assert "The service is up 99.9% of each calendar month." in text
    rest = ("target", "period", "zone", "basis", "notice", "works", "measure", "exclusions", "credits", "cap",
            "automatic", "claim_within", "missed", "window", "end_notice")  # fmt: skip
    edit(engine, avery, write_free_text, Target(number, 2), "uptime", "As is.", rest)
    with sessions(engine)() as session:
        stored = get_stored_deal(session, number, RULES, actor=avery, now=NOW)
        assert len(stored.version_row.terms_sha256) == 64
        codes = {one.problem.code for one in stored.quote.findings}
        assert not codes & {"export-unprinted", "terms-schema"}


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("{{when: a > 1}}x{{end}}", "no conditions"),
        ("{{boo", "{{boo"),
        ("{{value: nothing}}", "has no value"),
        ("{{ref: nothing/here}}", "is absent"),
        ("{{7*7}}", "7"),
        ("   ", "blank"),
    ],
)
def test_own_words_that_lead_nowhere_are_told(engine: Engine, words: str, fault: str) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    try:
        edit(engine, avery, write_free_text, Target(number, 1), "uptime", words)
    except DomainError as error:
        assert fault in str(error)  # noqa: PT017 - a lone brace is text, and may stand
    else:
        assert words == "{{boo"
