"""The `dealdesk` command and its registry of commands."""

import click

from dealdesk.cli.late import LateCommands
from dealdesk.cli.quote import quote_command

COMMANDS: tuple[click.Command, ...] = (quote_command,)


@click.group(cls=LateCommands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """DealDesk: from a deal to a signed contract whose SLA terms are data."""


for _command in COMMANDS:
    main.add_command(_command)
