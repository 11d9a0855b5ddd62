"""Each contract's own formula: components, windows, caps, exclusions, revisions, odd periods."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.availability.cover import PeriodNotCoveredError
from dealdesk.availability.history import History, Impact, RequestCount
from dealdesk.availability.history_file import to_epoch
from dealdesk.availability.report import Question, Report, report, report_on
from dealdesk.kernel.errors import DomainError
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.money import Money
from tests.unit.availability.terms_made import impact, known, made, work

FEE = Money(Decimal("6375.00"), "USD")
DAY = 86_400
JUNE = to_epoch("2026-06-01T00:00:00Z")


def asked(terms: SlaTerms, history: History, period: str, fee: Money | None = FEE) -> Report:
    return report(terms, history, period, history.covered_until, fee)


SCENARIO_B = known(
    impact("2026-06-03T10:00:00Z", "2026-06-03T10:43:00Z"),
    work("2026-06-14T01:00:00Z", "2026-06-14T05:00:00Z", "2026-06-10T00:00:00Z"),
)


@pytest.mark.parametrize(
    ("basis", "shown", "met", "credit"),
    [
        ("downtime_only", "99.90046", True, "0.00"),
        ("numerator_and_denominator", "99.89991", False, "637.50"),
    ],
)
def test_scenario_b_by_both_formulas(basis: str, shown: str, met: bool, credit: str) -> None:
    tiers = (("99.9", "10"), ("99.0", "25"), ("95.0", "50"))
    terms = made(tiers=tiers, availability={"maintenance": {"excluded_from": basis}})
    answer = asked(terms, SCENARIO_B, "2026-06")
    assert f"{float(answer.result.uptime.percent):.5f}" == shown
    assert answer.result.is_met is met
    assert answer.credit == Money(Decimal(credit), "USD")


def test_maintenance_announced_twelve_hours_before_instead_of_48_is_downtime() -> None:
    terms = made(availability={"maintenance": {"notice": {"seconds": 172_800}}})
    late = known(work("2026-06-14T01:00:00Z", "2026-06-14T05:00:00Z", "2026-06-13T13:00:00Z"))
    answer = asked(terms, late, "2026-06")
    assert answer.result.uptime.down == 4 * 3600
    assert "too late" in answer.steps[0].note


@pytest.mark.parametrize(
    ("zone", "june", "july"), [("UTC", 3180, 1200), ("America/New_York", 4380, 0)]
)
def test_the_zone_of_the_contract_moves_the_month(zone: str, june: int, july: int) -> None:
    # Three incidents of which the last lies between midnight in UTC and in New York.
    history = known(
        impact("2026-06-05T10:00:00Z", "2026-06-05T10:33:00Z"),
        impact("2026-06-20T10:00:00Z", "2026-06-20T10:20:00Z"),
        impact("2026-07-01T02:00:00Z", "2026-07-01T02:20:00Z"),
    )
    terms = made(availability={"timezone": zone})
    assert asked(terms, history, "2026-06").result.uptime.down == june
    assert asked(terms, history, "2026-07").result.uptime.down == july


T7 = [
    ("2027-09", 22, 0, "99.9491", "5000.00"),
    ("2027-10", 30, 120, "99.9328", "5000.00"),
]


@pytest.mark.parametrize(("month", "down", "works", "shown", "credit"), T7)
def test_the_months_of_t7(month: str, down: int, works: int, shown: str, credit: str) -> None:
    terms = made(
        "99.95",
        ("2027-09-01", "2030-08-31"),
        tiers=(("99.95", "5"), ("99.0", "20"), ("97.0", "35"), ("95.0", "50")),
        availability={"maintenance": {"excluded_from": "downtime_only"}},
    )
    things = [impact(f"{month}-03T10:00:00Z", f"{month}-03T10:{down}:00Z")]
    if works:
        until = f"{month}-17T0{works // 60}:00:00Z"
        things.append(work(f"{month}-17T00:00:00Z", until, f"{month}-01T00:00:00Z"))
    answer = asked(terms, known(*things), month, Money(Decimal("100000.00"), "USD"))
    assert f"{float(answer.result.uptime.percent):.4f}" == shown
    assert not answer.result.is_met
    assert answer.credit == Money(Decimal(credit), "USD")


def test_t9_counts_the_contracted_days_of_its_first_month() -> None:
    terms = made(effective=("2028-02-10", "2028-03-09"))
    answer = asked(terms, known(impact("2028-02-09T23:50:00Z", "2028-02-10T00:20:00Z")), "2028-02")
    assert answer.result.uptime.contracted == 20 * DAY  # a leap year's February
    assert answer.result.uptime.down == 20 * 60


def test_a_quarter_with_a_change_of_clocks_has_its_own_seconds() -> None:
    terms = made(availability={"timezone": "Europe/Berlin", "period": "calendar_quarter"})
    assert asked(terms, known(), "2027-Q1").result.uptime.contracted == 90 * DAY - 3600
    assert asked(terms, known(), "2027-Q4").result.uptime.contracted == 92 * DAY + 3600


def test_billing_months_and_rolling_years() -> None:
    billed = made(availability={"period": "billing_month", "billing_day": 15})
    answer = asked(billed, known(), "2028-02")
    assert (answer.result.period.first.isoformat(), answer.result.period.after.isoformat()) == (
        "2028-02-15", "2028-03-15",
    )  # fmt: skip
    assert answer.result.uptime.contracted == 29 * DAY
    rolling = made(availability={"period": "rolling_12_months"})
    outage = impact("2027-03-05T10:00:00Z", "2027-03-05T19:00:00Z")
    ended = asked(rolling, known(outage), "2028-02")
    assert ended.result.uptime.contracted == 366 * DAY
    assert ended.result.uptime.down == 9 * 3600
    assert ended.chronic is not None
    assert ended.chronic.misses == ("2027-12", "2028-01", "2028-02")
    assert asked(rolling, known(outage), "2028-03").result.uptime.down == 0
    with pytest.raises(DomainError, match="“2028-Q1” is not a rolling 12 months"):
        asked(rolling, known(), "2028-Q1")


def test_overlapping_incidents_count_once() -> None:
    both = known(
        impact("2026-06-03T10:00:00Z", "2026-06-03T10:30:00Z"),
        impact("2026-06-03T10:20:00Z", "2026-06-03T10:40:00Z", component="api"),
    )
    assert asked(made(), both, "2026-06").result.uptime.down == 40 * 60


WEIGHTS = {"major_outage": "1", "partial_outage": "0.3", "degraded_performance": "0"}
COMPONENTS = [{"id": "app", "share": "3"}, {"id": "api"}]


@pytest.mark.parametrize(
    ("rule", "down"),
    [
        ("any", Fraction(2400 + 540)),
        ("all", Fraction(600)),
        ("weighted", Fraction(3, 4) * (1800 + 540) + Fraction(1, 4) * 1200),
    ],
)
def test_components_count_by_the_rule_of_the_contract(rule: str, down: Fraction) -> None:
    # app: 30 minutes out, 30 partly; api: 20 minutes out, ten of them together with app;
    # the blog is no component of the contract.
    history = known(
        impact("2026-06-03T10:00:00Z", "2026-06-03T10:30:00Z"),
        impact("2026-06-03T12:00:00Z", "2026-06-03T12:30:00Z", "partial_outage"),
        impact("2026-06-03T10:20:00Z", "2026-06-03T10:40:00Z", component="api"),
        impact("2026-06-04T10:00:00Z", "2026-06-04T11:00:00Z", component="blog"),
    )
    own = {"components": COMPONENTS, "component_rule": rule, "status_weights": WEIGHTS}
    answer = asked(made(availability=own), history, "2026-06")
    assert answer.result.uptime.down == down
    assert any("not a component" in step.note for step in answer.steps)


def test_what_is_shorter_than_the_contract_counts_is_left_out_however_it_is_divided() -> None:
    terms = made(availability={"measure": {"min_incident": {"seconds": 300}}})
    short = impact("2026-06-03T10:00:00Z", "2026-06-03T10:04:00Z")
    halves = (
        impact("2026-06-04T10:00:00Z", "2026-06-04T10:03:00Z"),
        impact("2026-06-04T10:03:00Z", "2026-06-04T10:06:00Z"),
    )
    answer = asked(terms, known(short, *halves), "2026-06")
    assert answer.result.uptime.down == 360
    assert "shorter than" in answer.steps[0].note


def test_an_excluded_cause_is_no_downtime() -> None:
    theirs = impact("2026-06-03T10:00:00Z", "2026-06-03T12:00:00Z", cause="customer_caused")
    ours = impact("2026-06-03T11:00:00Z", "2026-06-03T11:30:00Z", component="api")
    answer = asked(made(), known(theirs, ours), "2026-06")
    assert answer.result.uptime.down == 1800
    assert answer.result.uptime.removed == 0
    both = made(availability={"exclusions_from": "numerator_and_denominator"})
    assert asked(both, known(theirs, ours), "2026-06").result.uptime.removed == 7200


def test_maintenance_has_hours_an_announced_time_and_caps() -> None:
    told = "2026-05-01T00:00:00Z"
    rule = {
        "windows": [{"days": ["sun"], "open": "02:00", "close": "06:00"}],
        "cap_per_year": {"seconds": 5 * 3600},
    }
    terms = made(availability={"maintenance": rule})
    early = work("2026-06-14T01:00:00Z", "2026-06-14T03:00:00Z", told)  # a Sunday
    assert asked(terms, known(early), "2026-06").result.uptime.down == 3600
    plan = (to_epoch("2026-06-14T02:00:00Z"), to_epoch("2026-06-14T03:00:00Z"))
    longer = work("2026-06-14T02:00:00Z", "2026-06-14T04:00:00Z", told, planned=plan)
    answer = asked(terms, known(longer), "2026-06")
    assert (answer.result.uptime.down, answer.result.uptime.removed) == (3600, 3600)
    assert any("outside the announced time" in step.note for step in answer.steps)
    may = work("2026-05-17T02:00:00Z", "2026-05-17T06:00:00Z", told)
    june = work("2026-06-14T02:00:00Z", "2026-06-14T06:00:00Z", told)
    capped = asked(terms, known(may, june), "2026-06")
    assert (capped.result.uptime.down, capped.result.uptime.removed) == (3 * 3600, 3600)


def test_work_on_one_component_excuses_no_other() -> None:
    told = "2026-05-01T00:00:00Z"
    app = work("2026-06-14T02:00:00Z", "2026-06-14T04:00:00Z", told, component="app")
    api = work("2026-06-14T02:00:00Z", "2026-06-14T04:00:00Z", told, component="api")
    down = (
        impact("2026-06-14T02:10:00Z", "2026-06-14T02:40:00Z"),
        impact("2026-06-14T03:00:00Z", "2026-06-14T03:20:00Z", component="api"),
    )
    alone = asked(made(), known(app, *down), "2026-06").result.uptime
    assert (alone.down, alone.removed) == (1200, 7200 - 1200)
    both = asked(made(), known(app, api, *down), "2026-06").result.uptime
    assert (both.down, both.removed) == (0, 7200)


def requests(*counts: tuple[str, int, int]) -> tuple[RequestCount, ...]:
    """Return counts of some minutes of June, and of the rest, in which nothing was asked."""
    made = [RequestCount(to_epoch(a), to_epoch(a) + 60, n, bad) for a, n, bad in counts]
    edges = [JUNE, *(e for c in made for e in (c.start, c.end)), JUNE + 30 * DAY]
    rest = [RequestCount(a, b, 0, 0) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    return (*made, *rest)


def test_requests_and_minutes_over_an_error_rate() -> None:
    counts = requests(
        ("2026-06-03T10:00:00Z", 1000, 60),
        ("2026-06-03T10:01:00Z", 1000, 50),
        ("2026-06-03T10:02:00Z", 8000, 5),
    )
    rate = {"measure": {"kind": "error_rate_minutes", "minute_error_rate_over_percent": "5"}}
    by_minute = asked(made(availability=rate), known(requests=counts), "2026-06")
    assert by_minute.result.uptime.down == 60
    ratio = made("99", availability={"measure": {"kind": "request_ratio"}})
    by_request = asked(ratio, known(requests=counts), "2026-06")
    assert by_request.result.uptime.percent == 100 - Fraction(11500, 10000)
    assert by_request.result.budget == 100
    assert not by_request.result.is_met


@pytest.mark.parametrize("kind", ["error_rate_minutes", "request_ratio"])
def test_requests_that_nobody_counted_are_never_served(kind: str) -> None:
    terms = made(availability={"measure": {"kind": kind}})
    half = (RequestCount(JUNE, JUNE + 15 * DAY, 1000, 0),)
    for counted in ((), half):
        with pytest.raises(PeriodNotCoveredError, match="The contract counts requests, but from"):
            asked(terms, known(requests=counted), "2026-06")


def test_revisions_belong_to_one_agreement_and_come_once() -> None:
    question = Question("2026-06", known().covered_until)
    other = replace(made(), id="OTHER")
    with pytest.raises(DomainError, match="terms of 2 agreements"):
        report_on((made(), other), known(), question)
    with pytest.raises(DomainError, match="is given twice"):
        report_on((made(), made()), known(), question)


def test_a_rule_over_components_names_them() -> None:
    with pytest.raises(DomainError, match="by the rule “weighted”, but none are named"):
        made(availability={"component_rule": "weighted"})


def test_a_state_of_which_nothing_is_said_counts_in_whole() -> None:
    terms = made(availability={"status_weights": {"partial_outage": "0.3"}})
    outage = impact("2026-06-03T10:00:00Z", "2026-06-03T10:10:00Z")
    assert asked(terms, known(outage), "2026-06").result.uptime.down == 600


def test_each_second_counts_by_the_revision_in_force() -> None:
    first = made("99.5", revision=1, tiers=(("99.5", "10"),))
    second = made("99.99", ("2026-06-16", "2030-12-31"), revision=2, tiers=(("99.99", "20"),))
    history = known(
        impact("2026-06-03T10:00:00Z", "2026-06-03T11:00:00Z"),
        impact("2026-06-20T10:00:00Z", "2026-06-20T10:10:00Z"),
    )
    question = Question("2026-06", history.covered_until, FEE)
    answer = report_on((first, second), history, question)
    assert [part.in_force.terms.revision for part in answer.result.parts] == [1, 2]
    assert [part.is_met for part in answer.result.parts] == [True, False]
    assert answer.result.uptime.contracted == 30 * DAY
    # The second half missed: 20 % of half the fee.
    assert answer.credit == Money(Decimal("637.50"), "USD")
    may = report_on((first, second), history, Question("2026-05", history.covered_until, FEE))
    july = report_on((first, second), history, Question("2026-07", history.covered_until, FEE))
    assert may.result.parts[0].in_force.terms.revision == 1
    assert july.result.parts[0].in_force.terms.revision == 2


def test_an_amendment_of_something_else_does_not_divide_the_month() -> None:
    revisions = (made(revision=1), made(effective=("2026-06-16", "2030-12-31"), revision=2))
    answer = report_on(revisions, known(), Question("2026-06", known().covered_until))
    assert len(answer.result.parts) == 1
    assert answer.result.uptime.contracted == 30 * DAY


def test_a_yearly_cap_counts_what_the_year_has_used() -> None:
    terms = made(tiers=(("99.9", "25"),), credits={"cap_per_year_percent": "3"})
    # 3 % of twelve fees are 36 % of one: the first miss takes 25, the second the remaining 11.
    history = known(
        impact("2026-03-05T10:00:00Z", "2026-03-05T12:00:00Z"),
        impact("2026-04-05T10:00:00Z", "2026-04-05T12:00:00Z"),
    )
    fee = Money(Decimal("100.00"), "USD")
    assert asked(terms, history, "2026-03", fee).credit == Money(Decimal("25.00"), "USD")
    assert asked(terms, history, "2026-04", fee).credit == Money(Decimal("11.00"), "USD")


def test_a_month_that_is_not_over_is_measured_so_far_on_request() -> None:
    history = known(
        impact("2026-06-03T10:00:00Z", None),
        covered=("2026-01-01T00:00:00Z", "2026-06-03T10:30:00Z"),
    )
    with pytest.raises(PeriodNotCoveredError):
        asked(made(), history, "2026-06")
    question = Question("2026-06", history.covered_until, to_date=True)
    answer = report_on((made(),), history, question)
    assert answer.result.uptime.down == 1800
    assert not answer.result.is_complete
    assert any("goes on" in warning for warning in answer.warnings)
    # 0.1 % of thirty days are 2,592 s, of which 1,800 are gone.
    assert answer.result.left == 2592 - 1800
    assert any("792 s of downtime are left" in warning for warning in answer.warnings)
    assert answer.chronic is not None
    assert answer.chronic.misses == ()


def test_a_gap_inside_the_history_is_named() -> None:
    gap = ((to_epoch("2026-06-10T00:00:00Z"), to_epoch("2026-06-11T00:00:00Z")),)
    with pytest.raises(PeriodNotCoveredError, match="does not cover 2026-06-10 00:00:00 UTC"):
        asked(made(), known(gaps=gap), "2026-06")
    assert asked(made(), known(gaps=gap), "2026-07").result.is_met


def test_a_sample_coarser_than_the_budget_is_said() -> None:
    answer = asked(made("99.999"), known(resolution=60), "2026-06")
    assert "sampled every 60 s, but 99.999 % allows only 25.92 s" in answer.warnings[0]


SPANS = st.lists(
    st.tuples(
        st.integers(-DAY, 31 * DAY),
        st.integers(1, 3 * DAY),
        st.sampled_from(["major_outage", "partial_outage", "degraded_performance"]),
    ),
    max_size=12,
)


def as_impacts(spans: list[tuple[int, int, str]], component: str = "app") -> tuple[Impact, ...]:
    return tuple(
        Impact(f"{component}{n}", component, status, JUNE + a, JUNE + a + length, 0)
        for n, (a, length, status) in enumerate(spans)
    )


WEIGHED = made(availability={"status_weights": WEIGHTS})


def down(*impacts: Impact) -> Fraction:
    return asked(WEIGHED, known(*impacts), "2026-06", None).result.uptime.down


@settings(max_examples=40, deadline=None)
@given(SPANS)
def test_the_union_never_exceeds_the_sum(spans: list[tuple[int, int, str]]) -> None:
    impacts = as_impacts(spans)
    assert down(*impacts) <= sum((down(one) for one in impacts), Fraction(0))


@settings(max_examples=40, deadline=None)
@given(SPANS, st.integers(1, 100))
def test_dividing_an_interval_changes_nothing(
    spans: list[tuple[int, int, str]], percent: int
) -> None:
    impacts = as_impacts(spans)
    halves = []
    for one in impacts:
        assert one.end is not None
        middle = one.start + (one.end - one.start) * percent // 100
        halves += [
            Impact(f"{one.id}a", one.component, one.status, one.start, middle, 0),
            Impact(f"{one.id}b", one.component, one.status, middle, one.end, 0),
        ]
    assert down(*halves) == down(*impacts)


@settings(max_examples=40, deadline=None)
@given(SPANS, st.integers(0, 30 * DAY), st.integers(1, DAY))
def test_credits_never_fall_with_more_downtime(
    spans: list[tuple[int, int, str]], start: int, length: int
) -> None:
    impacts = as_impacts(spans)
    more = Impact("more", "app", "major_outage", JUNE + start, JUNE + start + length, 0)
    before = asked(WEIGHED, known(*impacts), "2026-06")
    after = asked(WEIGHED, known(*impacts, more), "2026-06")
    assert after.result.uptime.percent <= before.result.uptime.percent
    assert before.credit is not None
    assert after.credit is not None
    assert after.credit.amount >= before.credit.amount


@settings(max_examples=40, deadline=None)
@given(SPANS)
def test_moving_zone_and_impacts_together_changes_nothing(
    spans: list[tuple[int, int, str]],
) -> None:
    # Lagos lies an hour ahead of UTC all year: what happens an hour earlier is the same month.
    impacts = as_impacts(spans)
    earlier = [
        Impact(i.id, i.component, i.status, i.start - 3600, (i.end or 0) - 3600, 0) for i in impacts
    ]
    lagos = made(availability={"status_weights": WEIGHTS, "timezone": "Africa/Lagos"})
    moved = asked(lagos, known(*earlier), "2026-06").result.uptime
    assert moved == asked(WEIGHED, known(*impacts), "2026-06").result.uptime


@settings(max_examples=40, deadline=None)
@given(SPANS, SPANS)
def test_all_components_are_down_no_longer_than_any(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]
) -> None:
    history = known(*as_impacts(one), *as_impacts(other, "api"))
    downs = {}
    for rule in ("any", "all", "weighted"):
        own = {"components": COMPONENTS, "component_rule": rule, "status_weights": WEIGHTS}
        downs[rule] = asked(made(availability=own), history, "2026-06").result.uptime.down
    assert downs["all"] <= downs["weighted"] <= downs["any"]
