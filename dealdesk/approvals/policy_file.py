"""Read an approval policy (format policy/1) and report everything that is wrong with it at once."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from dealdesk.approvals.capability_file import read_capability
from dealdesk.approvals.facts import OrderSign
from dealdesk.approvals.policy import (
    EXACT,
    Binding,
    BindingKind,
    CapabilityRule,
    ClauseRule,
    Cover,
    InsuranceRule,
    LadderRule,
    LadderStep,
    OrderRule,
    Policy,
    Programme,
    RangeRule,
    Rule,
    Selector,
    Sign,
    TogetherRule,
    WalkAwayRule,
    WordRule,
)
from dealdesk.approvals.policy_times import read_times
from dealdesk.clauses.model import Rank
from dealdesk.deals.order_file import FX_KEYS, read_fx
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import Located, load_yaml_file
from dealdesk.terms.money import Money, minor_units

FORMAT = "policy/1"
POLICY_KEYS = (
    "schema", "id", "version", "roles", "stages", "fx", "programme", "rules", "calendar", "limits",
    "stand_ins", "capability",
)  # fmt: skip
RULE_KEYS = (
    "id", "figures", "ladder", "allowed", "binding", "band_pct", "word", "any_of", "none_of",
    "order", "clauses", "insurance", "capability", "together", "roles", "with_owner", "exception",
)  # fmt: skip
STEP_KEYS = ("above", "from", "below", "roles")
TOGETHER_KEYS = ("figure", "above")
ALLOWED_KEYS = ("from", "to")
SELECTOR_KEYS = ("ranks", "orders", "families", "tags", "clauses", "sign")
PROGRAMME_KEYS = ("expires_on", "covers")
COVER_KEYS = ("id", "coverages", "per_claim", "aggregate", "over", "statutory")

_Word = TypeVar("_Word", bound=StrEnum)


def load_policy(path: Path, name: str = "") -> Policy:
    """Return the policy in a file. Raise DomainError with every problem in it."""
    return read_policy(load_yaml_file(path, name))


def read_policy(located: Located) -> Policy:
    """Return the policy of a YAML document. Raise DomainError with every problem in it."""
    root = Fields.root(located, POLICY_KEYS)
    if root.text("schema") != FORMAT:
        root.note("wrong-schema", "schema", "This is not a policy/1 file.", f"Write {FORMAT}.")
    roles = {role: str(title) for role, title in root.plain("roles").items()}
    fx = read_fx(root.mapping("fx", FX_KEYS))
    times = read_times(root, roles)
    policy = Policy(
        id=root.text("id", longest=40),
        version=root.text("version", longest=20),
        roles=roles,
        stages=_stages(root),
        rules=tuple(rule for item in root.items("rules", RULE_KEYS) if (rule := _rule(item))),
        fx=fx,
        programme=_programme(root, fx.to) if root.has("programme") else None,
        capability=read_capability(root, "capability") if root.has("capability") else None,
        calendar=times.calendar,
        usual_limit=times.usual,
        limits=times.limits,
        stand_ins=times.stand_ins,
    )
    _note_unknown_roles(root, policy)
    _note_double_ids(root, policy)
    root.raise_problems()
    return policy


def _stages(root: Fields) -> tuple[tuple[str, ...], ...]:
    value = root.data.get("stages")
    if not isinstance(value, list) or not all(isinstance(stage, list) for stage in value):
        root.note("wrong-type", "stages", "“stages” has to be a list of lists of roles.")
        return ()
    return tuple(tuple(map(str, stage)) for stage in value if isinstance(stage, list))


def _rule(item: Fields) -> Rule | None:
    """Return the rule that the item's keys make it, or None after noting that they make none."""
    rule_id = item.text("id", longest=60)
    if item.has("ladder"):
        return LadderRule(rule_id, item.texts("figures"), _steps(item), _binding(item))
    if item.has("allowed"):
        return _range(item, rule_id)
    if item.has("word"):
        return _word(item, rule_id)
    if item.has("order"):
        return OrderRule(rule_id, _words(item, "order", OrderSign), item.texts("roles"))
    if item.has("exception"):
        return WalkAwayRule(rule_id, _selector(item), item.texts("exception"))
    if item.has("clauses"):
        with_owner = item.flag("with_owner", default=False)
        return ClauseRule(rule_id, _selector(item), item.texts("roles"), with_owner)
    if item.flag("insurance", default=False):
        return InsuranceRule(rule_id, item.texts("roles"))
    if item.flag("capability", default=False):
        return CapabilityRule(rule_id, item.texts("roles"))
    if item.has("together"):
        return TogetherRule(rule_id, _together(item), item.texts("roles"))
    item.note(
        "no-kind",
        "id",
        f"The rule “{rule_id}” says none of ladder, allowed, word, order, clauses, "
        "insurance, capability and together.",
        "Give it one of them.",
    )
    return None


def _word(item: Fields, rule_id: str) -> WordRule:
    any_of, none_of = item.texts("any_of"), item.texts("none_of")
    if bool(any_of) == bool(none_of):
        item.note("one-list", "word", "A rule with “word” has one of “any_of” and “none_of”.")
    return WordRule(rule_id, item.text("word"), any_of, item.texts("roles"), none_of)


def _range(item: Fields, rule_id: str) -> RangeRule:
    allowed = item.mapping("allowed", ALLOWED_KEYS)
    figures = item.texts("figures")
    if len(figures) != 1:
        item.note("one-figure", "figures", "A rule with “allowed” tests exactly one figure.")
    low, high = Fraction(allowed.decimal("from")), Fraction(allowed.decimal("to"))
    if low > high:
        allowed.note("range-empty", "from", f"Nothing lies from {low} to {high}.")
    figure = figures[0] if figures else ""
    return RangeRule(rule_id, figure, low, high, item.texts("roles"), _binding(item))


def _steps(item: Fields) -> tuple[LadderStep, ...]:
    steps = tuple(_step(step) for step in item.items("ladder", STEP_KEYS))
    limits = [step.limit for step in steps]
    is_falling = bool(steps) and steps[0].falling
    if limits != sorted(set(limits), reverse=is_falling) or len({s.falling for s in steps}) > 1:
        item.note(
            "ladder-order",
            "ladder",
            "The steps of a ladder have to rise, or with “below” to fall, each limit once.",
        )
    return steps


def _together(item: Fields) -> tuple[tuple[str, Fraction], ...]:
    limits = tuple(
        (part.text("figure"), Fraction(part.decimal("above")))
        for part in item.items("together", TOGETHER_KEYS)
    )
    if len(limits) < 2:  # noqa: PLR2004 - one figure is a ladder
        item.note("one-figure", "together", "A rule with “together” tests two figures or more.")
    return limits


def _step(step: Fields) -> LadderStep:
    given = [key for key in ("above", "from", "below") if step.has(key)]
    if len(given) != 1:
        step.note("one-limit", "", "A step of a ladder has one of “above”, “from” and “below”.")
    key = given[0] if given else "above"
    limit = step.decimal(key)
    return LadderStep(Fraction(limit), key == "from", step.texts("roles"), key == "below")


def _binding(item: Fields) -> Binding:
    kind = item.word("binding", BindingKind, default=BindingKind.EXACT)
    band = item.decimal("band_pct", default=Decimal(0), low=0, high=100)
    if (kind is BindingKind.BAND) != (band > 0):
        item.note("band", "binding", "A band needs “band_pct”, and only a band has it.")
    return EXACT if kind is BindingKind.EXACT else Binding(kind, Fraction(band))


def _selector(item: Fields) -> Selector:
    part = item.mapping("clauses", SELECTOR_KEYS)
    return Selector(
        ranks=_words(part, "ranks", Rank),
        orders=tuple(_orders(part)),
        families=part.texts("families"),
        tags=part.texts("tags"),
        clauses=part.texts("clauses"),
        sign=part.word("sign", Sign) if part.has("sign") else None,
    )


def _words(part: Fields, key: str, words: type[_Word]) -> tuple[_Word, ...]:
    given = part.texts(key)
    known = [str(word) for word in words]
    for word in given:
        if word not in known:
            part.note("unknown-word", key, f"“{word}” is not one of {', '.join(known)}.")
    return tuple(words(word) for word in given if word in known)


def _orders(part: Fields) -> Iterator[int]:
    value = part.data.get("orders")
    for order in value if isinstance(value, list) else []:
        if isinstance(order, int) and not isinstance(order, bool):
            yield order
        else:
            part.note("wrong-type", "orders", "“orders” has to be a list of whole numbers.")


def _programme(root: Fields, currency: str) -> Programme:
    programme = root.mapping("programme", PROGRAMME_KEYS)
    return Programme(
        covers=tuple(_cover(item, currency) for item in programme.items("covers", COVER_KEYS)),
        expires_on=programme.day("expires_on") or date.min,
    )


def _cover(item: Fields, currency: str) -> Cover:
    """Return one cover in the policy's currency; without an aggregate, per claim stands for it."""
    is_statutory = item.flag("statutory", default=False)
    per_claim = None if is_statutory else _limit(item, "per_claim", currency)
    aggregate = _limit(item, "aggregate", currency) if item.has("aggregate") else per_claim
    return Cover(
        id=item.text("id", longest=40),
        coverages=item.texts("coverages"),
        per_claim=per_claim,
        aggregate=aggregate,
        over=item.text("over", default="", longest=40),
    )


def _limit(item: Fields, key: str, currency: str) -> Money:
    return Money(item.decimal(key, low=0, places=minor_units(currency)), currency)


def _note_unknown_roles(root: Fields, policy: Policy) -> None:
    for index, rule in enumerate(policy.rules):
        for role in roles_named_by(rule):
            _note_role(root, f"rules[{index}].roles", role, policy)
    for index, stage in enumerate(policy.stages):
        for role in stage:
            _note_role(root, f"stages[{index}]", role, policy)


def _note_role(root: Fields, path: str, role: str, policy: Policy) -> None:
    if role not in policy.roles:
        known = ", ".join(policy.roles)
        root.note("unknown-role", path, f"There is no role “{role}”.", f"Use one of {known}.")


def roles_named_by(rule: Rule) -> Sequence[str]:
    """Return every role that a rule can ask for."""
    match rule:
        case LadderRule(steps=steps):
            return [role for step in steps for role in step.roles]
        case WalkAwayRule(exception=roles):
            return roles
        case _:
            return rule.roles


def _note_double_ids(root: Fields, policy: Policy) -> None:
    seen: set[str] = set()
    for index, rule in enumerate(policy.rules):
        if rule.id in seen:
            root.note("duplicate-rule", f"rules[{index}].id", f"The rule “{rule.id}” stands twice.")
        seen.add(rule.id)
