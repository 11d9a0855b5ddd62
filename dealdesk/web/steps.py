"""A step of the person who asks: by the rules in force, on what they saw, whole or undone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from flask import g, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from dealdesk.approvals.request_queries import list_away
from dealdesk.approvals.routing import Absence
from dealdesk.kernel.database_errors import is_twice
from dealdesk.kernel.errors import ConflictError, DomainError, Problem, RefusedError
from dealdesk.outbox.operations import undone_promises
from dealdesk.web.desk import desk
from dealdesk.web.edge import session
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_rulebook import Rules, rules_in_force

# Ids, versions and revisions are counted up from one; no form of ours sends a longer number.
_MOST_DIGITS = 9
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
        parts.settings.links_lead_to,
        list_away(session(), now) if away is None else away,
    )


def rules_now() -> Rules:
    """Return the rules in force now: published clauses and policy, else the files'.

    A page that only reads asks for them once.
    """
    found = g.get("rules_now")
    if isinstance(found, Rules):
        return found
    rules = rules_in_force(session(), desk().rules, desk().clock.now())
    if request.method in {"GET", "HEAD"}:
        g.rules_now = rules
    return rules


def sent_number(name: str, sent: Mapping[str, str] | None = None) -> int:
    """Return the number in a sent field, such as the version that its sender saw; 0 for none."""
    text = (request.form if sent is None else sent).get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else 0


@contextmanager
def undone_if_refused() -> Iterator[None]:
    """Do a step whole: where it raises, what it wrote and promised is left undone.

    What a page shows after that is read again, and what was typed may be shown with it.
    """
    unit = session()
    with undone_promises(unit):
        try:
            with unit.begin_nested():
                yield
        except Exception:
            unit.expire_all()
            raise


def refused(step: Callable[[], object]) -> tuple[tuple[Problem, ...], int]:
    """Do a step and return what it was refused for, with the status; nothing where it was done."""
    try:
        with undone_if_refused():
            step()
    except DomainError as error:
        is_now_otherwise = isinstance(error, ConflictError | RefusedError)
        return error.problems, 409 if is_now_otherwise else 422
    except StaleDataError:
        return (_MEANWHILE,), 409
    except IntegrityError as error:
        if not is_twice(error):
            raise
        return (_MEANWHILE,), 409
    return (), 200
