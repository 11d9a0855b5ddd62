"""The gate: what a Word file has to be before any parser sees it, and what is refused.

Limits from redlines.md, section 3.1.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from dealdesk.documents.docx.zip_parts import GateError, refused, zip_parts
from dealdesk.kernel.xml import XmlError, parse_xml

MAX_FILE = 64 * 2**20
MAX_DEPTH = 200
CONTENT_TYPES = "[Content_Types].xml"
_log = logging.getLogger(__name__)
_CFB = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CT = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TAGS = re.compile(rb"<[A-Za-z_]|</|/>")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LINKS = frozenset({"hyperlink"})
# Word files name the template on their author's own disk; only a remote one is a danger.
_REMOTE = re.compile(
    r"\s*(?!file:/{0,3}[A-Za-z]:|file:///[^/\\]|[A-Za-z]:)(\w+:|//|\\\\)", re.IGNORECASE
)
_FORBIDDEN_PARTS: tuple[tuple[str, str, str], ...] = (
    ("macro", r"vbaproject|vbadata|\.bas$", "macros"),
    ("activex", r"activex", "ActiveX controls"),
    ("embedded-object", r"(^|/)embeddings/|oleobject", "embedded objects"),
    ("alt-chunk", r"(^|/)afchunk", "a whole other file to be merged in when it is opened"),
)
_FORBIDDEN_TYPES: tuple[tuple[str, str, str], ...] = (
    ("macro", "macroenabled", "macros"),
    ("macro", "vbaproject", "macros"),
    ("activex", "activex", "ActiveX controls"),
    ("embedded-object", "oleobject", "embedded objects"),
)
_FORBIDDEN_RELATIONS: Mapping[str, tuple[str, str]] = {
    "vbaproject": ("macro", "macros"),
    "control": ("activex", "ActiveX controls"),
    "oleobject": ("embedded-object", "embedded objects"),
    "package": ("embedded-object", "embedded objects"),
    "afchunk": ("alt-chunk", "a whole other file to be merged in when it is opened"),
}


class _Steps(dict[bytes, int]):
    """How far a piece of a tag leads down; what isn't an end leads one level deeper."""

    def __init__(self) -> None:
        super().__init__({b"</": -1, b"/>": -1})

    def __missing__(self, piece: bytes) -> int:
        self[piece] = 1  # at most one for each first letter of a name
        return 1


@dataclass(frozen=True, slots=True)
class ExternalLink:
    """A relationship that leads out of the file; it is reported and never followed."""

    part: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """The parts of a file that passed the gate, its main part, and where it leads to."""

    parts: Mapping[str, bytes]
    main: str
    links: tuple[ExternalLink, ...]


def admit(data: bytes) -> Admitted:
    """Return the parts of a Word file that is safe to parse. Raise GateError with one sentence."""
    _refuse_foreign(data)
    parts = zip_parts(data)
    for name, part in parts.items():
        if _is_xml(name, part):
            _refuse_xml(name, part)
    _refuse_names(parts)
    types = _content_types(parts)
    links = tuple(_relations(parts))
    return Admitted(parts, _main_part(parts, types), links)


def part_tree(name: str, data: bytes) -> etree._Element:
    """Return the root of a part. Raise GateError where it isn't XML; why is for the log."""
    try:
        return parse_xml(data, name)
    except XmlError as error:
        if error.problems[0].code != "not-xml":
            raise
        _log.warning("A Word file is damaged: %s", error.problems[0])
        raise refused(
            "damaged",
            "The file is damaged: its text can't be read.",
            "Save it again in Word and send it.",
        ) from error


def _refuse_foreign(data: bytes) -> None:
    if len(data) > MAX_FILE:
        size = f"The file has {len(data) // 2**20} MB; at most {MAX_FILE // 2**20} MB are read."
        raise refused("too-large", size, "Compress its pictures, and send it again.")
    if data.startswith(_CFB):
        if _ENCRYPTED in data:
            raise refused(
                "encrypted",
                "The file is encrypted with a password.",
                "Remove the password in Word (File, Info, Protect Document), and send it again.",
            )
        raise refused("old-word", "The file is in the old .doc format, whatever its name says.")
    if not data.startswith(b"PK"):
        raise refused("not-a-package", "The file is not a Word document (.docx).")


def _is_xml(name: str, part: bytes) -> bool:
    return name.lower().endswith((".xml", ".rels")) or part.lstrip()[:5] == b"<?xml"


def _refuse_xml(name: str, part: bytes) -> None:
    text = _as_utf8(name, part)
    if _DOCTYPE.search(text):
        raise refused(
            "doctype", f"The part {name} declares a document type, which can hide or bloat text."
        )
    steps = map(_Steps().__getitem__, _TAGS.findall(text))
    if max(accumulate(steps), default=0) > MAX_DEPTH:
        raise refused("too-deep", f"The part {name} is nested more than {MAX_DEPTH} levels deep.")


def _as_utf8(name: str, part: bytes) -> bytes:
    """Return XML as UTF-8 bytes; Word writes UTF-8, and may read UTF-16."""
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in part[:4]:
        try:
            return part.decode("utf-16").encode()
        except UnicodeError as error:
            raise refused(
                "encoding", f"The part {name} is in an encoding we don't read."
            ) from error
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", part)
    if declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
        raise refused("encoding", f"The part {name} is in an encoding we don't read.")
    return part


def _refuse_names(parts: Mapping[str, bytes]) -> None:
    for name in parts:
        for code, pattern, what in _FORBIDDEN_PARTS:
            if re.search(pattern, name.lower()):
                raise _forbidden(code, what)


def _forbidden(code: str, what: str) -> GateError:
    return refused(
        code,
        f"The file carries {what}, which is refused.",
        "Remove them in Word, and send it again.",
    )


def _content_types(parts: Mapping[str, bytes]) -> dict[str, str]:
    if CONTENT_TYPES not in parts:
        raise refused("not-a-document", "The file is a ZIP archive, but not a Word document.")
    root = part_tree(CONTENT_TYPES, parts[CONTENT_TYPES])
    types: dict[str, str] = {}
    for element in root:
        kind = element.get("ContentType", "").lower()
        for code, word, what in _FORBIDDEN_TYPES:
            if word in kind and (element.tag == f"{_CT}Override" or word == "macroenabled"):
                raise _forbidden(code, what)
        if element.tag == f"{_CT}Override":
            types[element.get("PartName", "").lstrip("/")] = kind
    return types


def _relations(parts: Mapping[str, bytes]) -> Iterator[ExternalLink]:
    """Yield links that lead out; refuse what Word would load from there, and forbidden parts."""
    for name in sorted(parts):
        if not name.endswith(".rels"):
            continue
        for relation in part_tree(name, parts[name]).iter(f"{_REL}Relationship"):
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            if kind.lower() in _FORBIDDEN_RELATIONS:
                raise _forbidden(*_FORBIDDEN_RELATIONS[kind.lower()])
            if relation.get("TargetMode", "").lower() == "external":
                link = ExternalLink(name, kind, relation.get("Target", ""))
                if kind not in _LINKS and _REMOTE.match(link.target):
                    raise refused(
                        "external",
                        f"The file would load something from outside when opened ({kind}).",
                        "Break the link in Word (File, Info, Edit Links), and send it again.",
                    )
                yield link


def _main_part(parts: Mapping[str, bytes], types: Mapping[str, str]) -> str:
    mains = [name for name, kind in types.items() if kind == _MAIN]
    if len(mains) != 1:
        other = next((k for k in types.values() if ".main+xml" in k), "")
        what = "a template" if "template" in other else "no Word document"
        raise refused("not-a-document", f"By its content types, the file is {what}.")
    if mains[0] not in parts:
        raise refused(
            "missing-part", f"The file lacks its main part, {mains[0]}.", "Send it again."
        )
    return mains[0]
