"""A client that reads every page strictly: whatever page a test fetches has to be sound."""

import itertools
import re
from dataclasses import dataclass, field

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# A page inside which these stand is not one of ours to grade by class: SVG shapes are drawn.
VOID_LABELS = {"hidden", "submit", "button"}


@dataclass
class StrictClient:
    """Fetches pages and refuses those that are not sound."""

    client: FlaskClient
    last: TestResponse | None = field(default=None)

    def get(self, path: str, *, status: int = 200) -> BeautifulSoup:
        self.last = self.client.get(path)
        return self.read(self.last, status)

    def post(self, path: str, data: dict[str, str], *, status: int) -> TestResponse:
        self.last = self.client.post(path, data=data)
        assert self.last.status_code == status, self.last.get_data(as_text=True)[:2000]
        return self.last

    def read(self, answer: TestResponse, status: int) -> BeautifulSoup:
        text = answer.get_data(as_text=True)
        assert answer.status_code == status, text[:2000]
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text)
        assert parser.errors == [], [(place, code) for place, code, _ in parser.errors][:5]
        page = BeautifulSoup(text, "html.parser")
        check_page(page)
        check_policy(page, answer.headers["Content-Security-Policy"])
        return page


def check_page(page: BeautifulSoup) -> None:
    assert page.html is not None
    assert page.html["lang"] == "en"
    heads = page.find_all("h1")
    assert len(heads) == 1, heads
    assert page.title is not None
    assert page.title.get_text().startswith(heads[0].get_text().strip())
    assert len(page.find_all("main")) == 1
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})
    for field_ in page.find_all(["input", "select", "textarea"]):
        if field_.get("type") not in VOID_LABELS:
            assert page.find("label", attrs={"for": field_.get("id")}), field_
    for form in page.find_all("form"):
        if form.get("method", "get").lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), form
    for table in page.find_all("table"):
        assert table.find("caption") or table.find("thead"), table
        assert all(head.get("scope") for head in table.find_all("th")), table
    for link in page.find_all("a", href=re.compile("^#")):
        assert page.find(id=link["href"][1:]), link
    levels = [int(head.name[1]) for head in page.find_all(re.compile("^h[1-6]$"))]
    main = page.find("main")
    assert isinstance(main, Tag)
    inside = [int(head.name[1]) for head in main.find_all(re.compile("^h[1-6]$"))]
    assert levels.count(1) == 1
    jumps = [pair for pair in itertools.pairwise(inside) if pair[1] > pair[0] + 1]
    assert jumps == []


def check_policy(page: BeautifulSoup, policy: str) -> None:
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    found = re.search(r"'nonce-([\w-]+)'", policy)
    assert found is not None
    for script in page.find_all("script"):
        assert script.get("nonce") == found[1]
        assert script.get("src")
        assert not script.get_text().strip()
    assert page.find_all("style") == []
    assert page.find_all(style=True) == []
    handlers = [tag for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]
    assert handlers == []
    outside = [
        tag
        for tag in page.find_all(["script", "link", "img", "iframe"])
        if str(tag.get("src") or tag.get("href") or "").startswith(("http:", "https:", "//"))
    ]
    assert outside == []
