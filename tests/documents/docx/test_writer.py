"""Our Word file from the tree: same words, same bytes, in the order that Word wants."""

import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.identity import value_tag
from dealdesk.documents.docx.manifest import RunPlace, body_bookmark
from dealdesk.documents.docx.reader import View, docx_canonical_text, docx_text
from dealdesk.documents.docx.wml import misplaced, qn, repeated_ids
from dealdesk.documents.docx.writer import render_docx
from dealdesk.documents.html import FINGERPRINT_LABEL
from dealdesk.documents.text import canonical_text, text_hash
from dealdesk.kernel.hashing import sha256_bytes
from tests.documents.docx.sample import TARGET, sample_docx, sample_tree


def test_canonical_text_of_tree_and_file_are_equal():
    assert docx_canonical_text(sample_docx()) == canonical_text(sample_tree())


@pytest.mark.parametrize("seed", ["0", "7"])
def test_the_same_tree_gives_the_same_bytes_in_any_process(seed):
    code = (
        "from tests.documents.docx.sample import sample_docx;import hashlib;"
        "print(hashlib.sha256(sample_docx()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": seed, "PATH": ""},
    )
    assert run.stdout.strip() == sha256_bytes(sample_docx())


def test_parts_stand_in_one_order_with_fixed_times_and_no_name_twice():
    with zipfile.ZipFile(BytesIO(sample_docx())) as package:
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert len(set(names)) == len(names)
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_elements_stand_in_order_and_ids_are_unique():
    root = open_docx(sample_docx()).body
    assert [*misplaced(root), *repeated_ids(root)] == []


def test_no_paragraph_is_empty():
    for paragraph in open_docx(sample_docx()).body.iter(qn("w:p")):
        assert "".join(paragraph.itertext()).strip()


def test_clauses_and_values_carry_what_they_are_found_by():
    file = open_docx(sample_docx())
    tags = [t.get(qn("w:val")) for t in file.body.iter(qn("w:tag"))]
    assert tags.count("instance:uptime") == 1
    assert tags.count(value_tag(TARGET)) == 3
    assert not list(file.body.iter(qn("w:dataBinding")))
    runs = file.manifest().runs
    assert runs[body_bookmark("liability/cap")] == RunPlace("liability/cap", 1)
    assert file.manifest().terms == '{"schema_version": "sla-terms/1"}'


def test_every_reference_and_the_contents_have_their_results():
    text = docx_text(open_docx(sample_docx()), View.FINAL)
    assert "subject to Section 2.1." in text
    assert "1.1 Credits\n" in text
    assert f"{FINGERPRINT_LABEL} {text_hash(sample_tree())} Page 1 of 1" in text


def test_a_draft_says_so():
    text = docx_text(open_docx(render_docx(sample_tree(draft=True))), View.FINAL)
    assert "Draft, not for signature" in text
    assert "DRAFT" in text
    assert "raft" not in docx_text(open_docx(sample_docx()), View.FINAL)


def test_table_heads_repeat_and_rows_stay_whole():
    tables = list(open_docx(sample_docx()).body.iter(qn("w:tbl")))
    for table in tables:
        rows = table.findall(qn("w:tr"))
        assert rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(r.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for r in rows)
        assert table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}") is not None
