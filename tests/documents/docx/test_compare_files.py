"""Any two Word files: notes, heads, comments and pictures come over, nothing is dropped."""

import random
import re

import pytest

from dealdesk.documents.docx.bringing import CompareError
from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.changes import Kind
from dealdesk.documents.docx.comments import read_comments
from dealdesk.documents.docx.compare import compare_docx, redline_docx
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.notes import shown_texts
from dealdesk.documents.docx.reader import View, docx_text
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.redline import write_redline
from dealdesk.documents.docx.section_changes import sections
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.docx.untracked_pages import changed_sections
from dealdesk.documents.docx.wml import R, W, local, qn
from tests.conftest import CASES
from tests.documents.docx.hostile import packed, parts_of, with_body
from tests.documents.docx.minimal import document, p, r
from tests.documents.docx.sample import AT, COUNSEL, sample_docx

US = "Example Cloud Inc."
PAIRS = CASES / "word-made" / "accept-reject"
_RELS = "word/_rels/document.xml.rels"
_TYPES = "[Content_Types].xml"
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def lines(data, view=View.FINAL):
    """Return the words of all stories; parts are numbered as programs like."""
    text = docx_text(open_docx(data), view)
    return sorted(one for one in text.splitlines() if re.sub(r"^\[(head|foot)er\d+\]|\W", "", one))


def both_ways(old, new):
    """Compare two files; return the result after checking that both texts come out of it."""
    data = compare_docx(old, new, US, AT)
    assert lines(settle_all(data, accept=True)) == lines(new)
    assert lines(settle_all(data, accept=False)) == lines(old)
    return data


def with_part(data, name, kind, part):
    """Return a file with one more part that its body leads to as rId77."""
    parts = parts_of(data)
    relation = f'<Relationship Id="rId77" Type="{R}/{kind}" Target="{name}"/></Relationships>'
    override = f'<Override PartName="/word/{name}" ContentType="{_OFFICE}.{kind}+xml"/></Types>'
    parts[_RELS] = parts[_RELS].replace(b"</Relationships>", relation.encode())
    parts[_TYPES] = parts[_TYPES].replace(b"</Types>", override.encode())
    return packed({**parts, f"word/{name}": part.encode()})


def ref(number):
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def noted(body, notes):
    """Return a file whose footnotes have those numbers and words."""
    separator = f'<w:footnote w:id="-1" w:type="separator">{p(r("____"))}</w:footnote>'
    own = "".join(
        f'<w:footnote w:id="{n}">{p("<w:r><w:footnoteRef/></w:r>" + r(text))}</w:footnote>'
        for n, text in notes.items()
    )
    part = f'<w:footnotes xmlns:w="{W}">{separator}{own}</w:footnotes>'
    return with_part(document(body), "footnotes.xml", "footnotes", part)


def notes_of(data):
    file = open_docx(data)
    return shown_texts(file.body, file.tree("word/footnotes.xml"), "footnote")


FIRST = noted(
    p(r("Fees are due") + ref(1) + r(" on time.")) + p(r("Law of Delaware") + ref(2)),
    {1: "Net of tax.", 2: "Without its conflict rules."},
)


def test_a_note_that_is_edited_is_marked_inside_the_note():
    new = noted(
        p(r("Fees are due") + ref(5) + r(" on time.")) + p(r("Law of Delaware") + ref(6)),
        {5: "Gross of tax.", 6: "Without its conflict rules."},
    )
    data = both_ways(FIRST, new)
    assert [(c.part, c.old, c.new) for c in read_changes(open_docx(data))] == [
        ("footnotes", "Net", "Gross")
    ]


def test_notes_come_and_go_with_their_words():
    new = noted(
        p(r("Fees are due on time.")) + p(r("Law of Delaware") + ref(1) + r(" applies") + ref(2)),
        {1: "Without its conflict rules.", 2: "And its courts."},
    )
    data = both_ways(FIRST, new)
    assert notes_of(settle_all(data, accept=True)) == [
        "Without its conflict rules.",
        "And its courts.",
    ]
    assert notes_of(settle_all(data, accept=False)) == [
        "Net of tax.",
        "Without its conflict rules.",
    ]


def test_a_file_without_notes_gets_them_and_loses_them_again():
    plain = document(p(r("Fees are due on time.")) + p(r("Law of Delaware")))
    data = both_ways(plain, FIRST)
    assert notes_of(data) == ["Net of tax.", "Without its conflict rules."]
    back = both_ways(FIRST, plain)
    assert notes_of(settle_all(back, accept=False)) == notes_of(FIRST)


def test_a_note_moves_with_its_paragraph():
    words = "Fees are due within thirty days of each invoice that Provider sends"
    rest = [p(r(f"Clause {n} says something of its own that nothing else says")) for n in "abc"]
    noted_one = p(r(words) + ref(1))
    old = noted("".join([noted_one, *rest]), {1: "Net of tax."})
    new = noted("".join([*rest, noted_one]), {1: "Net of tax."})
    data = both_ways(old, new)
    numbers = [e.get(qn("w:id")) for e in open_docx(data).body.iter(qn("w:footnoteReference"))]
    assert len(numbers) == len(set(numbers)) == 2
    assert notes_of(settle_all(data, accept=True)) == ["Net of tax."]


def headed(words, kind="default", body="Text."):
    """Return a file with one head."""
    section = f'<w:sectPr><w:headerReference w:type="{kind}" r:id="rId77"/></w:sectPr>'
    data = with_part(
        document(p(r(body))), "header9.xml", "header", f'<w:hdr xmlns:w="{W}">{p(r(words))}</w:hdr>'
    )
    parts = parts_of(data)
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:sectPr/>", section.encode()
    )
    return packed(parts)


def test_heads_are_compared_by_the_pages_they_stand_on():
    data = both_ways(headed("Draft of May"), headed("Draft of June"))
    (change,) = read_changes(open_docx(data))
    assert (change.part, change.old, change.new) == ("header9", "May", "June")
    data = both_ways(headed("Draft of May"), headed("Draft of May", kind="first"))
    assert len(read_changes(open_docx(data))) == 2


def test_a_head_that_only_one_file_has_comes_or_goes():
    plain = document(p(r("Text.")))
    both_ways(plain, headed("Confidential"))
    both_ways(headed("Confidential"), plain)


def test_a_head_of_a_section_that_the_old_file_lacks_is_refused_not_dropped():
    head = f'<w:hdr xmlns:w="{W}">{p(r("Exhibit"))}</w:hdr>'
    parts = parts_of(headed("Confidential", body="Two."))
    first = '<w:sectPr><w:headerReference w:type="default" r:id="rId78"/></w:sectPr>'
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:body>", f"<w:body>{p(r('One.'), first)}".encode()
    )
    parts["word/header8.xml"] = head.encode()
    relation = f'<Relationship Id="rId78" Type="{R}/header" Target="header8.xml"/>'
    parts[_RELS] = parts[_RELS].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    with pytest.raises(CompareError, match="section that the old one lacks"):
        compare_docx(document(p(r("Text."))), packed(parts), US, AT)


def test_comments_of_the_old_file_stay_and_those_of_the_new_one_come():
    theirs = write_redline(
        sample_docx(), (), [("uptime/note", "penalties", "Please explain.")], COUNSEL, AT
    )
    ours = write_redline(
        sample_docx(),
        [("uptime/note", "penalties", "fines")],
        [("liability/cap", "Fees", "Ours.")],
        COUNSEL,
        AT,
    )
    data = redline_docx(theirs, ours, US, AT)
    comments = read_comments(open_docx(data))
    found = {c.text: (c.author, c.quoted, c.places[0].block_id) for c in comments}
    assert found == {
        "Please explain.": (COUNSEL, "", "uptime/note"),  # its words went
        "Ours.": (COUNSEL, "Fees", "liability/cap"),
    }
    assert [(c.old, c.new) for c in read_changes(open_docx(data))] == [("penalties", "fines")]


def test_a_comment_on_changed_words_comes_over_once_with_its_author_and_lines():
    new = write_redline(
        sample_docx(),
        [("uptime/note", "penalties", "fines")],
        [("uptime/note", "not", "Why?\nPlease say.")],
        COUNSEL,
        AT,
    )
    data = compare_docx(sample_docx(), new, US, AT)
    for again in (data, redline_docx(data, new, US, AT)):
        (comment,) = read_comments(open_docx(again))
        assert (comment.author, comment.text) == (COUNSEL, "Why?\nPlease say.")
        assert comment.date == "2026-11-24T09:00:00Z"
        assert (comment.quoted, comment.places[0].block_id) == ("not", "uptime/note")


def linked(target, before="", mark=""):
    """Return a file with a link to a target in their insertion."""
    link = f'<w:hyperlink r:id="rId77">{r("the policy")}</w:hyperlink>'
    link = link.replace("<w:r>", f"{mark}<w:r>").replace(
        "</w:r>", f"</w:r>{'</w:ins>' if mark else ''}"
    )
    data = document(p(r("See ") + link + r(f" {before}there.")))
    parts = parts_of(data)
    relation = (
        f'<Relationship Id="rId77" Type="{R}/hyperlink" Target="{target}" TargetMode="External"/>'
    )
    parts[_RELS] = parts[_RELS].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    return packed(parts)


def test_a_link_in_their_mark_leads_where_it_led():
    theirs = linked("https://example.com/theirs", mark='<w:ins w:id="3" w:author="A">')
    data = redline_docx(theirs, linked("https://example.com/ours", "over "), US, AT)
    file = open_docx(data)
    (number,) = {e.get(f"{{{R}}}id") for e in file.body.iter(qn("w:hyperlink"))}
    relations = {e.get("Id"): e.get("Target") for e in file.tree(_RELS)}
    assert relations[number] == "https://example.com/theirs"


def field(instruction, result):
    marks = [
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    ]
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"{marks[0]}{code}{marks[1]}{r(result)}{marks[2]}"


def test_a_field_is_changed_as_a_whole_and_both_instructions_are_kept():
    old = document(p(r("See Section ") + field(" REF a ", "4.2") + r(".")))
    new = document(p(r("See Section ") + field(" REF b ", "4.3") + r(" below.")))
    data = both_ways(old, new)
    for accept, instruction, other in ((True, "REF b", "REF a"), (False, "REF a", "REF b")):
        body = parts_of(settle_all(data, accept=accept))["word/document.xml"].decode()
        assert f"<w:instrText> {instruction} </w:instrText>" in body
        assert other not in body


def item(text, level=0):
    return p(r(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


def test_items_of_a_list_come_and_go_and_change_their_level():
    old = document(item("Keep records of the data.") + item("Return them at the end of the term."))
    new = document(
        item("Keep records of the data.")
        + item("Name a person who answers for them.")
        + item("Return them at the end of the term.", level=1)
    )
    data = both_ways(old, new)
    assert {str(c.kind) for c in read_changes(open_docx(data))} == {"insertion", "numbering"}


def test_an_empty_paragraph_that_only_breaks_a_section_has_no_number():
    empty = p("", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:sectPr/>')
    text = docx_text(open_docx(document(item("One.") + empty + item("Two."))), View.FINAL)
    first, second = text.splitlines()
    assert (first.split()[0], second.split()[0]) == ("1.", "2.")


@pytest.mark.skipif(not PAIRS.exists(), reason=f"{PAIRS} is absent (files by others)")
def test_files_that_word_made_are_turned_into_each_other():
    files = sorted(PAIRS.glob("*-Accepted.docx"))
    pairs = [(f, f.with_name(f.name.replace("Accepted", "Rejected"))) for f in files]
    pairs = [pair for pair in pairs if pair[1].exists()]
    rng = random.Random(5)
    pairs += [tuple(rng.sample(files, 2)) for _ in range(40)]
    refused = 0
    for one, other in pairs:
        try:
            both_ways(one.read_bytes(), other.read_bytes())
        except CompareError as error:
            refused += "section that the old one lacks" in str(error)
    assert refused <= len(pairs) // 6


def test_page_setup_comes_over_as_a_change_of_the_section():
    old = sample_docx()
    new = with_body(b'w:right="1361"', b'w:right="3000"')
    data = compare_docx(old, new, COUNSEL, AT)
    (change,) = read_changes(open_docx(data))
    assert (change.kind, change.author) == (Kind.SECTION, COUNSEL)
    untracked = read_docx(data, old).untracked
    assert [d for d in untracked if d.is_content] == []
    for accept, target in ((True, new), (False, old)):
        settled = open_docx(settle_all(data, accept=accept)).body
        assert sections(settled)[-1].find(qn("w:pgMar")).get(qn("w:right")) == (
            "3000" if accept else "1361"
        )
        assert list(changed_sections(open_docx(target).body, settled)) == []
        assert local(sections(settled)[-1][0]) == "headerReference"
