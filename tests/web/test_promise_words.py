"""The SLA page's sentences: in English those of the rules, in German with German figures."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from flask import Flask

from dealdesk.agreements.from_deal import first_version
from dealdesk.clauses.loader import load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.deals.order import Per
from dealdesk.kernel.settings import PROJECT
from dealdesk.sla import promises as rules
from dealdesk.sla.model import SlaTerms, Target, read_terms
from dealdesk.sla.projection import project
from dealdesk.terms.clock import BusinessDayRule, BusinessDays, BusinessTime, Elapsed
from dealdesk.terms.periods import PeriodKind
from dealdesk.terms.uptime import MaintenanceBasis
from dealdesk.web import promise_words, wording

LIBRARY = PROJECT / "clause_library"
DEALS = sorted((PROJECT / "demo" / "deals").glob("*.yaml"))


def terms_of(name: str) -> SlaTerms:
    library = load_library(LIBRARY)
    catalogue = load_catalogue(LIBRARY / "catalogue.yaml")
    deal = load_deal(PROJECT / "demo" / "deals" / f"{name}.yaml", catalogue)
    return read_terms(project(first_version(deal, library), library))


def variants(terms: SlaTerms) -> Iterator[SlaTerms]:
    """Yield terms of every period and rule for maintenance and credits, limited and not."""
    available, found = terms.availability, terms.credits
    assert available is not None
    assert found is not None
    for period, basis, limit in product(PeriodKind, MaintenanceBasis, (None, 1, 3600, 259_200)):
        works = replace(
            available.maintenance, basis=basis, notice_seconds=limit, cap_seconds_per_month=limit
        )
        yield replace(terms, availability=replace(available, period=period, maintenance=works))
    for cap, automatic, days in product((None, Decimal("12.5")), (True, False), (None, 1, 30)):
        less = replace(found, cap_percent=cap, automatic=automatic, claim_days=days)
        yield replace(terms, credits=less)


@pytest.mark.parametrize("name", [path.stem for path in DEALS])
def test_in_english_a_page_says_what_the_rules_say(app: Flask, name: str) -> None:
    terms = terms_of(name)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert list(promise_words.promise_sentences(terms)) == list(rules.promises(terms))
        assert list(promise_words.promised_times(terms)) == list(rules.matrix(terms))


def test_so_it_does_for_each_period_and_limit(app: Flask) -> None:
    found = list(variants(terms_of("placeholder-robotics")))
    assert len(found) > 50
    with app.test_request_context(headers={"Accept-Language": "en"}):
        for terms in found:
            assert list(promise_words.promise_sentences(terms)) == list(rules.promises(terms))


@pytest.mark.parametrize(
    ("amount", "calendar", "english", "german"),
    [
        (Elapsed(1800), "24x7", "30 minutes, day and night", "30 Minuten, rund um die Uhr"),
        (Elapsed(1), "24x7", "1 second, day and night", "1 Sekunde, rund um die Uhr"),
        (BusinessTime(3600), "support", "1 hour of business time, support hours", "1 Stunde Geschäftszeit, Supportzeiten"),
        (BusinessTime(7200), "night_shift", "2 hours of business time, night shift hours", "2 Stunden Geschäftszeit, Zeiten: night shift"),
        (BusinessDays(1, BusinessDayRule.END_OF_DAY), "support", "1 business day, support hours", "1 Werktag, Supportzeiten"),
        (BusinessDays(3, BusinessDayRule.END_OF_DAY), "support", "3 business days, support hours", "3 Werktage, Supportzeiten"),
    ],
)  # fmt: skip
def test_times_say_what_they_count_on(
    app: Flask, amount: Elapsed, calendar: str, english: str, german: str
) -> None:
    target = Target("sev1", "first_response", amount, calendar)
    assert rules.target_words(target) == english
    for language, words in (("en", english), ("de", german)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert promise_words.target_words(target) == words


def test_in_german_the_sentences_and_their_figures_are_german(app: Flask) -> None:
    terms = terms_of("placeholder-robotics")
    with app.test_request_context(headers={"Accept-Language": "de"}):
        found = list(promise_words.promise_sentences(terms))
        assert found[0] == "Der Dienst ist zu 99,95 % jedes Kalendermonats verfügbar, UTC."
        for other in variants(terms):
            said = " ".join(promise_words.promise_sentences(other))
            assert not {"the", "of", "within", "maintenance"} & set(said.lower().split())


def test_a_promise_in_short_names_share_period_and_zone(app: Flask) -> None:
    available = terms_of("placeholder-robotics").availability
    assert available is not None
    said: dict[str, list[str]] = {"en": [], "de": []}
    for language, found in said.items():
        with app.test_request_context(headers={"Accept-Language": language}):
            for kind in PeriodKind:
                found.append(promise_words.promise_in_short(replace(available, period=kind)))
    assert said["en"][0] == "99.95 % each calendar month, UTC"
    assert said["de"][0] == "99,95 % je Kalendermonat, UTC"
    assert len(set(said["en"] + said["de"])) == 2 * len(PeriodKind)


def test_metrics_and_usual_channels_have_their_words_and_others_stay(app: Flask) -> None:
    codes = ("first_response", "update", "workaround", "resolution", "email", "on_site")
    with app.test_request_context(headers={"Accept-Language": "de"}):
        found = [promise_words.label_words(code) for code in codes]
    assert found == ["Erste Antwort", "Zwischenbericht", "Umgehung", "Lösung", "E-Mail", "On site"]


def test_every_unit_of_a_price_has_its_word(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert [wording.per(one) for one in Per] == ["Monat", "Jahr", "Laufzeit", "einmalig"]
