"""How many statements a page takes: few, and no more when there are more deals."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from tests.web.personas import sign_in_as
from tests.web.route_table import DEAL_FORMS, DEAL_PAGES, ROUTES
from tests.web.strict import StrictClient

MOST_A_PAGE = 15


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Give the statements that are run meanwhile."""
    engine, found = app.extensions["dealdesk"].engine, []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("endpoint", [*DEAL_PAGES, *DEAL_FORMS])
def test_a_deal_page_takes_few_statements(
    app: Flask, browser_of: StrictClient, endpoint: str
) -> None:
    with app.test_request_context():
        given = ROUTES[endpoint].given
        address = app.url_for(endpoint, number="PLACEHOLDER-2027-001", **given)
    with counted(app) as found:
        browser_of.get(address)
    assert 1 <= len(found) <= MOST_A_PAGE


def test_the_list_takes_six_statements_however_many_deals_there_are(
    app: Flask, browser_of: StrictClient
) -> None:
    with counted(app) as found:
        page = browser_of.get("/deals")
    assert len(page.select("tbody tr")) == 5
    # Who asks, deals, counts, views; and what is in force: policy and clauses.
    assert len(found) == 6


@pytest.mark.parametrize("address", ["/", "/accounts", "/deals/new/scratch"])
@pytest.mark.parametrize("role", ["account_executive", "deal_desk"])
def test_the_workbench_takes_few_statements(app: Flask, role: str, address: str) -> None:
    client = StrictClient(sign_in_as(app, role))
    with counted(app) as found:
        client.get(address)
    assert len(found) <= MOST_A_PAGE
