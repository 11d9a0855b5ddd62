"""Who sells: the party that every new deal starts with."""

from collections.abc import Mapping
from pathlib import Path

from dealdesk.deals.deal_file import PARTY_KEYS, read_party
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import Data, load_yaml_file

KEYS = ("schema", "seller")


def load_seller(path: Path) -> Mapping[str, Data]:
    """Return the seller in a file as a deal's data. Raise DomainError with every fault in it."""
    root = Fields.root(load_yaml_file(path), KEYS)
    if root.text("schema") != "seller/1":
        root.note("wrong-schema", "schema", "This is not a seller/1 file.", "Write seller/1.")
    read_party(root.mapping("seller", PARTY_KEYS))
    root.raise_problems()
    return root.plain("seller")
