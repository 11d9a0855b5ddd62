"""Scenario A in Chromium: start a deal, type its ramp, choose its clauses, meet a colleague."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.barriers import barriers
from tests.e2e.test_workbench import opened

pytestmark = pytest.mark.browser

PASTED = "150\t15\t300\t15\t600\t15"


def started(page: Page, address: str, title: str) -> str:
    """Start a deal from scratch and return its address."""
    page.goto(f"{address}/deals")
    page.get_by_role("link", name="New deal").click()
    page.get_by_role("link", name="From scratch").click()
    page.get_by_label("Title of the deal").fill(title)
    page.get_by_label("Customer, where it has no account yet").fill("Acme Robotics Ltd")
    page.get_by_label("Quantity").fill("1")
    page.get_by_label("First day of the term").fill("2026-01-01")
    page.get_by_label("Months of the term").fill("36")
    page.get_by_role("button", name="Start the deal").click()
    expect(page.locator("h1")).to_have_text("Order form")
    return page.url.removesuffix("/order-form/edit")


def paste(page: Page, text: str) -> None:
    """Paste text into the field that has the focus, as from a spreadsheet."""
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_ramp_is_typed_pasted_and_priced_as_one_types(chromium: Browser, address: str) -> None:
    with opened(chromium, role="account_executive") as page:
        deal = started(page, address, "Typed in the grid")
        page.get_by_label("Quantity of row 1, the whole term").fill("")
        page.get_by_label("Quantity of row 1, year 1").focus()
        paste(page, PASTED)
        preview = page.locator("#p-preview")
        expect(preview).to_contain_text("USD 535,500.00")
        expect(preview).to_contain_text("Sales manager")
        page.get_by_label("Product of row 2").fill("ONBOARD")
        expect(preview).to_contain_text("“Quantity” is missing.")
        page.get_by_label("Quantity of row 2, the whole term").fill("1")
        page.get_by_label("List price of row 2").fill("40,000.00")
        expect(preview).to_contain_text("USD 575,500.00")
        expect(preview).to_contain_text("USD 178,500.00")
        expect(preview).to_contain_text("USD 6,375.00")
        wrong = page.get_by_label("Discount of row 1, year 2")
        wrong.fill("150")
        expect(preview.get_by_role("alert")).to_contain_text("100 is the most allowed")
        expect(wrong).to_have_attribute("aria-invalid", "true")
        assert barriers(page) == []
        wrong.fill("15")
        expect(wrong).not_to_have_attribute("aria-invalid", "true")
        page.get_by_label("Quantity of row 1, year 1").press("ArrowDown")
        expect(page.get_by_label("Quantity of row 2, year 1")).to_be_focused()
        page.get_by_role("button", name="Save the order form").click()
        expect(page.locator(".rail")).to_contain_text("USD 575,500.00")
        page.goto(f"{deal}/versions")
        expect(page.locator("tbody tr")).to_have_count(2)


def test_a_clause_shows_its_cost_as_values_are_typed(chromium: Browser, address: str) -> None:
    with opened(chromium, role="account_executive") as page:
        deal = started(page, address, "Clauses chosen")
        page.goto(f"{deal}/clauses/uptime")
        preview = page.locator("#p-preview")
        expect(preview).not_to_contain_text("Engineering")
        page.get_by_role("link", name="Try Fallback 1").click()
        expect(preview).to_contain_text("Engineering")
        page.get_by_role(
            "textbox", name="Which share of the period's fees may credits reach?"
        ).fill("40")
        expect(preview).to_contain_text("caps credits at 25 %")
        page.get_by_role(
            "textbox", name="Which share of the period's fees may credits reach?"
        ).fill("25")
        page.get_by_role("button", name="Use this position").click()
        expect(page.locator("#p-uptime")).to_contain_text("Fallback 1")


def test_two_people_on_one_deal_lose_nothing(chromium: Browser, address: str) -> None:
    with (
        opened(chromium, role="account_executive") as avery,
        opened(chromium, role="deal_desk") as dana,
    ):
        deal = started(avery, address, "Two people")
        dana.goto(f"{deal}/order-form/edit")
        dana.get_by_label("Discount of row 1, the whole term").fill("5")
        dana.get_by_role("button", name="Save the order form").click()
        expect(dana).to_have_url(re.compile("/order-form$"))
        avery.get_by_label("Quantity of row 1, the whole term").fill("77")
        avery.get_by_role("button", name="Save the order form").click()
        expect(avery.locator("h1")).to_have_text("Changed by two people")
        expect(avery.locator("main")).to_contain_text("Dana Placeholder recorded version 2")
        assert barriers(avery) == []
        avery.get_by_role("button", name="Save what is kept").click()
        avery.goto(f"{deal}/order-form/edit")
        expect(avery.get_by_label("Quantity of row 1, the whole term")).to_have_value("77")
        expect(avery.get_by_label("Discount of row 1, the whole term")).to_have_value("5")


def test_a_grid_is_whole_without_scripts(chromium: Browser, address: str) -> None:
    with opened(chromium, scripts=False, role="account_executive") as page:
        started(page, address, "Without scripts")
        page.get_by_label("Quantity of row 1, the whole term").fill("10")
        page.get_by_role("button", name="Recalculate").click()
        expect(page.locator("#p-preview")).to_contain_text("USD 18,000.00")
        page.get_by_text("Paste rows from a spreadsheet").click()
        page.get_by_label("Rows: product").fill("Onboarding\t1")
        page.get_by_role("button", name="Add these rows").click()
        expect(page.get_by_label("Product of row 2")).to_have_value("ONBOARD")
        page.get_by_role("button", name="Save the order form").click()
        expect(page.locator(".rail")).to_contain_text("USD 63,000.00")
