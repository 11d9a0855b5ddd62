"""Clauses as sentences: the chosen position has the deal's values, others what they would bring."""

from dealdesk.agreements.from_deal import first_version
from dealdesk.agreements.sentences import chosen_sentence, position_sentences
from dealdesk.clauses.loader import load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.kernel.settings import PROJECT

SHIPPED = PROJECT / "clause_library"
LIBRARY = load_library(SHIPPED)
DEAL = load_deal(
    PROJECT / "demo" / "deals" / "placeholder-robotics.yaml",
    load_catalogue(SHIPPED / "catalogue.yaml"),
)
INPUTS = first_version(DEAL, LIBRARY).inputs


def test_the_chosen_position_prints_the_deals_values() -> None:
    choice = INPUTS.choice("insurance")
    assert choice is not None
    assert "cyber USD 10,000,000.00" in chosen_sentence(choice, INPUTS, LIBRARY)


def test_another_position_prints_what_it_would_bring() -> None:
    choice = INPUTS.choice("uptime")
    assert choice is not None
    found = {one.position.id: one for one in position_sentences(choice, INPUTS, LIBRARY)}
    assert found["fallback-1"].is_chosen
    assert found["fallback-1"].sentence.startswith("99.95% each calendar month")
    assert found["standard"].sentence.startswith("99.9% each calendar month")
    assert sum(one.is_chosen for one in found.values()) == 1


def test_every_position_of_every_clause_has_its_sentence() -> None:
    for choice in INPUTS.choices:
        for one in position_sentences(choice, INPUTS, LIBRARY):
            assert one.sentence, (choice.instance_id, one.position.id)
            assert "{{" not in one.sentence
            assert "…" not in one.sentence
