"""Send, share, seal, hand over, on both databases: exactly what was sent, to whom it was sent."""

import io
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pikepdf import Pdf
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from dealdesk.audit.queries import list_events
from dealdesk.audit.verification import verify
from dealdesk.contracts.models import ContractRow
from dealdesk.contracts.queries import find_contract, get_contract_file, list_contract_files
from dealdesk.deals.editing import data_of
from dealdesk.deals.lifecycle import StageAction
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.moving import move_deal
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.identity.throttling import PER_ACCOUNT
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError, RefusedError
from dealdesk.kernel.settings import PROJECT, Settings
from dealdesk.outbox.models import MailRow
from dealdesk.sharing.comments import Draft, Part, list_said, note_reading
from dealdesk.sharing.models import ShareItemRow, Visited
from dealdesk.sharing.operations import (
    NewLink,
    RecipientError,
    count_code,
    forget_codes,
    is_code,
    note_visit,
    revoke_link,
)
from dealdesk.sharing.queries import NO_LINK, get_link, list_items, list_links
from dealdesk.sharing.rules import Recipient
from dealdesk.signing.certificates import SealingIdentity, make_development_identity
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.building import Package
from dealdesk.workflows.deal_edits import Target
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.discussing import answer_behind_link, ask_behind_link, since_read
from dealdesk.workflows.executing import HANDED_OVER, Agreed, seal_deal, sealing_identity
from dealdesk.workflows.machine import Machine
from dealdesk.workflows.moving_on import move_on
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.sending import Step, send_to_customer
from dealdesk.workflows.stages import readiness_of
from dealdesk.workflows.stored_deals import StoredDeal, get_stored_deal
from dealdesk.workflows.version_files import keep_files, make_files
from tests.integration.deal_verbs import save_order
from tests.integration.test_worker import HandClock

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
RICH, BANK = "PLACEHOLDER-2027-001", "NOTIONAL-2028-001"
RAMONA = Recipient("Ramona Example", "ramona@example.com")
BUILT: dict[str, Package] = {}
AGREED = Agreed("Ramona Example", date(2026, 11, 26))


@pytest.fixture(scope="module")
def identity() -> SealingIdentity:
    return make_development_identity(NOW)


@pytest.fixture
def machine(engine: Engine, settings: Settings, tmp_path: Path) -> Machine:
    rules = load_rules(PROJECT / "clause_library")
    with sessions(engine, writes=True).begin() as unit:
        seed_people(unit, SYSTEM, DEMO_PEOPLE, NOW)
        names = ("placeholder-robotics.yaml", "first-notional-bank.yaml")
        paths = [DEMO_DEALS / name for name in names]
        list(seed_deals(unit, paths, rules.library, rules.catalogue, NOW))
    storage = LocalStorage(tmp_path / "files")
    return Machine(settings, engine, rules, storage, HandClock(), None)


def load(unit: Session, machine: Machine, number: str = RICH) -> StoredDeal:
    return get_stored_deal(unit, number, machine.rules, actor=SYSTEM, now=NOW)


def step(unit: Session, machine: Machine, now: datetime = NOW) -> Step:
    avery = Actor(1, "Avery Seller", frozenset({"account_executive"}))
    return Step(unit, avery, now, machine.settings)


def build(unit: Session, machine: Machine, number: str = RICH) -> StoredDeal:
    stored = load(unit, machine, number)
    if number not in BUILT:
        # The same deal has the same files in every test.
        BUILT[number] = make_files(unit, stored, machine.rules.library)
    keep_files(unit, stored, BUILT[number], machine.storage, NOW)
    return stored


def send(unit: Session, machine: Machine, to: Recipient = RAMONA) -> NewLink:
    stored = build(unit, machine)
    return send_to_customer(step(unit, machine), stored, to, seen=stored.version_row.number)


def stage(unit: Session, number: str = RICH) -> Stage:
    return Stage(unit.scalars(select(DealRow.stage).where(DealRow.number == number)).one())


def codes(error: DomainError) -> set[str]:
    return {one.code for one in error.problems}


def test_what_is_sent_is_what_the_link_gives(machine: Machine) -> None:
    with sessions(machine.engine, writes=True).begin() as unit:
        link = send(unit, machine)
    with sessions(machine.engine)() as unit:
        assert stage(unit) is Stage.NEGOTIATION
        found = get_link(unit, link.token, NOW)
        items = {one.name: one.sha256 for one in list_items(unit, found)}
        assert sorted(items) == ["agreement.docx", "agreement.html", "agreement.pdf"]
        pdf = machine.storage.get(items["agreement.pdf"])
        with Pdf.open(io.BytesIO(pdf)) as opened:
            assert len(opened.pages) > 5
        mail = unit.scalars(select(MailRow)).one()
        assert (mail.to_address, mail.is_private) == ("ramona@example.com", True)
        assert link.token not in mail.text + mail.html
        assert f"/share/{link.token}" in str(mail.secrets)
        row = load(unit, machine).row
        events = {one.event: one for one in list_events(unit, row.id)}
        assert {"deals:stage:moved", "sharing:link:made", "sharing:version:sent"} <= set(events)
        assert events["sharing:version:sent"].facts["files"] == items
        assert link.token not in str(events)
        assert "ramona" not in str([one.facts for one in events.values()])
        assert verify(unit).breaks == ()


def test_nothing_is_sent_while_anything_is_in_the_way(machine: Machine) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        bank = build(unit, machine, BANK)
        with pytest.raises(RefusedError) as raised:
            send_to_customer(step(unit, machine), bank, RAMONA, seen=1)
        assert {"position-blocked", "requirement-open", "files-missing"} <= codes(raised.value)
        assert stage(unit, BANK) is Stage.DRAFT
        rich = load(unit, machine)
        with pytest.raises(RefusedError, match="files of version 1 are not built"):
            send_to_customer(step(unit, machine), rich, RAMONA, seen=1)
        build(unit, machine)
        with pytest.raises(ConflictError, match="You looked at version 7"):
            send_to_customer(step(unit, machine), rich, RAMONA, seen=7)
        changed = replace(load(unit, machine), is_as_stored=False)
        with pytest.raises(RefusedError, match="changed the text of version 1"):
            send_to_customer(step(unit, machine), changed, RAMONA, seen=1)
        assert unit.query(MailRow).count() == 0


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (Recipient("", "a@example.com"), "name"),
        (Recipient("x" * 10_000, "a@example.com"), "name"),
        (Recipient("A", "not an address"), "address"),
        (Recipient("A", "a@example.com, b@example.com"), "address"),
        (Recipient("A", "a@example.com\nBcc: b@example.com"), "address"),
        (Recipient("A", "a@example.com", days=3650), "days"),
    ],
)
def test_a_link_is_for_one_person_with_an_address(
    machine: Machine, who: Recipient, code: str
) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        with pytest.raises(RecipientError) as raised:
            send(unit, machine, who)
        assert codes(raised.value) == {code}


def test_names_of_any_script_are_kept_as_they_are(machine: Machine) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        link = send(unit, machine, Recipient("  مريم  السيد 🙂 <b>", "m@example.com"))
        mail = unit.scalars(select(MailRow)).one()
        assert link.row.name == "مريم السيد 🙂 <b>"
        assert "مريم السيد 🙂 &lt;b&gt;" in mail.html


def test_a_double_click_sends_once(machine: Machine) -> None:
    with sessions(machine.engine, writes=True).begin() as unit:
        build(unit, machine)
    told: list[str] = []

    def click() -> None:
        try:
            with sessions(machine.engine, writes=True).begin() as unit:
                stored = load(unit, machine)
                send_to_customer(step(unit, machine), stored, RAMONA, seen=1)
                told.append("sent")
        except (RefusedError, StaleDataError) as error:
            told.append(type(error).__name__)

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 3
    assert told.count("sent") == 1
    with sessions(machine.engine)() as unit:
        assert unit.query(MailRow).count() == 1
        deal = load(unit, machine).row.id
        assert len(list_links(unit, deal, NOW)) == 1
        assert verify(unit).breaks == ()
    with sessions(machine.engine, writes=True).begin() as unit:
        later = step(unit, machine, NOW + timedelta(minutes=2))
        send_to_customer(later, load(unit, machine), RAMONA, seen=1)


def test_guessed_revoked_and_expired_links_look_alike(machine: Machine) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        revoked = send(unit, machine)
        expired = send(unit, machine, Recipient("Second", "second@example.com"))
        deal = revoked.row.deal_id
        revoke_link(unit, SYSTEM, deal, revoked.row.id, NOW)
        told = []
        for token, now in (
            ("guessed", NOW),
            ("", NOW),
            (revoked.token, NOW),
            (expired.token, NOW + timedelta(days=30)),
            (expired.row.token_sha256, NOW),
        ):
            with pytest.raises(NotFoundError) as raised:
                get_link(unit, token, now)
            told.append(str(raised.value))
        assert len(set(told)) == 1
        assert told[0].startswith(NO_LINK)
        assert get_link(unit, expired.token, NOW + timedelta(days=29)).id == expired.row.id
        for link, of in ((revoked.row.id, deal), (expired.row.id, deal + 1), (999, deal)):
            with pytest.raises(NotFoundError):
                revoke_link(unit, SYSTEM, of, link, NOW)
        shown = list_links(unit, deal, NOW)
        assert [(one.link.id, one.is_live) for one in shown] == [
            (expired.row.id, True), (revoked.row.id, False),
        ]  # fmt: skip


def test_a_lost_deal_gives_the_customer_nothing_any_more(machine: Machine) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        first, second = send(unit, machine), send(unit, machine, Recipient("B", "b@example.com"))
        stored = load(unit, machine)
        act = Act(unit, machine.rules, SYSTEM, NOW)
        move_on(act, stored, StageAction.LOSE, "They bought elsewhere.")
        for link in (first, second):
            with pytest.raises(NotFoundError, match=NO_LINK):
                get_link(unit, link.token, NOW)
        told = [one.event for one in list_events(unit, stored.row.id)]
        assert told.count("sharing:link:revoked") == 2
        move_on(act, stored, StageAction.REVIVE)
        assert all(not one.is_live for one in list_links(unit, stored.row.id, NOW))


def test_a_code_opens_and_is_not_tried_for_ever(machine: Machine) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        link = send(unit, machine, replace(RAMONA, has_code=True))
        assert link.code is not None
        assert link.code not in str(link.row.code_hash)
        row, spaced = link.row, f" {link.code[:4]} {link.code[4:]} "
        assert count_code(unit, row, "1.1.1.1", NOW)
        assert is_code(row, spaced)
        forget_codes(unit, row)
        for n in range(PER_ACCOUNT):
            assert count_code(unit, row, f"1.1.1.{n}", NOW)
        assert not is_code(row, "00000000x")
        assert not count_code(unit, row, "1.1.1.1", NOW)
        assert count_code(unit, row, "1.1.1.1", NOW + timedelta(minutes=16))


def test_activity_is_counted_and_told_once_as_an_event(machine: Machine) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        link = send(unit, machine).row
        for n in range(3):
            note_visit(unit, link, Visited.OPENED, "", NOW + timedelta(hours=n))
        note_visit(unit, link, Visited.DOWNLOADED, "agreement.pdf", NOW)
        (shown,) = list_links(unit, link.deal_id, NOW)
        assert [(one.what, one.name, one.count) for one in shown.visits] == [
            ("opened", "", 3), ("downloaded", "agreement.pdf", 1),
        ]  # fmt: skip
        assert shown.visits[0].last_at == NOW + timedelta(hours=2)
        told = [one.event for one in list_events(unit, link.deal_id)]
        assert told[:2] == ["sharing:file:downloaded", "sharing:link:opened"]
        assert told.count("sharing:link:opened") == 1


def seal(
    unit: Session, machine: Machine, identity: SealingIdentity, **other: object
) -> ContractRow:
    stored = load(unit, machine)
    given = {"seen": stored.version_row.number, "agreed": AGREED, **other}
    agreed, seen = given["agreed"], given["seen"]
    assert isinstance(agreed, Agreed)
    assert isinstance(seen, int)
    return seal_deal(step(unit, machine), stored, machine.storage, identity, agreed, seen=seen)


def prepare(unit: Session, machine: Machine) -> None:
    stored = load(unit, machine)
    ready = readiness_of(unit, stored)
    move_deal(unit, SYSTEM, stored.row, StageAction.PREPARE, ready, now=NOW)


def test_a_sealed_deal_is_handed_over_to_customer_and_support(
    machine: Machine, identity: SealingIdentity
) -> None:
    with sessions(machine.engine, writes=True).begin() as unit:
        link = send(unit, machine)
        coded = send(unit, machine, Recipient("Cody", "cody@example.com", has_code=True))
        prepare(unit, machine)
        contract = seal(unit, machine, identity)
        assert (contract.is_development, contract.level) == (True, "B-B")
    with sessions(machine.engine)() as unit:
        assert stage(unit) is Stage.SIGNED
        kept = find_contract(unit, link.row.deal_id)
        assert kept is not None
        names = [one.name for one in list_contract_files(unit, kept)]
        assert names == [
            "executed-agreement.docx", "executed-agreement.evidence.json",
            "executed-agreement.pdf", "sla-terms.json",
        ]  # fmt: skip
        for old in (link, coded):
            items = list_items(unit, get_link(unit, old.token, NOW))
            assert sorted(one.name for one in items) == sorted(HANDED_OVER)
        pdf = get_contract_file(unit, link.row.deal_id, "executed-agreement.pdf").sha256
        assert pdf in {one.sha256 for one in items}
        assert b"/ByteRange" in machine.storage.get(pdf)
        mails = {(one.template, one.to_address): one for one in unit.scalars(select(MailRow))}
        assert ("contract-handed-over", "sasha.beispiel@example.com") in mails
        assert mails["agreement-executed", "ramona@example.com"].secrets is not None
        assert mails["agreement-executed", "cody@example.com"].secrets is None
        assert "the same code" in mails["agreement-executed", "cody@example.com"].text
        assert verify(unit).breaks == ()
        with pytest.raises(NotFoundError):
            get_contract_file(unit, link.row.deal_id + 1, "executed-agreement.pdf")


def test_a_seal_waits_for_all_it_needs_and_comes_once(
    machine: Machine, identity: SealingIdentity
) -> None:
    with sessions(machine.engine, writes=True)() as unit:
        build(unit, machine)
        with pytest.raises(RefusedError, match="can't be moved so"):
            seal(unit, machine, identity)
        unit.query(DealRow).filter_by(number=RICH).one().stage = Stage.SIGNATURE
        with pytest.raises(RefusedError, match="does not have version 1 yet"):
            seal(unit, machine, identity)
        unit.query(DealRow).filter_by(number=RICH).one().stage = Stage.DRAFT
        send(unit, machine)
        prepare(unit, machine)
        with pytest.raises(ConflictError):
            seal(unit, machine, identity, seen=2)
        for agreed in (
            Agreed(" ", date(2026, 11, 26)),
            Agreed("R" * 500, date(2026, 11, 26)),
            Agreed("R", date(2026, 12, 24)),
            Agreed("R", date(2020, 1, 1)),
        ):
            with pytest.raises(DomainError):
                seal(unit, machine, identity, agreed=agreed)
        seal(unit, machine, identity)
        with pytest.raises(RefusedError, match="stage “signed”"):
            seal(unit, machine, identity)
        assert unit.query(ContractRow).count() == 1
        assert {one.is_executed for one in unit.scalars(select(ShareItemRow))} == {True, False}


def test_the_settings_certificate_seals_where_there_is_one(
    settings: Settings, tmp_path: Path, identity: SealingIdentity
) -> None:
    made = sealing_identity(settings, NOW)
    assert made.certificate == sealing_identity(settings, NOW).certificate
    kept = next((settings.var / "keys").iterdir())
    named = replace(settings, certificate=kept, var=tmp_path / "elsewhere")
    assert sealing_identity(named, NOW).certificate == made.certificate
    assert not named.var.exists()
    with pytest.raises(DomainError, match="expired"):
        sealing_identity(named, NOW + timedelta(days=9999))


def test_what_changed_since_the_person_read_it_stands_until_they_read_another(
    machine: Machine,
) -> None:
    with sessions(machine.engine, writes=True).begin() as unit:
        stored = build(unit, machine)
        link = send(unit, machine).row
        first = stored.version_row.id
        assert since_read(unit, machine.rules, link, first) is None
        note_reading(unit, link.id, first)
        assert since_read(unit, machine.rules, link, first) is None
        data = data_of(stored.row.deal_file)
        act = Act(unit, machine.rules, SYSTEM, NOW + timedelta(hours=1), "http://127.0.0.1")
        lines = data["order"]["lines"]  # type: ignore[index, call-overload]
        after = save_order(act, Target(RICH, 1), lines, {"payment": {"days": 45}})
        second = after.version_row.id
        for _reading in range(2):
            found = since_read(unit, machine.rules, link, second)
            assert found is not None
            assert found.version == 1
            words = [word for part in found.parts for word in part.change.words]
            assert {one.text.strip() for one in words if one.run == "new"} >= {"45"}
            # Reading it once, or again, leaves what changed on the page.
            note_reading(unit, link.id, second)


def test_questions_are_the_links_and_told_without_their_words(machine: Machine) -> None:
    with sessions(machine.engine, writes=True).begin() as unit:
        stored = build(unit, machine)
        link = send(unit, machine).row
        other = send(unit, machine, Recipient("Cody Example", "cody@example.com")).row
        draft = Draft("Is the cap per year?", "k" * 24, Part("liability", "Liability"))
        customer = replace(step(unit, machine), actor=Actor(None, link.name))
        for _press in range(2):
            ask_behind_link(customer, link, stored.version_row.id, draft, "/deals/1/discussion")
        answer = Draft("Per contract year.", "a" * 24)
        for _press in range(2):
            answer_behind_link(step(unit, machine), stored.row, link.id, answer)
        said = list_said(unit, [link, other])
        assert [(one.is_ours, one.text, one.heading) for one in said[link.id]] == [
            (False, "Is the cap per year?", "Liability"),
            (True, "Per contract year.", ""),
        ]
        assert said[other.id] == []
        events = [one for one in list_events(unit, stored.row.id) if "comment" in one.event]
        assert [one.event.rpartition(":")[2] for one in events] == ["answered", "written"]
        assert not any("cap" in str(one.facts) for one in events)
        mails = unit.scalars(select(MailRow).order_by(MailRow.id)).all()
        assert [one.to_address for one in mails if one.template == "question-answered"] == [
            "ramona@example.com"
        ]
        revoke_link(unit, SYSTEM, stored.row.id, link.id, NOW)
        with pytest.raises(NotFoundError):
            answer_behind_link(step(unit, machine), stored.row, link.id, Draft("x", "b" * 24))
        with pytest.raises(NotFoundError):
            answer_behind_link(step(unit, machine), stored.row, 999_999, Draft("x", "c" * 24))
