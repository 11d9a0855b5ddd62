"""The `dealdesk` command; its commands are in `late.py`."""

import click

from dealdesk.cli.late import LateCommands


@click.group(cls=LateCommands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """DealDesk: from a deal to a signed contract whose SLA terms are data."""
