"""Canonical JSON: one text for a value, whatever the order in which it was made."""

import json

from hypothesis import given
from hypothesis import strategies as st

from dealdesk.kernel.hashing import canonical_json, sha256_json, sha256_text

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@given(VALUES)
def test_canonical_json_reads_back_as_the_same_value(value) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(), SCALARS))
def test_the_order_of_keys_does_not_change_the_hash(value) -> None:
    turned = dict(reversed(list(value.items())))
    assert sha256_json(turned) == sha256_json(value)


def test_the_form_is_fixed_so_that_old_hashes_stay_right() -> None:
    value = {"b": [1, None, True], "a": "größer “so” \u2028"}
    assert canonical_json(value) == '{"a":"größer “so” \u2028","b":[1,null,true]}'
    assert sha256_text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
