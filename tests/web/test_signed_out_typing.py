"""Signed out in one tab while typing in another: told, and gone on with after signing in again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION
from tests.web.conftest import NOW, seeded_settings
from tests.web.personas import writing
from tests.web.strict import StrictClient

PASSWORD = "copper lantern orchard seven"
JAMIE, KIM = "jamie.sample@example.com", "kim.sample@example.com"
DEAL = "/deals/PLACEHOLDER-2027-001"
PAGES = {
    f"{DEAL}/details": "details",
    f"{DEAL}/order-form/edit": "order",
    f"{DEAL}/clauses/uptime": "clause.uptime",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("out")
    application = create_app(seeded_settings(folder))
    with writing(application) as session:
        for email, name in ((JAMIE, "Jamie Sample"), (KIM, "Kim Sample")):
            person = NewPerson(email, name, ("deal_desk",), "North", PASSWORD)
            add_user(session, SYSTEM, person, NOW)
    yield application
    application.extensions[EXTENSION].engine.dispose()


def token_in(client: FlaskClient, address: str) -> str:
    page = StrictClient(client).get(address)
    return str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]


def sign_in(client: FlaskClient, email: str = JAMIE) -> None:
    given = {"email": email, "password": PASSWORD, "csrf_token": token_in(client, "/sign-in")}
    assert client.post("/sign-in", data=given).status_code == 303


def sign_out(client: FlaskClient) -> None:
    given = {"csrf_token": token_in(client, "/deals")}
    assert client.post("/sign-out", data=given).status_code == 303


@pytest.mark.parametrize("address", PAGES)
def test_what_is_typed_over_a_signing_out_is_kept_once_one_is_back(
    house: Flask, address: str
) -> None:
    client = house.test_client()
    sign_in(client)
    page = StrictClient(client).get(address)
    token = str(page.select_one("form[data-keep] [name=csrf_token]")["value"])  # type: ignore[index]
    kept = f"{DEAL}/unsaved"
    typed = {
        "csrf_token": token, "kept_form": PAGES[address], "kept_as": "window-1", "seen": "1",
        "title": "Typed long", "row-0-sku": "TEAM",
    }  # fmt: skip
    assert client.post(kept, data=typed).status_code == 200
    sign_out(client)
    assert client.post(kept, data=typed).status_code == 401
    told = StrictClient(client).read(client.post(address, data=typed), 401)
    assert "You are signed out" in told.get_text()
    sign_in(client)
    assert client.post(kept, data=typed).status_code == 200
    # It is read, not refused as expired: a wrong sum of fields would be 422, done is 303.
    assert client.post(address, data=typed).status_code in {303, 409, 422}


def test_the_details_typed_while_signed_out_are_saved_after_signing_in(house: Flask) -> None:
    client = house.test_client()
    sign_in(client)
    page = StrictClient(client).get(f"{DEAL}/details")
    form = page.select_one("form[data-keep]")
    assert form is not None
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    facts = form.select_one("textarea")
    assert facts is not None
    typed = fields | {"facts": facts.get_text().strip(), "title": "Typed while out"}
    sign_out(client)
    sign_in(client)
    assert client.post(f"{DEAL}/details", data=typed).status_code == 303
    assert "Typed while out" in StrictClient(client).get(f"{DEAL}/order-form").get_text()


def test_a_page_is_nobody_elses_and_no_other_browsers(house: Flask) -> None:
    client = house.test_client()
    sign_in(client)
    token = token_in(client, f"{DEAL}/details")
    typed = {"csrf_token": token, "kept_form": "details", "kept_as": "window-2", "title": "Mine"}
    sign_out(client)
    sign_in(client, KIM)
    assert client.post(f"{DEAL}/unsaved", data=typed).status_code == 400
    other = house.test_client()
    sign_in(other)
    assert other.post(f"{DEAL}/unsaved", data=typed).status_code == 400
    assert other.post(f"{DEAL}/unsaved", data={**typed, "csrf_token": ""}).status_code == 400
    # Back as oneself, in one's own browser.
    sign_out(client)
    sign_in(client)
    assert client.post(f"{DEAL}/unsaved", data=typed).status_code == 200
