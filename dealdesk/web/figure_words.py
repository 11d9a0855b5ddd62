"""Figures that a policy tests, as a page prints them in the visitor's language.

Rules say them in English: "up to 30 days", "USD 1,000,000.00". Here they are read back.
"""

import re
from datetime import datetime
from decimal import Decimal

from dealdesk.kernel.languages import SOURCE, gettext_noop
from dealdesk.terms.formatting import format_number
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money
from dealdesk.web.languages import current_language, gettext, ngettext
from dealdesk.web.wording import day, money

# What `deal_facts` calls the figures of an order, without "The".
LABELS = (
    gettext_noop("Highest line discount"),
    gettext_noop("Blended recurring discount"),
    gettext_noop("Time to pay"),
    gettext_noop("Rest of the joined order's term"),
    gettext_noop("Committed term"),
    gettext_noop("Time from the start to the agreement's date"),
    gettext_noop("Time from the agreement's date to the start"),
    gettext_noop("Total contract value"),
    gettext_noop("Recurring value of the first year"),
    gettext_noop("Annual recurring revenue"),
    gettext_noop("Deepest cut of a list price below the catalogue"),
)
_BOUNDS = {
    "up to": gettext_noop("up to %(what)s"),
    "below": gettext_noop("below %(what)s"),
    "at least": gettext_noop("at least %(what)s"),
    "above": gettext_noop("above %(what)s"),
}
_SAID = re.compile(
    rf"(?:(?P<bound>{'|'.join(_BOUNDS)}) )?(?:(?P<currency>[A-Z]{{3}}) )?"
    r"(?:(?P<low>[\d,.]+) to )?(?P<number>[\d,]+(?:\.\d+)?)"
    r"(?: (?P<unit>%|days?|months?))?(?: at rates of (?P<day>\d+ \w+ \d{4}))?"
)


def figure_label(label: str) -> str:
    """Return what a figure is called at the head of a row."""
    return gettext(label.removeprefix("The ").capitalize())


def figure_words(said: str) -> str:
    """Return a figure or a limit; what is no such thing stays as the rule says it."""
    found = _SAID.fullmatch(said)
    if found is None or current_language() == SOURCE:
        return said
    words = _amount(found["number"], found["currency"], found["unit"])
    if found["low"]:
        words = gettext("%(first)s to %(last)s", first=_number(found["low"]), last=words)
    if found["bound"]:
        words = gettext(_BOUNDS[found["bound"]], what=words)
    if found["day"]:
        on = datetime.strptime(found["day"], "%d %b %Y").date()  # noqa: DTZ007 - a day
        words = gettext("%(amount)s at rates of %(day)s", amount=words, day=day(on))
    return words


def _amount(digits: str, currency: str | None, unit: str | None) -> str:
    number = _number(digits)
    many = 1 if digits == "1" else 2
    if currency:
        return money(Money(_decimal(digits), currency))
    match (unit or "").rstrip("s"):
        case "%":
            return f"{number} %"
        case "day":
            return ngettext("%(count)s day", "%(count)s days", many, count=number)
        case "month":
            return ngettext("%(count)s month", "%(count)s months", many, count=number)
        case _:
            return number


def _number(digits: str) -> str:
    return format_number(_decimal(digits), locale_of(current_language()))


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))
