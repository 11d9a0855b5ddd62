"""The shipped agreements: each assembles, reads cleanly, and says what its SLA terms say."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.deviations import deviations
from dealdesk.agreements.exports import exported_values
from dealdesk.agreements.model import Inputs
from dealdesk.clauses.lint.paper_reading import paper_of
from dealdesk.clauses.lint.rule import apply
from dealdesk.clauses.lint.text_rules import OWN_TEXT_RULES
from dealdesk.clauses.model import AgreementTemplate, Position, Rank
from dealdesk.documents.text import canonical_text
from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.parity import parity
from dealdesk.sla.projection import project
from dealdesk.workflows.sample_inputs import sample_inputs
from tests.enterprise import shipped_library

LIBRARY = shipped_library()
AGREEMENTS = sorted(LIBRARY.agreements)
WITH_TERMS = (
    "enterprise",
    "order-form-sla",
    "renewal-order",
    "sla-amendment",
    "sla-addendum",
)


def whole(agreement: AgreementTemplate, **positions: str) -> Inputs:
    """Return sample inputs with all optional clauses and positions by clause."""
    slots = [slot for part in agreement.parts for slot in part.slots]
    asks = {slot.instance: Ask(slot.instance) for slot in slots if slot.optional}
    asks |= {
        name.replace("_", "-"): Ask(name.replace("_", "-"), p) for name, p in positions.items()
    }
    return replace(sample_inputs(agreement, LIBRARY), choices=choose(agreement, LIBRARY, asks))


def test_the_kinds_of_agreement_that_a_seller_needs_are_there() -> None:
    wanted = {*WITH_TERMS, "amendment", "mutual-nda", "security-document"}
    assert wanted <= set(AGREEMENTS)


@pytest.mark.parametrize("name", AGREEMENTS)
def test_an_agreement_with_all_that_it_may_have_reads_without_a_finding(name: str) -> None:
    version = make_version(whole(LIBRARY.agreements[name]), LIBRARY)
    found = apply(OWN_TEXT_RULES, paper_of(version.tree, "agreement.txt"))
    assert [str(one.problem) for one in found if one.level != "info"] == []


@pytest.mark.parametrize("name", AGREEMENTS)
def test_text_and_terms_of_an_agreement_say_the_same(name: str) -> None:
    version = make_version(whole(LIBRARY.agreements[name]), LIBRARY)
    has_terms = any(exported_values(version.inputs, LIBRARY))
    assert has_terms == (name in WITH_TERMS)
    if has_terms:
        terms = canonical_json(project(version, LIBRARY))
        text = canonical_text(version.tree)
        assert parity(text, version.hashes.text, terms, "terms") == []


def offered(clause: str) -> Iterator[Position]:
    """Yield the positions of a clause that we offer."""
    for position in LIBRARY.clauses[clause].positions:
        if position.rank is not Rank.WALK_AWAY:
            yield position


def printed(clause: str, position: str) -> str:
    """Return the enterprise agreement's text with one position of a clause."""
    inputs = whole(LIBRARY.agreements["enterprise"], **{clause.replace("-", "_"): position})
    return canonical_text(make_version(inputs, LIBRARY).tree)


@pytest.mark.parametrize("position", [one.id for one in offered("roadmap")])
def test_every_briefing_that_we_offer_says_that_plans_are_no_promises(position: str) -> None:
    assert "They are not a promise to deliver a feature" in printed("roadmap", position)


def test_four_nines_and_two_regions_of_recovery_need_two_regions() -> None:
    inputs = whole(LIBRARY.agreements["enterprise"], uptime="fallback-3", continuity="fallback-2")
    assert not any(one.out_of_bounds for one in deviations(inputs, LIBRARY))
    for facts in ({"regions": 1}, {}):
        told = {
            one.clause.id: one.out_of_bounds
            for one in deviations(replace(inputs, facts=facts), LIBRARY)
            if one.out_of_bounds
        }
        assert told == {
            "uptime": ("99.99 % needs the service to run in two regions.",),
            "continuity": ("Fallback 2 needs the service to run in two regions.",),
        }


def test_each_clause_helps_sales_and_legal() -> None:
    """Explanation, rationale and talk track of each position, redlines with counters of each."""
    silent = [
        f"{clause.id}:{position.id}"
        for clause in LIBRARY.clauses.values()
        for position in clause.positions
        if not (position.explanation and position.rationale and position.talk_track)
    ]
    assert silent == []
    bare = [
        clause.id
        for clause in LIBRARY.clauses.values()
        if not any(position.redlines for position in clause.positions)
    ]
    assert bare == ["signature-page"]


def test_nothing_claims_that_counsel_has_read_it() -> None:
    assert not any(clause.reviewed_by_counsel for clause in LIBRARY.clauses.values())
