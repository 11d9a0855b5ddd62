"""YAML: plain data with lines; bombs and doubtful forms are refused, each with its line."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml, read_text_file

DEEP = 100_000


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: &x [1]\nc: *x\n", "yaml-alias", 2),
        ("a: 1\na: 2\n", "duplicate-key", 2),
        ("a: 1\n<<: {b: 2}\n", "yaml-key", 2),
        ("a: 1\nb: !!python/name:os.system x\n", "yaml-tag", 2),
        ("a: 1\nb: !own [1]\n", "yaml-tag", 2),
        ("a: [1\nb: 2\n", "not-yaml", 2),
        ("a: 1\n---\nb: 2\n", "not-yaml", 2),
    ],
)
def test_doubtful_forms_are_refused_with_their_line(text: str, code: str, line: int) -> None:
    with pytest.raises(DomainError) as raised:
        load_yaml(text, "deal.yaml")
    first = raised.value.problems[0]
    assert (first.code, first.place.file, first.place.line) == (code, "deal.yaml", line)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_what_is_nested_without_end_is_refused(opening: str) -> None:
    with pytest.raises(DomainError):
        load_yaml(opening * DEEP, "deal.yaml")


def test_dates_and_decimals_stay_as_written() -> None:
    data = load_yaml("a: 2027-01-31\nb: 1.10\nc: 007\nd: yes\ne: true\nf: 12\ng:\n", "f").data
    assert data == {
        "a": "2027-01-31", "b": "1.10", "c": "007", "d": "yes", "e": True, "f": 12, "g": None
    }  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_is_data_or_sentences(text: str) -> None:
    with suppress(DomainError):
        load_yaml(text, "deal.yaml")


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a: \x00", b"x" * 2_000_001])
def test_files_that_are_not_text_are_named(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_bytes(data)
    with pytest.raises(DomainError, match=r"deal\.yaml"):
        read_text_file(path)
