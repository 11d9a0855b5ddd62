"""The review of a round, change by change: look, decide, note, finish."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, request, url_for
from sqlalchemy.orm import Session

from dealdesk.deals.queries import READ
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError, Problem, RefusedError
from dealdesk.negotiation.lifecycle import RoundState
from dealdesk.negotiation.model import Answer, Verdict
from dealdesk.negotiation.models import RoundRow
from dealdesk.negotiation.operations import add_note, decide_change
from dealdesk.negotiation.queries import (
    Reviewed,
    answers_of,
    get_change,
    get_round,
    list_remarks,
    list_reviewed,
)
from dealdesk.negotiation.standing import progress_of, seen_of
from dealdesk.negotiation.taking import can_be_countered, hindrance
from dealdesk.web.access import requires
from dealdesk.web.deal import load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import looked_up, page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.negotiation import DECIDE, STATES, TAKE_IN, may_on
from dealdesk.web.round_view import (
    VERDICTS,
    ChangeCard,
    cards_of,
    consequence_of,
    groups_of,
    if_accepted,
    in_order,
    passage_of,
    playbook_of,
    spots_of,
)
from dealdesk.web.steps import act, refused, sent_number
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.deal_edits import clause_titles
from dealdesk.workflows.recording import next_rules
from dealdesk.workflows.round_answers import Prepared, prepare_answer, record_prepared
from dealdesk.workflows.rounds import base_tree
from dealdesk.workflows.stored_deals import StoredDeal, get_stored_deal

blueprint = Blueprint(
    "round_review", __name__, url_prefix="/deals/<number>/negotiation/rounds/<int:round_number>"
)
_UNSTATED = "export-unprinted"
_NO_VERDICT = Problem("verdict", "Choose: accept, reject or counter.")


@dataclass(frozen=True, slots=True)
class Refused:
    """What a form was refused for, and which form: "decide", "note" or "finish"."""

    form: str = ""
    problems: tuple[Problem, ...] = ()


@blueprint.get("")
@requires(READ)
def show(number: str, round_number: int) -> str:
    """Show a round: its changes by clause, one in its passage, and what can be decided on it."""
    stored = load_deal(number)
    return _page(stored, get_round(session(), stored.row.id, round_number))


@blueprint.post("/changes/<int:change>/decisions")
@requires(DECIDE)
@transactional
def decide(number: str, round_number: int, change: int) -> Response | tuple[str, int]:
    """Record what was decided on a change, and lead to the next one."""
    stored = load_deal(number, DECIDE)
    row = get_round(session(), stored.row.id, round_number)
    one = get_change(session(), row.id, change)
    given = request.form
    try:
        verdict = Verdict(given.get("verdict", ""))
    except ValueError:
        return _page(stored, row, change, Refused("decide", (_NO_VERDICT,))), 422
    actor, now = current_actor(), desk().clock.now()
    answer = Answer(verdict, _typed("words"), actor.name, *_spot(given.get("at", "")))
    seen = sent_number("seen")
    problems, status = refused(
        lambda: decide_change(
            session(), actor, row, one, answer, reason=_typed("reason"), seen=seen, now=now
        )
    )
    if problems:
        return _again(number, round_number, change, Refused("decide", problems)), status
    following = _following(stored, list_reviewed(session(), row.id), change)
    return _to(number, round_number, following)


@blueprint.post("/changes/<int:change>/notes")
@requires(TAKE_IN)
@transactional
def note(number: str, round_number: int, change: int) -> Response | tuple[str, int]:
    """Add a note to a change; it stays with us."""
    stored = load_deal(number, TAKE_IN)
    row = get_round(session(), stored.row.id, round_number)
    one = get_change(session(), row.id, change)
    actor, now = current_actor(), desk().clock.now()
    problems, status = refused(
        lambda: add_note(session(), actor, row, one, text=_typed("note"), now=now)
    )
    if problems:
        return _again(number, round_number, change, Refused("note", problems)), status
    return _to(number, round_number, change)


@blueprint.post("/answer")
@requires(DECIDE)
def finish(number: str, round_number: int) -> Response | tuple[str, int]:
    """Answer the round: a new version of the agreement, and their file with our marks."""
    seen, unstated = request.form.get("seen", ""), tuple(request.form.getlist("unstated"))
    try:
        # Made and proved before anything is written; nobody waits for it at the database.
        prepared = looked_up(lambda unit: _prepared(unit, number, round_number, seen, unstated))
    except NotFoundError:
        raise
    except DomainError as error:
        refusal = Refused("finish", error.problems)
        status = 409 if isinstance(error, ConflictError | RefusedError) else 422
        return _again(number, round_number, None, refusal), status
    return _finish(number, round_number, prepared)


@transactional
def _finish(number: str, round_number: int, prepared: Prepared) -> Response | tuple[str, int]:
    stored = load_deal(number, DECIDE)
    row = get_round(session(), stored.row.id, round_number)
    storage = desk().storage
    problems, status = refused(lambda: record_prepared(act(), stored, row, storage, prepared))
    if problems:
        return _again(number, round_number, None, Refused("finish", problems)), status
    return make_response(redirect(url_for("negotiation.show", number=number), 303))


def _prepared(
    unit: Session, number: str, round_number: int, seen: str, unstated: tuple[str, ...]
) -> Prepared:
    parts, actor, now = desk(), current_actor(), desk().clock.now()
    stored = get_stored_deal(unit, number, parts.rules, actor=actor, needs=DECIDE, now=now)
    row = get_round(unit, stored.row.id, round_number)
    return prepare_answer(
        unit, actor, stored, row, parts.storage, seen=seen, unstated=unstated, now=now
    )


def _typed(name: str) -> str:
    """Return what was typed into a field, with one kind of line break."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")


def _spot(name: str) -> tuple[str, int]:
    """Return the block and run that a form names as the place of our words, none without."""
    block, bar, run = name.partition("|")
    is_run = run.isascii() and run.isdecimal() and len(run) < 5  # noqa: PLR2004 - no block has more
    return (block, int(run)) if bar and is_run else ("", -1)


def _again(number: str, round_number: int, change: int | None, refusal: Refused) -> str:
    """Return the page as it is now, with what was refused and everything that was typed."""
    stored = load_deal(number)
    return _page(stored, get_round(session(), stored.row.id, round_number), change, refusal)


def _following(stored: StoredDeal, reviewed: Sequence[Reviewed], change: int) -> int:
    """Return the next change that waits, from a change on; the change itself where none does."""
    cards = in_order(groups_of(cards_of(reviewed, clause_titles(stored.rules.library))))
    ids = [card.reviewed.id for card in cards]
    at = ids.index(change) + 1 if change in ids else 0
    waiting = [card.reviewed.id for card in (*cards[at:], *cards[:at]) if card.reviewed.is_waiting]
    return waiting[0] if waiting else change


def _to(number: str, round_number: int, change: int) -> Response:
    target = url_for("round_review.show", number=number, round_number=round_number, change=change)
    return make_response(redirect(f"{target}#p-change", 303))


def _page(
    stored: StoredDeal, row: RoundRow, change: int | None = None, refusal: Refused | None = None
) -> str:
    refusal = refusal or Refused()
    reviewed = list_reviewed(session(), row.id)
    groups = groups_of(cards_of(reviewed, clause_titles(stored.rules.library)))
    cards = in_order(groups)
    wanted = change if change is not None else sent_number("change", request.args)
    card = _chosen(cards, wanted)
    progress = progress_of(reviewed)
    is_open = row.state == RoundState.OPEN.value
    is_open = is_open and row.base_version_id == stored.version_row.id
    return page(
        "negotiation/review.html",
        gettext("Round %(number)d", number=row.number),
        stored=stored,
        deal=stored.quote.deal,
        round=row,
        state=STATES[row.state],
        groups=groups,
        progress=progress,
        seen=seen_of(reviewed),
        may_decide=is_open and may_on(stored, DECIDE),
        may_note=may_on(stored, TAKE_IN),
        is_open=is_open,
        refusal=refusal,
        unstated=[p.place.path for p in refusal.problems if p.code == _UNSTATED],
        typed=request.form,
        remarks=list_remarks(session(), row.id),
        total=_total(stored, reviewed) if is_open and progress.decided else None,
        **_about(stored, row, reviewed, cards, card, is_open=is_open),
    )


def _total(stored: StoredDeal, reviewed: Sequence[Reviewed]) -> object:
    rules = next_rules(session(), stored)
    return consequence_of(stored, rules, reviewed, answers_of(reviewed))


def _chosen(cards: Sequence[ChangeCard], wanted: int) -> ChangeCard | None:
    named = next((card for card in cards if card.reviewed.id == wanted), None)
    waiting = next((card for card in cards if card.reviewed.is_waiting), None)
    return named or waiting or (cards[0] if cards else None)


def _about(  # noqa: PLR0913 - the deal, its round, all changes and the one looked at
    stored: StoredDeal,
    row: RoundRow,
    reviewed: Sequence[Reviewed],
    cards: Sequence[ChangeCard],
    card: ChangeCard | None,
    *,
    is_open: bool,
) -> dict[str, object]:
    """Return what the page shows of the change that is looked at."""
    if card is None:
        return {"card": None}
    one = card.reviewed
    at = cards.index(card)
    instance = one.item.instance
    base = base_tree(session(), stored, row)
    is_whole = request.args.get("whole") == "1"
    titles = clause_titles(stored.rules.library)
    # In the answer to a form the place is in the form, else in the address.
    at_name = request.values.get("at", "")
    is_placing = is_open and (request.args.get("place") == "1" or bool(at_name))
    spots = spots_of(base, stored.quote, titles) if is_placing else []
    shown = passage_of(base, instance, reviewed, whole=is_whole)
    return {
        "card": card,
        "one": one,
        "verdicts": VERDICTS,
        "before": cards[at - 1].reviewed.id if at else None,
        "after": cards[at + 1].reviewed.id if at + 1 < len(cards) else None,
        "passage": shown,
        "is_in_passage": any(p.key == one.item.key for s in shown for p in s.line.pieces),
        "ids": {other.item.key: other.id for other in reviewed},
        "is_whole": is_whole,
        "spots": spots,
        "spot": next((one for one in spots if one.name == at_name), None),
        "hindrance": hindrance(one.item),
        "can_counter": can_be_countered(one.item),
        "playbook": playbook_of(stored.quote, stored.rules.library, instance),
        "consequence_of_it": if_accepted(stored, next_rules(session(), stored), one)
        if is_open and one.item.is_open_to_us and not hindrance(one.item)
        else None,
    }
