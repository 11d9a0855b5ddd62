"""SLA terms as sentences: the numbers are those of the terms, absent promises are not invented."""

from dataclasses import replace

import pytest

from dealdesk.agreements.from_deal import first_version
from dealdesk.clauses.loader import load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.kernel.settings import PROJECT
from dealdesk.sla.model import SlaTerms, read_terms
from dealdesk.sla.projection import project
from dealdesk.sla.promises import matrix, promises, seconds_words

LIBRARY = PROJECT / "clause_library"


@pytest.fixture(scope="module")
def terms() -> SlaTerms:
    library = load_library(LIBRARY)
    deal = load_deal(
        PROJECT / "demo" / "deals" / "example-industries.yaml",
        load_catalogue(LIBRARY / "catalogue.yaml"),
    )
    return read_terms(project(first_version(deal, library), library))


def test_each_promise_is_a_sentence(terms: SlaTerms) -> None:
    found = list(promises(terms))
    assert found[0] == "The service is available 99.9 % of each calendar month, UTC."
    assert "when claimed within 30 days." in found[2]
    assert all(one.endswith(".") for one in found)


def test_what_is_not_promised_is_not_said(terms: SlaTerms) -> None:
    bare = replace(terms, availability=None, credits=None, chronic=None, severities=())
    assert list(promises(bare)) == []
    assert list(matrix(bare)) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (90, "90 seconds"), (1800, "30 minutes"), (3600, "1 hour"), (0, "0 seconds"),
     (5400, "90 minutes"), (259_200, "3 days")],
)  # fmt: skip
def test_seconds_are_told_in_the_largest_whole_unit(seconds: int, words: str) -> None:
    assert seconds_words(seconds) == words
