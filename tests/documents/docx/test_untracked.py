"""Edits without a mark are found in the right clause; what is only cosmetic is not."""

import pytest

from benchmarks.redlines import attribution, sized, stealth, stripped
from dealdesk.documents.docx.commenting import add_comment
from dealdesk.documents.docx.comments import read_comments
from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.differences import Untracked
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.docx.stream import paragraphs
from tests.documents.docx.hostile import packed, parts_of, with_body, with_part
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


def looks(data):
    return [
        (d.where, d.old, d.new) for d in read_docx(data, sample_docx()).untracked if d.is_content
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'w:right="1361"', b'w:right="3000"', "right margin 3000"),
        (b'w:w="11906"', b'w:w="12240"', "page width 12240"),
        (b"<w:pgSz", b'<w:cols w:num="2"/><w:pgSz', "columns 2"),
        (b"<w:pgSz", b"<w:titlePg/><w:pgSz", "other first page yes"),
    ],
)
def test_pages_set_otherwise_are_found(old, new, said):
    data = with_body(old, new)
    assert found(data) == [(Untracked.SECTION, "body")]
    assert looks(data)[0][2] == said


def test_a_section_whose_former_setting_is_recorded_is_tracked():
    change = (
        b'<w:sectPrChange w:id="7" w:author="D"><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        b'<w:pgMar w:top="1474" w:right="1361" w:bottom="1474" w:left="1361"/></w:sectPr>'
        b"</w:sectPrChange></w:sectPr>"
    )
    body = parts_of(sample_docx())[BODY_PATH].replace(b'w:right="1361"', b'w:right="3000"')
    data = with_part(BODY_PATH, body.replace(b"</w:sectPr>", change))
    assert found(data) == []


def test_a_style_that_looks_otherwise_is_told_once():
    styles = parts_of(sample_docx())["word/styles.xml"]
    before, name, after = styles.partition(b'w:styleId="Clause1"')
    looked = b'<w:rPr><w:strike/><w:color w:val="EEEEEE"/><w:sz w:val="12"/></w:rPr>'
    other = before + name + after.replace(b"<w:rPr/>", looked, 1)
    ((_, old, new),) = looks(with_part("word/styles.xml", other))
    assert old == "Clause 1: color auto, size 21, struck through no"
    assert new == "Clause 1: color eeeeee, size 12, struck through yes"


def test_a_paragraph_of_another_style_is_found_and_a_tracked_one_is_not():
    body = parts_of(sample_docx())[BODY_PATH].decode()
    at = body.rindex("<w:pPr>", 0, body.index("are not penalties"))
    end = body.index("</w:pPr>", at)
    before = body[at + 7 : end]
    other = '<w:pStyle w:val="Title"/>'
    plain = with_part(BODY_PATH, (body[: at + 7] + other + body[end:]).encode())
    assert {kind for kind, _ in found(plain)} >= {Untracked.LOOKS}
    former = f'<w:pPrChange w:id="7" w:author="D"><w:pPr>{before}</w:pPr></w:pPrChange>'
    tracked = with_part(BODY_PATH, (body[: at + 7] + other + former + body[end:]).encode())
    assert Untracked.LOOKS not in {kind for kind, _ in found(tracked)}


def test_words_struck_through_by_hand_are_found_and_tracked_ones_are_not():
    body = parts_of(sample_docx())[BODY_PATH].decode()
    at = body.rindex("<w:r>", 0, body.index("are not penalties"))
    struck = f"{body[:at]}<w:r><w:rPr><w:strike/></w:rPr>{body[at + 5 :]}"
    ((where, _, new),) = looks(with_part(BODY_PATH, struck.encode()))
    assert where == "uptime/note"
    assert new.endswith("(struck by hand)")
    change = '<w:rPrChange w:id="7" w:author="D"><w:rPr/></w:rPrChange></w:rPr>'
    tracked = struck.replace("<w:strike/></w:rPr>", f"<w:strike/>{change}")
    assert found(with_part(BODY_PATH, tracked.encode())) == []


@pytest.mark.parametrize(
    ("name", "part", "kind"),
    [
        ("customXml/item1.xml", b'<terms xmlns="urn:other"/>', Untracked.CUSTOM_PART),
        ("customXml/item1.xml", b'<t:terms xmlns:t="relative/name"/>', Untracked.CUSTOM_PART),
        (
            "customXml/item1.xml",
            b'<Sources xmlns="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"/>',
            Untracked.COSMETIC,
        ),
        (
            "docProps/custom.xml",
            b'<Properties><property name="Cap"><lpwstr>none</lpwstr></property></Properties>',
            Untracked.PROPERTY,
        ),
    ],
)
def test_custom_parts_and_properties_that_came_are_found(name, part, kind):
    parts = {**parts_of(sample_docx()), name: part}
    assert [k for k, _ in found(packed(parts))] == [kind]
    assert [d.kind for d in read_docx(sample_docx(), packed(parts)).untracked] == [kind]


def test_a_custom_part_under_an_odd_name_is_found():
    relations = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
    link = f'<Relationship Id="rIdX" Type="{kind}" Target="/word/theme/x.xml"/></Relationships>'
    parts = parts_of(sample_docx())
    parts[relations] = parts[relations].replace(b"</Relationships>", link.encode())
    parts["word/theme/x.xml"] = b'<terms xmlns="urn:other"/>'
    assert [k for k, _ in found(packed(parts))] == [Untracked.CUSTOM_PART]


def test_our_custom_part_that_a_program_dropped_is_told():
    parts = parts_of(sample_docx())
    custom = next(name for name in parts if name.startswith("customXml/"))
    parts[custom] = b"<nothing/>"
    kinds = [k for k, _ in found(packed(parts))]
    assert sorted(kinds) == [Untracked.COSMETIC, Untracked.CUSTOM_PART]


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
