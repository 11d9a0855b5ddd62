"""Quote a deal: its prices, the approvals that it needs, what blocks it, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dealdesk.agreements.deviations import Deviation, deviations
from dealdesk.agreements.from_deal import first_version
from dealdesk.agreements.model import Version
from dealdesk.approvals.assessment import Assessment
from dealdesk.approvals.coverage import Standing, standing
from dealdesk.approvals.facts import DealFacts
from dealdesk.approvals.independence import People
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.rules import assess
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import Deal
from dealdesk.deals.figures import OrderFigures, price_order
from dealdesk.kernel.authors import together
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.workflows.deal_facts import Passages, facts_of
from dealdesk.workflows.findings import DealFinding, deal_findings


@dataclass(frozen=True, slots=True)
class Quote:
    """A deal priced and assessed, and the draft whose passages the approvals are bound to.

    `deviations` tell of each chosen clause how it differs from what we offer first. `findings` are
    filled by `with_findings`: pricing and approvals do not wait for linters.
    """

    deal: Deal
    priced: OrderFigures
    version: Version
    policy: Policy
    facts: DealFacts
    assessment: Assessment
    standing: Standing
    deviations: tuple[Deviation, ...]
    findings: Sequence[DealFinding] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a version comes to by prices, clauses and policy, whoever has decided what."""

    priced: OrderFigures
    facts: DealFacts
    assessment: Assessment
    deviations: tuple[Deviation, ...]


def quote(
    deal: Deal, library: Library, policy: Policy, catalogue: Catalogue | None = None
) -> Quote:
    """Return the deal's quote.

    Raise DomainError when its choices don't fit the library or an amount has no dated rate.
    """
    return quote_version(deal, first_version(deal, library), library, policy, catalogue)


def quote_version(  # noqa: PLR0913 - a deal, its version, what they are judged by, and when
    deal: Deal,
    version: Version,
    library: Library,
    policy: Policy,
    catalogue: Catalogue | None = None,
    *,
    at: datetime | None = None,
    on: date | None = None,
) -> Quote:
    """Return the quote of one version of the deal's agreement, such as a negotiated one.

    Exceptions that expired by `at` count no more, records on file that ended before `on` neither.
    """
    _refuse_unknown_deciders(deal, policy)
    judged = judge(deal, version, library, policy, catalogue, on=on)
    return quote_judged(deal, version, judged, policy, at=at)


def judge(  # noqa: PLR0913 - a deal, its version, what they are judged by, and on which day
    deal: Deal,
    version: Version,
    library: Library,
    policy: Policy,
    catalogue: Catalogue | None,
    *,
    on: date | None = None,
) -> Judgement:
    """Return what a version of the deal's agreement comes to; decisions make no difference."""
    priced = price_order(version.inputs.order)
    owners = {key: (family.owner, *family.approvers) for key, family in library.families.items()}
    deviating = deviations(version.inputs, library)
    tier = library.tiers.get(deal.tier)
    brought = tier.clauses if tier else {}
    included = frozenset(
        one.choice.instance_id
        for one in deviating
        if (choice := brought.get(one.choice.instance_id)) is not None
        and one.position.id == choice.position
    )
    passages = Passages(deviating, version.hashes.passages, owners, included)
    facts = facts_of(deal, priced, passages, policy, catalogue, on=on)
    return Judgement(priced, facts, assess(facts, policy), deviating)


def quote_judged(  # noqa: PLR0913 - a version judged, whose deal, under which policy, as of when
    deal: Deal,
    version: Version,
    judged: Judgement,
    policy: Policy,
    *,
    at: datetime | None = None,
    ids: tuple[int | None, int | None] = (None, None),
) -> Quote:
    """Return the quote of a version that was judged, with the deal's decisions counted.

    `ids` are the owner's and the submitter's, where they are known.
    """
    _refuse_unknown_deciders(deal, policy)
    people = replace(people_of(deal, version), owner_id=ids[0], submitter_id=ids[1])
    return Quote(
        deal=deal,
        priced=judged.priced,
        version=version,
        policy=policy,
        facts=judged.facts,
        assessment=judged.assessment,
        standing=standing(judged.assessment, deal.decisions, policy, people, at),
        deviations=judged.deviations,
    )


def with_findings(found: Quote, library: Library) -> Quote:
    """Return the quote with what linters find in its draft."""
    return replace(found, findings=deal_findings(found.version, library, found.policy))


def _refuse_unknown_deciders(deal: Deal, policy: Policy) -> None:
    """Raise DomainError naming each decision whose role the policy does not have."""
    problems = [
        Problem(
            "unknown-role",
            f"The policy {policy.key} has no role “{decision.role}”.",
            deal.source.place(f"decisions[{index}].role"),
            f"Use one of {', '.join(policy.roles)}.",
        )
        for index, decision in enumerate(deal.decisions)
        if decision.role not in policy.roles
    ]
    if problems:
        raise DomainError(problems)


def people_of(deal: Deal, version: Version) -> People:
    """Return who sells, submits and wrote what: nobody of them decides on it (I7)."""
    written = {
        choice.instance_id: choice.override.author
        for choice in version.inputs.choices
        if choice.override is not None
    }
    authors = {
        instance: together(deal.authors.get(instance, ""), written.get(instance, ""))
        for instance in {**deal.authors, **written}
    }
    return People(deal.owner, deal.submitter, authors)
