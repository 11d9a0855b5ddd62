"""How each supported language prints numbers, dates, units and lists in a contract."""

from collections.abc import Mapping
from dataclasses import dataclass

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.values import Anchor, Unit


@dataclass(frozen=True, slots=True)
class Locale:
    """The conventions of one language; `units` holds singular and plural words."""

    tag: str
    decimal_mark: str
    group_mark: str
    percent: str
    currency_first: bool
    currency_signs: Mapping[str, str]
    months: tuple[str, ...]
    date_order: str
    weekdays: tuple[str, ...]
    units: Mapping[Unit, tuple[str, str]]
    anchors: Mapping[Anchor, str]
    before: str
    after: str
    list_and: str
    times: str
    day_range: str
    hour_range: str
    always_open: str
    closed_on: str
    other_hours_on: str
    listed_in: str
    quotes: tuple[str, str]


_EN = Locale(
    tag="en",
    decimal_mark=".",
    group_mark=",",
    percent="%",
    currency_first=True,
    currency_signs={},
    months=(
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December",
    ),
    date_order="{day} {month} {year}",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    units={
        Unit.MINUTES: ("minute", "minutes"),
        Unit.HOURS: ("hour", "hours"),
        Unit.BUSINESS_HOURS: ("business hour", "business hours"),
        Unit.DAYS: ("day", "days"),
        Unit.BUSINESS_DAYS: ("business day", "business days"),
        Unit.WEEKS: ("week", "weeks"),
        Unit.MONTHS: ("month", "months"),
        Unit.YEARS: ("year", "years"),
    },
    anchors={
        Anchor.LAST_SIGNATURE: "the date of the last signature",
        Anchor.TERM_START: "the start of the term",
        Anchor.TERM_END: "the end of the term",
        Anchor.INVOICE_DATE: "the invoice date",
        Anchor.PERIOD_END: "the end of the measurement period",
    },
    before="before",
    after="after",
    list_and=" and ",
    times="times",
    day_range="{first} to {last}",
    hour_range="{opens} to {closes}",
    always_open="24 hours a day, every day",
    closed_on="closed on",
    other_hours_on="with other hours on",
    listed_in="as listed in",
    quotes=("“", "”"),
)  # fmt: skip

_DE = Locale(
    tag="de",
    decimal_mark=",",
    group_mark=".",
    percent=" %",
    currency_first=False,
    currency_signs={"EUR": "€"},
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
        "August", "September", "Oktober", "November", "Dezember",
    ),
    date_order="{day}. {month} {year}",
    weekdays=(
        "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
    ),
    units={
        Unit.MINUTES: ("Minute", "Minuten"),
        Unit.HOURS: ("Stunde", "Stunden"),
        Unit.BUSINESS_HOURS: ("Servicestunde", "Servicestunden"),
        Unit.DAYS: ("Tag", "Tage"),
        Unit.BUSINESS_DAYS: ("Werktag", "Werktage"),
        Unit.WEEKS: ("Woche", "Wochen"),
        Unit.MONTHS: ("Monat", "Monate"),
        Unit.YEARS: ("Jahr", "Jahre"),
    },
    anchors={
        Anchor.LAST_SIGNATURE: "dem Tag der letzten Unterschrift",
        Anchor.TERM_START: "dem Beginn der Laufzeit",
        Anchor.TERM_END: "dem Ende der Laufzeit",
        Anchor.INVOICE_DATE: "dem Rechnungsdatum",
        Anchor.PERIOD_END: "dem Ende des Messzeitraums",
    },
    before="vor",
    after="nach",
    list_and=" und ",
    times="mal",
    day_range="{first} bis {last}",
    hour_range="{opens} bis {closes}",
    always_open="rund um die Uhr an allen Tagen",
    closed_on="geschlossen am",
    other_hours_on="mit anderen Zeiten am",
    listed_in="laut",
    quotes=("„", "“"),
)  # fmt: skip

LOCALES: Mapping[str, Locale] = {locale.tag: locale for locale in (_EN, _DE)}


def locale_of(language: str) -> Locale:
    """Return the conventions for a BCP 47 tag. Raise DomainError for a language without them."""
    found = LOCALES.get(language.partition("-")[0])
    if found is None:
        raise DomainError.of(
            "unknown-language",
            f"Contracts can't be printed in {language!r} yet.",
            remedy=f"Use one of {', '.join(LOCALES)}.",
        )
    return found
