"""Commands whose modules are loaded when they are called: signing's libraries take a second."""

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar, NamedTuple

import click

from dealdesk.cli.edge import Commands


class Late(NamedTuple):
    """Where a command is, and what it does, so that the list of commands needn't load it."""

    module: str
    attribute: str
    help: str


LATE: Mapping[str, Late] = {
    "agreement": Late("dealdesk.cli.agreement", "agreement", "Build agreements from deal files."),
    "audit": Late(
        "dealdesk.cli.audit",
        "audit",
        "Verify, anchor and export the record of events; erase words beside them.",
    ),
    "availability": Late(
        "dealdesk.cli.availability",
        "availability",
        "Measure availability by a contract's own formula.",
    ),
    "db": Late("dealdesk.cli.db", "db", "Keep the database's schema up to date."),
    "demo": Late(
        "dealdesk.cli.demo",
        "demo",
        "Take one rich deal from quote to sealed contract, and show each step with its time.",
    ),
    "docx": Late(
        "dealdesk.cli.docx",
        "docx_commands",
        "Read Word files and their tracked changes, settle and write changes.",
    ),
    "library": Late(
        "dealdesk.cli.library",
        "library_commands",
        "Work with a clause library: files that lawyers review.",
    ),
    "policy": Late(
        "dealdesk.cli.policy",
        "policy_commands",
        "Work with approval policies: who decides on what, as data.",
    ),
    "quote": Late(
        "dealdesk.cli.quote",
        "quote_command",
        "Price DEAL_FILE and say which approvals it needs, each with its reasons.",
    ),
    "seal": Late(
        "dealdesk.cli.seal",
        "seal",
        "Seal the agreement in FOLDER, after checking it against its manifest and approvals.",
    ),
    "seed": Late(
        "dealdesk.cli.seed",
        "seed",
        "Load DEAL_FILES; a deal that is still a draft gets another version where its file"
        " differs.",
    ),
    "serve": Late(
        "dealdesk.cli.serve",
        "serve",
        "Serve the pages on 127.0.0.1 until interrupted, with a worker.",
    ),
    "sla": Late("dealdesk.cli.sla", "sla", "Check SLA terms, run their clock, export them."),
    "text": Late("dealdesk.cli.text_lint", "text_commands", "Read contract text of any origin."),
    "user": Late("dealdesk.cli.user", "user", "Add and list people."),
    "verify": Late(
        "dealdesk.cli.verify",
        "verify",
        "Say what every signature in FILE proves, and whether its text and terms agree.",
    ),
    "worker": Late(
        "dealdesk.cli.worker",
        "worker",
        "Send mail, render files and run timers, until interrupted; several may run at once.",
    ),
}


class LateCommands(Commands):
    """A group that also knows the late commands; a group below has a table of its own."""

    late: ClassVar[Mapping[str, Late]] = LATE

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *self.late})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading its module when it is a late one."""
        if cmd_name in self.late and cmd_name not in self.commands:
            late = self.late[cmd_name]
            self.add_command(getattr(import_module(late.module), late.attribute), cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; late ones by what stands here of them."""
        found = {
            name: self.commands[name] if name in self.commands else self._named(name)
            for name in self.list_commands(ctx)
        }
        room = formatter.width - 6 - max(len(name) for name in found)
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(room)) for name, one in found.items()]
            )

    def _named(self, name: str) -> click.Command:
        return click.Command(name, help=self.late[name].help)
