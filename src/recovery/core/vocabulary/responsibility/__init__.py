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
from recovery.core.vocabulary.responsibility.incidents import (
    Affected,
    AffectedCaseOpened,
    AffectedNamedAgain,
    Incident,
    IncidentJoined,
    JoinIncident,
    NameAgain,
    OpenAffected,
)

__all__ = [
    "AccountableRecorded",
    "Affected",
    "AffectedCaseOpened",
    "AffectedNamedAgain",
    "Cause",
    "CauseKind",
    "CauseRecorded",
    "CauseSought",
    "Incident",
    "IncidentJoined",
    "JoinIncident",
    "NameAgain",
    "OpenAffected",
    "RecordAccountable",
    "RecordCause",
    "ResponsibilityPart",
]
