"""HTTP to a support system: retries that can't do a thing twice, refusals as sentences.

A read, and a write to an address that has its object already, may be repeated. A request that makes
an object is repeated only where the system surely has not taken it; else the outcome is unsure, and
the caller looks whether the object is there.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from dealdesk.kernel.errors import DomainError

ATTEMPTS = 5
LONGEST_WAIT = 120.0
_TIMEOUT = (5.0, 30.0)
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_TOO_MANY, _CONFLICT, _BROKEN = 429, 409, 500
_UNAUTHORISED, _FORBIDDEN, _ABSENT = 401, 403, 404
_LONGEST_REASON = 300


class PushError(DomainError):
    """The other system can't be reached, or refuses."""


class UnsureError(PushError):
    """A request that makes something broke off; nobody knows whether it was taken."""


class TakenError(PushError):
    """Somebody else made or changed the thing at the same time (409)."""


class AbsentError(PushError):
    """There is no such thing there (404)."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where a system is and how we show who we are; the token is never printed."""

    title: str
    url: str
    authorization: str = field(repr=False)
    token: str = field(repr=False)
    token_name: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise PushError.of(
                "bad-url", f"“{self.url}” is no address.", remedy="Write https://name.example.com."
            )
        if parts.username or parts.password:
            raise PushError.of(
                "token-in-url",
                "The address holds a password.",
                remedy=f"Put the token into {self.token_name} instead.",
            )
        if parts.scheme == "http" and parts.hostname not in _LOCAL:
            raise PushError.of(
                "not-https",
                f"{self.url} would send the token in the clear.",
                remedy="Use https.",
            )


class _Header(AuthBase):
    """Sets our own header; with it in place, no .netrc file is looked at."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self.value
        return request


class Client:
    """Calls one system; `sleep` and `timeout` are given by tests."""

    def __init__(
        self,
        access: Access,
        sleep: Callable[[float], None] = time.sleep,
        timeout: tuple[float, float] = _TIMEOUT,
    ) -> None:
        """Make a client; nothing is sent yet."""
        self.access = access
        self.sleep = sleep
        self._timeout = timeout
        self._session = requests.Session()
        self._session.auth = _Header(access.authorization)
        self._session.headers["Accept"] = "application/json"

    @property
    def title(self) -> str:
        """Return the system's name for people."""
        return self.access.title

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """Return what is at a path. Raise PushError."""
        return self._call("GET", path, query=query, may_repeat=True)

    def post(self, path: str, body: object) -> Any:
        """Make something. Raise UnsureError, TakenError or another PushError."""
        return self._call("POST", path, body=body, may_repeat=False)

    def put(self, path: str, body: object) -> Any:
        """Change what is at a path. Raise TakenError or another PushError."""
        return self._call("PUT", path, body=body, may_repeat=True)

    def delete(self, path: str) -> None:
        """Remove what is at a path; what is gone already is no fault. Raise PushError."""
        try:
            self._call("DELETE", path, may_repeat=True)
        except AbsentError:
            return

    def _call(
        self,
        method: str,
        path: str,
        *,
        may_repeat: bool,
        query: Mapping[str, str | int] | None = None,
        body: object = None,
    ) -> Any:
        what = f"{method} {path}"
        problem = ""
        for attempt in range(ATTEMPTS):
            try:
                answer = self._session.request(
                    method,
                    self.access.url.rstrip("/") + path,
                    params=query,
                    json=body,
                    timeout=self._timeout,
                    allow_redirects=False,
                )
            except requests.ConnectTimeout as error:
                problem, wait = _cause(error), 2.0**attempt
            except requests.RequestException as error:
                if not may_repeat and not _was_never_sent(error):
                    raise self._unsure(what, _cause(error)) from error
                problem, wait = _cause(error), 2.0**attempt
            else:
                if answer.status_code == _TOO_MANY:
                    problem, wait = "answers 429, too many requests", _wait(answer, attempt)
                elif answer.status_code >= _BROKEN:
                    problem, wait = f"answers {answer.status_code}", _wait(answer, attempt)
                    if not may_repeat:
                        raise self._unsure(what, problem)
                else:
                    return self._read(answer, what)
            if attempt + 1 < ATTEMPTS:
                self.sleep(wait)
        raise PushError.of(
            "no-answer",
            f"{self.title} still {problem} to {what} after {ATTEMPTS} attempts.",
            remedy="Run the command again later; it goes on from there.",
        )

    def _unsure(self, what: str, problem: str) -> UnsureError:
        return UnsureError.of(
            "unsure", f"{self.title} {problem} to {what}; whether it was taken is not known."
        )

    def _read(self, answer: requests.Response, what: str) -> Any:
        status = answer.status_code
        if status == _UNAUTHORISED:
            raise PushError.of(
                "token-refused",
                f"{self.title} refuses the token in {self.access.token_name} (401).",
                remedy="Check that the variable holds a valid token.",
            )
        if status == _FORBIDDEN:
            raise PushError.of(
                "not-allowed",
                f"{self.title} does not let this token do {what} (403).",
                remedy="Use a token of an administrator.",
            )
        if status == _ABSENT:
            raise AbsentError.of("absent", f"{self.title} has nothing at {what} (404).")
        if status == _CONFLICT:
            raise TakenError.of("conflict", f"{self.title} reports a conflict for {what} (409).")
        if not answer.ok or answer.is_redirect:
            raise PushError.of(
                "refused", f"{self.title} refuses {what} ({status}): {self._reason(answer)}"
            )
        if not answer.content:
            return None
        try:
            return answer.json()
        except requests.JSONDecodeError as error:
            raise PushError.of(
                "not-json",
                f"{self.title} answers {what} with something that is no JSON.",
                remedy=f"Check that {self.access.url} is its address.",
            ) from error

    def _reason(self, answer: requests.Response) -> str:
        """Return what the system says, on one line, without anything secret."""
        if answer.is_redirect:
            return "it leads to another address. Use the final one."
        text = " ".join(answer.text.split())[:_LONGEST_REASON] or "it gives no reason"
        for secret in (self.access.token, self.access.authorization.split()[-1]):
            text = text.replace(secret, "…")
        return text if text.endswith(".") else f"{text}."


def _cause(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "does not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "has a certificate that can't be verified, or none, and gives no answer"
    return "breaks off or can't be reached"


def _was_never_sent(error: requests.RequestException) -> bool:
    """Tell whether no connection came about, so that nothing can have been taken."""
    return "Failed to establish a new connection" in str(error)


def _wait(answer: requests.Response, attempt: int) -> float:
    """Return the seconds to wait: what the system asks for, else longer each time."""
    asked = answer.headers.get("Retry-After", "")
    if asked.isdecimal():
        return min(float(asked), LONGEST_WAIT)
    if asked:
        try:
            until = parsedate_to_datetime(asked)
        except ValueError:
            return 2.0**attempt
        left = (until - datetime.now(UTC)).total_seconds() if until.tzinfo else 0.0
        return min(max(left, 0.0), LONGEST_WAIT)
    return 2.0**attempt
