"""Following up: after days and after weeks, not too soon, not before it arrived, and on another channel."""

from __future__ import annotations

from recovery.core.practice.following_up.clocks import CLOCKS, FIXED_CLOCKS, PROTECTS, SOURCES
from recovery.core.practice.following_up.folds import adopted, again, answered, passed, tried, try_mark
from recovery.core.practice.following_up.leads_to import LAPSES, follow_up, pass_follow_up, record_answer
from recovery.core.practice.following_up.rules import (
    after_delivery,
    follow_up_says,
    follow_up_solved,
    not_too_soon,
    other_channel,
    something_else,
    unreachable,
)
from recovery.core.vocabulary.closing import CaseReopened
from recovery.core.vocabulary.following_up import (
    FollowUp,
    FollowUpAnswered,
    FollowUpMade,
    FollowUpPassed,
    PassFollowUp,
    RecordFollowUpAnswer,
)
from recovery.core.vocabulary.receiving import CaseAdopted, DeliveryReported, MessagePrepared

__all__ = ["CHECKS", "CLOCKS", "FIXED_CLOCKS", "FOLDS", "HANDLERS", "LAPSES", "MARKS", "PROTECTS", "SOURCES"]

CHECKS = (
    not_too_soon,
    after_delivery,
    other_channel,
    follow_up_says,
    follow_up_solved,
    something_else,
    unreachable,
)
HANDLERS = {FollowUp: follow_up, RecordFollowUpAnswer: record_answer, PassFollowUp: pass_follow_up}
FOLDS = {
    CaseAdopted: adopted,
    FollowUpMade: tried,
    MessagePrepared: tried,
    DeliveryReported: tried,
    FollowUpAnswered: answered,
    FollowUpPassed: passed,
    CaseReopened: again,
}
MARKS = {FollowUpMade: try_mark, MessagePrepared: try_mark, DeliveryReported: try_mark}
