"""What people typed and have not saved: each their own, bounded, for a while, never in the deal."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from dealdesk.audit.queries import list_events
from dealdesk.deals.models import UnsavedFormRow
from dealdesk.deals.queries import get_deal
from dealdesk.deals.unsaved import (
    KEPT_FOR,
    LONGEST,
    MOST_OF_A_FORM,
    MOST_OF_A_PERSON,
    Slot,
    drop_unsaved,
    forget_form,
    keep_form,
    list_unsaved,
)
from dealdesk.identity.actors import Actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError, NotFoundError
from tests.integration.workbench import NOW, people, started

TYPED = [("row-0-sku", "TEAM"), ("row-0-0-quantity", "12 ½"), ("words", "株式会社 شركة 😀\r\n")]


def deal_id(engine: Engine, actor: Actor) -> int:
    number = started(engine, actor)
    with sessions(engine)() as session:
        return get_deal(session, number, actor=actor).id


def window(index: int) -> str:
    return f"window-{index:04d}"


def test_what_is_typed_is_kept_as_it_is_over_what_the_window_kept(engine: Engine) -> None:
    avery = people(engine).avery
    deal = deal_id(engine, avery)
    slot = Slot(deal, "order", window(1))
    with sessions(engine, writes=True).begin() as session:
        events = len(list_events(session, deal))
        keep_form(session, avery, slot, [("row-0-sku", "T")], NOW)
        keep_form(session, avery, slot, TYPED, NOW + timedelta(minutes=1))
    with sessions(engine)() as session:
        (found,) = list_unsaved(session, avery, deal, ["order"], NOW + timedelta(hours=1))
        assert list(found.fields) == TYPED
        assert (found.form, found.window) == ("order", window(1))
        assert found.at == NOW + timedelta(minutes=1)
        assert list_unsaved(session, avery, deal, ["details"], NOW) == []
        assert len(list_events(session, deal)) == events


def test_nobody_else_reads_or_throws_away_what_one_typed(engine: Engine) -> None:
    who = people(engine)
    deal = deal_id(engine, who.avery)
    with sessions(engine, writes=True).begin() as session:
        keep_form(session, who.avery, Slot(deal, "order", window(1)), TYPED, NOW)
        (mine,) = list_unsaved(session, who.avery, deal, ["order"], NOW)
        assert list_unsaved(session, who.dana, deal, ["order"], NOW) == []
        forget_form(session, who.dana, Slot(deal, "order", window(1)))
        with pytest.raises(NotFoundError):
            drop_unsaved(session, who.dana, deal, mine.id)
        with pytest.raises(NotFoundError):
            drop_unsaved(session, who.avery, deal + 1, mine.id)
        assert drop_unsaved(session, who.avery, deal, mine.id) == "order"
        assert list_unsaved(session, who.avery, deal, ["order"], NOW) == []


def test_two_windows_keep_two_and_a_saved_one_takes_its_own_alone(engine: Engine) -> None:
    avery = people(engine).avery
    deal = deal_id(engine, avery)
    with sessions(engine, writes=True).begin() as session:
        for index in (1, 2):
            at = NOW + timedelta(minutes=index)
            keep_form(session, avery, Slot(deal, "order", window(index)), TYPED, at)
        found = list_unsaved(session, avery, deal, ["order"], NOW)
        assert [one.window for one in found] == [window(2), window(1)]
        forget_form(session, avery, Slot(deal, "order", window(2)))
        found = list_unsaved(session, avery, deal, ["order"], NOW)
        assert [one.window for one in found] == [window(1)]


def test_the_oldest_go_when_there_are_too_many(engine: Engine) -> None:
    avery = people(engine).avery
    deal = deal_id(engine, avery)
    with sessions(engine, writes=True).begin() as session:
        for index in range(MOST_OF_A_FORM + 2):
            at = NOW + timedelta(minutes=index)
            keep_form(session, avery, Slot(deal, "order", window(index)), TYPED, at)
        found = list_unsaved(session, avery, deal, ["order"], NOW)
        assert [one.window for one in found] == [
            window(index) for index in range(MOST_OF_A_FORM + 1, 1, -1)
        ]
        for index in range(MOST_OF_A_PERSON):
            slot = Slot(deal, f"clause.c{index}", window(index))
            keep_form(session, avery, slot, TYPED, NOW + timedelta(hours=1, minutes=index))
        count = session.scalar(select(func.count()).select_from(UnsavedFormRow))
        assert count == MOST_OF_A_PERSON
        assert list_unsaved(session, avery, deal, ["order"], NOW) == []


def test_what_is_old_is_neither_offered_nor_stays(engine: Engine) -> None:
    who = people(engine)
    deal = deal_id(engine, who.avery)
    later = NOW + KEPT_FOR
    with sessions(engine, writes=True).begin() as session:
        keep_form(session, who.avery, Slot(deal, "order", window(1)), TYPED, NOW)
        just_before = later - timedelta(seconds=1)
        assert len(list_unsaved(session, who.avery, deal, ["order"], just_before)) == 1
        assert list_unsaved(session, who.avery, deal, ["order"], later) == []
        keep_form(session, who.dana, Slot(deal, "order", window(2)), TYPED, later)
        assert session.scalars(select(UnsavedFormRow.user_id)).all() == [who.dana.id]


@pytest.mark.parametrize(
    ("form", "name", "fields"),
    [
        ("", "window-1", []),
        ("Order", "window-1", []),
        ("order\n", "window-1", []),
        ("clause.<b>", "window-1", []),
        ("order", "", []),
        ("order", "short", []),
        ("order", "w" * 41, []),
        ("order", "window-1", [("words", "x" * LONGEST)]),
        ("order", "window-1", [("x", "")] * 6_001),
    ],
)
def test_what_is_no_form_or_too_much_is_refused(
    engine: Engine, form: str, name: str, fields: list[tuple[str, str]]
) -> None:
    avery = people(engine).avery
    deal = deal_id(engine, avery)
    with sessions(engine, writes=True).begin() as session:
        with pytest.raises(DomainError):
            keep_form(session, avery, Slot(deal, form, name), fields, NOW)
        assert session.scalar(select(func.count()).select_from(UnsavedFormRow)) == 0
