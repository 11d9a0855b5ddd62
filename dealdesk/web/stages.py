"""Where a deal is on its way to the customer and back, in the words of every page of it."""

from collections.abc import Iterator, Mapping

from dealdesk.deals.models import CLOSED, Stage, Standing
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.standing import (
    STANDINGS,
    NextAction,
    Status,
    next_action,
    section_marks,
)
from dealdesk.workflows.deal_standing import standing_of
from dealdesk.workflows.stored_deals import StoredDeal

# What stands for the whole deal once nothing is open, or nothing matters any more.
_STATUS: Mapping[Stage, Status] = {
    Stage.NEGOTIATION: Status("info", gettext_noop("With the customer")),
    Stage.SIGNATURE: Status("wait", gettext_noop("To be sealed")),
    Stage.SIGNED: Status("ok", gettext_noop("Signed")),
    Stage.LOST: Status("quiet", gettext_noop("Lost")),
}
_ACTION: Mapping[Stage, NextAction] = {
    Stage.NEGOTIATION: NextAction(
        gettext_noop("See what the customer did"),
        "customer.show",
        gettext_noop("They have it; when they agree, it is sealed."),
    ),
    Stage.SIGNATURE: NextAction(
        gettext_noop("Seal it"),
        "customer.show",
        gettext_noop("Both sides agree to the same text."),
    ),
    Stage.SIGNED: NextAction(
        gettext_noop("See the contract"),
        "contract.show",
        gettext_noop("It is sealed and handed over; nothing is left to do."),
    ),
    Stage.LOST: NextAction(
        gettext_noop("See what became of it"),
        "customer.show",
        gettext_noop("It was closed as lost."),
    ),
}
_SEALED = Status("ok", gettext_noop("Sealed"))
_UNSEALED = Status("quiet", gettext_noop("Open"))
ROUND = NextAction(
    gettext_noop("Review their changes"),
    "negotiation.show",
    gettext_noop("What they sent back waits for our answer."),
)
_TO_ANSWER = Status("wait", gettext_noop("Round to answer"))
_SENT = frozenset({Stage.NEGOTIATION, Stage.SIGNATURE, Stage.SIGNED})


def status_at(stored: StoredDeal) -> Status:
    """Return how the deal stands."""
    return status_in(Stage(stored.row.stage), standing_of(stored.quote))


def status_in(stage: Stage, standing: Standing) -> Status:
    """Return how a deal stands: its stage, unless something is open before that matters."""
    if stage in CLOSED or (standing is Standing.READY and stage in _STATUS):
        return _STATUS[stage]
    return STANDINGS[standing]


def action_at(stored: StoredDeal) -> NextAction:
    """Return the deal's next action."""
    stage = Stage(stored.row.stage)
    if stage in CLOSED or (stored.quote.standing.is_clear and stage in _ACTION):
        return _ACTION[stage]
    return next_action(stored.quote, is_submitted=stored.is_submitted)


def marks_at(stored: StoredDeal, *, has_round: bool = False) -> Iterator[tuple[str, str, Status]]:
    """Yield each section of the deal with its mark, those after sending by the stage.

    `has_round` says that a round of the customer's waits for us.
    """
    stage = Stage(stored.row.stage)
    for endpoint, name, mark in section_marks(stored.quote):
        if endpoint == "customer.show" and stage in _SENT:
            yield endpoint, name, Status("ok", gettext_noop("Sent"))
        elif endpoint == "negotiation.show" and has_round:
            yield endpoint, name, _TO_ANSWER
        elif endpoint == "contract.show":
            yield endpoint, name, _SEALED if stage is Stage.SIGNED else _UNSEALED
        else:
            yield endpoint, name, mark
