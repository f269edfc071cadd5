"""Taking responsibility: our words take it on and are true, causes are on record, a unit answers for it, and we reach out first."""

from __future__ import annotations

from recovery.core.practice.responsibility.clocks import CLOCKS, FIXED_CLOCKS, PROTECTS, SOURCES
from recovery.core.practice.responsibility.folds import answers_for_it, cause_owed, cause_waived, known, sought
from recovery.core.practice.responsibility.leads_to import record_accountable, record_cause
from recovery.core.practice.responsibility.messages import told_to_head
from recovery.core.practice.responsibility.rules import TRUE_AND_ON_RECORD
from recovery.core.practice.responsibility.wording import WORDING
from recovery.core.vocabulary.closing import CaseClosed
from recovery.core.vocabulary.following_up import FollowUpPassed
from recovery.core.vocabulary.receiving import CaseAdopted
from recovery.core.vocabulary.responsibility import (
    AccountableRecorded,
    CauseRecorded,
    CauseSought,
    RecordAccountable,
    RecordCause,
)

__all__ = ["CHECKS", "CLOCKS", "FIXED_CLOCKS", "FOLDS", "HANDLERS", "MARKS", "MESSAGES", "PROTECTS", "SOURCES"]

CHECKS = (*WORDING, *TRUE_AND_ON_RECORD)
HANDLERS = {RecordCause: record_cause, RecordAccountable: record_accountable}
FOLDS = {CauseRecorded: known, CauseSought: sought, AccountableRecorded: answers_for_it}
MARKS = {FollowUpPassed: cause_owed, CaseAdopted: cause_owed, CaseClosed: cause_waived}
MESSAGES = {AccountableRecorded: told_to_head}
