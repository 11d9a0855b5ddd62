"""Commands whose modules are loaded when they are called: signing's libraries take a second."""

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar

import click

from dealdesk.cli.edge import Commands

# Command → module and the attribute that holds it.
LATE = {
    "audit": ("dealdesk.cli.audit", "audit"),
    "agreement": ("dealdesk.cli.agreement", "agreement"),
    "availability": ("dealdesk.cli.availability", "availability"),
    "db": ("dealdesk.cli.db", "db"),
    "docx": ("dealdesk.cli.docx", "docx_commands"),
    "demo": ("dealdesk.cli.demo", "demo"),
    "library": ("dealdesk.cli.library", "library_commands"),
    "policy": ("dealdesk.cli.policy", "policy_commands"),
    "seal": ("dealdesk.cli.seal", "seal"),
    "seed": ("dealdesk.cli.seed", "seed"),
    "serve": ("dealdesk.cli.serve", "serve"),
    "sla": ("dealdesk.cli.sla", "sla"),
    "text": ("dealdesk.cli.text_lint", "text_commands"),
    "user": ("dealdesk.cli.user", "user"),
    "verify": ("dealdesk.cli.verify", "verify"),
    "worker": ("dealdesk.cli.worker", "worker"),
}


class LateCommands(Commands):
    """A group that also knows the late commands; a group below has a table of its own."""

    late: ClassVar[Mapping[str, tuple[str, str]]] = LATE

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *self.late})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading its module when it is a late one."""
        if cmd_name in self.late and cmd_name not in self.commands:
            module, name = self.late[cmd_name]
            self.add_command(getattr(import_module(module), name))
        return super().get_command(ctx, cmd_name)
