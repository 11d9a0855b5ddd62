"""Terms that few agreements have: read from JSON, and red in parity unless the text states them."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from dealdesk.clauses.scalars import read_calendar
from dealdesk.documents.text import canonical_text
from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.availability_terms import Component, ComponentRule
from dealdesk.sla.json_values import calendar_json
from dealdesk.sla.model import TermsError, read_terms
from dealdesk.sla.parity import parity
from dealdesk.sla.projection import project
from dealdesk.terms.calendar_text import format_calendar, parse_calendar
from dealdesk.terms.chronic import ChronicMode
from dealdesk.terms.clock import BusinessDays, DayStart
from dealdesk.terms.locales import LOCALES
from tests.enterprise import rich_quote, shipped_library

TOKYO = {
    "id": "tokyo",
    "timezone": "Asia/Tokyo",
    "weekly": [{"days": ["mon", "tue"], "open": "09:00", "close": "18:00"}],
    "closed_dates": [],
    "closed_source": "",
    "special_days": [
        {"date": "2028-12-28", "name": "Last day", "hours": [{"open": "09:00", "close": "12:00"}]}
    ],
}


def data() -> dict:
    return json.loads(canonical_json(project(rich_quote().version, shipped_library())))


def changed(**parts: object) -> dict:
    terms = data()
    for name, part in parts.items():
        terms[name] = terms[name] | part if isinstance(part, Mapping) else part
    return terms


def test_everything_rare_is_read() -> None:
    terms = read_terms(
        changed(
            availability={
                "period": "billing_month",
                "billing_day": 15,
                "components": [{"id": "app", "share": "0.75"}, {"id": "api"}],
                "component_rule": "weighted",
                "status_weights": {"major_outage": "1", "partial_outage": "0.3"},
                "exclusions_from": "numerator_and_denominator",
                "maintenance": {
                    "cap_per_year": {"seconds": 36_000},
                    "windows": [{"days": ["sun"], "open": "02:00", "close": "06:00"}],
                },
            },
            credits={
                "cap_per_year_percent": "8",
                "response": {"target_percent": "95", "per_miss_percent": "1"},
            },
            chronic_failure={"missed": 2, "mode": "calendar_year", "below_percent": "99"},
        )
    )
    promised = terms.availability
    assert promised is not None
    assert terms.credits is not None
    assert terms.chronic is not None
    assert promised.components == (Component("app", Decimal("0.75")), Component("api"))
    assert promised.component_rule is ComponentRule.WEIGHTED
    assert promised.maintenance.cap_seconds_per_year == 36_000
    assert promised.maintenance.windows[0].opens == "02:00"
    assert terms.credits.response is not None
    assert terms.credits.response.metrics == ("first_response",)
    assert terms.chronic.mode is ChronicMode.CALENDAR_YEAR
    assert terms.chronic.below == 99


def union_terms() -> dict:
    terms = data()
    terms["calendars"] += [
        TOKYO,
        {"id": "sun", "timezone": "UTC", "parts": ["support", "tokyo"]},
    ]
    return terms


def test_a_calendar_may_be_made_of_others() -> None:
    calendar = read_terms(union_terms()).calendars["sun"]
    assert [part.id for part in calendar.parts] == ["support", "tokyo"]
    assert calendar.parts[1].special[0].on == date(2028, 12, 28)
    terms = union_terms()
    terms["calendars"][-1]["parts"] = ["support", "mars"]
    with pytest.raises(TermsError, match="the part “mars”, which has no hours here"):
        read_terms(terms)


def test_a_calendar_with_a_half_day_is_printed_and_read_back() -> None:
    calendar = read_calendar(
        {
            "zone": "Europe/Berlin",
            "weekly": [{"days": ["mon"], "open": "09:00", "close": "17:00"}],
            "closed": [{"date": "2028-12-25", "name": "Christmas"}],
            "special": [
                {
                    "date": "2028-12-24",
                    "name": "Christmas Eve, short",
                    "hours": [{"open": "09:00", "close": "10:00"}, {"open": "11:00", "close": "12:00"}],
                }
            ],
            "source": "our list",
        }
    )  # fmt: skip
    for locale in LOCALES.values():
        text = format_calendar(calendar, locale)
        assert parse_calendar(text, locale) == calendar
    assert "with other hours on 24 December 2028 (Christmas Eve, short, 09:00 to 10:00 + 11:00 to 12:00)" in format_calendar(calendar, LOCALES["en"])  # fmt: skip
    assert calendar_json(calendar)["special_days"][0]["date"] == "2028-12-24"


def test_business_days_say_after_which_day_they_count() -> None:
    terms = data()
    assert terms["clock_rules"]["business_days_from"] == "report"
    days = [t["amount"] for t in terms["targets"] if t["amount"]["kind"] == "business_days"]
    assert all(amount["start"] == "report" for amount in days)
    terms["targets"][0]["amount"] = {"kind": "business_days", "days": 1, "rule": "end_of_day"}
    old = read_terms(terms).targets[0].amount
    assert isinstance(old, BusinessDays)
    assert old.start is DayStart.REPORT


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ({"availability": {"billing_day": 13}}, "/availability/billing_day"),
        ({"availability": {"components": [{"id": "reports-api"}]}}, "/availability/components/0/id"),
        ({"availability": {"status_weights": {"partial_outage": "0.3"}}}, "/availability/status_weights/partial_outage"),
        ({"availability": {"maintenance": {"cap_per_year": {"seconds": 36_000}}}}, "/availability/maintenance/cap_per_year"),
        ({"availability": {"maintenance": {"windows": [{"days": ["sun"], "open": "02:15", "close": "06:15"}]}}}, "/availability/maintenance/windows/0"),
        ({"availability": {"measure": {"minute_error_rate_over_percent": "7.5"}}}, "/availability/measure/minute_error_rate_over_percent"),
        ({"credits": {"cap_per_year_percent": "8"}}, "/credits/cap_per_year_percent"),
        ({"credits": {"response": {"target_percent": "96.5"}}}, "/credits/response/target_percent"),
        ({"credits": {"response": {"target_percent": "96.5", "per_miss_percent": "1.5"}}}, "/credits/response/per_miss_percent"),
        ({"chronic_failure": {"below_percent": "98.5"}}, "/chronic_failure/below_percent"),
    ],
)  # fmt: skip
def test_a_rare_term_that_the_text_does_not_state_is_red(
    parts: dict[str, object], path: str
) -> None:
    version = rich_quote().version
    text = canonical_text(version.tree)
    found = parity(text, version.hashes.text, canonical_json(changed(**parts)), "terms")
    assert path in [mismatch.path for mismatch in found]


def test_a_union_in_the_terms_asks_the_text_for_each_part() -> None:
    version = rich_quote().version
    text = canonical_text(version.tree)
    found = parity(text, version.hashes.text, canonical_json(union_terms()), "terms")
    assert "/calendars/tokyo" in {one.path for one in found}
