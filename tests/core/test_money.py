"""Money: exact, in one currency, never a float."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.codec import command_from_dict, to_dict
from recovery.core.errors import InvalidValue
from recovery.core.money import CURRENCIES, Money
from recovery.core.vocabulary.proposing import Option, RequestException


@pytest.mark.parametrize(
    ("amount", "currency", "field"),
    [
        (49.5, "EUR", "amount"),
        (True, "EUR", "amount"),
        ("a lot", "EUR", "amount"),
        (Decimal("NaN"), "EUR", "amount"),
        (Decimal("Infinity"), "EUR", "amount"),
        ("-1", "EUR", "amount"),
        (10**15, "EUR", "amount"),
        ("1.005", "EUR", "amount"),
        ("1.5", "JPY", "amount"),
        ("1", "euro", "currency"),
        ("1", "XXX", "currency"),
        ("1", None, "currency"),
    ],
)
def test_what_is_no_money_is_refused(amount: object, currency: object, field: str) -> None:
    """A float, a negative amount, a tenth of a cent, or letters that are no currency: each is named with its field."""
    with pytest.raises(InvalidValue) as caught:
        Money(amount=amount, currency=currency)  # type: ignore[arg-type]
    (reason,) = caught.value.reasons
    assert (reason.rule, reason.field, bool(reason.hint)) == ("input.value", field, True)


@pytest.mark.parametrize("text", ["49,50 EUR", "EUR 49.50", "49.50", "49.50EUR", "", "1e3 EUR", "-5 EUR", "٣ EUR"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    """An amount is written in one way, so that nobody takes a comma for a point."""
    with pytest.raises(InvalidValue):
        Money.parse(text)


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(0, 10**14))
def test_what_is_written_is_read_back(currency: str, units: int) -> None:
    """The text of an amount is the amount, with as many decimals as its currency has, whatever the host's settings are."""
    money = Money(amount=Decimal(units).scaleb(-CURRENCIES[currency]), currency=currency)
    with localcontext() as settings:
        settings.prec = 3
        assert Money.parse(str(money)) == money
    assert str(money).count(".") == (CURRENCIES[currency] > 0)


def test_equal_amounts_are_equal() -> None:
    """However it is written, an amount is the same value, and is told in the same words."""
    one, other = Money.parse("80 EUR"), Money(amount=Decimal("80.00"), currency="EUR")
    assert (one, hash(one), str(one)) == (other, hash(other), "80.00 EUR")


def test_currencies_are_never_mixed() -> None:
    """Sums and comparisons across currencies are refused, naming both."""
    euro, dollar = Money.parse("1 EUR"), Money.parse("1 USD")
    for mixed in (lambda: euro.plus(dollar), lambda: euro.above(dollar)):
        with pytest.raises(InvalidValue, match="EUR and USD"):
            mixed()
    assert str(euro.plus(Money.parse("0.10 EUR"))) == "1.10 EUR"
    assert euro.plus(None) is euro


def test_an_option_counts_in_one_currency() -> None:
    """A value in one currency with goodwill in another cannot be held against anything."""
    with pytest.raises(InvalidValue) as caught:
        Option(id="a", text="A.", value=Money.parse("1 EUR"), goodwill=Money.parse("1 USD"))
    assert [reason.field for reason in caught.value.reasons] == ["goodwill"]
    assert Option(id="a", text="A.").worth is None
    assert Option(id="a", text="A.", goodwill=Money.parse("1 EUR")).worth == Money.parse("1 EUR")


def test_money_is_plain_data_as_people_write_it() -> None:
    """In JSON an amount is its text; what is none is named by its path."""
    asked = RequestException(by="ana", remedy="refund", reason="twice", value=Money.parse("120 EUR"))
    data = to_dict(asked)
    assert data["value"] == "120.00 EUR"
    assert command_from_dict(data) == asked
    for wrong in (120, "120", {"amount": "120", "currency": "EUR"}):
        with pytest.raises(InvalidValue) as caught:
            command_from_dict({**data, "value": wrong})
        assert caught.value.reasons[0].field in ("value", "value.money")
