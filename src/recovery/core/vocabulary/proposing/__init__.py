"""Proposing: the customer's wish, options and what they are worth, exceptions, a proposal or a no, and hearing a decline."""

from recovery.core.vocabulary.proposing.commands import (
    DenyException,
    GrantException,
    Investigate,
    Propose,
    RecordDecline,
    RecordRemedySought,
    RequestException,
)
from recovery.core.vocabulary.proposing.events import (
    ExceptionDenied,
    ExceptionGranted,
    ExceptionRequested,
    InvestigationStarted,
    ProposalDeclined,
    Proposed,
    RemedySought,
)
from recovery.core.vocabulary.proposing.values import (
    ADOPTED,
    Citing,
    Exceptional,
    ExceptionState,
    Given,
    Option,
    Proposal,
    ProposingPart,
    Sought,
)

__all__ = [
    "ADOPTED",
    "Citing",
    "DenyException",
    "ExceptionDenied",
    "ExceptionGranted",
    "ExceptionRequested",
    "ExceptionState",
    "Exceptional",
    "Given",
    "GrantException",
    "Investigate",
    "InvestigationStarted",
    "Option",
    "Proposal",
    "ProposalDeclined",
    "Propose",
    "Proposed",
    "ProposingPart",
    "RecordDecline",
    "RecordRemedySought",
    "RemedySought",
    "RequestException",
    "Sought",
]
