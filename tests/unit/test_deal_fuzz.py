"""Whatever stands in a deal file, the answer is a quote or sentences, never a traceback."""

import copy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.deals.deal_file import read_deal
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.located_yaml import load_yaml
from dealdesk.workflows.quote_json import quote_json
from dealdesk.workflows.quoting import quote

TESTS = Path(__file__).parents[1]
LIBRARY = load_library(TESTS / "library")
POLICY = load_policy(TESTS / "library" / "policies" / "approval.yaml")
DEALS = [
    load_yaml((TESTS / "deals" / f"{name}.yaml").read_text("utf-8"), name).data
    for name in ("T4", "T6", "T7", "T9", "T10")
]
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**6),
    st.sampled_from(
        ["", "0", "-1", "1e5", "NaN", "0.00", "999999999999", "2027-02-29", "9999-12-31"]
    ),
    st.sampled_from(
        ["none", "once", "term", "month", "JPY", "KWD", "<b>", "\u202e", "a: b", "100"]
    ),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"a": {"b": 1}}),
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Return each container of plain data with each of its keys."""
    found = []
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        found.append((data, key))
        if isinstance(value, dict | list):
            found += places(value)
    return found


@settings(max_examples=200)
@given(st.sampled_from(DEALS), st.data())
def test_a_spoilt_deal_is_quoted_or_refused_with_sentences(deal: Any, data: st.DataObject) -> None:
    spoilt = copy.deepcopy(deal)
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(spoilt)))
        container[key] = copy.deepcopy(data.draw(junk))
    problems: tuple[Problem, ...] = ()
    try:
        found = quote(read_deal(load_yaml(yaml.safe_dump(spoilt), "deal.yaml")), LIBRARY, POLICY)
    except DomainError as error:
        problems = error.problems
    else:
        assert quote_json(found)["schema_version"] == "quote/1"
        return
    assert problems
    assert all(problem.message.endswith((".", "?")) for problem in problems)
