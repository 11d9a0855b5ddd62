"""What axe finds against a page, for people who can't see, point or tell colours apart."""

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

_LOOK = """async (rules) => {
  const found = await axe.run(document, {resultTypes: ['violations'], ...rules});
  return found.violations.flatMap((one) => one.nodes.slice(0, 3).map(
    (node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 240)}`));
}"""


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def barriers(page: Page, *rules: str) -> list[str]:
    """Return what axe finds, by all its rules or by the named ones."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_LOOK, {"runOnly": list(rules)} if rules else {})
    return found
