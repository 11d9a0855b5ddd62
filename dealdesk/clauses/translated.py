"""A library in another language: the same ids, marks and values, other words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from dealdesk.clauses.model import AgreementTemplate, Clause, Library, Position, Variable
from dealdesk.clauses.template import (
    BlockTemplate,
    ClauseTemplate,
    DefinitionMark,
    Mark,
    Marks,
    ParagraphTemplate,
    Template,
    TermMark,
    WhenMark,
    WhenTemplate,
    block_marks,
    walk_marks,
    walk_template,
)
from dealdesk.clauses.translation import AgreementWords, ClauseTranslation, Language, TypeWords
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.value_types import Column, ValueType
from dealdesk.terms.values import Row, Scalar, Table, TextValue, Value


def translated_library(library: Library, language: Language) -> Library:
    """Return the library as a language has it; what is not translated stays English."""
    english = dict(_english_terms(library))
    clauses = {
        clause.id: translated_clause(clause, language.clauses.get(clause.id), language, english)
        for clause in library.clauses.values()
    }
    return replace(
        library,
        clauses=MappingProxyType(clauses),
        agreements=MappingProxyType(
            {
                one.id: _agreement(one, language.agreements.get(one.id), language.tag)
                for one in library.agreements.values()
            }
        ),
    )


def _english_terms(library: Library) -> Iterator[tuple[str, str]]:
    """Yield each term that the English text defines: its id and what it prints."""
    for clause in library.clauses.values():
        for position in clause.positions:
            for block in walk_template(position.text):
                for mark in walk_marks(block_marks(block)):
                    if isinstance(mark, DefinitionMark):
                        yield mark.definition_id, mark.text


def _agreement(
    agreement: AgreementTemplate, words: AgreementWords | None, tag: str
) -> AgreementTemplate:
    if words is None:
        return replace(agreement, language=tag)
    parts = tuple(
        replace(part, title=words.parts.get(part.id, part.title)) for part in agreement.parts
    )
    return replace(
        agreement, title=words.title, short_title=words.short_title, language=tag, parts=parts
    )


def translated_clause(
    clause: Clause,
    translation: ClauseTranslation | None,
    language: Language,
    english: Mapping[str, str],
) -> Clause:
    """Return a clause in a language, its positions and the words of its variables.

    What stays English takes `english` for its terms, whose definitions may be translated.
    """
    if translation is None:
        positions = tuple(_in_english(position, english) for position in clause.positions)
        return replace(clause, positions=positions)
    return replace(
        clause,
        title=translation.title,
        variables=tuple(
            _variable(variable, translation.words.get(variable.id, TypeWords()))
            for variable in clause.variables
        ),
        positions=tuple(
            _position(position, translation, language.terms, english)
            for position in clause.positions
        ),
    )


def _variable(variable: Variable, words: TypeWords) -> Variable:
    return replace(
        variable,
        type=translated_type(variable.type, words),
        caption=words.title or variable.caption,
    )


def translated_type(type_: ValueType, words: TypeWords) -> ValueType:
    """Return a type whose options, heads and "none" print in other words."""
    return replace(
        type_,
        options=tuple((id_, words.options.get(id_, label)) for id_, label in type_.options),
        none_text=(words.none or type_.none_text) if type_.none_text else "",
        columns=tuple(
            _column(column, words.columns.get(column.id, TypeWords())) for column in type_.columns
        ),
    )


def _column(column: Column, words: TypeWords) -> Column:
    return Column(column.id, words.title or column.title, translated_type(column.type, words))


def _position(
    position: Position,
    translation: ClauseTranslation,
    terms: Mapping[str, str],
    english: Mapping[str, str],
) -> Position:
    found = translation.positions.get(position.id)
    if found is None:
        return _in_english(position, english)
    return replace(
        position,
        text=_template(found.text, terms),
        sentence=found.sentence,
        values=MappingProxyType(
            {name: translated_value(v, translation) for name, v in position.values.items()}
        ),
        file=found.file,
    )


def _in_english(position: Position, english: Mapping[str, str]) -> Position:
    return replace(position, text=_template(position.text, english))


def _template(template: Template, terms: Mapping[str, str]) -> Template:
    return tuple(_block(block, terms) for block in template)


def _block(block: BlockTemplate, terms: Mapping[str, str]) -> BlockTemplate:
    match block:
        case ClauseTemplate():
            return replace(
                block,
                heading=_marks(block.heading, terms),
                body=_marks(block.body, terms),
                children=_template(block.children, terms),
            )
        case ParagraphTemplate():
            return replace(block, body=_marks(block.body, terms))
        case WhenTemplate():
            return replace(block, blocks=_template(block.blocks, terms))
        case _:
            return block


def _marks(marks: Marks, terms: Mapping[str, str]) -> Marks:
    return tuple(_mark(mark, terms) for mark in marks)


def _mark(mark: Mark, terms: Mapping[str, str]) -> Mark:
    """Give a term its word in the language, since its definition may still be English."""
    match mark:
        case TermMark(definition_id=definition, form=""):
            return TermMark(definition, terms.get(definition, ""))
        case WhenMark(condition=condition, body=body):
            return WhenMark(condition, _marks(body, terms))
        case _:
            return mark


def translated_value(value: Value, translation: ClauseTranslation) -> Value:
    """Return a value whose texts are said in the language, where the translation knows them."""
    match value:
        case Table(rows=rows):
            return Table(
                tuple(
                    Row(row.key, tuple(_cell(cell, translation.texts) for cell in row.cells))
                    for row in rows
                )
            )
        case Calendar():
            return _calendar(value, translation.texts)
        case TextValue(text=text):
            return TextValue(translation.texts.get(text, text))
        case _:
            return value


def _cell(cell: Scalar, texts: Mapping[str, str]) -> Scalar:
    return TextValue(texts.get(cell.text, cell.text)) if isinstance(cell, TextValue) else cell


def _calendar(calendar: Calendar, texts: Mapping[str, str]) -> Calendar:
    return replace(
        calendar,
        closed=tuple(
            replace(closed, name=texts.get(closed.name, closed.name)) for closed in calendar.closed
        ),
        source=texts.get(calendar.source, calendar.source),
    )
