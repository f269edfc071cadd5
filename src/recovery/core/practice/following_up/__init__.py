"""Following up: after days and after weeks, not too soon, not before it arrived, and on another channel."""

from __future__ import annotations

from recovery.core.practice.following_up import survey
from recovery.core.practice.following_up.clocks import CLOCKS as OWN_CLOCKS
from recovery.core.practice.following_up.clocks import FIXED_CLOCKS, PROTECTS, SOURCES
from recovery.core.practice.following_up.folds import adopted, again, answered, passed, tried, try_mark
from recovery.core.practice.following_up.leads_to import LAPSES as OWN_LAPSES
from recovery.core.practice.following_up.leads_to import follow_up, pass_follow_up, record_answer
from recovery.core.practice.following_up.rules import (
    after_delivery,
    follow_up_says,
    follow_up_solved,
    not_too_soon,
    other_channel,
    something_else,
    unreachable,
)
from recovery.core.vocabulary.closing import CaseReopened, MergeUndone
from recovery.core.vocabulary.common import Event
from recovery.core.vocabulary.following_up import (
    FollowUp,
    FollowUpAnswered,
    FollowUpMade,
    FollowUpPassed,
    PassFollowUp,
    RecordFollowUpAnswer,
    RecordSurveyAnswers,
)
from recovery.core.vocabulary.receiving import CaseAdopted, DeliveryReported, MessagePrepared

__all__ = ["CHECKS", "CLOCKS", "FIXED_CLOCKS", "FOLDS", "HANDLERS", "LAPSES", "MARKS", "MESSAGES", "PROTECTS", "SOURCES"]

CHECKS = (
    not_too_soon,
    after_delivery,
    other_channel,
    follow_up_says,
    follow_up_solved,
    something_else,
    unreachable,
    survey.survey_short,
)
CLOCKS = (*OWN_CLOCKS, *survey.CLOCKS)
LAPSES = {**OWN_LAPSES, **survey.LAPSES}
HANDLERS = {
    FollowUp: follow_up,
    RecordFollowUpAnswer: record_answer,
    PassFollowUp: pass_follow_up,
    RecordSurveyAnswers: survey.record_survey_answers,
}
FOLDS: dict[type[Event], object] = {
    CaseAdopted: adopted,
    FollowUpMade: tried,
    MessagePrepared: tried,
    DeliveryReported: tried,
    FollowUpAnswered: answered,
    FollowUpPassed: passed,
    CaseReopened: again,
    MergeUndone: again,
    **survey.FOLDS,
}
MARKS: dict[type[Event], object] = {FollowUpMade: try_mark, MessagePrepared: try_mark, DeliveryReported: try_mark, **survey.MARKS}
MESSAGES = survey.MESSAGES
