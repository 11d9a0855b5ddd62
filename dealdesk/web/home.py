"""The first page of each person: what needs them, by what they are here for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint

from dealdesk.deals.listing import MINE, DealQuery, Top, find_top, find_tops
from dealdesk.deals.models import Stage, Standing
from dealdesk.deals.queries import CREATE, READ
from dealdesk.identity.actors import Actor
from dealdesk.kernel.languages import gettext_noop
from dealdesk.negotiation.queries import list_waiting
from dealdesk.web.access import requires
from dealdesk.web.deals import Line, address_of, lines_of
from dealdesk.web.edge import page, session
from dealdesk.web.languages import gettext
from dealdesk.web.navigation import navigation
from dealdesk.web.negotiation import DECIDE as REVIEW
from dealdesk.web.queue import DECIDE, first_lines
from dealdesk.web.steps import rules_now
from dealdesk.web.visitors import can, current_actor

blueprint = Blueprint("home", __name__)

SHOWN = 6
OLDEST = "since"
# What a deal of one's own needs next, the most pressing first.
_NEEDS = (
    (
        Standing.BLOCKED,
        gettext_noop("Yours: blocked"),
        gettext_noop("Counter the position, or have an exception recorded."),
    ),
    (
        Standing.UNREADABLE,
        gettext_noop("Yours: can't be read"),
        gettext_noop("Choose its clauses again from the present library."),
    ),
    (
        Standing.OPEN,
        gettext_noop("Yours: waits for approval"),
        gettext_noop("Ask for decisions, or answer what was asked."),
    ),
    (
        Standing.READY,
        gettext_noop("Yours: ready to sign"),
        gettext_noop("Nothing is open: send it, or hand it over."),
    ),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A group of deals that need the same: how many there are, the first few, and all of them."""

    title: str
    why: str
    count: int
    lines: Sequence[Line]
    address: str


@blueprint.get("/")
@requires("web:page:read")
def show() -> str:
    """Show what needs the person who asks."""
    actor = current_actor()
    sections = list(_sections(actor))
    queue, waiting = first_lines(SHOWN) if can(DECIDE) else ((), 0)
    return page(
        "home/home.html",
        gettext("Your desk"),
        sections=[one for one in sections if one.count],
        queue=queue,
        rounds=list_waiting(session(), actor, REVIEW)[:SHOWN] if can(REVIEW) else (),
        waiting=waiting,
        doors=list(navigation()),
        sells=can(CREATE),
    )


def _sections(actor: Actor) -> Iterator[Section]:
    if not can(READ):
        return
    roles = rules_now().policy.roles
    for role in sorted(actor.roles & set(roles)):
        query = DealQuery(role=role, sort=OLDEST)
        why = gettext("Something is left to decide in this role, asked yet or not.")
        yield _section(gettext("Open for %(role)s", role=gettext(roles[role])), why, query, actor)
    if can(CREATE):
        mine = DealQuery(owner=MINE, sort=OLDEST)
        tops = find_tops(session(), mine, SHOWN, actor=actor)
        for standing, title, why in _NEEDS:
            if standing in tops:
                query = replace(mine, standing=standing.value)
                yield _as_section(gettext(title), gettext(why), query, tops[standing])
    elif not actor.roles & set(roles):
        yield _section(gettext("Signed lately"), "", DealQuery(stage=Stage.SIGNED.value), actor)
        yield _section(gettext("Moved lately"), "", DealQuery(), actor)


def _section(title: str, why: str, query: DealQuery, actor: Actor) -> Section:
    return _as_section(title, why, query, find_top(session(), query, SHOWN, actor=actor))


def _as_section(title: str, why: str, query: DealQuery, top: Top) -> Section:
    return Section(title, why, top.count, lines_of(top.lines), address_of(query))
