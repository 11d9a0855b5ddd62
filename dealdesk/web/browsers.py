"""Browsers as their users know them, from what a browser says of itself."""

from dealdesk.web.languages import gettext

# The first that is named counts: each later one is also named by those before it.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_words(agent: str) -> str:
    """Return a browser and its system, such as Firefox on Windows; else what it says itself."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if not browser:
        return agent or gettext("unknown")
    if not system:
        return browser
    return gettext("%(browser)s on %(system)s", browser=browser, system=system)
