"""“Can we keep it?” on the page of a decision: the promise beside the record, where there is one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dealdesk.web.desk import EXTENSION
from dealdesk.web.keeping import RECORD
from tests.web.test_approvals import House, served, words_of

DOWN = {
    "id": "i1", "component": "app", "status": "major_outage",
    "start": "2026-03-11T06:00:00Z", "end": "2026-03-11T07:00:00Z",
    "observed_at": "2026-03-11T07:00:00Z",
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = served(tmp_path)
    made.submit()
    yield made
    made.app.extensions[EXTENSION].engine.dispose()
    made.office.engine.dispose()


def recorded(house: House, since: str, *impacts: dict[str, str]) -> None:
    """Put a record of availability up to November where the application looks for it."""
    text = json.dumps({
        "schema": "history/1",
        "covered": {"from": since, "until": "2026-11-01T00:00:00Z"},
        "impacts": impacts,
        "maintenance": [],
    })  # fmt: skip
    (house.app.extensions[EXTENSION].settings.var / RECORD).write_text(text)


def told(house: House, who: str = "emery", role: str = "engineering") -> str:
    page = house.browser(who).get(house.request_of(role))
    section = page.select_one("section[aria-labelledby=p-keep]")
    assert section is not None
    return words_of(section)


def test_without_a_record_the_page_says_so(house: House) -> None:
    said = told(house)
    assert "99.95 % each calendar month, UTC is promised." in said
    assert "There is no record of what was achieved" in said


def test_a_year_on_record_says_in_how_many_months_it_was_missed(house: House) -> None:
    recorded(house, "2025-11-01T00:00:00Z", DOWN)
    said = told(house)
    assert "Missed in 1 of 12 periods on record" in said
    # An hour of March's 744, exactly, and never rounded up.
    assert "The lowest that was achieved is 99.8655 %" in said
    assert "Credits of 5 % of a period's fee would have been due." in said
    assert "2026-03 99.8655 % no" in said
    assert "2026-04 100.0000 % yes" in said
    recorded(house, "2025-11-01T00:00:00Z")
    assert "Yes: kept in every one of the last 12 months" in told(house)


def test_a_short_record_answers_for_what_it_covers_and_no_more(house: House) -> None:
    recorded(house, "2026-09-01T00:00:00Z")
    said = told(house)
    assert "Kept in the 2 periods on record" in said
    assert "10 periods outside the record are not counted." in said
    assert "2026-03" not in said
    recorded(house, "2026-10-02T00:00:00Z")
    assert "Not known: the record covers none of the last 12 months" in told(house)


def test_it_stands_open_for_whoever_is_asked_about_it(house: House) -> None:
    recorded(house, "2025-11-01T00:00:00Z", DOWN)
    for who, role, is_open in (("emery", "engineering", True), ("morgan", "sales_manager", False)):
        page = house.browser(who).get(house.request_of(role))
        details = page.select_one("section[aria-labelledby=p-keep] details")
        assert details is not None
        assert details.has_attr("open") is is_open


@pytest.mark.parametrize("text", ["{", '{"schema": "history/9"}'])
def test_a_record_that_can_not_be_read_is_said_with_the_reason(house: House, text: str) -> None:
    (house.app.extensions[EXTENSION].settings.var / RECORD).write_text(text)
    said = told(house)
    assert "99.95 % each calendar month, UTC is promised." in said
    assert "The record of what was achieved can't be read" in said
    assert RECORD in said
    assert "There is no record" not in said
