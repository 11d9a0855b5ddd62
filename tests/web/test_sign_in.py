"""Signing in: right and wrong, too often, led elsewhere, ended, reset by a link; as one of the demo."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import SessionRow, UserRow
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.identity.throttling import PER_ACCOUNT
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.outbox.models import MailRow
from dealdesk.web.app import create_app
from dealdesk.web.desk import EXTENSION, Desk
from dealdesk.web.targets import local_target
from dealdesk.web.visitors import COOKIE
from tests.web.conftest import NOW, seeded_settings
from tests.web.personas import PERSONAS, sign_in_as, writing
from tests.web.strict import StrictClient

ADDRESS, PASSWORD = "jamie.sample@example.com", "copper lantern orchard seven"


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    settings = seeded_settings(tmp_path_factory.mktemp("entrance"))
    engine = make_engine(settings)
    with sessions(engine, writes=True).begin() as session:
        person = NewPerson(ADDRESS, "Jamie Sample", ("account_executive",), "North", PASSWORD)
        add_user(session, SYSTEM, person, NOW)
    engine.dispose()
    application = create_app(settings)
    yield application
    application.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def client(entrance: Flask) -> FlaskClient:
    return entrance.test_client()


def token_in(client: FlaskClient, address: str) -> str:
    page = StrictClient(client).get(address)
    return str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]


def sign_in(client: FlaskClient, password: str = PASSWORD, **given: str):
    fields = {"email": ADDRESS, "password": password, **given}
    return client.post("/sign-in", data={**fields, "csrf_token": token_in(client, "/sign-in")})


def test_who_signs_in_is_led_on_to_where_they_wanted(client: FlaskClient) -> None:
    answer = client.get("/deals?q=bank")
    assert answer.headers["Location"] == "/sign-in?next=/deals?q%3Dbank"
    entered = sign_in(client, next="/deals?q=bank")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/deals?q=bank")
    cookie = next(one for one in entered.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Jamie Sample" in StrictClient(client).get("/deals").get_text()


@pytest.mark.parametrize("email", [ADDRESS, "nobody@example.com", "avery.seller@example.com"])
def test_what_is_wrong_is_not_told(client: FlaskClient, email: str) -> None:
    answer = sign_in(client, "not the password", email=email)
    page = StrictClient(client).read(answer, 422)
    assert "Address and password don't belong together." in page.get_text()
    assert client.get_cookie(COOKIE) is None


@pytest.mark.parametrize(
    "fields", [{}, {"email": ADDRESS}, {"email": "x" * 10_000, "password": "y"}]
)
def test_what_is_missing_is_said_beside_the_field(
    client: FlaskClient, fields: dict[str, str]
) -> None:
    token = token_in(client, "/sign-in")
    page = StrictClient(client).read(
        client.post("/sign-in", data={**fields, "csrf_token": token}), 422
    )
    assert page.select(".fault")
    assert page.select(".faultlist a[href^='#']")


def test_trying_too_often_is_stopped_for_a_while_even_with_the_password(entrance: Flask) -> None:
    client = entrance.test_client()
    email = "guessed@example.com"
    answers = [
        sign_in(client, f"guess {n}", email=email).status_code for n in range(PER_ACCOUNT + 2)
    ]
    assert answers == [422] * PER_ACCOUNT + [429, 429]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "evil", "", "/\tevil", "///evil.example", "/%0d\r\nX: y",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(target: str) -> None:
    assert local_target(target) == "/"


@pytest.mark.parametrize("target", ["/deals?q=a", "/deals/X-1/sla#p-uptime", "/"])
def test_addresses_of_ours_are_kept(target: str) -> None:
    assert local_target(target) == target


def test_who_signs_out_is_out_on_the_server_too(client: FlaskClient) -> None:
    sign_in(client)
    held = client.get_cookie(COOKIE)
    assert held is not None
    answer = client.post("/sign-out", data={"csrf_token": token_in(client, "/account")})
    assert answer.headers["Location"] == "/sign-in"
    client.set_cookie(COOKIE, held.value)
    assert client.get("/deals").status_code == 302


def test_sessions_are_listed_and_ended_one_by_one(entrance: Flask) -> None:
    here, there = entrance.test_client(), entrance.test_client()
    sign_in(here)
    sign_in(there)
    page = StrictClient(here).get("/account")
    ends = page.select("form[action*='/account/sessions/'][action$='/end']")
    assert "this one" in page.get_text()
    assert len(ends) >= 1
    answer = here.post("/account/sessions/end", data={"csrf_token": token_in(here, "/account")})
    assert answer.status_code == 303
    assert there.get("/deals").status_code == 302
    assert here.get("/deals").status_code == 200


def test_another_persons_session_is_not_mine_to_end(entrance: Flask, client: FlaskClient) -> None:
    other = sign_in_as(entrance, "auditor")
    sign_in(client)
    with writing(entrance) as session:
        auditor = session.scalars(select(UserRow).where(UserRow.email == PERSONAS["auditor"])).one()
        number = session.scalars(
            select(SessionRow.id).where(SessionRow.user_id == auditor.id)
        ).first()
    token = token_in(client, "/account")
    answer = client.post(f"/account/sessions/{number}/end", data={"csrf_token": token})
    assert answer.status_code == 404
    assert other.get("/audit").status_code == 200


def test_an_idle_session_ends(entrance: Flask) -> None:
    client = sign_in_as(entrance, "auditor")
    assert client.get("/audit").status_code == 200
    with time_machine.travel(datetime.now().astimezone().timestamp() + 13 * 3600, tick=True):
        assert client.get("/audit").status_code == 302


def test_deactivation_ends_sessions_at_once(entrance: Flask) -> None:
    admin, risk = sign_in_as(entrance, "administrator"), sign_in_as(entrance, "risk")
    with writing(entrance) as session:
        number = session.scalars(select(UserRow.id).where(UserRow.email == PERSONAS["risk"])).one()
    assert risk.get("/deals").status_code == 200
    token = token_in(admin, f"/people/{number}")
    assert admin.post(f"/people/{number}/deactivate", data={"csrf_token": token}).status_code == 303
    assert risk.get("/deals").status_code == 302
    assert "Deactivated on" in StrictClient(admin).get(f"/people/{number}").get_text()
    admin.post(f"/people/{number}/activate", data={"csrf_token": token})
    assert risk.get("/deals").status_code == 302


def test_an_administrator_changes_others_but_not_themself(entrance: Flask) -> None:
    admin = sign_in_as(entrance, "administrator")
    with writing(entrance) as session:
        own = session.scalars(
            select(UserRow.id).where(UserRow.email == PERSONAS["administrator"])
        ).one()
    token = token_in(admin, "/people")
    for what in ("roles", "deactivate"):
        data = {"csrf_token": token, "roles": "cfo"}
        answer = admin.post(f"/people/{own}/{what}", data=data)
        assert answer.status_code in {409, 422}
        assert "Another administrator can do it." in answer.text


def test_a_new_person_sets_their_password_by_the_mailed_link(entrance: Flask) -> None:
    admin = sign_in_as(entrance, "administrator")
    token = token_in(admin, "/people")
    fields = {"name": "Sam Example", "email": "Sam.Example@example.com", "roles": "finance"}
    assert admin.post("/people", data={**fields, "csrf_token": token}).status_code == 303
    again = admin.post("/people", data={**fields, "csrf_token": token})
    assert "has an account already" in StrictClient(admin).read(again, 422).get_text()
    link = link_to(entrance, "sam.example@example.com")
    visitor = entrance.test_client()
    form = token_in(visitor, link)
    weak = visitor.post(link, data={"new": "short", "again": "short", "csrf_token": form})
    assert "Take 12 to 200." in StrictClient(visitor).read(weak, 422).get_text()
    good = {"new": PASSWORD, "again": PASSWORD, "csrf_token": form}
    assert visitor.post(link, data=good).status_code == 303
    assert sign_in(visitor, email="sam.example@example.com").status_code == 303
    StrictClient(visitor).get(link, status=404)


def test_asking_for_a_link_tells_nobody_who_has_an_account(entrance: Flask) -> None:
    client = entrance.test_client()
    answers = []
    for email in (ADDRESS, "nobody@example.com", PERSONAS["cfo"]):
        token = token_in(client, "/password")
        answers.append(client.post("/password", data={"email": email, "csrf_token": token}))
    texts = {
        re.sub(r"nonce-?[^ >]*", "", StrictClient(client).read(a, 200).get_text()) for a in answers
    }
    assert len(texts) == 1
    link = link_to(entrance, ADDRESS)
    assert StrictClient(client).get(link).h1.get_text() == "Set your password"  # type: ignore[union-attr]
    with pytest.raises(AssertionError):
        link_to(entrance, PERSONAS["cfo"])


def test_a_persona_is_entered_in_demo_mode_alone(tmp_path: Path) -> None:
    app = create_app(replace(seeded_settings(tmp_path), is_demo=True))
    client = app.test_client()
    page = StrictClient(client).get("/sign-in")
    button = page.find("button", class_="persona")
    assert button is not None
    form = button.find_parent("form")
    data = {"csrf_token": str(form.find("input", attrs={"name": "csrf_token"})["value"])}  # type: ignore[union-attr, index]
    assert client.post(str(form["action"]), data=data).status_code == 303  # type: ignore[index]
    assert "Avery Seller" in client.get("/deals").text
    desk: Desk = app.extensions[EXTENSION]
    desk.engine.dispose()


def link_to(app: Flask, email: str) -> str:
    """Return the path of the last link that was promised to an address by mail."""
    with writing(app) as session:
        row = session.scalars(
            select(MailRow).where(MailRow.to_address == email).order_by(MailRow.id.desc())
        ).first()
        assert row is not None
        return "/" + json.loads(row.secrets or "{}")["link"].split("/", 3)[3]
