"""Figures of the policy in the visitor's language; what is no figure stays as the rule says it."""

import pytest
from flask import Flask

from dealdesk.kernel.languages import catalogue
from dealdesk.kernel.settings import PROJECT
from dealdesk.web.figure_words import LABELS, figure_label, figure_words


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("38 %", "38 %"),
        ("22.5 %", "22,5 %"),
        ("up to 10 %", "höchstens 10 %"),
        ("1 day", "1 Tag"),
        ("up to 365 days", "höchstens 365 Tage"),
        ("12 to 36 months", "12 bis 36 Monate"),
        ("1 month", "1 Monat"),
        ("12.5 months", "12,5 Monate"),
        ("USD 65,088.00", "65.088,00 USD"),
        ("below USD 1,000,000", "weniger als 1.000.000,00 USD"),
        ("USD 5.00 at rates of 1 Mar 2027", "5,00 USD zu Kursen vom 1. März 2027"),
        ("at least 0", "mindestens 0"),
        ("one of receipt", "one of receipt"),
        ("", ""),
    ],
)
def test_figures_are_told_in_the_visitors_language(app: Flask, said: str, german: str) -> None:
    for language, words in (("en", said), ("de", german)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert figure_words(said) == words


def test_each_label_of_an_order_is_known_and_translated(app: Flask) -> None:
    source = (PROJECT / "dealdesk" / "workflows" / "deal_facts.py").read_text("utf-8")
    for label in LABELS:
        assert label[0].lower() + label[1:] in source
        assert catalogue("de").gettext(label) != label
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert figure_label("The time to pay") == "Zahlungsziel"
