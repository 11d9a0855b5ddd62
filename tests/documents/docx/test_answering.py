"""Their file with our marks: theirs stay, both texts come out, whoever saved the file."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.model import Version
from dealdesk.documents.docx.answering import AnswerError, Answering, answer_docx
from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.returning import read_returned
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.docx.wml import el, qn
from dealdesk.documents.docx.writer import render_docx
from dealdesk.documents.text import canonical_text
from dealdesk.negotiation.items import items_of
from dealdesk.negotiation.model import Answer, Item, Verdict
from dealdesk.negotiation.taking import take
from dealdesk.terms.values import ValueRef
from dealdesk.workflows.building import public_passages
from tests.enterprise import rich_quote, shipped_library

AT = datetime(2026, 11, 25, 9, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
NUMBER = (ValueRef("severity", "matrix.sev1.response"), "30 minutes", "20 minutes")
WORDS = ("confidentiality/care", "reasonable care at least", "the care of a bank")
DECIDED = {"30 minutes": Answer(Verdict.COUNTERED, "25 minutes", "Us")}


def render(version: Version) -> bytes:
    return render_docx(version.tree, terms="", passages=public_passages(version))


@cache
def sent() -> bytes:
    return render(rich_quote().version)


def answering(
    received: bytes, verdict: Callable[[Item], Verdict] = lambda _: Verdict.REJECTED
) -> tuple[Answering, Version]:
    """Return an answer's material: the number countered, all else as it is decided."""
    base, library = rich_quote().version, shipped_library()
    items = items_of(read_returned(received, sent()).reading, base.tree)
    answers = {
        one.key: DECIDED.get(one.old, Answer(verdict(one))) for one in items if one.is_open_to_us
    }
    tracked = {one.key: Answer(Verdict.ACCEPTED) for one in items if one.is_tracked}
    new, marked = (
        make_version(take(base.inputs, base.tree, items, found).inputs, library, parent=base)
        for found in (answers, tracked)
    )
    refused = [key for key, one in answers.items() if one.verdict is Verdict.REJECTED]
    given = Answering(
        received=received,
        sent=sent(),
        marked=render(marked),
        new=render(new),
        taken=[key for key in tracked if key in answers and key not in refused],
        refused=[key for key in tracked if key in refused],
        furniture={base.hashes.text: new.hashes.text},
    )
    return given, new


def marks(data: bytes) -> list[tuple[str, str, str]]:
    def seen(one: Change) -> tuple[str, str, str]:
        return one.author.split()[0], one.old, one.new

    return [seen(one) for one in read_docx(data).changes if one.part == "body"]


EXPECTED = [
    ("Dana", "reasonable care at least", "the care of a bank"),
    ("Us", "the of a bank", "reasonable"),
    ("Dana", "30 minutes", "20 minutes"),
    ("Us", "20", "25"),
]


def test_theirs_stay_and_ours_are_added_in_the_fewest_words() -> None:
    received = write_tracked_replacements(sent(), [NUMBER, WORDS], "Dana", AT)
    given, new = answering(received)
    answer = answer_docx(given, "Us", NOW)
    assert docx_canonical_text(answer) == canonical_text(new.tree)
    assert docx_canonical_text(answer, View.BASE) == docx_canonical_text(sent())
    found = marks(answer)
    assert [one for one in found if one[0] == "Dana"] == [EXPECTED[0], EXPECTED[2]]
    assert ("Us", "20", "25") in found
    assert open_docx(answer).manifest().passages == dict(new.hashes.passages)


def test_a_file_that_is_another_one_is_not_answered() -> None:
    given, _ = answering(write_tracked_replacements(sent(), [NUMBER], "Dana", AT))
    other = settle_all(with_new_paragraph(sent()), accept=True)
    wrong = Answering(given.received, other, given.marked, given.new, (), (), {})
    with pytest.raises(AnswerError, match="would not give what was sent"):
        answer_docx(wrong, "Us", NOW)


PAYMENT = (ValueRef("order", "payment_days"), "30 days", "75 days")
CARE = ("fees/amounts", "amounts paid are not", "amounts paid are never")


def unmarked(data: bytes, *edits: tuple[str, str]) -> bytes:
    """Return a file in which words that stand in one run only were changed without a mark."""
    file = open_docx(data)
    for old, new in edits:
        (text,) = (one for one in file.body.iter(qn("w:t")) if old in (one.text or ""))
        text.text = (text.text or "").replace(old, new)
    return file.to_bytes()


def with_new_paragraph(data: bytes) -> bytes:
    """Return a file with a paragraph that was put in, tracked, behind the one on late payment."""
    file = open_docx(data)
    (text,) = (one for one in file.body.iter(qn("w:t")) if "If an undisputed" in (one.text or ""))
    before = next(text.iterancestors(qn("w:p")))
    stamp = {"w:author": "Dana", "w:date": "2026-11-25T09:12:00Z"}
    looks = el("w:pPr", None, el("w:rPr", None, el("w:ins", {"w:id": "9001", **stamp})))
    words = el("w:t", text="שלום Customer may suspend payment 😀 without notice.")
    put_in = el("w:ins", {"w:id": "9002", **stamp}, el("w:r", None, words))
    before.addnext(el("w:p", None, looks, put_in))
    return file.to_bytes()


DECISIONS: dict[str, Callable[[Item], Verdict]] = {
    "all rejected": lambda _: Verdict.REJECTED,
    "all accepted": lambda _: Verdict.ACCEPTED,
    "tracked ones accepted": lambda one: Verdict.ACCEPTED if one.is_tracked else Verdict.REJECTED,
}


@pytest.mark.parametrize("decided", DECISIONS)
def test_numbers_that_follow_from_a_tracked_value_stay_as_sent_beside_unmarked_edits(
    decided: str,
) -> None:
    # The days of payment print in the order; due dates and the fees' clause follow from them, and
    # the fees' clause is edited both ways besides.
    tracked = write_tracked_replacements(sent(), [PAYMENT, CARE, WORDS], "Dana", AT)
    received = unmarked(
        with_new_paragraph(tracked),
        ("parties submit to the exclusive", "parties finally submit to the non-exclusive"),
        ("cancelled before its end", "cancelled before its very end"),
    )
    given, new = answering(received, DECISIONS[decided])
    answer = answer_docx(given, "Us", NOW)
    assert docx_canonical_text(answer) == canonical_text(new.tree)
    assert docx_canonical_text(answer, View.BASE) == docx_canonical_text(sent())
    theirs = {words for words in marks(answer) if words[0] == "Dana"}
    assert {("Dana", "30 days", "75 days"), EXPECTED[0]} <= theirs


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_file_that_libreoffice_saved_is_answered_with_the_same_marks(tmp_path: Path) -> None:
    received = write_tracked_replacements(sent(), [NUMBER, WORDS], "Dana", AT)
    (tmp_path / "sent.docx").write_bytes(received)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "docx:MS Word 2007 XML", "--outdir", tmp_path / "out", tmp_path / "sent.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    saved = (tmp_path / "out" / "sent.docx").read_bytes()
    assert read_returned(saved, sent()).is_foreign
    given, new = answering(saved)
    answer = answer_docx(given, "Us", NOW)
    found = marks(answer)
    assert [one for one in found if one[0] == "Dana"] == [EXPECTED[0], EXPECTED[2]]
    assert ("Us", "20", "25") in found
    assert len(found) < 8
    # The next round finds its blocks by what the answer says of itself.
    assert open_docx(answer).manifest().passages == dict(new.hashes.passages)
    reread = read_returned(answer, answer)
    assert reread.is_unchanged
