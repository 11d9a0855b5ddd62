"""The demo's company: believable, the same for the same day, seeded by what people would use."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from dealdesk.approvals.models import DecisionRow
from dealdesk.audit.verification import verify
from dealdesk.deals.models import AccountRow, DealRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import UserRow
from dealdesk.identity.roles import ROLES
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.settings import PROJECT
from dealdesk.outbox.models import JobRow
from dealdesk.workflows.company import seed_company
from dealdesk.workflows.company_file import DEMO_COMPANY, read_company
from dealdesk.workflows.company_plan import DEALS, Outcome, plan_deals
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.people_file import DEMO_PEOPLE, read_people, seed_people

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_plan_is_the_same_for_the_same_day_and_spans_eighteen_months() -> None:
    names = [one.name for one in read_company(DEMO_COMPANY)]
    deals = list(plan_deals(names, NOW))
    assert deals == list(plan_deals(names, NOW))
    assert len(deals) == DEALS
    assert {one.outcome for one in deals} == set(Outcome)
    assert min(one.at for one in deals) < NOW - timedelta(days=500)
    assert max(one.at for one in deals) < NOW


def test_every_role_has_somebody() -> None:
    assert {role for one in read_people(DEMO_PEOPLE) for role in one.roles} == set(ROLES)


def test_no_history_is_made_up_for_people_who_are_not_of_the_demo(engine: Engine) -> None:
    rules = load_rules(PROJECT / "clause_library")
    with sessions(engine, writes=True).begin() as session:
        seed_people(session, SYSTEM, DEMO_PEOPLE, NOW)
        session.execute(update(UserRow).values(is_persona=False))
        session.expire_all()
        assert seed_company(session, rules, DEMO_COMPANY, NOW).deals == 0
        assert session.scalar(select(func.count()).select_from(AccountRow)) == 0


@pytest.mark.slow
def test_a_company_is_seeded_once_and_its_record_holds(engine: Engine) -> None:
    rules = load_rules(PROJECT / "clause_library")
    with sessions(engine, writes=True).begin() as session:
        seed_people(session, SYSTEM, DEMO_PEOPLE, NOW)
        done = seed_company(session, rules, DEMO_COMPANY, NOW)
        assert (done.accounts, done.deals) == (30, DEALS)
        assert seed_company(session, rules, DEMO_COMPANY, NOW).deals == 0
        stages = Counter(session.scalars(select(DealRow.stage)))
        assert set(stages) == {"draft", "negotiation", "signature", "signed", "lost"}
        assert session.scalar(select(func.count()).select_from(AccountRow)) == 30
        assert session.scalar(select(func.count()).select_from(DecisionRow)) > 80
        assert session.scalar(select(func.count()).select_from(JobRow)) == 0
        own = select(DecisionRow.id).join(DealRow, DealRow.id == DecisionRow.deal_id)
        decided = own.join(UserRow, UserRow.name == DecisionRow.person)
        assert session.scalars(decided.where(UserRow.id == DealRow.owner_id)).all() == []
        assert verify(session).breaks == ()
