"""Hypothesis strategies: those of ``recovery.testing.strategies``, under the names the tests use."""

from __future__ import annotations

from recovery.testing.strategies import (
    PERSONAL,
    UTTERED,
    adoptions,
    batches,
    cases,
    commands,
    contacts,
    contexts,
    histories,
    openings,
    pieces,
    policies,
    waits,
)

__all__ = [
    "PERSONAL",
    "UTTERED",
    "adoptions",
    "batches",
    "cases",
    "commands",
    "contacts",
    "contexts",
    "histories",
    "openings",
    "pieces",
    "policies",
    "waits",
]
