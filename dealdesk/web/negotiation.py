"""A deal's negotiation: its rounds, a file of the customer's taken in, one set aside, the files."""

from pathlib import PurePosixPath

from flask import Blueprint, Response, make_response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.deals.queries import READ, get_deal
from dealdesk.documents.docx.returning import read_returned
from dealdesk.identity.permissions import scope_of
from dealdesk.kernel.errors import (
    ConflictError,
    DomainError,
    NotFoundError,
    Problem,
    RefusedError,
)
from dealdesk.kernel.languages import gettext_noop
from dealdesk.negotiation.lifecycle import RoundState
from dealdesk.negotiation.models import RoundRow
from dealdesk.negotiation.operations import withdraw_round
from dealdesk.negotiation.queries import get_round, list_reviewed, list_rounds
from dealdesk.negotiation.standing import Progress, progress_of
from dealdesk.web.access import requires
from dealdesk.web.deal import MEDIA, deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import looked_up, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.standing import Status
from dealdesk.web.steps import act, refused
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.rounds import ReturnedFile, SentFile, receive_round, sent_file
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("negotiation", __name__, url_prefix="/deals/<number>/negotiation")
TAKE_IN = "negotiation:round:write"
DECIDE = "negotiation:change:decide"
STATES = {
    RoundState.OPEN.value: Status("wait", gettext_noop("To be decided")),
    RoundState.ANSWERED.value: Status("ok", gettext_noop("Answered")),
    RoundState.WITHDRAWN.value: Status("quiet", gettext_noop("Set aside")),
}

_NO_FILE = Problem("no-file", "No file was chosen.", remedy="Choose the Word file they sent back.")


@blueprint.get("")
@requires(READ)
def show(number: str) -> str:
    """Show a deal's rounds, and take a file in where the customer has something to answer."""
    return _page(load_deal(number))


@blueprint.post("/rounds")
@requires(TAKE_IN)
def receive(number: str) -> Response | tuple[str, int]:
    """Take in a Word file that came back, read in a process with limits, as the next round."""
    found = request.files.get("file")
    data = found.read() if found else b""
    if found is None or not data:
        return _page(load_deal(number, TAKE_IN), (_NO_FILE,)), 422
    try:
        # Read before anything is written: a hostile file keeps nobody from their work.
        sent = looked_up(lambda unit: _sent(unit, number))
        says = read_returned(data, desk().storage.get(sent.sha256))
    except NotFoundError:
        raise
    except DomainError as error:
        status = 409 if isinstance(error, ConflictError | RefusedError) else 422
        return _page(load_deal(number, TAKE_IN), error.problems), status
    return _receive(number, sent, ReturnedFile(data, file_name(found), says))


@transactional
def _receive(number: str, sent: SentFile, file: ReturnedFile) -> Response | tuple[str, int]:
    stored = load_deal(number, TAKE_IN)
    made: list[RoundRow] = []
    storage = desk().storage
    problems, status = refused(
        lambda: made.append(receive_round(act(), stored, sent, file, storage))
    )
    if problems:
        return _page(load_deal(number, TAKE_IN), problems), status
    target = url_for("round_review.show", number=number, round_number=made[0].number)
    return make_response(redirect(target, 303))


def _sent(unit: Session, number: str) -> SentFile:
    return sent_file(unit, get_deal(unit, number, actor=current_actor(), needs=TAKE_IN))


def file_name(found: FileStorage) -> str:
    """Return what a browser calls a file, its folders left out."""
    return PurePosixPath((found.filename or "").replace("\\", "/")).name or "unnamed.docx"


@blueprint.post("/rounds/<int:round_number>/withdrawal")
@requires(TAKE_IN)
@transactional
def withdraw(number: str, round_number: int) -> Response | tuple[str, int]:
    """Set a round aside unanswered."""
    stored = load_deal(number, TAKE_IN)
    row = get_round(session(), stored.row.id, round_number)
    reason, now = request.form.get("reason", ""), desk().clock.now()
    problems, status = refused(lambda: withdraw_round(session(), current_actor(), row, reason, now))
    if problems:
        return _page(load_deal(number, TAKE_IN), problems), status
    return make_response(redirect(url_for("negotiation.show", number=number), 303))


@blueprint.get("/rounds/<int:round_number>/files/<name>")
@requires(READ)
def download(number: str, round_number: int, name: str) -> Response:
    """Give a file of a round: as sent, as it came back, or our answer."""
    stored = load_deal(number)
    row = get_round(session(), stored.row.id, round_number)
    kept = {
        "sent.docx": row.sent_sha256,
        "received.docx": row.received_sha256,
        "answer.docx": row.answer_sha256,
    }
    sha256 = kept.get(name)
    if sha256 is None:
        raise NotFoundError.of("no-such-file", f"Round {round_number} has no file {name}.")
    answer = Response(desk().storage.get(sha256), content_type=MEDIA["docx"])
    filename = f"{number}-round-{round_number}-{name}"
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def may_on(stored: StoredDeal, permission: str) -> bool:
    """Tell whether the person who asks may do that on a deal that they see."""
    actor = current_actor()
    held, read = scope_of(actor, permission), scope_of(actor, READ)
    if held is None or read is None:
        return False
    return held >= read or stored.row.owner_id == actor.id


def _page(stored: StoredDeal, problems: tuple[Problem, ...] = ()) -> str:
    rows = list_rounds(session(), stored.row.id)
    may_take_in = may_on(stored, TAKE_IN)
    has: SentFile | None = None
    in_the_way: tuple[Problem, ...] = ()
    try:
        has = sent_file(session(), stored.row)
    except RefusedError as error:
        in_the_way = error.problems
    return deal_page(
        "negotiation/rounds",
        gettext("Negotiation"),
        stored,
        rounds=[(row, STATES[row.state], _progress(row), _version(row)) for row in rows],
        has=has,
        in_the_way=in_the_way,
        may_take_in=may_take_in,
        problems=problems,
        reason=request.form.get("reason", ""),
    )


def _progress(row: RoundRow) -> Progress:
    return progress_of(list_reviewed(session(), row.id))


def _version(row: RoundRow) -> int:
    """Return the number of the version that a round is about."""
    return session().get_one(AgreementVersionRow, row.base_version_id).number
