"""Every route is in this table: its page is read strictly, for every deal."""

import pytest
from flask import Flask

from tests.web.strict import StrictClient

NUMBERS = (
    "EXAMPLE-2027-014",
    "FOUNDERS-2028-007",
    "FREIGHT-2027-003",
    "NOTIONAL-2028-001",
    "PLACEHOLDER-2027-001",
)
# Endpoint → what it gives: a page for each deal, a page, a redirect, data, or a change.
ROUTES = {
    "static": "data",
    "assets.font": "data",
    "components.components": "page",
    "deals.home": "redirect",
    "deals.list_page": "page",
    "deal.start": "redirect",
    "deal.order_form": "deal page",
    "deal.clauses": "deal page",
    "deal.agreement": "deal page",
    "deal.approvals": "deal page",
    "deal.sla": "deal page",
    "deal.downloads": "deal page",
    "deal.sla_terms": "data",
    "deal.download": "data",
    "deal.build": "change",
}
DEAL_PAGES = [name for name, kind in ROUTES.items() if kind == "deal page"]


def test_every_route_has_its_entry(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


def test_only_changes_take_anything_but_reads(app: Flask) -> None:
    writing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }
    assert writing == {name for name, kind in ROUTES.items() if kind == "change"}


@pytest.mark.parametrize("endpoint", DEAL_PAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_each_page_of_each_deal_is_sound(
    app: Flask, browser_of: StrictClient, endpoint: str, number: str
) -> None:
    with app.test_request_context():
        address = app.url_for(endpoint, number=number)
    page = browser_of.get(address)
    assert number in page.title.get_text()  # type: ignore[union-attr]
    current = page.select("nav.outline a[aria-current='page']")
    assert [link["href"] for link in current] == [address]


@pytest.mark.parametrize("address", ["/deals", "/components"])
def test_the_other_pages_are_sound(browser_of: StrictClient, address: str) -> None:
    browser_of.get(address)


@pytest.mark.parametrize("endpoint", [*DEAL_PAGES, "deal.sla_terms"])
def test_a_deal_that_is_absent_is_a_page_that_says_so(
    app: Flask, browser_of: StrictClient, endpoint: str
) -> None:
    with app.test_request_context():
        address = app.url_for(endpoint, number="NONE-1")
    page = browser_of.get(address, status=404)
    assert "There is no deal NONE-1." in page.get_text()


@pytest.mark.parametrize("address", ["/nothing", "/fonts/none.ttf", "/fonts/..%2fSHA256SUMS"])
def test_an_address_without_anything_is_a_page_that_says_so(
    browser_of: StrictClient, address: str
) -> None:
    assert "nothing at this address" in browser_of.get(address, status=404).get_text()


@pytest.mark.parametrize(
    ("address", "target"),
    [("/", "/deals"), ("/deals/FREIGHT-2027-003/", "/deals/FREIGHT-2027-003/order-form")],
)
def test_a_start_leads_on(app: Flask, address: str, target: str) -> None:
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, target)
