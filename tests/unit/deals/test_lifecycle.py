"""Every stage × action: what is possible, and that all obstacles are told at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.deals.lifecycle import (
    NEEDS,
    TRANSITIONS,
    Need,
    Readiness,
    StageAction,
    may_move,
    obstacles,
)
from dealdesk.deals.models import Stage
from dealdesk.kernel.errors import Problem

READY = Readiness({})
POSSIBLE = {
    Stage.DRAFT: "send lose",
    Stage.NEGOTIATION: "send prepare lose",
    Stage.SIGNATURE: "reopen seal lose",
    Stage.SIGNED: "",
    Stage.LOST: "revive",
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("action", StageAction)
def test_each_stage_allows_just_its_actions(stage: Stage, action: StageAction) -> None:
    is_possible = action in POSSIBLE[stage].split()
    assert may_move(stage, action) is is_possible
    found = obstacles(stage, action, READY)
    assert (found == ()) is is_possible
    assert all(one.code == "wrong-stage" and str(stage) in one.message for one in found)


def test_only_a_seal_leads_to_signed_and_nothing_leads_from_there() -> None:
    assert {action for (_, action), to in TRANSITIONS.items() if to is Stage.SIGNED} == {
        StageAction.SEAL
    }
    assert not any(stage is Stage.SIGNED for stage, _ in TRANSITIONS)


@given(st.dictionaries(st.sampled_from(Need), st.lists(st.text(min_size=1), max_size=3)))
def test_all_that_is_missing_is_told_at_once_and_nothing_else(
    missing: dict[Need, list[str]],
) -> None:
    problems = {
        need: tuple(Problem(need.value, text) for text in texts) for need, texts in missing.items()
    }
    for stage, action in TRANSITIONS:
        wanted = tuple(one for need in NEEDS.get(action, ()) for one in problems.get(need, ()))
        assert obstacles(stage, action, Readiness(problems)) == wanted
