"""SLA terms as the sentences of a page, in the visitor's language.

In English they are those of `sla.promises`, which commands and exports print; a test compares them.
"""

from collections.abc import Iterator
from types import MappingProxyType

from dealdesk.kernel.languages import gettext_noop
from dealdesk.sla.availability_terms import Availability, Maintenance
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.sla.promises import MatrixRow, label, metrics, words
from dealdesk.terms.clock import Amount, BusinessDays, Elapsed
from dealdesk.terms.periods import PeriodKind
from dealdesk.terms.uptime import MaintenanceBasis
from dealdesk.web.languages import gettext, ngettext
from dealdesk.web.wording import percent

SUPPORT = "support"
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_AVAILABLE = MappingProxyType(
    {
        PeriodKind.CALENDAR_MONTH: gettext_noop(
            "The service is available %(share)s of each calendar month, %(zone)s."
        ),
        PeriodKind.CALENDAR_QUARTER: gettext_noop(
            "The service is available %(share)s of each calendar quarter, %(zone)s."
        ),
        PeriodKind.CALENDAR_YEAR: gettext_noop(
            "The service is available %(share)s of each calendar year, %(zone)s."
        ),
        PeriodKind.BILLING_MONTH: gettext_noop(
            "The service is available %(share)s of each billing month, %(zone)s."
        ),
        PeriodKind.ROLLING_12_MONTHS: gettext_noop(
            "The service is available %(share)s of each rolling 12 months, %(zone)s."
        ),
    }
)
_IN_SHORT = MappingProxyType(
    {
        PeriodKind.CALENDAR_MONTH: gettext_noop("%(share)s each calendar month, %(zone)s"),
        PeriodKind.CALENDAR_QUARTER: gettext_noop("%(share)s each calendar quarter, %(zone)s"),
        PeriodKind.CALENDAR_YEAR: gettext_noop("%(share)s each calendar year, %(zone)s"),
        PeriodKind.BILLING_MONTH: gettext_noop("%(share)s each billing month, %(zone)s"),
        PeriodKind.ROLLING_12_MONTHS: gettext_noop("%(share)s each rolling 12 months, %(zone)s"),
    }
)
# What maintenance does to the period, without a limit and with some.
_MAINTENANCE = MappingProxyType(
    {
        MaintenanceBasis.NUMERATOR_AND_DENOMINATOR: (
            gettext_noop("Maintenance is taken out of the period."),
            gettext_noop("Maintenance is taken out of the period: %(limits)s."),
        ),
        MaintenanceBasis.DOWNTIME_ONLY: (
            gettext_noop("Maintenance does not count as downtime."),
            gettext_noop("Maintenance does not count as downtime: %(limits)s."),
        ),
        MaintenanceBasis.COUNTS_AS_DOWNTIME: (
            gettext_noop("Maintenance counts as downtime."),
            gettext_noop("Maintenance counts as downtime: %(limits)s."),
        ),
    }
)
# Ids of metrics and usual channels, as `label` writes them.
_LABELS = frozenset(
    (
        gettext_noop("First response"),
        gettext_noop("Next response"),
        gettext_noop("Update"),
        gettext_noop("Workaround"),
        gettext_noop("Resolution"),
        gettext_noop("Portal"),
        gettext_noop("Email"),
        gettext_noop("Phone"),
        gettext_noop("Chat"),
    )
)


def promise_sentences(terms: SlaTerms) -> Iterator[str]:
    """Yield what the terms promise, a sentence each."""
    available = terms.availability
    if available is not None:
        share = percent(available.objective)
        yield gettext(_AVAILABLE[available.period], share=share, zone=available.timezone)
        yield _maintenance(available.maintenance)
    if terms.credits is not None and terms.credits.tiers:
        yield _credits(terms)
    if terms.chronic is not None:
        yield gettext(
            "%(missed)d missed periods of %(window)d give the customer the right to end the"
            " agreement.",
            missed=terms.chronic.missed,
            window=terms.chronic.window,
        )
    for severity in terms.severities:
        first = terms.target(severity.id)
        if first is not None:
            yield gettext(
                "%(severity)s is answered within %(time)s.",
                severity=label(severity.id),
                time=target_words(first),
            )


def promise_in_short(available: Availability) -> str:
    """Return a promise of availability in a few words."""
    share = percent(available.objective)
    return gettext(_IN_SHORT[available.period], share=share, zone=available.timezone)


def promised_times(terms: SlaTerms) -> Iterator[MatrixRow]:
    """Yield each severity with its promised times, "" where none is promised."""
    for severity in terms.severities:
        found = [terms.target(severity.id, metric) for metric in metrics(terms)]
        yield MatrixRow(severity, tuple(target_words(one) if one else "" for one in found))


def label_words(code: str) -> str:
    """Return the id of a metric or a channel as words."""
    said = label(code)
    return gettext(said) if said in _LABELS else said


def hours_words(calendar: str) -> str:
    """Return what the hours of a calendar are called within a sentence."""
    if calendar == SUPPORT:
        return gettext("support hours")
    return gettext("%(name)s hours", name=words(calendar))


def target_words(target: Target) -> str:
    """Return a promised time and what it counts on."""
    time = amount_words(target.amount)
    if target.calendar == "24x7":
        return gettext("%(time)s, day and night", time=time)
    return gettext("%(time)s, %(hours)s", time=time, hours=hours_words(target.calendar))


def amount_words(amount: Amount) -> str:
    """Return an amount of time."""
    if isinstance(amount, BusinessDays):
        return ngettext("%(num)d business day", "%(num)d business days", amount.days)
    text = seconds_words(amount.seconds)
    return text if isinstance(amount, Elapsed) else gettext("%(time)s of business time", time=text)


def seconds_words(seconds: int) -> str:
    """Return seconds in the largest unit that keeps them whole."""
    if seconds and seconds % _DAY == 0:
        return ngettext("%(num)d day", "%(num)d days", seconds // _DAY)
    if seconds and seconds % _HOUR == 0:
        return ngettext("%(num)d hour", "%(num)d hours", seconds // _HOUR)
    if seconds and seconds % _MINUTE == 0:
        return ngettext("%(num)d minute", "%(num)d minutes", seconds // _MINUTE)
    return ngettext("%(num)d second", "%(num)d seconds", seconds)


def _maintenance(works: Maintenance) -> str:
    bare, limited = _MAINTENANCE[works.basis]
    limits = []
    if works.notice_seconds:
        time = seconds_words(works.notice_seconds)
        limits.append(gettext("announced %(time)s before", time=time))
    if works.cap_seconds_per_month:
        time = seconds_words(works.cap_seconds_per_month)
        limits.append(gettext("at most %(time)s a month", time=time))
    return gettext(limited, limits=", ".join(limits)) if limits else gettext(bare)


def _credits(terms: SlaTerms) -> str:
    found = terms.credits
    assert found is not None
    limits = []
    if found.cap_percent is not None:
        limits.append(gettext("at most %(share)s of the fees", share=percent(found.cap_percent)))
    if found.automatic:
        limits.append(gettext("without a claim"))
    elif found.claim_days:
        within = ngettext(
            "when claimed within %(num)d day", "when claimed within %(num)d days", found.claim_days
        )
        limits.append(within)
    else:
        limits.append(gettext("when claimed"))
    # One per cent sign stands for all of them.
    shares = " / ".join(percent(tier.credit).removesuffix(" %") for tier in found.tiers)
    return gettext(
        "A miss brings credits of %(shares)s %%, %(limits)s.",
        shares=shares,
        limits=", ".join(limits),
    )
