"""Where a deal is on its way to the customer and back, in the words of every page of it."""

from collections.abc import Iterator, Mapping

from dealdesk.clauses.model import Library
from dealdesk.deals.models import Stage
from dealdesk.web.standing import NextAction, Status, next_action, section_marks, status_of
from dealdesk.workflows.stored_deals import StoredDeal

# What stands for the whole deal once nothing is open, or nothing matters any more.
_STATUS: Mapping[Stage, Status] = {
    Stage.NEGOTIATION: Status("info", "With the customer"),
    Stage.SIGNATURE: Status("wait", "To be sealed"),
    Stage.SIGNED: Status("ok", "Signed"),
    Stage.LOST: Status("quiet", "Lost"),
}
_ACTION: Mapping[Stage, NextAction] = {
    Stage.NEGOTIATION: NextAction(
        "See what the customer did", "customer.show", "They have it; when they agree, it is sealed."
    ),
    Stage.SIGNATURE: NextAction("Seal it", "customer.show", "Both sides agree to the same text."),
    Stage.SIGNED: NextAction(
        "See the contract", "contract.show", "It is sealed and handed over; nothing is left to do."
    ),
    Stage.LOST: NextAction("See what became of it", "customer.show", "It was closed as lost."),
}
_CLOSED = frozenset({Stage.SIGNED, Stage.LOST})
_SENT = frozenset({Stage.NEGOTIATION, Stage.SIGNATURE, Stage.SIGNED})


def status_at(stored: StoredDeal) -> Status:
    """Return how the deal stands: its stage, unless something is open before that matters."""
    stage = Stage(stored.row.stage)
    if stage in _CLOSED or (stored.quote.standing.is_clear and stage in _STATUS):
        return _STATUS[stage]
    return status_of(stored.quote)


def action_at(stored: StoredDeal) -> NextAction:
    """Return the deal's next action."""
    stage = Stage(stored.row.stage)
    if stage in _CLOSED or (stored.quote.standing.is_clear and stage in _ACTION):
        return _ACTION[stage]
    return next_action(stored.quote, is_submitted=stored.is_submitted)


def marks_at(stored: StoredDeal, library: Library) -> Iterator[tuple[str, str, Status]]:
    """Yield each section of the deal with its mark, those after sending by the stage."""
    stage = Stage(stored.row.stage)
    for endpoint, name, mark in section_marks(stored.quote, library):
        if endpoint == "customer.show" and stage in _SENT:
            yield endpoint, name, Status("ok", "Sent")
        elif endpoint == "contract.show":
            is_sealed = stage is Stage.SIGNED
            yield endpoint, name, Status("ok", "Sealed") if is_sealed else Status("quiet", "Open")
        else:
            yield endpoint, name, mark
