"""Odd, broken and oversized files: read or refused with a sentence, inside limits."""

import random
import time
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.limited import in_worker
from dealdesk.documents.docx.reader import View, docx_text
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.resolver import unresolved
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.docx.wml import qn
from dealdesk.kernel.errors import DomainError
from tests.documents.docx.hostile import BODY, packed, parts_of
from tests.documents.docx.minimal import document, p, r
from tests.documents.docx.sample import AT, COUNSEL, CREDIT, sample_docx

KEPT = ("[Content_Types].xml", "_rels/.rels", BODY)
_TEXTS = st.sampled_from(("", "a", "Fees of 30 days", "日本", "بند", "👍🏽", "\u202e1,000", "ﬁ"))
_NAMES = (
    "p", "r", "t", "delText", "ins", "del", "moveFrom", "moveTo", "tbl", "tr", "tc", "trPr",
    "pPr", "rPr", "sdt", "sdtContent", "sdtPr", "hyperlink", "fldChar", "instrText", "bookmarkStart",
    "bookmarkEnd", "cellIns", "cellDel", "pPrChange", "rPrChange", "numPr", "moveFromRangeStart",
    "moveToRangeEnd", "customXmlInsRangeStart", "footnoteReference", "tab", "br", "sectPr", "smartTag",
)  # fmt: skip
_LEAF = st.builds(
    lambda name, text: f"<w:{name}>{text}</w:{name}>", st.sampled_from(_NAMES), _TEXTS
)


def _around(name, number, inside):
    attributes = f'w:id="{number}" w:author="A" w:name="m" w:fldCharType="begin"'
    return f"<w:{name} {attributes}>{''.join(inside)}</w:{name}>"


_TREES = st.recursive(
    _LEAF,
    lambda inner: st.builds(
        _around, st.sampled_from(_NAMES), st.integers(0, 4), st.lists(inner, max_size=4)
    ),
    max_leaves=30,
)


def calm(work):
    """Do something to a file: it succeeds, or is refused with a sentence."""
    try:
        return work()
    except DomainError as refused:
        return str(refused).strip() or pytest.fail("refused without a sentence")


@settings(max_examples=60)
@given(st.lists(_TREES, max_size=5))
def test_any_nesting_of_elements_is_read_and_settled(parts):
    data = document("".join(parts))
    calm(lambda: read_docx(data, data))
    for accept in (True, False):
        settled = calm(lambda accept=accept: settle_all(data, accept=accept))
        if isinstance(settled, bytes):
            assert docx_text(open_docx(settled), View.FINAL) == docx_text(
                open_docx(settled), View.BASE
            )


@settings(max_examples=40)
@given(st.lists(_TREES, max_size=4), st.lists(_TREES, max_size=4))
def test_any_two_nestings_are_compared_with_proof_or_refused(old, new):
    calm(lambda: compare_docx(document("".join(old)), document("".join(new)), COUNSEL, AT))


@settings(max_examples=40)
@given(st.data())
def test_any_part_may_be_missing_or_stand_in_for_another(data):
    parts = parts_of(sample_docx())
    names = sorted(parts)
    for _ in range(data.draw(st.integers(1, 4))):
        one, other = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
        if data.draw(st.booleans()):
            parts.pop(one, None)
        elif other in parts:
            parts[one] = parts[other]
    calm(lambda: read_docx(packed(parts), sample_docx()))


def test_styles_numbering_settings_and_relations_may_be_missing():
    parts = {name: part for name, part in parts_of(sample_docx()).items() if name in KEPT}
    text = docx_text(open_docx(packed(parts)), View.FINAL)
    assert "Credits are not penalties." in text
    marked = write_tracked_replacements(
        packed(parts_of(sample_docx())), [(CREDIT, "5%", "15%")], COUNSEL, AT
    )
    bare = {name: part for name, part in parts_of(marked).items() if name in KEPT}
    (change,) = read_docx(packed(bare), sample_docx()).changes
    assert (change.new, change.place.block_id) == ("15%", "uptime/credit-table")


def test_a_clause_pasted_twice_is_not_taken_for_itself():
    file = open_docx(sample_docx())
    control = next(
        c
        for c in file.body.iter(qn("w:sdt"))
        if "instance:liability" in str(c.find(f".//{qn('w:tag')}").get(qn("w:val")))
    )
    control.addnext(deepcopy(control))
    reading = read_docx(file.to_bytes(), sample_docx())
    content = [d for d in reading.untracked if d.is_content]
    assert content
    assert {d.place.instance for d in content} <= {"liability", ""}
    assert any("liability" in d.new for d in content)


def test_forty_megabytes_of_pictures_are_read_in_time():
    noise = random.Random(1).randbytes(2**20)
    parts = parts_of(sample_docx())
    parts |= {f"word/media/image{n}.png": noise for n in range(40)}
    data = packed(parts)
    assert len(data) > 40 * 2**20
    begin = time.monotonic()
    text = in_worker(lambda: docx_text(open_docx(data), View.FINAL))
    assert "Credits are not penalties." in text
    assert time.monotonic() - begin < 30  # the worker's own limit


def test_ten_thousand_changes_are_settled_inside_the_workers_limits():
    marks = "".join(
        p(r("kept ") + f'<w:ins w:id="{n}" w:author="A">{r(f"new {n}")}</w:ins>')
        for n in range(10_000)
    )
    data = document(marks)
    assert len(in_worker(lambda: [c.id for c in read_changes(open_docx(data))])) == 10_000
    settled = in_worker(lambda: settle_all(data, accept=False))
    assert unresolved(open_docx(settled).body) == 0
    assert "new" not in docx_text(open_docx(settled), View.FINAL)


@pytest.mark.parametrize("cut", [1, 30, 400, 5000])
def test_a_truncated_file_is_refused(cut):
    with pytest.raises(DomainError, match=r"damaged|can't be read"):
        read_docx(sample_docx()[:-cut])
