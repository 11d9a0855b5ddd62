"""Exact fractions to money: the one place where a price is rounded."""

from decimal import Decimal
from fractions import Fraction

from dealdesk.terms.money import Money, minor_units


def money_of(amount: Fraction | int, currency: str) -> Money:
    """Return the amount rounded half up (away from zero at a tie) to the minor unit."""
    places = minor_units(currency)
    scaled = abs(Fraction(amount)) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Money(Decimal(units if amount >= 0 else -units).scaleb(-places), currency)


def total(amounts: "list[Money] | tuple[Money, ...]", currency: str) -> Money:
    """Return the sum, with the currency's decimals even when there is nothing to add."""
    return sum(amounts, money_of(0, currency))


def decimal_of(value: Fraction, places: int) -> Decimal:
    """Return a fraction rounded half up to so many decimals, for display only."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units if value >= 0 else -units).scaleb(-places)
