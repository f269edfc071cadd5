"""Taking responsibility: why it happened, which unit answers for it, and reaching out first when a fault affects many people."""

from __future__ import annotations

from recovery.core.vocabulary.responsibility.causes import (
    AccountableRecorded,
    Cause,
    CauseKind,
    CauseRecorded,
    CauseSought,
    RecordAccountable,
    RecordCause,
    ResponsibilityPart,
)

__all__ = [
    "AccountableRecorded",
    "Cause",
    "CauseKind",
    "CauseRecorded",
    "CauseSought",
    "RecordAccountable",
    "RecordCause",
    "ResponsibilityPart",
]
