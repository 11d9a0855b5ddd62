"""A policy file with faults names each of them with its line."""

from pathlib import Path

import pytest

from dealdesk.approvals.policy import Policy, TimeLimit
from dealdesk.approvals.policy_file import read_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY
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
