"""Pages in a made-up language: whatever is in no brackets was said outside of gettext.

What a page takes from the database or from the library's files stays as it is there, and so do the
sentences of rules; the pages below hold none of those.
"""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.support import NullTranslations
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import inspect, text

from dealdesk.kernel.settings import PROJECT
from tests.web.personas import sign_in_as
from tests.web.template_texts import NAMES, SAID_IN, SAME

RICH = "/deals/PLACEHOLDER-2027-001"
PAGES = {
    "": ("/sign-in", "/password", "/nowhere", "/share/guessed"),
    "account_executive": (
        "/", "/account", "/deals", "/deals?q=nothing-like-it", "/accounts", "/accounts/new",
        "/deals/new", "/deals/new/scratch", "/deals/new/copy", "/deals/new/file",
        *(f"{RICH}/{page}" for page in (
            "customer", "contract", "details", "versions", "order-form",
        )),
    ),
    "deal_desk": ("/", f"{RICH}/downloads", f"{RICH}/activity", *(
        f"/reports/{key}"
        for key in ("pipeline", "cycle-stage", "cycle-role", "waits", "concessions", "discounts", "promises")
    )),
    "finance": ("/",),
    "general_counsel": ("/",),
    "support_head": ("/", "/nowhere"),
    "administrator": ("/", "/people", "/people/1", "/jobs"),
    "auditor": ("/", "/audit"),
}  # fmt: skip
# Sentences of rules, and what an event holds: English in each language.
RULES = ".faultlist, .said, td.code"
_CODE = re.compile(r"[0-9a-f]{12,64}|[a-z_]+(:\w+)+")
_WORD = re.compile(r"[^\W\d_][^\W_]+")
_DAY = re.compile(r"\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}")
_MONEY = re.compile(r"\b[A-Z]{3}\b( [\d,.]+)?")
_UNITS = re.compile(r"\b\d+ (h|min|days?|KiB)\b")


class Pseudo(NullTranslations):
    """A language in which every text stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - the library's form
        return f"⟦{message}⟧"


class Outside(HTMLParser):
    """Collects what a page says outside of brackets, which may go across elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._depth = 0
        self._same = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SAID_IN and value:
                self.found += outside(value)
        self._same += tag in SAME

    def handle_endtag(self, tag: str) -> None:
        self._same -= tag in SAME

    def handle_data(self, data: str) -> None:
        kept = ""
        for sign in data:
            self._depth += (sign == "⟦") - (sign == "⟧")
            kept += sign if self._depth == 0 and sign != "⟧" else "\n" if sign in "⟦⟧" else ""
        if not self._same:
            self.found += [part.strip(" ,.:;–·/()") for part in kept.split("\n")]


def outside(words: str) -> list[str]:
    reader = Outside()
    reader.handle_data(words)
    return reader.found


@cache
def data_of(app: Flask) -> tuple[frozenset[str], str]:
    """Return each value that the database holds, and everything that data says in one text."""
    engine = app.extensions["dealdesk"].engine
    values: set[str] = set()
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                values.update(str(cell) for cell in row if cell is not None)
    files = [*(PROJECT / "clause_library").rglob("*.*"), *(PROJECT / "demo").rglob("*.yaml")]
    values.update(path.read_text("utf-8") for path in files if path.suffix in {".md", ".yaml"})
    return frozenset(values), " ".join(" ".join(values).split())


def unknown(app: Flask, words: list[str]) -> Iterator[str]:
    values, everything = data_of(app)
    for one in (part for said in words for part in re.split(r" · |, | \(", said)):
        bare = _CODE.sub("", _UNITS.sub("", _MONEY.sub("", _DAY.sub("", " ".join(one.split())))))
        names = set(_WORD.findall(bare)) - NAMES
        if names and bare not in values and bare.strip(" ,.") not in everything:
            yield one


@pytest.mark.parametrize(
    ("role", "path"), [(role, path) for role, paths in PAGES.items() for path in paths]
)
def test_nothing_is_said_outside_of_gettext(
    app: Flask, monkeypatch: pytest.MonkeyPatch, role: str, path: str
) -> None:
    client = sign_in_as(app, role) if role else app.test_client()
    monkeypatch.setattr("dealdesk.web.languages.catalogue", lambda _: Pseudo())
    answer = client.get(path, follow_redirects=True)
    found = BeautifulSoup(answer.text, "html.parser")
    for rule in found.select(RULES):
        rule.decompose()
    page = Outside()
    page.feed(str(found))
    page.close()
    assert "⟦" in answer.text
    assert list(unknown(app, page.found)) == []
