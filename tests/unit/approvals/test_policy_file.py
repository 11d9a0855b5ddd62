"""A policy file with faults names each of them with its line."""

from fractions import Fraction
from pathlib import Path

import pytest

from dealdesk.approvals.assessment import Reason
from dealdesk.approvals.coverage import covers
from dealdesk.approvals.policy import (
    Binding,
    BindingKind,
    LadderRule,
    Policy,
    TimeLimit,
    TogetherRule,
)
from dealdesk.approvals.policy_file import read_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.deals.deal import SeenReason
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml

POLICY_FILE = Path(__file__).parents[2] / "library" / "policies" / "approval.yaml"
TEXT = POLICY_FILE.read_text("utf-8")


def problems(text: str) -> list[str]:
    with pytest.raises(DomainError) as caught:
        read_policy(load_yaml(text, "approval.yaml"))
    return [f"{problem.code}:{problem.place.line}" for problem in caught.value.problems]


def line_of(words: str) -> int:
    return TEXT[: TEXT.index(words)].count("\n") + 1


def test_an_unknown_role_is_named_with_its_line() -> None:
    text = TEXT.replace("roles: [vp_sales]", "roles: [vp_marketing]")
    assert [code.partition(":")[0] for code in problems(text)] == ["unknown-role"]


def test_a_ladder_has_to_rise() -> None:
    text = TEXT.replace("above: 20", "above: 5")
    assert problems(text) == [f"ladder-order:{line_of('    ladder:')}"]


def test_faults_are_reported_together() -> None:
    text = (
        TEXT.replace("binding: no_worse", "binding: no_wors", 1)
        .replace("sign: free_text", "sign: fretext")
        .replace("id: walk-away", "id: discount")
        .replace("2033-12-31", "2033-12-32")
        .replace("band_pct: 10", "band_pct: 0")
    )
    assert [code.partition(":")[0] for code in problems(text)] == [
        "no-such-date",
        "unknown-word",
        "band",
        "unknown-word",
        "duplicate-rule",
    ]


def test_a_rule_of_no_kind_is_refused() -> None:
    assert "no-kind" in problems(TEXT.replace("    insurance: true\n", ""))[0]


TIMES = """
calendar:
  zone: Europe/Berlin
  weekly: [{days: [mon], open: "09:00", close: "12:00"}]
limits:
  usual: {hours: 8}
  cfo: {hours: 4, escalate_after: 2, escalate_to: [cro]}
stand_ins:
  cfo: [cro]
"""


def with_times(times: str) -> Policy:
    text = (DEFAULT_LIBRARY / "policies" / "approval.yaml").read_text("utf-8")
    start, end = text.index("# Business time"), text.index("# Illustrative rates")
    return read_policy(load_yaml(text[:start] + times.lstrip() + text[end:], "policy.yaml"))


def test_time_limits_are_read_by_role() -> None:
    policy = with_times(TIMES)
    assert policy.calendar.zone == "Europe/Berlin"
    assert policy.limit_of("finance") == TimeLimit(8)
    assert policy.limit_of("cfo") == TimeLimit(4, 2, ("cro",))
    assert policy.stand_ins == {"cfo": ("cro",)}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("zone: Europe/Berlin", "zone: Mars"), "“Mars” is not a time zone"),
        (("hours: 4", "hours: 0"), "“hours”"),
        (("escalate_to: [cro]", "escalate_to: [ceo]"), "There is no role “ceo”"),
        (("escalate_to: [cro]", "escalate_to: [cfo]"), "“cfo” escalates to itself"),
        (("cfo: [cro]", "cfo: [ceo]"), "There is no role “ceo”"),
        (("cfo: [cro]", "cfo: cro"), "“cfo” has to name a list of roles"),
        (("cfo: {hours", "ceo: {hours"), "There is no role “ceo”"),
        (('close: "12:00"', 'close: "08:00"'), "is no time at all"),
    ],
)
def test_wrong_time_limits_are_said_in_a_sentence(wrong: tuple[str, str], told: str) -> None:
    with pytest.raises(DomainError, match=told):
        with_times(TIMES.replace(*wrong))


FALLING = """
  - id: answer
    figures: [a/b]
    binding: no_lower
    ladder:
      - below: 60
        roles: [vp_sales]
      - below: 20
        roles: [cfo]
"""
RECORD = """
capability:
  expires_on: 2027-06-30
  regions:
    - regions: 1
      carries: "99.95"
  measured:
    - figure: uptime/target
      at_most: "99.97"
      words: measured
  staffing:
    - zone: Europe/Berlin
      days: [mon, tue]
      open: "08:00"
      close: "18:00"
"""


def with_rule(rule: str) -> str:
    return TEXT.replace("\nrules:", f"\nrules:{rule.rstrip()}", 1)


def test_a_ladder_may_fall_and_is_reached_below() -> None:
    rule = read_policy(load_yaml(with_rule(FALLING), "p")).rule("answer")
    assert isinstance(rule, LadderRule)
    assert [step.is_reached_by(Fraction(20)) for step in rule.steps] == [True, False]
    assert [step.is_reached_by(Fraction(19)) for step in rule.steps] == [True, True]
    assert not rule.steps[0].is_reached_by(Fraction(60))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("below: 20", "below: 70", "ladder-order"),
        ("below: 20", "above: 20", "ladder-order"),
        ("below: 20", "below: 20\n        above: 30", "one-limit"),
    ],
)
def test_a_falling_ladder_with_a_fault_is_refused(old: str, new: str, code: str) -> None:
    assert any(told.startswith(code) for told in problems(with_rule(FALLING.replace(old, new))))


def test_a_rule_on_figures_together_has_two() -> None:
    rule = """
  - id: both
    together:
      - figure: payment_days
        above: 45
    roles: [cfo]
"""
    assert "one-figure" in problems(with_rule(rule))[0]
    second = "      - figure: discount_highest\n        above: 20\n    roles"
    both = read_policy(load_yaml(with_rule(rule.replace("    roles", second)), "p")).rule("both")
    assert isinstance(both, TogetherRule)
    assert both.limits == (("payment_days", 45), ("discount_highest", 20))


def test_a_record_of_what_the_service_can_do_is_read() -> None:
    record = read_policy(load_yaml(TEXT + RECORD, "p")).capability
    assert record is not None
    assert record.carried_by(1) == Fraction("99.95")
    assert record.staffing[0].zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('at_most: "99.97"', 'at_most: "99.97"\n      at_least: "99"', "one-limit"),
        ("Europe/Berlin", "Europe/Berlin2", "bad-zone"),
        ("[mon, tue]", "[mon, noday]", "bad-day"),
        ('close: "18:00"', 'close: "07:00"', "bad-hours"),
        ("2027-06-30", "2027-06-31", "no-such-date"),
    ],
)
def test_a_record_with_a_fault_is_refused_with_its_line(old: str, new: str, code: str) -> None:
    (told,) = problems(TEXT + RECORD.replace(old, new))
    assert told.partition(":")[0] == code
    assert int(told.partition(":")[2]) > TEXT.count("\n")


def test_a_lower_promise_to_us_needs_a_new_decision() -> None:
    seen = SeenReason("answer", "a/b", "30")
    binding = Binding(BindingKind.NO_LOWER)
    told = {
        now: covers(seen, Reason("answer", "a/b", now, "", ""), binding) for now in ("29", "31")
    }
    assert told == {"29": False, "31": True}
