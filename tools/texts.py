# ruff: noqa: INP001 - a script, not a module of a package
"""Collect the texts of pages and mail, and bring the catalogues up to date with them.

Writes translations/messages.pot from the code and the templates, and into each language's
messages.po what is new, without what is gone. Files hold no dates and no line numbers, so that they
differ only where a text does. Usage: python tools/texts.py [--check]
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dealdesk.kernel.languages import FOLDER, LANGUAGES, SOURCE  # noqa: E402 - found by the path

TEMPLATE = FOLDER / "messages.pot"
_METHODS = [
    ("dealdesk/**.py", "python"),
    ("templates/book/**", "ignore"),  # a static page of the command line, in English
    ("templates/**.html", "jinja2"),
    ("templates/email/**.txt", "jinja2"),
]
_OPTIONS = {
    "templates/**.html": {"trimmed": "true", "silent": "false"},
    "templates/email/**.txt": {"trimmed": "true", "silent": "false"},
}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# What would differ from one day and one machine to the next.
_DATED = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
    '"Report-Msgid-Bugs-To',
)
_WIDTH = 100


def collected() -> Catalog:
    """Return the texts that stand in the code and the templates today."""
    catalog = Catalog(
        project="DealDesk", version="1", charset="utf-8", header_comment="# Texts of DealDesk."
    )
    found = extract_from_dir(
        ROOT,
        method_map=_METHODS,
        options_map=_OPTIONS,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=_is_ours,
    )
    for file, _line, message, comments, context in sorted(found, key=lambda one: one[:2]):
        catalog.add(message, None, [(file, 1)], auto_comments=comments, context=context)
    return catalog


def _is_ours(folder: str | Path) -> bool:
    return not Path(folder).name.startswith((".", "__"))


def template_text() -> str:
    """Return what messages.pot has to hold today."""
    return _text(collected())


def catalogue_text(language: str, texts: Catalog) -> str:
    """Return a language's catalogue brought up to date: what is gone leaves, what is new is empty.

    Nothing is guessed from texts that look alike: a wrong translation is worse than none.
    """
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if path.exists():
        with path.open("rb") as source:
            catalog = read_po(source, locale=language)
    else:
        catalog = Catalog(locale=language, project="DealDesk", version="1", charset="utf-8")
    catalog.header_comment = f"# {LANGUAGES[language]} texts of DealDesk."
    catalog.update(texts, no_fuzzy_matching=True, update_header_comment=False)
    return _text(catalog)


def _text(catalog: Catalog) -> str:
    written = BytesIO()
    catalog.fuzzy = False
    write_po(
        written, catalog, width=_WIDTH, ignore_obsolete=True, sort_output=True, include_lineno=False
    )
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_DATED))


def outdated() -> Iterator[Path]:
    """Yield each catalogue that is not what it has to be, after writing it."""
    texts = collected()
    wanted = {TEMPLATE: _text(texts)}
    for language in LANGUAGES:
        if language != SOURCE:
            path = FOLDER / language / "LC_MESSAGES" / "messages.po"
            wanted[path] = catalogue_text(language, texts)
    for path, text in wanted.items():
        if not path.exists() or path.read_text("utf-8") != text:
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            yield path


def main() -> int:
    """Write what has changed and name it; with --check only name it, and fail where any is."""
    changed = [path.relative_to(ROOT) for path in outdated()]
    for path in changed:
        sys.stdout.write(f"{path}\n")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
