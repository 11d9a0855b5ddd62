"""A catalogue with faults names each of them with its line."""

from decimal import Decimal

import pytest

from dealdesk.deals.catalogue import read_catalogue
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml

TEXT = """schema: catalogue/1
products:
  - sku: TEAM
    name: Team plan
    metric: named user
    per: year
    plan: team
    support_tier: email
    list:
      USD: "600.00"
      JPY: "90000"
"""


def test_a_product_has_a_price_for_each_currency_and_brings_its_support_tier() -> None:
    product = read_catalogue(load_yaml(TEXT, "catalogue.yaml")).products["TEAM"]
    assert product.prices["JPY"].amount == Decimal(90000)
    assert (product.per, product.plan, product.support_tier) == ("year", "team", "email")


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("catalogue/1", "catalogue/2", "wrong-schema", 1),
        ("per: year", "per: decade", "unknown-word", 6),
        ('JPY: "90000"', 'JPY: "90000.5"', "too-many-decimals", 11),
        ("JPY:", "JPX:", "unknown-key", 11),
        ('"600.00"', '"-1.00"', "out-of-range", 10),
        ("    metric: named user\n", "", "missing", 3),
    ],
)
def test_each_fault_has_its_line(old: str, new: str, code: str, line: int) -> None:
    with pytest.raises(DomainError) as caught:
        read_catalogue(load_yaml(TEXT.replace(old, new), "catalogue.yaml"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == (code, line)


def test_a_sku_stands_once() -> None:
    twice = TEXT + TEXT.partition("products:\n")[2]
    with pytest.raises(DomainError, match="The SKU TEAM stands twice"):
        read_catalogue(load_yaml(twice, "catalogue.yaml"))
