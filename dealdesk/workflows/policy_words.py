"""An approval policy in sentences: what each rule looks at, and who then decides."""

from collections.abc import Iterator
from fractions import Fraction

from dealdesk.approvals.capability import Capability
from dealdesk.approvals.facts import OrderSign
from dealdesk.approvals.policy import (
    CapabilityRule,
    ClauseRule,
    Cover,
    InsuranceRule,
    LadderRule,
    LadderStep,
    OrderRule,
    Policy,
    RangeRule,
    Rule,
    Selector,
    Sign,
    TogetherRule,
    WalkAwayRule,
    WordRule,
)
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import LOCALES

_EN = LOCALES["en"]
# What figures and coverages are called, with the unit that their limits count in.
_FIGURES = {
    "discount_highest": "Highest discount, in percent,",
    "discount_blended": "blended discount, in percent,",
    "list_below_catalogue": "List price below the catalogue's, in percent,",
    "net_below_catalogue": "net price below the catalogue's list price, in percent,",
    "payment_days": "Days to pay",
    "term_months": "Months of the term",
    "joined_months": "Months that an add-on runs",
    "start_behind_days": "Days by which the start lies before the agreement's date",
    "start_ahead_days": "Days by which the start lies after the agreement's date",
    "tcv_policy": "Total contract value, in the policy's currency,",
}
_COVERAGES = {
    "cgl": "commercial general liability",
    "eo": "errors and omissions",
    "workers_compensation": "workers' compensation",
}
_SIGNS = {
    Sign.FREE_TEXT: "written by hand",
    Sign.OUT_OF_BOUNDS: "with values outside their position's bounds",
    Sign.OWN_APPROVERS: "whose position names who decides",
}

_ORDER_SIGNS = {
    OrderSign.PRICE_NOT_LISTED: "a price that the catalogue has none for",
    OrderSign.OWN_NAME: "a product under another name than the catalogue's",
    OrderSign.OWN_RATE: "a rate of exchange of its own",
    OrderSign.TIER_NOT_SOLD: "a tier whose plan it does not sell for the whole term",
    OrderSign.PLAN_NOT_WHOLE_TERM: "a plan that does not run for the whole term",
    OrderSign.CLAUSE_UNPAID: "a clause without the product that pays for it, or its list price",
    OrderSign.OPTIONAL_TERM: "an option to extend",
    OrderSign.JOINED_ORDER: "another order that it joins",
    OrderSign.AFFILIATE: "an affiliate that orders too",
    OrderSign.PILOT: "a pilot",
}


def rule_words(rule: Rule, policy: Policy) -> Iterator[str]:
    """Yield the sentences of a rule, a step of a ladder each."""
    match rule:
        case LadderRule():
            for step in rule.steps:
                yield f"{_figures(rule.figures)} {_limit(step)}: {_who(step.roles, policy)}."
        case RangeRule():
            outside = f"outside {_number(rule.low)} to {_number(rule.high)}"
            yield f"{_figure(rule.figure)} {outside}: {_who(rule.roles, policy)}."
        case WordRule():
            words = " or ".join(word.replace("_", " ") for word in rule.any_of or rule.none_of)
            is_ = "is other than" if rule.none_of else "is"
            yield f"{_figure(rule.name)} {is_} {words}: {_who(rule.roles, policy)}."
        case OrderRule():
            signs = " or ".join(_ORDER_SIGNS[sign] for sign in rule.signs)
            yield f"The order has {signs}: {_who(rule.roles, policy)}."
        case ClauseRule():
            yield f"Clauses {_selected(rule.select)}: {_deciders(rule, policy)}."
        case WalkAwayRule():
            who = " and ".join(policy.title_of(role) for role in rule.exception)
            what = f"Clauses {_selected(rule.select)}"
            yield f"{what} block the deal until {who} record an exception."
        case InsuranceRule():
            yield f"Insurance promised above what is placed: {_who(rule.roles, policy)}."
        case CapabilityRule():
            yield f"Promises beyond the record of what we can do: {_who(rule.roles, policy)}."
        case TogetherRule():
            limits = [f"{_figure(name)} above {_number(limit)}" for name, limit in rule.limits]
            both = " together with ".join(
                [limits[0], *(one[:1].lower() + one[1:] for one in limits[1:])]
            )
            yield f"{both}: {_who(rule.roles, policy)}."


# What a table's column comes to over all its rows.
_OVER_ROWS = {"least": "the least", "most": "the most", "sum": "all steps together"}


def _figures(names: tuple[str, ...]) -> str:
    return " or ".join([_figure(names[0]), *(_lowered(_figure(name)) for name in names[1:])])


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _figure(name: str) -> str:
    if name in _FIGURES:
        return _FIGURES[name]
    clause, _, variable = name.rpartition("/")
    column, _, over = variable.rpartition(".")
    if over in _OVER_ROWS:
        variable = f"{column}, {_OVER_ROWS[over]}"
    words = variable.replace("_", " ").replace(".", " ")
    head, colon, unit = words.partition(":")
    words = f"{head} in {unit}" if colon else head
    return f"{clause.capitalize()}, {words}" if clause else words[:1].upper() + words[1:]


def _limit(step: LadderStep) -> str:
    if step.falling:
        return f"below {_number(step.limit)}"
    return f"from {_number(step.limit)} on" if step.inclusive else f"above {_number(step.limit)}"


def _number(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):g}"


def _who(roles: tuple[str, ...], policy: Policy) -> str:
    return ", ".join(policy.title_of(role) for role in roles)


def _deciders(rule: ClauseRule, policy: Policy) -> str:
    named = [policy.title_of(role) for role in rule.roles]
    if rule.select.sign is Sign.OWN_APPROVERS:
        named.append("those whom the position names")
    if rule.with_owner:
        named.append("those who own the family")
    return ", ".join(named)


def _selected(select: Selector) -> str:
    ranks = " or ".join(rank.value.replace("_", " ") for rank in select.ranks)
    named = (
        ("of rank ", ranks),
        ("of fallback ", ", ".join(map(str, select.orders))),
        ("of the family ", " or ".join(select.families)),
        ("tagged ", " or ".join(select.tags)),
        ("", " or ".join(select.clauses)),
        ("", _SIGNS[select.sign] if select.sign else ""),
    )
    parts = [f"{what}{words}" for what, words in named if words]
    return " ".join(parts)


def cover_words(cover: Cover) -> str:
    """Return a placed cover in words."""
    named = (_COVERAGES.get(name, name.replace("_", " ")) for name in cover.coverages)
    what = " and ".join(named)
    what = what[:1].upper() + what[1:]
    if cover.per_claim is None:
        return f"{what}: as the law asks."
    words = f"{what}: {format_money(cover.per_claim, _EN)} a claim"
    if cover.aggregate is not None:
        words += f", {format_money(cover.aggregate, _EN)} in all"
    return f"{words}, over {cover.over}." if cover.over else f"{words}."


def capability_words(record: Capability) -> Iterator[str]:
    """Yield what the record says that the service can do, a sentence each."""
    for one in record.regions:
        where = "One region carries" if one.regions == 1 else f"{one.regions} regions carry"
        yield f"{where} {_number(one.carries)} %."
    for measured in record.measured:
        yield f"{measured.words[:1].upper()}{measured.words[1:]}."
    for staffed in record.staffing:
        hours = staffed.hours
        days = ", ".join(day.capitalize() for day in hours.days)
        yield f"Support is at work {days}, {hours.opens} to {hours.closes} ({staffed.zone})."
    yield f"The record is good until {record.expires_on.isoformat()}."
