"""Approvals on both databases: scenario A, every refusal with its sentence, events and mail."""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dealdesk.approvals.absences import record_absence
from dealdesk.approvals.lifecycle import RequestState
from dealdesk.approvals.models import DecisionRow
from dealdesk.approvals.request_models import RequestRow, SubmissionRow
from dealdesk.approvals.request_queries import (
    find_first_asked,
    get_request,
    list_asked,
    list_away,
)
from dealdesk.audit.queries import list_events
from dealdesk.audit.verification import verify
from dealdesk.deals.deal import Verdict
from dealdesk.deals.lifecycle import StageAction
from dealdesk.deals.models import DealRow, Stage
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import UserRoleRow, UserRow
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.identity.queries import get_actor
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError, RefusedError
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.models import MailRow
from dealdesk.workflows import approval_timers
from dealdesk.workflows.approval_changes import follow_change
from dealdesk.workflows.approval_timers import keep_limits
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.moving_on import move_on
from dealdesk.workflows.request_checks import Seen
from dealdesk.workflows.request_deciding import Said, answer, ask, decide, delegate
from dealdesk.workflows.stored_deals import StoredDeal
from dealdesk.workflows.submitting import submit_deal, withdraw_deal
from dealdesk.workflows.summaries import refresh_summaries
from tests.acme import (
    DISCOUNT_22,
    NOW,
    NUMBER,
    OWN_ESCROW,
    WALK_AWAY,
    Office,
    deal_text,
    store_deal,
)

APPROVED = Said(Verdict.APPROVED)
REJECTED = Said(Verdict.REJECTED, "Fifteen is too much for one site.")
PARALLEL = {"sales_manager", "commercial_counsel", "engineering"}


@pytest.fixture
def office(engine: Engine) -> Office:
    opened = Office(engine)
    opened.open()
    return opened


@pytest.fixture
def asked(office: Office) -> Office:
    """Give the office once the deal is submitted."""
    submit(office)
    return office


def submit(office: Office, note: str = "", who: str = "avery") -> None:
    office.do(
        who, lambda act, deal: submit_deal(act, deal, note, seen_version=deal.version_row.number)
    )


def seen(deal: StoredDeal, row: RequestRow) -> Seen:
    return Seen(row.revision, deal.version_row.number)


def on(
    office: Office, role: str, do: Callable[[Act, StoredDeal, RequestRow], object],
    kind: str = "approval",
) -> Callable[[Act, StoredDeal], object]:  # fmt: skip
    return lambda act, deal: do(act, deal, office.request(act.session, role, kind))


def decides(office: Office, who: str, role: str, said: Said = APPROVED) -> None:
    kind = "exception" if said.verdict is Verdict.EXCEPTION else "approval"
    office.do(who, on(office, role, lambda a, d, r: decide(a, d, r, said, seen(d, r)), kind))


def change(office: Office, *changes: tuple[str, str]) -> None:
    """Give the deal a new version, as the workbench does."""

    def step(act: Act, before: StoredDeal) -> None:
        store_deal(act.session, office.ids["avery"], deal_text(*changes), office.rules, office.now)
        follow_change(act, before, act.reload(before))

    office.do("avery", step)


def events(office: Office, *names: str) -> list[str]:
    with sessions(office.engine)() as session:
        found = list_events(session, office.stored(session).row.id)
    return [one.event for one in reversed(found) if not names or one.event in names]


def mails(office: Office, template: str) -> set[str]:
    with sessions(office.engine)() as session:
        wanted = select(MailRow.to_address).where(MailRow.template == template)
        return {to.partition("@")[0] for to in session.scalars(wanted)}


def refusal(error: type[DomainError], step: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        step()
    return str(caught.value)


# Submitting


@pytest.mark.parametrize(("who", "count"), [("morgan", 1), ("avery", 0)])
def test_the_first_page_shows_the_first_asked_and_counts_all(
    asked: Office, who: str, count: int
) -> None:
    with sessions(asked.engine)() as session:
        actor, policy = get_actor(session, asked.ids[who]), asked.rules.policy
        shown, total = find_first_asked(session, 1, actor=actor, policy=policy, away=())
        every = list_asked(session, actor=actor, policy=policy, away=())
    assert total == len(every) == count
    assert [one.request.id for one in shown] == [one.request.id for one in every][:1]


def test_three_roles_are_asked_in_parallel_with_all_their_reasons(asked: Office) -> None:
    assert asked.states() == dict.fromkeys(PARALLEL, "open")
    with sessions(asked.engine)() as session:
        reasons = {
            row.role: [(one["rule"], one["tested"]) for one in row.reasons]
            for row in session.scalars(select(RequestRow))
        }
        due = {row.role: row.due_at for row in session.scalars(select(RequestRow))}
    assert reasons["sales_manager"] == [("discount", "15"), ("discount", "15")]
    assert reasons["commercial_counsel"] == [("position", "fallback-1")]
    assert [rule for rule, _ in reasons["engineering"]] == ["uptime", "position", "position"]
    # 24 business hours from Wednesday 10:00 in New York are Monday 10:00.
    assert due["engineering"] == datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert mails(asked, "approval-asked") == {"morgan", "cameron", "casey", "emery"}


def test_submitting_twice_asks_once(asked: Office) -> None:
    submit(asked)
    submit(asked, who="sam")
    with sessions(asked.engine)() as session:
        assert session.scalar(select(func.count()).select_from(SubmissionRow)) == 1
    assert events(asked, "approvals:request:opened") == ["approvals:request:opened"] * 3


def test_a_stale_page_submits_nothing(office: Office) -> None:
    told = refusal(
        ConflictError,
        lambda: office.do("avery", lambda act, deal: submit_deal(act, deal, "", seen_version=7)),
    )
    assert "You looked at version 7; the deal is at version 1 now." in told
    assert office.states() == {}


def test_a_deal_that_needs_nobody_asks_nobody(engine: Engine) -> None:
    office = Office(engine)
    plain = deal_text(
        ('discount_pct: "15"', 'discount_pct: "0"'), ("  uptime:\n    position: fallback-1\n", "")
    )
    plain = plain.replace("  escrow:\n    position: fallback-1\n", "")
    office.open(plain)
    assert "Nobody has anything to decide" in refusal(RefusedError, lambda: submit(office))


def test_what_is_withdrawn_is_asked_anew_later(asked: Office) -> None:
    decides(asked, "morgan", "sales_manager")

    def back(act: Act, deal: StoredDeal) -> None:
        assert deal.submission is not None
        withdraw_deal(act, deal, seen=deal.submission.id)

    asked.do("avery", back)
    assert asked.states() == {
        "sales_manager": "approved",
        "commercial_counsel": "withdrawn",
        "engineering": "withdrawn",
    }
    told = refusal(
        ConflictError, lambda: asked.do("avery", lambda act, deal: withdraw_deal(act, deal, seen=1))
    )
    assert "is not submitted" in told
    submit(asked)
    assert asked.states()["engineering"] == "open"
    assert asked.states()["sales_manager"] == "approved"


# Deciding


def test_all_approvals_clear_the_deal_and_are_in_the_record(asked: Office) -> None:
    decides(asked, "morgan", "sales_manager", Said(Verdict.APPROVED, "Only with three years."))
    decides(asked, "casey", "commercial_counsel")
    decides(asked, "emery", "engineering")
    with sessions(asked.engine)() as session:
        deal = asked.stored(session)
        assert deal.quote.standing.is_clear
        assert [one.person for one in deal.quote.deal.decisions] == [
            "Morgan Muestra",
            "Casey Exempel",
            "Emery Muster",
        ]
        assert deal.quote.deal.decisions[0].conditions == "Only with three years."
        found = verify(session)
    assert found.breaks == ()
    assert events(asked)[-3:] == ["approvals:decision:recorded"] * 3
    assert mails(asked, "approval-told") == {"avery"}


@pytest.mark.parametrize(
    ("who", "role", "told"),
    [
        ("avery", "sales_manager", "Avery Seller owns the deal and can't decide on it."),
        ("adrian", "engineering", "You do not decide as Engineering."),
        ("vivian", "sales_manager", "You do not decide as Sales manager."),
        ("emery", "commercial_counsel", "You do not decide as Commercial counsel."),
    ],
)
def test_nobody_decides_who_may_not(asked: Office, who: str, role: str, told: str) -> None:
    assert told in refusal(RefusedError, lambda: decides(asked, who, role))
    assert asked.states()[role] == "open"
    assert events(asked, "approvals:decision:recorded") == []


def test_not_even_an_administrator_decides_on_their_own_deal(asked: Office) -> None:
    """The owner is made an administrator with every deciding role, and is still refused."""
    from dealdesk.identity.models import UserRoleRow  # noqa: PLC0415

    with sessions(asked.engine, writes=True).begin() as session:
        for role in ("administrator", "sales_manager", "engineering"):
            session.add(UserRoleRow(user_id=asked.ids["avery"], role=role))
    for role in ("sales_manager", "engineering"):
        told = refusal(RefusedError, lambda role=role: decides(asked, "avery", role))
        assert "Avery Seller owns the deal and can't decide on it." in told


def test_who_submits_for_another_decides_nothing_on_it(office: Office) -> None:
    submit(office, who="morgan")
    told = refusal(RefusedError, lambda: decides(office, "morgan", "sales_manager"))
    assert "Morgan Muestra submitted the deal and can't decide on it." in told


def test_the_same_click_twice_decides_once_and_another_verdict_is_refused(asked: Office) -> None:
    decides(asked, "emery", "engineering")
    decides(asked, "emery", "engineering")
    with sessions(asked.engine)() as session:
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 1
    told = refusal(ConflictError, lambda: decides(asked, "emery", "engineering", REJECTED))
    assert "This request was approved on 18 Nov 2026, 15:00 UTC." in told
    told = refusal(ConflictError, lambda: decides(asked, "sasha", "engineering"))
    assert "This request was approved" in told


def test_one_person_decides_in_one_role_alone(asked: Office) -> None:
    from dealdesk.identity.models import UserRoleRow  # noqa: PLC0415

    with sessions(asked.engine, writes=True).begin() as session:
        session.add(UserRoleRow(user_id=asked.ids["emery"], role="commercial_counsel"))
    decides(asked, "emery", "engineering")
    told = refusal(RefusedError, lambda: decides(asked, "emery", "commercial_counsel"))
    assert "Emery Muster decided on this deal as Engineering already." in told


def test_a_rejection_needs_its_reason_and_stops_the_role_until_something_is_new(
    asked: Office,
) -> None:
    bare = Said(Verdict.REJECTED, "  ")
    assert "The reason is missing." in refusal(
        DomainError, lambda: decides(asked, "morgan", "sales_manager", bare)
    )
    decides(asked, "morgan", "sales_manager", REJECTED)
    assert "Sales manager rejected just this." in refusal(RefusedError, lambda: submit(asked))
    submit(asked, "They sign three years now.")
    assert asked.states()["sales_manager"] == "open"
    assert events(asked, "approvals:request:superseded") == []


def test_words_have_a_longest_length(asked: Office) -> None:
    long = Said(Verdict.APPROVED, "x" * 10_000)
    assert "has 10,000 characters; 4,000 are the most" in refusal(
        DomainError, lambda: decides(asked, "morgan", "sales_manager", long)
    )


def test_each_state_takes_what_its_table_lets_it(asked: Office) -> None:
    """A settled or waiting request takes nothing; an open or questioned one takes every action."""

    def step(action: str, act: Act, deal: StoredDeal, row: RequestRow) -> None:
        match action:
            case "decide":
                decide(act, deal, row, APPROVED, seen(deal, row))
            case "ask":
                ask(act, deal, row, "Which regions?", seen(deal, row))
            case "delegate":
                to = get_actor(act.session, asked.ids["sasha"])
                delegate(act, deal, row, to, seen(deal, row))
            case "answer":
                answer(act, deal, row, "Both.")

    takes = {
        "open": {"decide", "ask", "delegate"},
        "questioned": {"decide", "ask", "delegate", "answer"},
    }
    for state in RequestState:
        for action in ("decide", "ask", "delegate", "answer"):
            with sessions(asked.engine, writes=True)() as session:
                row = asked.request(session, "engineering")
                row.state = state.value
                if state not in {"open", "questioned", "waiting"}:
                    row.closed_at, row.closed_by_id = NOW, asked.ids["sasha"]
                session.flush()
                act, deal = asked.act(session, "emery"), asked.stored(session)
                if action in takes.get(state.value, set()):
                    step(action, act, deal, row)
                    assert row.state != RequestState.WAITING
                else:
                    with pytest.raises(ConflictError, match=f"This request (was|is) {state.value}"):
                        step(action, act, deal, row)
                session.rollback()


# Stages


def test_a_later_stage_waits_for_the_earlier_and_a_rejection_holds_it_back(
    engine: Engine,
) -> None:
    office = Office(engine)
    office.open(deal_text(("quantity: 600", "quantity: 2000")))  # over a million: the CFO's as well
    submit(office)
    assert office.states()["cfo"] == "waiting"
    told = refusal(ConflictError, lambda: decides(office, "finley", "cfo"))
    assert "This request is waiting" in told
    decides(office, "morgan", "sales_manager")
    decides(office, "cameron", "commercial_counsel")
    decides(office, "emery", "engineering", Said(Verdict.REJECTED, "One region alone."))
    assert office.states()["cfo"] == "waiting"
    office.now += timedelta(hours=1)
    submit(office, "Two regions it is.")
    decides(office, "emery", "engineering")
    assert office.states()["cfo"] == "open"
    assert "finley" in mails(office, "approval-asked")
    decides(office, "finley", "cfo")
    with sessions(office.engine)() as session:
        assert office.stored(session).quote.standing.is_clear


# Questions


def test_a_question_stops_the_clock_until_its_answer(asked: Office) -> None:
    with sessions(asked.engine)() as session:
        due = asked.request(session, "engineering").due_at
    assert due is not None
    question = "Are both regions warm?"
    asked.do("emery", on(asked, "engineering", lambda a, d, r: ask(a, d, r, question, seen(d, r))))
    assert asked.states()["engineering"] == "questioned"
    assert mails(asked, "approval-told") == {"avery"}
    asked.now += timedelta(hours=2)
    asked.do("avery", on(asked, "engineering", lambda a, d, r: answer(a, d, r, "Both are.")))
    with sessions(asked.engine)() as session:
        row = asked.request(session, "engineering")
        assert (row.state, row.due_at) == ("open", due + timedelta(hours=2))
    told = refusal(
        ConflictError,
        lambda: asked.do("avery", on(asked, "engineering", lambda a, d, r: answer(a, d, r, "Yes"))),
    )
    assert "This request is open, so nobody can answer it." in told
    assert mails(asked, "approval-told") == {"avery", "emery"}


def test_a_page_from_before_a_question_is_stale(asked: Office) -> None:
    with sessions(asked.engine)() as session:
        old = seen(asked.stored(session), asked.request(session, "engineering"))
    asked.do("emery", on(asked, "engineering", lambda a, d, r: ask(a, d, r, "Why?", seen(d, r))))
    told = refusal(
        ConflictError,
        lambda: asked.do(
            "emery", on(asked, "engineering", lambda a, d, r: decide(a, d, r, APPROVED, old))
        ),
    )
    assert "Somebody asked, answered or delegated here" in told


# Delegation and absences


def test_a_request_is_given_to_somebody_whom_the_policy_lets_stand_in(asked: Office) -> None:
    def give(to: str) -> Callable[[], object]:
        return lambda: asked.do(
            "emery",
            on(
                asked,
                "engineering",
                lambda a, d, r: delegate(a, d, r, get_actor(a.session, asked.ids[to]), seen(d, r)),
            ),
        )

    assert (
        "Finley Exemple does not hold Engineering, and the policy lets Head of support or"
        " Chief information security officer stand in for it."
        in refusal(RefusedError, give("finley"))
    )
    assert "Avery Seller owns the deal" in refusal(RefusedError, give("avery"))
    assert "It is with you already." in refusal(RefusedError, give("emery"))
    give("sasha")()
    give("sasha")()
    assert events(asked, "approvals:request:delegated") == ["approvals:request:delegated"]
    assert "sasha" in mails(asked, "approval-asked")
    decides(asked, "sasha", "engineering")
    with sessions(asked.engine)() as session:
        last = list_events(session, asked.stored(session).row.id, limit=1)[0]
    assert last.facts["capacity"] == "delegate"


def test_who_is_away_is_covered_for(office: Office) -> None:
    with sessions(office.engine, writes=True).begin() as session:
        actor = office.actor
        record_absence(
            session,
            actor(session, "emery"),
            actor(session, "sasha"),
            office.rules.policy,
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=9),
            now=NOW,
        )
    submit(office)
    assert mails(office, "approval-asked") == {"morgan", "cameron", "casey", "sasha"}
    decides(office, "sasha", "engineering")
    with sessions(office.engine)() as session:
        last = list_events(session, office.stored(session).row.id, limit=1)[0]
    assert last.facts["capacity"] == "cover"


def test_who_covers_for_a_manager_sees_and_decides_on_that_managers_deals_alone(
    office: Office,
) -> None:
    """The deal is North's: who covers for West's manager holds the role, and is not asked."""
    with sessions(office.engine, writes=True).begin() as session:
        west = NewPerson("west@example.com", "Wes West", ("sales_manager",), "West")
        office.ids["west"] = add_user(session, SYSTEM, west, NOW).id
        record_absence(
            session,
            office.actor(session, "west"),
            office.actor(session, "other"),
            office.rules.policy,
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=9),
            now=NOW,
        )
    submit(office)
    with sessions(office.engine)() as session:
        row, away = office.request(session, "sales_manager"), list_away(session, NOW)
        policy = office.rules.policy
        for who in ("other", "west"):
            actor = office.actor(session, who)
            assert list_asked(session, actor=actor, policy=policy, away=away) == []
            with pytest.raises(NotFoundError):
                get_request(session, row.id, actor=actor, policy=policy, away=away)
    told = "You do not decide as Sales manager"
    assert told in refusal(RefusedError, lambda: decides(office, "other", "sales_manager"))
    with sessions(office.engine, writes=True).begin() as session:
        record_absence(
            session,
            office.actor(session, "morgan"),
            office.actor(session, "other"),
            office.rules.policy,
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=9),
            now=NOW,
        )
        away, actor = list_away(session, NOW), office.actor(session, "other")
        (one,) = list_asked(session, actor=actor, policy=policy, away=away)
        assert (one.request.id, one.owned.team) == (row.id, office.actor(session, "avery").team)
    decides(office, "other", "sales_manager")
    with sessions(office.engine)() as session:
        last = list_events(session, office.stored(session).row.id, limit=1)[0]
    assert last.facts["capacity"] == "cover"


@pytest.mark.parametrize(
    ("cover", "start", "end", "told"),
    [
        ("finley", 0, 9, "does not hold Engineering"),
        ("emery", 0, 9, "Nobody covers for themself."),
        ("sasha", 5, 5, "The last day is before the first."),
        ("sasha", -9, -5, "That time is over."),
        ("sasha", 0, 400, "An absence lasts a year at most."),
        ("sasha", 2, 4, "You are away from"),
    ],
)
def test_a_wrong_absence_is_refused_with_its_sentence(
    office: Office, cover: str, start: int, end: int, told: str
) -> None:
    def away(session: Session, who: str, first: int, last: int) -> None:
        actor = office.actor
        record_absence(
            session,
            actor(session, "emery"),
            actor(session, who),
            office.rules.policy,
            starts_at=NOW + timedelta(days=first),
            ends_at=NOW + timedelta(days=last),
            now=NOW,
        )

    with sessions(office.engine, writes=True)() as session:
        if "You are away" in told:
            away(session, "sasha", 1, 9)
        assert told in refusal(DomainError, lambda: away(session, cover, start, end))


# Changes


def test_only_what_changed_falls(asked: Office) -> None:
    """Scenario A, step 4: pricing falls with the discount, legal with its words, a note nothing."""
    decides(asked, "morgan", "sales_manager")
    decides(asked, "cameron", "commercial_counsel")
    decides(asked, "emery", "engineering")
    change(asked, DISCOUNT_22)
    with sessions(asked.engine)() as session:
        assert [one.role for one in asked.stored(session).quote.standing.open] == ["vp_sales"]
    submit(asked)
    assert asked.states()["vp_sales"] == "open"
    change(asked, ("title: Enterprise SaaS", "title: Enterprise SaaS, renamed"))
    change(asked)  # back at 15 %, which the sales manager has approved
    with sessions(asked.engine)() as session:
        assert asked.stored(session).quote.standing.is_clear
    assert asked.states()["vp_sales"] == "superseded"
    assert events(asked, "approvals:decision:lapsed") == []
    change(asked, OWN_ESCROW)
    with sessions(asked.engine)() as session:
        opened = asked.stored(session).quote.standing.open
        assert {one.role for one in opened} <= {
            "commercial_counsel", "engineering", "general_counsel",
        }  # fmt: skip
        lapsed = [
            one.facts
            for one in list_events(session, asked.stored(session).row.id)
            if one.event == "approvals:decision:lapsed"
        ]
    assert {(one["role"], one["subject"]) for one in lapsed} == {
        ("commercial_counsel", "escrow"),
        ("engineering", "escrow"),
    }
    assert all(one["from_passage"] != one["to_passage"] for one in lapsed)


def test_a_decision_on_what_changed_meanwhile_is_refused_with_what_moved(asked: Office) -> None:
    def late(act: Act, deal: StoredDeal, row: RequestRow) -> None:
        before = seen(deal, row)
        text = deal_text(('discount_pct: "15"', 'discount_pct: "18"'))
        store_deal(act.session, asked.ids["avery"], text, asked.rules, asked.now)
        decide(act, act.reload(deal), row, APPROVED, before)

    told = refusal(ConflictError, lambda: asked.do("morgan", on(asked, "sales_manager", late)))
    assert (
        "It was: The highest line discount is 15 %, above 10."
        " It is now: The highest line discount is 18 %, above 10." in told
    )
    # What counsel decides on is as it was, so that only the version moved on under them.
    told = refusal(
        ConflictError, lambda: asked.do("cameron", on(asked, "commercial_counsel", late))
    )
    assert "You looked at version 1; the deal is at version 2 now" in told


# Walk-aways


def test_a_walk_away_blocks_until_both_roles_except_it_and_again_once_that_expires(
    engine: Engine,
) -> None:
    office = Office(engine)
    office.open(deal_text(WALK_AWAY))
    submit(office)
    states = office.states()
    assert {"general_counsel!": "waiting", "cfo!": "waiting"}.items() <= states.items()
    for who, role in (("morgan", "sales_manager"), ("cameron", "commercial_counsel")):
        decides(office, who, role)
    for who, role in (("emery", "engineering"), ("frankie", "finance")):
        if states.get(role) == "open":
            decides(office, who, role)
    until = NOW + timedelta(days=30)
    excepts = Said(Verdict.EXCEPTION, "A reference customer; the board knows.", until)
    assert office.states()["general_counsel!"] == "open"
    for wrong, told in (
        (replace(excepts, expires_at=None), "An exception holds until a day."),
        (replace(excepts, expires_at=NOW), "from now until a day within a year"),
        (replace(excepts, expires_at=NOW + timedelta(days=500)), "within a year"),
        (replace(excepts, words=""), "The reason is missing."),
    ):
        assert told in refusal(
            DomainError, lambda wrong=wrong: decides(office, "gale", "general_counsel", wrong)
        )
    decides(office, "gale", "general_counsel", excepts)
    with sessions(engine)() as session:
        assert office.stored(session).quote.standing.blocked
    decides(office, "finley", "cfo", excepts)
    # What the walk-away promises needs its approval all the same: that is another question.
    decides(office, "gale", "general_counsel")
    if office.states().get("cfo") == "open":
        decides(office, "finley", "cfo")
    with sessions(engine)() as session:
        assert office.stored(session).quote.standing.is_clear
    office.now = until
    with sessions(engine)() as session:
        stands = office.stored(session).quote.standing
        assert len(stands.blocked) == 1
        assert len(stands.expired) == 2
    submit(office)
    assert office.states()["cfo!"] == "open"


# Limits


def test_the_timer_reminds_then_escalates_each_once(asked: Office) -> None:
    def run(at: datetime) -> int:
        with sessions(asked.engine, writes=True).begin() as session:
            return keep_limits(session, asked.rules, at)

    decides(asked, "morgan", "sales_manager")
    decides(asked, "cameron", "commercial_counsel")
    due = datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert run(due - timedelta(seconds=1)) == 0
    assert run(due) == 1
    assert run(due) == 0
    assert mails(asked, "approval-reminder") == {"emery"}
    # Eight business hours on: Tuesday at 10:00 in New York.
    assert run(due + timedelta(hours=23)) == 0
    assert run(due + timedelta(hours=24)) == 1
    assert run(due + timedelta(days=30)) == 0
    assert mails(asked, "approval-escalated") == {"dana"}
    assert events(asked)[-2:] == ["approvals:request:reminded", "approvals:request:escalated"]


def test_the_timer_reads_no_deal_that_has_nothing_due(
    asked: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was reminded waits for its escalation without a quote each minute."""
    read: list[str] = []
    load = approval_timers.load_stored_deal

    def counted(session: Session, deal: DealRow, *rest: object) -> StoredDeal:
        read.append(deal.number)
        if len(read) == 1:
            raise DomainError.of("unreadable", "The library lacks it.")
        return load(session, deal, *rest)

    monkeypatch.setattr(approval_timers, "load_stored_deal", counted)

    def run(at: datetime) -> int:
        read_before = len(read)
        with sessions(asked.engine, writes=True).begin() as session:
            done = keep_limits(session, asked.rules, at)
        assert len(read) - read_before >= done
        return done

    due = datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert run(due) == len(PARALLEL) - 1
    assert f"on {NUMBER}: The library lacks it." in caplog.text
    assert run(due) == 1
    count = len(read)
    assert run(due + timedelta(hours=1)) == 0
    assert len(read) == count


def test_a_question_is_not_late(asked: Office) -> None:
    for role in PARALLEL:
        who = {"sales_manager": "morgan", "commercial_counsel": "casey", "engineering": "emery"}
        asked.do(who[role], on(asked, role, lambda a, d, r: ask(a, d, r, "Why?", seen(d, r))))
    with sessions(asked.engine, writes=True).begin() as session:
        assert keep_limits(session, asked.rules, NOW + timedelta(days=90)) == 0


# Two at once


def click(settings: Settings, ids: dict[str, int], who: str, verdict: str, at: float) -> str:
    """Decide as counsel in a process of one's own, at a moment that both have agreed on."""
    office = Office(make_engine(settings), ids=ids)
    office.rules  # noqa: B018 - loaded before the moment comes
    time.sleep(max(at - time.monotonic(), 0))
    said = APPROVED if verdict == "approved" else REJECTED
    try:
        decides(office, who, "commercial_counsel", said)
    except ConflictError as error:
        return str(error)
    finally:
        office.engine.dispose()
    return "done"


def test_of_two_processes_that_decide_at_once_one_wins_and_the_other_is_told(
    asked: Office, settings: Settings
) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        started = [
            pool.submit(click, settings, asked.ids, who, verdict, time.monotonic() + 5)
            for who, verdict in (("cameron", "approved"), ("casey", "rejected"))
        ]
        outcomes = sorted(one.result(timeout=120) for one in started)
    assert outcomes[1] == "done"
    assert "This request was" in outcomes[0]
    with sessions(asked.engine)() as session:
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 1
    assert events(asked, "approvals:decision:recorded") == ["approvals:decision:recorded"]


def press_submit(settings: Settings, ids: dict[str, int], who: str, at: float) -> str:
    """Submit the deal in a process of one's own, at a moment that both have agreed on."""
    office = Office(make_engine(settings), ids=ids)
    time.sleep(max(at - time.monotonic(), 0))
    try:
        submit(office, who=who)
    finally:
        office.engine.dispose()
    return "done"


def test_two_processes_that_submit_at_once_ask_once(office: Office, settings: Settings) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        started = [
            pool.submit(press_submit, settings, office.ids, who, time.monotonic() + 5)
            for who in ("avery", "sam")
        ]
        assert [one.result(timeout=120) for one in started] == ["done", "done"]
    assert office.states() == dict.fromkeys(PARALLEL, "open")
    assert events(office, "approvals:deal:submitted") == ["approvals:deal:submitted"]


# Deals that are closed


def test_a_lost_deal_asks_nobody_and_nobody_decides_on_it(asked: Office) -> None:
    decides(asked, "emery", "engineering")
    with sessions(asked.engine)() as session:
        number = asked.request(session, "commercial_counsel").id
    asked.do("avery", lambda act, deal: move_on(act, deal, StageAction.LOSE, "They bought else."))
    assert asked.states() == {
        "sales_manager": "withdrawn",
        "commercial_counsel": "withdrawn",
        "engineering": "approved",
    }
    told = "at the stage “lost”; nobody decides on it now"
    assert told in refusal(RefusedError, lambda: submit(asked))
    assert "This request was withdrawn" in refusal(
        ConflictError, lambda: decides(asked, "cameron", "commercial_counsel")
    )
    with sessions(asked.engine)() as session:
        assert asked.request(session, "commercial_counsel").id == number
    asked.do("avery", lambda act, deal: move_on(act, deal, StageAction.REVIVE))
    submit(asked)
    assert asked.states()["commercial_counsel"] == "open"
    assert asked.states()["engineering"] == "approved"


@pytest.mark.parametrize("stage", [Stage.LOST, Stage.SIGNED])
def test_a_request_left_on_a_closed_deal_is_not_shown_reminded_or_decided(
    asked: Office, stage: Stage
) -> None:
    """Deals that were closed before requests were taken back with them."""
    with sessions(asked.engine, writes=True).begin() as session:
        asked.stored(session).row.stage = stage.value
    late = NOW + timedelta(days=30)
    with sessions(asked.engine, writes=True).begin() as session:
        assert keep_limits(session, asked.rules, late) == 0
        actor, policy = asked.actor(session, "emery"), asked.rules.policy
        assert list_asked(session, actor=actor, policy=policy, away=()) == []
        shown = find_first_asked(session, 5, actor=actor, policy=policy, away=())
        assert shown == ((), 0)
    told = f"at the stage “{stage.value}”; nobody decides on it now"
    question = on(asked, "engineering", lambda a, d, r: ask(a, d, r, "Why?", seen(d, r)))
    assert told in refusal(RefusedError, lambda: decides(asked, "emery", "engineering"))
    assert told in refusal(RefusedError, lambda: asked.do("emery", question))
    reply = on(asked, "engineering", lambda a, d, r: answer(a, d, r, "So."))
    assert told in refusal(RefusedError, lambda: asked.do("avery", reply))


# Records that end


def test_a_deal_is_asked_about_records_that_ended_after_it_was_begun(engine: Engine) -> None:
    """The record of what the service can do ends on 30 June 2027; the deal is of November 2026."""
    office = Office(engine)
    office.open()
    submit(office)
    for who, role in (
        ("morgan", "sales_manager"),
        ("cameron", "commercial_counsel"),
        ("emery", "engineering"),
    ):
        decides(office, who, role)

    def opened(at: datetime) -> dict[str, list[str]]:
        office.now = at
        with sessions(office.engine)() as session:
            found = office.stored(session).quote.standing.open
        return {one.role: [reason.message for reason in one.reasons] for one in found}

    last_day = datetime(2027, 6, 30, 12, tzinfo=UTC)
    assert opened(last_day) == {}
    found = opened(last_day + timedelta(days=1))
    assert set(found) >= {"engineering", "support_head"}
    assert "ended on 2027-06-30" in " ".join(found["support_head"])
    assert opened(last_day + timedelta(days=200)).keys() >= found.keys()
    with sessions(office.engine, writes=True).begin() as session:
        rules = office.rules
        assert refresh_summaries(session, rules, now=last_day) == 0
        assert refresh_summaries(session, rules, now=last_day + timedelta(days=1)) == 1
        assert refresh_summaries(session, rules, now=last_day + timedelta(days=2)) == 0
        office.stored(session).row.stage = Stage.SIGNED.value
    assert opened(last_day + timedelta(days=1)) == {}


# Who is who


def test_a_person_is_told_by_their_id_and_not_by_a_name_that_others_may_have(
    office: Office,
) -> None:
    """The owner under another name stays the owner; who shares the old name is somebody else."""
    submit(office)
    with sessions(office.engine, writes=True).begin() as session:
        owner = session.get(UserRow, office.ids["avery"])
        assert owner is not None
        owner.name = "Avery Married"
        for role in ("engineering", "sales_manager"):
            session.add(UserRoleRow(user_id=owner.id, role=role))
        namesake = session.get(UserRow, office.ids["emery"])
        assert namesake is not None
        namesake.name = "Avery Seller"
    told = "Avery Married owns the deal and can't decide on it."
    assert told in refusal(RefusedError, lambda: decides(office, "avery", "engineering"))
    decides(office, "emery", "engineering")
    with sessions(office.engine)() as session:
        standing = office.stored(session).quote.standing
        assert standing.not_counted == ()
        assert {one.decision.person for one in standing.covered} == {"Avery Seller"}
