"""Receiving: every contact is logged and receipted, every wish respected, and no case is ever without a dated next step."""

from __future__ import annotations

from recovery.core.practice.receiving.adopting import adopt_case, ticket_still_runs
from recovery.core.practice.receiving.clocks import CLOCKS, FIXED_CLOCKS, PROTECTS, SOURCES
from recovery.core.practice.receiving.folds import (
    adopted,
    affected,
    assessed,
    corrected,
    delivered,
    gone_on,
    held_again,
    held_back,
    identified,
    joined,
    linked_to,
    merged_in,
    merged_out,
    opened,
    prepared,
    task_done,
    task_set,
    wished,
)
from recovery.core.practice.receiving.leads_to import (
    assess,
    complete_task,
    correct,
    identify,
    merge_in,
    merge_out,
    move_policy,
    open_case,
    receive,
    record_wish,
    report_delivery,
    set_task,
)
from recovery.core.practice.receiving.messages import (
    merge_for_owner,
    receipt_for_contact,
    receipt_for_identified,
    receipt_for_opening,
)
from recovery.core.practice.receiving.rules import (
    automatic_mail,
    contact_logged,
    has_way_back,
    one_thread,
    repeat_visible,
    wishes,
)
from recovery.core.vocabulary.closing import MergeUndone
from recovery.core.vocabulary.receiving import (
    AdoptCase,
    Assess,
    Assessed,
    CaseAdopted,
    CaseMergedIn,
    CaseMergedOut,
    CaseOpened,
    CompleteTask,
    ContactJoined,
    Correct,
    Corrected,
    DeliveryReported,
    Identified,
    Identify,
    LinkedCaseOpened,
    MergeIn,
    MergeOut,
    MessagePrepared,
    MessageWithheld,
    MovePolicy,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    TaskDone,
    TaskSet,
    WishRecorded,
)
from recovery.core.vocabulary.responsibility import AffectedCaseOpened

__all__ = ["CHECKS", "CLOCKS", "FIXED_CLOCKS", "FOLDS", "HANDLERS", "MARKS", "MESSAGES", "PROTECTS", "SOURCES"]

CHECKS = (contact_logged, automatic_mail, wishes, has_way_back, one_thread, repeat_visible, ticket_still_runs)
HANDLERS = {
    OpenCase: open_case,
    AdoptCase: adopt_case,
    Receive: receive,
    Identify: identify,
    RecordWish: record_wish,
    ReportDelivery: report_delivery,
    SetTask: set_task,
    CompleteTask: complete_task,
    Assess: assess,
    Correct: correct,
    MergeIn: merge_in,
    MergeOut: merge_out,
    MovePolicy: move_policy,
}
FOLDS = {
    CaseOpened: opened,
    CaseAdopted: adopted,
    AffectedCaseOpened: affected,
    ContactJoined: joined,
    Identified: identified,
    WishRecorded: wished,
    MessagePrepared: prepared,
    DeliveryReported: delivered,
    MessageWithheld: held_back,
    TaskSet: task_set,
    TaskDone: task_done,
    Assessed: assessed,
    Corrected: corrected,
    LinkedCaseOpened: linked_to,
    CaseMergedIn: merged_in,
    CaseMergedOut: merged_out,
}
MARKS = {Identified: gone_on, MergeUndone: held_again}
MESSAGES = {
    CaseOpened: receipt_for_opening,
    ContactJoined: receipt_for_contact,
    Identified: receipt_for_identified,
    CaseMergedIn: merge_for_owner,
    CaseMergedOut: merge_for_owner,
}
