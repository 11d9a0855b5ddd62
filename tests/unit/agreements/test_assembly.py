"""The same inputs give the same document, and its hashes stand for what they name."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.agreements.assembly import assemble, make_version
from dealdesk.agreements.choosing import Ask, ChoiceError, choose
from dealdesk.agreements.exports import unprinted_exports
from dealdesk.agreements.model import Origin, Override
from dealdesk.agreements.serial import inputs_from_json, inputs_json
from dealdesk.agreements.values import all_values
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import Clause, SignatureBlock, TableBlock, Text, occurrences, walk
from dealdesk.kernel.hashing import canonical_json
from dealdesk.terms.formatting import format_value
from dealdesk.terms.values import TextValue, ValueRef
from dealdesk.workflows.sample_passages import sample_choices
from tests.enterprise import shipped_library
from tests.unit.agreements.sample import sample_inputs, sample_library

POSITIONS = st.sampled_from(["standard", "fallback-1"])
GONE = ("data-protection", "data-annexes", "business-associate")
TARGETS = st.integers(9000, 10000).map(lambda n: f"{n // 100}.{n % 100:02d}")


@given(POSITIONS, TARGETS)
def test_stored_inputs_give_back_the_same_tree(position: str, target: str) -> None:
    inputs = sample_inputs(position, {"target": target})
    stored = json.loads(canonical_json(inputs_json(inputs)))
    assert inputs_from_json(stored) == inputs
    assert assemble(inputs_from_json(stored), sample_library()) == assemble(
        inputs, sample_library()
    )


@given(POSITIONS, TARGETS)
def test_every_printed_value_is_the_words_of_its_value(position: str, target: str) -> None:
    tree = assemble(sample_inputs(position, {"target": target}), sample_library())
    text = canonical_text(tree)
    for block, occurrence in occurrences(tree):
        if isinstance(block, SignatureBlock):
            continue  # signatures are no part of the canonical text
        typed = tree.values[occurrence.ref]
        words = format_value(typed.value, typed.type, "en", occurrence.style.value)
        assert " ".join(words.split()) in text


@given(POSITIONS, TARGETS)
def test_every_exported_value_is_printed(position: str, target: str) -> None:
    inputs = sample_inputs(position, {"target": target})
    tree = assemble(inputs, sample_library())
    assert list(unprinted_exports(inputs, sample_library(), tree)) == []


def test_a_passage_keeps_its_hash_when_numbers_move_elsewhere() -> None:
    before = make_version(sample_inputs(), sample_library())
    without_fees = replace(
        before.inputs, choices=tuple(c for c in before.inputs.choices if c.instance_id != "uptime")
    )
    after = make_version(without_fees, sample_library(), parent=before)
    assert "3. Liability" in canonical_text(before.tree)
    assert "2. Liability" in canonical_text(after.tree)
    assert before.hashes.passages["liability"] == after.hashes.passages["liability"]
    assert before.hashes.text != after.hashes.text


@given(TARGETS.filter(lambda target: target != "99.90"))
def test_a_passage_changes_its_hash_with_its_values(target: str) -> None:
    before = make_version(sample_inputs(), sample_library())
    after = make_version(sample_inputs(values={"target": target}), sample_library())
    moved = {
        instance
        for instance, digest in before.hashes.passages.items()
        if after.hashes.passages[instance] != digest
    }
    assert moved == {"uptime"}


def test_a_reference_to_an_absent_clause_is_named() -> None:
    inputs = sample_inputs()
    alone = replace(
        inputs, choices=tuple(c for c in inputs.choices if c.instance_id != "liability")
    )
    with pytest.raises(Exception, match="uptime/credits refers to liability/cap, which is absent"):
        assemble(alone, sample_library())


def test_a_reference_into_replaced_words_leads_to_their_clause() -> None:
    inputs = sample_inputs()
    block = Clause("liability/liability", (Text("Liability"),), (Text("As the law says."),))
    override = Override("", (block,), Origin.FREE_TEXT, "Dana")
    choices = tuple(
        replace(c, override=override) if c.instance_id == "liability" else c for c in inputs.choices
    )
    text = canonical_text(assemble(replace(inputs, choices=choices), sample_library()))
    assert "As the law says." in text
    credits_line = next(line for line in text.splitlines() if "a credit is due" in line)
    label = next(line for line in text.splitlines() if line.endswith(" Liability")).split(".")[0]
    assert credits_line.endswith(f"subject to Section {label}.")


def test_the_order_of_precedence_names_the_sections_that_stand() -> None:
    library = shipped_library()
    agreement = library.agreements["enterprise"]
    inputs = sample_choices(agreement, library, "precedence", "standard")
    words = all_values(inputs, library)[ValueRef("agreement", "precedence")].value
    assert words == TextValue(
        "1. the Order Form; 2. Exhibit C; 3. Exhibit A; 4. Exhibit B; 5. the Terms"
    )
    few = tuple(c for c in inputs.choices if c.instance_id not in GONE)
    words = all_values(replace(inputs, choices=few), library)[ValueRef("agreement", "precedence")]
    assert words.value == TextValue("1. the Order Form; 2. Exhibit A; 3. Exhibit B; 4. the Terms")


def test_a_column_of_long_words_is_wider_than_one_of_short_words() -> None:
    library = shipped_library()
    inputs = sample_choices(library.agreements["enterprise"], library, "security", "standard")
    tables = {b.id: b for b in walk(assemble(inputs, library)) if isinstance(b, TableBlock)}
    area, measure = (column.weight for column in tables["security/measures"].columns)
    assert measure >= 2 * area


def test_all_wrong_choices_are_told_at_once() -> None:
    asks = {
        "uptime": Ask("uptime", "fallback-9", {"target": "120", "speed": "1"}),
        "escrow": Ask("escrow"),
        "fees": Ask("fees", omitted=True),
    }
    with pytest.raises(ChoiceError) as error:
        choose(sample_library().agreements["sample"], sample_library(), asks)
    codes = {problem.code for problem in error.value.problems}
    assert codes == {
        "unknown-position",
        "bad-value",
        "unknown-variable",
        "unknown-clause",
        "not-optional",
    }
