"""What the whole application shares: settings, engine, rules, storage, clock."""

from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from dealdesk.files.ports import Storage
from dealdesk.kernel.clock import Clock
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.ports import Queue
from dealdesk.workflows.deal_rulebook import Rules

EXTENSION = "dealdesk"


@dataclass(frozen=True, slots=True)
class Desk:
    """The application's parts, made once at its start; `rules` are those of the files.

    What is published stands in their place: `workflows.deal_rulebook.rules_in_force`.
    """

    settings: Settings
    engine: Engine
    rules: Rules
    storage: Storage
    clock: Clock
    queue: Queue


def desk() -> Desk:
    """Return the parts of the application that answers now."""
    return cast("Desk", current_app.extensions[EXTENSION])
