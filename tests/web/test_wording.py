"""What pages print follows the visitor's language: days, money, figures, counts, mail."""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from dealdesk.deals.order import Billing, Payment, PaymentFrom
from dealdesk.deals.periods import Period
from dealdesk.deals.schedule import payment_rule
from dealdesk.documents.docx.changes import Kind
from dealdesk.documents.docx.differences import Untracked
from dealdesk.identity.permissions import PERMISSIONS
from dealdesk.kernel.languages import catalogue
from dealdesk.kernel.settings import PROJECT
from dealdesk.outbox.templates import write_mail
from dealdesk.reports.model import Unit
from dealdesk.reports.tables import cell_words, duration
from dealdesk.terms.money import Money
from dealdesk.terms.short_dates import short_day, short_moment
from dealdesk.web import round_view, wording
from dealdesk.web.browsers import browser_words
from dealdesk.web.event_names import EVENT_WORDS
from dealdesk.web.languages import gettext, lazy_gettext, ngettext
from tests.architecture.source import modules
from tests.unit.deals.test_pricing import line
from tests.unit.deals.test_pricing import order as order_of

TAG = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")
FIRST, LAST = date(2027, 3, 1), date(2028, 2, 29)


@contextmanager
def reading(app: Flask, language: str) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": language}):
        yield


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["USD 1,234.50", "1,234.50", "0.125", "12.5 %", "1 Mar 2027", "12,345", "1 Mar 2027 to 29 Feb 2028"]),
        ("de", ["1.234,50 USD", "1.234,50", "0,125", "12,5 %", "1. März 2027", "12.345", "1. März 2027 bis 29. Feb. 2028"]),
    ],
)  # fmt: skip
def test_figures_and_days_follow_the_language(app: Flask, language: str, words: list[str]) -> None:
    amount = Money(Decimal("1234.5"), "USD")
    with reading(app, language):
        assert [
            wording.money(amount),
            wording.figure(amount),
            wording.exact(Money(Decimal("0.125"), "USD")),
            wording.percent(Decimal("12.50")),
            wording.day(FIRST),
            wording.number(12_345),
            wording.period(Period(FIRST, LAST)),
        ] == words


def test_a_column_of_euros_has_no_sign_in_german(app: Flask) -> None:
    amount = Money(Decimal(1500), "EUR")
    with reading(app, "de"):
        assert (wording.money(amount), wording.figure(amount)) == ("1.500,00 €", "1.500,00")
    with reading(app, "en"):
        assert (wording.money(amount), wording.figure(amount)) == ("EUR 1,500.00", "1,500.00")


def test_times_say_their_zone_in_each_language() -> None:
    at = datetime(2026, 12, 24, 7, 5, tzinfo=UTC)
    assert short_moment(at, "en") == "24 Dec 2026, 07:05 UTC"
    assert short_moment(at, "de") == "24. Dez. 2026, 07:05 UTC"
    assert short_day(FIRST, "de") == "1. März 2027"


def test_counts_take_the_form_of_their_number(app: Flask) -> None:
    one, many = "%(num)d clause", "%(num)d clauses"
    with reading(app, "de"):
        assert [ngettext(one, many, n) for n in (0, 1, 2)] == ["0 Klauseln", "1 Klausel", "2 Klauseln"]  # fmt: skip
    assert [ngettext(one, many, n) for n in (0, 1, 2)] == ["0 clauses", "1 clause", "2 clauses"]


def test_a_label_of_a_form_is_in_the_language_of_who_reads_it(app: Flask) -> None:
    label = lazy_gettext("Password")
    with reading(app, "de"):
        assert str(label) == "Passwort"
    with reading(app, "en"):
        assert str(label) == "Password"


def test_no_text_is_no_text_in_any_language(app: Flask) -> None:
    with reading(app, "de"):
        assert gettext("") == ""


def test_report_cells_follow_the_language() -> None:
    assert cell_words(123_456_789, Unit.MONEY, "USD", "de") == "1.234.567,89 USD"
    assert cell_words(125, Unit.SHARE, "USD", "de") == "12,5 %"
    assert cell_words(12_345, Unit.COUNT, "USD", "de") == "12.345"
    assert duration(90_000, "de") == "1 Tag 1 h"


def test_every_rule_of_invoicing_has_words(app: Flask) -> None:
    with reading(app, "en"):
        assert {rule: str(wording.BILLINGS[rule.value]) for rule in Billing} == {
            rule: wording.billing(rule) for rule in Billing
        }


@pytest.mark.parametrize("counted_from", PaymentFrom)
def test_when_invoices_are_due_is_said_as_the_rule_says_it(
    app: Flask, counted_from: PaymentFrom
) -> None:
    order = order_of(line(), payment=Payment(30, counted_from))
    with reading(app, "en"):
        assert wording.payment(order) == payment_rule(order)


def test_every_event_has_its_words_in_the_catalogues(app: Flask) -> None:
    tags = {
        node.value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TAG.fullmatch(node.value)
    }
    with reading(app, "en"):
        named = {wording.event_words(one): one for one in tags - set(PERMISSIONS)}
    assert {words: one for words, one in named.items() if words not in EVENT_WORDS} == {}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("Firefox/140.0", "Firefox"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("<b>", "<b>"),
        ("", "unknown"),
    ],
)  # fmt: skip
def test_a_browser_is_called_what_its_user_calls_it(app: Flask, agent: str, words: str) -> None:
    with reading(app, "en"):
        assert browser_words(agent) == words


def test_mail_is_in_its_readers_language() -> None:
    context = {"name": "Ana <b>"}
    german = write_mail("password-reset", context, ("link",), "de")
    assert german.subject == "Neues Passwort für DealDesk setzen"
    assert german.text.startswith("Guten Tag Ana <b>,\n\nfür Ihr Konto")
    assert max(len(line) for line in german.text.splitlines()) <= 100
    assert 'lang="de"' in german.html
    assert "Ana &lt;b&gt;" in german.html
    english = write_mail("password-reset", context, ("link",), "en")
    assert english.subject == "Set a new password for DealDesk"
    assert 'lang="en"' in english.html


def test_mail_templates_are_all_there() -> None:
    folders = sorted(one for one in (PROJECT / "templates" / "email").iterdir() if one.is_dir())
    parts = {"subject.txt", "body.txt", "body.html"}
    assert {one.name: {part.name for part in one.iterdir()} for one in folders} == {
        one.name: parts for one in folders
    }


def test_every_kind_of_change_in_a_file_has_its_words() -> None:
    german = catalogue("de")
    kinds = {kind.value for kind in (*Kind, *Untracked)}
    said = {round_view.kind_words(kind) for kind in kinds}
    assert {words for words in said if german.gettext(words) == words} == {"Text"}


def test_marks_of_the_paper_say_what_the_catalogue_says() -> None:
    style = (PROJECT / "dealdesk" / "web" / "static" / "paper.css").read_text("utf-8")
    german = catalogue("de")
    for word in ("Off standard", "Walk-away"):
        assert f'content: "{word}"' in style
        assert f'content: "{german.gettext(word)}"' in style
    fallback = german.gettext("Fallback %(number)d").removesuffix(" %(number)d")
    assert f'content: "{fallback}"' in style
