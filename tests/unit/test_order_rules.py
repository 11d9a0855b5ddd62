"""Nothing that an order prints or prices goes by the shipped policy unseen."""

import copy
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.approvals.assessment import Assessment
from dealdesk.approvals.coverage import covers, seen_now
from dealdesk.approvals.policy import EXACT
from dealdesk.approvals.policy_file import load_policy
from dealdesk.approvals.rules import assess
from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal import Deal
from dealdesk.deals.deal_file import read_deal
from dealdesk.deals.figures import price_order
from dealdesk.deals.order import Billing, PaymentFrom, Per, Proration, Rounding
from dealdesk.deals.pricing import PricedLine
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml, read_text_file
from dealdesk.terms.money import minor_units
from dealdesk.workflows.deal_facts import Passages, facts_of

POLICIES = DEFAULT_LIBRARY / "policies"
POLICY = load_policy(POLICIES / "approval.yaml")
CATALOGUE = load_catalogue(DEFAULT_LIBRARY / "catalogue.yaml")
PLAIN: Any = load_yaml(read_text_file(POLICIES / "approval-samples.yaml"), "samples").data
# What nobody is asked about: a discount up to 10 percent.
FREE_DISCOUNT = 10


def deal_of(order: dict[str, Any], **changes: Any) -> Deal:
    data = {**copy.deepcopy(PLAIN["deal"]), "tier": None, **changes}
    data["order"] = {**data["order"], **order}
    plain = {key: value for key, value in data.items() if value is not None}
    return read_deal(load_yaml(json.dumps(plain), "deal"), CATALOGUE)


def assessed(deal: Deal) -> Assessment:
    nothing = Passages((), {}, {})
    return assess(facts_of(deal, price_order(deal.order), nothing, POLICY, CATALOGUE), POLICY)


def asked(order: dict[str, Any], **changes: Any) -> dict[str, list[str]]:
    found = assessed(deal_of(order, **changes)).requirements
    return {one.role: [reason.message for reason in one.reasons] for one in found}


def line(**changes: Any) -> dict[str, Any]:
    return {"lines": [{"sku": "ENTERPRISE", "quantity": 100, **changes}]}


@pytest.mark.parametrize(
    "price",
    [
        {"list_unit": "0.01", "per": "month"},
        {"list_unit": "44.99", "per": "month"},
        {"list_unit": "540.00", "per": "term"},
        {"list_unit": "0.01", "per": "once"},
        {"list_unit": "540.00", "per": "once"},
        {"sku": "SEAT-MONTH", "list_unit": "45.00", "per": "year"},
        {"sku": "ONBOARD", "list_unit": "45000.00", "per": "term"},
        {"sku": "ONBOARD", "list_unit": "-45000.00"},
    ],
)
def test_a_price_by_another_time_is_held_against_the_catalogues(price: dict[str, str]) -> None:
    assert "deal_desk" in asked(line(**price))


@pytest.mark.parametrize(
    "price", [{"list_unit": "45.00", "per": "month"}, {"list_unit": "1080.00", "per": "term"}]
)
def test_the_same_price_by_another_time_asks_nobody(price: dict[str, str]) -> None:
    assert asked(line(**price)) == {}


def test_a_price_that_nothing_is_held_against_says_why() -> None:
    assert asked(line(list_unit="540.00", per="once"))["deal_desk"] == [
        "ENTERPRISE is sold at USD 540.00 once, and the catalogue prices it by the year."
    ]
    swiss = {"currency": "CHF", **line(list_unit="500.00", per="year")}
    assert asked(swiss)["deal_desk"] == [
        "ENTERPRISE is sold at CHF 500.00 by the year, and the catalogue has no price in CHF."
    ]


def test_a_list_price_and_a_discount_that_ask_little_each_ask_as_their_sum() -> None:
    found = asked(line(list_unit="324.00", per="year", discount_pct="35"))
    assert {"cro", "cfo"} <= set(found)
    assert found["cfo"] == ["The deepest cut of a net price below the catalogue is 61 %, above 40."]
    assert "net_below_catalogue" not in {
        step.subject for step in assessed(deal_of(line(discount_pct="35"))).trace
    }


def test_a_price_that_falls_at_an_anniversary_is_refused() -> None:
    with pytest.raises(DomainError, match="0 is the least allowed"):
        deal_of(line(uplift_pct="-99"))


def test_a_rate_of_the_sellers_own_hides_no_total_from_the_cfo() -> None:
    big = {"currency": "EUR", **line(quantity=150_000), "fx": {"rates": {"EUR": "0.000001"}}}
    big["fx"]["as_of"] = "2026-11-02"
    assert "cfo" in asked(big)


def test_a_products_other_name_is_seen_by_deal_desk_and_counsel() -> None:
    name = "Enterprise plan, and the customer may terminate at any time for a full refund"
    found = asked(line(name=name))
    assert set(found) == {"deal_desk", "commercial_counsel"}
    assert found["deal_desk"] == [
        f"ENTERPRISE prints as “{name}”; the catalogue says “Enterprise plan”."
    ]


def test_a_decision_on_a_name_covers_no_other() -> None:
    kept, other, long_, longer = (
        assessed(deal_of(line(name=name))).requirements[0].reasons[0]
        for name in ("Plan A", "Plan B", "x" * 199, "x" * 198 + "y")
    )
    assert covers(seen_now(kept), kept, EXACT)
    assert not covers(seen_now(kept), other, EXACT)
    assert not covers(seen_now(long_), longer, EXACT)
    assert len(long_.tested) <= 200


@pytest.mark.parametrize(
    ("order", "role"),
    [
        ({"tax": "The fees include every tax there is"}, "commercial_counsel"),
        ({"options": [{"months": 12, "amount": "1.00"}]}, "deal_desk"),
        ({"payment": {"days": 30, "from": "receipt"}}, "finance"),
        ({"evergreen": True}, "deal_desk"),
        ({"pilot": {"days": 300, "fee": "0.00"}}, "deal_desk"),
        ({"start": "2016-01-01"}, "finance"),
        ({"start": "2099-01-01"}, "deal_desk"),
        ({"months": None, "coterm": {"order": "X", "ends": "2027-01-31"}}, "deal_desk"),
        ({"months": None, "coterm": {"order": "X", "ends": "2099-01-31"}}, "finance"),
    ],
)
def test_other_terms_of_the_order_are_seen(order: dict[str, Any], role: str) -> None:
    assert role in asked(line() | order)


def test_reasons_on_words_read_as_sentences() -> None:
    odd = {"tax": "No tax {is} due", "evergreen": True, "payment": {"days": 30, "from": "receipt"}}
    found = asked(line() | odd, seller={"name": "Other Ltd", "form": "a company"})
    assert found["finance"] == [
        "The note on tax reads “No tax {is} due”.",
        "The days to pay count from the receipt of the invoice.",
        "The seller is Other Ltd.",
        "The seller's legal form reads “a company”.",
    ]
    assert found["deal_desk"] == ["The order runs on after its committed months."]


def test_another_seller_and_a_tier_that_is_not_sold_are_seen() -> None:
    other = {"name": "Example Cloud Islands Ltd", "form": "a company of the Islands"}
    assert set(asked(line(), seller=other)) == {"commercial_counsel", "finance"}
    assert set(asked(line(), tier="strategic")) == {"deal_desk", "support_head"}
    assert asked(line(), tier="enterprise") == {}


def test_our_name_under_another_law_or_address_is_another_seller() -> None:
    ours = {
        "name": "Example Cloud Inc.",
        "form": "a Delaware corporation",
        "address": "1 Example Way, Springfield, Delaware 19900",
    }
    assert asked(line(), seller=ours) == {}
    for part, words in (("form", "a company of the Islands"), ("address", "1 Harbour Lane")):
        found = asked(line(), seller={**ours, part: words})
        assert set(found) == {"commercial_counsel", "finance"}
        assert all(words in said for one in found.values() for said in one)


def prices(per: Per) -> st.SearchStrategy[str]:
    cents = st.integers(-100, 10**6) if per is not Per.ONCE else st.integers(-100, 5 * 10**6)
    return cents.map(lambda number: f"{number / 100:.2f}")


lines = st.sampled_from(sorted(CATALOGUE.products)).flatmap(
    lambda sku: st.sampled_from(Per).flatmap(
        lambda per: st.fixed_dictionaries(
            {"sku": st.just(sku)},
            optional={
                "quantity": st.integers(1, 5000),
                "list_unit": prices(per),
                "per": st.just(per.value),
                "discount_pct": st.integers(0, 1000).map(lambda n: f"{n / 100:.2f}"),
                "uplift_pct": st.integers(-100, 100).map(str),
                "name": st.sampled_from([CATALOGUE.products[sku].name, "Everything", "team plan"]),
                "year": st.integers(1, 3),
            },
        )
    )
)
orders = st.fixed_dictionaries(
    {
        "lines": st.lists(lines, min_size=1, max_size=3),
        "months": st.sampled_from([12, 13, 24, 36]),
        "currency": st.sampled_from(["USD", "EUR", "GBP", "CHF"]),
    },
    optional={
        "billing": st.sampled_from(Billing).map(str),
        "payment": st.fixed_dictionaries(
            {"days": st.integers(0, 60), "from": st.sampled_from(PaymentFrom).map(str)}
        ),
        "rounding": st.sampled_from(Rounding).map(str),
        "proration": st.sampled_from(Proration).map(str),
        "tax": st.sampled_from(["Reverse charge", "No tax is ever due"]),
        "fx": st.fixed_dictionaries(
            {
                "as_of": st.just("2026-11-02"),
                "rates": st.dictionaries(
                    st.sampled_from(["EUR", "SGD"]), st.just("0.000001"), min_size=1
                ),
            }
        ),
        "evergreen": st.booleans(),
        "options": st.just([{"months": 12, "amount": "1.00"}]),
        "affiliates": st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.just("Sample Affiliate"),
                    "currency": st.sampled_from(["USD", "EUR"]),
                    "lines": st.lists(lines, min_size=1, max_size=1),
                }
            ),
            max_size=1,
        ),
    },
)


def least(priced: PricedLine) -> Fraction | None:
    """Return what the catalogue would charge at the discount that nobody is asked about."""
    product = CATALOGUE.products[priced.line.sku]
    listed = product.prices.get(priced.list_unit.currency)
    if listed is None:
        return None
    times = {Per.MONTH: priced.months, Per.YEAR: priced.months / 12, Per.ONCE: Fraction(1)}
    if (product.per is Per.ONCE) is not (priced.line.per is Per.ONCE):
        return None
    kept = 1 - Fraction(priced.line.discount) / 100
    return Fraction(listed.amount) * times[product.per] * priced.line.quantity * kept


@settings(max_examples=400)
@given(orders)
def test_nobody_is_asked_only_where_no_price_lies_below_the_catalogues(order: Any) -> None:
    try:
        deal = deal_of(order)
    except DomainError:
        return
    if assessed(deal).requirements:
        return
    for book in price_order(deal.order).books:
        for priced in book.lines:
            minor = Fraction(1, 10 ** minor_units(book.currency))
            units = priced.line.quantity * max(priced.months, 1)
            rounding = minor * units / 2 + minor
            wanted = least(priced)
            assert wanted is not None
            assert Fraction(priced.amount.amount) >= wanted - rounding
            assert priced.line.discount <= FREE_DISCOUNT
            assert priced.line.name == CATALOGUE.products[priced.line.sku].name
    assert deal.order.tax_note in {"", "Reverse charge"}
    assert not deal.order.options
    assert not deal.order.evergreen
    assert len(deal.order.books) == 1


def test_a_plan_for_a_day_does_not_bring_its_terms_for_the_term() -> None:
    day = {"sku": "STRATEGIC", "quantity": 1, "start": "2027-01-01", "end": "2027-01-01"}
    team = {"sku": "TEAM", "quantity": 100}
    found = asked({"lines": [team, day]}, tier="strategic")
    said = "Clauses follow the tier “strategic”, and no line sells that plan {}."
    said = said.format("from 2 January 2027 to 31 December 2028")
    assert found == {"deal_desk": [said], "support_head": [said]}
    years = [{**team, "sku": "STRATEGIC", "year": year} for year in (2, 1)]
    assert asked({"lines": years}, tier="strategic") == {}
    assert set(asked({"lines": [{**day, "end": "2028-12-30"}]}, tier="strategic")) == {
        "deal_desk",
        "support_head",
        "finance",
    }


@pytest.mark.parametrize(
    ("lines", "gaps"),
    [
        ([{"year": 1}], "from 1 January 2028 to 31 December 2029"),
        (
            [{"year": 2}, {"year": 2}],
            "from 1 January 2027 to 31 December 2027, from 1 January 2029 to 31 December 2029",
        ),
        ([{"start": "2027-01-01", "end": "2029-12-30"}], "on 31 December 2029"),
        ([{"year": 1}, {"sku": "CONNECTOR-YEAR"}], "from 1 January 2028 to 31 December 2029"),
        (
            [{"year": 1}, {"list_unit": "-1.00", "per": "year"}],
            "from 1 January 2028 to 31 December 2029",
        ),
        ([{"year": 1}, {"year": 2}, {"year": 3}], ""),
        ([{"year": 1}, {"sku": "TEAM", "start": "2027-06-01", "end": "2029-12-31"}], ""),
        ([{"sku": "ONBOARD"}], ""),
        ([{}], ""),
    ],
)
def test_a_plan_that_stops_within_the_term_is_seen(lines: list[dict[str, Any]], gaps: str) -> None:
    order = {
        "months": 36,
        "lines": [{"sku": "ENTERPRISE", "quantity": 100, **one} for one in lines],
    }
    said = f"The plan does not run for the whole term: not {gaps}."
    found = asked(order)
    for role in ("deal_desk", "finance"):
        assert (said in found.get(role, [])) is bool(gaps)


def test_an_order_of_add_ons_alone_is_held_by_what_it_charges_over_time() -> None:
    found = asked({"lines": [{"sku": "CONNECTOR-YEAR", "quantity": 2, "year": 1}]})
    assert set(found) == {"deal_desk", "finance"}
    assert found["finance"][0].startswith("What is charged over time does not run")
