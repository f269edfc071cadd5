"""Where the English rules are from, and the advice that many of them share."""

from __future__ import annotations

__all__ = ["ASK", "OWN", "TAKE_IT_ON"]

OWN = "O: tyre recall letters that blamed nobody; a late line where everybody else was blamed"
ASK = "D: put it as what we can do"
TAKE_IT_ON = "Say what happened to the customer, that you are sorry, and what you do by when; leave out who did it."
