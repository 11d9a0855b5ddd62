"""Each kind of revision is read with its author and date, and resolved both ways."""

from datetime import UTC, datetime

import pytest

from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.changes import Kind
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.reader import View, docx_text
from dealdesk.documents.docx.resolver import unresolved
from dealdesk.documents.docx.settle import settle, settle_all
from tests.conftest import CASES
from tests.documents.docx.minimal import KINDS, document, gone, p, r

REVTRACKING = CASES / "word-made" / "one-revision-kind"
WORD_KINDS = {
    "002": {Kind.DELETION},
    "004": {Kind.NUMBERING},
    "006": {Kind.ROW_DELETION},
    "008": {Kind.INSERTION},
    "010": {Kind.INSERTION},
    "012": {Kind.DELETION},
    "014": {Kind.MOVE_FROM, Kind.MOVE_TO},
    "016": {Kind.CONTROL_DELETION},
    "018": {Kind.PARAGRAPH_FORMATTING},
    "020": {Kind.SECTION},
    "022": {Kind.TABLE_FORMATTING},
    "024": {Kind.TABLE_FORMATTING},
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_of_revision_is_read_with_author_and_date(kind):
    change = read_changes(open_docx(document(KINDS[kind])))[0]
    assert change.kind == kind
    assert change.author == "Dana Example"
    assert change.at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_of_revision_is_resolved_both_ways(kind):
    data = document(KINDS[kind])
    for accept in (True, False):
        assert unresolved(open_docx(settle_all(data, accept=accept)).body) == 0
    assert docx_text(open_docx(settle_all(data, accept=False)), View.FINAL) == docx_text(
        open_docx(data), View.BASE
    )


@pytest.mark.skipif(not REVTRACKING.exists(), reason=f"{REVTRACKING} is absent (files by others)")
def test_files_that_word_made_are_reported_by_their_kind():
    wrong = {}
    for path in sorted(REVTRACKING.glob("*.docx")):
        changes = read_changes(open_docx(path.read_bytes()))
        kinds = {c.kind for c in changes}
        if kinds != WORD_KINDS[path.name[:3]] or not any(c.author and c.at for c in changes):
            wrong[path.name] = kinds
    assert wrong == {}


def test_missing_author_and_date_stay_unknown():
    data = document(p(r("a ") + f'<w:ins w:id="1">{r("new")}</w:ins>'))
    (change,) = read_changes(open_docx(data))
    assert (change.author, change.date, change.at) == ("", "", None)


def test_an_unreadable_date_is_kept_as_written():
    data = document(p(f'<w:ins w:id="1" w:author="A" w:date="yesterday">{r("new")}</w:ins>'))
    (change,) = read_changes(open_docx(data))
    assert (change.date, change.at) == ("yesterday", None)


def test_twin_ids_in_one_part_still_name_two_changes():
    twice = "".join(
        f'<w:ins w:id="1" w:author="A">{r(text)}</w:ins>{r(" kept ")}' for text in ("one", "two")
    )
    data = document(p(twice))
    changes = read_changes(open_docx(data))
    assert [c.new for c in changes] == ["one", "two"]
    assert len({c.id for c in changes}) == 2
    left = settle(data, [], [changes[1].id])
    assert docx_text(open_docx(left), View.FINAL) == "one kept kept\n"


def test_two_authors_side_by_side_are_two_changes():
    body = (
        f'<w:ins w:id="1" w:author="A">{r("one")}</w:ins><w:del w:id="2" w:author="B">'
        f"{gone('two')}</w:del>"
    )
    changes = read_changes(open_docx(document(p(body))))
    assert [(c.author, c.kind) for c in changes] == [("A", Kind.INSERTION), ("B", Kind.DELETION)]


def test_ten_thousand_changes_are_read():
    body = "".join(
        p(r("kept ") + f'<w:ins w:id="{i}" w:author="A">{r("new")}</w:ins>') for i in range(10_000)
    )
    data = document(body)
    assert len(read_changes(open_docx(data))) == 10_000
    assert unresolved(open_docx(settle_all(data, accept=True)).body) == 0


def test_text_in_a_text_box_is_read_once():
    inner = p(r("boxed"))
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = (
        f'<w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps"><w:drawing>'
        f"<w:txbxContent>{inner}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<w:txbxContent>{inner}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert docx_text(open_docx(document(p(box))), View.FINAL).count("boxed") == 1


def test_footnotes_are_read_and_resolved():
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:footnote w:id="2">{p(r("see ") + f"<w:ins w:id={chr(34)}9{chr(34)} w:author={chr(34)}A{chr(34)}>" + r("below") + "</w:ins>")}'
        "</w:footnote></w:footnotes>"
    ).encode()
    data = document(p(r("text")), **{"word__footnotes.xml": notes})
    (change,) = read_changes(open_docx(data))
    assert (change.part, change.new) == ("footnotes", "below")
    assert "below" not in docx_text(open_docx(settle_all(data, accept=False)), View.FINAL)
