"""What the pages say of the demo's deals."""

import gzip
import json
import logging
from pathlib import Path

import pytest
from flask import Flask

from dealdesk.documents.pdf.renderer import PdfUnavailableError
from dealdesk.kernel.hashing import sha256_bytes
from dealdesk.web.app import create_app
from dealdesk.workflows.database import SchemaError
from tests.databases import settings_for
from tests.web.conftest import work
from tests.web.personas import sign_in_as
from tests.web.strict import StrictClient

RICH, BANK = "/deals/PLACEHOLDER-2027-001", "/deals/NOTIONAL-2028-001"
STATIC = Path(__file__).parents[2] / "dealdesk" / "web" / "static"
HTMX_SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_list_says_where_each_deal_stands(browser_of: StrictClient) -> None:
    page = browser_of.get("/deals")
    rows = {row.th.get_text(): words(row.get_text(" ")) for row in page.select("tbody tr")}  # type: ignore[union-attr]
    assert len(rows) == 5
    assert "Blocked" in rows["First Notional Bank plc"]
    assert "USD 720,990.00 28 %" in rows["Placeholder Robotics AG"]
    assert "Ready to sign" in rows["Placeholder Robotics AG"]
    assert "Sales manager" in rows["Sample Freight Cooperative"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=robotics", ["Placeholder Robotics AG"]),
        ("q=blake+bank", ["First Notional Bank plc"]),
        ("status=blocked", ["First Notional Bank plc"]),
        ("q=seller&status=blocked", ["First Notional Bank plc"]),
        ("q=nobody-has-this", []),
        ("status=unknown&q=FREIGHT", ["Sample Freight Cooperative"]),
    ],
)
def test_search_and_filter_live_in_the_address(
    browser_of: StrictClient, query: str, found: list[str]
) -> None:
    page = browser_of.get(f"/deals?{query}")
    assert [head.get_text() for head in page.select("tbody th")] == found
    if not found:
        assert "No deal matches" in page.get_text()


def test_what_was_searched_comes_back_as_text(browser_of: StrictClient) -> None:
    page = browser_of.get("/deals?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.find("input", attrs={"name": "q"})["value"] == "<script>alert(1)</script>"  # type: ignore[index]


def test_a_part_of_the_list_comes_alone_when_asked(app: Flask) -> None:
    text = sign_in_as(app, "deal_desk").get("/deals?q=bank", headers={"HX-Request": "true"}).text
    assert text.startswith('<div id="p-results">')
    assert "<html" not in text


def test_the_rail_says_what_is_in_the_way(browser_of: StrictClient) -> None:
    rail = words(browser_of.get(f"{BANK}/order-form").select_one("aside").get_text(" "))  # type: ignore[union-attr]
    assert "4 positions to counter" in rail
    assert "Limitation of liability: a walk-away position" in rail
    done = words(browser_of.get(f"{RICH}/order-form").select_one("aside").get_text(" "))  # type: ignore[union-attr]
    assert "Nothing is open" in done
    assert "In the way" not in done


def test_a_clause_is_a_sentence_with_its_position(browser_of: StrictClient) -> None:
    page = browser_of.get(f"{RICH}/clauses")
    summary = words(page.select_one("#p-uptime summary").get_text(" "))  # type: ignore[union-attr]
    assert summary.startswith(
        "Availability and service credits Fallback 1 99.95% each calendar month, UTC;"
    )
    chosen = page.select("#p-uptime .position.chosen .says")
    assert len(chosen) == 1
    assert len(page.select("#p-uptime .position")) == 5


def test_only_what_is_off_standard_when_asked(browser_of: StrictClient) -> None:
    page = browser_of.get(f"{RICH}/clauses?show=off-standard")
    assert len(page.select(".clauses > details")) == 7
    assert "Standard" not in {
        chip.get_text().strip() for chip in page.select(".clauses summary .chip")
    }


def test_the_paper_is_marked_where_it_deviates(browser_of: StrictClient) -> None:
    page = browser_of.get(f"{RICH}/agreement")
    marked = {tag["id"].split("/")[0] for tag in page.select(".paper .marked[id]")}  # type: ignore[union-attr]
    assert {"uptime", "liability", "escrow"} <= marked
    assert "confidentiality" not in marked
    assert len(page.select(".deviates li")) == 7


def test_an_approval_shows_reasons_then_the_decision(browser_of: StrictClient) -> None:
    page = browser_of.get(f"{RICH}/approvals")
    cards = [words(card.get_text(" ")) for card in page.select(".role")]
    assert len(cards) == 8
    assert "The highest line discount is 28 %" in cards[0]
    assert "Vivian Sample approved it on 23 Nov 2026, 15:10 UTC." in cards[0]


def test_promises_are_sentences_and_data_agree(browser_of: StrictClient, app: Flask) -> None:
    page = browser_of.get(f"{RICH}/sla")
    assert "The service is available 99.95 % of each calendar month, UTC." in page.get_text()
    assert "Sev1 is answered within 30 minutes, day and night." in page.get_text()
    shown = json.loads(page.select_one("pre code").get_text())  # type: ignore[union-attr]
    assert shown == sign_in_as(app, "deal_desk").get(f"{RICH}/sla-terms.json").json


def test_the_hours_behind_the_promises_are_told(browser_of: StrictClient) -> None:
    page = browser_of.get(f"{RICH}/sla")
    text = words(page.get_text(" "))
    assert "Monday to Friday, 09:00 to 18:00 (America/New_York)" in text
    assert "6 Sep 2027, Labor Day" in text
    assert "Phone Sev1 day and night" in text
    assert "Email Sev2, Sev3 support hours" in text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000"])
def test_a_foreign_name_is_refused_in_a_sentence(app: Flask, host: str) -> None:
    answer = sign_in_as(app, "deal_desk").get("/deals", headers={"Host": host})
    page = StrictClient(sign_in_as(app, "deal_desk")).read(answer, 421)
    assert "These pages are for this machine alone" in page.get_text()
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_this_machine_is_answered(app: Flask, host: str) -> None:
    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_change_without_a_token_is_refused(app: Flask) -> None:
    browser = StrictClient(sign_in_as(app, "deal_desk"))
    answer = browser.post(f"{RICH}/downloads", {}, status=400)
    assert "This page has expired" in browser.read(answer, 400).get_text()


def test_files_are_built_once_and_given_out_whole(app: Flask) -> None:
    browser = StrictClient(sign_in_as(app, "deal_desk"))
    page = browser.get(f"{RICH}/downloads")
    token = str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    assert page.select("main table") == []
    browser.get(f"{RICH}/downloads/agreement.pdf", status=404)
    answer = browser.post(f"{RICH}/downloads", {"csrf_token": token}, status=303)
    assert answer.headers["Location"] == f"{RICH}/downloads"
    waiting = browser.get(f"{RICH}/downloads")
    assert "The files of version 1 are being built" in waiting.get_text()
    assert "No worker" in waiting.get_text()
    assert waiting.select_one("#p-files")["hx-trigger"] == "every 1s"  # type: ignore[index]
    work(app)
    assert "hx-trigger" not in browser.get(f"{RICH}/downloads").select_one("#p-files").attrs  # type: ignore[union-attr]
    rows = browser.get(f"{RICH}/downloads").select("main tbody tr")
    assert len(rows) == 7
    for row in rows:
        sha256 = row.select_one(".code")["title"]  # type: ignore[index]
        got = browser.client.get(str(row.a["href"]))  # type: ignore[index]
        assert sha256_bytes(got.data) == sha256
        assert "attachment" in got.headers["Content-Disposition"]
    again = browser.post(f"{RICH}/downloads", {"csrf_token": token}, status=303)
    assert again.headers["Location"] == f"{RICH}/downloads"
    assert len(browser.get(f"{RICH}/downloads").select("main tbody tr")) == 7


def test_without_pango_the_page_names_the_packages(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> None:
        raise PdfUnavailableError.of(
            "pango-missing",
            "PDF files can't be made here: a library is missing.",
            remedy="On Debian: apt-get install libpango-1.0-0",
        )

    monkeypatch.setattr("dealdesk.documents.pdf.renderer.load_weasyprint", absent)
    browser = StrictClient(sign_in_as(app, "deal_desk"))
    page = browser.get(f"{BANK}/downloads")
    token = str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    browser.post(f"{BANK}/downloads", {"csrf_token": token}, status=303)
    work(app)
    page = browser.get(f"{BANK}/downloads")
    assert "apt-get install libpango-1.0-0" in page.get_text()
    assert page.select("main table") == []
    assert page.find("button", string="Build the files")


def test_a_fault_of_ours_is_a_page_without_a_traceback(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("dealdesk.web.deals.list_lines", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.CRITICAL):
        page = StrictClient(sign_in_as(app, "deal_desk")).get("/deals", status=500)
    assert "The fault is ours" in page.get_text()
    assert "ZeroDivisionError" not in page.get_text()


@pytest.mark.parametrize("address", ["/deals", "/nothing", f"{RICH}/sla-terms.json"])
def test_every_answer_is_secured(app: Flask, address: str) -> None:
    headers = sign_in_as(app, "deal_desk").get(address).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_two_answers_share_a_nonce(app: Flask) -> None:
    policies = {
        sign_in_as(app, "deal_desk").get("/deals").headers["Content-Security-Policy"]
        for _ in range(3)
    }
    assert len(policies) == 3


@pytest.mark.parametrize("name", ["app.css", "htmx-2.0.11.min.js"])
def test_static_files_come_packed_to_whoever_takes_it(app: Flask, name: str) -> None:
    address = f"/static/{name}"
    plain = app.test_client().get(address)
    packed = app.test_client().get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data == (STATIC / name).read_bytes()
    assert len(packed.data) < len(plain.data) / 2


def test_htmx_is_what_its_makers_published() -> None:
    assert sha256_bytes((STATIC / "htmx-2.0.11.min.js").read_bytes()) == HTMX_SHA256
    assert HTMX_SHA256 in (STATIC / "VENDORED.md").read_text("utf-8")
    assert "Zero-Clause BSD" in (STATIC / "htmx-LICENSE.txt").read_text("utf-8")


def test_a_database_that_is_behind_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="dealdesk db upgrade"):
        create_app(settings_for(f"sqlite:///{tmp_path / 'behind.db'}", tmp_path))
