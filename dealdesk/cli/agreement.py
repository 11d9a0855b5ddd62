"""`dealdesk agreement build`: a deal file becomes the agreement's files."""

from pathlib import Path

import click

from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.agreement_translate import translate
from dealdesk.cli.edge import NO, Commands, existing_dir, existing_file, say
from dealdesk.cli.quote import quote_files
from dealdesk.cli.whole_files import write_folder
from dealdesk.workflows.building import build_what_can_be
from dealdesk.workflows.readiness import blockers


@click.group("agreement", cls=Commands)
def agreement() -> None:
    """Build agreements from deal files."""


agreement.add_command(translate)


@agreement.command("build")
@click.argument("deal_file", type=existing_file)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="The folder to write to.",
)  # fmt: skip
@click.option("--library", type=existing_dir, default=DEFAULT_LIBRARY, help="The clause library.")
@click.option("--policy", type=existing_file, help="The approval policy; the library's by default.")
@click.option(
    "--fonts",
    type=existing_dir,
    envvar="DEALDESK_EXTRA_FONTS",
    help="A folder with extra fonts, such as for CJK.",
)
def build(
    deal_file: Path, folder: Path, library: Path, policy: Path | None, fonts: Path | None
) -> None:
    """Write the agreement of DEAL_FILE: text, HTML, DOCX, PDF, SLA terms, approvals, manifest.

    The same input gives the same bytes. Exit status 1, the files marked DRAFT, while requirements
    are open; 1 too where all but the PDF could be made.
    """
    quote = quote_files(deal_file, library, policy)
    package = build_what_can_be(quote, load_library(library), fonts)
    write_folder(folder, package.files)
    for name, data in sorted(package.files.items()):
        click.echo(f"{folder / name}  {len(data):,} bytes")
    if package.is_draft:
        for problem in blockers(quote):
            say(str(problem))
        say("The files are marked as a draft.")
    for problem in package.missing:
        say(str(problem))
    if package.is_draft or package.missing:
        raise SystemExit(NO)
