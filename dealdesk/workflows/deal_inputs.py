"""A deal file's choices as the inputs of an agreement, checked against the library."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from dealdesk.agreements.assembly import assemble, hash_version
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.free_text import free_text_blocks
from dealdesk.agreements.model import Choice, Inputs, Origin, Override, Signer
from dealdesk.clauses.model import Library
from dealdesk.deals.deal import ClauseChoice, Deal, PartyDetails
from dealdesk.kernel.errors import DomainError, Place, Problem


def inputs_of(deal: Deal, library: Library) -> Inputs:
    """Return the inputs of the deal's agreement.

    Raise DomainError listing every clause, position and value that the library doesn't have, each
    with its line in the deal's file.
    """
    template = library.agreements.get(deal.agreement)
    if template is None:
        raise DomainError([_unknown_agreement(deal, library)])
    asks = {one.instance: _ask(one) for one in deal.choices}
    inputs = Inputs(
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
    return _with_overrides(inputs, deal, library)


def _unknown_agreement(deal: Deal, library: Library) -> Problem:
    return Problem(
        "unknown-agreement",
        f"The library has no agreement “{deal.agreement}”.",
        deal.source.place("agreement"),
        f"Use one of {', '.join(sorted(library.agreements))}.",
    )


def _ask(choice: ClauseChoice) -> Ask:
    return Ask(choice.instance, choice.position, choice.values, choice.omitted)


def _signer(party: PartyDetails) -> Signer:
    signer = party.signer
    return Signer(
        name=party.name,
        form=party.form,
        address=party.address,
        signer_name=signer.name if signer else "",
        signer_title=signer.title if signer else "",
    )


def _with_overrides(inputs: Inputs, deal: Deal, library: Library) -> Inputs:
    wanted = {one.instance: one.override for one in deal.choices if one.override}
    if not wanted:
        return inputs
    replaced = hash_version(inputs, assemble(inputs, library)).passages
    problems: list[Problem] = []
    choices = []
    for choice in inputs.choices:
        source = wanted.get(choice.instance_id)
        if source is None:
            choices.append(choice)
            continue
        place = deal.source.place(f"clauses.{choice.instance_id}.override")
        try:
            blocks = free_text_blocks(source, choice, inputs, library, place)
        except DomainError as error:
            problems.extend(_placed(error, place))
            continue
        author = deal.authors.get(choice.instance_id, deal.owner)
        override = Override(replaced[choice.instance_id], blocks, Origin.FREE_TEXT, author)
        choices.append(_overridden(choice, override))
    if problems:
        raise DomainError(problems)
    return replace(inputs, choices=tuple(choices))


def _overridden(choice: Choice, override: Override) -> Choice:
    return replace(choice, override=override)


def _placed(error: DomainError, place: Place) -> Iterator[Problem]:
    """Yield each problem of free text at its own line of the deal's file."""
    for problem in error.problems:
        # A block scalar's words start on the line below its key.
        line = place.line + problem.place.line
        yield replace(problem, place=Place(place.file, line, place.path))
