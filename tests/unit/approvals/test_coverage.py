"""Decisions cover reasons by rule, subject, passage and binding; the rest is open (I5 to I7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dealdesk.approvals.assessment import Assessment, Reason, Requirement, WalkAway
from dealdesk.approvals.coverage import covers, seen_now, standing
from dealdesk.approvals.deciding import decide
from dealdesk.approvals.facts import exact_text
from dealdesk.approvals.independence import People, dependence
from dealdesk.approvals.lapses import lapse_of
from dealdesk.approvals.policy import (
    EXACT,
    Binding,
    BindingKind,
    LadderRule,
    LadderStep,
    Policy,
    Selector,
    WalkAwayRule,
)
from dealdesk.deals.deal import Decision, SeenReason, Verdict
from dealdesk.deals.order import FxRates

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NO_WORSE = Binding(BindingKind.NO_WORSE)
BAND = Binding(BindingKind.BAND, Fraction(10))
PEOPLE = People(owner="Ann Seller", submitter="Ann Seller", authors={"uptime": "Wim Writer"})
POLICY = Policy(
    id="p",
    version="1",
    roles={"cfo": "CFO", "counsel": "Counsel"},
    stages=(("counsel",), ("cfo",)),
    rules=(
        LadderRule(
            "discount",
            ("d",),
            (LadderStep(Fraction(10), inclusive=False, roles=("cfo",)),),
            NO_WORSE,
        ),
        WalkAwayRule("walk-away", Selector(), ("counsel", "cfo")),
    ),
    fx=FxRates("USD", None, {}),
)
DISCOUNT = Reason("discount", "d", "25", "above 10", "The discount is 25 %.")
PASSAGE = Reason("free-text", "uptime", "standard", "standard", "Free text.", "a" * 64)

numbers = st.fractions(min_value=0, max_value=10**7, max_denominator=10_000)
reasons = st.builds(
    Reason,
    rule=st.sampled_from(["discount", "term"]),
    subject=st.sampled_from(["d", "uptime"]),
    tested=numbers.map(exact_text),
    threshold=st.just("above 10"),
    message=st.just("…"),
    passage=st.sampled_from(["", "a" * 64, "b" * 64]),
)
bindings = st.sampled_from([EXACT, NO_WORSE, BAND])


def decision(*seen: Reason, role: str = "cfo", **more: object) -> Decision:
    stated: dict[str, object] = {
        "person": "Bo Decider",
        "verdict": Verdict.APPROVED,
        "at": NOW,
        **more,
    }
    return Decision(role=role, policy="p@1", seen=tuple(map(seen_now, seen)), **stated)  # type: ignore[arg-type]


def requiring(*found: Reason, role: str = "cfo") -> Assessment:
    return Assessment("p@1", (Requirement(role, role, 1, found),), (), ())


@given(reasons, bindings)
def test_what_was_seen_covers_itself(reason: Reason, binding: Binding) -> None:
    assert covers(seen_now(reason), reason, binding)


@given(reasons, reasons, bindings)
def test_another_rule_subject_or_passage_is_never_covered(
    before: Reason, now: Reason, binding: Binding
) -> None:
    if (before.rule, before.subject, before.passage) != (now.rule, now.subject, now.passage):
        assert not covers(seen_now(before), now, binding)


@given(numbers, numbers)
def test_each_binding_lets_values_move_as_far_as_it_says(before: Fraction, now: Fraction) -> None:
    seen = SeenReason("discount", "d", exact_text(before))
    reason = replace(DISCOUNT, tested=exact_text(now))
    assert covers(seen, reason, EXACT) == (before == now)
    assert covers(seen, reason, NO_WORSE) == (now <= before)
    assert covers(seen, reason, BAND) == (abs(now - before) * 10 <= before)


@given(st.lists(reasons, max_size=6), st.lists(reasons, max_size=6))
def test_open_and_covered_together_are_what_is_required(
    required: list[Reason], decided: list[Reason]
) -> None:
    found = standing(requiring(*required), [decision(*decided)], POLICY, PEOPLE)
    open_reasons = [reason for one in found.open for reason in one.reasons]
    covered = [one.reason for one in found.covered]
    assert sorted(map(repr, open_reasons + covered)) == sorted(map(repr, required))


def test_a_smaller_discount_keeps_the_decision_and_a_larger_one_lapses() -> None:
    approved = [decision(DISCOUNT)]
    smaller, larger = replace(DISCOUNT, tested="24.9"), replace(DISCOUNT, tested="25.1")
    assert standing(requiring(smaller), approved, POLICY, PEOPLE).is_clear
    assert standing(requiring(larger), approved, POLICY, PEOPLE).open[0].reasons == (larger,)


def test_a_changed_passage_lapses_and_the_rest_of_the_decision_stands() -> None:
    approved = [decision(DISCOUNT, PASSAGE)]
    changed = replace(PASSAGE, passage="b" * 64)
    found = standing(requiring(DISCOUNT, changed), approved, POLICY, PEOPLE)
    assert found.open[0].reasons == (changed,)
    assert [one.reason for one in found.covered] == [DISCOUNT]


def test_a_lapse_says_what_moved() -> None:
    larger, changed = replace(DISCOUNT, tested="26"), replace(PASSAGE, passage="b" * 64)
    before = [decision(DISCOUNT, PASSAGE)]
    by_value = lapse_of("cfo", larger, before, POLICY)
    by_text = lapse_of("cfo", changed, before, POLICY)
    assert by_value is not None
    assert by_value.message == "Bo Decider decided on 24 Nov 2026 at 25; it is 26 now."
    assert by_text is not None
    assert by_text.message == "Bo Decider decided on 24 Nov 2026 on another text of the clause."
    assert lapse_of("cfo", replace(DISCOUNT, tested="24"), before, POLICY) is None
    assert lapse_of("counsel", larger, before, POLICY) is None


def test_another_role_does_not_cover() -> None:
    found = standing(requiring(DISCOUNT), [decision(DISCOUNT, role="counsel")], POLICY, PEOPLE)
    assert not found.is_clear


def test_a_later_rejection_withdraws_an_approval_and_a_later_approval_returns_it() -> None:
    yes = decision(DISCOUNT)
    no = decision(DISCOUNT, verdict=Verdict.REJECTED, at=NOW + timedelta(hours=1))
    again = decision(DISCOUNT, at=NOW + timedelta(hours=2))
    assert not standing(requiring(DISCOUNT), [yes, no], POLICY, PEOPLE).is_clear
    assert standing(requiring(DISCOUNT), [yes, no, again], POLICY, PEOPLE).is_clear


def test_a_decision_that_names_no_reasons_covers_nothing() -> None:
    assert not standing(requiring(DISCOUNT), [decision()], POLICY, PEOPLE).is_clear


def test_owner_and_author_do_not_count() -> None:
    owner = decision(DISCOUNT, person="ann  SELLER")
    author = decision(PASSAGE, person="Wim Writer")
    found = standing(requiring(DISCOUNT, PASSAGE), [owner, author], POLICY, PEOPLE)
    assert found.covered == ()
    assert [one.decision for one in found.not_counted] == [owner, author]
    assert dependence(author, [author], PEOPLE) == (
        "Wim Writer wrote “uptime” and can't decide on it.",
    )


def test_one_person_decides_in_one_role_only() -> None:
    first = decision(DISCOUNT)
    second = decision(DISCOUNT, role="counsel", at=NOW + timedelta(minutes=1))
    assert dependence(second, [first, second], PEOPLE) == ("Bo Decider decided as cfo already.",)
    assert dependence(first, [first, second], PEOPLE) == ()


def test_a_walk_away_is_lifted_only_by_every_exception_role() -> None:
    reason = Reason("walk-away", "uptime", "walk-away", "standard", "Not offered.", "a" * 64)
    blocked = Assessment("p@1", (), (WalkAway(reason, ("counsel", "cfo")),), ())
    by_counsel = decision(reason, role="counsel", person="Cy", verdict=Verdict.EXCEPTION)
    by_cfo = decision(reason, verdict=Verdict.EXCEPTION)
    approval = replace(by_cfo, verdict=Verdict.APPROVED)
    assert standing(blocked, [by_counsel], POLICY, PEOPLE).blocked
    assert standing(blocked, [by_counsel, approval], POLICY, PEOPLE).blocked
    assert standing(blocked, [by_counsel, by_cfo], POLICY, PEOPLE).is_clear


def test_a_decision_recorded_now_covers_all_that_its_role_is_asked() -> None:
    assessment = requiring(DISCOUNT, PASSAGE)
    recorded = decide(assessment, "cfo", "Bo Decider", NOW, Verdict.APPROVED)
    assert standing(assessment, [recorded], POLICY, PEOPLE).is_clear
    assert decide(assessment, "counsel", "Cy", NOW, Verdict.APPROVED).seen == ()


def test_two_roles_of_one_person_count_once_whatever_name_they_go_by() -> None:
    first = replace(decision(DISCOUNT, role="cfo"), person="Cy", person_id=7)
    later = replace(first, role="counsel", person="Cy Married", at=first.at + timedelta(hours=1))
    people = replace(PEOPLE, owner="Cy Married", owner_id=8)
    assert dependence(later, (first, later), people) == ("Cy Married decided as cfo already.",)
    namesake = replace(later, person="Cy", person_id=9)
    assert dependence(namesake, (first, namesake), people) == ()
    # A deal's file knows names alone.
    told = replace(later, person="CY", person_id=None)
    assert dependence(told, (first, told), people) == ("CY decided as cfo already.",)
