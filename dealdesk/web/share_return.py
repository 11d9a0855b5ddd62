"""Behind a customer's link: send the Word file back with changes in it."""

from flask import Blueprint, Response, make_response, redirect, request, url_for
from sqlalchemy.orm import Session

from dealdesk.deals.models import DealRow
from dealdesk.documents.docx.returning import read_returned
from dealdesk.identity.actors import Actor
from dealdesk.identity.throttling import PER_ACCOUNT, account_key, count_attempt
from dealdesk.kernel.errors import (
    DomainError,
    NotFoundError,
    Problem,
    RefusedError,
)
from dealdesk.negotiation.queries import find_open_round
from dealdesk.sharing.models import ShareLinkRow
from dealdesk.sharing.queries import NO_LINK
from dealdesk.web.access import open_to_anybody
from dealdesk.web.desk import desk
from dealdesk.web.edge import aside, looked_up, page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.negotiation import file_name
from dealdesk.web.share import be_cautious, code_page, gone, unlocked_link
from dealdesk.web.steps import refused
from dealdesk.workflows.returned_behind_link import receive_behind_link
from dealdesk.workflows.rounds import ReturnedFile, SentFile, sent_file
from dealdesk.workflows.sending import Step
from dealdesk.workflows.shared_deals import shared_deal

blueprint = Blueprint("share_return", __name__, url_prefix="/share/<token>/changes")
blueprint.after_request(be_cautious)
blueprint.register_error_handler(NotFoundError, gone)


@blueprint.get("")
@open_to_anybody
def show(token: str) -> str:
    """Show how a file with changes is sent back, or that one is being looked at."""
    link = unlocked_link(token)
    return code_page(token) if link is None else _page(token, link)


@blueprint.post("")
@open_to_anybody
def take(token: str) -> Response | tuple[str, int]:
    """Take a file in that the link's person changed, as the deal's next round."""
    # Not the request's own session, which takes its lock when something is written.
    link = looked_up(lambda unit: unlocked_link(token, unit))
    if link is None:
        raise NotFoundError.of("no-such-link", NO_LINK)
    found = request.files.get("file")
    data = found.read() if found else b""
    if found is None or not data:
        return _page(token, link, (gettext("Choose the Word file with your changes."),)), 422
    if _is_too_often(link):
        sentence = gettext("Too many files came through this link. Wait a quarter of an hour.")
        return _page(token, link, (sentence,)), 429
    try:
        sent = looked_up(lambda unit: sent_file(unit, unit.get_one(DealRow, link.deal_id)))
        says = read_returned(data, desk().storage.get(sent.sha256))
    except RefusedError as error:
        return _page(token, link, _for_them(error.problems)), 409
    except DomainError as error:
        # The gate's sentences are about the file alone.
        return _page(token, link, tuple(str(one) for one in error.problems)), 422
    return _take(token, sent, ReturnedFile(data, file_name(found), says, link.name))


@transactional
def _take(token: str, sent: SentFile, file: ReturnedFile) -> Response | tuple[str, int]:
    link = unlocked_link(token)
    if link is None:
        raise NotFoundError.of("no-such-link", NO_LINK)
    parts = desk()
    step = Step(session(), Actor(None, link.name), parts.clock.now(), parts.settings)
    problems, status = refused(
        lambda: receive_behind_link(step, parts.rules, parts.storage, link, sent=sent, file=file)
    )
    if problems:
        return _page(token, link, _for_them(problems)), status
    return make_response(redirect(url_for("share_return.show", token=token), 303))


def _is_too_often(link: ShareLinkRow) -> bool:
    tries: list[int] = []
    now = desk().clock.now()

    def count(unit: Session) -> None:
        tries.append(count_attempt(unit, account_key(f"return {link.id}"), now))

    aside(count)
    return tries[0] > PER_ACCOUNT


def _for_them(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    """Return what is in the way in words for the customer: our own stages are not for them."""
    known = {
        "round-open": gettext("What was sent back before is still being looked at."),
        "unchanged": gettext("Nothing in this file is other than in what we sent you."),
        "answers-older": gettext(
            "This file was made from an earlier version. Put your changes into the latest one."
        ),
        "another-agreement": gettext("This file is made from another agreement."),
    }
    other = gettext("Nothing can be sent back here now. Write to whoever sent you the link.")
    return tuple(dict.fromkeys(known.get(one.code, other) for one in problems))


def _page(token: str, link: ShareLinkRow, said: tuple[str, ...] = ()) -> str:
    found = shared_deal(session(), link)
    waiting = find_open_round(session(), link.deal_id)
    return page(
        "share/changes.html",
        gettext("Send your changes"),
        token=token,
        found=found,
        waiting=waiting,
        said=said,
    )
