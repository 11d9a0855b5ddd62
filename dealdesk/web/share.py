"""The customer's page behind a link: read, download; no account, whole without scripts."""

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask import session as browser_session
from markupsafe import Markup
from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from dealdesk.deals.models import DealRow
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, NotFoundError
from dealdesk.kernel.hashing import sha256_text
from dealdesk.kernel.languages import gettext_noop
from dealdesk.sharing.comments import Draft, Part, list_said, note_reading
from dealdesk.sharing.models import ShareItemRow, ShareLinkRow, Visited
from dealdesk.sharing.operations import (
    TooManyTriesError,
    count_code,
    forget_codes,
    is_code,
    note_visit,
)
from dealdesk.sharing.queries import NO_LINK, find_reading, get_link, list_items
from dealdesk.web.access import open_to_anybody
from dealdesk.web.deal import MEDIA
from dealdesk.web.desk import desk
from dealdesk.web.edge import aside, page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.starting import new_key
from dealdesk.web.steps import undone_if_refused
from dealdesk.web.visitors import visitor
from dealdesk.workflows.discussing import ask_behind_link, since_read
from dealdesk.workflows.sending import Step
from dealdesk.workflows.shared_deals import Reading, headings, read_agreement, shared_deal

blueprint = Blueprint("share", __name__, url_prefix="/share/<token>")
UNLOCKED = "share"
WRONG_CODE = gettext_noop(
    "That is not the code. Ask whoever sent you the link; they can tell it to you."
)
TRIED_TOO_OFTEN = gettext_noop("The code was tried too often. Wait a quarter of an hour.")
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


class CommentForm(Form):
    """What the link's person wants to say, and about which part."""

    form_key = HiddenField(default=new_key)
    about = SelectField(lazy_gettext("About"), validate_choice=False)
    text = TextAreaField(lazy_gettext("Your question or comment"))


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
    since = since_read(session(), desk().rules, link, found.version_id)
    if request.method == "GET":
        aside(lambda unit: note_reading(unit, link.id, found.version_id))
    return page(
        "share/agreement.html",
        reading.title,
        token=token,
        link=link,
        found=found,
        since=None if found.executed_at else since,
        files=[(one, *MEANINGS[one.name]) for one in _offered(link)],
        spoken=reading.language,
        # The stored file is ours, checked by its hash, and was escaped when it was built.
        contents=Markup(reading.contents),  # noqa: S704
        text=Markup(reading.text),  # noqa: S704
    )


@blueprint.post("")
@open_to_anybody
def unlock(token: str) -> Response | tuple[str, int]:
    """Open a link that asks for a code.

    As at the door, a try is counted and committed before the code is looked at.
    """
    link, form = _link(token), CodeForm()
    if not form.validate():
        return _code_page(form, token), 422
    now, address = desk().clock.now(), visitor().address
    if not aside(lambda unit: count_code(unit, link, address, now)):
        form.say(gettext(TRIED_TOO_OFTEN))
        return _code_page(form, token), 429
    if not is_code(link, str(form.code.data)[:40]):
        form.say(gettext(WRONG_CODE))
        return _code_page(form, token), 422
    aside(lambda unit: forget_codes(unit, link))
    browser_session[UNLOCKED] = {**browser_session.get(UNLOCKED, {}), str(link.id): _mark(link)}
    return make_response(redirect(url_for("share.show", token=token), 303))


@blueprint.get("/discuss")
@open_to_anybody
def discuss(token: str) -> str:
    """Show what was asked and answered, and a field for what comes next."""
    link = _link(token)
    if not _is_unlocked(link):
        return _code_page(CodeForm(formdata=None), token)
    return _discuss_page(link, token, _comment_form(_reading(link)))


@blueprint.post("/discuss")
@open_to_anybody
@transactional
def comment(token: str) -> Response | tuple[str, int]:
    """Take what the link's person says, and tell the deal's people."""
    link = _link(token)
    if not _is_unlocked(link):
        raise NotFoundError.of("no-such-link", NO_LINK)
    form, found = _comment_form(_reading(link), blank=False), shared_deal(session(), link)
    chosen = str(form.about.data or "")
    heading = next((str(one.label) for one in form.about.choices if one.value == chosen), "")
    part = Part(chosen, heading) if chosen and heading else Part()
    draft = Draft(str(form.text.data or ""), str(form.form_key.data or ""), part)
    parts, number = desk(), session().get_one(DealRow, link.deal_id).number
    step = Step(session(), Actor(None, link.name), parts.clock.now(), parts.settings)
    try:
        with undone_if_refused():
            address = url_for("discussion.show", number=number)
            ask_behind_link(step, link, found.version_id, draft, address)
    except TooManyTriesError as error:
        form.say(error)
        return _discuss_page(link, token, form), 429
    except DomainError as error:
        form.put(error)
        return _discuss_page(link, token, form), 422
    return make_response(redirect(url_for("share.discuss", token=token), 303))


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


def unlocked_link(token: str, unit: Session | None = None) -> ShareLinkRow | None:
    """Return a link that holds, None where its code was not written yet.

    Who has not opened the request's own session yet gives another one.
    """
    link = get_link(unit or session(), token[:100], desk().clock.now())
    return link if _is_unlocked(link) else None


def code_page(token: str) -> str:
    """Return the page that asks for a link's code."""
    return _code_page(CodeForm(formdata=None), token)


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


def _comment_form(reading: Reading, *, blank: bool = True) -> CommentForm:
    form = CommentForm(formdata=None) if blank else CommentForm()
    whole = SelectChoice(value="", label=gettext("The whole agreement"))
    named = (SelectChoice(value=key, label=words) for key, words in headings(reading))
    form.about.choices = [whole, *named]
    return form


def _discuss_page(link: ShareLinkRow, token: str, form: CommentForm) -> str:
    return page(
        "share/discuss.html",
        gettext("Questions and answers"),
        token=token,
        link=link,
        found=shared_deal(session(), link),
        form=form,
        said=list_said(session(), [link])[link.id],
    )


def _code_page(form: CodeForm, token: str) -> str:
    return page("share/code.html", gettext("Enter your code"), form=form, token=token)
