"""A version of an agreement in another language, for reading: the same ids, values and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from dealdesk.agreements.assembly import assemble
from dealdesk.agreements.model import Choice, Version
from dealdesk.clauses.model import Library, Part
from dealdesk.clauses.translated import translated_library, translated_value
from dealdesk.clauses.translation import (
    ClauseTranslation,
    Language,
    source_of_passage,
    source_of_words,
)
from dealdesk.documents.tree import DocumentTree, SectionKind

# The cover and the order form print of their own; signatures belong under the text that counts.
_FORMS = frozenset({SectionKind.COVER, SectionKind.ORDER_FORM})


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """A translated document and how much of it is translated.

    `instances` are those whose passage is in the language; `sections` the ids of sections that
    have any, `left_out` the titles of the others. `text_sha256` names the English text that counts.
    """

    tree: DocumentTree
    language: Language
    instances: frozenset[str]
    sections: tuple[str, ...]
    left_out: tuple[str, ...]
    is_reviewed: bool
    text_sha256: str


def reading_copy(version: Version, library: Library, language: Language) -> ReadingCopy:
    """Return a version in a language, without what is stale or was written by hand."""
    fresh = fresh_language(language, library)
    translated = {
        choice.instance_id for choice in version.inputs.choices if _is_translated(choice, fresh)
    }
    inputs = replace(
        version.inputs,
        language=language.tag,
        choices=tuple(_choice(choice, fresh) for choice in version.inputs.choices),
    )
    tree = assemble(inputs, translated_library(library, fresh))
    parts = library.agreements[version.inputs.agreement].parts
    shown = {part.id for part in parts if _has_translation(part, translated)}
    return ReadingCopy(
        tree=tree,
        language=language,
        instances=frozenset(translated),
        sections=tuple(s.id for s in tree.sections if s.id in shown),
        left_out=tuple(
            s.title
            for s in tree.sections
            if s.id not in shown and s.kind is not SectionKind.SIGNATURES
        ),
        is_reviewed=all(
            fresh.clauses[choice.clause_id].reviewed
            for choice in version.inputs.choices
            if choice.instance_id in translated
        ),
        text_sha256=version.hashes.text,
    )


def _has_translation(part: Part, translated: set[str]) -> bool:
    return part.kind in _FORMS or any(slot.instance in translated for slot in part.slots)


def _is_translated(choice: Choice, language: Language) -> bool:
    found = language.clauses.get(choice.clause_id)
    return choice.override is None and found is not None and choice.position in found.positions


def _choice(choice: Choice, language: Language) -> Choice:
    translation = language.clauses.get(choice.clause_id)
    if translation is None or choice.override is not None:
        return choice
    values = {name: translated_value(v, translation) for name, v in choice.values.items()}
    return replace(choice, values=MappingProxyType(values))


def fresh_language(language: Language, library: Library) -> Language:
    """Return the language without what was made from an English text that changed since."""
    return replace(language, clauses=MappingProxyType(dict(_fresh_clauses(language, library))))


def _fresh_clauses(language: Language, library: Library) -> Iterator[tuple[str, ClauseTranslation]]:
    for translation in language.clauses.values():
        clause = library.clauses[translation.clause]
        if translation.source != source_of_words(clause):
            continue
        positions = {
            position.id: translation.positions[position.id]
            for position in clause.positions
            if position.id in translation.positions
            and translation.positions[position.id].source == source_of_passage(clause, position)
        }
        yield clause.id, replace(translation, positions=positions)
