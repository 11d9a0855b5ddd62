"""Settings: one frozen object from the environment; a wrong one stops the start by its name."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dealdesk.kernel.errors import DomainError, Problem

PROJECT = Path(__file__).resolve().parents[2]
SHORTEST_KEY = 32
SECRET_FILE = "secret-key"  # noqa: S105 - a file's name
LOCAL_DATABASE = "dealdesk.db"
DATABASE_URL_FORM = "Write sqlite:////path/to/file.db or postgresql://user@host/name."

# Every setting, with what docs/settings.md has to explain; a test compares the two.
SETTINGS: Mapping[str, str] = {
    "DATABASE_URL": "Where the data is: a SQLite or PostgreSQL URL.",
    "DEALDESK_VAR": "The folder for the local database, stored files and the local secret key.",
    "DEALDESK_SECRET_KEY": "What signs sessions and form tokens.",
    "DEALDESK_LIBRARY": "The clause library's folder.",
    "DEALDESK_EXTRA_FONTS": "A folder with extra fonts for PDF, such as for CJK.",
    "DEALDESK_HTTPS": "Whether people reach the application over HTTPS.",
}
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class SettingsError(DomainError):
    """A setting that can't be used; every wrong one is named."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; `is_https` sends cookies and browsers over HTTPS only."""

    database_url: str
    var: Path
    secret_key: str
    library: Path
    extra_fonts: Path | None = None
    is_https: bool = False

    @property
    def stored_files(self) -> Path:
        """The folder of stored files."""
        return self.var / "files"


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
    )
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
        return _local_key(var)
    if len(key) < SHORTEST_KEY:
        problems.append(
            _wrong(
                "DEALDESK_SECRET_KEY",
                f"has fewer than {SHORTEST_KEY} characters.",
                "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'.",
            )
        )
    return key


def _local_key(var: Path) -> str:
    """Return the key kept in var/, made at the first start, readable by its owner alone."""
    path = var / SECRET_FILE
    var.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key


def _folder(given: Mapping[str, str], name: str, problems: list[Problem]) -> Path | None:
    text = given.get(name, "")
    if not text:
        return None
    if not Path(text).is_dir():
        problems.append(_wrong(name, f"names “{text}”, which is not a folder.", "Check the path."))
    return Path(text)


def _flag(given: Mapping[str, str], name: str, problems: list[Problem]) -> bool:
    word = given.get(name, "").lower()
    if word and word not in _YES | _NO:
        problems.append(_wrong(name, f"is “{word}”.", "Write yes or no."))
    return word in _YES
