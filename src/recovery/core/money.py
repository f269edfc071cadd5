"""Money: an exact amount and its currency. Written ``"49.50 EUR"`` in policies and plain data; never a float."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Self, cast

from attrs import field, frozen

from recovery.core.errors import InvalidValue, Reason
from recovery.core.values import Fault, Value, checked, invalid

__all__ = ["CURRENCIES", "Money"]

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_TWO_DECIMALS = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK "
    "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD "
    "KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
    "USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
CURRENCIES: dict[str, int] = {
    code: decimals for decimals, codes in enumerate((_NO_DECIMALS, "", _TWO_DECIMALS, _THREE_DECIMALS)) for code in codes.split()
}
"""How many decimals each currency has (ISO 4217, the currencies in circulation in 2025)."""

_EXACT = Context(prec=60)
"""The host's own settings for decimals must not change what a customer gets."""

_MOST = Decimal(10) ** 15
_TEXT = re.compile(r"\s*(\d+(?:\.\d+)?)\s+([A-Z]{3})\s*", re.ASCII)


def _decimal(given: object) -> Decimal:
    """Take what holds an amount exactly: a whole number or its text; anything else is left for the field's check."""
    if isinstance(given, int) and not isinstance(given, bool):
        return Decimal(given)
    if isinstance(given, str) and re.fullmatch(r"-?\d+(\.\d+)?", given.strip(), re.ASCII):
        return Decimal(given.strip())
    return cast(Decimal, given)


def _is_amount(value: object) -> Fault | None:
    if isinstance(value, float):
        return "is a float, which cannot hold cents", "Write it as text: Money.parse('49.50 EUR')."
    if not isinstance(value, Decimal) or not value.is_finite():
        return "is no amount", "Give a Decimal, a whole number, or text such as '49.50'."
    if value < 0:
        return "is negative", "Give what the customer gets, as a positive amount."
    return None if value < _MOST else ("is beyond all measure", "Give less than 10 to the power of 15.")


def _is_currency(value: object) -> Fault | None:
    if isinstance(value, str) and value in CURRENCIES:
        return None
    return f"{value!r} is no currency", "Give the three letters of ISO 4217, such as 'EUR'."


@frozen(kw_only=True)
class Money(Value):
    """An exact amount in one currency (ISO 4217): ``Money.parse("49.50 EUR")``, or ``Money(amount="49.50", currency="EUR")``.

    Amounts of different currencies are never compared and never added. Raises :class:`InvalidValue` for a float, a negative
    amount, more decimals than the currency has, or letters that are no currency.
    """

    amount: Decimal = field(converter=_decimal, metadata=checked(_is_amount))
    currency: str = field(metadata=checked(_is_currency))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``"49.50 EUR"``. Raises :class:`InvalidValue` for anything else."""
        found = _TEXT.fullmatch(text) if isinstance(cast(object, text), str) else None
        if found is None:
            told = invalid("money", f"{text!r} is no amount of money", "Write an amount and a currency: '49.50 EUR'.")
            raise InvalidValue("Money", [told])
        return cls(amount=found[1], currency=found[2])

    def faults(self) -> list[Reason]:
        """Nobody can pay a tenth of a cent."""
        decimals = CURRENCIES[self.currency]
        if _EXACT.quantize(self.amount, Decimal(1).scaleb(-decimals)) == self.amount:
            return []
        return [invalid("amount", f"has more than the {decimals} decimals of {self.currency}", "Round it as you mean it.")]

    def __str__(self) -> str:
        return f"{_EXACT.quantize(self.amount, Decimal(1).scaleb(-CURRENCIES[self.currency])):f} {self.currency}"

    def plus(self, other: Money | None) -> Money:
        """Return the sum; ``None`` adds nothing. Raises :class:`InvalidValue` for another currency."""
        if other is None:
            return self
        self._like(other)
        return Money(amount=_EXACT.add(self.amount, other.amount), currency=self.currency)

    def above(self, other: Money) -> bool:
        """Whether this is more than ``other``. Raises :class:`InvalidValue` for another currency."""
        self._like(other)
        return self.amount > other.amount

    def _like(self, other: Money) -> None:
        if other.currency != self.currency:
            told = invalid("currency", f"differs: {self.currency} and {other.currency}", "Give both in one currency.")
            raise InvalidValue("Money", [told])
