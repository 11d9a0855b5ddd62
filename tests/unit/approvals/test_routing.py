"""Who may decide in a role, and by when: holders, delegates, covers, business time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.approvals.deadlines import action_due, due_from, escalation_of, resumed
from dealdesk.approvals.lifecycle import RequestAction
from dealdesk.approvals.policy import Policy, TimeLimit
from dealdesk.approvals.policy_file import load_policy
from dealdesk.approvals.routing import Absence, Capacity, capacity, covered_for
from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.identity.actors import Actor
from dealdesk.identity.permissions import Owned
from tests.unit.approvals.test_coverage import POLICY as BARE

SHIPPED = load_policy(DEFAULT_LIBRARY / "policies" / "approval.yaml")
POLICY: Policy = replace(
    BARE,
    roles={"cfo": "CFO", "commercial_counsel": "Counsel"},
    limits={"cfo": TimeLimit(24, 8, ("commercial_counsel",))},
    stand_ins={"commercial_counsel": ("cfo",)},
)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
CFO = Actor(1, "Cy Finance", frozenset({"cfo"}))
COUNSEL = Actor(2, "Co Counsel", frozenset({"commercial_counsel"}))
SELLER = Actor(3, "Ann Seller", frozenset({"account_executive"}))
ADMIN = Actor(4, "Ad Min", frozenset({"administrator"}))


def away(delegate: Actor, user: Actor = COUNSEL) -> Absence:
    return Absence(
        user=user.id or 0,
        name=user.name,
        roles=user.roles,
        delegate=delegate.id or 0,
        delegate_name=delegate.name,
        starts_at=MONDAY,
        ends_at=MONDAY + timedelta(days=5),
    )


@pytest.mark.parametrize(
    ("actor", "delegate", "absences", "expected"),
    [
        (COUNSEL, None, [], Capacity.HOLDER),
        (CFO, None, [], None),
        (CFO, CFO.id, [], Capacity.DELEGATE),
        (CFO, None, [away(CFO)], Capacity.COVER),
        # Neither a delegation nor an absence gives the role to somebody the policy doesn't allow.
        (SELLER, SELLER.id, [], None),
        (SELLER, None, [away(SELLER)], None),
        (ADMIN, ADMIN.id, [away(ADMIN)], None),
        # Who is covered for lacks the role.
        (CFO, None, [away(CFO, SELLER)], None),
    ],
)
def test_who_may_decide_as_counsel(
    actor: Actor, delegate: int | None, absences: list[Absence], expected: Capacity | None
) -> None:
    found = capacity(
        actor, "commercial_counsel", POLICY, of=Owned(SELLER.id), delegate=delegate, away=absences
    )
    assert found is expected


def test_covering_gives_the_roles_that_the_policy_lets_one_stand_in_for() -> None:
    assert [(one.id, role) for one, role in covered_for(CFO, POLICY, [away(CFO)])] == [
        (COUNSEL.id, "commercial_counsel")
    ]
    assert [*covered_for(SELLER, POLICY, [away(SELLER)])] == []


NORTH, SOUTH, WEST = (Owned(SELLER.id, team) for team in (1, 2, 3))
MANAGER = Actor(6, "Mo North", frozenset({"sales_manager"}), team=1)
WESTERN = Actor(7, "Wes West", frozenset({"sales_manager"}), team=3)


@pytest.mark.parametrize(
    ("of", "expected"), [(NORTH, Capacity.HOLDER), (WEST, Capacity.COVER), (SOUTH, None)]
)
def test_who_covers_for_a_teams_manager_decides_on_that_teams_deals_and_no_others(
    of: Owned, expected: Capacity | None
) -> None:
    absent = replace(away(MANAGER, WESTERN), team=WESTERN.team)
    assert capacity(MANAGER, "sales_manager", SHIPPED, of=of, away=[absent]) is expected
    assert capacity(WESTERN, "sales_manager", SHIPPED, of=of) is (
        Capacity.HOLDER if of is WEST else None
    )


def test_a_second_role_does_not_widen_the_first_ones_deals() -> None:
    both = replace(MANAGER, roles=frozenset({"sales_manager", "engineering"}))
    assert capacity(both, "sales_manager", SHIPPED, of=SOUTH) is None
    assert capacity(both, "engineering", SHIPPED, of=SOUTH) is Capacity.HOLDER


def test_an_absence_is_on_from_its_start_to_just_before_its_end() -> None:
    one = away(CFO)
    assert [one.is_on(at) for at in (one.starts_at, one.ends_at)] == [True, False]


def test_a_limit_counts_business_hours() -> None:
    # 24 hours of 8-hour days from Monday 09:00 end on Wednesday at closing.
    assert due_from(MONDAY, "cfo", POLICY) == datetime(2026, 11, 25, 17, tzinfo=UTC)
    friday = datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert due_from(friday, "cfo", POLICY) == datetime(2026, 12, 2, 16, tzinfo=UTC)


def test_the_shipped_limit_skips_a_holiday_in_the_offices_zone() -> None:
    # Wednesday 09:00 in New York; Thursday is Thanksgiving.
    asked = datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert due_from(asked, "engineering", SHIPPED) == datetime(2026, 11, 30, 22, tzinfo=UTC)


def test_a_timer_reminds_at_the_limit_and_escalates_eight_business_hours_later() -> None:
    due_at = due_from(MONDAY, "cfo", POLICY)
    late = escalation_of(due_at, "cfo", POLICY)
    assert late == datetime(2026, 11, 26, 17, tzinfo=UTC)

    def step(at: datetime, *, told: bool = False, escalated: bool = False) -> RequestAction | None:
        return action_due(due_at, "cfo", POLICY, at, is_reminded=told, is_escalated=escalated)

    before = timedelta(seconds=1)
    assert step(due_at - before) is None
    assert step(due_at) is RequestAction.REMIND
    # However late the timer runs, a reminder comes before those above are told.
    assert step(late + timedelta(days=30)) is RequestAction.REMIND
    assert step(late - before, told=True) is None
    assert step(late, told=True) is RequestAction.ESCALATE
    assert step(late, told=True, escalated=True) is None
    assert (
        action_due(due_at, "commercial_counsel", POLICY, late, is_reminded=True, is_escalated=False)
        is None
    )


@given(st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 20))
def test_a_pause_never_shortens_the_time(asked: int, answered: int) -> None:
    due_at = due_from(MONDAY, "cfo", POLICY)
    begin = MONDAY + timedelta(minutes=min(asked, answered))
    end = MONDAY + timedelta(minutes=max(asked, answered))
    assert resumed(due_at, begin, end, POLICY) >= due_at


def test_an_answer_moves_the_due_time_by_the_business_time_that_the_question_took() -> None:
    due_at = due_from(MONDAY, "cfo", POLICY)
    asked, answered = MONDAY.replace(hour=11), MONDAY.replace(hour=15)
    assert resumed(due_at, asked, answered, POLICY) == datetime(2026, 11, 26, 13, tzinfo=UTC)
    # A question after the limit brings no time back.
    assert resumed(due_at, due_at, due_at + timedelta(days=3), POLICY) == due_at
