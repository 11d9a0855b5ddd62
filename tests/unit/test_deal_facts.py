"""What rules see of a deal: figures in the policy's currency, list prices, insurance, people."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from dealdesk.approvals.coverage import seen_now
from dealdesk.approvals.facts import OrderSign
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.deals.catalogue import Catalogue, read_catalogue
from dealdesk.deals.deal import Deal, Decision, Verdict
from dealdesk.deals.deal_file import load_deal, read_deal
from dealdesk.deals.order import FxRates
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import Data, load_yaml
from dealdesk.workflows.quoting import Quote, quote

TESTS = Path(__file__).parents[1]
LIBRARY = load_library(TESTS / "library")
POLICY = load_policy(TESTS / "library" / "policies" / "approval.yaml")
CATALOGUE = """
schema: catalogue/1
products:
  - sku: TEAM
    name: Team plan
    metric: user
    per: year
    list:
      USD: "800.00"
"""
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def catalogue() -> Catalogue:
    return read_catalogue(load_yaml(CATALOGUE, "catalogue.yaml"))


def deal(name: str) -> Deal:
    return load_deal(TESTS / "deals" / f"{name}.yaml")


def quoted(of: Deal, prices: Catalogue | None = None) -> Quote:
    return quote(of, LIBRARY, POLICY, prices)


def with_values(of: Deal, instance: str, values: Mapping[str, Data]) -> Deal:
    choices = tuple(
        replace(one, values={**one.values, **values}) if one.instance == instance else one
        for one in of.choices
    )
    return replace(of, choices=choices)


def test_a_list_price_entered_below_the_catalogue_shows_as_a_cut() -> None:
    figures = quoted(deal("T1"), catalogue()).facts.figures
    assert figures["list_below_catalogue"].value == Fraction(25)
    assert figures["discount_highest"].value == 0


def test_the_catalogue_gives_name_price_and_period_of_a_line() -> None:
    text = (TESTS / "deals" / "T1.yaml").read_text("utf-8")
    bare = text.replace('      list_unit: "600.00"\n', "").replace("      per: year\n", "")
    line = read_deal(load_yaml(bare, "deal.yaml"), catalogue()).order.books[0].lines[0]
    assert (line.name, line.list_unit.amount, line.per) == ("Team plan", Decimal("800.00"), "year")


def test_a_product_that_the_catalogue_lacks_is_refused_with_its_line() -> None:
    text = (TESTS / "deals" / "T2.yaml").read_text("utf-8")
    with pytest.raises(DomainError) as caught:
        read_deal(load_yaml(text, "deal.yaml"), catalogue())
    (problem,) = caught.value.problems
    assert problem.code == "unknown-sku"
    assert problem.place.line == text[: text.index("sku: BUSINESS")].count("\n") + 1


def test_an_amount_without_a_rate_is_refused_and_never_skipped() -> None:
    poor = replace(POLICY, fx=FxRates("USD", date(2027, 5, 3), {}))
    with pytest.raises(DomainError, match="no rate from GBP to USD"):
        quote(deal("T6"), LIBRARY, poor)


@pytest.mark.parametrize("rate", ["0.000001", "2.50"])
def test_the_deals_own_rates_never_stand_in_place_of_the_policys(rate: str) -> None:
    order = deal("T6").order
    own = FxRates("USD", date(2027, 4, 1), {"GBP": Decimal(rate)})
    found = quoted(replace(deal("T6"), order=replace(order, fx=own)))
    assert found.facts.figures["tcv_policy"].value == 550_000
    assert not [one for one in found.facts.order if one.sign is OrderSign.OWN_RATE]


def test_the_deals_own_rate_counts_where_the_policy_has_none_and_is_told() -> None:
    order = deal("T6").order
    own = FxRates("USD", date(2027, 4, 1), {"GBP": Decimal("2.50"), "EUR": Decimal(9)})
    poor = replace(POLICY, fx=FxRates("USD", date(2027, 5, 3), {"EUR": Decimal("1.08")}))
    facts = quote(replace(deal("T6"), order=replace(order, fx=own)), LIBRARY, poor).facts
    assert facts.figures["tcv_policy"].value == 1_100_000
    assert [one.message for one in facts.order if one.sign is OrderSign.OWN_RATE] == [
        "GBP is counted at 2.50 of 1 April 2027, the order's own rate; the policy has none."
    ]


def test_lengths_of_time_name_their_unit() -> None:
    figures = quoted(deal("T7")).facts.figures
    assert figures["severity/sev1:minutes"].value == 15
    assert figures["severity/sev2:hours"].value == 2
    assert "severity/sev1" not in figures


def test_a_value_outside_its_positions_bounds_is_seen() -> None:
    clauses = quoted(with_values(deal("T7"), "uptime", {"target": "99.99"})).facts.clauses
    uptime = next(clause for clause in clauses if clause.instance == "uptime")
    assert uptime.out_of_bounds == ("The first fallback promises 99.95 % at most.",)


def test_a_programme_that_has_ended_meets_nothing() -> None:
    found = quoted(replace(deal("T1"), dated_on=date(2034, 1, 1)))
    assert found.assessment.roles == ("risk",)
    assert "ended on 2033-12-31" in found.assessment.requirements[0].reasons[0].message


def test_who_sells_a_deal_does_not_decide_on_it() -> None:
    (requirement,) = quoted(deal("T3")).assessment.requirements
    seen = tuple(map(seen_now, requirement.reasons))
    own = Decision("vp_sales", deal("T3").owner, Verdict.APPROVED, AT, POLICY.key, seen)
    other = replace(own, person="Vera Sales")
    refused = quoted(replace(deal("T3"), decisions=(own,))).standing
    assert refused.open == (requirement,)
    assert "owns the deal" in refused.not_counted[0].faults[0]
    assert quoted(replace(deal("T3"), decisions=(other,))).standing.is_clear
