"""How much downtime an objective allows: exact fractions of a second."""

from decimal import Decimal
from fractions import Fraction

_HUNDRED = 100


def downtime_budget(objective_percent: Decimal, period_seconds: int) -> Fraction:
    """Return the seconds of downtime that an objective allows in a period, exactly."""
    return (_HUNDRED - Fraction(objective_percent)) / _HUNDRED * period_seconds
