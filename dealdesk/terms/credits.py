"""Service credits by tier: exact, rounded once to the currency's minor unit, capped."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from dealdesk.terms.money import Money, minor_units


@dataclass(frozen=True, slots=True)
class CreditTier:
    """A credit of a share of the fee where availability is below a threshold, both in percent."""

    below: Decimal
    credit: Decimal


def tier_of(percent: Fraction, tiers: Sequence[CreditTier]) -> CreditTier | None:
    """Return the tier of the lowest threshold that availability stays below, or None.

    Tiers are thresholds only, so no value can fall between two of them.
    """
    reached = [tier for tier in tiers if percent < Fraction(tier.below)]
    return min(reached, key=lambda tier: tier.below, default=None)


def credit_of(fee: Money, tier: CreditTier | None, cap_percent: Decimal | None = None) -> Money:
    """Return the credit on a fee, rounded half up to the minor unit; the cap is a share of it."""
    share = Fraction(tier.credit) if tier else Fraction(0)
    if cap_percent is not None:
        share = min(share, Fraction(cap_percent))
    return rounded(Fraction(fee.amount) * share / 100, fee.currency)


def rounded(amount: Fraction, currency: str) -> Money:
    """Return an exact amount as money, rounded half up."""
    step = Decimal(1).scaleb(-minor_units(currency))
    scaled = amount / Fraction(step)
    whole = Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))
    return Money((whole * step).quantize(step, rounding=ROUND_HALF_UP), currency)
