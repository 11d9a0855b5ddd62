"""What a person typed and has not saved: kept as they type, offered again, thrown away."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.deals.queries import WRITE, get_deal
from dealdesk.deals.unsaved import (
    Slot,
    Unsaved,
    drop_unsaved,
    forget_form,
    keep_form,
    list_unsaved,
)
from dealdesk.kernel.errors import DomainError
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.visitors import current_actor
from dealdesk.web.wording import moment
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("unsaved", __name__, url_prefix="/deals/<number>/unsaved")
# Fields that say what is done with a form, not what was typed in it.
_NOT_TYPED = frozenset({"csrf_token", "do", "kept_form", "paste"})
TAKEN_UP = "take-up"
# Tells whether what was typed is something else than what the deal says now.
Differs: TypeAlias = Callable[[MultiDict[str, str]], bool]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something typed before and not saved, as a page offers it."""

    id: int
    what: str
    sentence: str
    address: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a page's form is kept: as which form, in which window, and since when it is."""

    form: str
    window: str
    since: str = ""


@blueprint.post("")
@requires(WRITE)
@transactional
def keep(number: str) -> Response:
    """Keep what is typed in a form of the deal, apart from the deal, and say so."""
    row = get_deal(session(), number, actor=current_actor(), needs=WRITE)
    keeping = sent_keeping(request.form.get("kept_form", "")[:120])
    now = keep_typed(row.id, keeping)
    return Response(_kept_sentence(now, now), mimetype="text/plain")


@blueprint.post("/<int:kept>/drop")
@requires(WRITE)
@transactional
def drop(number: str, kept: int) -> AnyResponse:
    """Throw away what was typed and lead back to its form."""
    row = get_deal(session(), number, actor=current_actor(), needs=WRITE)
    form = drop_unsaved(session(), current_actor(), row.id, kept)
    return redirect(_address(row.number, form), 303)


def keep_typed(deal_id: int, keeping: Keeping) -> datetime:
    """Keep the fields of this request's form, and return when."""
    now = desk().clock.now()
    fields = [
        (name, value.replace("\x00", ""))
        for name, value in request.form.items(multi=True)
        if name not in _NOT_TYPED
    ]
    keep_form(session(), current_actor(), _slot(deal_id, keeping), fields, now)
    return now


def recalculated(deal_id: int, keeping: Keeping) -> Keeping:
    """Keep what a press of “Recalculate” sent, where that can be, and return how it is kept now."""
    try:
        now = keep_typed(deal_id, keeping)
    except DomainError:
        return Keeping(keeping.form, keeping.window or _new_window())
    return Keeping(keeping.form, keeping.window, _kept_sentence(now, now))


def forget(deal_id: int, keeping: Keeping) -> None:
    """Throw away what a window kept of a form that is saved now."""
    forget_form(session(), current_actor(), _slot(deal_id, keeping))


def sent_keeping(form: str) -> Keeping:
    """Return how the form that was sent is kept: in the window that it names."""
    return Keeping(form, request.form.get("kept_as", "")[:40])


def found_keeping(form: str, taken: Unsaved | None) -> Keeping:
    """Return how a form that is shown is kept: as what was taken up, else in a new window."""
    if taken is None:
        return Keeping(form, _new_window())
    return Keeping(form, taken.window, _kept_sentence(taken.at, desk().clock.now()))


def unsaved_forms(stored: StoredDeal, differs: Mapping[str, Differs]) -> list[Unsaved]:
    """Return what the person typed in forms before and did not save, where it `differs` still."""
    now = desk().clock.now()
    found = list_unsaved(session(), current_actor(), stored.row.id, tuple(differs), now)
    return [one for one in found if differs[one.form](typed_in(one))]


def taken_up(kept: list[Unsaved]) -> Unsaved | None:
    """Return the one that the address takes up, or None."""
    wanted = request.args.get(TAKEN_UP, "")
    return next((one for one in kept if str(one.id) == wanted), None)


def typed_in(one: Unsaved) -> MultiDict[str, str]:
    """Return what was typed as a browser sent it."""
    return MultiDict(one.fields)


def offers(number: str, kept: list[Unsaved], keeping: Keeping, what: str) -> Iterator[Offer]:
    """Yield what a page offers: all that is kept but what its own form has already."""
    now = desk().clock.now()
    for one in kept:
        if one.window != keeping.window:
            address = _address(number, one.form, one.id)
            yield Offer(one.id, what, _kept_sentence(one.at, now), address)


def _kept_sentence(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return gettext("Kept %(time)s UTC, not saved yet", time=at.strftime("%H:%M"))
    return gettext("Kept %(moment)s, not saved yet", moment=moment(at))


def _address(number: str, form: str, kept: int | None = None) -> str:
    name, _, instance = form.partition(".")
    if instance:
        address = url_for("clauses.show", number=number, instance=instance)
    else:
        endpoint = "details.edit" if name == "details" else "order_form.edit"
        address = url_for(endpoint, number=number)
    return address if kept is None else f"{address}?{TAKEN_UP}={kept}"


def _new_window() -> str:
    return secrets.token_urlsafe(12)


def _slot(deal_id: int, keeping: Keeping) -> Slot:
    return Slot(deal_id, keeping.form, keeping.window)
