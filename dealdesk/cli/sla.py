"""`dealdesk sla …`: check SLA terms, run their clock, export them, compare them with the text."""

from collections.abc import Mapping
from typing import ClassVar

import click

from dealdesk.cli.late import Late, LateCommands


class SlaCommands(LateCommands):
    """The group of `sla`; what few calls need is loaded when it is called."""

    late: ClassVar[Mapping[str, Late]] = {
        "drift": Late(
            "dealdesk.cli.sla_push",
            "drift_command",
            "Say what a support system has otherwise than TERMS_FILE; nothing is changed.",
        ),
        "due": Late(
            "dealdesk.cli.sla_clock",
            "due_command",
            "Say until when each promise for a severity has to be kept.",
        ),
        "export": Late(
            "dealdesk.cli.sla_export",
            "export_command",
            "Write the configuration of another system, and say how faithfully it"
            " keeps each promise.",
        ),
        "holidays": Late(
            "dealdesk.cli.sla_holidays",
            "holidays_command",
            "Propose closed dates to write into a calendar, where they are frozen.",
        ),
        "lint": Late(
            "dealdesk.cli.sla_lint",
            "lint_command",
            "Check TERMS_FILE against its schema and for promises that contradict each other.",
        ),
        "parity": Late(
            "dealdesk.cli.sla_parity",
            "parity_command",
            "Compare DOCUMENT (.pdf, .docx or .txt) with SLA terms: those inside"
            " it, or TERMS_FILE.",
        ),
        "portfolio": Late(
            "dealdesk.cli.sla_portfolio",
            "portfolio_command",
            "Read every sla-terms JSON under FOLDER: promises, staffing, and what"
            " an outage would cost.",
        ),
        "push": Late(
            "dealdesk.cli.sla_push",
            "push_command",
            "Bring a support system in line with TERMS_FILE; a second push changes nothing.",
        ),
    }


@click.group("sla", cls=SlaCommands)
def sla() -> None:
    """Check SLA terms, run their clock, export them."""
