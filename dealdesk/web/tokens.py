"""The token against forged requests: of one browser and one person, over all their sessions."""

import hashlib
import hmac
import secrets

from flask import current_app
from flask import session as browser_session

# Random, made once in a browser; with the server's key it gives each person their token there.
SEED = "seed"
_TOKEN = "csrf_token"  # noqa: S105 - the name under which Flask-WTF looks for it


def forget_browser() -> None:
    """Forget what the browser held, but for the seed of its tokens."""
    seed = browser_session.get(SEED) or secrets.token_hex(16)
    browser_session.clear()
    browser_session[SEED] = seed


def give_form_token(person: int) -> None:
    """Give a browser the token of who signs in there, in place of all that it held.

    It is the one that they had in this browser before: a page on which they typed while signed
    out can be kept and saved once they are back. Nobody else's page can be.
    """
    forget_browser()
    key = str(current_app.secret_key).encode()
    words = f"form token {browser_session[SEED]} {person}".encode()
    browser_session[_TOKEN] = hmac.new(key, words, hashlib.sha256).hexdigest()
