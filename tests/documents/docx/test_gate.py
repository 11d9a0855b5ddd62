"""The gate: each hostile or broken file is refused with its sentence, before any parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.documents.docx import zip_parts
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.gate import GateError, admit
from dealdesk.documents.docx.limited import LimitError, in_worker
from dealdesk.documents.docx.reading import read_docx
from dealdesk.kernel.errors import DomainError
from tests.documents.docx.hostile import (
    BODY,
    bomb,
    lying_bomb,
    packed,
    parts_of,
    with_body,
    with_part,
    with_relation,
)
from tests.documents.docx.sample import sample_docx

OLD_DOC = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
ENCRYPTED = OLD_DOC + "EncryptedPackage".encode("utf-16-le")
DEEP = b"<w:p>" * 20_000 + b"</w:p>" * 20_000
TYPES = "[Content_Types].xml"


def cases():
    body = parts_of(sample_docx())[BODY]
    types = parts_of(sample_docx())[TYPES]
    without_body = {k: v for k, v in parts_of(sample_docx()).items() if k != BODY}
    doctype = body.replace(b"<w:document", b'<!DOCTYPE d [<!ENTITY x "y">]><w:document', 1)
    return {
        "not-a-package": (b"just words", "not a Word document"),
        "old-word": (OLD_DOC, "old .doc format"),
        "encrypted": (ENCRYPTED, "encrypted with a password"),
        "damaged": (sample_docx()[:-400], "damaged or cut short"),
        "doctype": (with_part(BODY, doctype), "declares a document type"),
        "too-deep": (with_body(b"<w:body>", b"<w:body>" + DEEP), "nested more than 200"),
        "bomb": (bomb(65), "unpacks to more than 64 MB"),
        "unsafe-name": (with_part("../../etc/passwd", b"x"), "unsafe name"),
        "macro": (with_part("word/vbaProject.bin", b"x"), "macros"),
        "activex": (with_part("word/activeX/activeX1.xml", b"<x/>"), "ActiveX"),
        "embedded-object": (with_part("word/embeddings/oleObject1.bin", b"x"), "embedded objects"),
        "alt-chunk": (with_part("word/afchunk1.html", b"x"), "merged in"),
        "external": (
            with_relation("attachedTemplate", "https://example.com/t.dotm"),
            "load something from outside",
        ),
        "missing-part": (packed(without_body), "lacks its main part"),
        "not-a-document": (packed({"a.txt": b"x"}), "not a Word document"),
        "encoding": (
            with_part(BODY, b'<?xml version="1.0" encoding="utf-7"?><a/>'),
            "encoding we don't read",
        ),
        "template": (
            with_part(TYPES, types.replace(b"document.main+xml", b"template.main+xml")),
            "a template",
        ),
    }


@pytest.mark.parametrize("name", sorted(cases()))
def test_a_hostile_file_is_refused_with_its_sentence(name):
    data, sentence = cases()[name]
    with pytest.raises(GateError) as refused:
        admit(data)
    (problem,) = refused.value.problems
    assert problem.code in {name, "not-a-document"}
    assert sentence in problem.message
    assert problem.remedy


def test_two_parts_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = packed(parts_of(sample_docx()), ((BODY, b"<other/>"),))
    with pytest.raises(GateError, match="twice"):
        admit(twice)


def test_a_directory_that_lies_about_sizes_gets_nowhere():
    with pytest.raises(GateError):
        admit(lying_bomb())


def test_too_many_parts_are_refused(monkeypatch):
    monkeypatch.setattr(zip_parts, "MAX_ENTRIES", 5)
    with pytest.raises(GateError, match="at most 5"):
        admit(sample_docx())


def test_links_are_reported_and_a_template_on_a_disk_is_too():
    assert open_docx(with_relation("hyperlink", "https://example.com/")).links[0].target
    assert open_docx(with_relation("attachedTemplate", "file:///C:\\T\\a.dotm")).links[0].kind
    with pytest.raises(GateError, match="outside"):
        open_docx(with_relation("attachedTemplate", "file://server/share/a.dotm"))


def test_a_worker_stops_work_that_takes_too_long_or_too_much():
    with pytest.raises(LimitError, match="longer than we wait"):
        in_worker(lambda: [None for _ in iter(int, 1)], seconds=1, memory=2**33)
    with pytest.raises(LimitError, match="memory"):
        in_worker(lambda: len(b"x" * 2**31), memory=2**26)


def test_a_worker_hands_back_answers_and_problems():
    assert in_worker(lambda: read_docx(sample_docx())).changes == ()
    with pytest.raises(DomainError, match="not a Word document"):
        in_worker(lambda: read_docx(b"words"))


def check_sentence(refused):
    assert str(refused).strip()


@settings(max_examples=60)
@given(st.data())
def test_flipped_bytes_are_read_or_refused(data):
    flipped = bytearray(sample_docx())
    for _ in range(data.draw(st.integers(1, 6))):
        flipped[data.draw(st.integers(0, len(flipped) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read_docx(bytes(flipped))
    except DomainError as refused:
        check_sentence(refused)


@settings(max_examples=60)
@given(st.data())
def test_flipped_bytes_inside_the_body_are_read_or_refused(data):
    body = bytearray(parts_of(sample_docx())[BODY])
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(32, 126))
    try:
        read_docx(with_part(BODY, bytes(body)), sample_docx())
    except DomainError as refused:
        check_sentence(refused)


@pytest.mark.parametrize("name", [BODY, TYPES])
def test_a_part_that_was_cut_off_is_said_to_be_damaged_and_why_goes_to_the_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    whole = parts_of(sample_docx())[name]
    with pytest.raises(GateError) as raised:
        read_docx(with_part(name, whole[: len(whole) // 2]))
    (problem,) = raised.value.problems
    assert problem.message == "The file is damaged: its text can't be read."
    assert problem.remedy == "Save it again in Word and send it."
    assert f"{name} is not XML that we read" in caplog.text
