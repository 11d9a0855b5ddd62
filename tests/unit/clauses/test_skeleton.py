"""The files of a new clause: read back as typed, faults told at their field."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from dealdesk.clauses.loader import load_library
from dealdesk.clauses.skeleton import LONGEST_LINE, NewClause, skeleton
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml

LIBRARY = load_library(Path(__file__).parents[2] / "library")
DAY = date(2026, 11, 27)
NEW = NewClause(
    id="data-return",
    title="Return of data",
    owner="commercial_counsel",
    sentence="Data comes back within thirty days",
    explanation="The customer gets its data back.",
    family_title="Data after the end",
)
LINES = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), include_characters=" "),
    min_size=1,
    max_size=LONGEST_LINE,
).filter(lambda text: bool(text.strip()))


@drawn(LINES, LINES)
def test_whatever_is_typed_comes_back_from_the_files(title: str, sentence: str) -> None:
    try:
        files = skeleton(replace(NEW, title=title, sentence=sentence), LIBRARY, DAY)
    except DomainError as error:
        assert {one.code for one in error.problems} <= {"clause-title", "clause-sentence"}  # noqa: PT017 - letters that can't be seen
        return
    data = load_yaml(files["clause.yaml"], "clause.yaml").data
    assert isinstance(data, dict)
    assert data["title"] == title.strip()
    assert data["positions"][0]["sentence"] == sentence.strip()  # type: ignore[index, call-overload]


def test_a_clause_of_a_known_family_brings_no_family() -> None:
    new = replace(NEW, family="publicity", family_title="")
    files = skeleton(new, LIBRARY, DAY)
    assert sorted(files) == ["clause.yaml", "standard.md"]
    assert new.folder == "clauses/publicity/data-return"
    assert sorted(skeleton(NEW, LIBRARY, DAY)) == ["clause.yaml", "family.yaml", "standard.md"]


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"id": "Data Return"}, "id", "An id has small letters"),
        ({"id": "publicity"}, "id", "The library has a clause publicity."),
        ({"id": "uptime"}, "id", "The library has a clause uptime."),
        ({"id": "x" * 41}, "id", "An id has small letters"),
        ({"title": " "}, "title", "The title is missing."),
        ({"title": "x" * 201}, "title", "The title is one line of up to 200 characters."),
        ({"title": "Re\u202eturn"}, "title", "hidden|seen|U\\+202E"),
        ({"family": "nothing"}, "family", "There is no such family."),
        ({"family_title": ""}, "family_title", "The new family's title is missing."),
        ({"owner": "nobody"}, "owner", "There is no such role."),
        ({"sentence": "two\nlines"}, "sentence", "is one line"),
    ],
)
def test_what_is_wrong_with_a_new_clause_is_said_at_its_field(
    given: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(DomainError, match=said) as error:
        skeleton(replace(NEW, **given), LIBRARY, DAY)
    assert [one.place.path for one in error.value.problems] == [field]
