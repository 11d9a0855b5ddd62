"""Every state of a request × every action, and the same for drafts of the policy."""

import pytest

from dealdesk.approvals.lifecycle import (
    ASKED,
    LIVE,
    DraftAction,
    DraftState,
    RequestAction,
    RequestState,
    draft_moved,
    may_move,
    moved,
)
from dealdesk.kernel.errors import ConflictError

# One row a state: where each action leads, "." for nowhere.
#            call  approve   reject    ask         answer delegate    remind escalate withdraw  supersede
TABLE = """
waiting      open  .         .         .           .      .           .      .        withdrawn superseded
open         .     approved  rejected  questioned  .      open        open   open     withdrawn superseded
questioned   .     approved  rejected  .           open   questioned  .      .        withdrawn superseded
approved     .     .         .         .           .      .           .      .        .         .
rejected     .     .         .         .           .      .           .      .        .         .
withdrawn    .     .         .         .           .      .           .      .        .         .
superseded   .     .         .         .           .      .           .      .        .         .
"""
CASES = [
    (RequestState(line.split()[0]), action, target)
    for line in TABLE.strip().splitlines()
    for action, target in zip(RequestAction, line.split()[1:], strict=True)
]


def test_the_table_has_every_pair() -> None:
    assert len(CASES) == len(RequestState) * len(RequestAction)


@pytest.mark.parametrize(("state", "action", "target"), CASES)
def test_each_action_leads_where_it_should(
    state: RequestState, action: RequestAction, target: str
) -> None:
    assert may_move(state, action) == (target != ".")
    if target != ".":
        assert moved(state, action) is RequestState(target)
        return
    with pytest.raises(ConflictError, match=f"This request is {state.value}, so nobody can"):
        moved(state, action)


def test_live_requests_are_those_that_can_still_move() -> None:
    assert {"waiting", "open", "questioned"} == LIVE
    assert {"open", "questioned"} == ASKED


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("action", DraftAction)
def test_only_a_draft_moves(state: DraftState, action: DraftAction) -> None:
    targets = {"change": "draft", "publish": "published", "discard": "discarded"}
    if state is DraftState.DRAFT:
        assert draft_moved(state, action).value == targets[action.value]
        return
    with pytest.raises(ConflictError, match=f"This draft is {state.value}"):
        draft_moved(state, action)
