"""Files that LibreOffice really edited with tracking on."""

import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.text import canonical_text
from dealdesk.workflows.counter import take_counter
from tests.documents.docx.sample import sample_docx
from tests.enterprise import rich_package, rich_quote, shipped_library

SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).parents[1] / "libreoffice_edits.py"
HAS_UNO = (
    shutil.which("soffice") is not None
    and SYSTEM_PYTHON.exists()
    and subprocess.run(
        [SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False
    ).returncode
    == 0
)


@pytest.fixture
def edited_in_libreoffice(tmp_path):
    def edit(*edits, sent=None):
        source, target = tmp_path / "sent.docx", tmp_path / "back.docx"
        source.write_bytes(sent or sample_docx())
        pipe = f"dealdesk-{uuid.uuid4().hex}"
        office = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--norestore",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            subprocess.run(
                [SYSTEM_PYTHON, SCRIPT, pipe, source, target, *edits], check=True, timeout=120
            )
            office.wait(timeout=60)
        finally:
            office.kill()
        return target.read_bytes()

    return edit


@pytest.mark.slow
@pytest.mark.skipif(not HAS_UNO, reason="LibreOffice with Python's UNO is not installed")
def test_edits_made_in_libreoffice_come_back_with_their_places(edited_in_libreoffice):
    back = edited_in_libreoffice(
        "are not penalties=are no fines",
        " on request=",
        "they share a minute.=they share a minute;¶or a second.",
    )
    reading = read_docx(back, sample_docx())
    # LibreOffice 7.4 doubles the words of a control around one paragraph of mixed scripts.
    wrong = [d for d in reading.untracked if d.is_content and d.where != "support/scope"]
    assert wrong == []
    words = {(c.place.block_id or c.place.near, c.old, c.new) for c in reading.changes}
    assert ("uptime/note", "are not penalties", "are no fines") in words
    assert ("uptime/credits", " on request", "") in words
    base = docx_canonical_text(back, View.BASE)
    assert docx_canonical_text(settle_all(back, accept=False), View.FINAL) == base
    assert "are not penalties" in base
    assert "or a second." in docx_canonical_text(settle_all(back, accept=True), View.BASE)


@pytest.mark.slow
@pytest.mark.skipif(not HAS_UNO, reason="LibreOffice with Python's UNO is not installed")
def test_a_paragraph_typed_in_libreoffice_becomes_a_numbered_block_of_its_clause(
    edited_in_libreoffice,
):
    sent, base = rich_package().files["agreement.docx"], rich_quote().version
    back = edited_in_libreoffice(
        "saying how they were made; or=saying how they were made;¶resell it to others; or",
        sent=sent,
    )
    counter = take_counter(sent, back, base, shipped_library())
    assert counter.result.overridden == ("acceptable-use",)
    before = canonical_text(base.tree).splitlines()
    after = canonical_text(counter.version.tree).splitlines()
    changed = [line for line in after if line not in before]
    assert [line.partition(" ")[2][:20] for line in changed] == [
        "build a competing pr",
        "resell it to others;",
        "control equipment or",
    ]
    assert len(after) == len(before) + 1
