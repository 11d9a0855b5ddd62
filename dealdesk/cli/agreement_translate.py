"""`dealdesk agreement translate`: a deal's agreement in another language, for reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from markupsafe import Markup

from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Library
from dealdesk.clauses.translation import Language, language_tags, read_language
from dealdesk.cli.book_pages import TEMPLATES, book_css, pages
from dealdesk.cli.edge import existing_dir, existing_file, say
from dealdesk.cli.quote import quote_files
from dealdesk.cli.whole_files import write_whole
from dealdesk.documents.html import Page, block_html, page_of
from dealdesk.documents.tree import Section, instance_of
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.reading_copy import ReadingCopy, reading_copy

# Blocks that the order form and the cover print themselves, in each language.
_OWN = frozenset({"cover", "order", "parties"})


@dataclass(frozen=True, slots=True)
class CopyBlock:
    """A top block as HTML, and whether it is in the language."""

    html: Markup
    translated: bool


@dataclass(frozen=True, slots=True)
class CopySection:
    """A section of a reading copy."""

    id: str
    title: str
    blocks: tuple[CopyBlock, ...]


@click.command("translate")
@click.argument("deal_file", type=existing_file)
@click.option("--language", "tag", required=True, help="The language, such as de.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True,
    help="The HTML file to write.",
)  # fmt: skip
@click.option("--library", "folder", type=existing_dir, default=DEFAULT_LIBRARY)
def translate(deal_file: Path, tag: str, out: Path, folder: Path) -> None:
    """Write the agreement of DEAL_FILE in another language, as one HTML file for reading.

    The English text counts: the copy names its fingerprint, and prints in English, marked, what is
    not translated, what changed since it was, and what was written by hand.
    """
    library = load_library(folder)
    language = language_of(folder, tag, library)
    quote = quote_files(deal_file, folder, None)
    copy = reading_copy(quote.version, library, language)
    write_whole({out: copy_html(copy).encode()})
    click.echo(f"{out}  {len(copy.instances)} clauses in {language.name}")
    for title in copy.left_out:
        say(f"“{title}” is not translated.")


def language_of(folder: Path, tag: str, library: Library) -> Language:
    """Return a language of a library. Raise DomainError naming those that there are."""
    known = language_tags(folder)
    if tag not in known:
        raise DomainError.of(
            "unknown-language",
            f"The library has no translation to “{tag}”.",
            remedy=f"Use one of {', '.join(known)}." if known else "",
        )
    language, problems = read_language(folder, tag, library)
    if language is None or problems:
        raise DomainError(problems)
    return language


def copy_html(copy: ReadingCopy) -> str:
    """Return a reading copy as one HTML file that needs nothing else."""
    page = page_of(copy.tree)
    sections = [
        _section(section, copy, page)
        for section in copy.tree.sections
        if section.id in copy.sections
    ]
    css = book_css(fonts=False) + (TEMPLATES / "book" / "reading-copy.css").read_text("utf-8")
    template = pages().get_template("book/reading-copy.html")
    return template.render(copy=copy, sections=sections, css=Markup(css))  # noqa: S704 - ours


def _section(section: Section, copy: ReadingCopy, page: Page) -> CopySection:
    return CopySection(section.id, section.title, tuple(_blocks(section, copy, page)))


def _blocks(section: Section, copy: ReadingCopy, page: Page) -> Iterator[CopyBlock]:
    for block in section.blocks:
        instance = instance_of(block.id)
        html = Markup("\n").join(block_html(block, page))
        yield CopyBlock(html, instance in copy.instances or instance in _OWN)
