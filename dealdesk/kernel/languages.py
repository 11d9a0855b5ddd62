"""The languages of pages and mail, and their catalogues of texts.

English is the source: what stands in the code and the templates is what an English page says.
"""

from functools import cache
from io import BytesIO
from types import MappingProxyType

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.settings import PROJECT

SOURCE = "en"
# Each language by its tag, under the name that it gives itself.
LANGUAGES = MappingProxyType({"en": "English", "de": "Deutsch"})
FOLDER = PROJECT / "translations"


class CatalogueError(DomainError):
    """A catalogue that is missing or can't be read."""


def known_language(tag: str | None) -> str:
    """Return ours for a BCP 47 tag such as de-AT, the source language's where there is none."""
    language = (tag or "").partition("-")[0]
    return language if language in LANGUAGES else SOURCE


def gettext_noop(message: str) -> str:
    """Return a text as it is: it is marked for the catalogues, and translated where it is shown."""
    return message


def add_texts_extension(environment: Environment) -> None:
    """Have templates understand `{% trans %}`; its line breaks are no part of the text."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True


def teach_texts(environment: Environment, language: str) -> None:
    """Give templates that are written in one language its texts: `_`, `ngettext`, `translated`."""
    texts = catalogue(language)
    add_texts_extension(environment)
    environment.install_gettext_translations(  # type: ignore[attr-defined] # the extension adds it
        texts, newstyle=True
    )
    environment.filters["translated"] = lambda text: texts.gettext(text) if text else text


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the texts of a language, read from its .po file once in the life of a process.

    Nothing is compiled beforehand, so that no catalogue is ever missing or older than its source.
    What has no translation comes back as it was asked for. Raise CatalogueError for a file that
    can't be read.
    """
    if language == SOURCE:
        return NullTranslations()
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    try:
        with path.open("rb") as source:
            texts = read_po(source, locale=language, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise CatalogueError.of(
            "catalogue",
            f"The texts of {LANGUAGES.get(language, language)} can't be read: {error}.",
            remedy=f"Mend translations/{language}/LC_MESSAGES/messages.po.",
        ) from error
    compiled = BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return Translations(compiled)
