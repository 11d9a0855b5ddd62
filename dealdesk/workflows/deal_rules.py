"""Rules on a deal's clauses together: one against another, a fact, or our insurance."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from dealdesk.agreements.model import Choice, Version
from dealdesk.approvals.policy import Policy
from dealdesk.clauses.lint.template_reading import printed_variables
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.deals.figures import price_order
from dealdesk.kernel.errors import Place, Problem
from dealdesk.sla.lint import ERROR, WARNING
from dealdesk.terms.formatting import format_duration, format_money
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.money import Money
from dealdesk.terms.values import Duration, Multiple, Unit, Value

_EN = LOCALES["en"]
# What these variables are called, in whichever clause they stand.
BREACH_NOTICE = "breach_hours"
SUPERCAP_MONEY = ("supercap", "floor")
SUPERCAP_MULTIPLE = "super"
PHI_TERMS = frozenset({"business-associate", "baa"})
INSURED_COVERAGES = frozenset({"eo", "cyber"})
_DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 30}
_MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class DealSubject:
    """A version with the library and the policy that it is held against, if there is one."""

    version: Version
    library: Library
    policy: Policy | None

    def chosen(self) -> Iterator[tuple[Choice, Clause, Position]]:
        """Yield each choice with its clause and position."""
        for choice in self.version.inputs.choices:
            clause = self.library.clauses[choice.clause_id]
            position = clause.position(choice.position)
            if position is not None:
                yield choice, clause, position

    def stated(self, name: str) -> Iterator[tuple[Choice, Value]]:
        """Yield the values called `name` that the chosen positions print."""
        for choice, _, position in self.chosen():
            printed = {variable for owner, variable, _ in printed_variables(position) if not owner}
            if name in printed and name in choice.values:
                yield choice, choice.values[name]


Check = Callable[[DealSubject], Iterator[tuple[str, str]]]


def _breach_hours(subject: DealSubject) -> Iterator[tuple[str, str]]:
    found = [(c, v) for c, v in subject.stated(BREACH_NOTICE) if isinstance(v, Duration)]
    if len({(value.amount, value.unit) for _, value in found}) > 1:
        words = ", ".join(f"{c.instance_id} says {format_duration(v, _EN)}" for c, v in found)
        yield found[0][0].instance_id, f"Notice of a breach differs: {words}."


def _supercap(subject: DealSubject) -> Iterator[tuple[str, str]]:
    insured = _insured(subject.policy)
    if insured is None:
        return
    for choice, amount in _supercaps(subject):
        if amount.currency == insured.currency and insured < amount:
            yield (
                choice.instance_id,
                (
                    f"The higher cap is {format_money(amount, _EN)}; the insurance placed for it "
                    f"is {format_money(insured, _EN)}."
                ),
            )


def _supercaps(subject: DealSubject) -> Iterator[tuple[Choice, Money]]:
    for name in SUPERCAP_MONEY:
        for choice, value in subject.stated(name):
            if isinstance(value, Money):
                yield choice, value
    years = price_order(subject.version.inputs.order).main.yearly
    for choice, value in subject.stated(SUPERCAP_MULTIPLE):
        if isinstance(value, Multiple) and years:
            yield choice, (max(years, key=lambda y: y.amount) * value.number).rounded()


def _insured(policy: Policy | None) -> Money | None:
    """Return the largest limit placed for what a higher cap covers: errors, omissions, cyber."""
    covers = policy.programme.covers if policy and policy.programme else ()
    limits = [
        cover.per_claim
        for cover in covers
        if cover.per_claim is not None and INSURED_COVERAGES & set(cover.coverages)
    ]
    return max(limits, key=lambda money: money.amount, default=None)


def _phi(subject: DealSubject) -> Iterator[tuple[str, str]]:
    if subject.version.inputs.facts.get("phi") is not True:
        return
    for choice, clause, _ in subject.chosen():
        if clause.id == "prohibited-data":
            yield (
                choice.instance_id,
                "Health data is part of this deal, but a clause prohibits it in the service.",
            )


def _phi_terms(subject: DealSubject) -> Iterator[tuple[str, str]]:
    """Yield health data whose terms the agreement has a place for, but not in this deal."""
    if subject.version.inputs.facts.get("phi") is not True:
        return
    chosen = {choice.clause_id for choice in subject.version.inputs.choices}
    template = subject.library.agreements[subject.version.inputs.agreement]
    slots = {slot.clause for part in template.parts for slot in part.slots}
    for clause in sorted(slots & PHI_TERMS - chosen):
        text = "Health data is part of this deal, but the terms for it are left out."
        yield clause, text


def _requires(subject: DealSubject) -> Iterator[tuple[str, str]]:
    chosen = {choice.clause_id for choice in subject.version.inputs.choices}
    for choice, clause, _ in subject.chosen():
        for other in sorted(set(clause.requires) - chosen):
            yield choice.instance_id, f"{clause.id} requires {other}, which is left out."


def _excludes(subject: DealSubject) -> Iterator[tuple[str, str]]:
    chosen = {choice.clause_id for choice in subject.version.inputs.choices}
    for choice, clause, _ in subject.chosen():
        for other in sorted(set(clause.excludes) & chosen):
            yield choice.instance_id, f"{clause.id} excludes {other}, and both stand."


def _notice(subject: DealSubject) -> Iterator[tuple[str, str]]:
    order = subject.version.inputs.order
    term_days = (order.term.end - order.term.start).days + 1
    for choice, value in subject.stated("notice"):
        is_renewal = subject.library.clauses[choice.clause_id].family == "renewal"
        if is_renewal and isinstance(value, Duration):
            days = Decimal(value.amount) * _DAYS.get(value.unit, _MONTH_DAYS)
            if days >= term_days:
                yield (
                    choice.instance_id,
                    (
                        f"Notice of {format_duration(value, _EN)} is as long as the term of "
                        f"{term_days} days."
                    ),
                )


@dataclass(frozen=True, slots=True)
class DealRule:
    """A rule over a deal's clauses together; `check` yields an instance id and a sentence.

    `failing` and `passing` are parts of a deal file, or of a library's, held by tests.
    """

    id: str
    level: str
    explanation: str
    remedy: str
    check: Check
    failing: str
    passing: str


_BREACH = (
    "clauses:\n  data-protection:\n    values:\n      breach_hours: 72 hours\n"
    "  security-exhibit:\n    values:\n      breach_hours: {}\n"
)
_SUPERCAP = (
    "clauses:\n  liability:\n    position: fallback-2\n    values:\n      supercap: {} USD\n"
)
_PHI = "facts:\n  phi: true\nclauses:\n  {}: {{}}\n"
_NOTICE = "clauses:\n  renewal:\n    values:\n      notice: {}\n"
_AUDIT = "clauses/audit/audit/clause.yaml\n{}\nclauses:\n  audit: {{}}\n"
DEAL_RULES = (
    DealRule(
        "breach-hours-differ",
        ERROR,
        "One breach has one time for its notice, wherever it is promised.",
        "Give the clauses the same time.",
        _breach_hours,
        _BREACH.format("24 hours"),
        _BREACH.format("72 hours"),
    ),
    DealRule(
        "supercap-over-insured",
        WARNING,
        "A higher cap above the insured limit is paid from own funds.",
        "Lower the cap, or raise the cover.",
        _supercap,
        _SUPERCAP.format("6000000"),
        _SUPERCAP.format("2000000"),
    ),
    DealRule(
        "prohibited-data-vs-phi",
        ERROR,
        "Health data can't be forbidden and processed under one contract.",
        "Leave the prohibition out for health data.",
        _phi,
        _PHI.format("prohibited-data"),
        _PHI.format("data-protection"),
    ),
    DealRule(
        "notice-over-term",
        ERROR,
        "Notice against a renewal has to be possible within the term.",
        "Shorten the notice, or lengthen the term.",
        _notice,
        _NOTICE.format("1200 days"),
        _NOTICE.format("60 days"),
    ),
    DealRule(
        "phi-without-terms",
        ERROR,
        "Health data needs the terms that the law asks for.",
        "Choose the clause on health data, or say that none is part of the deal.",
        _phi_terms,
        _PHI.format("data-protection"),
        _PHI.format("baa"),
    ),
    DealRule(
        "requires-left-out",
        ERROR,
        "What a clause requires stands beside it.",
        "Choose the clause that is required.",
        _requires,
        _AUDIT.format("requires: [publicity]"),
        _AUDIT.format("requires: [liability]"),
    ),
    DealRule(
        "excludes-together",
        ERROR,
        "Clauses that exclude each other don't stand together.",
        "Leave one of them out.",
        _excludes,
        _AUDIT.format("excludes: [liability]"),
        _AUDIT.format("excludes: [publicity]"),
    ),
)


def cross_clause_findings(subject: DealSubject) -> Iterator[tuple[str, Problem]]:
    """Yield each finding's level and problem; the problem's code is the rule's id."""
    for rule in DEAL_RULES:
        for instance, message in rule.check(subject):
            yield rule.level, Problem(rule.id, message, Place(path=instance), rule.remedy)
