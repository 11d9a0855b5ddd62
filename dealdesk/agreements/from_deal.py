"""Make the inputs of a first version from a deal file's deal."""

from types import MappingProxyType

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.free_text import free_text_override
from dealdesk.agreements.model import Inputs, Signer, Version
from dealdesk.clauses.model import Library
from dealdesk.deals.deal import Deal, PartyDetails
from dealdesk.kernel.errors import DomainError


class DealInputsError(DomainError):
    """The deal asks for an agreement that the library doesn't have."""


def deal_inputs(deal: Deal, library: Library) -> Inputs:
    """Return the inputs that a deal states. Raise DomainError with every wrong choice's line."""
    template = library.agreements.get(deal.agreement)
    if template is None:
        raise DealInputsError.of(
            "agreement-absent",
            f"The library has no agreement “{deal.agreement}”.",
            place=deal.source.place("agreement"),
            remedy=f"Use one of {', '.join(sorted(library.agreements))}.",
        )
    asks = {c.instance: Ask(c.instance, c.position, c.values, c.omitted) for c in deal.choices}
    return Inputs(
        number=deal.number,
        title=deal.title,
        agreement=deal.agreement,
        language=deal.language,
        dated_on=deal.dated_on,
        provider=_signer(deal.seller),
        customer=_signer(deal.customer),
        order=deal.order,
        facts=MappingProxyType(dict(deal.facts)),
        choices=choose(template, library, asks, deal.source.place),
        precedence=template.precedence,
        library_sha256=library.sha256,
    )


def first_version(deal: Deal, library: Library, *, draft: bool = False) -> Version:
    """Return the first version of a deal's agreement, its free text in place."""
    inputs = deal_inputs(deal, library)
    texts = {c.instance: c for c in deal.choices if c.override}
    if texts:
        base = make_version(inputs, library)
        inputs = free_text_override(base, texts, deal.authors)
    return make_version(inputs, library, draft=draft)


def _signer(party: PartyDetails) -> Signer:
    return Signer(
        name=party.name,
        form=party.form,
        address=party.address,
        signer_name=party.signer.name if party.signer else "",
        signer_title=party.signer.title if party.signer else "",
    )
