"""Comparing by another program: in a process with limits, proved, and refused where it is absent."""

import pytest
from click.testing import CliRunner

from dealdesk.cli.docx import docx_commands
from dealdesk.documents.docx import engines
from dealdesk.documents.docx.bringing import CompareError
from dealdesk.documents.docx.engines import (
    ENGINES,
    DocxodusEngine,
    EngineError,
    docxodus_program,
    has_both_texts,
    with_control_ids,
)
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.gate import GateError
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.docx.wml import qn
from dealdesk.kernel.errors import DomainError
from tests.documents.docx.hostile import bomb
from tests.documents.docx.sample import AT, COUNSEL, CREDIT, sample_docx

NEW = settle_all(
    write_tracked_replacements(
        sample_docx(), [(CREDIT, "5%", "15%"), ("liability/cap", "Fees", "Charges")], COUNSEL, AT
    ),
    accept=True,
)
installed = [
    name
    for name in sorted(ENGINES)
    if name != "docxodus" or docxodus_program()  # the extra: requirements-compare.txt
]


@pytest.mark.parametrize("name", installed)
def test_an_engine_gives_both_texts(name):
    marked = ENGINES[name].compare(sample_docx(), NEW, COUNSEL, AT)
    assert has_both_texts(marked, sample_docx(), NEW)
    assert not has_both_texts(marked, NEW, sample_docx())


@pytest.mark.parametrize("name", installed)
def test_an_engine_never_sees_what_the_gate_refuses(name):
    with pytest.raises(DomainError, match="unpacks to more than 64 MB"):
        ENGINES[name].compare(bomb(65), NEW, COUNSEL, AT)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a script in place of Docxodus."""

    def write(script):
        path = tmp_path / "redline"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        monkeypatch.setattr(engines, "docxodus_program", lambda: path)

    return write


def test_a_program_that_hangs_is_stopped(program):
    program("sleep 30")
    with pytest.raises(EngineError, match="took longer than 1 seconds"):
        DocxodusEngine(seconds=1).compare(sample_docx(), NEW, COUNSEL, AT)


def test_a_program_that_spins_is_stopped(program):
    program("while :; do :; done")
    with pytest.raises(EngineError, match="took longer"):
        DocxodusEngine(seconds=1).compare(sample_docx(), NEW, COUNSEL, AT)


def test_a_program_that_takes_too_much_memory_fails(program):
    program("x=$(head -c 200000000 /dev/zero | tr '\\0' x) && cp $1 $3")
    with pytest.raises(EngineError, match="stopped with an error"):
        DocxodusEngine(memory=2**24).compare(sample_docx(), NEW, COUNSEL, AT)


def test_what_a_program_writes_is_proved(program):
    program('cp "$1" "$3"')
    with pytest.raises(CompareError, match="don't give both texts"):
        DocxodusEngine().compare(sample_docx(), NEW, COUNSEL, AT)
    program('echo hello > "$3"')
    with pytest.raises(DomainError, match="not a Word document"):
        DocxodusEngine().compare(sample_docx(), NEW, COUNSEL, AT)


def test_a_program_gets_none_of_our_environment(program, monkeypatch):
    monkeypatch.setenv("SECRET_OF_OURS", "x")
    program('test -z "$SECRET_OF_OURS" && test "$HOME" = "$PWD" && cp "$2" "$3"')
    with pytest.raises(CompareError):  # it ran, and what it wrote isn't proved
        DocxodusEngine().compare(sample_docx(), NEW, COUNSEL, AT)


def test_controls_of_one_tag_get_one_id():
    parts = open_docx(sample_docx())
    for number in parts.body.iter(qn("w:sdtPr")):
        number.find(qn("w:id")).set(qn("w:val"), "7")
    aligned = open_docx(with_control_ids(parts.to_bytes(), sample_docx()))
    ids = [e.find(qn("w:id")).get(qn("w:val")) for e in aligned.body.iter(qn("w:sdtPr"))]
    own = [
        e.find(qn("w:id")).get(qn("w:val"))
        for e in open_docx(sample_docx()).body.iter(qn("w:sdtPr"))
    ]
    assert ids == own


def test_an_absent_program_is_named_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "docxodus_program", lambda: None)
    old, new = tmp_path / "old.docx", tmp_path / "new.docx"
    old.write_bytes(sample_docx())
    new.write_bytes(NEW)
    call = ["compare", old, new, "-o", tmp_path / "out.docx", "--author", "Us"]
    result = CliRunner().invoke(docx_commands, [*map(str, call), "--engine", "docxodus"])
    assert result.exit_code == 2
    assert "Docxodus is not installed" in result.stderr
    assert "requirements-compare.txt" in result.stderr
    assert not (tmp_path / "out.docx").exists()


def test_marks_are_kept_by_our_own_engine_only(tmp_path):
    path = tmp_path / "old.docx"
    path.write_bytes(sample_docx())
    call = ["compare", path, path, "-o", tmp_path / "out.docx", "--author", "Us", "--keep-marks"]
    result = CliRunner().invoke(docx_commands, [*map(str, call), "--engine", "docxodus"])
    assert result.exit_code == 2
    assert "--keep-marks needs our own engine" in result.stderr


def test_the_gate_is_what_refuses():
    with pytest.raises(GateError):
        open_docx(b"PK")
