"""One deal shared with one colleague: to read or to change, seen, revocable, never more."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.audit.queries import list_events
from dealdesk.deals.colleagues import SHARE, list_colleagues, share_deal, take_back_deal
from dealdesk.deals.models import DealRow
from dealdesk.deals.queries import READ, WRITE, get_deal, list_deals, may_on
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRoleRow, UserRow
from dealdesk.identity.permissions import PERMISSIONS, SHARED, levels_for, scope_of
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError, NotFoundError
from dealdesk.workflows.deal_edits import Target
from tests.integration.deal_verbs import save_order
from tests.integration.workbench import NOW, RAMP, as_actor, people, started, work

BLAKE = "blake@example.com"


def given_roles(engine: Engine, *actors: Actor) -> None:
    with sessions(engine, writes=True).begin() as session:
        session.add_all(
            UserRoleRow(user_id=one.id, role=role) for one in actors for role in one.roles
        )


def share(session: Session, actor: Actor, number: str, email: str, level: str) -> DealRow:
    row = get_deal(session, number, actor=actor, needs=SHARE)
    share_deal(session, actor, row, email, level, now=NOW)
    return row


def test_a_colleague_reads_then_changes_and_then_has_it_no_more(engine: Engine) -> None:
    who = people(engine)
    given_roles(engine, who.avery, who.blake, who.dana)
    number = started(engine, who.avery)
    other = started(engine, who.avery, "form-2")
    with sessions(engine, writes=True).begin() as session:
        with pytest.raises(NotFoundError):
            get_deal(session, number, actor=who.blake)
        row = share(session, who.avery, number, " Blake@Example.com ", "read")
        share(session, who.avery, number, BLAKE, "read")
        assert [(one.name, one.level) for one in list_colleagues(session, row.id)] == [
            ("Blake Sample", "read")
        ]
        assert get_deal(session, number, actor=who.blake).id == row.id
        assert [one.number for one in list_deals(session, actor=who.blake)] == [number]
        with pytest.raises(NotFoundError):
            get_deal(session, other, actor=who.blake)
        with pytest.raises(NotFoundError):
            get_deal(session, number, actor=who.blake, needs=WRITE)
        assert not may_on(session, row, who.blake, WRITE)
        share(session, who.avery, number, BLAKE, "write")
        assert may_on(session, row, who.blake, WRITE)
        for never in (SHARE, "approvals:request:submit", "negotiation:round:write"):
            assert not may_on(session, row, who.blake, never)
    changed = [{**RAMP[0], "discount_pct": "22"}, *RAMP[1:]]
    with sessions(engine, writes=True).begin() as session:
        act = work(session, who.blake, 1)
        assert save_order(act, Target(number, 1), changed, {}).version_row.number == 2
    with sessions(engine, writes=True).begin() as session:
        row = get_deal(session, number, actor=who.dana, needs=SHARE)
        take_back_deal(session, who.dana, row, who.blake.id or 0, NOW)
        with pytest.raises(NotFoundError):
            get_deal(session, number, actor=who.blake)
        with pytest.raises(NotFoundError):
            take_back_deal(session, who.dana, row, who.blake.id or 0, NOW)
        events = [one.event for one in list_events(session, row.id)]
        assert events.count("deals:deal:shared") == 2
        assert events.count("deals:deal:unshared") == 1


@pytest.mark.parametrize(
    ("email", "level", "sentence"),
    [
        ("", "read", "Whom"),
        ("nobody@example.com", "read", "Nobody here has the mail address"),
        ("gone@example.com", "read", "Nobody here has the mail address"),
        ("x" * 10_000, "read", "Nobody here has the mail address"),
        ("avery@example.com", "read", "may do that on this deal already"),
        ("dana@example.com", "write", "may do that on this deal already"),
        ("adrian@example.com", "read", "no role that opens deals"),
        ("frankie@example.com", "write", "no role that changes deals"),
        (BLAKE, "", "Choose whether"),
        (BLAKE, "everything", "Choose whether"),
    ],
)
def test_what_would_give_nothing_or_too_much_is_refused(
    engine: Engine, email: str, level: str, sentence: str
) -> None:
    who = people(engine)
    given_roles(engine, who.avery, who.blake, who.dana)
    number = started(engine, who.avery)
    with sessions(engine, writes=True).begin() as session:
        for name, role, gone in (
            ("adrian", "administrator", None),
            ("frankie", "finance", None),
            ("gone", "account_executive", NOW),
        ):
            user = UserRow(
                email=f"{name}@example.com", name=name, created_at=NOW, deactivated_at=gone
            )
            session.add(user)
            session.flush()
            session.add(UserRoleRow(user_id=user.id, role=role))
        with pytest.raises(DomainError, match=sentence):
            share(session, who.avery, number, email, level)
        row = get_deal(session, number, actor=who.avery)
        assert list_colleagues(session, row.id) == []


def test_who_may_not_share_gets_no_deal_to_share(engine: Engine) -> None:
    who = people(engine)
    given_roles(engine, who.avery, who.blake)
    number = started(engine, who.avery)
    for actor in (who.blake, as_actor(who.dana, "finance"), as_actor(who.dana, "auditor")):
        with sessions(engine)() as session, pytest.raises(NotFoundError):
            get_deal(session, number, actor=actor, needs=SHARE)


def test_sharing_never_widens_a_role() -> None:
    assert {one for given in SHARED.values() for one in given} <= set(PERMISSIONS)
    assert SHARED["read"] < SHARED["write"]
    for role in ("administrator", "finance", "account_executive"):
        actor = Actor(7, "Somebody", frozenset({role}))
        for permission in PERMISSIONS:
            if scope_of(actor, permission) is None:
                assert levels_for(actor, permission) == frozenset()
    assert READ in SHARED["read"]
