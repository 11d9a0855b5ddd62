"""Reports in the pages: what each counts of the scenario, whose deals, CSV and statements."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest

from dealdesk.kernel.engine import sessions
from dealdesk.reports.queries import REPORTS
from dealdesk.workflows.summaries import refresh_summaries
from tests.acme import NOW
from tests.web.test_approvals import House, served, words_of
from tests.web.test_statements import MOST_A_PAGE, counted


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give the scenario two hours after its submission, two of three decided."""
    made = served(tmp_path_factory.mktemp("reports"))
    with sessions(made.office.engine, writes=True).begin() as session:
        refresh_summaries(session, made.office.rules, now=made.office.now)
    made.submit()
    made.clock.at = made.office.now = NOW + timedelta(hours=1)
    made.decide("cameron", "commercial_counsel", "approve")
    made.clock.at = made.office.now = NOW + timedelta(hours=2)
    made.decide("morgan", "sales_manager", "approve")
    made.decide("emery", "engineering", "ask", "Which regions?")
    made.clock.at = made.office.now = NOW + timedelta(hours=5)
    yield made
    made.app.extensions["dealdesk"].engine.dispose()


def table(house: House, key: str, who: str = "dana") -> list[list[str]]:
    answer = house.browser(who).client.get(f"/reports/{key}.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename={key}.csv"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))[1:]


def test_each_report_counts_the_scenario(house: House) -> None:
    assert table(house, "pipeline")[0] == ["Draft", "1", "100.0", "575500.00"]
    assert table(house, "cycle-role") == [
        ["Sales manager", "1", "7200", "7200", "100.0"],
        ["Commercial counsel", "1", "3600", "3600", "100.0"],
    ]
    assert table(house, "cycle-person")[0][0] == "Morgan Muestra, Sales manager"
    # Engineering asked three hours ago and waits on Avery, not Avery on engineering.
    assert table(house, "waits") == [["Engineering", "Avery Seller", "1", "10800", "0"]]
    assert ["Source-code escrow", "Fallback 1", "1", "100.0"] in table(house, "concessions")
    assert [row[1] for row in table(house, "discounts")] == ["0", "0", "1", "0", "0", "0"]
    assert table(house, "promises") == [["99.95 %", "0", "1"]]
    assert table(house, "cycle-stage") == []


@pytest.mark.parametrize("key", sorted(REPORTS))
def test_each_report_is_a_sound_page_with_a_picture_and_its_table(house: House, key: str) -> None:
    with counted(house.app) as found:
        page = house.browser("dana").get(f"/reports/{key}")
    assert len(found) <= MOST_A_PAGE
    rows = table(house, key)
    if not rows:
        assert "There is nothing to count yet." in words_of(page)
        return
    assert len(page.select("tbody tr")) == len(rows)
    picture = page.select_one("figure.picture svg")
    assert picture is not None
    assert picture.title is not None
    assert picture.select("text.label")


def test_a_report_counts_only_the_readers_deals(house: House) -> None:
    assert table(house, "pipeline", "avery")[0][1] == "1"
    assert table(house, "pipeline", "morgan")[0][1] == "1"
    assert table(house, "pipeline", "other")[0][1] == "0"
    for key in REPORTS:
        told = "".join(map("".join, table(house, key, "other")))
        assert "Avery" not in told
        assert "Escrow" not in told


def test_a_report_that_is_not_there_says_so(house: House) -> None:
    assert house.browser("dana").client.get("/reports/none").status_code == 404
    assert house.browser("dana").client.get("/reports/none.csv").status_code == 404


def test_reports_open_on_the_pipeline(house: House) -> None:
    page = house.browser("dana").get("/reports")
    assert "Pipeline by stage" in words_of(page)
