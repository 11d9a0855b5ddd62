"""How pages print days, money, sizes and counts, by the visitor's language."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from dealdesk.deals.order import Billing, Order, PaymentFrom, Per
from dealdesk.deals.periods import Period
from dealdesk.kernel.languages import gettext_noop
from dealdesk.terms.formatting import format_money, format_number
from dealdesk.terms.locales import Locale, locale_of
from dealdesk.terms.money import Money
from dealdesk.terms.short_dates import short_day, short_moment
from dealdesk.web.languages import current_language, gettext, lazy_gettext, ngettext

_KIB = 1024
_BILLING = {
    Billing.UPFRONT: gettext_noop("all at once, in advance"),
    Billing.ANNUAL_ADVANCE: gettext_noop("each year, in advance"),
    Billing.QUARTERLY_ADVANCE: gettext_noop("each quarter, in advance"),
    Billing.QUARTERLY_ARREARS: gettext_noop("each quarter, in arrears"),
    Billing.MONTHLY_ADVANCE: gettext_noop("each month, in advance"),
    Billing.MONTHLY_ARREARS: gettext_noop("each month, in arrears"),
    Billing.MONTHLY_ADVANCE_ON_1ST: gettext_noop("on the 1st of each month, in advance"),
}
# The same by the word that forms send, for a field's choices.
BILLINGS = {rule.value: lazy_gettext(words) for rule, words in _BILLING.items()}


_PERS = {
    Per.MONTH: gettext_noop("month"),
    Per.YEAR: gettext_noop("year"),
    Per.TERM: gettext_noop("term"),
    Per.ONCE: gettext_noop("once"),
}


def _locale() -> Locale:
    return locale_of(current_language())


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", _locale().decimal_mark)


def money(amount: Money) -> str:
    """Return an amount with its currency."""
    return format_money(amount.rounded(), _locale())


def figure(amount: Money) -> str:
    """Return an amount without its currency, for a column that names it."""
    rounded = amount.rounded().amount
    return format_number(rounded, _locale(), -int(rounded.as_tuple().exponent))


def exact(amount: Money) -> str:
    """Return a unit price as it is, rounded or not."""
    return figure(amount) if amount.has_printable_decimals() else _plain(amount.amount)


def day(on: date) -> str:
    """Return a day as 24 Nov 2026."""
    return short_day(on, current_language())


def moment(at: datetime) -> str:
    """Return an instant as 24 Nov 2026, 10:05 UTC."""
    return short_moment(at, current_language())


def period(days: Period) -> str:
    """Return a period by its first and last day."""
    return gettext("%(first)s to %(last)s", first=day(days.start), last=day(days.end))


def percent(share: Decimal) -> str:
    """Return a percentage without needless zeros."""
    return f"{_plain(share)} %"


def number(count: int) -> str:
    """Return a count with its thousands apart."""
    return format_number(Decimal(count), _locale())


def size(count: int) -> str:
    """Return a file's size."""
    if count < _KIB:
        return gettext("%(count)s bytes", count=number(count))
    return f"{number(count // _KIB)} KiB"


def billing(rule: Billing) -> str:
    """Return when invoices are issued."""
    return gettext(_BILLING[rule])


def per(what: Per) -> str:
    """Return what a list unit price pays for."""
    return gettext(_PERS[what])


def payment(order: Order) -> str:
    """Return when an order's invoices are due."""
    days = order.payment.days
    match order.payment.counted_from:
        case PaymentFrom.CARD:
            return gettext("Charged to the card on file on the invoice date.")
        case PaymentFrom.RECEIPT:
            return ngettext(
                "Due %(num)d day after the invoice is received.",
                "Due %(num)d days after the invoice is received.",
                days,
            )
        case PaymentFrom.INVOICE_DATE:
            return ngettext(
                "Due %(num)d day after the invoice date.",
                "Due %(num)d days after the invoice date.",
                days,
            )


def event_words(event: str) -> str:
    """Return an event's name as words: Decision recorded for approvals:decision:recorded."""
    _, noun, verb = (*event.split(":"), "", "")[:3]
    words = f"{noun} {verb}".replace("_", " ").strip().capitalize()
    return gettext(words or event)


FILTERS = (money, figure, exact, day, moment, period, percent, number, size, billing, per, payment)


def teach_wording(app: Flask) -> None:
    """Give templates the filters, each by its own name."""
    for one in FILTERS:
        app.add_template_filter(one, one.__name__)
