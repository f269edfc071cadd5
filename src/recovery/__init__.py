"""Customer recovery: no customer with a problem is ever forgotten.

    >>> import pendulum
    >>> from recovery import Acknowledge, Address, Channel, Contact, Customer, Desk, MemoryStore, Word, policies
    >>> monday = pendulum.datetime(2026, 3, 2, 9, 0, tz="Europe/Berlin")
    >>> policy = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
    >>> desk = Desk(store=MemoryStore(), policy=policy, now=lambda: monday)
    >>> bo = Customer(name="Bo", addresses=(Address(channel=Channel.EMAIL, value="bo@example.org"),))
    >>> letter = Contact(channel=Channel.LETTER, sender=bo, text="The display went dark.", received_at=monday)
    >>> case = desk.receive(letter).case
    >>> case.stage.value, case.owner
    ('received', 'ana')
    >>> hollow = Acknowledge(by="ana", word=Word(via={Channel.EMAIL}, text="We have your letter."))
    >>> for reason in desk.why_not(case.id, hollow):
    ...     print(reason)
    [acknowledge.says] (next_word_at) it does not say when the customer hears next. Give the date of the next word.
    >>> desk.agenda()[0].rule
    'acknowledge.immediately'

Names are loaded when they are first used, so that importing one does not import them all.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = (
    ("recovery.codec.inputs", "command_from_dict contact_from_dict"),
    ("recovery.codec.plain", "to_dict"),
    ("recovery.codec.schema", "command_schema contact_schema"),
    ("recovery.core.agenda", "Reading Step"),
    ("recovery.core.calendar", "BusinessCalendar office_hours"),
    ("recovery.core.briefing", "Briefing"),
    ("recovery.core.case", "Case"),
    ("recovery.core.clock", "Base Clock Ends Extension Kind Length Rung Timing Unit Whom"),
    ("recovery.core.decide", "Decision agenda briefing clocks decide explain_route permitted why_not"),
    ("recovery.core.errors", "BadDefinition CaseNotFound ConflictingChange InvalidValue KeyReused MissingExtra"),
    ("recovery.core.errors", "Reason RecoveryError Refused StoreUnusable Strength Undeliverable"),
    ("recovery.core.fold", "fold"),
    ("recovery.core.guideline", "Authority Budget Guideline Period Remedy"),
    ("recovery.core.learning", "Learning Loss LossOutcome Per PromiseCount QuestionReport SurveyReport UnitReport learn"),
    ("recovery.core.messages", "Message Origin Saying"),
    ("recovery.core.money", "Money"),
    ("recovery.core.place", "Placement place"),
    ("recovery.core.policy", "Policy"),
    ("recovery.core.repeats", "CaseWords likely_twins"),
    ("recovery.core.routing", "Candidate Considered Routing"),
    ("recovery.core.precedent", "GoodwillGiven Precedent Similar"),
    ("recovery.core.risk", "AtRisk customers_at_risk"),
    ("recovery.core.rule", "Ability Check Context Moment Problem rule"),
    ("recovery.core.reference", "Identity"),
    ("recovery.core.stages", "Stage Trigger"),
    ("recovery.core.wording", "Language Sign TextKind Wording WordingFinding WordingRule check_wording"),
    ("recovery.core.suggesting", "Suggestion suggest"),
    ("recovery.core.values", "redact"),
    ("recovery.core.vocabulary.acknowledging", "Acknowledge"),
    ("recovery.core.vocabulary.closing", "Close CloseReason NotACase Reopen UndoMerge"),
    ("recovery.core.vocabulary.common", "Address Channel Claim ClaimKind Command Customer Event Mood Recorded Said Severity"),
    ("recovery.core.vocabulary.common", "Tried Word"),
    ("recovery.core.vocabulary.following_up", "AnswerKind FollowUp PassFollowUp RecordFollowUpAnswer RecordSurveyAnswers Survey"),
    ("recovery.core.vocabulary.following_up", "SurveyAnswer SurveyQuestion Then Topic"),
    ("recovery.core.vocabulary.keeping_in_touch", "Ask Inform KeepPromise MakePromise MovePromise RecordAnswer RecordDeferral"),
    ("recovery.core.vocabulary.keeping_in_touch", "RecordPromise WaiveAnswer"),
    ("recovery.core.vocabulary.known", "Again Earlier Fact Priority Twin"),
    ("recovery.core.vocabulary.ownership", "ConsultHistory RecordFact"),
    ("recovery.core.vocabulary.ownership", "AcceptHandover BusinessUnit Choice DeclineHandover Load MoveCase OfferHandover Person"),
    ("recovery.core.vocabulary.ownership", "Route Team"),
    (
        "recovery.core.vocabulary.losing",
        "AskLostCustomer Contribution Estimate Finding PlanMakeUp PlannedStep Range ReviewLoss",
    ),
    ("recovery.core.vocabulary.losing", "Risk Segment Signal WinBack Worth"),
    ("recovery.core.vocabulary.proposing", "Citing DenyException GrantException Investigate Option Propose RecordDecline"),
    ("recovery.core.vocabulary.proposing", "RecordRemedySought RequestException"),
    ("recovery.core.vocabulary.receiving", "Assess Attachment Bounce CompleteTask Contact Correct Delivery Identify MovePolicy"),
    (
        "recovery.core.vocabulary.receiving",
        "AdoptCase OpenCase Reached Receive RecordWish ReportDelivery SetTask Ticket Wake Wish WishKind",
    ),
    ("recovery.core.vocabulary.resolving", "ArrivalSource CheckArrival ConfirmArrival MoveDelivery RecordAcceptance Resolution"),
    ("recovery.core.vocabulary.resolving", "RecordDispatch Resolve Sending"),
    ("recovery.core.vocabulary.responsibility", "CauseKind Incident JoinIncident OpenAffected RecordAccountable RecordCause"),
    (
        "recovery.desk",
        "Adoption AsyncDesk Desk Drafted Ending Entry Health IncidentStanding IncidentWork LeftOut News NotTold Outcome Preview",
    ),
    ("recovery.desk", "PreviewKind Retries Round Work"),
    ("recovery.directories", "Absences"),
    ("recovery.notifiers.by_channel", "ByChannel"),
    ("recovery.notifiers.console", "ConsoleNotifier"),
    ("recovery.notifiers.log", "LogNotifier"),
    ("recovery.notifiers.mail_server", "Security"),
    ("recovery.notifiers.recording", "RecordingNotifier"),
    ("recovery.notifiers.smtp", "SMTPNotifier"),
    ("recovery.ports.values", "OutboxMessage Query Receipt"),
    ("recovery.stores.joined", "JoinedStore"),
    ("recovery.stores.memory", "MemoryStore"),
    ("recovery.stores.named", "open_store"),
    ("recovery.stores.postgres", "PostgresStore"),
    ("recovery.stores.sqlite", "SQLiteStore"),
)
_HOME = {name: module for module, names in _HOMES for name in names.split()}

# One list of names is enough; type checkers read the stub.
__all__ = sorted([*_HOME, "policies"])  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name == "policies":
        return import_module("recovery.policies")
    if name not in _HOME:
        raise AttributeError(f"module 'recovery' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return __all__
