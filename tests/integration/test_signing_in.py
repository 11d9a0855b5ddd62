"""Passwords on both databases: counted first, looked at while nobody is held up, then acted on."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update

from dealdesk.identity import signing_in
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import AttemptRow, SessionRow, TeamRow, UserRow
from dealdesk.identity.operations import NewPerson, add_user, set_password
from dealdesk.identity.passwords import is_password
from dealdesk.identity.queries import get_user
from dealdesk.identity.signing_in import Visitor, count_proof, count_sign_in, sign_in
from dealdesk.identity.throttling import PER_ACCOUNT, PER_ADDRESS
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.settings import Settings
from dealdesk.web.app import create_app
from tests.integration.workbench import NOW
from tests.web.strict import StrictClient

ADDRESS, PASSWORD = "jamie.sample@example.com", "copper lantern orchard seven"
ANOTHER = "seven orchards of lantern copper"
HERE = Visitor("192.0.2.7", "test")


@pytest.fixture
def jamie(engine: Engine) -> int:
    with sessions(engine, writes=True).begin() as session:
        person = NewPerson(ADDRESS, "Jamie Sample", ("account_executive",), "North", PASSWORD)
        return add_user(session, SYSTEM, person, NOW).id


@pytest.fixture
def client(jamie: int, settings: Settings) -> Iterator[FlaskClient]:
    assert jamie
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    app.extensions["dealdesk"].engine.dispose()


def enter(client: FlaskClient, password: str = PASSWORD) -> int:
    return client.post("/sign-in", data={"email": ADDRESS, "password": password}).status_code


def change(client: FlaskClient, present: str, new: str = ANOTHER) -> int:
    data = {"present": present, "new": new, "again": new}
    return client.post("/account/password", data=data).status_code


def test_others_write_while_a_password_is_looked_at(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def slowly(stored: str | None, given: str) -> bool:
        with sessions(engine, writes=True).begin() as other:
            other.add(TeamRow(name=f"Team {len(looked)}"))
            # The try is counted already, whatever becomes of it.
            looked.append(other.scalar(select(func.max(AttemptRow.count))))
        return is_password(stored, given)

    monkeypatch.setattr(signing_in, "is_password", slowly)
    assert enter(client, "not the password") == 422
    assert enter(client) == 303
    assert change(client, "not the password") == 422
    assert change(client, PASSWORD) == 303
    assert len(looked) == 4
    assert all(looked)


def test_the_present_password_is_not_to_be_guessed(client: FlaskClient, engine: Engine) -> None:
    enter(client)
    answers = [change(client, f"guess {n}") for n in range(PER_ACCOUNT + 1)]
    assert answers == [422] * PER_ACCOUNT + [429]
    assert change(client, PASSWORD) == 429
    page = StrictClient(client).read(
        client.post("/account/password", data=dict.fromkeys(("present", "new", "again"), ANOTHER)),
        429,
    )
    assert "There were too many tries." in page.get_text()
    with sessions(engine)() as session:
        user = session.scalars(select(UserRow)).one()
        assert is_password(user.password_hash, PASSWORD)
    # Who only guesses at a screen left alone keeps nobody from signing in elsewhere.
    assert enter(client) == 303


def test_who_knows_the_password_starts_to_count_again(client: FlaskClient) -> None:
    for _ in range(3):
        assert [enter(client, "wrong") for _ in range(PER_ACCOUNT - 1)] == [422] * (PER_ACCOUNT - 1)
        assert enter(client) == 303


@pytest.mark.parametrize("is_gone", [True, False])
def test_nobody_enters_with_what_was_taken_from_them_meanwhile(
    engine: Engine, jamie: int, is_gone: bool
) -> None:
    with sessions(engine, writes=True).begin() as session:
        tried = count_sign_in(session, ADDRESS.upper(), HERE, NOW)
    assert tried.is_right(PASSWORD)
    with sessions(engine, writes=True).begin() as session:
        if is_gone:
            session.execute(update(UserRow).values(deactivated_at=NOW))
        else:
            set_password(session, SYSTEM, get_user(session, jamie), ANOTHER, NOW)
    with sessions(engine, writes=True).begin() as session:
        assert sign_in(session, tried, HERE, NOW) is None
        assert session.scalar(select(func.count()).select_from(SessionRow)) == 0


def test_an_address_that_tries_everybody_is_stopped(engine: Engine, jamie: int) -> None:
    with sessions(engine, writes=True).begin() as session:
        tries = [
            count_sign_in(session, f"{n}@example.com", HERE, NOW) for n in range(PER_ADDRESS + 1)
        ]
        assert [one.is_throttled for one in tries] == [False] * PER_ADDRESS + [True]
        assert count_proof(session, get_user(session, jamie), HERE, NOW).is_throttled
        elsewhere = Visitor("192.0.2.8", "test")
        assert not count_sign_in(session, ADDRESS, elsewhere, NOW).is_throttled
    assert not tries[0].is_right("nobody has this password")
