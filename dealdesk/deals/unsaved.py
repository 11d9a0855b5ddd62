"""What people typed in a deal's forms and have not saved: each their own, for a while, apart."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dealdesk.deals.models import UnsavedFormRow
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, NotFoundError

KEPT_FOR = timedelta(days=14)
LONGEST = 300_000
MOST_FIELDS = 6_000
MOST_OF_A_FORM, MOST_OF_A_PERSON = 5, 40
_FORM = re.compile(r"[a-z]{1,20}(\.[A-Za-z0-9_-]{1,80})?\Z", re.ASCII)
_WINDOW = re.compile(r"[A-Za-z0-9_-]{8,40}\Z", re.ASCII)

Typed: TypeAlias = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Slot:
    """Whose form is meant: of which deal, which form, in which of a browser's windows."""

    deal_id: int
    form: str
    window: str


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed in one window's form, and when it was kept."""

    id: int
    form: str
    window: str
    fields: tuple[tuple[str, str], ...]
    at: datetime


def keep_form(session: Session, actor: Actor, slot: Slot, fields: Typed, now: datetime) -> None:
    """Keep what a person typed over what the same window kept before.

    It is no state of the deal, so that no event is written. What is older than KEPT_FOR goes, and
    so does the oldest beyond MOST_OF_A_FORM windows of a form and MOST_OF_A_PERSON in all. Raise
    DomainError where it is too much, or where the form is none.
    """
    if not _FORM.match(slot.form) or not _WINDOW.match(slot.window):
        raise DomainError.of("not-a-form", "What was typed names no form of this deal.")
    text = json.dumps([list(pair) for pair in fields], ensure_ascii=False)
    if len(text) > LONGEST or len(fields) > MOST_FIELDS:
        raise DomainError.of(
            "too-much-to-keep", "That is too much to keep unsaved.", remedy="Save the form."
        )
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = {
        "user_id": actor.id,
        "deal_id": slot.deal_id,
        "form": slot.form,
        "window": slot.window,
    }
    session.execute(
        make(UnsavedFormRow)
        .values(**key, fields=text, kept_at=now)
        .on_conflict_do_update(index_elements=list(key), set_={"fields": text, "kept_at": now})
    )
    _make_room(session, actor, slot, now)


def list_unsaved(
    session: Session, actor: Actor, deal_id: int, forms: Collection[str], now: datetime
) -> Sequence[Unsaved]:
    """Return what the actor typed in these forms of a deal and did not save, newest first."""
    rows = session.scalars(
        select(UnsavedFormRow)
        .where(
            _own(actor),
            UnsavedFormRow.deal_id == deal_id,
            UnsavedFormRow.form.in_(forms),
            UnsavedFormRow.kept_at > now - KEPT_FOR,
        )
        .order_by(UnsavedFormRow.kept_at.desc(), UnsavedFormRow.id.desc())
    )
    return [_read(row) for row in rows]


def drop_unsaved(session: Session, actor: Actor, deal_id: int, number: int) -> str:
    """Throw one of the actor's away and return its form. Raise NotFoundError where it is not."""
    gone = session.execute(
        delete(UnsavedFormRow)
        .where(_own(actor), UnsavedFormRow.deal_id == deal_id, UnsavedFormRow.id == number)
        .returning(UnsavedFormRow.form)
    ).first()
    if gone is None:
        raise NotFoundError.of("nothing-kept", "That is not kept any more.")
    return str(gone.form)


def forget_form(session: Session, actor: Actor, slot: Slot) -> None:
    """Throw away what a window kept of a form, which is saved now."""
    session.execute(
        delete(UnsavedFormRow).where(
            _own(actor),
            UnsavedFormRow.deal_id == slot.deal_id,
            UnsavedFormRow.form == slot.form,
            UnsavedFormRow.window == slot.window,
        )
    )


def _make_room(session: Session, actor: Actor, slot: Slot, now: datetime) -> None:
    session.execute(delete(UnsavedFormRow).where(UnsavedFormRow.kept_at <= now - KEPT_FOR))
    newest = (UnsavedFormRow.kept_at.desc(), UnsavedFormRow.id.desc())
    mine = select(UnsavedFormRow.id).where(_own(actor)).order_by(*newest)
    same = mine.where(
        UnsavedFormRow.deal_id == slot.deal_id, UnsavedFormRow.form == slot.form
    ).offset(MOST_OF_A_FORM)
    surplus = [*session.scalars(same), *session.scalars(mine.offset(MOST_OF_A_PERSON))]
    if surplus:
        session.execute(delete(UnsavedFormRow).where(UnsavedFormRow.id.in_(surplus)))


def _own(actor: Actor) -> ColumnElement[bool]:
    return UnsavedFormRow.user_id == actor.id


def _read(row: UnsavedFormRow) -> Unsaved:
    fields = tuple((str(name), str(value)) for name, value in json.loads(row.fields))
    return Unsaved(row.id, row.form, row.window, fields, row.kept_at)
