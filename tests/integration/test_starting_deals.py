"""New deals: numbered, owned, priced, once for each form, and nothing smuggled in by a file."""

from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from dealdesk.agreements import assembly
from dealdesk.agreements.assembly import assemble
from dealdesk.agreements.model import Inputs
from dealdesk.agreements.queries import get_latest_version
from dealdesk.audit.queries import list_events
from dealdesk.deals.editing import data_of, text_of
from dealdesk.deals.models import DealRow, DealSummaryRow
from dealdesk.deals.queries import find_revision, get_deal
from dealdesk.documents.tree import DocumentTree
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError, NotFoundError, RefusedError
from dealdesk.kernel.settings import PROJECT
from dealdesk.workflows.starting import Beginning, copy_deal, start_deal, start_from_file
from dealdesk.workflows.stored_deals import get_stored_deal
from tests.integration.workbench import NOW, RULES, SCENARIO, as_actor, people, started, work

RICH = (PROJECT / "demo" / "deals" / "placeholder-robotics.yaml").read_text("utf-8")


def test_a_new_deal_is_assembled_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counting(inputs: Inputs, *args: Any, **kwargs: Any) -> DocumentTree:
        made.append(inputs.number)
        return assemble(inputs, *args, **kwargs)

    monkeypatch.setattr(assembly, "assemble", counting)
    avery = people(engine).avery
    number = started(engine, avery)
    with sessions(engine)() as session:
        assert get_stored_deal(session, number, RULES, actor=avery, now=NOW).is_as_stored
    assert made == [number]


def test_the_scenario_comes_to_its_figures(engine: Engine) -> None:
    avery = people(engine).avery
    number = started(engine, avery)
    assert number == "D-2026-00001"
    with sessions(engine)() as session:
        stored = get_stored_deal(session, number, RULES, actor=avery, now=NOW)
        main = stored.quote.priced.main
        assert [str(one.amount) for one in main.yearly] == ["76500.00", "153000.00", "306000.00"]
        assert str(main.recurring.amount) == "535500.00"
        assert str(main.tcv.amount) == "575500.00"
        assert str(main.acv.amount) == "178500.00"
        assert str(main.mrr.amount) == "6375.00"
        assert [one.role for one in stored.quote.standing.open] == ["sales_manager", "deal_desk"]
        assert stored.row.owner_id == avery.id
        summary = session.get(DealSummaryRow, stored.row.id)
        assert (summary.tcv, summary.currency, summary.worth) == ("575500.00", "USD", 57550000)
        assert (summary.standing, summary.asked) == ("open", "|sales_manager|deal_desk|")
        revision = find_revision(session, stored.row.id, 1)
        assert (revision.author_id, revision.change) == (avery.id, "Started")
        assert [one.event for one in list_events(session, stored.row.id)] == [
            "agreements:version:recorded",
            "deals:deal:started",
        ]


def test_the_same_form_sent_twice_starts_one_deal(engine: Engine) -> None:
    avery = people(engine).avery
    assert started(engine, avery) == started(engine, avery)
    assert started(engine, avery, "form-2") == "D-2026-00002"
    with sessions(engine)() as session:
        assert session.scalar(select(func.count()).select_from(DealRow)) == 2


def test_a_wrong_form_leaves_nothing_behind(engine: Engine) -> None:
    avery = people(engine).avery
    wrong = {**SCENARIO, "customer": {"name": "x" * 10_000}}
    with pytest.raises(DomainError, match="longer than 200"):
        started(engine, avery, data=wrong)
    with sessions(engine)() as session:
        assert session.scalar(select(func.count()).select_from(DealRow)) == 0


def test_who_does_not_sell_starts_nothing(engine: Engine) -> None:
    auditor = as_actor(people(engine).avery, "auditor")
    with pytest.raises(RefusedError, match="who sell"):
        started(engine, auditor)


def test_a_copy_has_order_and_clauses_but_no_decisions(engine: Engine) -> None:
    everybody = people(engine)
    with sessions(engine, writes=True).begin() as session:
        first = start_from_file(work(session, everybody.avery), RICH, "form-1").number
        row = copy_deal(work(session, everybody.avery), first, "Again", "2028-01-01", "form-2")
        data = data_of(row.deal_file)
        assert (row.number, row.title) == ("D-2026-00002", "Again")
        assert data["order"] == {**data_of(RICH)["order"], "start": "2028-01-01"}
        assert data["clauses"] == data_of(RICH)["clauses"]
        assert "decisions" not in data
        with pytest.raises(NotFoundError):
            copy_deal(work(session, everybody.blake), first, "Theirs", "", "form-3")


def test_a_file_can_not_decide_number_itself_or_speak_for_others(engine: Engine) -> None:
    avery = people(engine).avery
    forged = {**data_of(RICH), "owner": "Somebody", "authors": {"uptime": "Blake"}}
    forged["clauses"] = {"uptime": {"position": "standard", "override": "Own words."}}
    with sessions(engine, writes=True).begin() as session:
        row = start_from_file(work(session, avery), text_of(forged), "form-1")
        stored = get_stored_deal(session, row.number, RULES, actor=avery, now=NOW)
        deal = stored.quote.deal
        assert (deal.owner, deal.submitter, deal.number) == (avery.name, avery.name, row.number)
        assert deal.authors == {"uptime": avery.name}
        assert deal.decisions == ()
        assert stored.quote.standing.open


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not a deal file"),
        ("- a\n- list\n", "not a deal file"),
        ("{[", "not YAML"),
        ("schema: deal/1\nboo: 1\n", "boo"),
        ("a: &x [1]\nb: *x\n", "alias"),
    ],
)
def test_a_file_that_is_no_deal_is_told(engine: Engine, text: str, sentence: str) -> None:
    avery = people(engine).avery
    with (
        sessions(engine, writes=True)() as session,
        pytest.raises(DomainError, match=sentence),
    ):
        start_from_file(work(session, avery), text, "form-1")


def test_the_program_itself_may_start_a_deal(engine: Engine) -> None:
    with sessions(engine, writes=True).begin() as session:
        row = start_deal(work(session, SYSTEM), SCENARIO, Beginning("Started", "form-1"))
        assert (
            get_latest_version(session, get_deal(session, row.number, actor=SYSTEM).id).number == 1
        )
