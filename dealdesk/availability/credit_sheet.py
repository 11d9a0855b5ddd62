"""The credit of a period, line by line: tiers by part, responses, caps; exact, rounded once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dealdesk.availability.measuring import Part
from dealdesk.availability.responses import Compliance
from dealdesk.kernel.errors import DomainError
from dealdesk.sla.availability_terms import Credits, ResponseCredits
from dealdesk.terms.credits import rounded, tier_of
from dealdesk.terms.money import Money
from dealdesk.terms.periods import MONTHS

_MONTHS_A_YEAR = 12
# A fee whose credits are shares in percent, for those who ask without one.
HUNDRED = Money(Decimal(100), "USD")


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One line: what it is for, and its exact amount; caps are negative."""

    reason: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class CreditSheet:
    """The credit with the lines that add up to it, and the fee that they are shares of."""

    fee: Money
    lines: tuple[CreditLine, ...]

    @property
    def exact(self) -> Fraction:
        """The sum of the lines, unrounded."""
        return sum((line.amount for line in self.lines), Fraction(0))

    @property
    def due(self) -> Money:
        """The credit, rounded half up to the currency's minor unit."""
        return rounded(self.exact, self.fee.currency)


def credit_sheet(
    parts: Sequence[Part],
    fee: Money | None,
    compliance: Compliance | None,
    earlier: Sequence[Sequence[Part]] = (),
) -> CreditSheet | None:
    """Return the credit on a period's fee, or None where there is no fee or no credit is agreed.

    A part earns its tier of its share of the fee. `earlier` are the periods of the same contract
    year, whose credits use up a yearly cap; they are taken to have had the same fee.
    """
    credits_ = parts[-1].in_force.terms.credits
    if fee is None or credits_ is None:
        return None
    if fee.amount < 0:
        raise DomainError.of(
            "negative-fee", f"A fee of {fee.amount} {fee.currency} can't be.", remedy="Check it."
        )
    amount = Fraction(fee.amount)
    lines = _capped(
        credits_, amount, [*_tiers(parts, amount), *_responses(credits_, amount, compliance)]
    )
    if credits_.cap_per_year_percent is not None:
        used = sum(
            (
                line.amount
                for before in earlier
                for line in _capped(credits_, amount, _tiers(before, amount))
            ),
            Fraction(0),
        )
        periods = _MONTHS_A_YEAR // min(MONTHS[parts[-1].in_force.availability.period], 12)
        cap = Fraction(credits_.cap_per_year_percent) / 100 * amount * periods
        over = sum((line.amount for line in lines), Fraction(0)) - max(Fraction(0), cap - used)
        if over > 0:
            words = f"at most {credits_.cap_per_year_percent} % of the fees of a contract year"
            lines.append(CreditLine(words, -over))
    return CreditSheet(fee, tuple(lines))


def _tiers(parts: Sequence[Part], fee: Fraction) -> list[CreditLine]:
    seconds = sum(part.in_force.span.seconds for part in parts)
    lines = []
    for part in parts:
        if part.tier is None:
            continue
        share = Fraction(part.in_force.span.seconds, seconds)
        words = f"availability below {part.tier.below} %: {part.tier.credit} % of the fee"
        if len(parts) > 1:
            words += f" for revision {part.in_force.terms.revision} ({share} of the period)"
        lines.append(CreditLine(words, fee * share * Fraction(part.tier.credit) / 100))
    return lines


def _responses(credits_: Credits, fee: Fraction, compliance: Compliance | None) -> list[CreditLine]:
    agreed = credits_.response
    if agreed is None or compliance is None or compliance.is_met:
        return []
    percent, words = response_percent(agreed, compliance)
    return [CreditLine(words, fee * percent / 100)] if percent else []


def response_percent(agreed: ResponseCredits, compliance: Compliance) -> tuple[Fraction, str]:
    """Return the credit for late responses in percent of the fee, and what it is for."""
    if agreed.per_miss_percent is not None:
        late = len(compliance.missed)
        words = f"{late} responses late: {agreed.per_miss_percent} % of the fee each"
        return late * Fraction(agreed.per_miss_percent), words
    tier = tier_of(compliance.percent, agreed.tiers)
    if tier is None:
        return Fraction(0), ""
    words = f"responses in time below {tier.below} %: {tier.credit} % of the fee"
    return Fraction(tier.credit), words


def _capped(credits_: Credits, fee: Fraction, lines: list[CreditLine]) -> list[CreditLine]:
    if credits_.cap_percent is None:
        return lines
    over = (
        sum((line.amount for line in lines), Fraction(0))
        - fee * Fraction(credits_.cap_percent) / 100
    )
    if over > 0:
        words = f"at most {credits_.cap_percent} % of the fee of the period"
        return [*lines, CreditLine(words, -over)]
    return lines
