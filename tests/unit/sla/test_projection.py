"""SLA terms come from the values that the text prints, and nothing else."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.exports import exported_values
from dealdesk.agreements.model import Origin, Override
from dealdesk.clauses.model import Rank
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import Clause, Text
from dealdesk.kernel.errors import DomainError, RefusedError
from dealdesk.kernel.hashing import canonical_json, sha256_text
from dealdesk.sla.json_values import amount_json
from dealdesk.sla.lint import ERROR, lint_terms
from dealdesk.sla.model import TermsError, load_terms, read_terms, schema_problems
from dealdesk.sla.parity import parity, statements
from dealdesk.sla.projection import project
from dealdesk.terms.clock import Elapsed
from dealdesk.terms.values import Duration, Percent, Unit
from dealdesk.workflows.sample_passages import home_of, sample_choices
from tests.enterprise import rich_quote, shipped_library


def rich_terms() -> dict[str, object]:
    return json.loads(canonical_json(project(rich_quote().version, shipped_library())))


def test_terms_fit_their_schema_and_name_the_text() -> None:
    terms = rich_terms()
    assert list(schema_problems(terms)) == []
    text = canonical_text(rich_quote().version.tree)
    assert terms["text_sha256"] == sha256_text(text)


def test_terms_hold_nothing_about_positions_or_approvals() -> None:
    words = canonical_json(project(rich_quote().version, shipped_library()))
    for secret in ("fallback", "standard", "walk", "approv", "playbook", "discount"):
        assert secret not in words


def test_each_term_names_the_clause_that_it_is_from() -> None:
    terms = read_terms(rich_terms())
    assert terms.target("sev1") is not None
    provenance = {entry["path"]: entry["clause"] for entry in rich_terms()["provenance"]}
    assert provenance["/severities"] == "severity@1.1.0"
    assert provenance["/availability/objective_percent"] == "uptime@1.1.0"


def test_text_and_terms_agree_and_no_term_goes_unchecked() -> None:
    terms = project(rich_quote().version, shipped_library())
    text = canonical_text(rich_quote().version.tree)
    words = canonical_json(terms)
    assert parity(text, sha256_text(text), words, "terms") == []
    paths = {statement.path for statement in statements(load_terms(words))}
    assert {"/availability/objective_percent", "/credits/cap_percent", "/effective"} <= paths


def _numbers(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each number, date and length that the terms state and the text prints."""
    if isinstance(data, dict | list):
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        for key, inner in pairs:
            if key not in {"provenance", "schema", "text_sha256", "revision", "security"}:
                yield from _numbers(inner, (*path, key))
    elif not isinstance(data, bool) and re.search(r"\d", str(data)):
        yield path


def _changed(value: object) -> object:
    """Return another number of the same kind: twice as much, or another last digit."""
    if isinstance(value, int):
        return value * 2
    return re.sub(r"(\d)(?=\D*$)", lambda digit: str((int(digit[1]) + 1) % 10), str(value))


@pytest.mark.parametrize(
    "path", list(_numbers(rich_terms())), ids=lambda path: "/".join(map(str, path))
)
def test_any_number_changed_in_the_terms_turns_parity_red(path: tuple[str | int, ...]) -> None:
    terms = rich_terms()
    *parents, last = path
    place = reduce(lambda inner, key: inner[key], parents, terms)
    place[last] = _changed(place[last])
    text = canonical_text(rich_quote().version.tree)
    try:
        assert parity(text, sha256_text(text), canonical_json(terms), "terms") != []
    except TermsError:
        return  # Refused before any comparison, which is red too.


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("99.95% of each", "99.5% of each", "/availability/objective_percent"),
        ("| 30 minutes |", "| 15 minutes |", "/targets/0/amount"),
        ("99.95% | 5%", "99.95% | 50%", "/credits/tiers/0"),
        ("at most 25% of", "at most 75% of", "/credits/cap_percent"),
        ("(America/New_York)", "(America/Chicago)", "/calendars/support/timezone"),
        ("3 of any", "2 of any", "/chronic_failure/missed"),
        ("least 72 hours", "least 12 hours", "/availability/maintenance/notice"),
    ],
)
def test_one_changed_number_in_the_text_turns_parity_red(old: str, new: str, path: str) -> None:
    words = canonical_json(project(rich_quote().version, shipped_library()))
    text = canonical_text(rich_quote().version.tree)
    assert old in text
    changed = text.replace(old, new)
    named = load_terms(words).text_sha256
    assert path in {mismatch.path for mismatch in parity(changed, named, words, "terms")}


def test_a_changed_term_turns_parity_red() -> None:
    text = canonical_text(rich_quote().version.tree)
    words = canonical_json(project(rich_quote().version, shipped_library()))
    changed = words.replace('"seconds":1800', '"seconds":900')
    assert changed != words
    mismatches = parity(text, sha256_text(text), changed, "terms")
    assert [mismatch.path for mismatch in mismatches] == ["/targets/0/amount"]


def test_an_override_that_states_no_uptime_leaves_no_terms() -> None:
    version = rich_quote().version
    override = Override(
        "", (Clause("uptime/availability", body=(Text("Best efforts."),)),), Origin.COUNTER, "Dana"
    )
    choices = tuple(
        replace(c, override=override) if c.instance_id == "uptime" else c
        for c in version.inputs.choices
    )
    inputs = replace(version.inputs, choices=choices)
    with pytest.raises(RefusedError, match="which the document does not print") as error:
        project(make_version(inputs, shipped_library()), shipped_library())
    assert "uptime/target" in {problem.place.path for problem in error.value.problems}


def test_what_a_person_records_as_unstated_is_absent_not_stale() -> None:
    version = rich_quote().version
    names = tuple(v.id for v in shipped_library().clauses["uptime"].variables)
    override = Override(
        "",
        (Clause("uptime/availability", body=(Text("Best efforts."),)),),
        Origin.COUNTER,
        "Dana",
        names,
    )
    choices = tuple(
        replace(c, override=override) if c.instance_id == "uptime" else c
        for c in version.inputs.choices
    )
    terms = project(
        make_version(replace(version.inputs, choices=choices), shipped_library()), shipped_library()
    )
    assert "availability" not in terms
    assert "credits" not in terms


@given(st.integers(9500, 9999), st.integers(1, 170))
@settings(max_examples=25)
def test_every_value_of_the_matrix_arrives_as_it_is_printed(hundredths: int, minutes: int) -> None:
    version = rich_quote().version
    target = Percent(Decimal(hundredths) / 100)
    severity = next(c for c in version.inputs.choices if c.instance_id == "severity")
    rows = severity.values["matrix"].rows
    column = [
        c.id for c in shipped_library().clauses["severity"].variable("matrix").type.columns
    ].index("response")
    first = replace(
        rows[0],
        cells=(
            *rows[0].cells[:column],
            Duration(minutes, Unit.MINUTES),
            *rows[0].cells[column + 1 :],
        ),
    )
    table = replace(severity.values["matrix"], rows=(first, *rows[1:]))
    choices = tuple(
        replace(c, values=MappingProxyType({**c.values, "matrix": table}))
        if c.instance_id == "severity"
        else replace(c, values=MappingProxyType({**c.values, "target": target}))
        if c.instance_id == "uptime"
        else c
        for c in version.inputs.choices
    )
    changed = make_version(replace(version.inputs, choices=choices), shipped_library())
    words = canonical_json(project(changed, shipped_library()))
    terms = load_terms(words)
    assert terms.target("sev1").amount == Elapsed(minutes * 60)
    assert terms.availability.objective == target.number
    text = canonical_text(changed.tree)
    assert parity(text, sha256_text(text), words, "terms") == []


@pytest.mark.parametrize(
    ("clause", "position"),
    [(c.id, p.id) for c in shipped_library().clauses.values() for p in c.positions],
)
def test_every_position_of_the_library_gives_valid_terms(clause: str, position: str) -> None:
    library = shipped_library()
    inputs = sample_choices(home_of(clause, library), library, clause, position)
    version = make_version(inputs, library)
    if not any(exported_values(inputs, library)):
        return  # no promise of service levels in this kind of agreement
    words = canonical_json(project(version, library))
    terms = load_terms(words)
    text = canonical_text(version.tree)
    assert parity(text, sha256_text(text), words, "terms") == []
    rank = library.clauses[clause].position(position).rank
    errors = [problem for rule, problem in lint_terms(terms) if rule.level == ERROR]
    assert errors == [] or rank is Rank.WALK_AWAY


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.pop("text_sha256"), "'text_sha256' is a required property"),
        (lambda t: t.update(schema="sla-terms/9"), "'sla-terms/1' was expected"),
        (lambda t: t["targets"][0].update(calendar="nights"), "“nights”, which is absent"),
        (lambda t: t["targets"][0].update(severity="sev9"), "“sev9”, which is no severity"),
        (
            lambda t: t["calendars"][1].update(timezone="Mars/Base"),
            "“Mars/Base” is not a time zone",
        ),
        (lambda t: t["effective"].update(until="2030-06-31"), "'2030-06-31' is not a 'date'"),
        (
            lambda t: t["availability"].update(timezone="Mars/Base"),
            "“Mars/Base” is not a time zone",
        ),
        (lambda t: t["channels"][0].update(calendar="nights"), "“nights”, which is no calendar"),
        (lambda t: t["channels"][0].update(severities=["sev9"]), "“sev9”, which is no severity"),
        (lambda t: t.update(position="fallback-1"), "Additional properties are not allowed"),
    ],
)
def test_terms_that_are_no_terms_are_refused_with_a_sentence(change: object, says: str) -> None:
    terms = rich_terms()
    change(terms)
    with pytest.raises(DomainError) as error:
        read_terms(terms, "terms.json")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("unit", "is_always_open", "kind"),
    [
        (Unit.HOURS, True, "elapsed"),
        (Unit.HOURS, False, "business_time"),
        (Unit.BUSINESS_HOURS, False, "business_time"),
        (Unit.DAYS, False, "elapsed"),
    ],
)
def test_hours_run_when_the_clock_of_their_row_runs(
    unit: Unit, is_always_open: bool, kind: str
) -> None:
    amount = amount_json(Duration(2, unit), "end_of_day", is_always_open=is_always_open)
    assert amount["kind"] == kind


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(TermsError, match="not JSON"):
        load_terms("{", "terms.json")
