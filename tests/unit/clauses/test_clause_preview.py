"""A clause as it prints while it is drafted: in its agreement, or tried in one."""

from dataclasses import replace
from pathlib import Path

import pytest

from dealdesk.clauses.loader import load_library
from dealdesk.workflows.clause_preview import printed_positions

LIBRARY = load_library(Path(__file__).parents[2] / "library")


@pytest.mark.parametrize("clause", ["uptime", "publicity"])
def test_each_position_prints_its_line_and_its_text(clause: str) -> None:
    found = printed_positions(LIBRARY, LIBRARY.clauses[clause])
    assert [one.position for one in found] == [one.id for one in LIBRARY.clauses[clause].positions]
    assert all(one.sentence and "<p" in one.html for one in found)
    # Ids would stand twice on a page with several positions.
    assert all(" id=" not in one.html for one in found)


def test_a_clause_of_no_agreement_is_tried_in_the_first() -> None:
    agreements = {
        key: replace(
            one,
            parts=tuple(
                replace(part, slots=tuple(s for s in part.slots if s.clause != "publicity"))
                for part in one.parts
            ),
        )
        for key, one in LIBRARY.agreements.items()
    }
    alone = replace(LIBRARY, agreements=agreements)
    found = printed_positions(alone, LIBRARY.clauses["publicity"])
    assert [one.html for one in found] != []
    assert found[0].sentence == printed_positions(LIBRARY, LIBRARY.clauses["publicity"])[0].sentence
    assert printed_positions(replace(LIBRARY, agreements={}), LIBRARY.clauses["publicity"]) == ()
