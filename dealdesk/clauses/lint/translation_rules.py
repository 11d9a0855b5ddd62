"""Rules on translations: as new as the English, of the same shape, and whole."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.clauses.lint.library_samples import UPTIME, Edit
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.clauses.lint.template_reading import Reading, read_template
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.clauses.template import DefinitionMark, RefMark, TermMark, ValueMark
from dealdesk.clauses.translation import (
    ClauseTranslation,
    Language,
    TranslatedPosition,
    source_of_passage,
    source_of_words,
    untranslated_words,
)
from dealdesk.kernel.errors import Place


@dataclass(frozen=True, slots=True)
class Translated:
    """A library with one language that it was translated to."""

    library: Library
    language: Language

    def clauses(self) -> Iterator[tuple[Clause, ClauseTranslation]]:
        """Yield each translated clause with its translation."""
        for translation in self.language.clauses.values():
            yield self.library.clauses[translation.clause], translation

    def positions(self) -> Iterator[tuple[Clause, Position, TranslatedPosition]]:
        """Yield each translated position beside the English one."""
        for clause, translation in self.clauses():
            for position in clause.positions:
                if position.id in translation.positions:
                    yield clause, position, translation.positions[position.id]


def _stale(subject: Translated) -> Iterator[Fault]:
    for clause, position, found in subject.positions():
        wanted = source_of_passage(clause, position)
        if found.source != wanted:
            text = f"{position.id} of {clause.id} changed since it was translated"
            yield Place(found.file, 1), f"{text}; its source is now {wanted}."
    for clause, translation in subject.clauses():
        wanted = source_of_words(clause)
        if translation.source != wanted:
            text = f"The words of {clause.id}'s values changed since they were translated"
            yield Place(translation.file), f"{text}; their source is now {wanted}."


def _missing(subject: Translated) -> Iterator[Fault]:
    for clause, translation in subject.clauses():
        for position in clause.positions:
            if position.id not in translation.positions:
                yield Place(translation.file), f"{position.id} of {clause.id} is not translated."
        for position_id in translation.positions:
            if clause.position(position_id) is None:
                yield Place(translation.file), f"{clause.id} has no position “{position_id}”."


def _english_words(subject: Translated) -> Iterator[Fault]:
    for clause, translation in subject.clauses():
        if translation.source == source_of_words(clause):
            for words in untranslated_words(clause, translation):
                yield Place(translation.file), f"{words} is left in English."


def _differs(subject: Translated) -> Iterator[Fault]:
    """Yield what one language prints and the other doesn't, where the translation is as new."""
    for clause, position, found in subject.positions():
        if found.source != source_of_passage(clause, position):
            continue
        english, other = read_template(position.text), read_template(found.text)
        for what, one, two in _compared(english, other):
            if one != two:
                text = f"{position.id} of {clause.id} has other {what} than the English"
                yield Place(found.file, 1), f"{text}: {_difference(one, two)}."


def _compared(one: Reading, two: Reading) -> Iterator[tuple[str, Counter[str], Counter[str]]]:
    yield "blocks", Counter(i for i, _ in one.blocks), Counter(i for i, _ in two.blocks)
    yield "values", _marked(one, ValueMark), _marked(two, ValueMark)
    yield "references", _marked(one, RefMark), _marked(two, RefMark)
    yield "definitions", _marked(one, DefinitionMark), _marked(two, DefinitionMark)
    yield "tables", Counter(v for v, _ in one.tables), Counter(v for v, _ in two.tables)
    yield "conditions", _conditions(one), _conditions(two)


def _conditions(reading: Reading) -> Counter[str]:
    return Counter(repr(condition) for condition in reading.conditions)


def _marked(reading: Reading, kind: type[ValueMark | RefMark | DefinitionMark]) -> Counter[str]:
    """Count marks of a kind by what they name; a value may be said once more or less often."""
    found = Counter(_name(mark) for mark, _, _ in reading.marks if isinstance(mark, kind))
    return Counter(set(found))


def _name(mark: object) -> str:
    match mark:
        case ValueMark(instance=instance, variable=variable):
            return f"{instance}.{variable}" if instance else variable
        case RefMark(clause=clause, local_id=local_id):
            return f"{clause}/{local_id}"
        case DefinitionMark(definition_id=definition) | TermMark(definition_id=definition):
            return definition
        case _:
            return ""


def _difference(one: Counter[str], two: Counter[str]) -> str:
    gone, new = sorted(one - two), sorted(two - one)
    words = [f"{', '.join(gone)} is gone"] if gone else []
    words += [f"{', '.join(new)} is new"] if new else []
    return ", ".join(words)


_FOLDER = "clauses/fees/fees"
TRANSLATION_SAMPLES = {
    "translation-stale": Edit(f"{_FOLDER}/standard.md", "Customer will pay", "Customer shall pay"),
    "translation-missing": Edit(
        f"{UPTIME}/clause.yaml",
        "  - id: fallback-1\n    rank: fallback\n",
        "  - id: fallback-2\n    rank: fallback\n",
    ),
    "translation-words": Edit(
        f"{UPTIME}/clause.de.yaml", '"false": auf Antrag', '"no": auf Antrag'
    ),
    "translation-differs": Edit(
        f"{_FOLDER}/standard.de.md",
        "{{value: order.payment_days | words}} nach",
        "dreißig Tage nach",
    ),
}

TRANSLATION_RULES: tuple[Rule[Translated], ...] = tuple(
    Rule(
        id_,
        level,
        explanation,
        remedy,
        check,
        TRANSLATION_SAMPLES[id_].failing(),
        TRANSLATION_SAMPLES[id_].passing(),
    )
    for id_, level, explanation, remedy, check in (
        ("translation-stale", Level.WARNING, "A translation says what the present English says.", "Translate the change, then write the source that is named.", _stale),
        ("translation-missing", Level.WARNING, "A clause is translated whole.", "Translate the position, or take its entry out.", _missing),
        ("translation-words", Level.ERROR, "What a variable prints is translated with its clause.", "Add the words under variables.", _english_words),
        ("translation-differs", Level.ERROR, "A translation has the blocks, values, references and conditions of the English.", "Bring the same marks and ids.", _differs),
    )
)  # fmt: skip  # a table of rules, one a line
