"""A deal's contract of record: its seal, its executed documents, its service levels as data."""

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.contracts.queries import find_contract, get_contract_file, list_contract_files
from dealdesk.files.queries import sizes_of
from dealdesk.identity.queries import names_by_id
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.access import requires
from dealdesk.web.deal import MEDIA, deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.jobs import worker_now
from dealdesk.web.languages import gettext
from dealdesk.workflows.history_contracts import (
    ask_for_documents,
    find_documents_job,
    lacks_documents,
)

blueprint = Blueprint("contract", __name__, url_prefix="/deals/<number>/contract")
READ = "sla:record:read"
MEANINGS = {
    "executed-agreement.pdf": gettext_noop("The executed agreement, sealed"),
    "executed-agreement.docx": gettext_noop("The executed agreement as Word, sealed"),
    "executed-agreement.evidence.json": gettext_noop("What was sealed, by which certificate, when"),
    "sla-terms.json": gettext_noop("The service levels as data, for the ticket system"),
}


@blueprint.get("")
@requires(READ)
def show(number: str) -> str:
    """Show the contract, or what it still waits for."""
    stored = load_deal(number, READ)
    found = find_contract(session(), stored.row.id)
    files = list_contract_files(session(), found) if found else ()
    sealed_by = found.sealed_by if found else None
    sealer = names_by_id(session(), [sealed_by]).get(sealed_by) if sealed_by else None
    return deal_page(
        "contract",
        gettext("Contract"),
        stored,
        contract=found,
        files=files,
        sizes=sizes_of(session(), [one.sha256 for one in files]),
        sealer=sealer or "DealDesk",
        says=MEANINGS,
        is_history=lacks_documents(session(), stored, desk().settings),
        job=find_documents_job(session(), stored),
        worker=worker_now(),
    )


@blueprint.post("")
@requires(READ)
@transactional
def make(number: str) -> AnyResponse:
    """Have the worker make the executed documents of a deal that the demo signed as history."""
    parts = desk()
    ask_for_documents(session(), load_deal(number, READ), parts.settings, parts.clock.now())
    return redirect(url_for("contract.show", number=number), 303)


@blueprint.get("/<name>")
@requires(READ)
def download(number: str, name: str) -> Response:
    """Give one of the executed documents."""
    stored = load_deal(number, READ)
    found = get_contract_file(session(), stored.row.id, name)
    answer = Response(desk().storage.get(found.sha256), content_type=MEDIA[name.rpartition(".")[2]])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{number}-{name}")
    return answer
