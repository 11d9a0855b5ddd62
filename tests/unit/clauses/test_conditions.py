"""Conditions in one another: as deep as people write, and no deeper than can be walked."""

import pytest

from dealdesk.clauses.parser import MAX_CONDITIONS, parse_template


def nested(deep: int) -> str:
    return "\n\n".join(
        [
            "# Title {#title}",
            *["{{when: facts.phi == true}}"] * deep,
            "Words. {#words}",
            *["{{end}}"] * deep,
        ]
    )


@pytest.mark.parametrize("deep", [0, 1, MAX_CONDITIONS])
def test_conditions_stand_in_one_another(deep: int) -> None:
    template, problems = parse_template(nested(deep), "text.md")
    assert problems == ()
    assert len(template) == 1


@pytest.mark.parametrize("deep", [MAX_CONDITIONS + 1, 5_000])
def test_too_many_are_told_once_at_the_first_line_too_deep(deep: int) -> None:
    _, problems = parse_template(nested(deep), "text.md")
    assert [one.code for one in problems] == ["too-many-conditions"]
    assert problems[0].place.line == 3 + 2 * MAX_CONDITIONS
    assert "at most" in problems[0].message


def test_conditions_that_hold_nothing_yet_count_as_well() -> None:
    _, problems = parse_template("{{when: facts.phi == true}}\n\n" * 5_000, "text.md")
    codes = [one.code for one in problems]
    assert codes.count("too-many-conditions") == 1
    assert codes.count("when-open") == MAX_CONDITIONS
