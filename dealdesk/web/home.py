"""The first page of each person: what needs them, by what they are here for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint

from dealdesk.deals.listing import MINE, DealQuery, count_standings, top_lines
from dealdesk.deals.models import Stage, Standing
from dealdesk.deals.queries import CREATE, READ
from dealdesk.identity.actors import Actor
from dealdesk.web.access import requires
from dealdesk.web.deals import Line, address_of, lines_of
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session
from dealdesk.web.navigation import navigation
from dealdesk.web.queue import DECIDE, queue_lines
from dealdesk.web.visitors import can, current_actor

blueprint = Blueprint("home", __name__)

SHOWN = 6
OLDEST = "since"
# What a deal of one's own needs next, the most pressing first.
_NEEDS = (
    (Standing.BLOCKED, "Blocked", "Counter the position, or have an exception recorded."),
    (Standing.UNREADABLE, "Can't be read", "Choose its clauses again from the present library."),
    (Standing.OPEN, "Waits for approval", "Ask for decisions, or answer what was asked."),
    (Standing.READY, "Ready to sign", "Nothing is open: send it, or hand it over."),
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
    return page(
        "home/home.html",
        "Your desk",
        sections=[one for one in sections if one.count],
        queue=queue_lines() if can(DECIDE) else (),
        shown=SHOWN,
        doors=list(navigation()),
        sells=can(CREATE),
    )


def _sections(actor: Actor) -> Iterator[Section]:
    if not can(READ):
        return
    roles = desk().rules.policy.roles
    for role in sorted(actor.roles & set(roles)):
        query = DealQuery(role=role, sort=OLDEST)
        why = "Something is left to decide in this role, asked yet or not."
        yield _section(f"Open for {roles[role]}", why, query, actor)
    if can(CREATE):
        mine = DealQuery(owner=MINE, sort=OLDEST)
        counts = count_standings(session(), mine, actor=actor)
        for standing, title, why in _NEEDS:
            if counts.get(standing):
                query = DealQuery(owner=MINE, standing=standing.value, sort=OLDEST)
                count = counts[standing]
                yield _section(f"Yours: {title.lower()}", why, query, actor, count)
    elif not actor.roles & set(roles):
        yield _section("Signed lately", "", DealQuery(stage=Stage.SIGNED.value), actor)
        yield _section("Moved lately", "", DealQuery(), actor)


def _section(
    title: str, why: str, query: DealQuery, actor: Actor, count: int | None = None
) -> Section:
    if count is None:
        count = sum(count_standings(session(), query, actor=actor).values())
    lines = top_lines(session(), query, SHOWN, actor=actor) if count else ()
    return Section(title, why, count, lines_of(lines), address_of(query))
