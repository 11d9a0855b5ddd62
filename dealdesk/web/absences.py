"""Out of office: a period, and who decides meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response, make_response, redirect, request, url_for

from dealdesk.approvals.absences import (
    delegate_problems,
    end_absence,
    list_absences,
    record_absence,
    refuse_far_days,
)
from dealdesk.identity.queries import get_actor, list_people
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.steps import refused, rules_now, sent_number
from dealdesk.web.visitors import current_actor

blueprint = Blueprint("absences", __name__, url_prefix="/out-of-office")
DECIDE = "approvals:decision:record"
NOBODY = "nobody"


@blueprint.get("")
@requires(DECIDE)
def list_page() -> str:
    """Show one's absences that are on or to come, and the form for another."""
    return _page()


@blueprint.post("")
@requires(DECIDE)
@transactional
def add() -> Response | tuple[str, int]:
    """Record that one is away from the first to the last day, both included."""

    def work() -> None:
        first, last = _day("first"), _day("last")
        cover = request.form.get("cover", "")
        if first is None or last is None or not cover:
            raise DomainError.of(
                "incomplete",
                "An absence has a first day, a last day and who covers, or that nobody does.",
            )
        refuse_far_days((first.date(), last.date()), desk().clock.now())
        record_absence(
            session(),
            current_actor(),
            None if cover == NOBODY else get_actor(session(), sent_number("cover")),
            rules_now().policy,
            starts_at=first,
            ends_at=last + timedelta(days=1),
            now=desk().clock.now(),
        )

    problems, status = refused(work)
    return (_page(problems), status) if problems else _back()


@blueprint.post("/<int:number>/end")
@requires(DECIDE)
@transactional
def end(number: int) -> Response:
    """End an absence of one's own."""
    end_absence(session(), current_actor(), number, desk().clock.now())
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for("absences.list_page"), 303))


def _day(name: str) -> datetime | None:
    try:
        day = datetime.strptime(request.form.get(name, ""), "%Y-%m-%d")  # noqa: DTZ007 - a day
    except ValueError:
        return None
    return datetime.combine(day.date(), time(), UTC)


def _page(problems: Sequence[Problem] = ()) -> str:
    actor, people = current_actor(), list_people(session())
    policy = rules_now().policy
    names = {person.id: person.name for person in people}
    return page(
        "queue/absences.html",
        gettext("Out of office"),
        absences=list_absences(session(), actor, desk().clock.now()),
        names=names,
        day_length=timedelta(days=1),
        candidates=[
            person
            for person in people
            if person.deactivated_at is None and not delegate_problems(actor, person.actor, policy)
        ],
        problems=problems,
        form=request.form,
    )
