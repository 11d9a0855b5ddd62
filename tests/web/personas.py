"""The personas of tests: the demo's people, signed in as a browser would be."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.identity.models import UserRow
from dealdesk.identity.signing_in import Visitor, open_for
from dealdesk.kernel.engine import sessions
from dealdesk.web.desk import EXTENSION, Desk
from dealdesk.web.visitors import COOKIE

# Role → who has it in demo/people.yaml. Avery owns the deals of OWN, Blake those of OTHER.
PERSONAS = {
    "account_executive": "avery.seller@example.com",
    "sales_manager": "morgan.muestra@example.com",
    "vp_sales": "vivian.sample@example.com",
    "cro": "charlie.voorbeeld@example.com",
    "deal_desk": "dana.placeholder@example.com",
    "finance": "frankie.exemplo@example.com",
    "cfo": "finley.exemple@example.com",
    "commercial_counsel": "cameron.exempel@example.com",
    "general_counsel": "gale.esempio@example.com",
    "ciso": "sidney.primer@example.com",
    "engineering": "emery.muster@example.com",
    "support_head": "sasha.beispiel@example.com",
    "risk": "riley.ejemplo@example.com",
    "administrator": "adrian.przyklad@example.com",
    "auditor": "aubrey.vzorek@example.com",
}


@contextmanager
def writing(app: Flask) -> Iterator[Session]:
    """Give a session on the application's database, committed at the end."""
    desk: Desk = app.extensions[EXTENSION]
    with sessions(desk.engine, writes=True).begin() as session:
        yield session


def token_of(app: Flask, role: str) -> str:
    """Return the token of a new session of the persona of a role."""
    desk: Desk = app.extensions[EXTENSION]
    with writing(app) as session:
        user = session.scalars(select(UserRow).where(UserRow.email == PERSONAS[role])).one()
        return open_for(session, user, Visitor("127.0.0.1", "test"), desk.clock.now())


def sign_in_as(app: Flask, role: str) -> FlaskClient:
    """Return a client that is signed in as the persona of a role."""
    client = app.test_client()
    client.set_cookie(COOKIE, token_of(app, role))
    return client
