"""Can we keep it, and what is at stake over many agreements."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dealdesk.availability.exposure import Outage
from dealdesk.availability.history_file import validator
from dealdesk.availability.history_json import history_json
from dealdesk.availability.keep import can_we_keep
from dealdesk.availability.portfolio import portfolio
from dealdesk.cli.main import main
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.money import Money
from tests.unit.availability.terms_made import base, impact, known, made

FEE = Money(Decimal("1000.00"), "USD")
YEAR = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")
OUTAGES = (
    impact("2026-03-05T10:00:00Z", "2026-03-05T10:44:00Z"),
    impact("2026-04-05T10:00:00Z", "2026-04-05T10:44:00Z"),
    impact("2026-05-05T10:00:00Z", "2026-05-05T17:27:00Z"),
)


def test_twelve_months_under_terms_that_are_not_yet_in_force() -> None:
    proposed = made(effective=("2027-03-01", "2030-02-28"))
    answer = can_we_keep(proposed, known(*OUTAGES, covered=YEAR), 12, FEE)
    assert [one.name for one in answer.periods] == [f"2026-{n:02d}" for n in range(1, 13)]
    assert [one.name for one in answer.missed] == ["2026-04", "2026-05"]
    assert [one.credit.amount for one in answer.missed if one.credit] == [Decimal(50), Decimal(200)]
    assert answer.credit_percent == 25
    assert answer.chronic_since == "2026-05"
    assert answer.lowest == min(one.percent for one in answer.periods if one.percent)
    assert not answer.is_kept


def test_a_looser_promise_would_have_been_kept() -> None:
    answer = can_we_keep(made("98"), known(*OUTAGES, covered=YEAR), 12)
    assert answer.is_kept
    assert answer.missed == ()
    assert answer.periods[2].credit is None


def test_what_is_not_covered_is_never_kept() -> None:
    short = known(*OUTAGES, covered=("2026-04-15T00:00:00Z", "2027-01-01T00:00:00Z"))
    answer = can_we_keep(made("98"), short, 12)
    assert [one.name for one in answer.not_covered] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert answer.periods[0].percent is None
    assert "The history covers 2026-04-15" in answer.periods[0].note
    assert not answer.is_kept


def test_samples_that_are_too_coarse_are_said() -> None:
    answer = can_we_keep(made("99.999"), known(covered=YEAR, resolution=60), 12)
    assert any("sampled every 60 s" in warning for warning in answer.warnings)


def test_quarters_and_rolling_years() -> None:
    history = known(*OUTAGES, covered=("2024-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
    quarters = can_we_keep(made(availability={"period": "calendar_quarter"}), history, 12)
    assert [one.name for one in quarters.periods] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    rolling = can_we_keep(made(availability={"period": "rolling_12_months"}), history, 12)
    assert len(rolling.periods) == 12
    assert rolling.periods[-1].down == (44 + 44 + 447) * 60


def test_a_yearly_cap_bounds_what_the_year_would_have_cost() -> None:
    capped = made(tiers=(("99.9", "25"),), credits={"cap_per_year_percent": "3"})
    answer = can_we_keep(capped, known(*OUTAGES, covered=YEAR), 12, FEE)
    assert [one.credit_percent for one in answer.missed] == [25, 11]


def terms_of(id_: str, objective: str, **parts: object) -> SlaTerms:
    return replace(made(objective, **parts), id=id_)


OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "open": "09:00", "close": "17:00"}


def calendar(id_: str, zone: str) -> dict:
    return {"id": id_, "timezone": zone, "weekly": [OFFICE], "closed_dates": [], "closed_source": ""}  # fmt: skip


def promise(severity: str, seconds: int, calendar_id: str) -> dict:
    kind = "elapsed" if calendar_id == "24x7" else "business_time"
    return {"severity": severity, "metric": "first_response", "amount": {"kind": kind, "seconds": seconds}, "calendar": calendar_id}  # fmt: skip


ALWAYS = {"id": "24x7", "always_open": True}
A = terms_of("A", "99.9", calendars=[ALWAYS, calendar("support", "Europe/Berlin")], targets=[promise("sev1", 3600, "24x7"), promise("sev2", 14_400, "support")], channels=[])  # fmt: skip
B = terms_of("B", "99.99", calendars=[ALWAYS, calendar("office", "America/New_York")], targets=[promise("sev1", 1800, "24x7"), promise("sev2", 14_400, "office")], channels=[], availability={"timezone": "America/New_York"}, tiers=(("99.99", "10"), ("99", "30")))  # fmt: skip
GONE = terms_of("C", "99.999", effective=("2020-01-01", "2025-12-31"))
AT = datetime.fromisoformat("2026-06-10T10:00:00+00:00")


def test_promises_by_level_and_the_strictest_of_each() -> None:
    found = portfolio([A, B, GONE], Outage(AT, 3600))
    assert found.agreements == ("A", "B")
    assert [(str(one.objective), one.agreements) for one in found.levels] == [("99.99", ("B",)), ("99.9", ("A",))]  # fmt: skip
    assert [(one.severity, one.seconds, one.agreements, one.promised_to) for one in found.strictest] == [
        ("sev1", 1800, ("B",), 2),
        ("sev2", 14_400, ("A", "B"), 2),
    ]  # fmt: skip


def test_the_staffing_that_follows_from_all_calendars() -> None:
    staffing = portfolio([A, B], Outage(AT, 3600)).staffing
    assert staffing[0].calendar is None
    assert staffing[0].hours == 168
    # In June Berlin works 07 to 15 and New York 13 to 21 UTC: 14 hours on five days.
    assert staffing[1].hours == 70
    assert len(staffing[1].week) == 5


@pytest.mark.parametrize(
    ("seconds", "shares"),
    [(60, ("0", "0")), (600, ("0", "10")), (3600, ("5", "10")), (36_000, ("20", "30"))],
)
def test_exposure_to_an_outage_that_begins_now(seconds: int, shares: tuple[str, str]) -> None:
    fees = {"A": FEE, "B": Money(Decimal("500.00"), "EUR")}
    found = portfolio([A, B], Outage(AT, seconds, None, fees))
    assert tuple(str(one.credit_percent) for one in found.exposure) == shares
    euros, dollars = Decimal(shares[1]) * 5, Decimal(shares[0]) * 10
    assert found.credits() == (Money(euros, "EUR"), Money(dollars, "USD"))


def test_exposure_counts_what_the_period_has_brought_already() -> None:
    before = known(impact("2026-06-03T10:00:00Z", "2026-06-03T10:40:00Z"))
    fresh = portfolio([A], Outage(AT, 300)).exposure[0]
    later = portfolio([A], Outage(AT, 300, before)).exposure[0]
    assert (fresh.is_met_after, later.is_met_after) == (True, False)
    assert later.credit_percent == 5
    assert later.percent_before > later.percent_after


def test_exposure_takes_agreements_that_count_requests_by_the_second() -> None:
    counted = terms_of("R", "99.9", availability={"measure": {"kind": "request_ratio"}})
    assert portfolio([counted], Outage(AT, 3600)).exposure[0].credit_percent == 5


def test_what_goes_on_is_taken_to_end_with_the_outage() -> None:
    going = known(impact("2026-06-10T09:00:00Z", None), covered=("2026-01-01T00:00:00Z", "2026-06-10T10:00:00Z"))  # fmt: skip
    exposed = portfolio([A], Outage(AT, 3600, going)).exposure[0]
    assert (
        exposed.percent_after == exposed.percent_before == 100 - Fraction(7200 * 100, 30 * 86_400)
    )


def test_a_pilot_without_a_fee_has_shares_but_no_money_to_lose() -> None:
    nothing = Money(Decimal("0.00"), "USD")
    answer = can_we_keep(made(), known(*OUTAGES, covered=YEAR), 12, nothing)
    assert answer.credit_percent == 25
    assert {one.credit for one in answer.periods} == {nothing}
    exposed = portfolio([A], Outage(AT, 36_000, None, {"A": nothing})).exposure[0]
    assert (exposed.credit_percent, exposed.credit) == (20, nothing)
    with pytest.raises(DomainError, match="A fee of -1 USD can't be"):
        can_we_keep(made(), known(*OUTAGES, covered=YEAR), 12, Money(Decimal(-1), "USD"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def terms_file(folder: Path, **parts: object) -> Path:
    path = folder / "terms.json"
    path.write_text(canonical_json(base() | parts))
    return path


def test_keep_on_the_command_line(tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text(canonical_json(history_json(known(*OUTAGES, covered=YEAR))))
    terms = terms_file(tmp_path)
    done = run("availability", "keep", "--terms", terms, "--history", history, "--fee", "1000 USD")
    assert done.exit_code == 1, done.stderr
    assert "of 12 known periods would have been kept" in done.stdout
    done = run("availability", "keep", "--terms", terms, "--history", history, "--json")
    assert list(validator("availability-keep-1").iter_errors(json.loads(done.stdout))) == []


def test_portfolio_on_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "terms"
    folder.mkdir()
    start = base()["effective"]["from"]
    terms_file(folder)
    fees = tmp_path / "fees.csv"
    fees.write_text(f"agreement,amount,currency\n{base()['id']},1000.00,USD\n")
    at = f"{start}T10:00:00+00:00"
    command = ("sla", "portfolio", folder, "--at", at, "--outage", "8h", "--fees", fees)
    done = run(*command)
    assert done.exit_code == 0, done.stderr
    assert "Credits at stake: USD" in done.stdout
    data = json.loads(run(*command, "--json").stdout)
    assert list(validator("sla-portfolio-1").iter_errors(data)) == []
    (folder / "bad.json").write_text("{}")
    bad = run(*command)
    assert bad.exit_code == 2
    assert "bad.json" in bad.stderr
    fees.write_text("who,what\n")
    assert "names no agreement, amount and currency" in run(*command).stderr
    assert "“soon” is not a length" in run(*command[:5], "--outage", "soon").stderr


def test_due_on_the_command_line(tmp_path: Path) -> None:
    terms = terms_file(tmp_path)
    done = run("sla", "due", terms, "--severity", "sev3", "--at", "2031-06-10T10:00Z", "--security", "--json")  # fmt: skip
    data = json.loads(done.stdout)
    assert list(validator("sla-due-1").iter_errors(data)) == []
    assert data["severity"] == "sev1"
    assert "raised from sev3 to sev1" in data["notes"][0]
    now = run("sla", "due", terms, "--severity", "sev1", "--at", "2028-06-10T10:00Z", "--now", "2028-06-10T10:20Z", "--json")  # fmt: skip
    data = json.loads(now.stdout)
    assert list(validator("sla-due-1").iter_errors(data)) == []
    assert set(data["elapsed_seconds"].values()) == {1200}
    far = run("sla", "due", terms, "--severity", "sev2", "--at", "2041-06-10T10:00Z")
    assert "those of 2041 are not in the contract" in far.stdout
    bad = run(
        "sla", "due", terms, "--severity", "sev2", "--at", "2041-06-10T10:00Z", "--pause", "x"
    )
    assert (bad.exit_code, "“x” is not a pause" in bad.stderr) == (2, True)
    none = run("sla", "due", terms, "--severity", "panic", "--at", "2041-06-10T10:00Z")
    assert (none.exit_code, "promise nothing for “panic”" in none.stderr) == (2, True)


def test_holidays_are_proposed(tmp_path: Path) -> None:
    data = json.loads(run("sla", "holidays", "--country", "US", "--years", "2027-2028", "--json").stdout)  # fmt: skip
    assert list(validator("sla-holidays-1").iter_errors(data)) == []
    days = {one["date"] for one in data["closed_dates"]}
    assert {"2027-11-25", "2028-07-04"} <= days
    assert all(day.startswith(("2027", "2028")) for day in days)
    assert data["closed_source"].startswith("holidays/US ")
    assert "closed:" in run("sla", "holidays", "--country", "DE", "--subdivision", "BY", "--years", "2027").stdout  # fmt: skip
    for arguments, says in (
        (("--country", "XX", "--years", "2027"), "no list of holidays for “XX”"),
        (("--country", "US", "--years", "now"), "“now” names no years"),
        (("--country", "US", "--years", "1900"), "proposed for 1990 to 2100"),
    ):
        bad = run("sla", "holidays", *arguments)
        assert (bad.exit_code, says in bad.stderr) == (2, True)


def test_the_lowest_month_is_exact() -> None:
    answer = can_we_keep(made(), known(OUTAGES[0], covered=YEAR), 12)
    assert answer.lowest == 100 - Fraction(44 * 60 * 100, 31 * 86_400)
