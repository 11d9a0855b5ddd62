"""Files that Word made, resolved by us as Word resolved them."""

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from dealdesk.documents.docx.resolver import accept_all, reject_all, unresolved
from dealdesk.documents.docx.wml import local, qn
from dealdesk.kernel.xml import parse_xml
from tests.conftest import CASES

TWINS = CASES / "word-made" / "accept-reject"
NO_TWINS = f"{TWINS} is absent: these files are by others and stay outside of the project"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


def root_of(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as package:
        return parse_xml(package.read("word/document.xml"), path.name)


def skeleton(root: etree._Element) -> list[str]:
    """Return rows, cells and the words of each paragraph in order."""
    found: list[str] = []
    for element in root.iter(qn("w:tr"), qn("w:tc"), qn("w:p")):
        if local(element) != "p":
            found.append(f"<{local(element)}>")
            continue
        texts = element.iter(qn("w:t"), MATH_TEXT)
        own = [t for t in texts if next(t.iterancestors(qn("w:p"))) is element]
        found.append("".join(t.text or "" for t in own))
    return found


def cases() -> list[tuple[str, str]]:
    sources = [p.stem for p in sorted(TWINS.glob("*.docx")) if not p.stem.endswith("ted")]
    pairs = [(stem, verdict) for stem in sources for verdict in ("Accepted", "Rejected")]
    return [pair for pair in pairs if (TWINS / f"{pair[0]}-{pair[1]}.docx").exists()]


@pytest.mark.skipif(not TWINS.exists(), reason=NO_TWINS)
def test_every_file_resolves_as_word_resolved_it():
    wrong = []
    for stem, verdict in cases():
        ours = root_of(TWINS / f"{stem}.docx")
        (accept_all if verdict == "Accepted" else reject_all)(ours)
        word = root_of(TWINS / f"{stem}-{verdict}.docx")
        if skeleton(ours) != skeleton(word) or unresolved(ours):
            wrong.append(f"{stem} {verdict}")
    assert wrong == []
    assert len(cases()) >= 40
