"""What the pages of approvals share: the step that acts, and answers to what was refused."""

from collections.abc import Callable, Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from dealdesk.approvals.request_queries import list_away
from dealdesk.approvals.routing import Absence
from dealdesk.kernel.errors import ConflictError, DomainError, Problem, RefusedError
from dealdesk.web.desk import desk
from dealdesk.web.edge import session
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.approval_work import Act

_MEANWHILE = Problem(
    "meanwhile",
    "Somebody else did something here at the same moment.",
    remedy="Look at what it was, then go on.",
)


def act(away: Sequence[Absence] | None = None) -> Act:
    """Return the step of the person who asks, in the request's transaction."""
    parts, now = desk(), desk().clock.now()
    return Act(
        session(),
        parts.rules,
        current_actor(),
        now,
        parts.settings.address,
        list_away(session(), now) if away is None else away,
    )


def refused(step: Callable[[], object]) -> tuple[tuple[Problem, ...], int]:
    """Do a step and return what it was refused for, with the status; nothing where it was done.

    What it wrote before it was refused is left undone, so that the page may be shown again with
    everything that was typed.
    """
    try:
        step()
        session().flush()
    except DomainError as error:
        session().rollback()
        is_now_otherwise = isinstance(error, ConflictError | RefusedError)
        return error.problems, 409 if is_now_otherwise else 422
    except (StaleDataError, IntegrityError):
        session().rollback()
        return (_MEANWHILE,), 409
    return (), 200
