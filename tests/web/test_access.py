"""Every route × persona × own and other deal, and the unsigned: who gets what."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dealdesk.web.app import create_app
from dealdesk.web.visitors import COOKIE
from tests.web.conftest import seeded_settings
from tests.web.personas import PERSONAS, token_of
from tests.web.route_table import OTHER_DEAL, OWN_DEAL, ROUTES, Route

DENIED = {401, 403, 404}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give an application whose forms need no token, so that access alone decides."""
    application = create_app(seeded_settings(tmp_path_factory.mktemp("guarded")))
    application.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    yield application
    application.extensions["dealdesk"].engine.dispose()


@pytest.fixture(scope="module")
def tokens(guarded: Flask) -> dict[str, str]:
    return {role: token_of(guarded, role) for role in PERSONAS}


def client_with(app: Flask, token: str) -> FlaskClient:
    """Return a new browser with a persona's session, whatever another did with its own."""
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return client


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what allowed changes do, so that each persona meets the same application."""
    monkeypatch.setattr(Session, "commit", Session.rollback)


def address_of(app: Flask, endpoint: str, number: str) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    given = {
        **ROUTES[endpoint].given,
        **({"number": number} if _is_deals(rule.arguments, endpoint) else {}),
    }
    with app.test_request_context():
        return app.url_for(endpoint, **given)


def _is_deals(arguments: set[str], endpoint: str) -> bool:
    return "number" in arguments and "number" not in ROUTES[endpoint].given


def method_of(app: Flask, endpoint: str) -> str:
    found = [
        rule.methods or set() for rule in app.url_map.iter_rules() if rule.endpoint == endpoint
    ]
    return "GET" if any("GET" in methods for methods in found) else "POST"


def wanted(route: Route, role: str, *, own: bool) -> set[int]:
    """Return the statuses that may answer: what is not there stays not there for the allowed."""
    audience = route.audience
    if role in (audience.own if own else audience.other):
        return {404} if route.gives == "absent" else set(range(200, 600)) - DENIED - {500}
    # Whoever may do it elsewhere must not learn that the deal exists; the others are told why.
    return {404} if role in audience.own | audience.other else {403}


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_each_persona_gets_what_is_theirs(
    guarded: Flask, tokens: dict[str, str], endpoint: str
) -> None:
    route, method = ROUTES[endpoint], method_of(guarded, endpoint)
    deals = {True: OWN_DEAL, False: OTHER_DEAL}
    wrong = []
    for role, token in tokens.items():
        for own, number in deals.items():
            # Buffered, so that an answer that comes line by line ends before the next begins.
            answer = client_with(guarded, token).open(
                address_of(guarded, endpoint, number), method=method, buffered=True
            )
            if answer.status_code not in wanted(route, role, own=own):
                wrong.append((role, number, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_the_unsigned_are_led_to_sign_in(guarded: Flask, endpoint: str) -> None:
    route, method = ROUTES[endpoint], method_of(guarded, endpoint)
    answer = guarded.test_client().open(address_of(guarded, endpoint, OWN_DEAL), method=method)
    if route.audience.unsigned:
        assert answer.status_code not in {401, 403}
        return
    if method == "GET":
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")
    else:
        assert answer.status_code == 401


def test_a_part_of_a_page_leads_the_signed_out_to_sign_in_whole(guarded: Flask) -> None:
    answer = guarded.test_client().get("/deals", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")


def test_a_list_holds_what_is_the_readers(guarded: Flask, tokens: dict[str, str]) -> None:
    own, other = (number.encode() for number in (OWN_DEAL, OTHER_DEAL))
    for role in ("account_executive", "sales_manager"):
        listed = client_with(guarded, tokens[role]).get("/deals").data
        assert own in listed
        assert other not in listed
    listed = client_with(guarded, tokens["auditor"]).get("/deals").data
    assert own in listed
    assert other in listed


def test_demo_mode_is_what_the_settings_say(tmp_path: Path) -> None:
    from dataclasses import replace  # noqa: PLC0415 - one test's need

    app = create_app(replace(seeded_settings(tmp_path), is_demo=True))
    app.config["WTF_CSRF_ENABLED"] = False
    page = app.test_client().get("/sign-in").text
    assert "Account executive" in page
    app.extensions["dealdesk"].engine.dispose()
