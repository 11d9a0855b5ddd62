"""The book tells the whole library by itself; the figures are those of the text."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from dealdesk.cli.main import main
from dealdesk.workflows.library_passages import passages
from dealdesk.workflows.library_statistics import reading, text_of
from tests.enterprise import shipped_library

SCHEMAS = resources.files("dealdesk.clauses").joinpath("schemas")
VOID = {"meta", "link", "br", "col", "path", "circle", "img", "input"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("book")
    found = CliRunner().invoke(main, ["library", "book", "--out", str(out)])
    assert found.exit_code == 0, found.output
    return out


class Strict(HTMLParser):
    """Notes ids and links, and refuses tags that close what is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids[value or ""] += 1
            if name in {"href", "src"}:
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_book_needs_nothing_but_its_folder(folder: Path) -> None:
    page = Strict()
    page.feed((folder / "index.html").read_text("utf-8"))
    assert page.open == []
    assert "script" not in page.tags
    assert {one for one in page.links if not one.startswith("#")} == {"book.css"}
    css = (folder / "book.css").read_text("utf-8")
    for name in re.findall(r'url\("([^"]+)"\)', css):
        assert (folder / name).is_file()


def test_each_link_leads_to_one_place(folder: Path) -> None:
    page = Strict()
    page.feed((folder / "index.html").read_text("utf-8"))
    assert [one for one, count in page.ids.items() if count > 1] == []
    assert {one[1:] for one in page.links if one.startswith("#")} <= set(page.ids)


def test_every_position_stands_in_the_book_with_its_text(folder: Path) -> None:
    html = (folder / "index.html").read_text("utf-8")
    for clause in shipped_library().clauses.values():
        for position in clause.positions:
            assert f'id="{clause.id}-{position.id}"' in html
    assert "No agreement prints this position yet." not in html
    assert "not reviewed by counsel" in html
    assert 'at least <span class="value">99.95%</span>' in html


def test_the_same_library_gives_the_same_book(folder: Path, tmp_path: Path) -> None:
    CliRunner().invoke(main, ["library", "book", "--out", str(tmp_path)])
    for name in ("index.html", "book.css"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_sentence_is_measured_as_flesch_and_kincaid_do() -> None:
    found = reading("The cat sat on the mat. It slept.")
    assert (found.words, found.sentences, found.longest) == (8, 2, 6)
    assert round(found.ease, 1) == round(206.835 - 1.015 * 4 - 84.6 * 1, 1)
    assert round(found.grade, 1) == round(0.39 * 4 + 11.8 * 1 - 15.59, 1)


def test_a_text_without_words_has_no_figures() -> None:
    assert reading("1.\n\n2.").words == 2
    assert reading("").words == reading("…").words == 0


def test_each_position_is_read_with_its_values() -> None:
    texts = {(p.clause.id, p.position.id): text_of(p) for p in passages(shipped_library())}
    positions = {(c.id, p.id) for c in shipped_library().clauses.values() for p in c.positions}
    assert set(texts) == positions
    assert "at least 99.9% of each calendar month" in texts["uptime", "standard"]
    assert "Commitment" not in texts["uptime", "standard"].splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["statistics", "coverage"])
def test_answers_keep_to_their_schemas(command: str) -> None:
    found = CliRunner().invoke(main, ["library", command, "--json"])
    assert found.exit_code == 0
    schema = json.loads(SCHEMAS.joinpath(f"library-{command}-1.json").read_text("utf-8"))
    jsonschema.validate(json.loads(found.stdout), schema)
    told = CliRunner().invoke(main, ["library", command])
    assert "enterprise" in told.stdout or "uptime:standard" in told.stdout
