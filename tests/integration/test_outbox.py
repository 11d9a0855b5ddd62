"""The outbox on both databases: promised once, held by one, tried again, never kept twice."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import NotFoundError, RefusedError
from dealdesk.outbox.leases import (
    LeaseLostError,
    claim_job,
    end_job,
    give_up,
    hold,
    list_due,
    put_back,
)
from dealdesk.outbox.models import JobRow, JobState, MailRow
from dealdesk.outbox.operations import (
    KEPT,
    SECRETS_KEPT,
    enqueue,
    enqueue_mail,
    forget_done,
    run_again,
    take_promised,
)
from dealdesk.outbox.queries import count_jobs, find_job, find_mail, list_jobs, worker_seen_at
from dealdesk.outbox.rules import LEASE, MOST_TRIES, WAITS
from dealdesk.outbox.templates import MailError, Message, filled, hidden
from dealdesk.outbox.timers import take_turn, waiting_timers

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = NOW + LEASE + timedelta(seconds=1)
LINK = "https://deals.example.com/reset/abc?x=1&y=<2>"


def promise(engine: Engine, key: str = "trial:1") -> int:
    with sessions(engine, writes=True).begin() as session:
        return enqueue(session, "trial", {"n": 1}, key=key, now=NOW)


def row(session: Session, job: int) -> JobRow:
    return session.scalars(
        select(JobRow).where(JobRow.id == job).execution_options(populate_existing=True)
    ).one()


def test_the_same_intent_is_promised_once(engine: Engine) -> None:
    with sessions(engine, writes=True).begin() as session:
        first = enqueue(session, "trial", {"n": 1}, key="trial:1", now=NOW)
        again = enqueue(session, "trial", {"n": 2}, key="trial:1", now=LATER)
        other = enqueue(session, "trial", {"n": 1}, key="trial:2", now=NOW)
        assert (first, first != other) == (again, True)
        assert take_promised(session) == (first, other)
        assert take_promised(session) == ()
    with sessions(engine)() as session:
        found = find_job(session, "trial:1")
        assert found is not None
        assert (found.payload, found.state, found.tries) == ('{"n":1}', "waiting", 0)
        assert [one.id for one in list_jobs(session)] == [other, first]
        assert count_jobs(session)[JobState.WAITING] == 2


def test_what_is_not_committed_was_never_promised(engine: Engine) -> None:
    with sessions(engine, writes=True)() as session:
        enqueue(session, "trial", {}, key="trial:1", now=NOW)
        session.rollback()
    with sessions(engine)() as session:
        assert list_due(session, NOW, 10) == []


def test_a_claimed_job_is_nobody_elses_until_its_lease_is_over(engine: Engine) -> None:
    job = promise(engine)
    with sessions(engine, writes=True).begin() as session:
        claim = claim_job(session, job, NOW, LEASE)
        assert claim is not None
        assert (claim.kind, claim.payload, claim.tries) == ("trial", {"n": 1}, 1)
    with sessions(engine, writes=True).begin() as session:
        assert claim_job(session, job, NOW, LEASE) is None
        assert list_due(session, NOW, 10) == []
        assert list_due(session, LATER, 10) == [job]
        taken_over = claim_job(session, job, LATER, LEASE)
        assert taken_over is not None
        assert taken_over.tries == 2
    with sessions(engine, writes=True)() as session, pytest.raises(LeaseLostError):
        end_job(session, claim, LATER)
    with sessions(engine, writes=True).begin() as session:
        end_job(session, taken_over, LATER)
    with sessions(engine)() as session:
        assert (row(session, job).state, row(session, job).lease_until) == ("done", None)


def test_of_many_that_claim_at_once_one_has_it(engine: Engine) -> None:
    job, got = promise(engine), []

    def claim() -> None:
        with sessions(engine, writes=True).begin() as session:
            got.append(claim_job(session, job, NOW, LEASE))

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6
    assert len([one for one in got if one is not None]) == 1


def test_a_job_that_goes_wrong_waits_longer_each_time_and_is_given_up(engine: Engine) -> None:
    job, at, waits = promise(engine), NOW, []
    for _ in range(MOST_TRIES):
        with sessions(engine, writes=True).begin() as session:
            claim = claim_job(session, job, at, LEASE)
            assert claim is not None
            put_back(session, claim, "The server says no.", at)
        with sessions(engine)() as session:
            found = row(session, job)
            waits.append(found.due_at - at)
            at = found.due_at
    assert tuple(waits[:-1]) == WAITS
    assert (found.state, found.told) == ("failed", "The server says no.")
    with sessions(engine, writes=True).begin() as session:
        assert claim_job(session, job, at, LEASE) is None
        run_again(session, job, at)
        assert take_promised(session) == (job,)
        again = claim_job(session, job, at, LEASE)
        assert again is not None
        assert again.tries == 1


def test_a_job_that_takes_every_worker_down_is_given_up(engine: Engine) -> None:
    job, at = promise(engine), NOW
    for _ in range(MOST_TRIES):
        with sessions(engine, writes=True).begin() as session:
            assert claim_job(session, job, at, LEASE) is not None
        at += LEASE + timedelta(seconds=1)
    with sessions(engine, writes=True).begin() as session:
        assert claim_job(session, job, at, LEASE) is None
        assert row(session, job).state == "failed"
        assert "The worker stopped in the middle" in row(session, job).told


def test_only_what_stopped_is_run_again(engine: Engine) -> None:
    job = promise(engine)
    with sessions(engine, writes=True)() as session:
        with pytest.raises(RefusedError, match="is waiting"):
            run_again(session, job, NOW)
        with pytest.raises(NotFoundError, match="no job 999"):
            run_again(session, 999, NOW)
        claim = claim_job(session, job, NOW, LEASE)
        assert claim is not None
        hold(session, claim, "No server is set.", NOW)
        assert list_due(session, LATER, 10) == []
        session.expire_all()
        run_again(session, job, NOW)
        assert list_due(session, NOW, 10) == [job]
        claim = claim_job(session, job, NOW, LEASE)
        assert claim is not None
        give_up(session, claim, "x" * 5000, NOW)
        assert len(row(session, job).told) == 1000


def test_mail_keeps_its_secrets_beside_its_words(engine: Engine) -> None:
    context = {"name": "Zoë <b>\nBcc: other@example.com\ue000link\ue001"}
    with sessions(engine, writes=True).begin() as session:
        job = mail(session, context)
        assert mail(session, context) == job
    with sessions(engine)() as session:
        found = find_mail(session, job)
        assert found is not None
        assert session.query(MailRow).count() == 1
        assert "abc" not in found.text + found.html
        assert "Hello Zoë <b>" in found.text
        assert "Hello Zoë &lt;b&gt;" in found.html
        assert "(link)" in hidden(found.text)
        message = Message(found.subject, found.text, found.html)
        sent = filled(message, {"link": LINK})
        assert sent.text.count(LINK) == 1
        assert 'href="https://deals.example.com/reset/abc?x=1&amp;y=&lt;2&gt;"' in sent.html
        assert "(forgotten)" in filled(message, {}).text


def mail(session: Session, context: dict[str, object]) -> int:
    return enqueue_mail(
        session, "zoe@example.com", "password-reset", context,
        key="reset:1", now=NOW, secrets={"link": LINK},
    )  # fmt: skip


@pytest.mark.parametrize("template", ["password-reset", "none-of-ours", "../errors"])
def test_a_message_that_cannot_be_written_is_no_promise(engine: Engine, template: str) -> None:
    with sessions(engine, writes=True)() as session:
        with pytest.raises(MailError, match=f"The message “{template}”"):
            enqueue_mail(session, "a@example.com", template, {}, key="x", now=NOW)
        assert session.query(JobRow).count() == 0


def test_a_timer_gives_each_turn_once(engine: Engine) -> None:
    every = timedelta(minutes=1)
    with sessions(engine, writes=True).begin() as session:
        assert worker_seen_at(session) is None
        turns = [
            take_turn(session, "trial", every, NOW + timedelta(seconds=wait))
            for wait in (0, 1, 59, 60, 61, 200)
        ]
        assert turns == [True, False, False, True, False, True]
        assert worker_seen_at(session) == NOW + timedelta(seconds=200)
        assert waiting_timers(session, NOW + timedelta(seconds=201)) == {"trial"}
        assert waiting_timers(session, NOW + timedelta(seconds=260)) == frozenset()


def test_what_was_done_long_ago_is_forgotten_with_its_words(engine: Engine) -> None:
    later = NOW + KEPT + timedelta(days=1)
    with sessions(engine, writes=True).begin() as session:
        done, failed = mail(session, {"name": "Zoë"}), promise_in(session, "trial:failed")
        claim = claim_job(session, done, NOW, LEASE)
        assert claim is not None
        end_job(session, claim, NOW)
        claim = claim_job(session, failed, NOW, LEASE)
        assert claim is not None
        give_up(session, claim, "Never.", NOW)
        waiting = promise_in(session, "trial:waiting")
    with sessions(engine, writes=True).begin() as session:
        assert forget_done(session, NOW + KEPT) == 0
        assert forget_done(session, later) == 1
    with sessions(engine)() as session:
        assert [one.id for one in list_jobs(session)] == [waiting, failed]
        assert session.query(MailRow).count() == 0


def test_a_message_that_stopped_forgets_its_links_after_a_week(engine: Engine) -> None:
    with sessions(engine, writes=True).begin() as session:
        secret, plain = (
            enqueue_mail(
                session, "zoe@example.com", "password-reset", {"name": "Zoë"} | given,
                key=key, now=NOW, secrets=secrets,
            )
            for key, given, secrets in (
                ("one", {}, {"link": "https://deals.example.com/reset/abc"}),
                ("two", {"link": "https://deals.example.com/help"}, None),
            )
        )  # fmt: skip
        for job in (secret, plain):
            claim = claim_job(session, job, NOW, LEASE)
            assert claim is not None
            hold(session, claim, "There is no mail server.", NOW)
    with sessions(engine, writes=True).begin() as session:
        forget_done(session, NOW + SECRETS_KEPT)
        kept = select(MailRow.secrets).where(MailRow.job_id == secret)
        assert "reset/abc" in str(session.scalar(kept))
        forget_done(session, NOW + SECRETS_KEPT + timedelta(seconds=1))
        assert session.scalar(kept) is None
        with pytest.raises(RefusedError, match="was forgotten 7 days after it stopped"):
            run_again(session, secret, LATER)
        run_again(session, plain, LATER)
        assert row(session, plain).state == "waiting"


def promise_in(session: Session, key: str) -> int:
    return enqueue(session, "trial", {}, key=key, now=NOW)
