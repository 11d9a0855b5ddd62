"""Money: an exact amount in one currency, rounded to that currency's minor unit."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dealdesk.kernel.errors import DomainError

# ISO 4217, "minor unit" column; currencies that are not listed here have two digits.
_MINOR_UNITS = {
    "BHD": 3, "CLP": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3,
    "LYD": 3, "OMR": 3, "PYG": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0,
}  # fmt: skip
CURRENCIES = frozenset(
    {
        *[
            "AED",
            "AUD",
            "BRL",
            "CAD",
            "CHF",
            "CNY",
            "CZK",
            "DKK",
            "EUR",
            "GBP",
            "HKD",
            "HUF",
            "IDR",
            "ILS",
            "INR",
            "MXN",
            "MYR",
            "NOK",
            "NZD",
        ],
        *["PHP", "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "ZAR"],
        *_MINOR_UNITS,
    }
)


class MoneyError(DomainError):
    """An amount that its currency can't hold, or two currencies in one sum."""


def minor_units(currency: str) -> int:
    """Return how many decimals the currency has (ISO 4217: JPY 0, USD 2, KWD 3)."""
    if currency not in CURRENCIES:
        raise MoneyError.of(
            "unknown-currency",
            f"{currency!r} is not a currency that we know.",
            remedy="Use an ISO 4217 code such as USD, EUR or JPY.",
        )
    return _MINOR_UNITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in a currency; intermediate amounts may carry more decimals than print."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        minor_units(self.currency)
        if not self.amount.is_finite():
            raise MoneyError.of("not-a-number", f"{self.amount} is not an amount of money.")

    def rounded(self, rounding: str = ROUND_HALF_UP) -> "Money":
        """Return the amount rounded to the currency's minor unit."""
        step = Decimal(1).scaleb(-minor_units(self.currency))
        return Money(self.amount.quantize(step, rounding=rounding), self.currency)

    def has_printable_decimals(self) -> bool:
        """Tell whether the amount has no more decimals than the currency's minor unit."""
        return self.rounded().amount == self.amount

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise MoneyError.of(
                "mixed-currencies",
                f"{self.currency} and {other.currency} can't be added or compared.",
                remedy="Convert one of them with a dated rate first.",
            )
        return other.amount
