"""`dealdesk library book`: the whole library as static pages that need no program of ours."""

from pathlib import Path

import click

from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Library
from dealdesk.cli.book_pages import FONTS, book_css, pages
from dealdesk.cli.edge import existing_dir
from dealdesk.cli.library_coverage import policy_of
from dealdesk.cli.whole_files import write_folder
from dealdesk.workflows.library_book import Book, book_of


@click.command("book")
@click.argument("folder", type=existing_dir, default=DEFAULT_LIBRARY)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="The folder to write to.",
)  # fmt: skip
def book_command(folder: Path, out: Path) -> None:
    """Write a library as a book: index.html with families, ladders, text and approvals.

    It needs no script and no network, prints well, and the same library gives the same bytes.
    """
    library = load_library(folder)
    files = {
        "index.html": book_html(book_of(library, policy_of(folder)), library).encode(),
        "book.css": book_css().encode(),
    }
    fonts = {path.name: path.read_bytes() for path in sorted(FONTS.glob("*.[to]*"))}
    write_folder(out, files)
    write_folder(out / "fonts", fonts)
    click.echo(f"{out / 'index.html'}  {len(files['index.html']):,} bytes")


def book_html(book: Book, library: Library) -> str:
    """Return the book's one page."""
    return pages().get_template("book/book.html").render(book=book, roles=library.roles)
