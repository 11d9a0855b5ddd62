"""Texts go through gettext: catalogues, the language that a visitor gets, templates without rest."""

import re
import subprocess
import sys
from collections.abc import Sequence

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask, render_template_string

from dealdesk.kernel.languages import FOLDER, LANGUAGES, SOURCE, CatalogueError, catalogue
from dealdesk.kernel.settings import PROJECT
from dealdesk.web.targets import this_page
from tests.web.personas import sign_in_as
from tests.web.template_texts import templates, unreachable

TAG = re.compile(r"<[^>]+>")


def test_catalogues_are_what_the_code_and_the_templates_say() -> None:
    done = subprocess.run(
        [sys.executable, "tools/texts.py", "--check"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"Run python tools/texts.py: {done.stdout}{done.stderr}"


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE])
def test_translations_keep_the_places_of_their_values(language: str) -> None:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        texts = read_po(source, locale=language)
    wrong = [(one.id, str(error)) for one in texts for error in one.check(texts) if one.string]
    assert wrong == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE])
def test_no_text_lacks_its_translation(language: str) -> None:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        texts = [one for one in read_po(source, locale=language) if one.id]
    lacking = [one.id for one in texts if not is_whole(one)]
    assert lacking == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE])
def test_translations_keep_elements_and_outer_spaces_and_shout_no_more(language: str) -> None:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        texts = [one for one in read_po(source, locale=language) if one.id]
    for one in texts:
        for said, meant in zip(forms(one.string), forms(one.id), strict=True):
            assert sorted(TAG.findall(said)) == sorted(TAG.findall(meant)), meant
            assert (said[:1] + said[-1:]).count(" ") == (meant[:1] + meant[-1:]).count(" "), meant
            assert said.count("!") == meant.count("!"), meant


def forms(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def is_whole(one: Message) -> bool:
    return all(forms(one.string)) and not one.fuzzy


@pytest.mark.parametrize("name", templates())
def test_no_words_of_a_template_stand_outside_of_gettext(name: str) -> None:
    assert unreachable(name) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Two words</p>",
        '<p title="Why">{{ x }}</p>',
        '<p>{{ "asked" if x else "answered" }}</p>',
        '{{ kit.press(url_for("a.b"), "Send it") }}',
        '{{ kit.figures([("Owner", x or "nobody yet")]) }}',
        "{% call kit.scroll('Some table') %}{% endcall %}",
        '<p>{{ x ~ " waits" }}</p>',
    ],
)
def test_words_outside_of_gettext_are_found(source: str) -> None:
    assert unreachable("made-up.html", source)


@pytest.mark.parametrize(
    "source",
    [
        '<p class="{{ "wait" if x else "ok" }}">{{ _("Two words") }} {{ x }}</p>',
        "{% trans %}Two words{% endtrans %}<code>dealdesk seed</code>",
        '{{ kit.press(url_for("a.b", next="Two words"), _("Send it")) }}{# A remark #}',
        "<a{% if x == 'Not this' %} aria-current=\"true\"{% endif %}>DealDesk</a>",
    ],
)
def test_words_inside_of_gettext_are_left_alone(source: str) -> None:
    assert unreachable("made-up.html", source) == []


def language_of(app: Flask, accepts: str, cookie: str = "") -> str:
    client = app.test_client()
    if cookie:
        client.set_cookie("language", cookie)
    answer = client.get("/sign-in", headers={"Accept-Language": accepts} if accepts else {})
    assert answer.status_code == 200
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.html is not None
    assert answer.headers["Content-Language"] == page.html["lang"]
    return str(page.html["lang"])


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr,de;q=0.3", "de"),
        ("fr", "en"),
        ("DE", "de"),
        ("de;q=0", "en"),
        ("de;q=0,*;q=0.1", "en"),
        ("*", "en"),
        (";;;,q=,=,de-;q=abc", "en"),
        ("\x7f../../etc/passwd", "en"),
        ("x" * 4000, "en"),
    ],
)
def test_the_browser_says_which_language(app: Flask, accepts: str, language: str) -> None:
    assert language_of(app, accepts) == language


@pytest.mark.parametrize(
    ("cookie", "language"), [("de", "de"), ("en", "en"), ("xx", "de"), ("../de", "de")]
)
def test_a_choice_stands_above_what_the_browser_says(
    app: Flask, cookie: str, language: str
) -> None:
    assert language_of(app, "de", cookie) == language


def choose(app: Flask, language: str, target: str) -> tuple[str, str]:
    """Choose a language by the form in the foot; return where it leads and the page's language."""
    client = app.test_client()
    page = BeautifulSoup(client.get("/sign-in?next=/deals").text, "html.parser")
    form = page.select_one("form.languages")
    assert form is not None
    token = form.find("input", attrs={"name": "csrf_token"})
    kept = form.find("input", attrs={"name": "next"})
    assert token is not None
    assert kept is not None
    assert kept["value"] == "/sign-in?next=/deals"
    sent = {"csrf_token": str(token["value"]), "language": language, "next": target}
    answer = client.post("/language", data=sent)
    assert answer.status_code == 303
    after = BeautifulSoup(client.get("/sign-in").text, "html.parser")
    assert after.html is not None
    return answer.location, str(after.html["lang"])


def test_the_foot_of_a_page_changes_its_language_and_stays_there(app: Flask) -> None:
    assert choose(app, "de", "/sign-in?next=/deals") == ("/sign-in?next=/deals", "de")
    assert choose(app, "en", "/sign-in") == ("/sign-in", "en")
    assert choose(app, "xx", "/sign-in") == ("/sign-in", "en")


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", ""]
)
def test_changing_the_language_leads_nowhere_else(app: Flask, target: str) -> None:
    assert choose(app, "de", target) == ("/", "de")


def test_a_signed_in_choice_is_the_persons_on_every_machine(app: Flask) -> None:
    client = sign_in_as(app, "support_head")
    account = BeautifulSoup(client.get("/account").text, "html.parser")
    token = account.find("input", attrs={"name": "csrf_token"})
    assert token is not None
    data = {"csrf_token": str(token["value"]), "language": "de", "next": "/account"}
    assert client.post("/language", data=data).location == "/account"
    elsewhere = sign_in_as(app, "support_head")
    page = BeautifulSoup(elsewhere.get("/account").text, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == "de"
    checked = page.select_one("input[name=language][checked]")
    assert checked is not None
    assert checked["value"] == "de"
    data["language"] = ""
    client.post("/language", data=data)
    page = BeautifulSoup(elsewhere.get("/account").text, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == "en"


def test_values_in_texts_stay_escaped(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string(
            "{{ _('Hello %(name)s', name=name) }}{% trans %}Hello {{ name }}{% endtrans %}"
            "{{ ngettext('%(num)d of %(name)s', '%(num)d of %(name)s', 2, name=name) }}",
            name="<b>",
        )
    assert shown == "Hello &lt;b&gt;Hello &lt;b&gt;2 of &lt;b&gt;"


def test_a_page_that_only_a_form_leads_to_is_not_shown_again(app: Flask) -> None:
    for method, path, shown in (
        ("GET", "/deals?stage=lost", "/deals?stage=lost"),
        ("POST", "/sign-in", "/sign-in"),
        ("POST", "/sign-out", "/"),
        ("POST", "/nowhere", "/"),
    ):
        with app.test_request_context(path, method=method):
            assert this_page() == shown


def test_a_catalogue_that_is_missing_is_named() -> None:
    with pytest.raises(CatalogueError, match="translations/xx"):
        catalogue("xx")
