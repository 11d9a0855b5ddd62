"""Every route is in the table: its page is read strictly, for every deal."""

import pytest
from flask import Flask

from dealdesk.web.access import needs_of
from tests.web.personas import sign_in_as
from tests.web.route_table import DEAL_FORMS, DEAL_PAGES, ROUTES
from tests.web.strict import StrictClient

NUMBERS = (
    "EXAMPLE-2027-014",
    "FOUNDERS-2028-007",
    "FREIGHT-2027-003",
    "NOTIONAL-2028-001",
    "PLACEHOLDER-2027-001",
)


def test_every_route_has_its_entry(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


def test_every_view_declares_what_it_needs(app: Flask) -> None:
    with app.app_context():
        assert [name for name in app.view_functions if not needs_of(name)] == []


def test_a_route_either_reads_or_changes(app: Flask) -> None:
    reads = {"GET", "HEAD", "OPTIONS"}
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods.setdefault(rule.endpoint, set()).update(rule.methods or set())
    mixed = [name for name, found in methods.items() if found - reads and "GET" in found]
    assert mixed == []
    changes = {name for name, found in methods.items() if found - reads}
    assert {name for name, route in ROUTES.items() if route.gives == "change"} <= changes
    assert not changes & {n for n, r in ROUTES.items() if r.gives in {"page", "deal page", "data"}}


@pytest.mark.parametrize("endpoint", DEAL_PAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_each_page_of_each_deal_is_sound(
    app: Flask, browser_of: StrictClient, endpoint: str, number: str
) -> None:
    with app.test_request_context():
        address = app.url_for(endpoint, number=number, **ROUTES[endpoint].given)
    page = browser_of.get(address)
    assert number in page.title.get_text()  # type: ignore[union-attr]
    current = page.select("nav.outline a[aria-current='page']")
    assert [link["href"] for link in current] == [address]


@pytest.mark.parametrize("endpoint", DEAL_FORMS)
@pytest.mark.parametrize("number", NUMBERS)
def test_each_form_of_each_deal_is_sound(
    app: Flask, browser_of: StrictClient, endpoint: str, number: str
) -> None:
    with app.test_request_context():
        address = app.url_for(endpoint, number=number, **ROUTES[endpoint].given)
    assert number in browser_of.get(address).title.get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/deals",
        "/deals?q=freight&status=open&stage=draft&owner=me&role=cfo&sort=-tcv&page=3",
        "/deals/new",
        "/deals/new/scratch?plan=team",
        "/deals/new/copy?number=FREIGHT-2027-003",
        "/deals/new/file",
        "/accounts",
        "/accounts?q=nobody",
        "/accounts/new",
        "/components",
        "/account",
    ],
)
def test_the_other_pages_are_sound(browser_of: StrictClient, address: str) -> None:
    browser_of.get(address)


@pytest.mark.parametrize("address", ["/people", "/people/1"])
def test_the_administrators_pages_are_sound(app: Flask, address: str) -> None:
    StrictClient(sign_in_as(app, "administrator")).get(address)


@pytest.mark.parametrize("address", ["/audit", "/audit?event=identity", "/audit?stream=none"])
def test_the_auditors_pages_are_sound(app: Flask, address: str) -> None:
    StrictClient(sign_in_as(app, "auditor")).get(address)


@pytest.mark.parametrize("endpoint", [*DEAL_PAGES, *DEAL_FORMS, "deal.sla_terms"])
def test_a_deal_that_is_absent_is_a_page_that_says_so(
    app: Flask, browser_of: StrictClient, endpoint: str
) -> None:
    with app.test_request_context():
        address = app.url_for(endpoint, number="NONE-1", **ROUTES[endpoint].given)
    page = browser_of.get(address, status=404)
    assert "There is no deal NONE-1." in page.get_text()


@pytest.mark.parametrize("address", ["/nothing", "/fonts/none.ttf", "/fonts/..%2fSHA256SUMS"])
def test_an_address_without_anything_is_a_page_that_says_so(
    browser_of: StrictClient, address: str
) -> None:
    assert "nothing at this address" in browser_of.get(address, status=404).get_text()


@pytest.mark.parametrize(
    ("address", "target"),
    [("/deals/FREIGHT-2027-003/", "/deals/FREIGHT-2027-003/order-form")],
)
def test_a_start_leads_on(browser_of: StrictClient, address: str, target: str) -> None:
    answer = browser_of.client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, target)
