"""Hypothesis strategies: contacts, commands that fit a case or do not, cases, policies, whole histories (extra ``testing``).

Whatever a person could have written carries :data:`PERSONAL`, so that a test can look for it where it must not be. Importing this
without Hypothesis raises :class:`~recovery.MissingExtra`.
"""

from __future__ import annotations

from recovery.core.errors import MissingExtra

try:
    import hypothesis as hypothesis
except ImportError:  # pragma: no cover  (the tests run with it)
    raise MissingExtra("hypothesis", "testing") from None

from recovery.testing.strategies.cases import cases, givens, histories, policies
from recovery.testing.strategies.commands import batches, commands, contexts
from recovery.testing.strategies.pieces import pieces
from recovery.testing.strategies.words import PERSONAL, UTTERED, adoptions, contacts, customers, openings, waits

__all__ = [
    "PERSONAL",
    "UTTERED",
    "adoptions",
    "batches",
    "cases",
    "commands",
    "contacts",
    "contexts",
    "customers",
    "givens",
    "histories",
    "openings",
    "pieces",
    "policies",
    "waits",
]
