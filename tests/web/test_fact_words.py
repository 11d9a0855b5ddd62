"""What an event states, as a line that a person reads."""

import pytest

from dealdesk.web.audit import fact_words


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (3, "3"),
        (["finance", "cfo"], "finance, cfo"),
        ({"sku": "TEAM", "list_unit": "30"}, "sku TEAM, list unit 30"),
        ([{"role": "cfo", "rule": "tcv"}, {"role": "cro"}], "role cfo, rule tcv; role cro"),
        ({"roles": ["cfo", "cro"]}, "roles cfo, cro"),
        ([], ""),
    ],
)
def test_a_fact_is_a_line_without_brackets(fact: object, line: str) -> None:
    assert fact_words(fact) == line
