"""Make the inputs of a first version from a deal file's deal."""

from types import MappingProxyType

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.free_text import free_text_override
from dealdesk.agreements.model import Inputs, Signer, Version
from dealdesk.clauses.model import AgreementTemplate, Library, Tier
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
    tier = find_tier(deal, library)
    facts = {"tier": tier.id, **deal.facts} if tier else dict(deal.facts)
    return Inputs(
        number=deal.number,
        title=deal.title,
        agreement=deal.agreement,
        language=deal.language,
        dated_on=deal.dated_on,
        provider=_signer(deal.seller),
        customer=_signer(deal.customer),
        order=deal.order,
        facts=MappingProxyType(facts),
        choices=choose(template, library, asks_of(deal, tier, template), deal.source.place),
        precedence=template.precedence,
        library_sha256=library.sha256,
    )


def find_tier(deal: Deal, library: Library) -> Tier | None:
    """Return the plan tier of a deal, None without one.

    Raise DealInputsError when the library lacks it.
    """
    if not deal.tier:
        return None
    tier = library.tiers.get(deal.tier)
    if tier is None:
        raise DealInputsError.of(
            "tier-absent",
            f"The library has no plan tier “{deal.tier}”.",
            place=deal.source.place("tier"),
            remedy=f"Use one of {', '.join(library.tiers)}.",
        )
    return tier


def asks_of(deal: Deal, tier: Tier | None, template: AgreementTemplate) -> dict[str, Ask]:
    """Return what a deal asks for: its own choices over what follows from its tier.

    A deal that names another position than the tier's takes that position's own values. What a
    tier says of clauses that the agreement does not have is left out.
    """
    slots = {slot.instance for part in template.parts for slot in part.slots}
    brought = tier.clauses if tier else {}
    asks = {n: Ask(n, one.position, one.values) for n, one in brought.items() if n in slots}
    for choice in deal.choices:
        base = asks.get(choice.instance, Ask(choice.instance))
        is_other = choice.position not in {"", base.position}
        values = choice.values if is_other else {**base.values, **choice.values}
        position = choice.position or base.position
        asks[choice.instance] = Ask(choice.instance, position, values, choice.omitted)
    return asks


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
