"""Lint of SLA terms: promises that contradict each other, or that can't be kept or measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from dealdesk.kernel.errors import Place, Problem
from dealdesk.sla.availability_terms import Credits
from dealdesk.sla.model import Severity, SlaTerms, Target
from dealdesk.terms.budget import downtime_budget
from dealdesk.terms.clock import BusinessDays, Elapsed
from dealdesk.terms.opening import open_length, opening_of
from dealdesk.terms.uptime import MaintenanceBasis

ERROR, WARNING = "error", "warning"
_MONTH = 30 * 86_400
_MINUTE = 60
_HUNDRED = 100
_SEV1_LIMIT = 3 * 3_600


@dataclass(frozen=True, slots=True)
class TermsRule:
    """One rule: what holds, what to do where it doesn't, and the check: a path and a sentence."""

    id: str
    level: str
    explanation: str
    remedy: str
    check: Callable[[SlaTerms], Iterator[tuple[str, str]]]


def lint_terms(terms: SlaTerms) -> tuple[tuple[TermsRule, Problem], ...]:
    """Return every finding with its rule, errors first."""
    findings = [
        (rule, Problem(rule.id, message, Place(path=path), rule.remedy))
        for rule in RULES
        for path, message in rule.check(terms)
    ]
    return tuple(sorted(findings, key=lambda finding: finding[0].level != ERROR))


def _tiers(credits_: Credits | None) -> Iterator[tuple[str, str]]:
    for index, (higher, lower) in enumerate(pairwise(credits_.tiers if credits_ else ()), 1):
        path = f"/credits/tiers/{index}"
        if lower.below >= higher.below:
            yield path, f"The threshold {lower.below} % does not lie below {higher.below} %."
        if lower.credit < higher.credit:
            yield path, f"A longer outage earns less: {lower.credit} % after {higher.credit} %."


def _tier_order(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    yield from _tiers(terms.credits)


def _tier_gap(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    if terms.credits and terms.availability:
        top = terms.credits.tiers[0].below
        if top != terms.availability.objective:
            yield (
                "/credits/tiers/0",
                (
                    f"Credits start below {top} %, but the objective is "
                    f"{terms.availability.objective} %: a miss between them earns nothing."
                ),
            )


def _over_cap(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    if terms.credits and terms.credits.cap_percent is not None:
        for index, tier in enumerate(terms.credits.tiers):
            if tier.credit > terms.credits.cap_percent:
                yield (
                    f"/credits/tiers/{index}",
                    (
                        f"The credit of {tier.credit} % can't be paid under the cap of "
                        f"{terms.credits.cap_percent} %."
                    ),
                )


def seconds_at_most(target: Target, terms: SlaTerms) -> int:
    """Return a target's time in comparable seconds: open seconds count as what they are."""
    match target.amount:
        case BusinessDays(days=days):
            calendar = terms.calendars[target.calendar]
            length = 86_400 if calendar.always_open else open_length(opening_of(calendar))
            return days * length
        case amount:
            return amount.seconds


def _ordered(terms: SlaTerms) -> list[Severity]:
    return sorted(terms.severities, key=lambda severity: severity.rank)


def _severity_order(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    for metric in sorted({target.metric for target in terms.targets}):
        promised = [(s, terms.target(s.id, metric)) for s in _ordered(terms)]
        known = [(s, t) for s, t in promised if t is not None]
        for (heavy, first), (light, second) in pairwise(known):
            if seconds_at_most(first, terms) > seconds_at_most(second, terms):
                yield (
                    "/targets",
                    f"{heavy.id} is answered later than {light.id} ({metric.replace('_', ' ')}).",
                )


def _update_before_response(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    for severity in terms.severities:
        answer, fix = terms.target(severity.id), terms.target(severity.id, "resolution")
        if answer and fix and seconds_at_most(fix, terms) < seconds_at_most(answer, terms):
            yield "/targets", f"{severity.id} would be resolved before it is answered."


def _no_emergency_channel(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    for target in terms.targets:
        if target.metric != "first_response" or not terms.calendars[target.calendar].always_open:
            continue
        reached = [
            channel
            for channel in terms.channels
            if target.severity in channel.severities
            and (c := terms.calendars.get(channel.calendar)) is not None
            and c.always_open
        ]
        if not reached:
            yield (
                "/channels",
                f"{target.severity} is answered day and night, but no channel for it is open then.",
            )


def _sev1_slow(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    first = _ordered(terms)[:1]
    for severity in first:
        target = terms.target(severity.id)
        if target and not (
            isinstance(target.amount, Elapsed) and target.amount.seconds < _SEV1_LIMIT
        ):
            yield "/targets", f"{severity.id} is not answered within three hours at any time."


def _security(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    first = _ordered(terms)[:1]
    if first and "security_vulnerability" not in first[0].includes:
        yield "/severities/0", f"Security reports are not raised to {first[0].id}."


def _unreachable(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    availability = terms.availability
    if availability is None or availability.maintenance.cap_seconds_per_month is None:
        return
    budget = downtime_budget(availability.objective, _MONTH)
    counted = availability.maintenance.basis is MaintenanceBasis.COUNTS_AS_DOWNTIME
    works = availability.maintenance.cap_seconds_per_month
    if counted and works > budget:
        yield (
            "/availability",
            (
                f"{availability.objective} % allows {int(budget)} seconds a month, but "
                f"{works} seconds of maintenance count as downtime."
            ),
        )


def _too_fine(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    if terms.availability and downtime_budget(terms.availability.objective, _MONTH) < _MINUTE:
        yield (
            "/availability/objective_percent",
            (
                f"{terms.availability.objective} % allows less than a minute a month, which "
                "samples of one minute can't measure."
            ),
        )


def _objective_bounds(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    if terms.availability and not Decimal(0) < terms.availability.objective < _HUNDRED:
        yield (
            "/availability/objective_percent",
            f"{terms.availability.objective} % can't be an objective.",
        )


def _no_response(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    for severity in terms.severities:
        if terms.target(severity.id) is None:
            yield "/targets", f"{severity.id} has no response time."


def _holidays_end(terms: SlaTerms) -> Iterator[tuple[str, str]]:
    for calendar in terms.calendars.values():
        last = max((closed.on for closed in calendar.closed), default=None)
        if last is not None and last.year < terms.effective_until.year:
            yield (
                "/calendars",
                (
                    f"The closed dates of {calendar.id} end in {last.year}, the agreement in "
                    f"{terms.effective_until.year}."
                ),
            )


RULES = tuple(
    TermsRule(id_, level, explanation, remedy, check)
    for id_, level, explanation, remedy, check in (
        ("tier-gap", ERROR, "Credits start where the objective ends.", "Start the first tier at the objective.", _tier_gap),
        ("tier-order", ERROR, "Thresholds fall and credits rise.", "Order the tiers from the highest threshold down.", _tier_order),
        ("credit-over-cap", ERROR, "No credit is larger than the cap.", "Raise the cap, or lower the credit.", _over_cap),
        ("severity-order", ERROR, "A heavier severity is never slower.", "Correct the times.", _severity_order),
        ("resolved-unanswered", ERROR, "Answers come first.", "Correct the times.", _update_before_response),
        ("no-emergency-channel", ERROR, "Who answers at night can be reached then.", "Add an emergency line, or answer within support hours.", _no_emergency_channel),
        ("uptime-unreachable", ERROR, "Maintenance leaves room for the objective.", "Exclude maintenance, or promise less.", _unreachable),
        ("objective-bounds", ERROR, "An objective lies between 0 and 100.", "Give the objective in percent, such as 99.9.", _objective_bounds),
        ("response-absent", ERROR, "Each severity has a response time.", "Add the time.", _no_response),
        ("sev1-slow", WARNING, "Sev1 is answered under three hours, always.", "Shorten the time, or count it day and night.", _sev1_slow),
        ("security-not-raised", WARNING, "Security reports are Sev1.", "Let the heaviest severity include security reports.", _security),
        ("objective-too-fine", WARNING, "What is promised can be measured.", "Promise less, or sample more often.", _too_fine),
        ("holidays-end", WARNING, "Closed dates are frozen for the whole term.", "Add the closed dates of the missing years.", _holidays_end),
    )
)  # fmt: skip  # a table of rules, one a line
