"""Load a clause library from its files; every problem is collected with file and line (ADR 3)."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from dealdesk.clauses.agreement_file import read_agreements
from dealdesk.clauses.clause_file import read_clause
from dealdesk.clauses.library_texts import TWIN_REMEDY, Load, items_of
from dealdesk.clauses.model import (
    AgreementTemplate,
    Clause,
    Family,
    Library,
    Tier,
)
from dealdesk.clauses.tiers import TIERS_FILE, read_tiers
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.hashing import sha256_json
from dealdesk.kernel.records import Record

FAMILY_FILE = "family.yaml"
DEFAULT_LIBRARY = Path(__file__).resolve().parents[2] / "clause_library"


class LibraryError(DomainError):
    """The library's files can't be read as a library; every problem is listed."""


def load_library(root: Path = DEFAULT_LIBRARY, instead: Mapping[str, str] | None = None) -> Library:
    """Return the library of a folder. Raise LibraryError listing every problem in its files.

    `instead` are the texts of whole clauses, by file name within the folder, such as
    clauses/uptime/uptime/clause.yaml: they stand in place of the folder's.
    """
    library, problems = read_library(root, instead)
    if library is None or problems:
        raise LibraryError(problems)
    return library


def read_library(
    root: Path, instead: Mapping[str, str] | None = None
) -> tuple[Library | None, tuple[Problem, ...]]:
    """Return what could be loaded and every problem, for linters that go on after the first."""
    load = Load(root, instead or {})
    if not root.is_dir():
        return None, (Problem("library-missing", f"There is no clause library at {root}."),)
    families, roles = _read_families(load)
    _read_opened(load, families)
    clauses = _by_id(load, (read_clause(load, path) for path in load.clause_files()))
    # A clause that could not be read is told where it stands, not again by each agreement.
    known = {*clauses, *(path.parent.name for path in load.clause_files())}
    agreements = read_agreements(load, known)
    library = Library(
        clauses=MappingProxyType(clauses),
        agreements=MappingProxyType(agreements),
        families=MappingProxyType(families),
        roles=MappingProxyType(roles),
        tiers=MappingProxyType(_tiers(load, clauses, agreements)),
        sha256=sha256_json(load.hashes),
    )
    return library, tuple(load.problems)


def _tiers(
    load: Load, clauses: Mapping[str, Clause], agreements: Mapping[str, AgreementTemplate]
) -> dict[str, Tier]:
    path = load.root / TIERS_FILE
    located = load.yaml(path) if path.exists() else None
    return read_tiers(located, load.problems, clauses, agreements) if located else {}


def _by_id(load: Load, clauses: Iterable[Clause | None]) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for clause in clauses:
        if clause is None:
            continue
        if clause.id in found:
            message = f"The id {clause.id} is taken by {found[clause.id].file}."
            load.problems.append(
                Problem("duplicate-id", message, Place(clause.file, 1, "id"), TWIN_REMEDY)
            )
        found[clause.id] = clause
    return found


def _read_families(load: Load) -> tuple[dict[str, Family], dict[str, str]]:
    record = load.record(load.root / "families.yaml")
    if record is None:
        return {}, {}
    roles = {item.text("id"): item.text("title") for item in items_of(record, "roles")}
    families = [_family(item) for item in items_of(record, "families")]
    record.finish()
    return {family.id: family for family in families}, roles


def _read_opened(load: Load, families: dict[str, Family]) -> None:
    """Add the families that clauses open; what families.yaml or an earlier clause says stands.

    That two say the same family is no fault: both may have been published meanwhile.
    """
    for path in load.clause_files():
        place = path.parent / FAMILY_FILE
        record = load.record(place) if load.holds(place) else None
        if record is not None:
            family = _family(record)
            record.finish()
            families.setdefault(family.id, family)


def _family(record: Record) -> Family:
    return Family(
        record.text("id"), record.text("title"), record.text("owner"), record.texts("approvers")
    )
