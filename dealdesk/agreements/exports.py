"""Which values leave as SLA terms, and whether the document states each of them (I2, I9)."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.agreements.model import Choice, Inputs
from dealdesk.clauses.model import Library
from dealdesk.documents.tree import DocumentTree, occurrences
from dealdesk.kernel.errors import Place, Problem
from dealdesk.terms.value_types import TypedValue
from dealdesk.terms.values import Table, ValueRef


@dataclass(frozen=True, slots=True)
class ExportedValue:
    """A value that feeds the SLA terms: the path there, its address, and the clause it is from."""

    path: str
    ref: ValueRef
    typed: TypedValue
    clause: str


def exported_values(inputs: Inputs, library: Library) -> Iterator[ExportedValue]:
    """Yield the values that feed the SLA terms, without those recorded as stated by nothing."""
    for choice in inputs.choices:
        clause = library.clauses.get(choice.clause_id)
        for variable in clause.variables if clause else ():
            if (
                variable.export
                and variable.id in choice.values
                and not _unstated(choice, variable.id)
            ):
                yield ExportedValue(
                    variable.export,
                    ValueRef(choice.instance_id, variable.id),
                    TypedValue(variable.type, choice.values[variable.id]),
                    f"{choice.clause_id}@{choice.version}",
                )


def _unstated(choice: Choice, variable: str) -> bool:
    return choice.override is not None and variable in choice.override.unstated


def unprinted_exports(inputs: Inputs, library: Library, tree: DocumentTree) -> Iterator[Problem]:
    """Yield a problem for each exported value, or cell of one, that the document doesn't print."""
    printed = {occurrence.ref for _, occurrence in occurrences(tree)}
    for exported in exported_values(inputs, library):
        for ref in _addresses(exported):
            if ref not in printed and exported.ref not in printed:
                yield Problem(
                    "export-unprinted",
                    f"The SLA terms would state {ref}, which the document does not print.",
                    Place(path=str(ref)),
                    "Bind the value to words again, or record that nothing states it.",
                )


def _addresses(exported: ExportedValue) -> Iterator[ValueRef]:
    if not isinstance(exported.typed.value, Table):
        yield exported.ref
        return
    for row in exported.typed.value.rows:
        for column in exported.typed.type.columns:
            yield ValueRef(
                exported.ref.instance_id, f"{exported.ref.variable}.{row.key}.{column.id}"
            )
