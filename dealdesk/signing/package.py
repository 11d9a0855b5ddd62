"""What `agreement build` hands over to be sealed: a manifest, the files it names, the approvals."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias

import jsonschema

from dealdesk.kernel.errors import DomainError, Place, Problem, RefusedError
from dealdesk.kernel.hashing import sha256_bytes

MANIFEST = "manifest.json"
APPROVALS = "approvals.json"
AGREEMENT_PDF = "agreement.pdf"
AGREEMENT_DOCX = "agreement.docx"
TERMS = "sla-terms.json"
REQUIRED_FILES = (AGREEMENT_PDF, TERMS, APPROVALS)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_REBUILD = "Build it again with `dealdesk agreement build`, and seal what that wrote."

JsonObject: TypeAlias = "dict[str, object]"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a package as its manifest names it."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself: its hashes, and whether it is still a draft."""

    draft: bool
    text_sha256: str
    inputs_sha256: str
    terms_sha256: str
    files: tuple[FileEntry, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenReason:
    """Why a role still has to decide, or why a position blocks the deal."""

    role: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """What still stands between a package and its seal."""

    open: tuple[OpenReason, ...]
    blocked: tuple[OpenReason, ...]


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest in a manifest/1 file.

    Raise DomainError when it isn't one, leaves out a file that a package must hold, or names a
    file outside its own folder.
    """
    found = read_json(data, MANIFEST, "manifest-1.json")
    files = tuple(_entries(found["files"]))
    missing = [name for name in REQUIRED_FILES if name not in {file.name for file in files}]
    strange = [file.name for file in files if not _PLAIN_NAME.match(file.name)]
    if missing or strange:
        raise DomainError(
            [_broken(MANIFEST, f"The manifest doesn't name {name}.") for name in missing]
            + [_broken(MANIFEST, f"“{name}” is not a plain file name.") for name in strange]
        )
    return Manifest(
        draft=bool(found["draft"]),
        text_sha256=str(found["text_sha256"]),
        inputs_sha256=str(found["inputs_sha256"]),
        terms_sha256=str(found["terms_sha256"]),
        files=files,
        sha256=sha256_bytes(data),
    )


def check_files(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Raise DomainError naming every file of the manifest that is missing or has changed."""
    problems = [
        problem for entry in manifest.files if (problem := _file_problem(entry, files)) is not None
    ]
    if problems:
        raise DomainError(problems)


def check_terms(manifest: Manifest, files: Mapping[str, bytes], embedded: bytes | None) -> None:
    """Raise DomainError when the terms in the PDF aren't those of the package and its text."""
    terms = read_json(files[TERMS], TERMS, None)
    if embedded is None:
        raise DomainError([_broken(AGREEMENT_PDF, f"The PDF carries no {TERMS}.")])
    if embedded != files[TERMS]:
        raise DomainError(
            [_broken(AGREEMENT_PDF, f"The {TERMS} inside the PDF is not the one next to it.")]
        )
    if terms.get("text_sha256") != manifest.text_sha256:
        raise DomainError(
            [_broken(TERMS, "The terms name another text than the manifest (text_sha256).")]
        )


def read_approvals(data: bytes) -> Approvals:
    """Return what is open or blocked in an approvals/1 file.

    A requirement is open when the file lists its role as open or doesn't say that it is covered.
    """
    found = read_json(data, APPROVALS, "approvals-1.json")
    return Approvals(tuple(_open(found)), tuple(_blocked(found)))


def check_ready(manifest: Manifest, approvals: Approvals) -> None:
    """Raise RefusedError that lists all open requirements and blocked positions of a package."""
    problems = [
        Problem("requirement-open", f"{_words(found.role)} has to decide: {found.message}")
        for found in approvals.open
    ] + [
        Problem("position-blocked", f"{found.message}", Place(path=found.subject))
        for found in approvals.blocked
    ]
    if problems:
        problems.append(
            Problem(
                "not-sealed",
                "Nothing was sealed.",
                remedy="Record the decisions in the deal file, build again, then seal.",
            )
        )
    elif manifest.draft:
        problems.append(
            Problem(
                "draft", "The package is marked as a draft, so it is not sealed.", remedy=_REBUILD
            )
        )
    if problems:
        raise RefusedError(problems)


def read_json(data: bytes, name: str, schema: str | None) -> JsonObject:
    """Return the JSON object in a file, checked against one of our schemas when one is named.

    Raise DomainError with every place where it differs from the schema.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DomainError([_broken(name, "The file is not JSON.")]) from error
    if not isinstance(found, dict):
        raise DomainError([_broken(name, "The file holds no JSON object.")])
    if schema is not None:
        faults = sorted(_validator(schema).iter_errors(found), key=lambda fault: fault.json_path)
        if faults:
            raise DomainError(
                [_broken(name, f"At {fault.json_path}: {fault.message[:200]}.") for fault in faults]
            )
    return found


@cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    folder = resources.files("dealdesk.signing") / "schemas"
    return jsonschema.Draft202012Validator(json.loads((folder / schema).read_text("utf-8")))


def _entries(files: object) -> Iterator[FileEntry]:
    assert isinstance(files, dict)
    for name, entry in files.items():
        yield FileEntry(name, entry["sha256"], entry["bytes"])


def _file_problem(entry: FileEntry, files: Mapping[str, bytes]) -> Problem | None:
    data = files.get(entry.name)
    if data is None:
        return _broken(entry.name, "The manifest names this file, and it is missing.")
    if len(data) != entry.size or sha256_bytes(data) != entry.sha256:
        return _broken(entry.name, "The file was changed after the manifest was written.")
    return None


def _open(approvals: JsonObject) -> Iterator[OpenReason]:
    open_roles, requirements = approvals["open"], approvals["requirements"]
    assert isinstance(open_roles, list)
    assert isinstance(requirements, list)
    for requirement in requirements:
        if requirement["role"] in open_roles or not requirement["covered"]:
            for reason in requirement["reasons"]:
                yield OpenReason(requirement["role"], reason["subject"], reason["message"])
    explained = {requirement["role"] for requirement in requirements}
    for role in open_roles:
        if role not in explained:
            yield OpenReason(role, "", "its decision is not recorded.")


def _blocked(approvals: JsonObject) -> Iterator[OpenReason]:
    blocked = approvals["blocked"]
    assert isinstance(blocked, list)
    for found in blocked:
        yield OpenReason("", found["instance"], found["message"])


def _words(role: str) -> str:
    words = role.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _broken(name: str, message: str) -> Problem:
    return Problem("package-broken", message, Place(file=name), _REBUILD)
