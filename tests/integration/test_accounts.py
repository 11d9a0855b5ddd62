"""Accounts and contacts: each its owner's, exact, and never changed over somebody else."""

import pytest
from sqlalchemy import Engine

from dealdesk.audit.queries import list_events
from dealdesk.deals.accounts import (
    add_account,
    change_account,
    get_account,
    list_account_deals,
    list_accounts,
    party_data,
)
from dealdesk.deals.contacts import add_contact, drop_contact, list_contacts
from dealdesk.deals.models import DealRow
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError
from tests.integration.workbench import CUSTOMER, NOW, as_actor, people, started

SIGNER = {"name": "Sam Example", "title": "Director", "email": "sam@example.org"}


def test_an_account_is_kept_found_and_copied_to_deals(engine: Engine) -> None:
    everybody = people(engine)
    with sessions(engine, writes=True).begin() as session:
        account = add_account(session, everybody.avery, CUSTOMER, "form-1", NOW)
        assert add_account(session, everybody.avery, CUSTOMER, "form-1", NOW).id == account.id
        add_account(session, everybody.avery, {"name": "Überseehandel"}, "form-2", NOW)
        add_contact(session, everybody.avery, account.id, SIGNER, is_signer=True, now=NOW)
        add_contact(
            session, everybody.avery, account.id, {"name": "Other"}, is_signer=False, now=NOW
        )
        number = account.id
        for search, names in (
            ("", ["Acme Robotics Ltd", "Überseehandel"]),
            ("robot ACME", ["Acme Robotics Ltd"]),
            ("Über", ["Überseehandel"]),
            ("100%", []),
        ):
            lines, total = list_accounts(session, actor=everybody.avery, search=search)
            assert ([one.name for one in lines], total) == (names, len(names))
        contacts = list_contacts(session, account)
        assert [one.name for one in contacts] == ["Sam Example", "Other"]
        assert party_data(account, contacts) == {**CUSTOMER, "signer": SIGNER}
        assert [one.event for one in list_events(session, f"account:{number}")] == [
            "deals:contact:added",
            "deals:contact:added",
            "deals:account:added",
        ]


def test_the_same_person_again_is_one_contact_and_goes_once(engine: Engine) -> None:
    avery = people(engine).avery
    with sessions(engine, writes=True).begin() as session:
        account = add_account(session, avery, CUSTOMER, "form-1", NOW)
        first = add_contact(session, avery, account.id, SIGNER, is_signer=False, now=NOW)
        again = add_contact(session, avery, account.id, SIGNER, is_signer=True, now=NOW)
        assert (again.id, again.is_signer) == (first.id, True)
        drop_contact(session, avery, account.id, first.id, NOW)
        assert list_contacts(session, account) == []
        with pytest.raises(NotFoundError):
            drop_contact(session, avery, account.id, first.id, NOW)


def test_a_change_over_another_is_refused(engine: Engine) -> None:
    everybody = people(engine)
    with sessions(engine, writes=True).begin() as session:
        number = add_account(session, everybody.avery, CUSTOMER, "form-1", NOW).id
    changed = {**CUSTOMER, "name": "Acme Two"}
    with sessions(engine, writes=True).begin() as session:
        change_account(session, everybody.dana, number, changed, seen=1, now=NOW)
    with sessions(engine, writes=True).begin() as session:
        assert (
            change_account(session, everybody.avery, number, changed, seen=1, now=NOW).revision == 2
        )
        with pytest.raises(ConflictError, match="Somebody changed"):
            change_account(session, everybody.avery, number, CUSTOMER, seen=1, now=NOW)
        session.rollback()


def test_others_accounts_are_not_there(engine: Engine) -> None:
    everybody = people(engine)
    with sessions(engine, writes=True).begin() as session:
        number = add_account(session, everybody.avery, CUSTOMER, "form-1", NOW).id
        for actor in (everybody.blake, as_actor(everybody.avery, "auditor")):
            assert list_accounts(session, actor=actor) == ([], 0)
            for act in (
                lambda who: get_account(session, number, actor=who),
                lambda who: change_account(session, who, number, CUSTOMER, seen=1, now=NOW),
                lambda who: add_contact(session, who, number, SIGNER, is_signer=True, now=NOW),
            ):
                with pytest.raises(NotFoundError):
                    act(actor)
        assert get_account(session, number, actor=everybody.dana).id == number


@pytest.mark.parametrize(
    "details", [{}, {"name": "  "}, {"name": "x" * 10_000}, {"name": "a\u202eb"}, {"name": "a\x00"}]
)
def test_a_wrong_account_is_told(engine: Engine, details) -> None:
    avery = people(engine).avery
    with sessions(engine, writes=True)() as session:
        with pytest.raises(DomainError):
            add_account(session, avery, details, "form-1", NOW)
        account = add_account(session, avery, CUSTOMER, "form-1", NOW)
        with pytest.raises(DomainError):
            add_contact(session, avery, account.id, details, is_signer=True, now=NOW)


def test_an_account_shows_the_deals_that_one_may_see(engine: Engine) -> None:
    everybody = people(engine)
    number = started(engine, everybody.avery)
    with sessions(engine, writes=True).begin() as session:
        account = add_account(session, everybody.dana, CUSTOMER, "form-1", NOW)
        session.query(DealRow).filter_by(number=number).one().account_id = account.id
        session.flush()
        assert [
            one.number for one in list_account_deals(session, account, actor=everybody.dana)
        ] == [number]
        assert list_accounts(session, actor=everybody.dana)[0][0].deals == 1
        assert list_account_deals(session, account, actor=everybody.blake) == []
