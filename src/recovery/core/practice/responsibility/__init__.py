"""Taking responsibility: our words take it on and are true, causes are on record, a unit answers for it, and we reach out first."""

from __future__ import annotations

from recovery.core.practice.responsibility import incidents
from recovery.core.practice.responsibility.clocks import CLOCKS, FIXED_CLOCKS, PROTECTS, SOURCES
from recovery.core.practice.responsibility.folds import answers_for_it, cause_owed, cause_waived, known, sought
from recovery.core.practice.responsibility.leads_to import record_accountable, record_cause
from recovery.core.practice.responsibility.messages import told_to_head
from recovery.core.practice.responsibility.rules import TRUE_AND_ON_RECORD
from recovery.core.practice.responsibility.wording import WORDING
from recovery.core.vocabulary.closing import CaseClosed
from recovery.core.vocabulary.following_up import FollowUpAnswered, FollowUpPassed
from recovery.core.vocabulary.keeping_in_touch import DeferralRecorded, QuestionAnswered
from recovery.core.vocabulary.proposing import ProposalDeclined
from recovery.core.vocabulary.receiving import CaseAdopted, ContactJoined, WishRecorded
from recovery.core.vocabulary.responsibility import (
    AccountableRecorded,
    AffectedCaseOpened,
    AffectedNamedAgain,
    CauseRecorded,
    CauseSought,
    IncidentJoined,
    JoinIncident,
    NameAgain,
    OpenAffected,
    RecordAccountable,
    RecordCause,
)

__all__ = ["ABILITIES", "CHECKS", "CLOCKS", "FIXED_CLOCKS", "FOLDS", "HANDLERS", "MARKS", "MESSAGES", "PROTECTS", "SOURCES"]

CHECKS = (*WORDING, *TRUE_AND_ON_RECORD)
ABILITIES = incidents.ABILITIES
HANDLERS = {
    RecordCause: record_cause,
    RecordAccountable: record_accountable,
    OpenAffected: incidents.open_affected,
    JoinIncident: incidents.join_incident,
    NameAgain: incidents.name_again,
}
_WORDS = (ContactJoined, ProposalDeclined, QuestionAnswered, DeferralRecorded, WishRecorded, FollowUpAnswered)
FOLDS = {
    CauseRecorded: known,
    CauseSought: sought,
    AccountableRecorded: answers_for_it,
    AffectedCaseOpened: incidents.opened,
    IncidentJoined: incidents.joined,
    AffectedNamedAgain: incidents.named_again,
    **dict.fromkeys(_WORDS, incidents.spoke),
}
MARKS = {
    FollowUpPassed: cause_owed,
    CaseAdopted: cause_owed,
    CaseClosed: cause_waived,
    **dict.fromkeys(_WORDS, incidents.first_word),
}
MESSAGES = {AccountableRecorded: told_to_head}
