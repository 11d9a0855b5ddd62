"""Rounds of a negotiation on both databases: taken in, decided change by change, answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dealdesk.audit.queries import list_events
from dealdesk.audit.verification import verify
from dealdesk.deals.lifecycle import Need, StageAction
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.moving import move_deal
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.redline import Replacement, write_tracked_replacements
from dealdesk.documents.docx.returning import read_returned
from dealdesk.documents.docx.revisions import revisions
from dealdesk.documents.docx.settle import settle, settle_all
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import DocumentTree
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.identity.models import UserRow
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError, DomainError, RefusedError
from dealdesk.kernel.settings import PROJECT, Settings
from dealdesk.negotiation.model import Answer, Verdict
from dealdesk.negotiation.models import RoundRow
from dealdesk.negotiation.operations import add_note, decide_change, withdraw_round
from dealdesk.negotiation.queries import (
    Reviewed,
    answers_of,
    find_answer,
    find_open_round,
    list_reviewed,
)
from dealdesk.negotiation.standing import progress_of, round_blockers, seen_of
from dealdesk.negotiation.taking import runs_of
from dealdesk.sharing.models import ShareItemRow
from dealdesk.sharing.queries import find_sent_file
from dealdesk.sharing.rules import Recipient
from dealdesk.terms.values import Duration, Unit, ValueRef
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_edits import Target, save_details
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.machine import Machine
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.recording import next_rules
from dealdesk.workflows.round_answers import outcome, prepare_answer, record_prepared
from dealdesk.workflows.rounds import ReturnedFile, receive_round, sent_file
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.sending import Step, send_to_customer, sent_files
from dealdesk.workflows.stages import readiness_of
from dealdesk.workflows.stored_deals import StoredDeal, get_stored_deal
from dealdesk.workflows.version_files import keep_files, make_files
from tests.documents.docx.sample import sample_docx
from tests.enterprise import rich_package
from tests.integration.test_worker import HandClock

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
# What the files and the inputs come to is the same on every database.
ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
RICH = "PLACEHOLDER-2027-001"
RAMONA = Recipient("Ramona Example", "ramona@example.com")
COUNSEL = "Dana Beispiel (counsel)"
NUMBER: Replacement = (ValueRef("severity", "matrix.sev1.response"), "30 minutes", "20 minutes")
WORDS: Replacement = ("confidentiality/care", "reasonable care at least", "the care of a bank")
WORDS_ELSEWHERE: Replacement = ("confidentiality/care", "at least", "at all times")
AT = datetime(2026, 11, 25, 9, 12, tzinfo=UTC)


@pytest.fixture
def machine(engine: Engine, settings: Settings, tmp_path: Path) -> Machine:
    """Give a database whose rich deal was sent."""
    rules = load_rules(PROJECT / "clause_library")
    storage = LocalStorage(tmp_path / "files")
    made = Machine(settings, engine, rules, storage, HandClock(), None)
    with sessions(engine, writes=True).begin() as unit:
        seed_people(unit, SYSTEM, DEMO_PEOPLE, NOW)
        paths = [DEMO_DEALS / "placeholder-robotics.yaml"]
        list(seed_deals(unit, paths, rules.library, rules.catalogue, NOW))
        send(unit, made)
    return made


def person(unit: Session, email: str) -> Actor:
    row = unit.scalars(select(UserRow).where(UserRow.email.like(f"{email}%"))).one()
    return Actor(row.id, row.name, frozenset({"commercial_counsel"}))


def act(unit: Session, machine: Machine) -> Act:
    return Act(unit, machine.rules, person(unit, "cameron"), NOW)


def load(unit: Session, machine: Machine) -> StoredDeal:
    return get_stored_deal(unit, RICH, machine.rules, actor=SYSTEM, now=NOW)


def send(unit: Session, machine: Machine) -> None:
    stored = load(unit, machine)
    package = (
        rich_package()
        if stored.version_row.number == 1
        else make_files(unit, stored, stored.rules.library)
    )
    keep_files(unit, stored, package, machine.storage, NOW)
    step = Step(unit, person(unit, "avery"), NOW, machine.settings)
    send_to_customer(step, stored, RAMONA, seen=stored.version_row.number)


def sent_bytes(machine: Machine) -> bytes:
    with sessions(machine.engine)() as unit:
        return machine.storage.get(sent_file(unit, load(unit, machine).row).sha256)


def redlined(machine: Machine, *replacements: Replacement) -> bytes:
    return write_tracked_replacements(sent_bytes(machine), replacements, COUNSEL, AT)


def receive(machine: Machine, data: bytes) -> int:
    """Take a file in as the page does: read first, then recorded in one transaction."""
    with sessions(machine.engine)() as unit:
        sent = sent_file(unit, load(unit, machine).row)
    says = read_returned(data, machine.storage.get(sent.sha256))
    with sessions(machine.engine, writes=True).begin() as unit:
        returned = ReturnedFile(data, "agreement from Ramona.docx", says)
        stored = load(unit, machine)
        return receive_round(act(unit, machine), stored, sent, returned, machine.storage).number


def open_round_of(unit: Session, machine: Machine) -> RoundRow:
    found = find_open_round(unit, load(unit, machine).row.id)
    assert found is not None
    return found


def changes(unit: Session, machine: Machine) -> list[Reviewed]:
    return list_reviewed(unit, open_round_of(unit, machine).id)


def decide(
    unit: Session, machine: Machine, change: Reviewed, verdict: Verdict, words: str = ""
) -> None:
    decide_change(
        unit,
        person(unit, "cameron"),
        open_round_of(unit, machine),
        change,
        Answer(verdict, words),
        reason="As the playbook says.",
        seen=change.seen,
        now=NOW,
    )


def answer(machine: Machine, *, unstated: tuple[str, ...] = (), now: datetime = NOW) -> StoredDeal:
    with sessions(machine.engine)() as unit:
        stored, row = load(unit, machine), open_round_of(unit, machine)
        prepared = prepare_answer(
            unit,
            person(unit, "cameron"),
            stored,
            row,
            machine.storage,
            seen=seen_of(list_reviewed(unit, row.id)),
            unstated=unstated,
            now=now,
        )
    with sessions(machine.engine, writes=True).begin() as unit:
        stored, row = load(unit, machine), open_round_of(unit, machine)
        return record_prepared(act(unit, machine), stored, row, machine.storage, prepared)


def codes(error: DomainError) -> set[str]:
    return {one.code for one in error.problems}


def test_what_came_back_is_kept_change_by_change(machine: Machine) -> None:
    data = redlined(machine, NUMBER, WORDS)
    assert receive(machine, data) == 1
    with sessions(machine.engine)() as unit:
        row = open_round_of(unit, machine)
        assert machine.storage.get(row.received_sha256) == data
        assert (row.file_name, row.is_foreign) == ("agreement from Ramona.docx", False)
        found = [one.item for one in changes(unit, machine)]
        assert [(one.old, one.new, one.author, one.at) for one in found] == [
            (WORDS[1], WORDS[2], COUNSEL, AT),
            (NUMBER[1], NUMBER[2], COUNSEL, AT),
        ]
        assert [one.place.value for one in found] == [None, NUMBER[0]]
        assert [one.instance for one in found] == ["confidentiality", "severity"]
        events = {one.event: one.facts for one in list_events(unit, row.deal_id)}
        facts = events["negotiation:round:received"]
        assert (facts["tracked"], facts["untracked"], facts["file"]) == (2, 0, row.received_sha256)
        assert verify(unit).breaks == ()


def test_untracked_edits_are_found_and_moved_places_are_right(machine: Machine) -> None:
    edit = ("confidentiality/care", "reasonable care", "the utmost and most anxious care")
    hidden = settle_all(redlined(machine, edit), accept=True)
    both = write_tracked_replacements(
        hidden, [("confidentiality/care", "at least", "at all times")], COUNSEL, AT
    )
    receive(machine, both)
    with sessions(machine.engine)() as unit:
        untracked, tracked = (
            next(one.item for one in changes(unit, machine) if one.item.is_tracked is wanted)
            for wanted in (False, True)
        )
        assert (untracked.kind, untracked.author) == ("text", "")
        assert "the utmost" in untracked.new
        words = untracked.old[tracked.place.start : tracked.place.end]
        assert words == tracked.old == "at least"
        told = [one.code for one in round_blockers(unit, load(unit, machine).row.id)]
        assert told == ["round-untracked", "round-undecided"]


def test_what_can_not_be_taken_in_is_said_with_a_way_out(machine: Machine) -> None:
    data = redlined(machine, NUMBER)

    def refused(given: bytes, code: str) -> None:
        with pytest.raises(RefusedError) as raised:
            receive(machine, given)
        assert codes(raised.value) == {code}
        assert all(one.remedy for one in raised.value.problems)

    refused(sent_bytes(machine), "unchanged")
    refused(sample_docx(), "another-agreement")
    for stage, code in (
        (Stage.SIGNATURE, "at-signature"),
        (Stage.DRAFT, "not-in-negotiation"),
        (Stage.NEGOTIATION, ""),
    ):
        with sessions(machine.engine, writes=True).begin() as unit:
            unit.query(DealRow).filter_by(number=RICH).one().stage = stage
        if code:
            refused(data, code)
    receive(machine, data)
    refused(data, "round-open")


@ON_SQLITE
def test_bad_files_are_refused_by_the_gate_in_a_process_of_its_own(machine: Machine) -> None:
    sent = sent_bytes(machine)
    for data in (b"", b"%PDF-1.7", sent[:900], bytes.fromhex("d0cf11e0a1b11ae1") * 99):
        with pytest.raises(DomainError) as raised:
            read_returned(data, sent)
        assert str(raised.value).endswith(".")


def test_a_deal_with_an_open_round_waits(machine: Machine) -> None:
    receive(machine, redlined(machine, NUMBER))
    with sessions(machine.engine, writes=True)() as unit:
        stored = load(unit, machine)
        missing = readiness_of(unit, stored).missing[Need.NO_ROUND_OPEN]
        assert [one.message for one in missing] == ["1 change waits for a decision in round 1."]
        with pytest.raises(RefusedError) as raised:
            move_deal(
                unit, SYSTEM, stored.row, StageAction.PREPARE, readiness_of(unit, stored), now=NOW
            )
        assert "round-undecided" in codes(raised.value)
        mine = replace(act(unit, machine), actor=SYSTEM)
        with pytest.raises(RefusedError, match="not answered yet"):
            save_details(mine, Target(RICH, 1), "Other", {"name": "X", "country": "Y"}, {})


def test_a_decision_needs_its_reason_and_never_overwrites(machine: Machine) -> None:
    receive(machine, redlined(machine, NUMBER))
    with sessions(machine.engine, writes=True)() as unit:
        (change,) = changes(unit, machine)
        row = open_round_of(unit, machine)
        for given, field in (
            (Answer(Verdict.REJECTED), "reason"),
            (Answer(Verdict.COUNTERED, ""), "words"),
            (Answer(Verdict.COUNTERED, "20 minutes"), "words"),
            (Answer(Verdict.COUNTERED, "30 minutes"), "words"),
            (Answer(Verdict.COUNTERED, "25\u202e minutes"), "words"),
        ):
            with pytest.raises(DomainError) as raised:
                decide_change(
                    unit, SYSTEM, row, change, given,
                    reason="" if field == "reason" else "So.", seen=0, now=NOW,
                )  # fmt: skip
            assert {one.place.path for one in raised.value.problems} == {field}
        decide(unit, machine, change, Verdict.ACCEPTED)
        with pytest.raises(ConflictError, match="Cameron Exempel accepted this change while"):
            decide_change(
                unit, SYSTEM, row, changes(unit, machine)[0], Answer(Verdict.REJECTED),
                reason="So.", seen=0, now=NOW,
            )  # fmt: skip
        (again,) = changes(unit, machine)
        decide(unit, machine, again, Verdict.COUNTERED, "25 minutes")
        (last,) = changes(unit, machine)
        assert [one.answer.verdict for one in last.decisions] == ["countered", "accepted"]
        assert (last.answer, last.seen) == (
            Answer(Verdict.COUNTERED, "25 minutes", "Cameron Exempel"), 2,
        )  # fmt: skip
        assert progress_of([last]).is_whole
        add_note(unit, SYSTEM, row, last, text=" Sasha says 20 is fine. ", now=NOW)
        assert [one.text for one in changes(unit, machine)[0].notes] == ["Sasha says 20 is fine."]
        events = [one.event for one in list_events(unit, row.deal_id)]
        assert events.count("negotiation:change:decided") == 2
        assert verify(unit).breaks == ()


def test_nothing_is_answered_before_everything_is_decided(machine: Machine) -> None:
    receive(machine, redlined(machine, NUMBER, WORDS))
    with sessions(machine.engine, writes=True).begin() as unit:
        decide(unit, machine, changes(unit, machine)[0], Verdict.ACCEPTED)
    with pytest.raises(RefusedError, match="1 change is not decided yet"):
        answer(machine)


def test_an_answer_is_a_version_from_inputs_and_their_file_with_our_marks(
    machine: Machine,
) -> None:
    data = redlined(machine, NUMBER, WORDS)
    receive(machine, data)
    with sessions(machine.engine, writes=True).begin() as unit:
        words, number = changes(unit, machine)
        decide(unit, machine, words, Verdict.REJECTED)
        decide(unit, machine, number, Verdict.COUNTERED, "25 minutes")
    before = canonical_text(load_text(machine))
    after = answer(machine)
    assert (after.version_row.number, after.version_row.origin) == (2, "negotiated")
    matrix = after.quote.version.tree.values[ValueRef("severity", "matrix.sev1.response")]
    assert matrix.value == Duration(25, Unit.MINUTES)
    assert all(c.override is None for c in after.quote.version.inputs.choices)
    assert "support_head" in {one.role for one in after.quote.standing.open}
    with sessions(machine.engine)() as unit:
        row = find_answer(unit, after.version_row.id)
        assert row is not None
        assert (row.state, find_open_round(unit, row.deal_id)) == ("answered", None)
        assert row.answer_sha256 is not None
        file = machine.storage.get(row.answer_sha256)
        assert docx_canonical_text(file) == canonical_text(after.quote.version.tree)
        assert docx_canonical_text(file, View.BASE) == before
        authors = {one.author for one in read_docx(file).changes}
        seller = after.quote.deal.seller.name
        assert authors == {COUNSEL, f"Cameron Exempel ({seller})"}
        events = [one.event for one in list_events(unit, row.deal_id)]
        assert events.count("negotiation:round:answered") == 1
        assert "approvals:decision:lapsed" in events
        assert verify(unit).breaks == ()


def load_text(machine: Machine) -> DocumentTree:
    with sessions(machine.engine)() as unit:
        return load(unit, machine).quote.version.tree


@ON_SQLITE
def test_words_that_nobody_tracked_are_put_back_or_become_ours_to_show(machine: Machine) -> None:
    edit = ("confidentiality/care", "reasonable care", "the utmost care")
    hidden = settle_all(redlined(machine, edit), accept=True)
    data = write_tracked_replacements(hidden, [WORDS_ELSEWHERE, NUMBER], COUNSEL, AT)
    receive(machine, data)
    with sessions(machine.engine, writes=True).begin() as unit:
        for one in changes(unit, machine):
            decide(unit, machine, one, Verdict.ACCEPTED)
    before = canonical_text(load_text(machine))
    after = answer(machine)
    assert "the utmost care at all times" in canonical_text(after.quote.version.tree)
    with sessions(machine.engine)() as unit:
        row = find_answer(unit, after.version_row.id)
        assert row is not None
        assert row.answer_sha256 is not None
        file = machine.storage.get(row.answer_sha256)
        assert docx_canonical_text(file, View.BASE) == before
        assert docx_canonical_text(file) == canonical_text(after.quote.version.tree)
        marks = {(one.author, one.old, one.new) for one in read_docx(file).changes}
        ours = f"Cameron Exempel ({after.quote.deal.seller.name})"
        assert (COUNSEL, NUMBER[1], NUMBER[2]) in marks
        assert (ours, "reasonable", "the utmost") in marks


def test_their_own_file_goes_out_as_the_next_version(machine: Machine) -> None:
    receive(machine, redlined(machine, WORDS))
    with sessions(machine.engine, writes=True).begin() as unit:
        decide(unit, machine, changes(unit, machine)[0], Verdict.REJECTED)
    after = answer(machine)
    assert after.version_row.text_sha256 == after.quote.version.hashes.text
    assert list(after.quote.standing.open) == []
    with sessions(machine.engine, writes=True).begin() as unit:
        send(unit, machine)
        row = find_answer(unit, after.version_row.id)
        item = find_sent_file(unit, after.version_row.id, "agreement.docx")
        assert row is not None
        assert item is not None
        assert item.sha256 == row.answer_sha256
        assert {one.name for one in sent_files(unit, load(unit, machine))} == {
            "agreement.docx", "agreement.html", "agreement.pdf",
        }  # fmt: skip
        ready = readiness_of(unit, load(unit, machine))
        assert not any(ready.missing[n] for n in (Need.NO_ROUND_OPEN, Need.SENT_AS_IS))


def test_a_round_set_aside_makes_room_for_another(machine: Machine) -> None:
    receive(machine, redlined(machine, WORDS))
    with sessions(machine.engine, writes=True).begin() as unit:
        row = open_round_of(unit, machine)
        with pytest.raises(DomainError, match="Say why"):
            withdraw_round(unit, SYSTEM, row, " ", NOW)
        withdraw_round(unit, SYSTEM, row, "They sent a newer file.", NOW)
        with pytest.raises(ConflictError, match="This round is withdrawn"):
            withdraw_round(unit, SYSTEM, row, "Again.", NOW)
    assert receive(machine, redlined(machine, NUMBER)) == 2


@ON_SQLITE
def test_what_a_change_comes_to_is_known_before_it_is_decided(machine: Machine) -> None:
    receive(machine, redlined(machine, NUMBER, WORDS))
    with sessions(machine.engine)() as unit:
        stored, found = load(unit, machine), changes(unit, machine)
        rules = next_rules(unit, stored)
        number = next(one for one in found if one.item.place.value)
        took = outcome(stored, rules, found, {number.item.key: Answer(Verdict.ACCEPTED)})
        assert took.quote is not None
        assert "support_head" in [one.role for one in took.quote.standing.open]
        assert [one.new for one in took.result.values] == [Duration(20, Unit.MINUTES)]
        nothing = outcome(stored, rules, found, answers_of(found))
        assert nothing.result.inputs == stored.quote.version.inputs


@ON_SQLITE
def test_two_changes_of_one_value_are_a_conflict_for_a_person(machine: Machine) -> None:
    first = (ValueRef("severity", "matrix.sev1.response"), "30", "20")
    receive(machine, redlined(machine, first, WORDS))
    with sessions(machine.engine)() as unit:
        found = changes(unit, machine)
        stored = load(unit, machine)
        number = next(one for one in found if one.item.place.value)
        twin = replace(number, item=replace(number.item, key="twin"))
        answers = {one.item.key: Answer(Verdict.ACCEPTED) for one in (*found, twin)}
        took = outcome(stored, next_rules(unit, stored), [*found, twin], answers)
        assert {one.code for one in took.problems} == {"not-taken"}
        assert "Counter it or reject it" in took.problems[0].remedy


def second_round(machine: Machine) -> bytes:
    """Answer a first round, send that, and return what the customer has then."""
    receive(machine, redlined(machine, NUMBER, WORDS))
    with sessions(machine.engine, writes=True).begin() as unit:
        words, number = changes(unit, machine)
        decide(unit, machine, words, Verdict.ACCEPTED)
        decide(unit, machine, number, Verdict.COUNTERED, "25 minutes")
    answer(machine)
    with sessions(machine.engine, writes=True).begin() as unit:
        after = load(unit, machine)
        row = find_answer(unit, after.version_row.id)
        assert row is not None
        assert row.answer_sha256 is not None
        unit.add(share(unit, after, "agreement.docx", row.answer_sha256))
    return sent_bytes(machine)


def share(unit: Session, stored: StoredDeal, name: str, sha256: str) -> ShareItemRow:
    """Give the customer a file as a link does: who decides in between is not this test's matter."""
    link = unit.scalars(select(ShareItemRow.link_id)).first()
    assert link is not None
    return ShareItemRow(
        link_id=link,
        version_id=stored.version_row.id,
        name=name,
        sha256=sha256,
        is_executed=False,
        shared_at=NOW + timedelta(days=1),
    )


@ON_SQLITE
def test_a_second_round_lists_only_what_is_new_in_it(machine: Machine) -> None:
    sent = second_round(machine)
    later = AT + timedelta(days=3)
    again: Replacement = (NUMBER[0], "25 minutes", "22 minutes")
    theirs: Replacement = ("confidentiality/care", "the care of a bank", "the care of a hospital")
    data = write_tracked_replacements(sent, [again, theirs], COUNSEL, later)
    assert receive(machine, data) == 2
    with sessions(machine.engine, writes=True).begin() as unit:
        found = changes(unit, machine)
        assert [(one.item.old, one.item.new, one.item.is_tracked) for one in found] == [
            (theirs[1], theirs[2], True), (again[1], again[2], True),
        ]  # fmt: skip
        assert [one.item.place.value for one in found] == [None, NUMBER[0]]
        assert found[0].item.place.block_id == "confidentiality/care"
        decide(unit, machine, found[0], Verdict.REJECTED)
        decide(unit, machine, found[1], Verdict.ACCEPTED)
    before = load_text(machine)
    # A mark is known by its author and second: no round is answered in the second of another.
    after = answer(machine, now=NOW + timedelta(days=4))
    value = after.quote.version.tree.values[ValueRef("severity", "matrix.sev1.response")]
    assert value.value == Duration(22, Unit.MINUTES)
    assert "the care of a bank" in canonical_text(after.quote.version.tree)
    with sessions(machine.engine)() as unit:
        row = find_answer(unit, after.version_row.id)
        assert row is not None
        assert row.answer_sha256 is not None
        file = machine.storage.get(row.answer_sha256)
        assert docx_canonical_text(file) == canonical_text(after.quote.version.tree)
        assert docx_canonical_text(sent) == canonical_text(before)
        # The marks of the first round are still there, in the names of who made them.
        dates = {one.date for one in revisions(open_docx(file).body) if one.author == COUNSEL}
        assert dates == {"2026-11-25T09:12:00Z", "2026-11-28T09:12:00Z"}


@ON_SQLITE
def test_a_mark_of_ours_that_is_gone_with_its_words_is_found(machine: Machine) -> None:
    sent = second_round(machine)
    mine = [one.id for one in read_docx(sent).changes if "Cameron" in one.author]
    assert mine
    receive(machine, settle(sent, (), mine))
    with sessions(machine.engine)() as unit:
        found = [one.item for one in changes(unit, machine) if one.item.is_open_to_us]
        assert {one.is_tracked for one in found} == {False}
        assert any("25" in one.old for one in found)


@ON_SQLITE
def test_a_file_that_answers_the_version_before_is_named(machine: Machine) -> None:
    old = redlined(machine, NUMBER)
    second_round(machine)
    with pytest.raises(RefusedError, match="This file answers version 1; they have version 2 now"):
        receive(machine, old)


@ON_SQLITE
def test_words_placed_by_hand_are_in_the_next_version_and_shown_as_ours(machine: Machine) -> None:
    receive(machine, redlined(machine, NUMBER))
    block, run = "confidentiality/care", 1
    with sessions(machine.engine, writes=True).begin() as unit:
        (change,) = changes(unit, machine)
        text = next(
            t
            for b, r, t in runs_of(load(unit, machine).quote.version.tree, "")
            if (b, r) == (block, run)
        )
        ours = Answer(Verdict.COUNTERED, text.replace("reasonable", "due"), "", block, run)
        decide_change(
            unit, person(unit, "cameron"), open_round_of(unit, machine), change, ours,
            reason="Instead of the number.", seen=0, now=NOW,
        )  # fmt: skip
    after = answer(machine)
    final = canonical_text(after.quote.version.tree)
    assert "with due care at least" in final
    assert "20 minutes" not in final
    with sessions(machine.engine)() as unit:
        row = find_answer(unit, after.version_row.id)
        assert row is not None
        assert row.answer_sha256 is not None
        file = machine.storage.get(row.answer_sha256)
        assert docx_canonical_text(file) == final
        found = {(one.author.split()[0], one.old, one.new) for one in read_docx(file).changes}
        assert {("Dana", "30 minutes", "20 minutes"), ("Cameron", "reasonable", "due")} <= found


@ON_SQLITE
def test_words_that_state_a_promise_no_more_are_named_and_recorded(machine: Machine) -> None:
    gone: Replacement = (ValueRef("severity", "matrix.sev1.response"), "30 minutes", "promptly")
    receive(machine, redlined(machine, gone))
    with sessions(machine.engine, writes=True).begin() as unit:
        decide(unit, machine, changes(unit, machine)[0], Verdict.ACCEPTED)
    with pytest.raises(RefusedError) as raised:
        answer(machine)
    assert codes(raised.value) == {"export-unprinted"}
    (named,) = {one.place.path for one in raised.value.problems}
    assert named == "severity/matrix.sev1.response"
    after = answer(machine, unstated=(named,))
    choice = after.quote.version.inputs.choice("severity")
    assert choice is not None
    assert choice.override is not None
    assert choice.override.unstated == ("matrix",)
