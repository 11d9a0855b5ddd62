"""From the seller's browser by real mail to the customer's phone: built, sent, read, downloaded."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.serving import make_server

from dealdesk.kernel.hashing import sha256_bytes
from dealdesk.web.app import create_app
from dealdesk.web.visitors import COOKIE
from tests.e2e.barriers import barriers
from tests.e2e.processes import environment, running, until
from tests.smtp import Inbox, free_port, smtp_server
from tests.web.conftest import seeded_settings
from tests.web.personas import token_of

pytestmark = pytest.mark.browser

RICH = "/deals/PLACEHOLDER-2027-001"
TOUCHED = "a:visible, button:visible, input:visible, summary:visible"


@dataclass(frozen=True)
class Served:
    address: str
    inbox: Inbox
    token: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the application with a real worker and a real mail server."""
    folder, port = tmp_path_factory.mktemp("handover"), free_port()
    address = f"http://127.0.0.1:{port}"
    settings = replace(seeded_settings(folder), address=address)
    app = create_app(settings)
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with smtp_server() as inbox:
        env = environment(
            settings, DEALDESK_SMTP_URL=inbox.url, DEALDESK_MAIL_SENDER="desk@example.com",
            DEALDESK_ADDRESS=address,
        )  # fmt: skip
        with running(["dealdesk.worker"], env, folder / "worker.log"):
            yield Served(address, inbox, token_of(app, "account_executive"))
    server.shutdown()


@pytest.fixture(scope="module")
def mailed(chromium: Browser, served: Served) -> str:
    """Build and send as the seller does, and return the link that came by mail."""
    context = chromium.new_context()
    context.add_cookies([{"name": COOKIE, "value": served.token, "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}{RICH}/downloads")
    page.get_by_role("button", name="Build the files").click()
    expect(page.get_by_text("are being built")).to_be_visible()
    # The page looks again by itself until the files are there.
    expect(page.get_by_role("link", name="agreement.pdf")).to_be_visible(timeout=60_000)
    page.goto(f"{served.address}{RICH}/customer")
    page.get_by_label("Name").fill("Ramona Example")
    page.get_by_label("Mail address").fill("ramona@example.com")
    page.get_by_label("What you want to say with it").fill("As we said on Tuesday.")
    assert barriers(page) == []
    page.get_by_role("button", name="Send to customer").click()
    expect(page.get_by_text("Sent to ramona@example.com.")).to_be_visible()
    assert barriers(page) == []
    until(lambda: len(served.inbox.messages) > 0, "the mail")
    context.close()
    (message,) = served.inbox.messages
    assert message["To"] == "ramona@example.com"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "As we said on Tuesday." in text
    found = re.search(r"http://\S+/share/\S+", text)
    assert found is not None
    return found[0]


def phone(chromium: Browser, *, scripts: bool) -> BrowserContext:
    return chromium.new_context(
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        java_script_enabled=scripts,
    )


def test_a_customer_downloads_on_a_phone_without_scripts(
    chromium: Browser, mailed: str, tmp_path: Path
) -> None:
    context = phone(chromium, scripts=False)
    page = context.new_page()
    page.goto(mailed)
    expect(page.get_by_text("Version 1, sent to Ramona Example by Avery Seller")).to_be_visible()
    expect(page.locator("article.paper")).to_contain_text("Limitation of liability")
    for words, name in (("Download PDF", "agreement.pdf"), ("Download Word", "agreement.docx")):
        link = page.get_by_role("link", name=words)
        with page.expect_download() as download:
            link.tap()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        told = page.locator("li", has=link).locator(".code").text_content()
        assert told is not None
        assert sha256_bytes((tmp_path / name).read_bytes()) == told.split()[-1]
    context.close()


def test_a_customer_asks_on_a_phone_without_scripts_and_reads_the_answer(
    chromium: Browser, mailed: str, served: Served
) -> None:
    context = phone(chromium, scripts=False)
    page = context.new_page()
    page.goto(mailed)
    page.get_by_role("navigation", name="Steps").get_by_role("link", name="Discuss").tap()
    page.get_by_label("About").select_option(label=page.locator("option").nth(3).inner_text())
    page.get_by_label("Your question or comment").fill("Is the cap counted for each year?")
    page.get_by_role("button", name="Send it").tap()
    expect(page.locator(".said li")).to_have_count(1)
    desk = chromium.new_context()
    desk.add_cookies([{"name": COOKIE, "value": served.token, "url": served.address}])
    answering = desk.new_page()
    answering.goto(f"{served.address}{RICH}/customer")
    answering.get_by_role("link", name="Questions of the customer").click()
    expect(answering.get_by_text("Is the cap counted for each year?")).to_be_visible()
    assert barriers(answering) == []
    answering.get_by_label("Write to Ramona Example").fill("Yes, for each contract year.")
    answering.get_by_role("button", name="Send the answer").click()
    expect(answering.locator(".said li")).to_have_count(2)
    desk.close()
    page.reload()
    expect(page.get_by_text("Yes, for each contract year.")).to_be_visible()
    until(lambda: len(served.inbox.messages) > 2, "the mails")
    told = {str(one["To"]): one for one in served.inbox.messages[1:]}
    assert set(told) == {"avery.seller@example.com", "ramona@example.com"}
    context.close()


def test_the_phone_page_fits_has_no_barrier_and_large_targets(
    chromium: Browser, mailed: str, served: Served
) -> None:
    context = phone(chromium, scripts=True)
    page = context.new_page()
    for address in (mailed, f"{mailed}/discuss", f"{served.address}/share/guessed"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert barriers(page) == []
        small = [
            (target.inner_text()[:40], box["height"])
            for target in page.locator(TOUCHED).all()
            if (box := target.bounding_box()) is not None
            and box["height"] < 44
            # References inside the running text are words of a sentence (WCAG 2.5.8).
            and not target.evaluate("one => Boolean(one.closest('.paper p, .paper table, .skip'))")
        ]
        assert small == []
    context.close()
