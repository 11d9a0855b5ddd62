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
from dealdesk.deals.contacts import (
    add_contact,
    archive_contact,
    change_contact,
    get_contact,
    list_archived,
    list_contacts,
    restore_contact,
)
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
        archive_contact(session, avery, first, NOW)
        archive_contact(session, avery, first, NOW)
        assert list_contacts(session, account) == []
        assert list_archived(session, account) == [first]
        assert "signer" not in party_data(account, list_contacts(session, account))
        restore_contact(session, avery, first, NOW)
        assert list_contacts(session, account) == [first]
        archive_contact(session, avery, first, NOW)
        # Who is added again comes out of the archive.
        same = add_contact(session, avery, account.id, SIGNER, is_signer=False, now=NOW)
        assert (same.id, same.archived_at) == (first.id, None)
        with pytest.raises(NotFoundError):
            get_contact(session, avery, account.id, first.id + 1)
        events = [
            one.event.rpartition(":")[2] for one in list_events(session, f"account:{account.id}")
        ]
        assert events == ["restored", "archived", "restored", "archived", "added", "added"]


def test_a_contact_is_changed_by_their_owner_and_never_over_somebody_else(engine: Engine) -> None:
    everybody = people(engine)
    with sessions(engine, writes=True).begin() as session:
        account = add_account(session, everybody.avery, CUSTOMER, "form-1", NOW).id
        added = add_contact(session, everybody.avery, account, SIGNER, is_signer=False, now=NOW).id
    changed = {**SIGNER, "name": "Sam Other", "email": "other@example.org"}
    with sessions(engine, writes=True).begin() as session:
        row = get_contact(session, everybody.dana, account, added)
        change_contact(session, everybody.dana, row, changed, is_signer=True, seen=1, now=NOW)
        # The same again, on however old a screen, is no change.
        change_contact(session, everybody.dana, row, changed, is_signer=True, seen=1, now=NOW)
        assert (row.name, row.email, row.is_signer, row.revision) == (
            "Sam Other", "other@example.org", True, 2,
        )  # fmt: skip
    with sessions(engine, writes=True)() as session:
        row = get_contact(session, everybody.avery, account, added)
        with pytest.raises(ConflictError, match="Somebody changed"):
            change_contact(session, everybody.avery, row, SIGNER, is_signer=True, seen=1, now=NOW)
    with sessions(engine, writes=True)() as session:
        row = get_contact(session, everybody.avery, account, added)
        for details, sentence in (
            ({**SIGNER, "name": ""}, "missing"),
            ({**SIGNER, "name": "x" * 201}, "longer than 200"),
            ({**SIGNER, "email": "sam at example.org"}, "is not a mail address"),
            ({**SIGNER, "email": "sam@example"}, "is not a mail address"),
        ):
            with pytest.raises(DomainError, match=sentence):
                change_contact(
                    session, everybody.avery, row, details, is_signer=True, seen=2, now=NOW
                )
        with pytest.raises(NotFoundError):
            get_contact(session, everybody.blake, account, added)


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


@pytest.mark.parametrize("country", ["Exampleland", "USA", "us", "XX", "U S", "ÜS", "🇺🇸"])
def test_what_is_no_country_is_refused_at_its_field(engine: Engine, country: str) -> None:
    avery = people(engine).avery
    with sessions(engine, writes=True)() as session:
        with pytest.raises(DomainError) as caught:
            add_account(session, avery, {"name": "Acme", "country": country}, "form-1", NOW)
        (problem,) = caught.value.problems
        assert problem.place.path == "country"
        assert "is not the code of a country" in problem.message
