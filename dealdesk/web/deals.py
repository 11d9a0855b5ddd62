"""The list of deals: searched, filtered, sorted and paged by its address; saved views of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.deals.listing import MINE, DealLine, DealList, DealQuery, list_lines, read_query
from dealdesk.deals.models import CLOSED, Standing
from dealdesk.deals.queries import READ
from dealdesk.deals.stage_titles import STAGES
from dealdesk.deals.views import drop_view, list_views, save_view
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.stages import status_in
from dealdesk.web.standing import STANDINGS, Status
from dealdesk.web.steps import rules_now
from dealdesk.web.visitors import current_actor

blueprint = Blueprint("deals", __name__)

OLD_DAYS = 30
HEADS: Mapping[str, str] = {
    "customer": gettext_noop("Customer"),
    "tcv": gettext_noop("TCV"),
    "discount": gettext_noop("Discount"),
    "off": gettext_noop("Off standard"),
    "since": gettext_noop("For"),
}
# What a first press on a column's head asks for: names upwards, figures and dates downwards.
_UPWARDS_FIRST = frozenset({"customer"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the page shows it: who has it now, and for how many days."""

    deal: DealLine
    status: Status
    stage: str
    with_whom: tuple[str, ...]
    days: int

    @property
    def width(self) -> int:
        """How long the bar of its age is, in parts of 30."""
        return min(self.days, OLD_DAYS)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: where it leads, its words, how many deals it leaves, and whether it is on."""

    address: str
    words: str
    count: int | None
    is_on: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head that sorts: where it leads, its words, and how the column is sorted now."""

    address: str
    words: str
    sorted: str


@blueprint.get("/deals")
@requires(READ)
def list_page() -> str:
    """Show the deals that the search and the filters in the address leave."""
    query = read_query(request.args)
    found = list_lines(session(), query, actor=current_actor())
    context = list_context(found)
    asked_in_place = request.headers.get("HX-Request") and not request.headers.get(
        "HX-History-Restore-Request"
    )
    if asked_in_place:
        return render_template("deals/results.html", **context)
    return page("deals/list.html", gettext("Deals"), **context, views=_views())


def _views() -> list[tuple[int, str, str]]:
    start = url_for("deals.list_page")
    return [
        (view.id, view.name, f"{start}?{view.query}" if view.query else start)
        for view in list_views(session(), actor=current_actor())
    ]


def list_context(found: DealList) -> dict[str, object]:
    """Return what the templates of a list need."""
    query, roles = found.query, rules_now().policy.roles
    return {
        "found": found,
        "query": query,
        "lines": lines_of(found.lines),
        "standings": list(_standings(found)),
        "stages": list(_stages(query)),
        "heads": {key: _head(key, query) for key in HEADS},
        "roles": roles,
        "address": address_of,
        "saved_as": urlencode(query.args()),
    }


def address_of(query: DealQuery, **other: str | int) -> str:
    """Return the list's address with some of what is wanted changed."""
    return url_for("deals.list_page", **query.args(**other))  # type: ignore[arg-type]


def lines_of(lines: Sequence[DealLine]) -> list[Line]:
    """Return lines as pages show them."""
    roles, now = rules_now().policy.roles, desk().clock.now()
    return [_line(one, roles, now) for one in lines]


def _line(one: DealLine, roles: Mapping[str, str], now: datetime) -> Line:
    is_closed = one.stage in CLOSED
    asked = tuple(roles.get(role, role) for role in one.asked)
    return Line(
        deal=one,
        status=status_in(one.stage, one.standing),
        stage=STAGES[one.stage],
        with_whom=() if is_closed else asked or ((one.owner,) if one.owner else ()),
        days=max(0, (now - one.since).days),
    )


def _standings(found: DealList) -> Iterator[Chip]:
    query = found.query
    yield Chip(
        address_of(query, standing=""),
        gettext_noop("All"),
        sum(found.counts.values()),
        not query.standing,
    )
    for standing in Standing:
        count, is_on = found.counts.get(standing, 0), query.standing == standing
        if standing is not Standing.UNREADABLE or count or is_on:
            target = address_of(query, standing=standing.value)
            yield Chip(target, STANDINGS[standing].word, count, is_on)


def _stages(query: DealQuery) -> Iterator[Chip]:
    is_mine = query.owner == MINE
    yield Chip(
        address_of(query, owner="" if is_mine else MINE), gettext_noop("Mine"), None, is_mine
    )
    for stage, words in STAGES.items():
        is_on = query.stage == stage
        yield Chip(address_of(query, stage="" if is_on else stage.value), words, None, is_on)


def _head(key: str, query: DealQuery) -> Head:
    is_here = query.sort.removeprefix("-") == key
    downwards = query.sort.startswith("-") if is_here else key in _UPWARDS_FIRST
    words = ("descending" if downwards else "ascending") if is_here else ""
    return Head(address_of(query, sort=key if downwards else f"-{key}"), HEADS[key], words)


@blueprint.post("/deals/views")
@requires(READ)
@transactional
def keep_view() -> AnyResponse | tuple[str, int]:
    """Save the list's present filters under a name."""
    query = read_query(dict(parse_qsl(request.form.get("query", "")[:2000])))
    typed = request.form.get("name", "")[:200]
    try:
        save_view(session(), current_actor(), typed, query, desk().clock.now())
    except DomainError as error:
        sentence = " ".join(
            f"{problem.message} {problem.remedy}".strip() for problem in error.problems
        )
        return _refused(query, sentence, typed), 422
    return redirect(address_of(query), 303)


def _refused(query: DealQuery, fault: str, typed: str) -> str:
    found = list_lines(session(), query, actor=current_actor())
    return page(
        "deals/list.html",
        gettext("Deals"),
        **list_context(found),
        fault=fault,
        typed=typed,
        views=_views(),
    )


@blueprint.post("/deals/views/<int:view>/delete")
@requires(READ)
@transactional
def delete_view(view: int) -> AnyResponse:
    """Delete one of the person's own views."""
    drop_view(session(), current_actor(), view)
    return redirect(url_for("deals.list_page"), 303)
