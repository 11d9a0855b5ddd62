"""What a browser has to do for a page: how much it fetches, and when it first paints."""

import logging
import re
import shutil
import statistics
import threading
from collections.abc import Iterator, Sequence

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from dealdesk.web.visitors import COOKIE
from tests.web.personas import token_of

OPENINGS = 9
PAINT_MS, WEIGHT_KB = 300.0, 150.0
_LINKED = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_PAINTED = """() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"""


def weight(client: FlaskClient, address: str) -> float:
    """Return how many kB a first visit fetches, fonts aside; style sheets and programs packed."""
    page = client.get(address)
    linked = dict.fromkeys(_LINKED.findall(page.text))
    packed = {"Accept-Encoding": "gzip"}
    return (
        len(page.data) + sum(len(client.get(one, headers=packed).data) for one in linked)
    ) / 1000


def paints(app: Flask, role: str, addresses: Sequence[str]) -> Iterator[float]:
    """Yield the median time to the first contentful paint of each address on loopback.

    Each opening is a browser's first visit: nothing is cached, fonts neither.
    """
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    served = f"http://127.0.0.1:{server.server_port}"
    token = token_of(app, role)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for address in addresses:
            yield statistics.median(
                _painted(browser, served, address, token) for _ in range(OPENINGS)
            )
        browser.close()
    server.shutdown()


def _painted(browser: Browser, served: str, address: str, token: str) -> float:
    context = browser.new_context()
    context.add_cookies([{"name": COOKIE, "value": token, "url": served}])
    page = context.new_page()
    page.goto(served + address, wait_until="load")
    page.wait_for_function(_PAINTED)
    found: float = page.evaluate(_PAINTED)
    context.close()
    return found
