"""Proposing: in time, by guideline and precedent, with at least one option, or with a no that was worked for."""

from recovery.core.practice.proposing.budgets import compared, counted_since
from recovery.core.practice.proposing.clocks import CLOCKS, FIXED_CLOCKS, PROTECTS, SOURCES
from recovery.core.practice.proposing.common import HEADING
from recovery.core.practice.proposing.folds import (
    accepted,
    adopted,
    came_back,
    declined,
    denied,
    granted,
    off_the_table,
    proposed,
    requested,
    sought,
    third_round,
)
from recovery.core.practice.proposing.guided import within_guideline
from recovery.core.practice.proposing.leads_to import (
    deny_exception,
    grant_exception,
    investigate,
    propose,
    record_decline,
    record_remedy_sought,
    request_exception,
)
from recovery.core.practice.proposing.messages import to_the_approver, to_the_asker, to_the_head
from recovery.core.practice.proposing.rules import (
    asked_wish,
    consistent,
    no_only_after_search,
    options_or_no,
    over_deliver,
    policy_when_disputed,
    restates_issue,
)
from recovery.core.practice.proposing.wording import no_policy_first, we_can_do_this
from recovery.core.rule import Ability
from recovery.core.vocabulary.closing import CaseReopened, MergeUndone
from recovery.core.vocabulary.proposing import (
    DenyException,
    ExceptionDenied,
    ExceptionGranted,
    ExceptionRequested,
    GrantException,
    Investigate,
    ProposalDeclined,
    Propose,
    Proposed,
    RecordDecline,
    RecordRemedySought,
    RemedySought,
    RequestException,
)
from recovery.core.vocabulary.receiving import CaseAdopted, TaskSet
from recovery.core.vocabulary.resolving import CaseResolved, ProposalAccepted

__all__ = [
    "ABILITIES",
    "CHECKS",
    "CLOCKS",
    "FIXED_CLOCKS",
    "FOLDS",
    "HANDLERS",
    "HEADING",
    "MARKS",
    "MESSAGES",
    "PROTECTS",
    "SOURCES",
    "compared",
    "counted_since",
]

ABILITIES = (
    Ability(
        id="propose.ready-early",
        heading=HEADING,
        source="D",
        how="`suggest(case, policy, precedents, now)`, `desk.suggest(case_id)`, `recovery suggest CASE`: from the first facts on.",
        protects="Protects the customer from the awkward silence after the facts: what can be offered is at hand while they are "
        "still on the line, by guideline and by what similar cases got.",
    ),
)
CHECKS = (
    options_or_no,
    no_only_after_search,
    asked_wish,
    within_guideline,
    consistent,
    restates_issue,
    policy_when_disputed,
    over_deliver,
    we_can_do_this,
    no_policy_first,
)
HANDLERS = {
    Investigate: investigate,
    RecordRemedySought: record_remedy_sought,
    Propose: propose,
    RecordDecline: record_decline,
    RequestException: request_exception,
    GrantException: grant_exception,
    DenyException: deny_exception,
}
FOLDS = {
    CaseAdopted: adopted,
    RemedySought: sought,
    Proposed: proposed,
    ProposalDeclined: declined,
    ProposalAccepted: accepted,
    CaseResolved: off_the_table,
    CaseReopened: came_back,
    MergeUndone: came_back,
    ExceptionRequested: requested,
    ExceptionGranted: granted,
    ExceptionDenied: denied,
}
MARKS = {ProposalDeclined: third_round}
MESSAGES = {
    ExceptionRequested: to_the_approver,
    ExceptionGranted: to_the_asker,
    ExceptionDenied: to_the_asker,
    TaskSet: to_the_head,
}
