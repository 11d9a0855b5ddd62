"""The canonical text that a file prints, and the SLA terms that travel in it."""

import json
import re
from pathlib import Path

from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.reader import docx_canonical_text
from dealdesk.documents.html import FINGERPRINT_LABEL
from dealdesk.documents.pdf.text import pdf_canonical_text
from dealdesk.documents.pdf.words import pdf_words
from dealdesk.kernel.errors import DomainError, Place
from dealdesk.kernel.hashing import sha256_text
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.kernel.xml import parse_xml
from dealdesk.signing.package import TERMS
from dealdesk.signing.pdf_attachments import attachment

_FINGERPRINT = re.compile("".join(FINGERPRINT_LABEL.split()) + "([0-9a-f]{64})")
_CUSTOM = "customXml/dealdesk1.xml"


def printed_text(path: Path) -> str:
    """Return the canonical text of a .pdf, .docx or .txt file. Raise DomainError for others."""
    match path.suffix.lower():
        case ".pdf":
            return pdf_canonical_text(path.read_bytes())
        case ".docx":
            return docx_canonical_text(path.read_bytes())
        case ".txt":
            return read_text_file(path)
        case other:
            raise DomainError.of(
                "unknown-kind",
                f"Files that end in “{other}” are not compared.",
                place=Place(str(path)),
                remedy="Use a .pdf, .docx or .txt that `dealdesk agreement build` wrote.",
            )


def printed_hash(path: Path, text: str) -> str:
    """Return the hash of a file's canonical text; of a PDF, the one that its footer prints."""
    if path.suffix.lower() != ".pdf":
        return sha256_text(text)
    found = _FINGERPRINT.search("".join(pdf_words(path.read_bytes()).split()))
    return found[1] if found else "none"


def terms_of(path: Path) -> bytes | None:
    """Return the SLA terms inside a PDF or DOCX, or None where there are none."""
    match path.suffix.lower():
        case ".pdf":
            return attachment(path.read_bytes(), TERMS)
        case ".docx":
            return _docx_terms(path.read_bytes())
        case _:
            return None


def _docx_terms(data: bytes) -> bytes | None:
    part = open_docx(data).parts.get(_CUSTOM)
    if part is None:
        return None
    words = next((e.text for e in parse_xml(part, _CUSTOM).iter("{*}terms") if e.text), None)
    return words.encode() if words and json.loads(words) else None
