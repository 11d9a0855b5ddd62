"""Reports by each contract's own formula: figures by hand, gaps told, corrections kept apart."""

import json
from datetime import date
from decimal import Decimal

import pytest

from dealdesk.availability.cover import PeriodNotCoveredError
from dealdesk.availability.history import HistoryError
from dealdesk.availability.history_file import read_history
from dealdesk.availability.report import Report, report
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.model import SlaTerms, load_terms
from dealdesk.sla.projection import project
from dealdesk.terms.money import Money
from tests.enterprise import rich_quote, shipped_library

FEE = Money(Decimal("3936.00"), "USD")
U = [("99.9", "5"), ("99.0", "20"), ("97.0", "35"), ("95.0", "50")]


def terms(**availability: object) -> SlaTerms:
    """Return terms with T2's availability: 99.9, maintenance out of both sides, tiers U."""
    data = json.loads(canonical_json(project(rich_quote().version, shipped_library())))
    data["effective"] = {"from": "2027-03-01", "until": "2030-02-28"}
    data["availability"] |= {"objective_percent": "99.9"} | availability
    data["credits"]["tiers"] = [{"below_percent": b, "credit_percent": c} for b, c in U]
    data["credits"]["cap_percent"] = "50"
    data["chronic_failure"] = {"missed": 2, "window": 3, "mode": "within"}
    return load_terms(canonical_json(data))


def history(
    *impacts: tuple[str, str | None], works: tuple = (), until: str = "2027-06-01T00:00:00Z"
) -> str:
    return canonical_json(
        {
            "schema": "history/1",
            "covered": {"from": "2027-03-01T00:00:00Z", "until": until},
            "impacts": [
                {
                    "id": f"i{n}",
                    "component": "app",
                    "status": "major_outage",
                    "start": a,
                    "end": b,
                    "observed_at": a,
                }
                for n, (a, b) in enumerate(impacts)
            ],
            "maintenance": [{"start": a, "end": b, "announced_at": c} for a, b, c in works],
        }
    )


T2 = history(
    ("2027-03-05T10:00:00Z", "2027-03-05T10:44:00Z"),
    ("2027-04-05T10:00:00Z", "2027-04-05T10:44:00Z"),
    ("2027-05-05T10:00:00Z", "2027-05-05T17:27:00Z"),
    works=(("2027-05-20T00:00:00Z", "2027-05-20T04:00:00Z", "2027-05-01T00:00:00Z"),),
)


def measured(text: str, period: str, own: SlaTerms | None = None) -> Report:
    known = read_history(text)
    return report(own or terms(), known, period, known.covered_until, FEE)


@pytest.mark.parametrize(
    ("month", "shown", "met", "credit", "chronic"),
    [
        ("2027-03", "99.9014", True, "0.00", None),
        ("2027-04", "99.8981", False, "196.80", None),
        ("2027-05", "98.9932", False, "787.20", "2027-05"),
    ],
)
def test_the_months_of_t2(
    month: str, shown: str, met: bool, credit: str, chronic: str | None
) -> None:
    answer = measured(T2, month)
    assert f"{float(round(answer.result.uptime.percent, 4)):.4f}" == shown
    assert answer.result.is_met is met
    assert answer.credit == Money(Decimal(credit), "USD")
    assert answer.chronic_since == chronic


def test_a_missed_month_names_the_last_day_for_a_claim() -> None:
    assert measured(T2, "2027-04").claim_until == date(2027, 5, 30)
    assert measured(T2, "2027-03").claim_until is None


def test_maintenance_that_was_announced_too_late_is_downtime() -> None:
    late = history(
        works=(("2027-04-20T00:00:00Z", "2027-04-20T01:00:00Z", "2027-04-19T00:00:00Z"),)
    )
    answer = measured(late, "2027-04")
    assert answer.result.uptime.down == 3600
    assert answer.result.uptime.removed == 0
    assert "announced too late" in answer.steps[0].note


def test_maintenance_over_the_cap_is_downtime_from_there_on() -> None:
    long = history(
        works=(("2027-04-20T00:00:00Z", "2027-04-20T09:00:00Z", "2027-04-01T00:00:00Z"),)
    )
    answer = measured(long, "2027-04")
    assert answer.result.uptime.removed == 8 * 3600
    assert answer.result.uptime.down == 3600


def test_in_a_quarter_each_month_has_its_own_cap() -> None:
    announced = "2027-03-20T00:00:00Z"
    works = (
        ("2027-04-20T00:00:00Z", "2027-04-20T08:00:00Z", announced),
        ("2027-05-31T20:00:00Z", "2027-06-01T04:00:00Z", announced),
        ("2027-06-20T00:00:00Z", "2027-06-20T05:00:00Z", announced),
    )
    known = history(works=works, until="2027-07-01T00:00:00Z")
    answer = measured(known, "2027-Q2", terms(period="calendar_quarter"))
    assert answer.result.uptime.removed == (8 + 8 + 4) * 3600
    assert answer.result.uptime.down == 3600


def test_works_at_the_same_time_use_the_cap_once() -> None:
    work = ("2027-04-20T00:00:00Z", "2027-04-20T06:00:00Z", "2027-04-01T00:00:00Z")
    answer = measured(history(works=(work, work)), "2027-04")
    assert answer.result.uptime.removed == 6 * 3600
    assert answer.result.uptime.down == 0


def test_an_outage_that_goes_on_counts_up_to_the_observation() -> None:
    answer = measured(history(("2027-05-31T23:00:00Z", None)), "2027-05")
    assert answer.result.uptime.down == 3600
    assert "goes on" in answer.steps[0].note


def test_a_contract_that_starts_in_the_month_counts_its_own_days() -> None:
    own = terms()
    late = json.loads(canonical_json(project(rich_quote().version, shipped_library())))
    late["effective"] = {"from": "2027-04-16", "until": "2030-02-28"}
    answer = measured(T2, "2027-04", load_terms(canonical_json(late)))
    assert answer.result.uptime.contracted == 15 * 86_400
    assert measured(T2, "2027-04", own).result.uptime.contracted == 30 * 86_400


def test_a_correction_supersedes_what_was_known_before() -> None:
    data = json.loads(history(("2027-04-05T10:00:00Z", "2027-04-05T12:00:00Z")))
    data["impacts"].append(
        data["impacts"][0]
        | {
            "id": "i9",
            "end": "2027-04-05T10:10:00Z",
            "observed_at": "2027-05-03T00:00:00Z",
            "supersedes": "i0",
        }
    )
    known = read_history(json.dumps(data))
    before = report(terms(), known, "2027-04", known.covered_until - 86_400 * 30, FEE)
    after = report(terms(), known, "2027-04", known.covered_until, FEE)
    assert before.result.uptime.down == 7200
    assert after.result.uptime.down == 600


def test_a_gap_in_the_history_is_never_uptime() -> None:
    with pytest.raises(PeriodNotCoveredError, match="not all of 2027-05"):
        measured(history(until="2027-05-20T00:00:00Z"), "2027-05")
    with pytest.raises(PeriodNotCoveredError, match="not in force in 2027-02"):
        measured(T2, "2027-02")


def test_a_period_of_another_kind_is_refused() -> None:
    with pytest.raises(DomainError, match="is not a calendar month"):
        measured(T2, "2027-Q2")
    with pytest.raises(DomainError, match="is not a period"):
        measured(T2, "May")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda d: d["impacts"][0].update(start="2027-04-05T10:00:00"),
            "not an instant with a time zone",
        ),
        (lambda d: d["impacts"][0].update(end="2027-04-05T09:00:00Z"), "It ends before it starts"),
        (lambda d: d["impacts"].append(d["impacts"][0]), "stands twice"),
        (lambda d: d["impacts"][0].update(status="on fire"), "'on fire' is not one of"),
        (lambda d: d.update(schema="history/2"), "'history/1' was expected"),
        (
            lambda d: d["covered"].update({"until": "2027-06-01T00:00:00"}),
            "not an instant with a time zone",
        ),
        (
            lambda d: d["covered"].update({"from": "2027-13-01T00:00:00Z"}),
            "“2027-13-01T00:00:00Z” is not an instant",
        ),
        (
            lambda d: d["covered"].update(until="2027-02-01T00:00:00Z"),
            "The history ends before it starts",
        ),
        (lambda d: d.pop("covered"), "'covered' is a required property"),
    ],
)
def test_a_history_that_is_none_is_refused_with_a_sentence(change: object, says: str) -> None:
    data = json.loads(history(("2027-04-05T10:00:00Z", "2027-04-05T10:44:00Z")))
    change(data)
    with pytest.raises(HistoryError) as error:
        read_history(json.dumps(data), "history.json")
    assert says in str(error.value)
