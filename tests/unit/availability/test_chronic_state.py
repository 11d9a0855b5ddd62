"""Repeated failure: which misses count together, how many more, and until when a right is used."""

from datetime import date

import pytest

from dealdesk.availability.report import Report, report
from dealdesk.terms.chronic import ChronicMode, ChronicRule, chronic_since, recent_misses
from tests.unit.availability.terms_made import impact, known, made

OUTAGES = tuple(
    impact(f"{month}-05T10:00:00Z", f"{month}-05T{end}:00Z")
    for month, end in (
        ("2025-11", "11:00"), ("2026-02", "11:00"), ("2026-03", "19:00"), ("2026-06", "11:00"),
    )
)  # fmt: skip


def asked(month: str, **rule: object) -> Report:
    history = known(*OUTAGES, covered=("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
    terms = made(effective=("2025-01-01", "2030-12-31"), chronic_failure=rule)
    return report(terms, history, month, history.covered_until)


@pytest.mark.parametrize(
    ("rule", "month", "misses", "more", "since"),
    [
        ({"missed": 2, "window": 3}, "2026-03", ("2026-02", "2026-03"), 0, "2026-03"),
        ({"missed": 3, "window": 6}, "2026-03", ("2025-11", "2026-02", "2026-03"), 0, "2026-03"),
        ({"missed": 3, "window": 6}, "2026-06", ("2026-02", "2026-03", "2026-06"), 0, "2026-03"),
        ({"missed": 2, "window": 2, "mode": "in_a_row"}, "2026-04", (), 2, "2026-03"),
        ({"missed": 3, "window": 3, "mode": "in_a_row"}, "2026-03", ("2026-02", "2026-03"), 1, None),
        ({"missed": 3, "window": 12, "mode": "calendar_year"}, "2026-03", ("2026-02", "2026-03"), 1, None),
        ({"missed": 3, "window": 12, "mode": "calendar_year"}, "2026-06", ("2026-02", "2026-03", "2026-06"), 0, "2026-06"),
        ({"missed": 1, "window": 6, "mode": "within", "below_percent": "99"}, "2026-06", ("2026-03",), 0, "2026-03"),
    ],
)  # fmt: skip
def test_where_an_agreement_stands(
    rule: dict[str, object], month: str, misses: tuple[str, ...], more: int, since: str | None
) -> None:
    state = asked(month, **{"mode": "within", "notice": {"seconds": 30 * 86_400}} | rule).chronic
    assert state is not None
    assert (state.misses, state.more, state.since) == (misses, more, since)


def test_the_right_has_to_be_used_in_time() -> None:
    rule = {"missed": 2, "window": 3, "mode": "within", "notice": {"seconds": 30 * 86_400}}
    state = asked("2026-03", **rule).chronic
    assert state is not None
    # Thirty days after the end of March.
    assert state.use_until == date(2026, 4, 30)


def test_the_state_says_how_far_back_it_looked() -> None:
    state = asked("2026-03", missed=2, window=3, mode="within").chronic
    assert state is not None
    assert state.looked_back_to == "2025-04"


def test_misses_of_another_year_do_not_count_by_calendar_year() -> None:
    rule = ChronicRule(2, 12, ChronicMode.CALENDAR_YEAR)
    missed, years = [True, True, True], [2025, 2026, 2026]
    assert chronic_since(rule, missed, years) == 2
    assert recent_misses(rule, missed, 1, years) == (1,)
