"""One deal: order form, clauses, agreement, approvals, SLA, downloads; read-only but for builds."""

from contextlib import suppress

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.agreements.queries import find_latest_version
from dealdesk.deals.periods import contract_years
from dealdesk.deals.queries import READ, WRITE, find_deal, get_deal, may_on
from dealdesk.kernel.errors import DomainError, NotFoundError
from dealdesk.kernel.languages import gettext_noop
from dealdesk.negotiation.standing import round_blockers
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from dealdesk.sla.promises import label, metrics
from dealdesk.web.access import requires
from dealdesk.web.clause_cards import absent_clauses, clause_cards
from dealdesk.web.decisions import decided_by_subject
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.hours import hours, ways
from dealdesk.web.jobs import worker_now
from dealdesk.web.languages import gettext
from dealdesk.web.paper import paper_html, paper_marks, parts
from dealdesk.web.promise_words import label_words, promise_sentences, promised_times
from dealdesk.web.stages import ROUND, action_at, marks_at, status_at
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.building import pretty_json
from dealdesk.workflows.deal_edits import OPEN_STAGES, is_open_to_edits
from dealdesk.workflows.deal_standing import deviating, since, waits_on
from dealdesk.workflows.files_ahead import ask_for_files, find_files_job
from dealdesk.workflows.library_use import is_offered
from dealdesk.workflows.readiness import blockers
from dealdesk.workflows.stored_deals import StoredDeal, get_stored_deal
from dealdesk.workflows.version_files import built_files

blueprint = Blueprint("deal", __name__, url_prefix="/deals/<number>")
BUILD = "agreements:file:build"
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}
MEANINGS = {
    "agreement.pdf": gettext_noop("The agreement to sign"),
    "agreement.docx": gettext_noop("The agreement to edit in Word"),
    "agreement.html": gettext_noop("The agreement for a browser"),
    "agreement.txt": gettext_noop("Its canonical text, which the fingerprint names"),
    "sla-terms.json": gettext_noop("The service levels as data"),
    "approvals.json": gettext_noop("Who decided what, and why"),
    "manifest.json": gettext_noop("The SHA-256 of each file and the clauses used"),
}


class ReadOnlyDealError(DomainError):
    """A deal that the person may read, where they asked to change it."""


class UnreadableDealError(DomainError):
    """A deal of the person's that today's library can't be read with."""

    def __init__(self, number: str, error: DomainError) -> None:
        self.number = number
        super().__init__(error.problems)


def load_deal(number: str, needs: str = READ) -> StoredDeal:
    """Return the deal, where the person who asks may do with it what `needs` names.

    Raise NotFoundError where there is none for them, UnreadableDealError where today's library
    can't read it.
    """
    parts, now = desk(), desk().clock.now()
    try:
        return get_stored_deal(
            session(), number, parts.rules, actor=current_actor(), needs=needs, now=now
        )
    except NotFoundError as error:
        if needs == WRITE:
            _refuse_reader(number, error)
        raise
    except DomainError as error:
        raise UnreadableDealError(number, error) from error


def _refuse_reader(number: str, error: NotFoundError) -> None:
    """Raise ReadOnlyDealError where the person may read the deal that they can't change."""
    with suppress(NotFoundError):
        row = get_deal(session(), number, actor=current_actor())
        raise ReadOnlyDealError.of(
            "read-only", f"You may read {row.number}, not change it."
        ) from error


@blueprint.app_errorhandler(ReadOnlyDealError)
def read_only(_error: ReadOnlyDealError) -> tuple[str, int]:
    """Answer whoever may read a deal, and opens what changes it, with just that."""
    try:
        stored = load_deal(str((request.view_args or {}).get("number", "")))
    except UnreadableDealError as error:
        return unreadable(error)
    sentence = gettext("You may read this deal, not change it.")
    return deal_page("closed", gettext("Not to be changed"), stored, sentence=sentence), 403


def closed_page(stored: StoredDeal) -> tuple[str, int] | None:
    """Return the page that stands in a form's place once a deal is signed or lost, else None."""
    if stored.row.stage in OPEN_STAGES:
        return None
    sentence = gettext(
        "This deal stands at “%(stage)s” and is not changed any more. Copy it to a new deal, or"
        " amend the contract.",
        stage=gettext(status_at(stored).word),
    )
    return deal_page("closed", gettext("Not to be changed"), stored, sentence=sentence), 409


@blueprint.app_errorhandler(UnreadableDealError)
def unreadable(error: UnreadableDealError) -> tuple[str, int]:
    """Answer with why a deal can't be read, and a way to take up the present library."""
    sentences = [str(problem) for problem in error.problems]
    row = find_deal(session(), error.number)
    is_open = row is not None and row.stage in OPEN_STAGES
    latest = find_latest_version(session(), row.id) if row is not None else None
    context = {
        "sentences": sentences,
        "number": error.number,
        "is_open": is_open,
        "version": latest.number if latest is not None else 0,
    }
    return page("deal/unreadable.html", gettext("This deal can't be read"), **context), 409


def may_write(stored: StoredDeal, *, has_round: bool) -> bool:
    """Tell whether the person who asks may change the deal, and whether it may still be changed.

    An open round, `has_round`, holds it as it was sent.
    """
    if has_round or not is_open_to_edits(stored.row, stored.version_row):
        return False
    return may_on(session(), stored.row, current_actor(), WRITE)


def deal_page(template: str, title: str, stored: StoredDeal, **context: object) -> str:
    """Return a page of a deal inside its frame: outline at the left, rail at the right."""
    waiting = list(round_blockers(session(), stored.row.id))
    quote, can_write = stored.quote, may_write(stored, has_round=bool(waiting))
    return page(
        f"{template}.html" if "/" in template else f"deal/{template}.html",
        title,
        stored=stored,
        quote=quote,
        deal=quote.deal,
        sections=list(marks_at(stored, has_round=bool(waiting))),
        status=status_at(stored),
        waits_on=waits_on(quote),
        since=since(stored),
        action=ROUND if waiting else action_at(stored),
        blockers=[*waiting, *blockers(quote)],
        meanings=MEANINGS,
        off_standard=deviating(quote),
        may_write=can_write,
        is_offered=can_write and is_offered(stored),
        **context,
    )


@blueprint.get("/")
@requires(READ)
def start(number: str) -> AnyResponse:
    """Lead to the deal's first page."""
    row = get_deal(session(), number, actor=current_actor())
    return redirect(url_for("deal.order_form", number=row.number))


@blueprint.get("/order-form")
@requires(READ)
def order_form(number: str) -> str:
    """Show lines, years, figures and invoices of each book."""
    stored = load_deal(number)
    order = stored.quote.priced.order
    return deal_page(
        "order-form",
        gettext("Order form"),
        stored,
        years=tuple(contract_years(order.term)),
        acv_definition=gettext(stored.quote.priced.acv_definition()),
    )


@blueprint.get("/clauses")
@requires(READ)
def clauses(number: str) -> str:
    """Show each clause as a sentence with its position; `show=off-standard` leaves the others."""
    stored = load_deal(number)
    only = request.args.get("show") == "off-standard"
    cards = [
        card
        for card in clause_cards(stored.quote, stored.rules.library)
        if not only or not card.is_standard
    ]
    absent = list(absent_clauses(stored.quote, stored.rules.library))
    return deal_page("clauses", gettext("Clauses"), stored, cards=cards, only=only, absent=absent)


@blueprint.get("/agreement")
@requires(READ)
def agreement(number: str) -> str:
    """Show the agreement as paper, marked where it deviates."""
    stored = load_deal(number)
    tree = stored.quote.version.tree
    changed = deviating(stored.quote)
    return deal_page(
        "agreement",
        gettext("Agreement"),
        stored,
        tree=tree,
        decided=decided_by_subject(stored.quote),
        paper=paper_html(tree, changed),
        marks=paper_marks(tree, changed),
        parts=parts(tree),
    )


@blueprint.get("/sla")
@requires(READ)
def sla(number: str) -> str:
    """Show the promised service levels as sentences, matrix, credits and data."""
    stored = load_deal(number)
    data = project(stored.quote.version, stored.rules.library)
    terms = read_terms(data)
    return deal_page(
        "sla",
        gettext("SLA"),
        stored,
        terms=terms,
        promises=list(promise_sentences(terms)),
        metrics=[label_words(metric) for metric in metrics(terms)],
        matrix=list(promised_times(terms)),
        calendars=list(hours(terms)),
        channels=list(ways(terms)),
        label=label,
        data=pretty_json(data).decode(),
    )


@blueprint.get("/sla-terms.json")
@requires(READ)
def sla_terms(number: str) -> Response:
    """Give the SLA terms as data."""
    stored = load_deal(number)
    data = project(stored.quote.version, stored.rules.library)
    return Response(pretty_json(data), mimetype=MEDIA["json"])


@blueprint.get("/downloads")
@requires(READ)
def downloads(number: str) -> str:
    """Show the files of the deal's present state, how far they are, or offer to build them."""
    stored = load_deal(number)
    return deal_page(
        "downloads",
        gettext("Downloads"),
        stored,
        files=built_files(session(), stored),
        job=find_files_job(session(), stored),
        worker=worker_now(),
    )


@blueprint.post("/downloads")
@requires(BUILD)
@transactional
def build(number: str) -> AnyResponse:
    """Have the worker build the files of the deal's present state."""
    ask_for_files(session(), load_deal(number, BUILD), desk().clock.now())
    return redirect(url_for("deal.downloads", number=number), 303)


@blueprint.get("/downloads/<name>")
@requires(READ)
def download(number: str, name: str) -> Response:
    """Give one of the built files."""
    stored = load_deal(number)
    found = next((one for one in built_files(session(), stored) if one.name == name), None)
    if found is None:
        raise NotFoundError.of(
            "no-such-file", f"{number} has no file {name} now.", remedy="Build the files first."
        )
    answer = Response(desk().storage.get(found.sha256), content_type=MEDIA[name.rpartition(".")[2]])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{number}-{name}")
    return answer
