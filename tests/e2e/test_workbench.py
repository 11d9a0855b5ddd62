"""The workbench in a browser: search and keys, from a mark to its place, files without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import cookies_of

pytestmark = pytest.mark.browser

RICH = "/deals/PLACEHOLDER-2027-001"
Scheme = Literal["light", "dark"]


@contextmanager
def opened(
    chromium: Browser,
    width: int = 1440,
    scheme: Scheme = "light",
    *,
    scripts: bool = True,
    role: str = "deal_desk",
    expected: tuple[str, ...] = (),
) -> Iterator[Page]:
    """Give a page and see to it that the browser has nothing to complain about."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.add_cookies(cookies_of(role))
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(error.message))
    yield page
    context.close()
    # A page that is not there answers 404, a stale one 409, and Chromium says so.
    usual = ("404 (NOT FOUND)", "409 (CONFLICT)", *expected)
    assert [text for text in messages if not any(one in text for one in usual)] == []


def test_the_search_narrows_the_list_and_its_address(chromium: Browser, address: str) -> None:
    with opened(chromium) as page:
        page.goto(f"{address}/deals")
        page.keyboard.press("/")
        page.keyboard.type("bank")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page).to_have_url(re.compile("q=bank"))
        page.reload()
        expect(page.locator("tbody th")).to_have_text("First Notional Bank plc")
        page.get_by_role("link", name="Ready to sign").click()
        expect(page.get_by_text("No deal matches")).to_be_visible()


def test_the_list_is_moved_through_by_keys(chromium: Browser, address: str) -> None:
    with opened(chromium) as page:
        page.goto(f"{address}/deals")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        second = page.locator("tbody tr a").first
        expect(second).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Order form")


def test_a_deviation_leads_to_its_place_on_the_paper(chromium: Browser, address: str) -> None:
    with opened(chromium) as page:
        page.goto(f"{address}{RICH}/agreement")
        page.locator(".deviates").get_by_role("link", name="Limitation of liability").click()
        heading = page.locator(".paper h3:target")
        expect(heading).to_contain_text("Limitation of liability")
        expect(heading).to_be_in_viewport()


def test_files_are_built_and_downloaded_without_scripts(chromium: Browser, address: str) -> None:
    with opened(chromium, scripts=False) as page:
        page.goto(f"{address}{RICH}/downloads")
        page.get_by_role("button", name="Build the files").click()
        link = page.get_by_role("link", name="agreement.pdf")
        for _ in range(60):
            if link.count():
                break
            page.wait_for_timeout(1000)
            page.get_by_role("link", name="Look again").click()
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == "PLACEHOLDER-2027-001-agreement.pdf"


def test_a_number_of_the_paper_says_what_it_is(chromium: Browser, address: str) -> None:
    with opened(chromium) as page:
        page.goto(f"{address}{RICH}/agreement")
        page.locator(".paper .value[data-value='uptime/target']").first.click()
        expect(page.locator("#p-value")).to_contain_text("uptime/target")
        expect(page.locator("#p-value")).to_contain_text("Engineering: covered")
        page.locator("#p-value a").click()
        expect(
            page.get_by_role("textbox", name="Which share of each period is promised?")
        ).to_have_value("99.95")
        page.go_back()
        page.locator(".paper .value[data-value='uptime/target']").first.click()
        page.keyboard.press("Escape")
        expect(page.locator("#p-value")).to_be_hidden()
