"""Every value that a document can print: of clauses, order, parties, and the agreement itself."""

from collections.abc import Iterator

from dealdesk.agreements.form_words import form_words
from dealdesk.agreements.model import (
    AGREEMENT_INSTANCE,
    PARTIES_INSTANCE,
    Choice,
    Inputs,
    Signer,
)
from dealdesk.agreements.order_values import order_values
from dealdesk.clauses.model import Library, Part
from dealdesk.documents.tree import SectionKind
from dealdesk.terms.value_types import Kind, TypedValue, ValueMap, ValueType
from dealdesk.terms.values import Nothing, Table, TextValue, Value, ValueRef

# A signer who isn't named yet signs above a line; that is a value, not a blank.
_SIGNER_TYPE = ValueType(Kind.TEXT, none_text="____________________")
_TEXT_TYPE = ValueType(Kind.TEXT)


def all_values(inputs: Inputs, library: Library) -> ValueMap:
    """Return every value of the inputs by address, tables' cells included."""
    values: ValueMap = {}
    values.update(order_values(inputs.order, inputs.language))
    values.update(_party_values("provider", inputs.provider))
    values.update(_party_values("customer", inputs.customer))
    values.update(_agreement_values(inputs, library))
    for choice in inputs.choices:
        values.update(choice_values(choice, library))
    return with_cells(values)


def choice_values(choice: Choice, library: Library) -> Iterator[tuple[ValueRef, TypedValue]]:
    """Yield the typed values of one choice; a variable that the clause lacks is left out."""
    clause = library.clauses.get(choice.clause_id)
    for variable in clause.variables if clause else ():
        if variable.id in choice.values:
            typed = TypedValue(variable.type, choice.values[variable.id])
            yield ValueRef(choice.instance_id, variable.id), typed


def _party_values(side: str, party: Signer) -> Iterator[tuple[ValueRef, TypedValue]]:
    for name in ("name", "form", "address"):
        text = TextValue(getattr(party, name))
        yield ValueRef(PARTIES_INSTANCE, f"{side}_{name}"), TypedValue(_TEXT_TYPE, text)
    for name in ("signer_name", "signer_title"):
        words: str = getattr(party, name)
        value: Value = TextValue(words) if words else Nothing()
        yield ValueRef(PARTIES_INSTANCE, f"{side}_{name}"), TypedValue(_SIGNER_TYPE, value)


def _agreement_values(inputs: Inputs, library: Library) -> Iterator[tuple[ValueRef, TypedValue]]:
    """Yield the document's number, and the order of precedence over the sections that stand."""
    yield ValueRef(AGREEMENT_INSTANCE, "number"), TypedValue(_TEXT_TYPE, TextValue(inputs.number))
    template = library.agreements.get(inputs.agreement)
    chosen = {choice.instance_id for choice in inputs.choices}
    parts = {part.id: part for part in template.parts} if template else {}
    names = [
        _part_name(parts[part_id], inputs.language)
        for part_id in inputs.precedence
        if part_id in parts and _stands(parts[part_id], chosen)
    ]
    if names:
        words = TextValue("; ".join(f"{number}. {name}" for number, name in enumerate(names, 1)))
        yield ValueRef(AGREEMENT_INSTANCE, "precedence"), TypedValue(_TEXT_TYPE, words)


def _stands(part: Part, chosen: set[str]) -> bool:
    is_made = part.kind in {SectionKind.COVER, SectionKind.ORDER_FORM}
    return is_made or any(slot.instance in chosen for slot in part.slots)


def _part_name(part: Part, language: str) -> str:
    if part.kind is SectionKind.EXHIBIT:
        return part.title.partition(":")[0]
    return form_words("the {part}", language).format(part=part.title)


def with_cells(values: ValueMap) -> ValueMap:
    """Return the values and, for each table, every cell under its own address."""
    cells = {
        ValueRef(ref.instance_id, f"{ref.variable}.{row.key}.{column.id}"): TypedValue(
            column.type, cell
        )
        for ref, typed in values.items()
        if isinstance(typed.value, Table)
        for row in typed.value.rows
        for column, cell in zip(typed.type.columns, row.cells, strict=True)
    }
    return values | cells
