"""The customer's page behind a link: read, download; no account, whole without scripts."""

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask import session as browser_session
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import InputRequired

from dealdesk.kernel.errors import NotFoundError
from dealdesk.kernel.hashing import sha256_text
from dealdesk.kernel.languages import gettext_noop
from dealdesk.sharing.models import ShareItemRow, ShareLinkRow, Visited
from dealdesk.sharing.operations import TooManyTriesError, is_code, note_visit
from dealdesk.sharing.queries import NO_LINK, find_reading, get_link, list_items
from dealdesk.web.access import open_to_anybody
from dealdesk.web.deal import MEDIA
from dealdesk.web.desk import desk
from dealdesk.web.edge import aside, page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.visitors import visitor
from dealdesk.workflows.shared_deals import Reading, read_agreement, shared_deal

blueprint = Blueprint("share", __name__, url_prefix="/share/<token>")
UNLOCKED = "share"
WRONG_CODE = gettext_noop(
    "That is not the code. Ask whoever sent you the link; they can tell it to you."
)
MEANINGS = {
    "agreement.pdf": (gettext_noop("Download PDF"), gettext_noop("To read and print")),
    "agreement.docx": (
        gettext_noop("Download Word"),
        gettext_noop("To edit; tracked changes are welcome"),
    ),
    "executed-agreement.pdf": (
        gettext_noop("Download sealed PDF"),
        gettext_noop("The executed agreement; any change to it shows"),
    ),
    "executed-agreement.docx": (
        gettext_noop("Download sealed Word file"),
        gettext_noop("The executed agreement as text"),
    ),
    "sla-terms.json": (
        gettext_noop("Download service levels as data"),
        gettext_noop("For your own systems"),
    ),
}


class CodeForm(Form):
    """The code that somebody was told."""

    code = StringField(lazy_gettext("Code"), [InputRequired(lazy_gettext("Write the code."))])


@blueprint.get("")
@open_to_anybody
def show(token: str) -> str:
    """Show what was sent: who sent it, the files, and the agreement to read."""
    link = _link(token)
    if not _is_unlocked(link):
        return _code_page(CodeForm(formdata=None), token)
    if request.method == "GET":
        now = desk().clock.now()
        aside(lambda unit: note_visit(unit, link, Visited.OPENED, "", now))
    found, reading = shared_deal(session(), link), _reading(link)
    return page(
        "share/agreement.html",
        reading.title,
        token=token,
        link=link,
        found=found,
        files=[(one, *MEANINGS[one.name]) for one in _offered(link)],
        # The stored file is ours, checked by its hash, and was escaped when it was built.
        contents=Markup(reading.contents),  # noqa: S704
        text=Markup(reading.text),  # noqa: S704
    )


@blueprint.post("")
@open_to_anybody
@transactional
def unlock(token: str) -> Response | tuple[str, int]:
    """Open a link that asks for a code."""
    link, form = _link(token), CodeForm()
    if not form.validate():
        return _code_page(form, token), 422
    now, address = desk().clock.now(), visitor().address
    try:
        opens = is_code(session(), link, str(form.code.data)[:40], address, now)
    except TooManyTriesError as error:
        form.say(error)
        return _code_page(form, token), 429
    if not opens:
        form.say(gettext(WRONG_CODE))
        return _code_page(form, token), 422
    browser_session[UNLOCKED] = {**browser_session.get(UNLOCKED, {}), str(link.id): _mark(link)}
    return make_response(redirect(url_for("share.show", token=token), 303))


@blueprint.get("/<name>")
@open_to_anybody
def download(token: str, name: str) -> Response:
    """Give one of the files, exactly as it was sent."""
    link = _link(token)
    found = next((one for one in _offered(link) if one.name == name), None)
    if found is None or not _is_unlocked(link):
        raise NotFoundError.of("no-such-link", NO_LINK)
    answer = Response(desk().storage.get(found.sha256), content_type=MEDIA[name.rpartition(".")[2]])
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    if request.method == "GET":
        now = desk().clock.now()
        aside(lambda unit: note_visit(unit, link, Visited.DOWNLOADED, name, now))
    return answer


@blueprint.errorhandler(NotFoundError)
def gone(_error: NotFoundError) -> tuple[str, int]:
    """Answer all links that don't hold alike, whatever the reason."""
    return page("share/gone.html", gettext("This link leads nowhere")), 404


@blueprint.after_request
def be_cautious(answer: Response) -> Response:
    """Keep the page out of caches and search engines: its address is its key."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _link(token: str) -> ShareLinkRow:
    return get_link(session(), token[:100], desk().clock.now())


def _offered(link: ShareLinkRow) -> list[ShareItemRow]:
    order = list(MEANINGS)
    items = [one for one in list_items(session(), link) if one.name in MEANINGS]
    return sorted(items, key=lambda one: order.index(one.name))


def _reading(link: ShareLinkRow) -> Reading:
    found = find_reading(session(), link)
    if found is None:
        return Reading(gettext("Agreement"), "", "")
    return read_agreement(desk().storage.get(found.sha256))


def _is_unlocked(link: ShareLinkRow) -> bool:
    if link.code_hash is None:
        return True
    return bool(browser_session.get(UNLOCKED, {}).get(str(link.id)) == _mark(link))


def _mark(link: ShareLinkRow) -> str:
    return sha256_text(link.code_hash or "")[:16]


def _code_page(form: CodeForm, token: str) -> str:
    return page("share/code.html", gettext("Enter your code"), form=form, token=token)
