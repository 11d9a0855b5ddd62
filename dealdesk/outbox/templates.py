"""Messages written from templates/email/<name>/{subject.txt,body.txt,body.html}."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from textwrap import fill

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    UndefinedError,
    select_autoescape,
)

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.languages import SOURCE, teach_texts
from dealdesk.kernel.settings import PROJECT
from dealdesk.terms.short_dates import short_moment

FOLDER = PROJECT / "templates" / "email"
LONGEST_SUBJECT = 300
_LINE = 100
# Marks that no text of ours or of a person holds: characters of the private use area.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")
_PRIVATE = re.compile(f"[{_OPEN}{_CLOSE}]")


class MailError(DomainError):
    """A message that can't be written."""


@dataclass(frozen=True, slots=True)
class Message:
    """The three texts of a message; secrets stand in them as marks."""

    subject: str
    text: str
    html: str


def write_mail(
    name: str, context: Mapping[str, object], secrets: tuple[str, ...], language: str = SOURCE
) -> Message:
    """Return a template's message. Raise MailError where it is unknown, or lacks a value."""
    given = {key: _clean(value) for key, value in context.items()}
    values = given | {key: f"{_OPEN}{key}{_CLOSE}" for key in secrets}
    try:
        parts = [
            _environment(language).get_template(f"{name}/{part}").render(values)
            for part in ("subject.txt", "body.txt", "body.html")
        ]
    except (TemplateNotFound, UndefinedError) as error:
        raise MailError.of("mail-template", f"The message “{name}”: {error}.") from error
    # A subject is one line: a name with a line break must not become a header.
    return Message(" ".join(parts[0].split())[:LONGEST_SUBJECT], parts[1], parts[2])


def filled(message: Message, secrets: Mapping[str, str]) -> Message:
    """Return a message with its secrets; one that is forgotten reads "(forgotten)"."""

    def secret(mark: re.Match[str]) -> str:
        return secrets.get(mark[1], "(forgotten)")

    return Message(
        _MARK.sub(secret, message.subject),
        _MARK.sub(secret, message.text),
        _MARK.sub(lambda mark: escape(secret(mark)), message.html),
    )


def has_secrets(message: Message) -> bool:
    """Tell whether a message names a secret anywhere."""
    return any(_MARK.search(part) for part in (message.subject, message.text, message.html))


def hidden(text: str) -> str:
    """Return a text with the names of its secrets in their place."""
    return _MARK.sub(lambda mark: f"({mark[1].replace('_', ' ')})", text)


def _clean(value: object) -> object:
    return _PRIVATE.sub("", value) if isinstance(value, str) else value


def wrapped(text: str) -> str:
    """Return the paragraphs of a plain text in lines of a length that every program shows whole."""
    return fill(" ".join(text.split()), _LINE, break_long_words=False, break_on_hyphens=False)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach_texts(environment, language)
    environment.globals["language"] = language
    environment.filters["moment"] = lambda at: short_moment(at, language)
    environment.filters["wrapped"] = wrapped
    return environment
