"""Case references that people can read out: short, without look-alike letters, with a check character."""

from __future__ import annotations

from attrs import frozen

__all__ = ["SPACE", "Identity", "is_reference", "normal_reference", "reference"]

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXY"
"""29 signs that nobody mistakes for each other; 29 is prime, so the check character finds every single slip and swap."""

LENGTH = 7
SPACE = len(LETTERS) ** LENGTH
"""How many references there are: 29 to the power of 7, about 17 thousand million."""


@frozen(kw_only=True)
class Identity:
    """The id and the reference of a case that a decision may open."""

    case_id: str
    reference: str


def reference(number: int) -> str:
    """Return the reference for a number below :data:`SPACE`, such as ``K7M3-9QTG``. Raises ``ValueError`` outside of it."""
    if not 0 <= number < SPACE:
        raise ValueError(f"{number} is not between 0 and {SPACE - 1}")
    signs: list[str] = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        signs.append(LETTERS[rest])
    text = "".join(signs)
    text += _check(text)
    return f"{text[:4]}-{text[4:]}"


def normal_reference(text: str) -> str:
    """Return ``text`` as references are compared: without case, hyphens and white space."""
    return "".join(sign for sign in text if sign.isalnum()).casefold()


def is_reference(text: str) -> bool:
    """Whether ``text`` could be one of our references: the check character fits."""
    plain = normal_reference(text).upper()
    if len(plain) != LENGTH + 1 or any(sign not in LETTERS for sign in plain):
        return False
    return _check(plain[:-1]) == plain[-1]


def _check(text: str) -> str:
    total = sum(weight * LETTERS.index(sign) for weight, sign in enumerate(text, start=2))
    return LETTERS[total % len(LETTERS)]
