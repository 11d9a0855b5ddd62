"""Translations keep the ids and marks of the English, say when they are stale, and print by locale."""

import json
import shutil
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from dealdesk.clauses.lint.rule import apply
from dealdesk.clauses.lint.translation_rules import (
    TRANSLATION_RULES,
    TRANSLATION_SAMPLES,
    Translated,
)
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Library
from dealdesk.clauses.translated import translated_library
from dealdesk.clauses.translation import Language, language_tags, read_language
from dealdesk.cli.library_translations import translation_findings
from dealdesk.cli.main import main
from dealdesk.documents.numbering import number_document
from dealdesk.documents.text import block_lines, canonical_text, section_lines
from dealdesk.documents.tree import occurrences, walk
from dealdesk.workflows.combinations import OUT, Choices
from dealdesk.workflows.reading_copy import fresh_language, reading_copy
from dealdesk.workflows.trials import Bench
from tests.enterprise import RICH_DEAL, rich_quote, shipped_library
from tests.unit.lint.test_library_rules import SOUND, swap

SCHEMAS = resources.files("dealdesk.clauses").joinpath("schemas")
SLA = ("uptime", "severity", "support-hours", "emergency-support", "channels", "cover-terms")


def german(root: Path, library: Library) -> Language:
    language, problems = read_language(root, "de", library)
    assert problems == ()
    assert language is not None
    return language


def rules_on(root: Path) -> set[str]:
    library = load_library(root)
    return {f.rule for f in apply(TRANSLATION_RULES, Translated(library, german(root, library)))}


def test_the_sound_translation_has_no_finding() -> None:
    assert rules_on(SOUND) == set()


@pytest.mark.parametrize("rule", TRANSLATION_SAMPLES)
def test_a_rule_fires_on_what_it_is_for(rule: str, tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    if rule == "translation-missing":
        shutil.move(
            root / "clauses/uptime/uptime/fallback-1.md",
            root / "clauses/uptime/uptime/fallback-2.md",
        )
    edit = TRANSLATION_SAMPLES[rule]
    swap(edit.file, edit.old, edit.new)(root)
    assert rule in rules_on(root)


def test_the_shipped_translations_have_the_marks_of_the_english() -> None:
    # A stale one is told by `library translations` and printed in English: it may follow later.
    found = translation_findings(DEFAULT_LIBRARY, shipped_library())
    assert [f for f in found if f.rule != "translation-stale"] == []
    assert language_tags(DEFAULT_LIBRARY) == ("de",)


def test_what_is_shipped_is_marked_as_not_reviewed() -> None:
    language = german(DEFAULT_LIBRARY, shipped_library())
    assert set(SLA) <= set(language.clauses)
    assert not any(one.reviewed for one in language.clauses.values())


def same_shape(root: Path, agreement_id: str) -> int:
    """Assemble every position in both languages; return how many positions are translated."""
    library = load_library(root)
    language = fresh_language(german(root, library), library)
    other = translated_library(library, language)
    english = Bench(library.agreements[agreement_id], library, None)
    de = Bench(other.agreements[agreement_id], other, None)
    for row in Choices(english.agreement, library, walk_aways=True).rows_of_each():
        one, two = english.version(row).tree, de.version(row).tree
        assert [block.id for block in walk(one)] == [block.id for block in walk(two)]
        assert {o.ref for _, o in occurrences(one)} == {o.ref for _, o in occurrences(two)}
        assert number_document(one).numbers == number_document(two).numbers
    return sum(len(clause.positions) for clause in language.clauses.values())


def test_every_german_position_assembles_with_the_ids_and_values_of_the_english() -> None:
    assert same_shape(SOUND, "sample") == 3
    assert same_shape(DEFAULT_LIBRARY, "enterprise") > 0


def test_numbers_dates_money_and_references_are_german() -> None:
    library = load_library(SOUND)
    version = Bench(library.agreements["sample"], library, None).version({"uptime": "fallback-1"})
    copy = reading_copy(version, library, german(SOUND, library))
    lines = canonical_text(copy.tree).splitlines()
    assert "1. Januar 2027 bis 31. Dezember 2029" in " ".join(lines)
    assert "Zahlung | 30 Tage ab Rechnungsdatum" in lines
    assert "Gesamtauftragswert | 144.000,00 USD" in lines
    assert "99,9 % | 5 %" in lines
    assert "2.1 Gutschriften" in lines
    text = "\n".join(lines)
    assert "Dienst zu 99,95 % jedes Monats verfügbar; ein Ausfall ist „Ausfallzeit“." in text
    assert "spätestens 30 Tage danach, vorbehaltlich Ziffer 3.1." in text
    assert copy.left_out == ()


def test_the_shipped_sla_and_order_form_read_in_german() -> None:
    language = german(DEFAULT_LIBRARY, shipped_library())
    copy = reading_copy(rich_quote().version, shipped_library(), language)
    lines = canonical_text(copy.tree).splitlines()
    assert any(line.startswith("Vertragslaufzeit | 1. Juli 2027 bis ") for line in lines)
    assert "Leistungen und Entgelte" in lines
    wanted = {
        "uptime": "zu mindestens 99,95 % verfügbar",
        "severity": "Als Antwort gilt, wenn ein qualifiziertes Mitglied",
        "support-hours": "„Supportzeiten“",
        "cover-terms": "Der Gesamtauftragswert beträgt",
    }
    for instance in copy.instances & set(wanted):
        assert any(wanted[instance] in line for line in lines)


@pytest.mark.parametrize("agreement", ["order-form-sla", "sla-addendum"])
def test_an_order_with_its_service_levels_is_german_throughout(agreement: str) -> None:
    library = shipped_library()
    language = german(DEFAULT_LIBRARY, library)
    bench = Bench(library.agreements[agreement], library, None)
    row = {**bench.choices.usual(), "continuity": OUT}
    copy = reading_copy(bench.version(row), library, language)
    assert copy.left_out == ()
    numbering = number_document(copy.tree)
    shown = [section for section in copy.tree.sections if section.id in copy.sections]
    lines = [line for one in shown for line in section_lines(one, copy.tree, numbering)]
    text = "\n".join(lines)
    assert "„Vertragslaufzeit“" in text
    assert "entscheidet der zuerst genannte: 1. " in text
    assert " the " not in text


def test_what_stays_english_uses_the_english_terms() -> None:
    library = shipped_library()
    language = german(DEFAULT_LIBRARY, library)
    bench = Bench(library.agreements["sla-addendum"], library, None)
    copy = reading_copy(bench.version(bench.choices.usual()), library, language)
    passage = [b for b in walk(copy.tree) if b.id.startswith("continuity/")]
    numbering = number_document(copy.tree)
    text = " ".join(line for b in passage for line in block_lines(b, copy.tree, numbering))
    assert "Provider" in text
    assert "Anbieter" not in text


def test_what_changed_since_it_was_translated_is_printed_in_english(tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(DEFAULT_LIBRARY, root)
    swap("clauses/channels/channels/fallback-1.md", "may replace", "can replace")(root)
    library = load_library(root)
    language = german(root, library)
    copy = reading_copy(rich_quote().version, library, language)
    assert "channels" not in copy.instances
    block = next(b for b in walk(copy.tree) if b.id == "channels/manager")
    lines = list(block_lines(block, copy.tree, number_document(copy.tree)))
    assert "can replace the manager" in lines[1]


def test_a_reading_copy_says_which_text_counts(tmp_path: Path) -> None:
    out = tmp_path / "copy.html"
    found = CliRunner().invoke(
        main, ["agreement", "translate", str(RICH_DEAL), "--language", "de", "-o", str(out)]
    )
    assert found.exit_code == 0, found.output
    html = out.read_text("utf-8")
    assert "Verbindlich ist allein die englische Fassung." in html
    assert "nicht juristisch geprüft" in html
    assert rich_quote().version.hashes.text in html
    assert '<html lang="de">' in html
    assert "src=" not in html
    assert "Vertragsbedingungen" in html


def test_a_language_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    found = CliRunner().invoke(
        main,
        ["agreement", "translate", str(RICH_DEAL), "--language", "fr", "-o", str(tmp_path / "x")],
    )
    assert found.exit_code == 2
    assert "no translation to “fr”. Use one of de." in found.output


FAULTS = {
    ("clause.de.yaml", "reviewed: false", "reviewed: maybe"): "“reviewed” has to be true or false",
    ("clause.de.yaml", "title: Entgelte", "titel: Entgelte"): "“titel” is not a key that we know",
    ("standard.de.md", "{#fees}", ""): "This block has no id",
    ("standard.de.md", "{{def: fees}}", "{{deff: fees}}"): "is not a mark that we know",
    ("standard.de.md", "Der Kunde", "Der \u202eKunde"): "can't be seen: U+202E",
    ("standard.de.md", "Der Kunde", "Der GebÃ¼hr"): "comes from reading in a wrong encoding",
    ("standard.de.md", "Der Kunde", "[Insert]"): "is a drafting note",
}


@pytest.mark.parametrize(("edit", "sentence"), FAULTS.items())
def test_a_faulty_translation_is_told_with_file_and_line(
    edit: tuple[str, str, str], sentence: str, tmp_path: Path
) -> None:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    name, old, new = edit
    swap(f"clauses/fees/fees/{name}", old, new)(root)
    problems = [str(f.problem) for f in translation_findings(root, load_library(root))]
    assert any(sentence in one and f"fees/{name}:" in one for one in problems)


def test_the_list_of_translations_keeps_to_its_schema() -> None:
    found = CliRunner().invoke(main, ["library", "translations", "--json"])
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    schema = json.loads(SCHEMAS.joinpath("library-translations-1.json").read_text("utf-8"))
    jsonschema.validate(told, schema)
    states = {(r["clause"], r["position"]): r["state"] for r in told["translations"]}
    assert states["confidentiality", ""] == "missing"
    assert "uptime" in CliRunner().invoke(main, ["library", "translations"]).stdout
