"""Nothing typed is lost: a closed tab, two tabs, a signed-out session, a deal that moved on."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from dealdesk.web.visitors import COOKIE
from tests.e2e.barriers import barriers
from tests.e2e.conftest import cookies_of
from tests.e2e.test_deal_making import started
from tests.e2e.test_workbench import opened

pytestmark = pytest.mark.browser

QUANTITY = "Quantity of row 1, the whole term"
KEPT = re.compile(r"^Kept \d\d:\d\d UTC, not saved yet")


def typed(page: Page, label: str, words: str) -> None:
    """Type and wait until the page says that it is kept."""
    page.get_by_label(label).fill(words)
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()


def test_a_closed_tab_is_taken_up_where_it_was_left(chromium: Browser, address: str) -> None:
    with opened(chromium, role="account_executive") as page:
        deal = started(page, address, "A closed tab")
        typed(page, QUANTITY, "77")
        context = page.context
        page.close()
        again = context.new_page()
        again.goto(f"{deal}/order-form/edit")
        expect(again.get_by_label(QUANTITY)).to_have_value("1")
        offer = again.locator(".unsaved")
        expect(offer).to_contain_text("not saved yet: the order form.")
        assert barriers(again) == []
        offer.get_by_role("link", name="Take it up").click()
        expect(again.get_by_label(QUANTITY)).to_have_value("77")
        expect(again.locator("#p-preview")).to_contain_text("USD 138,600.00")
        expect(again.locator(".unsaved")).to_have_count(0)
        again.get_by_role("button", name="Save the order form").click()
        expect(again.locator(".rail")).to_contain_text("USD 138,600.00")
        again.goto(f"{deal}/order-form/edit")
        expect(again.locator(".unsaved")).to_have_count(0)


def test_a_tab_closed_at_once_is_kept_too_and_can_be_thrown_away(
    chromium: Browser, address: str
) -> None:
    with opened(chromium, role="account_executive") as page:
        deal = started(page, address, "Closed at once")
        page.get_by_label(QUANTITY).fill("9")
        page.goto(f"{address}/deals")
        page.goto(f"{deal}/order-form/edit")
        page.locator(".unsaved").get_by_role("button", name="Throw away").click()
        expect(page.get_by_label(QUANTITY)).to_have_value("1")
        expect(page.locator(".unsaved")).to_have_count(0)


def test_two_tabs_keep_both(chromium: Browser, address: str) -> None:
    with opened(chromium, role="account_executive") as one:
        deal = started(one, address, "Two tabs")
        two = one.context.new_page()
        two.goto(f"{deal}/order-form/edit")
        typed(one, QUANTITY, "11")
        typed(two, QUANTITY, "22")
        two.goto(f"{deal}/order-form/edit")
        expect(two.locator(".unsaved")).to_have_count(2)
        two.get_by_role("link", name="Take it up").last.click()
        expect(two.get_by_label(QUANTITY)).to_have_value("11")
        expect(two.locator(".unsaved")).to_have_count(1)


def test_what_was_kept_on_an_older_version_comes_to_the_readable_merge(
    chromium: Browser, address: str
) -> None:
    with (
        opened(chromium, role="account_executive") as avery,
        opened(chromium, role="deal_desk") as dana,
    ):
        deal = started(avery, address, "Kept and overtaken")
        typed(avery, QUANTITY, "77")
        dana.goto(f"{deal}/order-form/edit")
        expect(dana.locator(".unsaved")).to_have_count(0)
        dana.get_by_label("Discount of row 1, the whole term").fill("5")
        dana.get_by_role("button", name="Save the order form").click()
        expect(dana).to_have_url(re.compile("/order-form$"))
        avery.goto(f"{deal}/order-form/edit")
        avery.get_by_role("link", name="Take it up").click()
        avery.get_by_role("button", name="Save the order form").click()
        expect(avery.locator("h1")).to_have_text("Changed by two people")
        avery.get_by_role("button", name="Save what is kept").click()
        avery.goto(f"{deal}/order-form/edit")
        expect(avery.get_by_label(QUANTITY)).to_have_value("77")
        expect(avery.get_by_label("Discount of row 1, the whole term")).to_have_value("5")
        expect(avery.locator(".unsaved")).to_have_count(0)


def test_the_signed_out_are_told_and_find_again_what_was_kept(
    chromium: Browser, address: str
) -> None:
    with opened(
        chromium, role="account_executive", expected=("401 (UNAUTHORIZED)", "Code 401")
    ) as page:
        deal = started(page, address, "Signed out")
        typed(page, QUANTITY, "55")
        page.context.clear_cookies(name=COOKIE)
        page.get_by_label(QUANTITY).fill("56")
        expect(page.get_by_role("status").filter(has_text="You are signed out")).to_be_visible()
        page.context.add_cookies(cookies_of("account_executive"))
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto(f"{deal}/order-form/edit")
        page.get_by_role("link", name="Take it up").click()
        expect(page.get_by_label(QUANTITY)).to_have_value("55")


def test_values_and_own_words_of_a_clause_are_kept_apart(chromium: Browser, address: str) -> None:
    share = "Which share of the period's fees may credits reach?"
    with opened(chromium, role="account_executive") as page:
        deal = started(page, address, "Clauses kept")
        page.goto(f"{deal}/clauses/uptime?position=fallback-1")
        page.get_by_role("textbox", name=share).fill("24")
        expect(page.locator("#p-clause [data-kept]")).to_have_text(KEPT)
        page.goto(f"{deal}/clauses/uptime")
        page.get_by_text("Own words, as a last resort").click()
        page.get_by_label("What stands instead").fill("The service is up, mostly.")
        expect(page.locator(".ownwords [data-kept]")).to_have_text(KEPT)
        page.goto(f"{deal}/clauses/uptime")
        expect(page.locator(".unsaved")).to_have_count(2)
        page.locator(".unsaved").filter(has_text="own words").get_by_role("link").click()
        expect(page.get_by_label("What stands instead")).to_have_value("The service is up, mostly.")
        expect(page.locator("#p-preview")).to_contain_text("up, mostly.")
        page.locator(".unsaved").filter(has_text="a position and").get_by_role("link").click()
        expect(page.get_by_role("textbox", name=share)).to_have_value("24")
        assert barriers(page) == []


def test_details_are_kept_and_nothing_needs_a_script(chromium: Browser, address: str) -> None:
    with opened(chromium, role="account_executive") as page:
        deal = started(page, address, "Details kept")
        page.goto(f"{deal}/details")
        typed(page, "Title of the deal", "Kept title")
        page.goto(f"{deal}/details")
        page.get_by_role("link", name="Take it up").click()
        expect(page.get_by_label("Title of the deal")).to_have_value("Kept title")
    with opened(chromium, scripts=False, role="account_executive") as page:
        page.goto(f"{deal}/order-form/edit")
        page.get_by_label(QUANTITY).fill("10")
        page.get_by_role("button", name="Recalculate").click()
        expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()
        page.goto(f"{deal}/order-form/edit")
        page.get_by_role("link", name="Take it up").click()
        expect(page.get_by_label(QUANTITY)).to_have_value("10")
