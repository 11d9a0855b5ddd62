"""Reports from facts: exact figures, shares that add up, CSV without formulas, pictures to scale."""

import csv
import io
import statistics
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.deals.models import Stage
from dealdesk.reports.clauses import concessions, promises
from dealdesk.reports.deals import BANDS, band_words, discounts, pipeline
from dealdesk.reports.facts import Chosen, DealFact, Decided, Move, Wait
from dealdesk.reports.model import Bar, Column, Report, Unit, share
from dealdesk.reports.pictures import LABEL, VALUE, WIDTH, picture
from dealdesk.reports.spread import spread
from dealdesk.reports.tables import as_csv, cell_words, duration
from dealdesk.reports.times import person_times, role_times, stage_times, waits
from tests.enterprise import shipped_library

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = 3600, 86_400
TITLES = {"cfo": "CFO", "finance": "Finance"}


def deal(
    number: int, stage: Stage = Stage.DRAFT, worth: int | None = 100, percent: str = "0"
) -> DealFact:
    return DealFact(number, stage, worth, int(float(percent) * 10_000), NOW)


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=200))
def test_the_median_and_the_p90_are_values_that_occur_at_their_ranks(seconds: list[int]) -> None:
    found = spread(seconds)
    assert found is not None
    assert found.median == statistics.median_low(seconds)
    assert found.p90 in seconds
    assert sum(one <= found.p90 for one in seconds) * 10 >= 9 * len(seconds)
    assert sum(one < found.p90 for one in seconds) * 10 < 9 * len(seconds)


def test_of_nothing_there_is_no_spread() -> None:
    assert spread([]) is None
    assert role_times([], TITLES).rows == ()


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=9))
def test_shares_are_of_the_whole(parts: list[int]) -> None:
    whole = sum(parts)
    shares = [share(part, whole) for part in parts]
    if whole == 0:
        assert set(shares) == {None}
        return
    assert abs(sum(one or 0 for one in shares) - 1000) <= len(parts)
    assert share(whole, whole) == 1000


def test_the_pipeline_counts_deals_and_their_worth_by_stage() -> None:
    found = pipeline(
        [deal(1), deal(2, worth=250), deal(3, Stage.SIGNED, 1000), deal(4, Stage.LOST, None)], "USD"
    )
    assert found.rows == (
        ("Draft", 2, 500, 350),
        ("Negotiation", 0, 0, 0),
        ("Signature", 0, 0, 0),
        ("Signed", 1, 250, 1000),
        ("Lost", 1, 250, 0),
    )


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        ("0", 0),
        ("0.01", 1),
        ("10", 1),
        ("10.0001", 2),
        ("20", 2),
        ("30", 3),
        ("40", 4),
        ("40.5", 5),
    ],
)
def test_a_discount_is_in_the_band_whose_limit_it_does_not_exceed(percent: str, band: int) -> None:
    rows = discounts([deal(1, Stage.SIGNED, 100, percent)], "USD").rows
    assert [row[1] for row in rows].index(1) == band
    assert rows[band][3:] == (1, 0, 1000)


def test_bands_are_named_without_a_gap() -> None:
    assert [band_words(one) for one in range(len(BANDS) + 1)] == [
        "None", "Above 0 to 10 %", "Above 10 to 20 %", "Above 20 to 30 %", "Above 30 to 40 %",
        "Above 40 %",
    ]  # fmt: skip


def test_a_stay_lasts_from_entering_a_stage_to_leaving_it() -> None:
    moves = [
        Move(1, "draft", "negotiation", NOW + timedelta(days=2)),
        Move(2, "draft", "lost", NOW + timedelta(days=4)),
        Move(1, "negotiation", "signature", NOW + timedelta(days=7)),
    ]
    found = stage_times([deal(1), deal(2), deal(3)], moves)
    assert found.rows == (
        ("Draft", 2, 2 * DAY, 4 * DAY),
        ("Negotiation", 1, 5 * DAY, 5 * DAY),
    )


def test_times_by_role_and_person_come_slowest_first_with_their_share_in_time() -> None:
    decided = [
        Decided("cfo", "Cy", 4 * HOUR, is_in_time=True),
        Decided("cfo", "Cy", 9 * HOUR, is_in_time=False),
        Decided("cfo", "Di", 5 * HOUR, is_in_time=True),
        Decided("finance", "Cy", 30 * HOUR, is_in_time=False),
    ]
    assert role_times(decided, TITLES).rows == (
        ("Finance", 1, 30 * HOUR, 30 * HOUR, 0),
        ("CFO", 3, 5 * HOUR, 9 * HOUR, 667),
    )
    assert [row[0] for row in person_times(decided, TITLES).rows] == [
        "Cy, Finance", "Di, CFO", "Cy, CFO",
    ]  # fmt: skip


def test_waits_are_gathered_by_who_and_whom_the_longest_first() -> None:
    found = waits(
        [
            Wait("Ann", "CFO", NOW - timedelta(hours=3), is_late=False),
            Wait("Bo", "CFO", NOW - timedelta(hours=8), is_late=True),
            Wait("Ann", "CFO", NOW - timedelta(hours=5), is_late=True),
            Wait("Engineering", "Ann", NOW - timedelta(hours=1), is_late=False),
        ],
        NOW,
    )
    assert found.rows == (
        ("Bo", "CFO", 1, 8 * HOUR, 1),
        ("Ann", "CFO", 2, 5 * HOUR, 1),
        ("Engineering", "Ann", 1, HOUR, 0),
    )
    assert found.bars == (Bar("CFO", 3), Bar("Ann", 1))


def test_concessions_name_clause_rank_and_share_and_leave_the_standard_out() -> None:
    def chosen(number: int, position: str, *, own: bool = False) -> Chosen:
        return Chosen(number, "escrow", position, own)

    found = concessions(
        [
            chosen(1, "standard"),
            chosen(2, "fallback-1"),
            chosen(3, "fallback-1"),
            chosen(4, "standard", own=True),
            Chosen(1, "uptime", "standard", is_own_words=False),
        ],
        shipped_library(),
    )
    assert found.rows == (
        ("Source-code escrow", "Fallback 1", 2, 500),
        ("Source-code escrow", "Own words", 1, 250),
    )
    assert found.bars == (Bar("Source-code escrow", 3),)
    assert found.counted_over == 4


def test_promises_are_counted_by_level_and_lost_deals_promise_nothing() -> None:
    deals = [deal(1, Stage.SIGNED), deal(2), deal(3, Stage.LOST), deal(4)]
    chosen = [
        Chosen(number, "uptime", "standard", is_own_words=False, target=target)
        for number, target in ((1, "99.9"), (2, "99.95"), (3, "99.99"), (4, "99.9"))
    ]
    assert promises(chosen, deals).rows == (("99.9 %", 1, 1), ("99.95 %", 0, 1))


REPORT = Report(
    "x", "X", "…",
    (Column("Who"), Column("N", Unit.COUNT), Column("T", Unit.SECONDS), Column("S", Unit.SHARE),
     Column("M", Unit.MONEY)),
    (("=cmd()", 1, 90, 667, 12_345), ("Ann, “A”", 2000, 90_061, None, 0)),
    (Bar("=cmd()", 50, 200), Bar("Ann", 0)),
    Unit.COUNT, "N", "USD",
)  # fmt: skip


def test_a_csv_has_exact_numbers_units_in_its_head_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(REPORT))))
    assert rows == [
        ["Who", "N", "T (seconds)", "S (percent)", "M (USD)"],
        ["'=cmd()", "1", "90", "66.7", "123.45"],
        ["Ann, “A”", "2000", "90061", "", "0.00"],
    ]


def test_cells_read_as_people_read_them() -> None:
    words = [
        cell_words(cell, column.unit, "USD")
        for row in REPORT.rows
        for cell, column in zip(row, REPORT.columns, strict=True)
    ]
    assert words == [
        "=cmd()", "1", "1 min", "66.7 %", "USD 123.45",
        "Ann, “A”", "2,000", "1 day 1 h", "–", "USD 0.00",
    ]  # fmt: skip
    assert duration(5 * HOUR + 600) == "5 h 10 min"


def test_a_picture_is_to_scale_from_zero() -> None:
    drawn = picture(REPORT)
    assert drawn is not None
    room = WIDTH - LABEL - VALUE
    assert [bar.width for bar in drawn.bars] == [room * 50 // 200, 0]
    assert drawn.bars[0].mark == LABEL + room
    assert picture(Report("x", "X", "", (), (), (), Unit.COUNT, "")) is None


def test_a_picture_says_how_many_bars_it_leaves_out() -> None:
    many = Report(
        "x", "X", "", (), (), tuple(Bar(str(n), n + 1) for n in range(50)), Unit.COUNT, ""
    )
    drawn = picture(many)
    assert drawn is not None
    assert (len(drawn.bars), drawn.left_out) == (20, 30)
