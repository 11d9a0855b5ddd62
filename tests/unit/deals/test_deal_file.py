"""Deal files: the published schema and the reader agree, and every fault has line and remedy."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from dealdesk.deals import deal_file, order_file, order_lines_file
from dealdesk.deals.deal_file import deal_schema, load_deal, read_deal
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.located_yaml import load_yaml

DEALS = Path(__file__).parents[2] / "deals"
TEXT = (DEALS / "T3.yaml").read_text("utf-8")
SCHEMA: Any = deal_schema()


def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def plain(text: str) -> Any:
    return load_yaml(text, "deal.yaml").data


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(DomainError) as caught:
        read_deal(load_yaml(text, "deal.yaml"))
    return caught.value.problems


def line_of(words: str, text: str = TEXT) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize("path", sorted(DEALS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_accepts_every_test_deal(path: Path) -> None:
    assert list(validator().iter_errors(plain(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        (deal_file.DEAL_KEYS, SCHEMA),
        (deal_file.PARTY_KEYS, SCHEMA["$defs"]["party"]),
        (deal_file.CHOICE_KEYS, SCHEMA["$defs"]["choice"]),
        (deal_file.DECISION_KEYS, SCHEMA["$defs"]["decision"]),
        (order_lines_file.LINE_KEYS, SCHEMA["$defs"]["line"]),
        (order_file.ORDER_KEYS, SCHEMA["properties"]["order"]),
    ],
)
def test_reader_and_schema_know_the_same_keys(keys: tuple[str, ...], at: Any) -> None:
    assert set(keys) == set(at["properties"])


def drop(*path: str) -> Callable[[Any], None]:
    def change(deal: Any) -> None:
        for key in path[:-1]:
            deal = deal[key]
        del deal[path[-1]]

    return change


def put(value: Any, *path: Any) -> Callable[[Any], None]:
    def change(deal: Any) -> None:
        for key in path[:-1]:
            deal = deal[key]
        deal[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (drop("title"), "missing"),
        (drop("order", "currency"), "missing"),
        (drop("order", "months"), "missing"),
        (drop("order", "lines"), "no-lines"),
        (put([], "order", "lines"), "no-lines"),
        (put("x", "colour"), "unknown-key"),
        (put("2027-02-30", "order", "start"), "no-such-date"),
        (put("next week", "order", "start"), "not-a-date"),
        (put(0, "order", "months"), "out-of-range"),
        (put("daily", "order", "billing"), "unknown-word"),
        (put(True, "title"), "wrong-type"),
        (put("12e3", "order", "lines", 0, "list_unit"), "not-a-number"),
        (put("1,200.00", "order", "lines", 0, "list_unit"), "not-a-number"),
        (put(0, "order", "lines", 0, "quantity"), "out-of-range"),
        (put(99, "order", "lines", 0, "year"), "out-of-range"),
        (put("a b", "number"), "bad-number"),
        (put(["x"], "customer"), "wrong-type"),
        (put({"due": 30}, "order", "payment"), "unknown-key"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(
    change: Callable[[Any], None], code: str
) -> None:
    deal = copy.deepcopy(plain(TEXT))
    change(deal)
    assert not validator().is_valid(deal)
    found = problems(yaml.safe_dump(deal))
    assert code in {problem.code for problem in found}
    assert all(problem.place.line > 0 for problem in found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"540.00"', '"540.001"', "“list_unit” is 540.001; it may have 2 decimals at most."),
        ('discount_pct: "22"', 'discount_pct: "122"', "“discount_pct” is 122; 100 is the most"),
        ('"540.00"', '"1000000000000.01"', "1000000000000 is the most allowed."),
        ("year: 3", "year: 4", "“year” is 4; 3 is the most allowed."),
        ("currency: USD", "currency: XXX", "“XXX” is not a currency that we know."),
        ("Zurich", "Zu\u202erich", "holds a character that can't be seen (U+202E)"),
        ("per: once", "per: once\n      year: 1", "A one-time charge has no contract year."),
        ("year: 3", "start: 2027-01-01", "The line runs from 2027-01-01"),
        (
            "months: 36",
            "months: 36\n  coterm: {order: A, ends: 2028-01-01}",
            "no months of its own",
        ),
    ],
)
def test_one_sentence_says_what_is_wrong_and_where(old: str, new: str, message: str) -> None:
    text = TEXT.replace(old, new, 1)
    (found,) = problems(text)
    assert message in found.message
    assert found.place.file == "deal.yaml"
    assert abs(found.place.line - line_of(old)) <= 1


def test_characters_that_cannot_be_seen_are_found_in_values_too() -> None:
    text = TEXT + 'clauses:\n  law:\n    values:\n      place: "Del\\u202eaware"\n'
    (found,) = problems(text)
    assert (found.code, found.place.path) == ("hidden-character", "clauses.law.values.place")
    assert found.place.line == line_of("place:", text)


def test_yen_have_no_decimals() -> None:
    found = problems(TEXT.replace("currency: USD", "currency: JPY"))
    assert {problem.code for problem in found} == {"too-many-decimals"}
    assert len(found) == 4


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        TEXT.replace("title:", "titel:")
        .replace("2027-07-01", "2027-07-32")
        .replace("per: once", "per: onec")
    )
    found = problems(text)
    assert [problem.code for problem in found] == [
        "missing",
        "unknown-key",
        "no-such-date",
        "unknown-word",
    ]
    assert "“title”" in found[1].remedy
    assert "“once”" in found[3].remedy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &a [1]\nb: *a\n", "yaml-alias"),
        ("title: one\ntitle: two\n", "duplicate-key"),
        ("a: [\n", "not-yaml"),
        ("- a\n- b\n", "wrong-type"),
        ("", "wrong-type"),
        ("a: !!python/object/apply:os.system [x]\n", "yaml-tag"),
        ("[" * 5000 + "]" * 5000, "not-yaml"),
    ],
)
def test_files_that_are_no_deals_are_refused(text: str, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        read_deal(load_yaml(text, "deal.yaml"))
    assert code in {problem.code for problem in caught.value.problems}


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "deal.yaml"
    binary.write_bytes(b"\xff\xfe\x00PK")
    with pytest.raises(DomainError, match="not UTF-8 text"):
        load_deal(binary)


def test_a_decision_keeps_what_was_seen() -> None:
    text = TEXT + (
        "decisions:\n"
        "  - role: vp_sales\n"
        "    person: Vera Sales\n"
        "    verdict: approved\n"
        "    at: 2026-11-24T09:30:00Z\n"
        "    policy: test-policy-p@1\n"
        "    seen:\n"
        "      - rule: discount\n"
        "        subject: discount_highest\n"
        '        tested: "28"\n'
    )
    (decision,) = read_deal(load_yaml(text, "deal.yaml")).decisions
    assert decision.at.isoformat() == "2026-11-24T09:30:00+00:00"
    assert (decision.seen[0].rule, decision.seen[0].tested) == ("discount", "28")
    (found,) = problems(text.replace("T09:30:00Z", ""))
    assert found.code == "not-a-time"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True),
        ("TRUE", True),
        ("'true'", True),
        ("yes", True),
        ("Yes", True),
        ("1", True),
        ("false", False),
        ("NO", False),
        ("0", False),
    ],
)
def test_health_data_is_true_or_false_however_it_is_written(written: str, read: bool) -> None:
    deal = read_deal(load_yaml(f"{TEXT}facts:\n  phi: {written}\n", "deal.yaml"))
    assert deal.facts["phi"] is read


@pytest.mark.parametrize("fact", ["phi: maybe", "phi: 2", "phi: ''", "PHI: true", "Phi: yes"])
def test_health_data_that_is_neither_is_refused(fact: str) -> None:
    found = problems(f"{TEXT}facts:\n  {fact}\n")
    assert [problem.place.path for problem in found] == [f"facts.{fact.partition(':')[0]}"]
    assert found[0].place.line == line_of(fact, f"{TEXT}facts:\n  {fact}\n")
    assert found[0].remedy


def test_facts_that_are_not_true_or_false_stay_as_they_are_written() -> None:
    text = f"{TEXT}facts:\n  regions: 1\n  country: NO\n  gov: TRUE\n"
    facts = read_deal(load_yaml(text, "deal.yaml")).facts
    assert facts == {"regions": 1, "country": "NO", "gov": True}
    assert not isinstance(facts["regions"], bool)
