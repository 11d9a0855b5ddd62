"""Whoever is away, a request is with somebody: the role's others, who stands in, or those above."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from dealdesk.approvals.absences import end_absence, record_absence
from dealdesk.approvals.request_models import RequestRow
from dealdesk.audit.queries import list_events
from dealdesk.audit.verification import verify
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import UserRow
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import RefusedError
from dealdesk.workflows.approval_routing import keep_all_moving
from dealdesk.workflows.request_deciding import delegate
from tests.acme import NOW, Office
from tests.integration.test_approving import decides, events, mails, on, refusal, seen, submit

ENGINEERING = "engineering"


@pytest.fixture
def office(engine: Engine) -> Office:
    opened = Office(engine)
    opened.open()
    return opened


def leaves(office: Office, who: str, cover: str | None = None, *, days: int = 9) -> int:
    """Record that somebody is away from yesterday on, and return the absence's number."""
    with sessions(office.engine, writes=True).begin() as session:
        return record_absence(
            session,
            office.actor(session, who),
            office.actor(session, cover) if cover else None,
            office.rules.policy,
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=days),
            now=NOW,
        ).id


def joins(office: Office, name: str, role: str) -> None:
    with sessions(office.engine, writes=True).begin() as session:
        new = NewPerson(f"{name}@example.com", name.title(), (role,), "Security", is_persona=True)
        office.ids[name] = add_user(session, SYSTEM, new, NOW).id


def sweep(office: Office) -> int:
    with sessions(office.engine, writes=True).begin() as session:
        moved = keep_all_moving(session, office.rules, NOW)
        assert verify(session).breaks == ()
        return moved


def given(office: Office, role: str = ENGINEERING) -> tuple[str, str]:
    """Return to whom a role's request was given, "" for nobody, and why."""
    with sessions(office.engine)() as session:
        row: RequestRow = office.request(session, role)
        names = {number: who for who, number in office.ids.items()}
        return names.get(row.delegate_id or 0, ""), row.delegate_why or ""


def test_without_a_cover_the_others_of_the_role_decide(office: Office) -> None:
    leaves(office, "cameron")
    submit(office)
    assert "casey" in mails(office, "approval-asked")
    assert "cameron" not in mails(office, "approval-asked")
    assert given(office, "commercial_counsel") == ("", "")
    decides(office, "casey", "commercial_counsel")
    assert office.states()["commercial_counsel"] == "approved"


def test_without_cover_or_others_who_stands_in_by_the_policy_gets_it(office: Office) -> None:
    leaves(office, "emery")
    submit(office)
    assert given(office) == ("sasha", "Emery Muster is away until 27 Nov 2026, and nobody covers.")
    assert "sasha" in mails(office, "approval-asked")
    assert "emery" not in mails(office, "approval-asked")
    decides(office, "sasha", ENGINEERING)
    with sessions(office.engine)() as session:
        last = list_events(session, office.stored(session).row.id, limit=1)[0]
    assert last.facts["capacity"] == "delegate"


def test_where_the_cover_is_away_too_the_next_in_line_gets_it(office: Office) -> None:
    joins(office, "sidney", "ciso")
    leaves(office, "emery", "sasha")
    leaves(office, "sasha")
    submit(office)
    to, why = given(office)
    assert to == "sidney"
    assert why == (
        "Emery Muster is away until 27 Nov 2026; Sasha Beispiel, who covers, is away too."
    )
    decides(office, "sidney", ENGINEERING)


def test_a_cover_who_sells_the_deal_does_not_decide_on_it(office: Office) -> None:
    joins(office, "sidney", "ciso")
    leaves(office, "emery", "sasha")
    submit(office, who="sasha")
    to, why = given(office)
    assert to == "sidney"
    assert "Sasha Beispiel, who covers, may not decide on this deal." in why
    assert "submitted the deal" in refusal(
        RefusedError, lambda: decides(office, "sasha", ENGINEERING)
    )


def test_where_nobody_is_left_those_above_hear_at_once_and_a_newcomer_gets_it(
    office: Office,
) -> None:
    leaves(office, "emery", "sasha")
    leaves(office, "sasha")
    submit(office)
    assert given(office) == ("", "")
    assert events(office, "approvals:request:escalated") == ["approvals:request:escalated"]
    assert mails(office, "approval-escalated") == {"dana"}
    assert sweep(office) == 0
    joins(office, "sidney", "ciso")
    assert sweep(office) == 1
    assert given(office)[0] == "sidney"
    assert sweep(office) == 0


def test_who_goes_away_with_a_request_leaves_it_to_who_stands_in(office: Office) -> None:
    submit(office)
    number = leaves(office, "emery")
    assert sweep(office) == 1
    assert sweep(office) == 0
    assert given(office)[0] == "sasha"
    assert mails(office, "approval-asked") >= {"sasha"}
    with sessions(office.engine, writes=True).begin() as session:
        end_absence(session, office.actor(session, "emery"), number, NOW)
    # Back again, the holder of the role decides as ever.
    decides(office, "emery", ENGINEERING)
    assert office.states()[ENGINEERING] == "approved"


def test_what_was_given_to_somebody_who_leaves_goes_back_to_its_role(office: Office) -> None:
    submit(office)
    with sessions(office.engine)() as session:
        to = office.actor(session, "sasha")
    office.do("emery", on(office, ENGINEERING, lambda a, d, r: delegate(a, d, r, to, seen(d, r))))
    leaves(office, "sasha")
    assert sweep(office) == 1
    assert given(office) == ("", "Sasha Beispiel is not there.")
    with sessions(office.engine, writes=True).begin() as session:
        user = session.get(UserRow, office.ids["emery"])
        assert user is not None
        user.deactivated_at = NOW
    assert sweep(office) == 1  # those above hear: Sasha is away and Emery left for good
    assert mails(office, "approval-escalated") == {"dana"}


def test_nothing_is_given_to_somebody_who_is_away(office: Office) -> None:
    submit(office)
    leaves(office, "sasha")
    with sessions(office.engine)() as session:
        to = office.actor(session, "sasha")
    told = refusal(
        RefusedError,
        lambda: office.do(
            "emery", on(office, ENGINEERING, lambda a, d, r: delegate(a, d, r, to, seen(d, r)))
        ),
    )
    assert "Sasha Beispiel is away." in told
