"""What each ticket system's own shape asks for; read back, the exports say what the contract says."""

import ast
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters.export import Faithful, Options
from dealdesk.sla.exporters.jira import jql_text
from dealdesk.sla.exporters.registry import export_terms
from dealdesk.sla.exporters.zendesk import intervals
from dealdesk.sla.exporters.zendesk_zones import NAMES, zendesk_zone
from dealdesk.sla.model import read_terms
from dealdesk.terms.calendars import DAYS, Calendar, ClosedDate, OpenInterval
from dealdesk.terms.clock import BusinessTime, due
from tests.unit.sla.exports import (
    ACME,
    BERLIN,
    contract,
    contract_data,
    data_of,
    entries,
    exported,
    file_of,
)

WEEK = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def clock_text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def from_zendesk(rows: list[dict[str, int]], zone: str, closed: tuple[ClosedDate, ...]) -> Calendar:
    """Read a workweek back: the day is the whole days of minutes since Sunday."""
    weekly = []
    for row in rows:
        day, start = divmod(row["start_time"], 1440)
        weekly.append(
            OpenInterval((WEEK[day],), clock_text(start), clock_text(row["end_time"] - day * 1440))
        )
    return Calendar("read", zone, tuple(weekly), closed)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    weekly = []
    for day in draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True)):
        cuts = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True)))
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        weekly += [OpenInterval((day,), clock_text(a), clock_text(b)) for a, b in pairs]
    return Calendar(
        "c", draw(st.sampled_from(["America/New_York", "Europe/Berlin"])), tuple(weekly)
    )


# A minute a week is little, but 400 of them come within the ten years that the clock looks ahead.
@given(calendars(), st.integers(0, 600_000), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_a_workweek_read_back_gives_the_same_due_times(
    calendar: Calendar, offset: int, minutes: int
) -> None:
    rows = intervals(calendar)
    assert all(row["end_time"] <= (row["start_time"] // 1440 + 1) * 1440 for row in rows)
    back = from_zendesk(rows, calendar.zone, calendar.closed)
    at = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(minutes=offset)
    assert due(at, BusinessTime(60 * minutes), back) == due(
        at, BusinessTime(60 * minutes), calendar
    )


def test_zendesk_counts_from_sunday() -> None:
    rows = data_of(exported(BERLIN, "zendesk"), "workweek.json")["workweek"]["intervals"]
    assert rows[0] == {"start_time": 18 * 60, "end_time": 24 * 60}
    assert rows[1] == {"start_time": 1440 + 8 * 60, "end_time": 1440 + 12 * 60}


def test_zendesk_matches_by_id_or_by_tag() -> None:
    by_tag = data_of(exported(ACME, "zendesk"), "sla_policy.json")["sla_policy"]["filter"]["all"]
    assert by_tag == [
        {"field": "current_tags", "operator": "includes", "value": "sla_acme-2026-001"}
    ]
    by_id = data_of(exported(ACME, "zendesk", customer_id="77"), "sla_policy.json")["sla_policy"][
        "filter"
    ]["all"]
    assert by_id == [{"field": "organization_id", "operator": "is", "value": "77"}]


def test_security_reports_stand_above_the_main_policy_with_the_first_severitys_times() -> None:
    export = exported(ACME, "zendesk")
    ahead = data_of(export, "sla_policy-security.json")["sla_policy"]
    main = data_of(export, "sla_policy.json")["sla_policy"]
    assert ahead["position"] < main["position"]
    first = {
        row["target"] for row in ahead["policy_metrics"] if row["metric"] == "first_reply_time"
    }
    assert first == {60}
    assert len({row["priority"] for row in ahead["policy_metrics"]}) == 4


def test_clocks_that_pause_are_those_that_pause_on_pending() -> None:
    rows = data_of(exported(ACME, "zendesk"), "sla_policy.json")["sla_policy"]["policy_metrics"]
    assert {row["metric"] for row in rows} == {
        "first_reply_time",
        "periodic_update_time",
        "requester_wait_time",
    }
    rows = data_of(exported(BERLIN, "zendesk"), "sla_policy.json")["sla_policy"]["policy_metrics"]
    assert {row["metric"] for row in rows} == {"first_reply_time", "next_reply_time"}


def test_updates_pause_where_the_contract_says_so() -> None:
    data = contract_data(ACME)
    data["clock_rules"]["pauses_stop"] = ["update"]
    export = export_terms(read_terms(data), "zendesk")
    rows = data_of(export, "sla_policy.json")["sla_policy"]["policy_metrics"]
    assert {row["metric"] for row in rows} == {
        "first_reply_time",
        "pausable_update_time",
        "total_resolution_time",
    }


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/New_York", "Eastern Time (US & Canada)"),
        ("America/Toronto", "Eastern Time (US & Canada)"),
        ("Etc/UTC", "UTC"),
        ("Asia/Calcutta", "Mumbai"),
    ],
)
def test_a_zone_has_a_name_or_one_whose_clocks_are_the_same(zone: str, name: str) -> None:
    assert zendesk_zone(zone, date(2026, 1, 1), date(2030, 1, 1)) == name


def test_a_zone_that_zendesk_does_not_have_is_refused() -> None:
    with pytest.raises(
        DomainError, match="Zendesk has no time zone whose clocks are those of Australia/Lord_Howe"
    ):
        zendesk_zone("Australia/Lord_Howe", date(2026, 1, 1), date(2028, 1, 1))
    assert len(set(NAMES.values())) == len(NAMES)


def test_zammad_reads_the_last_minute_as_midnight() -> None:
    hours = data_of(exported(BERLIN, "zammad"), "calendar-support.json")["business_hours"]
    assert hours["sun"]["timeframes"] == [["18:00", "23:59"]]
    assert hours["mon"]["timeframes"] == [["08:00", "12:00"], ["13:00", "17:30"]]
    assert not hours["sat"]["active"]
    data = contract_data(ACME)
    data["calendars"][1]["weekly"][0]["close"] = "23:59"
    entry = entries(export_terms(read_terms(data), "zammad"))["closing at 23:59"]
    assert entry.kept is Faithful.APPROXIMATED


def test_zammad_takes_security_first_in_the_order_of_names() -> None:
    export = exported(ACME, "zammad")
    names = [data_of(export, f"sla-{n}.json")["name"] for n in range(4)]
    assert names == sorted(names)
    assert names[0].endswith("security")


def test_a_day_of_business_time_is_not_a_day_of_servicenow() -> None:
    rows = data_of(exported(ACME, "servicenow"), "contract_sla.json")
    durations = {
        row["name"].removeprefix("ACME-2026-001 priority "): row["duration"] for row in rows
    }
    assert durations["1 response"] == "1970-01-01 01:00:00"
    assert durations["3 response"] == "1970-01-01 09:00:00"  # one day of nine hours, never 24
    assert durations["2 resolution"] == "1970-01-02 21:00:00"  # five days, 45 hours


def test_servicenow_keeps_a_customers_name_inside_its_query() -> None:
    rows = data_of(exported(BERLIN, "servicenow"), "contract_sla.json")
    assert rows[0]["start_condition"] == "company.name=Müller & Söhne ^^GmbH^priority=1"
    by_id = data_of(exported(ACME, "servicenow", customer_id="a" * 32), "contract_sla.json")
    assert by_id[0]["start_condition"] == f"company={'a' * 32}^priority=1^ORcategory=security"


def test_frappes_condition_is_an_expression_with_the_name_as_one_literal() -> None:
    data = contract_data(ACME)
    data["customer"]["name"] = "A' or True or doc.x == '\"ü\U0001f600"
    export = export_terms(read_terms(data), "frappe-helpdesk")
    text = data_of(export, "service_level_agreement-24x7.json")["condition"]
    tree = ast.parse(text, mode="eval").body
    assert isinstance(tree, ast.BoolOp)
    literal = tree.values[0].comparators[0].value
    assert literal == data["customer"]["name"]


def test_frappe_parts_an_agreement_by_its_clocks() -> None:
    export = exported(ACME, "frappe-helpdesk")
    night = data_of(export, "service_level_agreement-24x7.json")
    day = data_of(export, "service_level_agreement-support.json")
    assert [row["priority"] for row in night["priorities"]] == ["Urgent"]
    assert [row["priority"] for row in day["priorities"]] == ["High", "Medium", "Low"]
    assert day["priorities"][0] == {
        "priority": "High",
        "default_priority": 1,
        "response_time": 14400,
        "resolution_time": 162000,
    }


def test_freshdesk_without_the_companys_id_says_that_it_is_missing() -> None:
    export = exported(ACME, "freshdesk", customer_id="")
    assert data_of(export, "sla_policy.json")["applicable_to"] == {"company_ids": []}
    assert entries(export)["customer of a ticket"].kept is Faithful.NOT_EXPRESSIBLE
    assert "--customer-id" in file_of(export, "setup.txt")


def test_freshdesk_has_one_clock_a_priority_and_never_the_looser() -> None:
    data = contract_data(ACME)
    data["targets"][2]["amount"] = {"kind": "business_time", "seconds": 28800}
    data["targets"][2]["calendar"] = "support"
    export = export_terms(read_terms(data), "freshdesk", Options(customer_id="1"))
    assert data_of(export, "sla_policy.json")["sla_target"]["priority_4"]["business_hours"] is False
    assert "sooner than promised" in entries(export)["sev1 resolution"].reason


def test_jira_keeps_a_customers_name_inside_its_query() -> None:
    assert jql_text('A" OR project = X\n\\') == '"A\\" OR project = X \\\\"'
    assert "ACME-2026-001 support |" in file_of(exported(ACME, "jira"), "setup.md")


def test_pagerduty_pages_the_next_person_at_half_the_shortest_time() -> None:
    (rule,) = data_of(exported(ACME, "pagerduty"), "escalation_policy.json")["escalation_policy"][
        "escalation_rules"
    ]
    assert rule["escalation_delay_in_minutes"] == 30
    told: dict[str, Any] = entries(exported(ACME, "pagerduty"))
    assert told["sev1 first response"].kept is Faithful.APPROXIMATED
    assert contract(ACME).id == "ACME-2026-001"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("end_of_day", "it comes out never later."),
        # Reported while closed, the contract's day ends at the opening of the next one.
        ("same_time", "it comes out up to 9 h later."),
    ],
)
def test_days_that_a_system_counts_otherwise_say_how_much_later_they_come(
    rule: str, told: str
) -> None:
    data = contract_data(ACME)
    data["targets"][6]["amount"] = {"kind": "business_days", "days": 1, "rule": rule}
    entry = entries(export_terms(read_terms(data), "zendesk"))["sev3 first response"]
    assert entry.kept is Faithful.APPROXIMATED
    assert entry.reason.endswith(told)
