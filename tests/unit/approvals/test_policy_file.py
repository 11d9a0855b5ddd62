"""A policy file with faults names each of them with its line."""

from pathlib import Path

import pytest

from dealdesk.approvals.policy_file import read_policy
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
