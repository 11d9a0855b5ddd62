"""Read one clause's files: its head, variables, and positions with their texts (ADR 3)."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from dealdesk.clauses.expressions import Expression, ExpressionError, parse_expression
from dealdesk.clauses.library_texts import Load, items_of
from dealdesk.clauses.marks import MarkError, parse_marks
from dealdesk.clauses.model import (
    Approver,
    Bound,
    Clause,
    Position,
    Rank,
    Redline,
    Variable,
)
from dealdesk.clauses.parser import parse_template
from dealdesk.clauses.scalars import ScalarError, read_date, read_decimal, read_value
from dealdesk.clauses.template import Marks, Template
from dealdesk.clauses.typography import typeset
from dealdesk.kernel.hashing import sha256_json, sha256_text
from dealdesk.kernel.located_yaml import Data
from dealdesk.kernel.records import Record
from dealdesk.terms.value_types import Column, Kind, ValueType
from dealdesk.terms.values import Unit, Value

_STATUSES = ("draft", "approved", "retired")


def read_clause(load: Load, path: Path) -> Clause | None:
    """Return the clause of a file, None where it is faulty: what is wrong is noted in the load."""
    record = load.record(path)
    if record is None:
        return None
    folder = path.parent
    before = len(load.problems)
    variables = tuple(_read_variable(item) for item in items_of(record, "variables"))
    by_id = {variable.id: variable for variable in variables}
    positions = tuple(
        _read_position(load, folder, order, item, by_id)
        for order, item in enumerate(items_of(record, "positions", required=True))
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


def _files(load: Load, folder: Path) -> dict[str, str]:
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
        columns=tuple(_read_column(item) for item in items_of(record, "columns")),
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
    load: Load, folder: Path, order: int, record: Record, variables: Mapping[str, Variable]
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


def _read_text(load: Load, path: Path) -> Template:
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
