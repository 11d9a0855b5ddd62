"""Read a deal file (format deal/1) and report everything that is wrong with it at once."""

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path

from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import (
    ClauseChoice,
    Deal,
    Decision,
    PartyDetails,
    SeenReason,
    Signer,
    Verdict,
)
from dealdesk.deals.order_file import ORDER_KEYS, read_order
from dealdesk.deals.yes_no_facts import read_facts
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import Located, load_yaml_file

FORMAT = "deal/1"
DEAL_KEYS = (
    "schema", "number", "title", "owner", "submitter", "authors", "language", "dated_on", "seller",
    "customer", "agreement", "tier", "order", "facts", "clauses", "decisions",
)  # fmt: skip
PARTY_KEYS = ("name", "form", "address", "country", "registration", "tax_id", "signer")
SIGNER_KEYS = ("name", "title", "email")
CHOICE_KEYS = ("clause", "position", "values", "override", "unstated", "omitted")
DECISION_KEYS = ("role", "person", "verdict", "at", "policy", "seen", "conditions")
SEEN_KEYS = ("rule", "subject", "tested", "passage")
LONGEST_OVERRIDE = 200_000
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")


def deal_schema() -> Json:
    """Return the published JSON Schema (2020-12) of a deal file."""
    text = resources.files("dealdesk.deals").joinpath("schemas/deal-1.json").read_text("utf-8")
    schema: Json = json.loads(text)
    return schema


def load_deal(path: Path, catalogue: Catalogue | None = None, name: str = "") -> Deal:
    """Return the deal in a file; `name` is how messages call the file.

    Raise DomainError with every problem, each with its file, line and remedy.
    """
    return read_deal(load_yaml_file(path, name), catalogue)


def read_deal(located: Located, catalogue: Catalogue | None = None) -> Deal:
    """Return the deal of a YAML document. Raise DomainError with every problem in it."""
    root = Fields.root(located, DEAL_KEYS)
    if root.has("schema") and root.data["schema"] != FORMAT:
        root.note("wrong-schema", "schema", "This is not a deal/1 file.", f"Write {FORMAT}.")
    root.text("schema")
    owner = root.text("owner", default="")
    customer = read_party(root.mapping("customer", PARTY_KEYS))
    deal = Deal(
        number=_number(root),
        title=root.text("title", longest=200),
        owner=owner,
        submitter=root.text("submitter", default=owner),
        authors={key: str(value) for key, value in root.plain("authors").items()},
        language=root.text("language", default="en", longest=20),
        dated_on=root.day("dated_on") or date.min,
        seller=read_party(root.mapping("seller", PARTY_KEYS)),
        customer=customer,
        agreement=root.text("agreement", longest=80),
        order=read_order(root.mapping("order", ORDER_KEYS), customer.name, catalogue),
        facts=dict(read_facts(root)),
        choices=tuple(_choices(root)),
        decisions=tuple(_decisions(root)),
        source=located,
        tier=root.text("tier", default="", longest=40),
    )
    root.raise_problems()
    return deal


def _number(root: Fields) -> str:
    number = root.text("number")
    if number and not _NUMBER.match(number):
        root.note(
            "bad-number",
            "number",
            "The deal's number may have letters, digits, dots, dashes and underscores, 40 at most.",
            "Write it such as ACME-2027-001.",
        )
    return number


def read_party(party: Fields) -> PartyDetails:
    """Return a party; problems are noted on the way."""
    return PartyDetails(
        name=party.text("name", longest=200),
        form=party.text("form", default="", longest=200),
        address=party.text("address", default="", longest=400),
        country=party.text("country", default="", longest=80),
        registration=party.text("registration", default="", longest=80),
        tax_id=party.text("tax_id", default="", longest=80),
        signer=read_signer(party.mapping("signer", SIGNER_KEYS)) if party.has("signer") else None,
    )


def read_signer(signer: Fields) -> Signer:
    """Return who signs; problems are noted on the way."""
    return Signer(
        name=signer.text("name", longest=200),
        title=signer.text("title", default="", longest=200),
        email=signer.text("email", default="", longest=200),
    )


def _choices(root: Fields) -> Iterator[ClauseChoice]:
    for instance, choice in root.entries("clauses", CHOICE_KEYS):
        yield ClauseChoice(
            instance=instance,
            clause=choice.text("clause", default=instance, longest=80),
            position=choice.text("position", default="", longest=80),
            values=choice.plain("values"),
            override=choice.text("override", default="", longest=LONGEST_OVERRIDE),
            unstated=choice.texts("unstated"),
            omitted=choice.flag("omitted", default=False),
        )


def _decisions(root: Fields) -> Iterator[Decision]:
    for item in root.items("decisions", DECISION_KEYS):
        at = item.moment("at")
        decision_of = (
            item.text("role", longest=80),
            item.text("person", longest=120),
            item.word("verdict", Verdict),
        )
        seen = tuple(_seen(reason) for reason in item.items("seen", SEEN_KEYS))
        policy = item.text("policy", default="", longest=80)
        conditions = item.text("conditions", default="", longest=2000)
        if at is not None:
            yield Decision(*decision_of, at, policy, seen, conditions)


def _seen(item: Fields) -> SeenReason:
    return SeenReason(
        rule=item.text("rule", longest=80),
        subject=item.text("subject", longest=120),
        tested=item.text("tested", longest=200),
        passage=item.text("passage", default="", longest=64),
    )
