"""Receiving: contacts, customers' wishes, the tray, dated tasks, messages on their way, and corrections."""

from importlib import import_module
from typing import TYPE_CHECKING

from recovery.core.vocabulary.receiving.adopting import (
    ASKED,
    BEGINNINGS,
    AdoptCase,
    CaseAdopted,
    Reached,
    Ticket,
)
from recovery.core.vocabulary.receiving.commands import (
    Assess,
    CompleteTask,
    Correct,
    Identify,
    MergeIn,
    MergeOut,
    MovePolicy,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    Wake,
)
from recovery.core.vocabulary.receiving.values import (
    LIVE,
    Attachment,
    Bounce,
    Contact,
    ContactNote,
    Delivery,
    Merge,
    Outgoing,
    Part,
    Receipting,
    ReceivingPart,
    Task,
    Wish,
    WishKind,
)

if TYPE_CHECKING:
    from recovery.core.vocabulary.receiving.events import (
        AlarmRung,
        Assessed,
        CaseMergedIn,
        CaseMergedOut,
        CaseOpened,
        ContactJoined,
        Corrected,
        DeliveryReported,
        Identified,
        LinkedCaseOpened,
        MessagePrepared,
        MessageWithheld,
        PolicyMoved,
        ReportNoted,
        RuleOverridden,
        TaskDone,
        TaskSet,
        Warned,
        WishRecorded,
    )

__all__ = [
    "ASKED",
    "BEGINNINGS",
    "LIVE",
    "AdoptCase",
    "AlarmRung",
    "Assess",
    "Assessed",
    "Attachment",
    "Bounce",
    "CaseAdopted",
    "CaseMergedIn",
    "CaseMergedOut",
    "CaseOpened",
    "CompleteTask",
    "Contact",
    "ContactJoined",
    "ContactNote",
    "Correct",
    "Corrected",
    "Delivery",
    "DeliveryReported",
    "Identified",
    "Identify",
    "LinkedCaseOpened",
    "Merge",
    "MergeIn",
    "MergeOut",
    "MessagePrepared",
    "MessageWithheld",
    "MovePolicy",
    "OpenCase",
    "Outgoing",
    "Part",
    "PolicyMoved",
    "Reached",
    "Receipting",
    "Receive",
    "ReceivingPart",
    "RecordWish",
    "ReportDelivery",
    "ReportNoted",
    "RuleOverridden",
    "SetTask",
    "Task",
    "TaskDone",
    "TaskSet",
    "Ticket",
    "Wake",
    "Warned",
    "Wish",
    "WishKind",
    "WishRecorded",
]


def __getattr__(name: str) -> object:
    # Whoever only takes a contact in does not pay for what may happen to it.
    if name not in __all__ or name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.events"), name)
    return value
