"""The worksheet, recomputed from its CSV alone by a few lines that share nothing with the engine."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.availability.history_file import read_history, validator
from dealdesk.availability.history_json import history_json
from dealdesk.availability.report import Report, report
from dealdesk.availability.worksheet import percent_text, report_csv, report_json
from dealdesk.kernel.hashing import canonical_json, sha256_text
from dealdesk.terms.money import Money
from tests.unit.availability.terms_made import impact, known, made, work
from tests.unit.availability.test_measuring import SPANS, WEIGHTS, as_impacts

TERMS = made(
    availability={
        "status_weights": WEIGHTS,
        "maintenance": {"notice": {"seconds": 172_800}, "cap_per_month": {"seconds": 4 * 3600}},
    }
)


def second_by_second(text: str, step: int = 1) -> tuple[int, int, Fraction]:
    """Return denominator, removed and downtime from the rows of impacts and maintenance.

    Every second is looked at by itself: the slowest and plainest way there is.
    """
    rows = list(csv.DictReader(io.StringIO(text)))
    first = min(int(r["start_epoch"]) for r in rows if r["row"] == "contracted")
    last = max(int(r["end_epoch"]) for r in rows if r["row"] == "contracted")
    weights = [Fraction(0)] * ((last - first) // step)
    removed = bytearray(len(weights))
    for row in rows:
        cells = range(
            (int(row["start_epoch"]) - first) // step, (int(row["end_epoch"]) - first) // step
        )
        if row["row"] in {"impact", "maintenance"} and Fraction(row["weight"]):
            for cell in cells:
                weights[cell] = max(weights[cell], Fraction(row["weight"]))
        elif row["row"] == "maintenance":
            removed[cells.start : cells.stop] = b"\1" * len(cells)
    gone = sum(removed)
    down = sum((w for w, out in zip(weights, removed, strict=True) if not out), Fraction(0))
    return (last - first - gone * step), gone * step, down * step


def by_its_rows(text: str) -> tuple[int, int, Fraction]:
    """Return the same from the rows that say what counted."""
    rows = list(csv.DictReader(io.StringIO(text)))
    seconds = {
        kind: sum(int(r["seconds"]) for r in rows if r["row"] == kind)
        for kind in ("contracted", "removed")
    }
    down = sum(
        (int(r["seconds"]) * Fraction(r["weight"]) for r in rows if r["row"] == "down"), Fraction(0)
    )
    return seconds["contracted"] - seconds["removed"], seconds["removed"], down


def facts(answer: Report) -> tuple[int, int, Fraction]:
    uptime = answer.result.uptime
    return uptime.base, uptime.removed, uptime.down


MINUTES = st.lists(
    st.tuples(
        st.integers(-600, 44_000).map(lambda m: m * 60),
        st.integers(1, 600).map(lambda m: m * 60),
        st.sampled_from(["major_outage", "partial_outage", "degraded_performance"]),
    ),
    max_size=8,
)
WORKS = st.lists(
    st.tuples(st.integers(1, 28), st.integers(0, 20), st.integers(1, 3), st.booleans()), max_size=4
)


@settings(max_examples=30, deadline=None)
@given(MINUTES, WORKS)
def test_another_program_gets_the_same_from_the_csv(
    spans: list[tuple[int, int, str]], works: list[tuple[int, int, int, bool]]
) -> None:
    things = [
        work(
            f"2026-06-{day:02d}T{hour:02d}:00:00Z",
            f"2026-06-{day:02d}T{hour + length:02d}:00:00Z",
            "2026-05-01T00:00:00Z" if told else None,
        )
        for day, hour, length, told in works
    ]
    history = known(*as_impacts(spans), *things)
    answer = report(TERMS, history, "2026-06", history.covered_until)
    text = report_csv(answer)
    assert by_its_rows(text) == facts(answer)
    assert second_by_second(text, 60) == facts(answer)


def test_to_the_second_too() -> None:
    terms = made(effective=("2026-06-03", "2026-06-03"), availability={"status_weights": WEIGHTS})
    history = known(
        impact("2026-06-03T10:00:01Z", "2026-06-03T10:07:32Z"),
        impact("2026-06-03T10:05:00Z", "2026-06-03T10:09:59Z", "partial_outage"),
        work("2026-06-03T10:07:00Z", "2026-06-03T11:00:00Z", "2026-05-01T00:00:00Z"),
    )
    answer = report(terms, history, "2026-06", history.covered_until)
    text = report_csv(answer)
    assert second_by_second(text) == by_its_rows(text) == facts(answer)


def test_the_json_fits_its_schema_and_names_its_hash() -> None:
    history = known(impact("2026-06-03T10:00:00Z", "2026-06-03T11:00:00Z"))
    answer = report(TERMS, history, "2026-06", history.covered_until, Money(Decimal(100), "USD"))
    data = json.loads(canonical_json(report_json(answer)))
    assert list(validator("availability-report-1").iter_errors(data)) == []
    named = data.pop("sha256")
    assert named == sha256_text(canonical_json(data))
    assert data["credit"] == {"amount": "5.00", "currency": "USD"}


@settings(max_examples=40, deadline=None)
@given(SPANS)
def test_a_history_is_written_as_it_was_read(spans: list[tuple[int, int, str]]) -> None:
    seen = [replace(one, observed=one.start) for one in as_impacts(spans)]
    text = canonical_json(history_json(known(*seen)))
    assert canonical_json(history_json(read_history(text))) == text


def test_display_rounds_but_never_decides() -> None:
    assert percent_text(Fraction(99_8999, 10_000)) == "99.8999"
    assert percent_text(Fraction(100)) == "100.0000"
    assert percent_text(Fraction(998_999_96, 1_000_000)) == "99.9000"
