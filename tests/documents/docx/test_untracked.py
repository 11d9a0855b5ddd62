"""Edits without a mark are found in the right clause; what is only cosmetic is not."""

import pytest

from benchmarks.redlines import attribution, sized, stealth, stripped
from dealdesk.documents.docx.commenting import add_comment
from dealdesk.documents.docx.comments import read_comments
from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.docx.stream import paragraphs
from dealdesk.documents.docx.untracked import Untracked
from tests.documents.docx.hostile import parts_of, with_body, with_part
from tests.documents.docx.sample import AT, COUNSEL, CREDIT, sample_docx

BODY_PATH = "word/document.xml"


def found(data):
    return [(d.kind, d.where) for d in read_docx(data, sample_docx()).untracked]


def test_a_word_slipped_in_is_found_in_its_clause():
    data = with_body(b"are not penalties", b"are penalties")
    assert found(data) == [(Untracked.TEXT, "uptime/note")]


def test_a_paragraph_slipped_in_or_out_is_found():
    body = parts_of(sample_docx())[BODY_PATH].decode()
    at = body.index("Credits are not")
    start, end = body.rindex("<w:p>", 0, at), body.index("</w:p>", at) + 6
    note = body[start:end]
    out = with_part(BODY_PATH, (body[:start] + body[end:]).encode())
    assert found(out) == [(Untracked.REMOVED, "uptime/note")]
    extra = "<w:p><w:r><w:t>Fees double each year.</w:t></w:r></w:p>"
    added = with_part(BODY_PATH, body.replace(note, note + extra).encode())
    assert [kind for kind, _ in found(added)] == [Untracked.ADDED]


def test_quotes_spaces_and_hyphens_are_cosmetic():
    data = with_body("party’s liability is".encode(), "party's liability\u00a0is".encode())
    assert found(data) == [(Untracked.COSMETIC, "liability/cap")]
    assert not read_docx(data, sample_docx()).untracked[0].is_content


@pytest.mark.parametrize("looks", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>'])
def test_words_that_cannot_be_seen_are_found(looks):
    hidden = f"<w:r><w:rPr>{looks}</w:rPr><w:t> and twice</w:t></w:r></w:p>".encode()
    body = parts_of(sample_docx())[BODY_PATH]
    at = body.index(b"</w:p>", body.index(b"are not penalties"))
    data = with_part(BODY_PATH, body[:at] + hidden + body[at + 6 :])
    assert Untracked.HIDDEN in {kind for kind, _ in found(data)}


def test_a_field_that_leads_elsewhere_is_found():
    body = parts_of(sample_docx())[BODY_PATH].decode()
    start = body.index(" REF dd_") + 5
    name = body[start : start + 27]
    data = with_part(BODY_PATH, body.replace(f"REF {name}", "REF dd_other", 1).encode())
    assert {kind for kind, _ in found(data)} == {Untracked.FIELD}


def test_other_numbering_footer_title_and_terms_are_found():
    parts = parts_of(sample_docx())
    numbering = parts["word/numbering.xml"].replace(b'"lowerLetter"', b'"decimal"')
    kinds = {kind for kind, _ in found(with_part("word/numbering.xml", numbering))}
    assert kinds == {Untracked.NUMBERING}
    footer = parts["word/footer1.xml"].replace(b" of ", b" or ")
    assert found(with_part("word/footer1.xml", footer)) == [(Untracked.TEXT, "footer")]
    core = parts["docProps/core.xml"].replace(b"Sample Agreement", b"Other Agreement")
    assert {k for k, _ in found(with_part("docProps/core.xml", core))} == {Untracked.PROPERTY}
    custom = next(name for name in parts if name.startswith("customXml/") and "rels" not in name)
    other = parts[custom].replace(b"sla-terms/1", b"sla-terms/2")
    assert {k for k, _ in found(with_part(custom, other))} == {Untracked.CUSTOM_PART}


def test_a_control_that_was_bound_to_data_is_found():
    data = with_body(
        b"</w:sdtPr>", b'<w:dataBinding w:xpath="/a/b" w:storeItemID="{1}"/></w:sdtPr>'
    )
    assert [kind for kind, _ in found(data)] == [Untracked.CUSTOM_PART]
    assert "bound to /a/b" in read_docx(data, sample_docx()).untracked[0].new


def test_a_mark_of_ours_that_vanished_is_found():
    ours = write_tracked_replacements(sample_docx(), [(CREDIT, "5%", "15%")], COUNSEL, AT)
    rejected = settle_all(ours, accept=False)
    kinds = {d.kind for d in read_docx(rejected, ours).untracked}
    assert kinds == {Untracked.VANISHED}
    accepted = settle_all(ours, accept=True)
    kinds = {d.kind for d in read_docx(accepted, ours).untracked}
    assert kinds == {Untracked.VANISHED, Untracked.TEXT}


def test_one_word_edits_are_found_in_the_right_clause_only():
    _, old, new = sized("S")
    marked = compare_docx(old, new, COUNSEL, AT)
    assert stealth(12, marked, old, noise=False) == "12/12"
    assert stealth(12, marked, old, noise=True) == "12/12"


def test_changes_are_placed_with_and_without_anchors():
    answer = attribution()
    for value in answer.values():
        named, _, rest = str(value).partition("/")
        assert int(named) >= 27
        assert rest.endswith("0 extra")


def test_a_file_without_anchors_is_placed_by_its_words():
    marked = write_tracked_replacements(
        sample_docx(), [("liability/cap", "Fees", "Charges")], COUNSEL, AT
    )
    (change,) = read_docx(stripped(marked), sample_docx()).changes
    assert (change.place.block_id, change.place.tier) == ("liability/cap", "text")


def test_a_comment_over_two_clauses_is_on_both():
    file = open_docx(sample_docx())
    story = paragraphs(file.body)
    marker = Marker.for_part(file.body, COUNSEL, "2026-11-24T09:00:00Z")
    first = next(p for p in story if p.text(final=True).startswith("one lies"))
    add_comment(file, first, (0, 3), "Why both?", marker)
    second = next(p for p in story if p.text(final=True).startswith("Credits are"))
    ends = [e for e in first.element if e.tag.endswith("commentRangeEnd")]
    second.element.append(ends[0])
    (comment,) = read_comments(open_docx(file.to_bytes()))
    blocks = {place.block_id for place in comment.places}
    assert {"uptime/overlap-whole", "uptime/note"} <= blocks
    assert comment.author == COUNSEL
    assert comment.quoted.startswith("one")
