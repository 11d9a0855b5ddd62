"""What the cover and the order form print of their own, in each language; keys are the English."""

from collections.abc import Mapping
from dataclasses import replace

from dealdesk.terms.value_types import Column, TypedValue, ValueType

_GERMAN: Mapping[str, str] = {
    "the {part}": "„{part}“",
    "Item": "Gegenstand",
    "Agreed": "Vereinbart",
    "Provider": "Anbieter",
    "Customer": "Kunde",
    "Agreement number": "Vertragsnummer",
    "Subscription Term": "Vertragslaufzeit",
    "Total contract value": "Gesamtauftragswert",
    "Who agrees, on what, for how long and for how much": (
        "Wer vereinbart was, für wie lange und zu welchem Preis"
    ),
    " to ": " bis ",
    " from ": " ab ",
    "Length": "Dauer",
    "Billing": "Abrechnung",
    "Payment": "Zahlung",
    "Currency": "Währung",
    "Tax": "Steuer",
    "Order terms": "Bestelldaten",
    "Ordered by ": "Bestellt von ",
    " in ": " in ",
    ":": ":",
    "Totals": "Summen",
    "Figure": "Größe",
    "Amount": "Betrag",
    "Recurring fees over the term": "Laufende Entgelte über die Laufzeit",
    "One-time fees": "Einmalige Entgelte",
    "Services and fees": "Leistungen und Entgelte",
    "Fees by contract year": "Entgelte je Vertragsjahr",
    "Invoices": "Rechnungen",
    "Period": "Zeitraum",
    "Quantity": "Menge",
    "List price": "Listenpreis",
    "Per": "Je",
    "Discount": "Rabatt",
    "Net price": "Nettopreis",
    "Contract year": "Vertragsjahr",
    "Recurring fees": "Laufende Entgelte",
    "Invoice date": "Rechnungsdatum",
    "Covers": "Für",
    "Due": "Fällig",
    "by the payment terms": "nach den Zahlungsbedingungen",
    "the rest of the base order’s term": "die restliche Laufzeit der Hauptbestellung",
    "no days, since a card is charged on the invoice date": (
        "keine, da die Karte am Rechnungsdatum belastet wird"
    ),
    "once, in advance for the whole term": "einmalig im Voraus für die gesamte Laufzeit",
    "annually in advance": "jährlich im Voraus",
    "quarterly in advance": "vierteljährlich im Voraus",
    "quarterly in arrears": "vierteljährlich nachträglich",
    "monthly in advance": "monatlich im Voraus",
    "monthly in arrears": "monatlich nachträglich",
    "monthly in advance on the first day of the month": "monatlich im Voraus zum Monatsersten",
    "the invoice date": "Rechnungsdatum",
    "receipt of the invoice": "Zugang der Rechnung",
    "the invoice date, by card": "Rechnungsdatum, per Karte",
    "month": "Monat",
    "year": "Jahr",
    "term": "Laufzeit",
    "once": "einmalig",
}
_BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {"de": _GERMAN}


def form_words(words: str, language: str) -> str:
    """Return words of the form in a language (BCP 47 tag); English where it has none of its own."""
    return _BY_LANGUAGE.get(language.partition("-")[0], {}).get(words, words)


def in_language(typed: TypedValue, language: str) -> TypedValue:
    """Return a value of the order with what its type prints in a language."""
    if language.partition("-")[0] not in _BY_LANGUAGE:
        return typed
    return TypedValue(_type(typed.type, language), typed.value)


def _type(type_: ValueType, language: str) -> ValueType:
    return replace(
        type_,
        options=tuple((id_, form_words(label, language)) for id_, label in type_.options),
        none_text=form_words(type_.none_text, language),
        columns=tuple(
            Column(c.id, form_words(c.title, language), _type(c.type, language))
            for c in type_.columns
        ),
    )
