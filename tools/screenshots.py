# ruff: noqa: INP001 - a script, not a module of a package
"""Make the pictures in docs/screenshots from the seeded demo, served as anybody would serve it.

Usage: PYTHONPATH=. python tools/screenshots.py [VAR]
VAR is a folder with a seeded database; without it, one is made.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import requests
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from tests.e2e.counsel import redlined

PROJECT = Path(__file__).resolve().parents[1]
TARGET = PROJECT / "docs" / "screenshots"
PORT = 8799
ADDRESS = f"http://127.0.0.1:{PORT}"
RICH = "/deals/PLACEHOLDER-2027-001"
COLOURS = 256
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, whose screen it is, the address, and how it is looked at."""

    name: str
    person: str
    address: str
    scheme: Literal["light", "dark"] = "light"
    follow: str = ""


SHOTS = (
    Shot("sign-in", "", "/sign-in"),
    Shot("home", "Avery Seller", "/"),
    Shot("deals", "Dana Placeholder", "/deals"),
    Shot("order-form", "Avery Seller", f"{RICH}/order-form/edit"),
    Shot("clause", "Avery Seller", f"{RICH}/clauses/uptime"),
    Shot("agreement", "Avery Seller", f"{RICH}/agreement#liability"),
    Shot("sla", "Avery Seller", f"{RICH}/sla"),
    Shot("queue", "Dana Placeholder", "/queue", "dark"),
    Shot("request", "Dana Placeholder", "/queue", follow="tbody a"),
    Shot("library", "Gale Esempio", "/library"),
    Shot("report", "Dana Placeholder", "/reports/concessions", "dark"),
)


def main(arguments: list[str]) -> None:
    """Make every picture anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        var = seeded(Path(arguments[0]) if arguments else Path(made))
        with served(var), sync_playwright() as playwright:
            program = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-gpu"]
            )
            for shot in SHOTS:
                page = signed_in(browser, shot.person, shot.scheme)
                page.goto(ADDRESS + shot.address)
                if shot.follow:
                    page.locator(shot.follow).first.click()
                    page.wait_for_load_state()
                keep(page, shot.name)
            phone(browser)
            browser.close()


def dealdesk(var: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of our commands on a folder, in demo mode."""
    env = os.environ | {"DEALDESK_VAR": str(var), "DEALDESK_DEMO": "yes"}
    command = [sys.executable, "-m", "dealdesk", *arguments]
    return subprocess.Popen(command, env=env, cwd=PROJECT)  # noqa: S603 - our own commands


def seeded(var: Path) -> Path:
    """Return the folder, its schema up to date, with the demo's company in its database."""
    for arguments in (("db", "upgrade"), ("seed",)):
        if dealdesk(var, *arguments).wait():
            sys.exit(f"dealdesk {' '.join(arguments)} failed.")
    return var


@contextmanager
def served(var: Path) -> Iterator[None]:
    """Serve the folder with a worker, until the end of the block."""
    server = dealdesk(var, "serve", "--port", str(PORT))
    try:
        for _ in range(240):
            try:
                requests.get(f"{ADDRESS}/sign-in", timeout=60)
                break
            except requests.ConnectionError:
                if server.poll() is not None:
                    sys.exit("The pages are not served; why is said above.")
                time.sleep(0.25)
        yield
    finally:
        server.terminate()
        server.wait()


def signed_in(browser: Browser, person: str, scheme: Literal["light", "dark"]) -> Page:
    """Return a window of a person, signed in by their button on the first page."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    if person:
        page.goto(f"{ADDRESS}/sign-in")
        page.get_by_role("button", name=person).click()
        page.wait_for_load_state()
    return page


def phone(browser: Browser) -> None:
    """Send the rich deal to a customer, and keep what they see on their phone."""
    page = signed_in(browser, "Avery Seller", "light")
    page.goto(f"{ADDRESS}{RICH}/downloads")
    build = page.get_by_role("button", name="Build the files")
    if build.count():
        build.click()
    page.get_by_role("link", name="agreement.pdf").wait_for(timeout=120_000)
    page.goto(f"{ADDRESS}{RICH}/customer")
    page.get_by_label("Name").fill("Ramona Example")
    page.get_by_label("Mail address").fill("ramona@example.com")
    page.get_by_role("button", name="Send to customer").click()
    link = page.locator(".said", has_text="/share/").first.inner_text()
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True
    )
    page = context.new_page()
    page.goto(ADDRESS + link[link.index("/share/") :])
    with page.expect_download() as sent:
        page.get_by_role("link", name="Download Word").click()
    returned = redlined(Path(sent.value.path()).read_bytes())
    keep(page, "customer-phone")
    review(browser, returned)


def review(browser: Browser, returned: bytes) -> None:
    """Take the customer's Word file in as a round, and keep what counsel sees of it."""
    page = signed_in(browser, "Avery Seller", "light")
    page.goto(f"{ADDRESS}{RICH}/negotiation")
    file = FilePayload(name="agreement.docx", mimeType=WORD, buffer=returned)
    page.get_by_label("Their Word file").set_input_files(files=file)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("heading", name="Round 1").wait_for(timeout=60_000)
    page.context.close()
    page = signed_in(browser, "Cameron Exempel", "light")
    page.goto(f"{ADDRESS}{RICH}/negotiation/rounds/1")
    keep(page, "redline")


def keep(page: Page, name: str) -> None:
    """Write what the window shows as a small PNG."""
    page.evaluate("document.fonts.ready")
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    target = TARGET / f"{name}.png"
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    sys.stdout.write(f"{target.relative_to(PROJECT)} {target.stat().st_size // 1000} kB\n")
    page.context.close()


main(sys.argv[1:])
