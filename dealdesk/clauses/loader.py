"""Load a clause library from its files; every problem is collected with file and line (ADR 3)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from dealdesk.clauses.expressions import Expression, ExpressionError, parse_expression
from dealdesk.clauses.marks import MarkError, parse_marks
from dealdesk.clauses.model import (
    AgreementTemplate,
    Approver,
    Bound,
    Clause,
    Family,
    Library,
    Part,
    Position,
    Rank,
    Redline,
    Slot,
    Tier,
    Variable,
)
from dealdesk.clauses.parser import parse_template
from dealdesk.clauses.scalars import ScalarError, read_date, read_decimal, read_value
from dealdesk.clauses.template import Marks, Template
from dealdesk.clauses.tiers import TIERS_FILE, read_tiers
from dealdesk.clauses.typography import typeset
from dealdesk.documents.tree import SectionKind
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.hashing import sha256_json, sha256_text
from dealdesk.kernel.located_yaml import Data, Located, YamlError, load_yaml, read_text_file
from dealdesk.kernel.records import Record
from dealdesk.terms.value_types import Column, Kind, ValueType
from dealdesk.terms.values import Unit, Value

DEFAULT_LIBRARY = Path(__file__).resolve().parents[2] / "clause_library"
_TWIN_REMEDY = "Give each an id of its own."
CLAUSE_FILE = "clause.yaml"
_STATUSES = ("draft", "approved", "retired")


class LibraryError(DomainError):
    """The library's files can't be read as a library; every problem is listed."""


@dataclass(slots=True)
class _Load:
    """One load: the folder, the problems found, and the text and hash of each file read.

    `instead` are texts by file name that stand in place of whole clause folders, or beside them.
    """

    root: Path
    instead: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def text(self, path: Path) -> str | None:
        try:
            text = self._read(path)
        except FileNotFoundError:
            self.problems.append(Problem("file-missing", f"The file {self.name(path)} is missing."))
            return None
        except YamlError as error:
            place = Place(self.name(path))
            self.problems += [replace(problem, place=place) for problem in error.problems]
            return None
        self.hashes[self.name(path)] = sha256_text(text)
        self.texts[self.name(path)] = text
        return text

    def _read(self, path: Path) -> str:
        name = self.name(path)
        if f"{name.rpartition('/')[0]}/{CLAUSE_FILE}" not in self.instead:
            return read_text_file(path)
        if name not in self.instead:
            raise FileNotFoundError
        return self.instead[name]

    def clause_files(self) -> list[Path]:
        named = {self.root / name for name in self.instead if name.endswith(f"/{CLAUSE_FILE}")}
        return sorted({*self.root.glob(f"clauses/*/*/{CLAUSE_FILE}"), *named})

    def yaml(self, path: Path) -> Located | None:
        text = self.text(path)
        if text is None:
            return None
        try:
            return load_yaml(text, self.name(path))
        except YamlError as error:
            self.problems.extend(error.problems)
            return None

    def record(self, path: Path) -> Record | None:
        located = self.yaml(path)
        return Record.whole(located, self.problems) if located else None


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
    load = _Load(root, instead or {})
    if not root.is_dir():
        return None, (Problem("library-missing", f"There is no clause library at {root}."),)
    families, roles = _read_families(load)
    clauses = _by_id(load, (_read_clause(load, path) for path in load.clause_files()))
    # A clause that could not be read is told where it stands, not again by each agreement.
    known = {*clauses, *(path.parent.name for path in load.clause_files())}
    agreements = _agreements(load, known)
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
    load: _Load, clauses: Mapping[str, Clause], agreements: Mapping[str, AgreementTemplate]
) -> dict[str, Tier]:
    path = load.root / TIERS_FILE
    located = load.yaml(path) if path.exists() else None
    return read_tiers(located, load.problems, clauses, agreements) if located else {}


def _by_id(load: _Load, clauses: Iterable[Clause | None]) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for clause in clauses:
        if clause is None:
            continue
        if clause.id in found:
            message = f"The id {clause.id} is taken by {found[clause.id].file}."
            load.problems.append(
                Problem("duplicate-id", message, Place(clause.file, 1, "id"), _TWIN_REMEDY)
            )
        found[clause.id] = clause
    return found


def _agreements(load: _Load, known: Collection[str]) -> dict[str, AgreementTemplate]:
    found: dict[str, AgreementTemplate] = {}
    for path in sorted(load.root.glob("agreements/*.yaml")):
        agreement = _read_agreement(load, path, known)
        if agreement is None:
            continue
        if agreement.id in found:
            message = f"The id {agreement.id} is taken by {found[agreement.id].file}."
            load.problems.append(
                Problem("duplicate-id", message, Place(agreement.file, 1, "id"), _TWIN_REMEDY)
            )
        found[agreement.id] = agreement
    return found


def _items(record: Record, key: str, *, required: bool = False) -> list[Record]:
    """Return a list's records; an id that stands twice in it is noted at the second place."""
    items = list(record.records(key, required=required))
    seen: set[str] = set()
    for item in items:
        id_ = item.data.get("id")
        if isinstance(id_, str):
            if id_ in seen:
                item.problem("id", "duplicate-id", f"“{id_}” stands twice.", _TWIN_REMEDY)
            seen.add(id_)
    return items


def _read_families(load: _Load) -> tuple[dict[str, Family], dict[str, str]]:
    record = load.record(load.root / "families.yaml")
    if record is None:
        return {}, {}
    roles = {item.text("id"): item.text("title") for item in _items(record, "roles")}
    families = {
        item.text("id"): Family(
            item.text("id"), item.text("title"), item.text("owner"), item.texts("approvers")
        )
        for item in _items(record, "families")
    }
    record.finish()
    return families, roles


def _read_clause(load: _Load, path: Path) -> Clause | None:
    record = load.record(path)
    if record is None:
        return None
    folder = path.parent
    before = len(load.problems)
    variables = tuple(_read_variable(item) for item in _items(record, "variables"))
    by_id = {variable.id: variable for variable in variables}
    positions = tuple(
        _read_position(load, folder, order, item, by_id)
        for order, item in enumerate(_items(record, "positions", required=True))
    )
    files = _files(load, folder)
    clause = Clause(
        id=record.text("id"),
        family=record.text("family"),
        title=record.text("title"),
        version=record.text("version"),
        status=record.choice("status", _STATUSES),
        owner=record.text("owner"),
        effective_from=_date(record, "effective_from"),
        review_due=_date(record, "review_due"),
        reviewed_by_counsel=record.flag("reviewed_by_counsel"),
        licence=record.text("licence"),
        variables=variables,
        positions=positions,
        file=load.name(path),
        sha256=files_hash(files),
        jurisdictions=record.texts("jurisdictions"),
        applies_when=_condition(record, "applies_when"),
        requires=record.texts("requires"),
        excludes=record.texts("excludes"),
        tags=record.texts("tags"),
        files=MappingProxyType(files),
    )
    if clause.id and clause.id != folder.name:
        record.problem(
            "id", "wrong-folder", f"The clause {clause.id} stands in the folder {folder.name}."
        )
    record.finish()
    return clause if len(load.problems) == before else None


def _files(load: _Load, folder: Path) -> dict[str, str]:
    prefix = f"{load.name(folder)}/"
    return {n.removeprefix(prefix): t for n, t in load.texts.items() if n.startswith(prefix)}


def files_hash(files: Mapping[str, str]) -> str:
    """Return the hash that names a clause's files, from their texts by name."""
    return sha256_json({name: sha256_text(text) for name, text in files.items()})


def _date(record: Record, key: str) -> date:
    try:
        return read_date(record.get(key, required=True))
    except ScalarError as error:
        record.problem(key, "bad-value", f"{key}: {error.problems[0].message}")
        return date.min


def _condition(record: Record, key: str) -> Expression | None:
    source = record.text(key, default="")
    if not source:
        return None
    try:
        return parse_expression(source)
    except ExpressionError as error:
        record.problem(key, "bad-condition", error.problems[0].message)
        return None


def _marks(record: Record, key: str) -> Marks:
    try:
        return parse_marks(record.text(key, default=""))
    except MarkError as error:
        record.problem(key, error.problems[0].code, error.problems[0].message)
        return ()


def _read_variable(record: Record) -> Variable:
    type_ = read_type(record)
    default = record.get("default")
    variable = Variable(
        id=record.text("id"),
        type=type_,
        question=record.text("question", default=""),
        default=None if default is None else _value(record, "default", default, type_),
        export=record.text("export", default=""),
        caption=record.text("caption", default=""),
    )
    record.finish()
    return variable


def _value(record: Record, key: str, data: Data, type_: ValueType) -> Value | None:
    try:
        return read_value(data, type_)
    except ScalarError as error:
        record.problem(key, "bad-value", f"{key}: {error.problems[0].message}")
        return None


def read_type(record: Record) -> ValueType:
    """Return the declared type of a variable or column; problems go to the record."""
    kind = Kind(record.choice("type", tuple(Kind), default=Kind.TEXT))
    return ValueType(
        kind=kind,
        options=tuple((id_, typeset(words)) for id_, words in record.mapping("options").items()),
        units=tuple(Unit(u) for u in record.choices("units", tuple(Unit))),
        currency=record.text("currency", default=""),
        minimum=_bound(record, "minimum"),
        maximum=_bound(record, "maximum"),
        max_length=record.integer("max_length", default=400),
        columns=tuple(_read_column(item) for item in _items(record, "columns")),
        none_text=record.text("none", default=""),
    )


def _read_column(record: Record) -> Column:
    column = Column(record.text("id"), record.text("title"), read_type(record))
    record.finish()
    return column


def _bound(record: Record, key: str) -> Decimal | None:
    data = record.get(key)
    if data is None:
        return None
    try:
        return read_decimal(data)
    except ScalarError as error:
        record.problem(key, "bad-value", f"{key}: {error.problems[0].message}")
        return None


def _read_position(
    load: _Load, folder: Path, order: int, record: Record, variables: Mapping[str, Variable]
) -> Position:
    position_id = record.text("id")
    text_file = folder / f"{position_id}.md"
    position = Position(
        id=position_id,
        rank=Rank(record.choice("rank", tuple(Rank), default=Rank.NONSTANDARD)),
        order=order,
        sentence=_marks(record, "sentence"),
        explanation=record.text("explanation"),
        text=_read_text(load, text_file),
        file=load.name(text_file),
        rationale=record.text("rationale", default=""),
        talk_track=record.text("talk_track", default=""),
        redlines=tuple(_read_redline(item) for item in record.records("redlines")),
        values=MappingProxyType(dict(_position_values(record, variables))),
        bounds=tuple(_read_bound(item) for item in record.records("bounds")),
        approvers=tuple(_read_approver(item) for item in record.records("approvers")),
    )
    record.finish()
    return position


def _read_text(load: _Load, path: Path) -> Template:
    source = load.text(path)
    if source is None:
        return ()
    template, problems = parse_template(source, load.name(path))
    load.problems.extend(problems)
    return template


def _position_values(
    record: Record, variables: Mapping[str, Variable]
) -> Iterator[tuple[str, Value]]:
    for name, data in record.data_mapping("values").items():
        variable = variables.get(name)
        if variable is None:
            record.problem(
                f"values.{name}", "unknown-variable", f"The clause has no variable “{name}”."
            )
        elif (value := _value(record, f"values.{name}", data, variable.type)) is not None:
            yield name, value


def _read_redline(record: Record) -> Redline:
    redline = Redline(record.text("ask"), record.text("counter"))
    record.finish()
    return redline


def _read_bound(record: Record) -> Bound:
    source = record.text("when")
    condition = _condition(record, "when") or parse_expression("true")
    bound = Bound(source, condition, record.text("message"))
    record.finish()
    return bound


def _read_approver(record: Record) -> Approver:
    approver = Approver(
        role=record.text("role"),
        reason=record.text("reason"),
        source=record.text("when", default=""),
        condition=_condition(record, "when"),
    )
    record.finish()
    return approver


def _read_agreement(load: _Load, path: Path, known: Collection[str]) -> AgreementTemplate | None:
    record = load.record(path)
    if record is None:
        return None
    template = AgreementTemplate(
        id=record.text("id"),
        title=record.text("title"),
        short_title=record.text("short_title"),
        language=record.text("language", default="en"),
        parts=tuple(_read_part(item, known) for item in _items(record, "parts", required=True)),
        precedence=record.texts("precedence"),
        file=load.name(path),
    )
    _note_twin_slots(record, template)
    record.finish()
    return template


def _note_twin_slots(record: Record, template: AgreementTemplate) -> None:
    seen: set[str] = set()
    for slot in (slot for part in template.parts for slot in part.slots):
        if slot.instance in seen:
            message = f"{slot.instance} stands twice in {template.id}."
            remedy = "Take one out, or give it an instance of its own."
            record.problem("parts", "duplicate-id", message, remedy)
        seen.add(slot.instance)


def _read_part(record: Record, known: Collection[str]) -> Part:
    part = Part(
        id=record.text("id"),
        title=record.text("title"),
        kind=SectionKind(record.choice("kind", tuple(SectionKind), default=SectionKind.TERMS)),
        slots=tuple(_read_slots(record, known)),
    )
    record.finish()
    return part


def _read_slots(record: Record, known: Collection[str]) -> Iterator[Slot]:
    for item in record.words_or_records("clauses"):
        if isinstance(item, Record):
            clause = item.text("clause")
            slot = Slot(
                clause,
                item.text("instance", default=clause),
                item.text("position", default="standard"),
                item.flag("optional", default=False),
            )
            item.finish()
        else:
            slot = Slot(item, item)
        if slot.clause not in known:
            record.problem(
                "clauses", "unknown-clause", f"The library has no clause “{slot.clause}”."
            )
        yield slot
