"""Mail by SMTP: TLS before anything is said, except to a server on this machine."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from urllib.parse import unquote, urlsplit

from dealdesk.kernel.errors import RefusedError, UnavailableError

SECONDS = 30
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """The mail server of a URL such as smtp://user:password@host:587; shown without it."""

    url: str = field(repr=False)

    def send(self, message: EmailMessage) -> None:
        """Have the server take the message.

        Raise UnavailableError where it may take it later, RefusedError where it never will.
        """
        try:
            with self._connection() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _answer(code, said) from error
        except smtplib.SMTPDataError as error:
            raise _answer(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise _unavailable(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _unavailable(f"{type(error).__name__}: {error}") from error

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        if parts.scheme == "smtps":
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=SECONDS, context=_trusted_by_machine()
            )
        else:
            opened = smtplib.SMTP(host, port, timeout=SECONDS)
        with opened as server:
            if parts.scheme == "smtp" and host not in LOOPBACK:
                server.starttls(context=_trusted_by_machine())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server


@cache
def _trusted_by_machine() -> ssl.SSLContext:
    """Return what TLS is judged by; reading this machine's roots takes longer than a message."""
    return ssl.create_default_context()


def _answer(code: int, said: bytes | str) -> RefusedError | UnavailableError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = f"{code} {' '.join(words.split())}"
    if code >= _PERMANENT:
        return RefusedError.of("mail-refused", f"The mail server refuses the message: {text}.")
    return _unavailable(text)


def _unavailable(text: str) -> UnavailableError:
    return UnavailableError.of(
        "mail-server",
        f"The mail server doesn't take the message now: {text.rstrip('.')}.",
        remedy="Check DEALDESK_SMTP_URL, and that the server is up.",
    )
