"""How pages print days, money, sizes and counts."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from dealdesk.deals.order import Billing
from dealdesk.deals.periods import Period
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money

_EN = locale_of("en")
_KIB = 1024
_BILLING = {
    Billing.UPFRONT: "all at once, in advance",
    Billing.ANNUAL_ADVANCE: "each year, in advance",
    Billing.QUARTERLY_ADVANCE: "each quarter, in advance",
    Billing.QUARTERLY_ARREARS: "each quarter, in arrears",
    Billing.MONTHLY_ADVANCE: "each month, in advance",
    Billing.MONTHLY_ARREARS: "each month, in arrears",
    Billing.MONTHLY_ADVANCE_ON_1ST: "on the 1st of each month, in advance",
}


# The same by the word that forms send.
BILLINGS = {rule.value: words for rule, words in _BILLING.items()}


def money(amount: Money) -> str:
    """Return an amount with its currency."""
    return format_money(amount.rounded(), _EN)


def figure(amount: Money) -> str:
    """Return an amount without its currency, for a column that names it."""
    return money(amount).replace(amount.currency, "").strip()


def exact(amount: Money) -> str:
    """Return a unit price as it is, rounded or not."""
    return figure(amount) if amount.has_printable_decimals() else f"{amount.amount.normalize():f}"


def day(on: date) -> str:
    """Return a day as 24 Nov 2026."""
    return f"{on.day} {on:%b %Y}"


def moment(at: datetime) -> str:
    """Return an instant as 24 Nov 2026, 10:05 UTC."""
    return f"{day(at.date())}, {at:%H:%M} UTC"


def period(days: Period) -> str:
    """Return a period by its first and last day."""
    return f"{day(days.start)} to {day(days.end)}"


def percent(number: Decimal) -> str:
    """Return a percentage without needless zeros."""
    return f"{number.normalize():f} %"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 approval, 3 approvals."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size(count: int) -> str:
    """Return a file's size."""
    return f"{count:,} bytes" if count < _KIB else f"{count // _KIB:,} KiB"


def billing(rule: Billing) -> str:
    """Return when invoices are issued."""
    return _BILLING[rule]


def event_words(event: str) -> str:
    """Return an event's name as words: Decision recorded for approvals:decision:recorded."""
    _, noun, verb = (*event.split(":"), "", "")[:3]
    return f"{noun} {verb}".replace("_", " ").strip().capitalize() or event


FILTERS = (money, figure, exact, day, moment, period, percent, counted, size, billing)


def teach_wording(app: Flask) -> None:
    """Give templates the filters, each by its own name."""
    for one in FILTERS:
        app.add_template_filter(one, one.__name__)
