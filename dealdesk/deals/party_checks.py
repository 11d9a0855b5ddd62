"""What is asked of a party's details where people type them; what is kept already is read as is."""

from collections.abc import Iterator

from dealdesk.deals.deal import PartyDetails, Signer
from dealdesk.kernel.errors import Place, Problem
from dealdesk.kernel.mail_addresses import is_mail_address
from dealdesk.terms.countries import COUNTRIES


def party_problems(party: PartyDetails, at: str = "") -> Iterator[Problem]:
    """Yield what is wrong with a party's country and with who signs for it; `at` is its path."""
    if party.country and party.country not in COUNTRIES:
        yield Problem(
            "no-such-country",
            f"“{party.country[:80]}” is not the code of a country.",
            Place(path=f"{at}country"),
            "Write its two capital letters, such as US, DE or JP.",
        )
    if party.signer is not None:
        yield from signer_problems(party.signer, f"{at}signer.")


def signer_problems(signer: Signer, at: str = "") -> Iterator[Problem]:
    """Yield what is wrong with the mail address of who signs."""
    if signer.email and not is_mail_address(signer.email):
        yield Problem(
            "no-mail-address",
            f"“{signer.email[:80]}” is not a mail address.",
            Place(path=f"{at}email"),
            "Write it such as ramona@example.com.",
        )
