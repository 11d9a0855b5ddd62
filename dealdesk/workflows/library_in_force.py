"""The library in force: published clauses in place of the files', and that of an older version."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.clauses.loader import load_library
from dealdesk.clauses.model import Library
from dealdesk.clauses.publications import list_in_force, texts_of
from dealdesk.clauses.queries import list_clause_versions
from dealdesk.kernel.remembered import Remembered

# A library is named by the hash of its files, so what was loaded once holds for good.
_LOADED: Remembered[tuple[Path, tuple[str, ...]], Library] = Remembered(64)


def library_in_force(session: Session, folder: Path, files: Library, day: date) -> Library:
    """Return the library with the clauses that are in force on a day.

    `files` is the folder's own library: it stands while nothing is published, and as long as what
    is in force says the same. Agreements and families are the folder's always.
    """
    found = list_in_force(session, day)
    if all(_has(files, one.clause_id, one.sha256) for one in found):
        return files
    key = (folder, (files.sha256, *(one.sha256 for one in found)))
    return _LOADED.made(key, lambda: load_library(folder, texts_of(session, found)))


def library_with(
    session: Session, folder: Path, library: Library, hashes: Collection[str]
) -> Library:
    """Return the library with the recorded clauses of those hashes, whatever is in force now.

    A version's text follows from its inputs and its clauses alone, so that it stays what it was.
    """
    present = {clause.sha256 for clause in library.clauses.values()}
    missing = tuple(sorted(set(hashes) - present))
    if not missing:
        return library

    def load() -> Library:
        texts = {
            f"{_folder(library, row.clause_id)}/{name}": text
            for row in list_clause_versions(session, missing)
            for name, text in row.files.items()
        }
        return load_library(folder, {**clause_texts(library), **texts})

    return _LOADED.made((folder, (library.sha256, *missing)), load)


def _has(library: Library, clause_id: str, sha256: str) -> bool:
    clause = library.clauses.get(clause_id)
    return clause is not None and clause.sha256 == sha256


def clause_texts(library: Library) -> dict[str, str]:
    """Return all clause texts of a library by file name, so that none is read from the folder."""
    return {
        f"{_folder(library, clause.id)}/{name}": text
        for clause in library.clauses.values()
        for name, text in clause.files.items()
    }


def _folder(library: Library, clause_id: str) -> str:
    clause = library.clauses.get(clause_id)
    return clause.file.rpartition("/")[0] if clause else f"clauses/retired/{clause_id}"
