"""The language of a page: which one a visitor gets, and texts in it.

A text is English where it is written. In a template: `{{ _("Send to customer") }}`,
`{{ ngettext("%(num)d clause", "%(num)d clauses", n) }}`, `{% trans %}`, and where one English
word is two in other languages `{{ pgettext("of a link", "For") }}`. In a view: `gettext` and
`ngettext`. A form's labels and sentences: `lazy_gettext`. A table of words that stands in a module:
`gettext_noop` from `kernel.languages` where it is written, and `gettext(one.words)` or
`{{ one.words|translated }}` where it is shown.
"""

from datetime import timedelta
from typing import cast

from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    has_request_context,
    make_response,
    redirect,
    request,
)
from flask_babel import Babel
from flask_babel.speaklater import LazyString

from dealdesk.identity.operations import choose_language
from dealdesk.identity.queries import get_user
from dealdesk.kernel.languages import LANGUAGES, SOURCE, add_texts_extension, catalogue
from dealdesk.web.access import open_to_anybody
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.targets import local_target, this_page
from dealdesk.web.visitors import find_actor, find_session

blueprint = Blueprint("languages", __name__)
COOKIE = "language"
_A_YEAR = timedelta(days=365)


def current_language() -> str:
    """Return the language of this request's page.

    The signed-in person's own choice, else the browser's cookie, else what the browser asks for,
    else English.
    """
    try:
        found: str = g.language
    except (AttributeError, RuntimeError):  # not asked for yet, or outside of any application
        if not has_request_context():
            return SOURCE
        found = g.language = _found_language()
    return found


def _found_language() -> str:
    person = find_session()
    for chosen in (person.language if person else None, request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or SOURCE


def gettext(message: str, **values: object) -> str:
    """Return a text in the page's language, with its values in their places."""
    # The empty text is the catalogue's head.
    text = catalogue(current_language()).gettext(message) if message else ""
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Return the text for that number, which stands in it as %(num)d."""
    text = catalogue(current_language()).ngettext(singular, plural, number)
    return text % {"num": number, **values}


def lazy_gettext(message: str) -> str:
    """Return a text that becomes the page's language when it is printed, for fields of forms.

    It is no str and holds none: join and store what `gettext` gives instead.
    """
    return cast("str", LazyString(gettext, message))


def teach_languages(app: Flask) -> None:
    """Give templates texts in the visitor's language, and say to caches what it hangs on."""
    # The fields of forms find the language of their own library's sentences through it.
    Babel(app, default_locale=SOURCE, locale_selector=current_language, configure_jinja=False)
    add_texts_extension(app.jinja_env)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
        lambda text: catalogue(current_language()).gettext(text),
        lambda one, many, number: catalogue(current_language()).ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: catalogue(current_language()).pgettext(context, text),
    )
    app.add_template_global(current_language, "language")
    app.add_template_global(this_page, "this_page")
    app.jinja_env.globals["all_languages"] = LANGUAGES
    app.add_template_filter(gettext, "translated")

    @app.after_request
    def add_language(response: Response) -> Response:
        if "language" in g:
            response.vary.update(("Accept-Language", "Cookie"))
            response.content_language.add(str(g.language))
        return response


@blueprint.post("/language")
@open_to_anybody
@transactional
def choose() -> Response:
    """Keep the language that was chosen, and show the same page in it; "" asks the browser again.

    A signed-in person's choice is kept with them, so that it holds on all their machines and for
    their mail.
    """
    chosen = request.form.get("language", "")
    chosen = chosen if chosen in LANGUAGES else ""
    actor = find_actor()
    if actor is not None and actor.id is not None:
        choose_language(
            session(), actor, get_user(session(), actor.id), chosen or None, desk().clock.now()
        )
    answer = make_response(redirect(local_target(request.form.get("next", "")), 303))
    is_https = desk().settings.is_https
    if chosen:
        answer.set_cookie(
            COOKIE, chosen, max_age=_A_YEAR, httponly=True, secure=is_https, samesite="Lax"
        )
    else:
        answer.delete_cookie(COOKIE, httponly=True, secure=is_https, samesite="Lax")
    return answer
