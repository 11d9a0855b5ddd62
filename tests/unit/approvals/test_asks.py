"""Whom to ask: each role once with all its open reasons, exceptions apart, stage after stage."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dealdesk.approvals.asks import (
    asked_reasons,
    asks,
    digest,
    is_same,
    moved,
    reasons_json,
    reasons_of,
    turn,
)
from dealdesk.approvals.assessment import Assessment, Reason, Requirement, WalkAway
from dealdesk.approvals.coverage import standing
from dealdesk.approvals.lifecycle import Kind
from dealdesk.deals.deal import Decision, Verdict
from tests.unit.approvals.test_coverage import (
    DISCOUNT,
    NOW,
    PASSAGE,
    PEOPLE,
    POLICY,
    decision,
    reasons,
)

WALK_AWAY = Reason("walk-away", "cap", "unlimited", "standard", "Unlimited.", "c" * 64)
BOTH = Assessment(
    "p@1",
    (
        Requirement("counsel", "Counsel", 1, (PASSAGE,)),
        Requirement("cfo", "CFO", 2, (DISCOUNT, PASSAGE)),
    ),
    (WalkAway(WALK_AWAY, ("counsel", "cfo")),),
    (),
)


def asked(*decisions: Decision, found: Assessment = BOTH) -> list[tuple[str, str, int, int]]:
    stands = standing(found, decisions, POLICY, PEOPLE, NOW)
    return [
        (one.role, one.kind.value, one.stage, len(one.reasons))
        for one in asks(stands, decisions, POLICY)
    ]


def test_each_role_is_asked_once_and_for_exceptions_apart() -> None:
    assert asked() == [
        ("counsel", "approval", 1, 1),
        ("counsel", "exception", 1, 1),
        ("cfo", "approval", 2, 2),
        ("cfo", "exception", 2, 1),
    ]


def test_what_is_decided_is_not_asked_again() -> None:
    decided = decision(PASSAGE)
    excepted = decision(WALK_AWAY, verdict=Verdict.EXCEPTION, person="Cy Finance")
    assert ("cfo", "approval", 2, 1) in asked(decided)
    assert [one for one in asked(excepted) if one[1] == "exception"] == [
        ("counsel", "exception", 1, 1)
    ]


def test_an_exception_that_expired_is_asked_again() -> None:
    until = decision(WALK_AWAY, verdict=Verdict.EXCEPTION, person="Cy Finance", expires_at=NOW)
    later = replace(until, expires_at=NOW + timedelta(seconds=1))
    assert ("cfo", "exception", 2, 1) in asked(until)
    assert ("cfo", "exception", 2, 1) not in asked(later)
    stands = standing(BOTH, [until], POLICY, PEOPLE, NOW)
    assert stands.expired == (until,)
    assert len(stands.blocked) == 1


def test_the_turn_is_the_earliest_stage_with_something_left() -> None:
    stands = standing(BOTH, [], POLICY, PEOPLE)
    assert turn(asks(stands, [], POLICY)) == 1
    done = [
        decision(PASSAGE, role="counsel"),
        decision(WALK_AWAY, role="counsel", verdict=Verdict.EXCEPTION),
    ]
    assert turn(asks(standing(BOTH, done, POLICY, PEOPLE), done, POLICY)) == 2
    assert turn(()) == 0


@given(st.lists(reasons, max_size=5))
def test_reasons_are_kept_and_come_back(found: list[Reason]) -> None:
    assert reasons_of(reasons_json(found)) == tuple(found)


@given(st.lists(reasons, max_size=5), st.lists(reasons, max_size=5))
def test_two_asks_are_the_same_exactly_when_their_digests_are(
    one: list[Reason], other: list[Reason]
) -> None:
    assert is_same(one, other) == (digest(one) == digest(other))


def test_what_moved_is_said_in_sentences() -> None:
    larger = replace(DISCOUNT, tested="30", message="The discount is 30 %.")
    reworded = replace(PASSAGE, passage="b" * 64)
    assert list(moved([DISCOUNT, PASSAGE], [larger, reworded])) == [
        "It was: The discount is 25 %. It is now: The discount is 30 %.",
        "Other words now: Free text.",
    ]
    assert list(moved([DISCOUNT], [PASSAGE])) == [
        "New: Free text.",
        "No longer: The discount is 25 %.",
    ]
    assert list(moved([DISCOUNT], [DISCOUNT])) == []


def test_all_reasons_of_a_role_are_found_by_what_it_is_asked_for() -> None:
    assert asked_reasons(BOTH, "cfo", Kind.APPROVAL) == (DISCOUNT, PASSAGE)
    assert asked_reasons(BOTH, "cfo", Kind.EXCEPTION) == (WALK_AWAY,)
    assert asked_reasons(BOTH, "ciso", Kind.APPROVAL) == ()
