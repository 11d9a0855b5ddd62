"""The workbench in the browser, without a script: start, change, compare, merge, keep what is typed."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import get_latest_version
from dealdesk.deals.models import AccountRow, DealRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.hashing import sha256_text
from dealdesk.kernel.settings import PROJECT
from dealdesk.web.app import create_app
from tests.web.conftest import NOW, seeded_settings
from tests.web.personas import PERSONAS, sign_in_as, writing
from tests.web.strict import StrictClient

RAMP = {
    "row-0-sku": "TEAM",
    "row-0-1-quantity": "150",
    "row-0-1-discount_pct": "15",
    "row-0-2-quantity": "300",
    "row-0-2-discount_pct": "15",
    "row-0-3-quantity": "600",
    "row-0-3-discount_pct": "15 %",
    "row-1-sku": "ONBOARD",
    "row-1-0-quantity": "1",
    "row-1-list_unit": "$40,000.00",
    "term-start": "2026-01-01",
    "term-months": "36",
    "term-currency": "USD",
    "term-billing": "annual_advance",
    "term-days": "30",
}

RAMP_OF_A_MONTH = {k: v for k, v in RAMP.items() if not re.match(r"row-0-[23]", k)}


DETAILS = ("form", "address", "country", "registration", "tax_id")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    application = create_app(seeded_settings(tmp_path_factory.mktemp("bench")))
    application.config["TESTING"] = False
    yield application
    application.extensions["dealdesk"].engine.dispose()


@pytest.fixture
def avery(bench: Flask) -> StrictClient:
    return StrictClient(sign_in_as(bench, "account_executive"))


@pytest.fixture
def dana(bench: Flask) -> StrictClient:
    return StrictClient(sign_in_as(bench, "deal_desk"))


def hidden(page: BeautifulSoup, name: str) -> str:
    return str(page.find("input", attrs={"name": name})["value"])  # type: ignore[index]


def send(browser: StrictClient, form_at: str, to: str, data: dict, status: int):
    """Send a form as the browser would: with the token and the hidden fields of its page."""
    page = browser.get(form_at)
    kept = {
        name: hidden(page, name)
        for name in ("csrf_token", "form_key", "seen")
        if page.find("input", attrs={"name": name})
    }
    return browser.post(to, {**kept, **data}, status=status)


def start(browser: StrictClient, **fields: str) -> str:
    data = {
        "customer": "Acme Robotics",
        "title": "Three years",
        "agreement": "enterprise",
        "sku": "TEAM",
        "quantity": "1",
        "currency": "USD",
        "start": "2026-01-01",
        "months": "36",
        "billing": "annual_advance",
        **fields,
    }
    answer = send(browser, "/deals/new/scratch", "/deals/new/scratch", data, 303)
    return re.search("/deals/([^/]+)/order-form/edit", answer.headers["Location"])[1]  # type: ignore[index]


def test_the_scenario_comes_to_its_figures_in_the_grid(avery: StrictClient) -> None:
    number = start(avery)
    edit = f"/deals/{number}/order-form/edit"
    looked_at = avery.read(send(avery, edit, edit, {**RAMP, "do": "recalculate"}, 200), 200)
    words = looked_at.find(id="p-preview").get_text(" ")  # type: ignore[union-attr]
    for figure in (
        "USD 575,500.00",
        "USD 535,500.00",
        "USD 178,500.00",
        "USD 6,375.00",
        "153,000.00",
    ):
        assert figure in words
    assert "Sales manager New" in re.sub(r"\s+", " ", words)
    assert "The highest line discount is 15 %" in words
    assert hidden(looked_at, "row-1-list_unit") == "$40,000.00"
    answer = send(avery, edit, edit, {**RAMP, "do": "save"}, 303)
    assert answer.headers["Location"] == f"/deals/{number}/order-form"
    assert "USD 575,500.00" in avery.get(f"/deals/{number}/order-form").get_text()
    versions = avery.get(f"/deals/{number}/versions")
    assert [row.th.get_text() for row in versions.select("tbody tr")] == ["2", "1"]  # type: ignore[union-attr]
    compared = avery.get(f"/deals/{number}/versions/compare?from=1&to=2")
    assert "Order form, lines" in compared.get_text()
    assert "product TEAM, year 1, quantity 150" in compared.get_text()
    assert compared.find("ins") is not None


def test_the_preview_answers_with_a_part_of_the_page_and_saves_nothing(avery: StrictClient) -> None:
    number = start(avery)
    edit, preview = f"/deals/{number}/order-form/edit", f"/deals/{number}/order-form/preview"
    text = send(avery, edit, preview, RAMP, 200).get_data(as_text=True)
    assert text.lstrip().startswith('<div id="p-preview"')
    assert "USD 575,500.00" in text
    wrong = send(avery, edit, preview, {**RAMP, "row-0-2-quantity": "-3"}, 200)
    assert 'data-faults="row-0-2-quantity"' in wrong.get_data(as_text=True)
    assert len(avery.get(f"/deals/{number}/versions").select("tbody tr")) == 1


def test_what_the_linter_finds_about_an_order_stands_beside_it_as_one_types(
    avery: StrictClient,
) -> None:
    number = start(avery)
    edit, preview = f"/deals/{number}/order-form/edit", f"/deals/{number}/order-form/preview"
    assert "What the linter finds" not in avery.get(edit).get_text()
    longer = send(avery, edit, preview, {**RAMP, "term-months": "120"}, 200)
    text = BeautifulSoup(longer.get_data(as_text=True), "html.parser").get_text(" ")
    assert re.search(r"What the linter finds\s+The closed dates of support end in \d{4}", text)
    assert "New" in text.partition("What the linter finds")[2][:200]
    shorter = send(avery, edit, preview, {**RAMP_OF_A_MONTH, "term-months": "1"}, 200)
    page = BeautifulSoup(shorter.get_data(as_text=True), "html.parser")
    assert "Shorten the notice, or lengthen the term." in page.get_text(" ")
    link = page.find("a", string="See the clause")
    assert link["href"] == f"/deals/{number}/clauses/renewal"  # type: ignore[index]
    avery.get(link["href"])  # type: ignore[index, arg-type]


def test_rows_are_added_pasted_and_taken_out(avery: StrictClient) -> None:
    edit = f"/deals/{start(avery)}/order-form/edit"
    typed = {
        "row-0-sku": "TEAM",
        "row-0-0-quantity": "7",
        **{k: v for k, v in RAMP.items() if k[:4] == "term"},
    }
    added = avery.read(send(avery, edit, edit, {**typed, "do": "add"}, 200), 200)
    assert len(added.select("[data-gridrow]")) == 2
    paste = "Business plan\t10\t20\t30\t5%\nOnboarding\t1"
    pasted = avery.read(send(avery, edit, edit, {**typed, "do": "paste", "paste": paste}, 200), 200)
    assert hidden(pasted, "row-1-sku") == "BUSINESS"
    assert [hidden(pasted, f"row-1-{year}-quantity") for year in (1, 2, 3)] == ["10", "20", "30"]
    removed = avery.read(send(avery, edit, edit, {**RAMP, "do": "remove-0"}, 200), 200)
    assert hidden(removed, "row-0-sku") == "ONBOARD"


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"row-0-1-quantity": "-5"}, "“Quantity” is -5; 1 is the least", "row-0-1-quantity"),
        ({"row-0-1-quantity": "many"}, "“Quantity” is “many”, which is not", "row-0-1-quantity"),
        ({"row-0-sku": "NONE"}, "The catalogue has no “NONE”", "row-0-sku"),
        ({"row-1-0-quantity": ""}, "“Quantity” is missing. Fill it in.", "row-1-0-quantity"),
        (
            {"row-1-list_unit": "999999999999", "row-1-0-quantity": "9999999"},
            "would pay more than 1,000,000,000,000,000 USD in all",
            "",
        ),
        ({"row-0-2-discount_pct": "150"}, "100 is the most allowed", "row-0-2-discount_pct"),
        ({"term-months": ""}, "“Months” is missing. Fill it in.", "term-months"),
        ({"term-start": "tomorrow"}, "not a date", "term-start"),
        ({"term-months": "12"}, "1 is the most allowed", ""),
        ({"row-0-sku": "مرحبا 🤖"}, "The catalogue has no", "row-0-sku"),
        ({"row-0-sku": "x" * 10_000}, "longer than 40", "row-0-sku"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_stays_as_typed(
    avery: StrictClient, change: dict, sentence: str, field: str
) -> None:
    edit = f"/deals/{start(avery)}/order-form/edit"
    page = avery.read(send(avery, edit, edit, {**RAMP, **change, "do": "save"}, 422), 422)
    assert sentence in page.find(attrs={"role": "alert"}).get_text()  # type: ignore[union-attr]
    if field:
        wrong = page.find(id=field)
        assert wrong["aria-invalid"] == "true"  # type: ignore[index]
        assert wrong["value"] == change.get(field, "")[:400]  # type: ignore[index]
    assert hidden(page, "row-0-3-quantity") == "600"


def test_an_affiliate_orders_in_its_currency_from_the_same_grid(avery: StrictClient) -> None:
    number = start(avery)
    edit = f"/deals/{number}/order-form/edit"
    whole = {**RAMP, "whole": "yes"}
    added = avery.read(send(avery, edit, edit, {**whole, "do": "add-affiliate"}, 200), 200)
    assert hidden(added, "aff-0-name") == ""
    theirs = {
        "aff-0-name": "Acme Robotik GmbH",
        "aff-0-currency": "EUR",
        "row-2-sku": "TEAM",
        "row-2-party": "0",
        "row-2-0-quantity": "20",
        "row-2-list_unit": "140.00",
    }
    send(avery, edit, edit, {**whole, **theirs, "do": "save"}, 303)
    shown = avery.get(f"/deals/{number}/order-form").get_text(" ")
    assert "Acme Robotik GmbH, in EUR" in shown
    again = avery.get(edit)
    assert hidden(again, "aff-0-name") == "Acme Robotik GmbH"
    assert again.select_one("#row-2-party option[selected]")["value"] == "0"  # type: ignore[index]
    # A form without these fields leaves the affiliates as they are.
    send(avery, edit, edit, {**RAMP, "term-days": "45", "do": "save"}, 303)
    assert hidden(avery.get(edit), "aff-0-name") == "Acme Robotik GmbH"
    gone = {**whole, **theirs, "do": "affiliate-0"}
    removed = avery.read(send(avery, edit, edit, gone, 200), 200)
    assert removed.find(id="aff-0-name") is None
    assert removed.find(id="row-2-sku")["value"] == ""  # type: ignore[index]
    send(avery, edit, edit, {**whole, "do": "save"}, 303)
    assert "Robotik" not in avery.get(f"/deals/{number}/order-form").get_text(" ")


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"aff-0-name": ""}, "missing", "aff-0-name"),
        ({"aff-0-name": "x" * 300}, "longer than 200", "aff-0-name"),
        ({"aff-0-currency": "QQQ"}, "not a currency", "aff-0-currency"),
        ({"row-2-party": ""}, "no lines", "aff-0-name"),
        ({"row-2-party": "7"}, "no lines", "aff-0-name"),
        ({"row-2-0-quantity": "-1"}, "1 is the least allowed", "row-2-0-quantity"),
        ({"term-joined": "D-2026-1"}, "missing", "term-ends"),
        ({"term-ends": "2028-12-31", "term-months": ""}, "missing", "term-joined"),
        ({"term-joined": "D-2026-1", "term-ends": "2028-12-31"}, "no months", "term-months"),
        (
            {"term-joined": "D-2026-1", "term-ends": "2025-12-31", "term-months": ""},
            "before the start",
            "term-ends",
        ),
        (
            {"term-joined": "D-2026-1", "term-ends": "31.12.2028", "term-months": ""},
            "not a date",
            "term-ends",
        ),
    ],
)
def test_what_is_wrong_with_an_affiliate_or_an_add_on_is_told_at_its_field(
    avery: StrictClient, change: dict, sentence: str, field: str
) -> None:
    edit = f"/deals/{start(avery)}/order-form/edit"
    typed = {
        **RAMP,
        "whole": "yes",
        "aff-0-name": "Acme KK",
        "aff-0-currency": "USD",
        "row-2-sku": "TEAM",
        "row-2-party": "0",
        **change,
        "do": "save",
    }
    page = avery.read(send(avery, edit, edit, typed, 422), 422)
    assert sentence in page.find(id=f"{field}-why").get_text()  # type: ignore[union-attr]
    if page.find(id=field).name == "input":  # type: ignore[union-attr]
        assert page.find(id=field)["aria-invalid"] == "true"  # type: ignore[index]


def test_an_add_on_ends_with_the_order_that_it_joins(avery: StrictClient) -> None:
    number = start(avery)
    edit = f"/deals/{number}/order-form/edit"
    typed = {**RAMP, "whole": "yes", "term-months": "", "term-joined": "D-2025-7"}
    send(avery, edit, edit, {**typed, "term-ends": "2028-10-31", "do": "save"}, 303)
    shown = re.sub(r"\s+", " ", avery.get(f"/deals/{number}/order-form").get_text(" "))
    assert "An expansion of D-2025-7" in shown
    assert "1 Jan 2026 to 31 Oct 2028" in shown
    again = avery.get(edit)
    assert hidden(again, "term-ends") == "2028-10-31"
    assert hidden(again, "term-months") == ""
    assert hidden(again, "row-0-3-quantity") == "600"
    send(avery, edit, edit, {**RAMP, "whole": "yes", "do": "save"}, 303)
    assert "An expansion" not in avery.get(f"/deals/{number}/order-form").get_text(" ")


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"title": ""}, "“Title of the deal” is blank. Fill it in.", "title"),
        ({"title": "x" * 201}, "“Title of the deal” is longer than 200", "title"),
        (
            {"customer_name": ""},
            "“Customer, as the contract prints it” is missing",
            "customer_name",
        ),
        ({"customer_country": "Mars"}, "“Mars” is not the code of a country", "customer_country"),
        ({"signer_name": "R", "signer_email": "r@x"}, "“r@x” is not a mail", "signer_email"),
        ({"signer_title": "CEO"}, "“Who signs” is missing. Fill it in.", "signer_name"),
    ],
)
def test_faults_of_details_name_the_fields_as_the_page_does(
    avery: StrictClient, change: dict, sentence: str, field: str
) -> None:
    at = f"/deals/{start(avery)}/details"
    whole = {"title": "T", "customer_name": "Acme", "customer_country": "US"}
    page = avery.read(send(avery, at, at, {**whole, **change}, 422), 422)
    assert sentence in page.find(id=f"{field}-why").get_text()  # type: ignore[union-attr]


def test_a_zone_that_is_none_is_refused_where_it_is_typed(avery: StrictClient) -> None:
    at = f"/deals/{start(avery)}/clauses/uptime"
    typed = {"position": "standard", "value.zone": "Mars/Base", "do": "position"}
    page = avery.read(send(avery, at, at, typed, 422), 422)
    why = page.find(id="value.zone-why").get_text()  # type: ignore[union-attr]
    assert "“Mars/Base” is not a time zone" in why
    send(avery, at, at, {**typed, "value.zone": "Europe/Zurich"}, 303)


def test_two_people_on_one_deal_get_a_merge_that_loses_nothing(
    avery: StrictClient, dana: StrictClient
) -> None:
    number = start(avery)
    edit = f"/deals/{number}/order-form/edit"
    send(avery, edit, edit, {**RAMP, "do": "save"}, 303)
    mine, theirs = avery.get(edit), dana.get(edit)
    base = {"csrf_token": hidden(theirs, "csrf_token"), "seen": "2", "do": "save"}
    dana.post(edit, {**RAMP, **base, "row-0-1-discount_pct": "20", "term-days": "45"}, status=303)
    base["csrf_token"] = hidden(mine, "csrf_token")
    sent = {**RAMP, **base, "row-0-1-discount_pct": "12", "row-0-2-quantity": "350"}
    page = avery.read(avery.post(edit, sent, status=409), 409)
    text = page.get_text(" ")
    assert "Dana Placeholder recorded version 3" in text
    assert "Line 1, discount" in text
    assert "Both changed it" in text
    form = page.find("form", attrs={"action": f"/deals/{number}/merge"})
    data = {
        tag["name"]: tag["value"]
        for tag in form.find_all("input")  # type: ignore[union-attr]
        if tag["type"] == "hidden"
    }
    data |= {"keep-0": "theirs", "keep-1": "mine"}
    avery.post(f"/deals/{number}/merge", data, status=303)
    after = avery.get(edit)
    assert hidden(after, "row-0-1-discount_pct") == "20"
    assert hidden(after, "row-0-2-quantity") == "350"
    assert hidden(after, "term-days") == "45"
    assert hidden(after, "seen") == "4"
    again = avery.post(f"/deals/{number}/merge", data, status=303)
    assert again.headers["Location"] == f"/deals/{number}/versions"
    assert hidden(avery.get(edit), "seen") == "4"


def test_a_merge_that_is_refused_shows_both_sides_again_with_what_was_chosen(
    avery: StrictClient, dana: StrictClient
) -> None:
    number = start(avery)
    edit = f"/deals/{number}/order-form/edit"
    send(avery, edit, edit, {**RAMP, "do": "save"}, 303)
    mine, theirs = avery.get(edit), dana.get(edit)
    base = {"csrf_token": hidden(theirs, "csrf_token"), "seen": "2", "do": "save"}
    dana.post(edit, {**RAMP, **base, "row-0-1-discount_pct": "20", "term-days": "45"}, status=303)
    base["csrf_token"] = hidden(mine, "csrf_token")
    sent = {**RAMP, **base, "row-0-1-discount_pct": "12", "row-0-2-quantity": "350"}
    page = avery.read(avery.post(edit, sent, status=409), 409)
    data = fields_in(page, f"/deals/{number}/merge") | {"keep-0": "theirs", "keep-1": "mine"}
    assert '"value": 350' in data["change-1"]
    wrong = {**data, "change-1": data["change-1"].replace("350", "-3")}
    again = avery.read(avery.client.post(f"/deals/{number}/merge", data=wrong), 422)
    words = again.get_text(" ")
    assert "1 is the least allowed" in words
    assert "Dana Placeholder recorded version 3" in words
    assert "Both changed it" in words
    assert again.find(id="p-theirs-0").has_attr("checked")  # type: ignore[union-attr]
    assert again.find(id="p-mine-1").has_attr("checked")  # type: ignore[union-attr]
    kept = fields_in(again, f"/deals/{number}/merge")
    # A token tells the second in which it was given.
    kept.pop("csrf_token")
    assert {**wrong, **kept} == wrong
    avery.post(f"/deals/{number}/merge", data, status=303)
    assert hidden(avery.get(edit), "row-0-2-quantity") == "350"


def test_more_changes_than_a_merge_takes_are_refused_and_none_is_dropped(
    avery: StrictClient,
) -> None:
    number = start(avery)
    token = hidden(avery.get(f"/deals/{number}/order-form/edit"), "csrf_token")
    data = {"csrf_token": token, "seen": "1"}
    for index in range(501):
        data[f"change-{index}"] = '{"path": ["title"], "value": "Another"}'
        data[f"keep-{index}"] = "mine"
    answer = avery.client.post(f"/deals/{number}/merge", data=data)
    assert "more than 500 things" in avery.read(answer, 409).get_text()
    assert len(avery.get(f"/deals/{number}/versions").select("tbody tr")) == 1


def fields_in(page: BeautifulSoup, action: str) -> dict[str, str]:
    """Return the hidden fields of a page's form."""
    form = page.find("form", attrs={"action": action})
    assert form is not None
    return {tag["name"]: tag["value"] for tag in form.find_all("input", type="hidden")}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "change",
    ["{", "[]", '{"path": []}', '{"path": [1.5], "value": 1}', '{"path": ["order"], "value": 1.5}',
     '{"path": ["owner"], "value": "x"}', '{"path": ["decisions"], "value": []}',
     '{"path": ["order", "lines"], "value": []}', "[" * 5000,
     '{"path": ["order", "lines", -1, "quantity"], "value": 7}',
     '{"path": ["order", "lines", 99999999], "value": {}}',
     '{"path": ["title"], "value": "\\ud800"}', '{"path": ["\\udfff"], "value": "x"}',
     '{"path": ["facts", "x"], "value": ' + "[" * 40 + "]" * 40 + "}",
     '{"path": ["facts", "x"], "value": ' + "9" * 4000 + "}",
     '{"path": ' + str(["facts"] * 5000).replace("'", '"') + ', "value": 1}'],
)  # fmt: skip
def test_a_forged_merge_changes_nothing(avery: StrictClient, change: str) -> None:
    number = start(avery)
    data = {"change-0": change, "keep-0": "mine", "seen": "1"}
    data["csrf_token"] = hidden(avery.get(f"/deals/{number}/order-form/edit"), "csrf_token")
    answer = avery.client.post(f"/deals/{number}/merge", data=data)
    assert answer.status_code in {409, 422}
    page = avery.read(answer, answer.status_code)
    assert re.search("This can't be (saved|done)", page.get_text())
    assert len(avery.get(f"/deals/{number}/versions").select("tbody tr")) == 1


def test_a_form_sent_twice_starts_one_deal(avery: StrictClient) -> None:
    page = avery.get("/deals/new/scratch")
    data = {
        "csrf_token": hidden(page, "csrf_token"),
        "form_key": hidden(page, "form_key"),
        "customer": "Twice Ltd",
        "title": "Twice",
        "agreement": "enterprise",
        "sku": "TEAM",
        "quantity": "1",
        "currency": "USD",
        "start": "2027-01-01",
        "months": "12",
        "billing": "upfront",
        "owner": "Somebody",  # mass assignment is not read at all
        "number": "MINE-1",
    }
    first = avery.post("/deals/new/scratch", data, status=303)
    second = avery.post("/deals/new/scratch", data, status=303)
    assert first.headers["Location"] == second.headers["Location"]
    found = avery.get("/deals?q=twice")
    assert len(found.select("tbody tr")) == 1
    assert "Avery Seller" in found.select_one("tbody tr").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"customer": ""}, "Choose an account, or name the customer"),
        ({"customer": "x" * 10_000}, "longer than 200"),
        ({"quantity": "-1"}, "1 is the least allowed"),
        ({"start": "soon"}, "not a date"),
        ({"months": "0"}, "1 is the least allowed"),
        ({"title": ""}, "Write a title"),
        ({"title": "a\u202eb"}, "can't be seen"),
        ({"account": "999999"}, "There is no account"),
        ({"account": "1 OR 1=1"}, "There is no such account"),
        ({"sku": "NONE"}, "Not a valid choice"),
    ],
)
def test_a_wrong_start_is_told_and_stays_as_typed(
    avery: StrictClient, fields: dict, sentence: str
) -> None:
    data = {
        "customer": "Acme", "title": "A title that stays", "agreement": "enterprise", "sku": "TEAM", "quantity": "1",
        "currency": "USD", "start": "2027-01-01", "months": "12", "billing": "upfront", **fields,
    }  # fmt: skip
    page = avery.read(send(avery, "/deals/new/scratch", "/deals/new/scratch", data, 422), 422)
    assert sentence in page.find(attrs={"role": "alert"}).get_text()  # type: ignore[union-attr]
    if "title" not in fields:
        assert hidden(page, "title") == "A title that stays"


def test_a_deal_is_started_as_a_copy_and_from_a_file(avery: StrictClient) -> None:
    at = "/deals/new/copy?number=PLACEHOLDER-2027-001"
    data = {"number": "PLACEHOLDER-2027-001", "title": "Again", "start": "2028-01-01"}
    assert send(avery, at, "/deals/new/copy", data, 303).headers["Location"].endswith("/edit")
    none = send(avery, at, "/deals/new/copy", {**data, "number": "NOTIONAL-2028-001"}, 422)
    assert "There is no deal NOTIONAL-2028-001" in none.get_data(as_text=True)
    rich = PROJECT / "demo" / "deals" / "placeholder-robotics.yaml"
    pasted = send(
        avery, "/deals/new/file", "/deals/new/file", {"text": rich.read_text("utf-8")}, 303
    )
    assert pasted.headers["Location"].endswith("/edit")
    token = hidden(avery.get("/deals/new/file"), "csrf_token")
    upload = (io.BytesIO(rich.read_bytes()), "deal.yaml")
    sent = avery.client.post(
        "/deals/new/file", data={"csrf_token": token, "file": upload, "text": ""}
    )
    assert sent.status_code == 303
    wrong = send(
        avery, "/deals/new/file", "/deals/new/file", {"text": "schema: deal/1\nboo: 1"}, 422
    )
    page = avery.read(wrong, 422)
    assert "deal file:2" in page.get_text()
    assert "boo: 1" in page.find("textarea").get_text()  # type: ignore[union-attr]


def test_accounts_are_kept_and_start_deals(avery: StrictClient) -> None:
    answer = send(
        avery, "/accounts/new", "/accounts/new", {"name": "Überseehandel AG", "country": "CH"}, 303
    )
    at = answer.headers["Location"]
    number = at.rpartition("/")[2]
    person = {"contact-name": "Sam Example", "contact-is_signer": "y"}
    send(avery, at, f"{at}/contacts", person, 303)
    assert "Sam Example" in avery.get(at).get_text()
    wrong = avery.read(send(avery, at, f"{at}/contacts", {"contact-name": ""}, 422), 422)
    assert "“Name” is missing. Fill it in." in wrong.get_text()
    found = avery.get(at).select_one("a[href*='/contacts/']")
    person_at = str(found["href"])  # type: ignore[index]
    bad = send(avery, person_at, person_at, {"name": "Sam Other", "email": "sam"}, 422)
    assert "“sam” is not a mail address." in avery.read(bad, 422).get_text()
    changed = {"name": "Sam Other", "is_signer": "y"}
    send(avery, person_at, person_at, changed, 303)
    stale = send(avery, person_at, person_at, {**changed, "name": "Sam", "seen": "1"}, 409)
    assert hidden(avery.read(stale, 409), "name") == "Sam"
    send(avery, at, f"{person_at}/archive", {}, 303)
    assert "Archived (1)" in avery.get(at).get_text()
    send(avery, at, f"{person_at}/restore", {}, 303)
    deal = start(avery, account=number)
    assert "Überseehandel AG" in avery.get(f"/deals/{deal}/order-form").get_text()
    stale = send(avery, at, at, {"name": "Another", "seen": "99"}, 409)
    page = avery.read(stale, 409)
    assert hidden(page, "name") == "Another"
    assert "As it stands now" in page.get_text()
    send(avery, at, at, {"name": "Another"}, 303)
    assert avery.get("/accounts?q=anoth").select("tbody th")[0].get_text() == "Another"


def test_views_are_saved_named_and_deleted(avery: StrictClient) -> None:
    at = "/deals?status=open&sort=-tcv"
    query = hidden(avery.get(at), "query")
    send(avery, at, "/deals/views", {"query": query, "name": "Open, big first"}, 303)
    page = avery.get("/deals")
    link = page.select_one("nav.views a")
    assert (link.get_text(), link["href"]) == ("Open, big first", at)  # type: ignore[union-attr]
    blank = avery.read(send(avery, at, "/deals/views", {"query": query, "name": " "}, 422), 422)
    assert "A view needs a name" in blank.get_text()
    target = next(form["action"] for form in page.find_all("form") if "/views/" in form["action"])
    send(avery, "/deals", str(target), {}, 303)
    assert avery.get("/deals").select("nav.views a") == []


def test_a_search_in_place_gives_the_results_alone(avery: StrictClient) -> None:
    part = avery.client.get("/deals?q=robotics", headers={"HX-Request": "true"}).get_data(
        as_text=True
    )
    assert part.lstrip().startswith('<div id="p-results">')
    whole = avery.client.get(
        "/deals?q=robotics", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    ).get_data(as_text=True)
    assert whole.lstrip().startswith("<!DOCTYPE html>")


def test_the_first_page_shows_what_needs_one(
    avery: StrictClient, dana: StrictClient, bench: Flask
) -> None:
    assert "Yours:" in avery.get("/").get_text()
    assert "Open for Deal desk" in dana.get("/").get_text()
    assert (
        "Nothing needs you now"
        in StrictClient(sign_in_as(bench, "administrator")).get("/").get_text()
    )
    assert "Moved lately" in StrictClient(sign_in_as(bench, "auditor")).get("/").get_text()


def test_a_closed_deal_offers_no_change(bench: Flask, avery: StrictClient, tmp_path: Path) -> None:
    number = start(avery)
    page = avery.get(f"/deals/{number}/order-form")
    assert page.find("a", href=f"/deals/{number}/order-form/edit") is not None
    auditor = StrictClient(sign_in_as(bench, "auditor"))
    page = auditor.get(f"/deals/{number}/order-form")
    assert page.find("a", href=f"/deals/{number}/order-form/edit") is None


def test_a_clause_is_chosen_with_its_values_and_costs(avery: StrictClient) -> None:
    number = start(avery)
    at = f"/deals/{number}/clauses/uptime"
    page = avery.get(f"{at}?position=fallback-1")
    assert hidden(page, "value.target") == "99.95"
    shown = page.find(id="p-preview").get_text(" ")  # type: ignore[union-attr]
    assert "Engineering" in shown
    assert page.select_one("#p-preview ins") is not None
    fields = fields_of(page, "p-clause")
    answer = avery.post(at, {**fields, "value.cap": "20 %", "do": "position"}, status=303)
    assert answer.headers["Location"] == f"/deals/{number}/clauses#p-uptime"
    after = avery.get(at)
    assert hidden(after, "value.cap") == "20"
    assert "Not as it starts" in after.get_text()
    versions = avery.get(f"/deals/{number}/versions").get_text()
    assert "Availability and service credits" in versions
    again = avery.post(at, {**fields, "value.cap": "20 %", "do": "position"}, status=303)
    assert again.headers["Location"] == f"/deals/{number}/clauses#p-uptime"
    assert len(avery.get(f"/deals/{number}/versions").select("tbody tr")) == 2


def fields_of(page: BeautifulSoup, form_id: str) -> dict[str, str]:
    """Return the fields of a form as a browser would send them."""
    form = page.find("form", id=form_id)
    assert form is not None
    found = {
        str(tag["name"]): str(tag.get("value", ""))
        for tag in form.find_all("input")  # type: ignore[union-attr]
        if tag.get("type") != "checkbox" or tag.has_attr("checked")
    }
    for choice in form.find_all("select"):  # type: ignore[union-attr]
        chosen = choice.find("option", selected=True) or choice.find("option")
        found[str(choice["name"])] = str(chosen["value"])
    return found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"value.target": ""}, "it is blank"),
        ({"value.target": "all of it"}, "is not a number"),
        ({"value.target": "101"}, "above the highest"),
        ({"value.target": "-1"}, "below the lowest"),
        ({"value.works": "x", "value.works.unit": "hours"}, "not a length of time"),
        ({"value.credits.0.below_percent": ""}, "it is blank"),
        ({"value.zone": "x" * 10_000}, "at most 400 are allowed"),
    ],
)
def test_a_wrong_value_is_told_and_stays_as_typed(
    avery: StrictClient, change: dict, sentence: str
) -> None:
    at = f"/deals/{start(avery)}/clauses/uptime"
    fields = fields_of(avery.get(at), "p-clause")
    page = avery.read(avery.post(at, {**fields, **change, "do": "position"}, status=422), 422)
    assert sentence in page.find(attrs={"role": "alert"}).get_text()  # type: ignore[union-attr]
    preview = avery.post(f"{at}/preview", {**fields, **change}, status=200).get_data(as_text=True)
    assert 'role="alert"' in preview


def test_own_words_show_what_they_cost_and_go_again(avery: StrictClient) -> None:
    number = start(avery)
    at = f"/deals/{number}/clauses/uptime"
    words = {
        "words": "The service is up {{value: target}} of the time.",
        "mode": "words",
        "position": "standard",
    }
    seen = avery.read(send(avery, at, at, {**words, "do": "recalculate"}, 200), 200)
    assert "Commercial counsel" in seen.find(id="p-preview").get_text()  # type: ignore[union-attr]
    send(avery, at, at, {**words, "do": "words"}, 303)
    page = avery.get(at)
    assert page.find("textarea", id="p-words").get_text() == words["words"]  # type: ignore[union-attr]
    assert "which the document does not print" in page.get_text()
    assert "Own words" in avery.get(f"/deals/{number}/clauses").get_text()
    send(avery, at, at, {"do": "drop", "position": "standard"}, 303)
    assert avery.get(at).find("textarea", id="p-words").get_text() == ""  # type: ignore[union-attr]
    wrong = send(avery, at, at, {**words, "words": "{{when: a > 1}}x{{end}}", "do": "words"}, 422)
    assert "no conditions" in wrong.get_data(as_text=True)


def test_an_optional_clause_is_added_and_left_out(avery: StrictClient) -> None:
    number = start(avery)
    at = f"/deals/{number}/clauses/escrow"
    assert "Add Source-code escrow" in avery.get(f"/deals/{number}/clauses").get_text()
    fields = fields_of(avery.get(at), "p-clause")
    avery.post(at, {**fields, "do": "position"}, status=303)
    assert "Add Source-code escrow" not in avery.get(f"/deals/{number}/clauses").get_text()
    send(avery, at, at, {"do": "leave-out"}, 303)
    assert "Add Source-code escrow" in avery.get(f"/deals/{number}/clauses").get_text()
    assert "no such clause" in avery.get(f"/deals/{number}/clauses/none", status=404).get_text()


def test_an_unticked_box_is_taken_off(avery: StrictClient) -> None:
    at = f"/deals/{start(avery)}/clauses/uptime"
    fields = fields_of(avery.get(at), "p-clause")
    assert fields.pop("value.exclusions.suspension") == "yes"
    avery.post(at, {**fields, "do": "position"}, status=303)
    box = avery.get(at).find(id="value.exclusions.suspension")
    assert not box.has_attr("checked")  # type: ignore[union-attr]


def test_a_plan_brings_its_product_and_what_follows_from_it(avery: StrictClient) -> None:
    page = avery.get("/deals/new/scratch?plan=business")
    chosen = page.find("select", id="tier").find("option", selected=True)  # type: ignore[union-attr]
    assert chosen["value"] == "business"  # type: ignore[index]
    number = start(avery, tier="business", sku="BUSINESS", months="12")
    clauses = avery.get(f"/deals/{number}/clauses").get_text()
    assert "Business" in avery.get("/deals/new").get_text()
    assert "99.9" in clauses
    data = {"customer": "x", "title": "y", "agreement": "enterprise", "sku": "TEAM", "quantity": "1",
            "currency": "USD", "start": "2027-01-01", "months": "12", "billing": "upfront", "tier": "none"}  # fmt: skip
    wrong = send(avery, "/deals/new/scratch", "/deals/new/scratch", data, 422)
    assert "no plan tier" in avery.read(wrong, 422).get_text()


def test_details_are_changed_and_facts_go_and_come(avery: StrictClient) -> None:
    number = start(avery)
    at = f"/deals/{number}/details"
    data = {"title": "Renamed", "customer_name": "Überseehandel AG", "signer_name": "Sam Example"}
    send(avery, at, at, {**data, "facts": "regions: 2\nphi: true"}, 303)
    page = avery.get(at)
    assert page.find("textarea").get_text().split() == ["regions:", "2", "phi:", "true"]  # type: ignore[union-attr]
    assert hidden(page, "signer_name") == "Sam Example"
    assert "Überseehandel AG" in avery.get(f"/deals/{number}/order-form").get_text()
    send(avery, at, at, {**data, "facts": "phi: false"}, 303)
    assert avery.get(at).find("textarea").get_text().split() == ["phi:", "false"]  # type: ignore[union-attr]
    for wrong, sentence in (
        ({"customer_name": ""}, "as the contract prints it” is missing. Fill it in."),
        ({"customer_name": "x" * 10_000}, "longer than 200"),
        ({"facts": "- a list"}, "Facts are lines"),
        ({"facts": "regions: [1]"}, "has to be a number"),
        ({"facts": "phi: maybe"}, "either true or false, not “maybe”. Write true or false."),
        ({"title": ""}, "“Title of the deal” is"),
    ):
        answer = avery.read(send(avery, at, at, {**data, **wrong}, 422), 422)
        assert sentence in answer.find(attrs={"role": "alert"}).get_text()  # type: ignore[union-attr]


def test_a_deal_of_an_older_library_is_taken_up(bench: Flask, avery: StrictClient) -> None:
    number = start(avery)
    with writing(bench) as session:
        row = session.scalars(select(DealRow).where(DealRow.number == number)).one()
        last = get_latest_version(session, row.id)
        columns = {
            column.key: getattr(last, column.key)
            for column in AgreementVersionRow.__table__.columns
            if column.key not in {"id", "number", "inputs", "inputs_sha256"}
        }
        older = re.sub(r'("clause_id":"uptime".*?"version":")[^"]*', r"\g<1>0.0.1", last.inputs)
        assert older != last.inputs
        digest = sha256_text(older)
        session.add(AgreementVersionRow(number=2, inputs=older, inputs_sha256=digest, **columns))
    page = avery.get(f"/deals/{number}/order-form", status=409)
    assert "can't be read" in page.get_text()
    button = page.find("form", attrs={"action": f"/deals/{number}/take-up-library"})
    token = button.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[union-attr,index]
    seen = button.find("input", attrs={"name": "seen"})["value"]  # type: ignore[union-attr,index]
    old = avery.client.post(
        f"/deals/{number}/take-up-library", data={"csrf_token": token, "seen": "1"}
    )
    assert "recorded version 2" in avery.read(old, 409).get_text()
    data = {"csrf_token": token, "seen": seen}
    avery.post(f"/deals/{number}/take-up-library", data, status=303)
    assert "Taken up with the library" in avery.get(f"/deals/{number}/versions").get_text()
    avery.post(f"/deals/{number}/take-up-library", data, status=303)
    assert len(avery.get(f"/deals/{number}/versions").select("tbody tr")) == 2


def test_an_account_past_the_first_page_is_there_to_start_from(
    bench: Flask, avery: StrictClient
) -> None:
    with writing(bench) as session:
        seller = session.scalars(
            select(UserRow.id).where(UserRow.email == PERSONAS["account_executive"])
        ).one()
        others = session.scalars(
            select(UserRow.id).where(UserRow.email == PERSONAS["finance"])
        ).one()
        rows = [
            AccountRow(
                name=f"Many {n:02}", owner_id=seller, created_at=NOW, **dict.fromkeys(DETAILS, "")
            )
            for n in range(60)
        ]
        foreign = AccountRow(
            name="Theirs", owner_id=others, created_at=NOW, **dict.fromkeys(DETAILS, "")
        )
        session.add_all([*rows, foreign])
        session.flush()
        last, theirs = rows[-1].id, foreign.id
    page = avery.get(f"/deals/new/scratch?account={last}")
    chosen = page.select_one("select[name=account] option[selected]")
    assert chosen is not None
    assert (chosen["value"], chosen.get_text()) == (str(last), "Many 59")
    assert "start from the account's own page" in page.get_text()
    for address in (f"?account={theirs}", "?account=x", f"?account={'9' * 30}"):
        other = avery.get(f"/deals/new/scratch{address}")
        assert other.select_one("select[name=account] option[selected]") is None or (
            other.select_one("select[name=account] option[selected]")["value"] == ""  # type: ignore[index]
        )
        assert "Theirs" not in other.get_text()
    data = {"account": str(last), "title": ""}
    again = avery.read(send(avery, "/deals/new/scratch", "/deals/new/scratch", data, 422), 422)
    kept = again.select_one("select[name=account] option[selected]")
    assert kept is not None
    assert kept["value"] == str(last)


def test_a_file_that_is_too_long_is_refused_and_not_cut(avery: StrictClient) -> None:
    page = avery.get("/deals/new/file")
    whole = "# a comment\n" * 170_000
    data = {
        "csrf_token": hidden(page, "csrf_token"),
        "form_key": "long",
        "file": (io.BytesIO(whole.encode()), "deal.yaml"),
    }
    answer = avery.client.post("/deals/new/file", data=data, content_type="multipart/form-data")
    assert "The file has more than 2 MB." in avery.read(answer, 422).get_text()
