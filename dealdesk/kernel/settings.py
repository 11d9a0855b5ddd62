"""Settings: one frozen object from the environment; a wrong one stops the start by its name."""

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from dealdesk.kernel.errors import DomainError, Problem

PROJECT = Path(__file__).resolve().parents[2]
SHORTEST_KEY = 32
SECRET_FILE = "secret-key"  # noqa: S105 - a file's name
LOCAL_DATABASE = "dealdesk.db"
LOCAL_ADDRESS = "http://127.0.0.1:8000"
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
SMTP_SCHEMES = ("smtp", "smtps")
SMTP_URL_FORM = "Write smtp://user:password@host:587, or smtps://… for TLS from the start."
QUEUE_SCHEMES = ("redis", "rediss", "postgresql")
QUEUE_URL_FORM = "Write redis://host:6379/0 or postgresql://user@host/name, or leave it out."
LONGEST_LEASE = 86_400
DATABASE_URL_FORM = "Write sqlite:////path/to/file.db or postgresql://user@host/name."

# Every setting, with what docs/settings.md has to explain; a test compares the two.
SETTINGS: Mapping[str, str] = {
    "DATABASE_URL": "Where the data is: a SQLite or PostgreSQL URL.",
    "DEALDESK_VAR": "The folder for the local database, stored files and the local secret key.",
    "DEALDESK_SECRET_KEY": "What signs sessions and form tokens.",
    "DEALDESK_LIBRARY": "The clause library's folder.",
    "DEALDESK_EXTRA_FONTS": "A folder with extra fonts for PDF, such as for CJK.",
    "DEALDESK_HTTPS": "Whether people reach the application over HTTPS.",
    "DEALDESK_ADDRESS": "The address at which people reach the application, for links in mail.",
    "DEALDESK_PROXIES": "How many proxies of ours stand before the application.",
    "DEALDESK_SMTP_URL": "The mail server; without one, mail is kept and shown to administrators.",
    "DEALDESK_MAIL_SENDER": "Whom mail comes from: a mail address.",
    "DEALDESK_QUEUE": "What carries the ids of jobs to the worker.",
    "DEALDESK_CERTIFICATE": "What contracts are sealed with: a key with its certificate.",
    "DEALDESK_PASSPHRASE_FILE": "A file that holds the passphrase of that key.",
    "DEALDESK_LEASE": "After how many seconds a job is taken over from a worker that stopped.",
    "DEALDESK_DEMO": "Whether anybody may sign in as a person of the demo with one click.",
}
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class SettingsError(DomainError):
    """A setting that can't be used; every wrong one is named."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; `is_https` sends cookies and browsers over HTTPS only.

    `address` has no slash at its end, and is "" where people come to this machine alone.
    """

    # What may hold a password or is a key stays out of logs and tracebacks.
    database_url: str = field(repr=False)
    var: Path
    secret_key: str = field(repr=False)
    library: Path
    extra_fonts: Path | None = None
    is_https: bool = False
    address: str = ""
    proxies: int = 0
    smtp_url: str = field(default="", repr=False)
    mail_sender: str = ""
    queue_url: str = field(default="", repr=False)
    certificate: Path | None = None
    passphrase_file: Path | None = None
    lease: timedelta = timedelta(minutes=5)
    is_demo: bool = False

    @property
    def stored_files(self) -> Path:
        """The folder of stored files."""
        return self.var / "files"

    @property
    def links_lead_to(self) -> str:
        """The address before every link in mail, without a slash at its end."""
        return self.address or LOCAL_ADDRESS


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings; local defaults stand where nothing is set.

    Raise SettingsError naming each variable that is wrong.
    """
    given = os.environ if environment is None else environment
    problems: list[Problem] = []
    var = Path(given.get("DEALDESK_VAR") or PROJECT / "var")
    settings = Settings(
        database_url=_database_url(given, var, problems),
        var=var,
        secret_key=_secret_key(given, var, problems),
        library=_folder(given, "DEALDESK_LIBRARY", problems) or PROJECT / "clause_library",
        extra_fonts=_folder(given, "DEALDESK_EXTRA_FONTS", problems),
        is_https=_flag(given, "DEALDESK_HTTPS", problems),
        address=_address(given, problems),
        proxies=_count(given, "DEALDESK_PROXIES", problems),
        smtp_url=_url(given, "DEALDESK_SMTP_URL", SMTP_SCHEMES, SMTP_URL_FORM, problems),
        mail_sender=_mail_address(given, "DEALDESK_MAIL_SENDER", problems),
        queue_url=_url(given, "DEALDESK_QUEUE", QUEUE_SCHEMES, QUEUE_URL_FORM, problems),
        certificate=_file(given, "DEALDESK_CERTIFICATE", problems),
        passphrase_file=_file(given, "DEALDESK_PASSPHRASE_FILE", problems),
        lease=_seconds(given, "DEALDESK_LEASE", 300, problems),
        is_demo=_flag(given, "DEALDESK_DEMO", problems),
    )
    problems += _contradictions(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _wrong(name: str, message: str, remedy: str) -> Problem:
    return Problem("wrong-setting", f"{name} {message}", remedy=remedy)


def _database_url(given: Mapping[str, str], var: Path, problems: list[Problem]) -> str:
    url = given.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{var / LOCAL_DATABASE}"
    scheme, mark, rest = url.partition("://")
    # Many hosts hand out the short form; SQLAlchemy knows only the long one.
    if mark and scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append(
            _wrong(
                "DATABASE_URL",
                "is neither a SQLite nor a PostgreSQL URL.",
                DATABASE_URL_FORM,
            )
        )
    return url


def _secret_key(given: Mapping[str, str], var: Path, problems: list[Problem]) -> str:
    key = given.get("DEALDESK_SECRET_KEY", "")
    if not key:
        return _local_key(var, problems)
    if len(key) < SHORTEST_KEY:
        problems.append(
            _wrong(
                "DEALDESK_SECRET_KEY",
                f"has fewer than {SHORTEST_KEY} characters.",
                "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'.",
            )
        )
    return key


def _local_key(var: Path, problems: list[Problem]) -> str:
    """Return the key kept in var/, made at the first start, readable by its owner alone."""
    path = var / SECRET_FILE
    var.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_key(path)
    key = path.read_text("utf-8").strip()
    if len(key) < SHORTEST_KEY:
        problems.append(
            _wrong(
                str(path),
                f"holds a key of fewer than {SHORTEST_KEY} characters.",
                "Remove the file: the next start makes another, and everybody signs in again.",
            )
        )
    return key


def _write_key(path: Path) -> None:
    """Write a new key whole or not at all; of two processes at once, the first one's stands."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def _folder(given: Mapping[str, str], name: str, problems: list[Problem]) -> Path | None:
    text = given.get(name, "")
    if not text:
        return None
    if not Path(text).is_dir():
        problems.append(_wrong(name, f"names “{text}”, which is not a folder.", "Check the path."))
    return Path(text)


def _file(given: Mapping[str, str], name: str, problems: list[Problem]) -> Path | None:
    text = given.get(name, "")
    if not text:
        return None
    if not Path(text).is_file():
        problems.append(_wrong(name, f"names “{text}”, which is not a file.", "Check the path."))
    return Path(text)


def _flag(given: Mapping[str, str], name: str, problems: list[Problem]) -> bool:
    word = given.get(name, "").lower()
    if word and word not in _YES | _NO:
        problems.append(_wrong(name, f"is “{word}”.", "Write yes or no."))
    return word in _YES


def _count(given: Mapping[str, str], name: str, problems: list[Problem]) -> int:
    text = given.get(name, "") or "0"
    if not (text.isascii() and text.isdecimal() and int(text) < 10):  # noqa: PLR2004 - more is a slip
        problems.append(_wrong(name, f"is “{text}”.", "Write a number from 0 to 9."))
        return 0
    return int(text)


def _seconds(
    given: Mapping[str, str], name: str, default: int, problems: list[Problem]
) -> timedelta:
    text = given.get(name, "") or str(default)
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= LONGEST_LEASE):
        problems.append(
            _wrong(name, f"is “{text[:40]}”.", f"Write seconds, from 1 to {LONGEST_LEASE}.")
        )
        return timedelta(seconds=default)
    return timedelta(seconds=int(text))


def _url(
    given: Mapping[str, str],
    name: str,
    schemes: tuple[str, ...],
    form: str,
    problems: list[Problem],
) -> str:
    text = given.get(name, "")
    try:
        parts = urlsplit(text)
        # PostgreSQL may be reached by a socket, which has no host's name.
        is_reached = bool(parts.hostname) or parts.scheme == "postgresql"
        is_sound = parts.scheme in schemes and is_reached and parts.port != 0
    except ValueError:
        is_sound = False
    if text and not is_sound:
        # The URL itself is left out: it may hold a password.
        problems.append(_wrong(name, "is not a URL of that kind.", form))
    return text


def _mail_address(given: Mapping[str, str], name: str, problems: list[Problem]) -> str:
    text = given.get(name, "")
    if text and not _MAIL_ADDRESS.fullmatch(text):
        problems.append(_wrong(name, f"is “{text[:80]}”.", "Write desk@example.com."))
    return text


def _address(given: Mapping[str, str], problems: list[Problem]) -> str:
    text = given.get("DEALDESK_ADDRESS", "").rstrip("/")
    if text and not _ADDRESS.fullmatch(text):
        problems.append(
            _wrong("DEALDESK_ADDRESS", f"is “{text}”.", "Write https://deals.example.com.")
        )
    return text


def _contradictions(settings: Settings) -> Iterator[Problem]:
    if settings.smtp_url and not settings.mail_sender:
        yield _wrong(
            "DEALDESK_MAIL_SENDER",
            "is missing, and DEALDESK_SMTP_URL is set.",
            "Write the address that mail comes from.",
        )
    if settings.is_https and not settings.address:
        yield _wrong(
            "DEALDESK_ADDRESS",
            "is missing, and DEALDESK_HTTPS is on.",
            "Write the address at which people reach the application.",
        )
    if settings.is_https and settings.is_demo:
        yield _wrong(
            "DEALDESK_DEMO",
            "is on, and so is DEALDESK_HTTPS: anybody could sign in.",
            "Turn one of them off.",
        )


def environment_at(address: str) -> dict[str, str]:
    """Return this process's environment for what it starts, with an address where none is set."""
    given = dict(os.environ)
    if not given.get("DEALDESK_ADDRESS"):
        given["DEALDESK_ADDRESS"] = address
    return given


def read_secret(name: str, environment: Mapping[str, str] | None = None) -> str:
    """Return a secret from the variable of that name. Raise SettingsError when it holds none."""
    given = os.environ if environment is None else environment
    if not (re.fullmatch(r"[A-Z][A-Z0-9_]*", name) and given.get(name, "").strip()):
        raise SettingsError.of(
            "no-secret", f"The variable {name} holds no token.", remedy=f"Set {name} and try again."
        )
    return given[name].strip()
