"""The public names, for type checkers; at run time each is loaded when it is first used."""

from recovery import policies as policies
from recovery.codec.inputs import command_from_dict as command_from_dict
from recovery.codec.inputs import contact_from_dict as contact_from_dict
from recovery.codec.plain import to_dict as to_dict
from recovery.codec.schema import command_schema as command_schema
from recovery.codec.schema import contact_schema as contact_schema
from recovery.core.agenda import (
    Reading as Reading,
)
from recovery.core.agenda import (
    Step as Step,
)
from recovery.core.briefing import (
    Briefing as Briefing,
)
from recovery.core.calendar import (
    BusinessCalendar as BusinessCalendar,
)
from recovery.core.calendar import (
    office_hours as office_hours,
)
from recovery.core.case import Case as Case
from recovery.core.clock import (
    Base as Base,
)
from recovery.core.clock import (
    Clock as Clock,
)
from recovery.core.clock import (
    Ends as Ends,
)
from recovery.core.clock import (
    Extension as Extension,
)
from recovery.core.clock import (
    Kind as Kind,
)
from recovery.core.clock import (
    Length as Length,
)
from recovery.core.clock import (
    Rung as Rung,
)
from recovery.core.clock import (
    Timing as Timing,
)
from recovery.core.clock import (
    Unit as Unit,
)
from recovery.core.clock import (
    Whom as Whom,
)
from recovery.core.decide import (
    Decision as Decision,
)
from recovery.core.decide import (
    agenda as agenda,
)
from recovery.core.decide import (
    briefing as briefing,
)
from recovery.core.decide import (
    clocks as clocks,
)
from recovery.core.decide import (
    decide as decide,
)
from recovery.core.decide import (
    explain_route as explain_route,
)
from recovery.core.decide import (
    permitted as permitted,
)
from recovery.core.decide import (
    why_not as why_not,
)
from recovery.core.errors import (
    BadDefinition as BadDefinition,
)
from recovery.core.errors import (
    CaseNotFound as CaseNotFound,
)
from recovery.core.errors import (
    ConflictingChange as ConflictingChange,
)
from recovery.core.errors import (
    InvalidValue as InvalidValue,
)
from recovery.core.errors import (
    KeyReused as KeyReused,
)
from recovery.core.errors import (
    MissingExtra as MissingExtra,
)
from recovery.core.errors import (
    Reason as Reason,
)
from recovery.core.errors import (
    RecoveryError as RecoveryError,
)
from recovery.core.errors import (
    Refused as Refused,
)
from recovery.core.errors import (
    StoreUnusable as StoreUnusable,
)
from recovery.core.errors import (
    Strength as Strength,
)
from recovery.core.errors import (
    Undeliverable as Undeliverable,
)
from recovery.core.fold import fold as fold
from recovery.core.guideline import Authority as Authority
from recovery.core.guideline import Budget as Budget
from recovery.core.guideline import Guideline as Guideline
from recovery.core.guideline import Period as Period
from recovery.core.guideline import Remedy as Remedy
from recovery.core.learning import Learning as Learning
from recovery.core.learning import Loss as Loss
from recovery.core.learning import LossOutcome as LossOutcome
from recovery.core.learning import Per as Per
from recovery.core.learning import PromiseCount as PromiseCount
from recovery.core.learning import QuestionReport as QuestionReport
from recovery.core.learning import SurveyReport as SurveyReport
from recovery.core.learning import UnitReport as UnitReport
from recovery.core.learning import learn as learn
from recovery.core.messages import (
    Message as Message,
)
from recovery.core.messages import Origin as Origin
from recovery.core.messages import (
    Saying as Saying,
)
from recovery.core.money import Money as Money
from recovery.core.place import (
    Placement as Placement,
)
from recovery.core.place import (
    place as place,
)
from recovery.core.policy import Policy as Policy
from recovery.core.precedent import GoodwillGiven as GoodwillGiven
from recovery.core.precedent import Precedent as Precedent
from recovery.core.precedent import Similar as Similar
from recovery.core.reference import (
    Identity as Identity,
)
from recovery.core.repeats import CaseWords as CaseWords
from recovery.core.repeats import likely_twins as likely_twins
from recovery.core.risk import AtRisk as AtRisk
from recovery.core.risk import customers_at_risk as customers_at_risk
from recovery.core.routing import (
    Candidate as Candidate,
)
from recovery.core.routing import (
    Considered as Considered,
)
from recovery.core.routing import (
    Routing as Routing,
)
from recovery.core.rule import (
    Ability as Ability,
)
from recovery.core.rule import (
    Check as Check,
)
from recovery.core.rule import (
    Context as Context,
)
from recovery.core.rule import (
    Moment as Moment,
)
from recovery.core.rule import (
    Problem as Problem,
)
from recovery.core.rule import (
    rule as rule,
)
from recovery.core.stages import (
    Stage as Stage,
)
from recovery.core.stages import (
    Trigger as Trigger,
)
from recovery.core.suggesting import Suggestion as Suggestion
from recovery.core.suggesting import suggest as suggest
from recovery.core.values import redact as redact
from recovery.core.vocabulary.acknowledging import Acknowledge as Acknowledge
from recovery.core.vocabulary.closing import (
    Close as Close,
)
from recovery.core.vocabulary.closing import (
    CloseReason as CloseReason,
)
from recovery.core.vocabulary.closing import (
    NotACase as NotACase,
)
from recovery.core.vocabulary.closing import (
    Reopen as Reopen,
)
from recovery.core.vocabulary.closing import UndoMerge as UndoMerge
from recovery.core.vocabulary.common import (
    Address as Address,
)
from recovery.core.vocabulary.common import (
    Channel as Channel,
)
from recovery.core.vocabulary.common import Claim as Claim
from recovery.core.vocabulary.common import ClaimKind as ClaimKind
from recovery.core.vocabulary.common import (
    Command as Command,
)
from recovery.core.vocabulary.common import (
    Customer as Customer,
)
from recovery.core.vocabulary.common import (
    Event as Event,
)
from recovery.core.vocabulary.common import (
    Mood as Mood,
)
from recovery.core.vocabulary.common import (
    Recorded as Recorded,
)
from recovery.core.vocabulary.common import (
    Said as Said,
)
from recovery.core.vocabulary.common import (
    Severity as Severity,
)
from recovery.core.vocabulary.common import Tried as Tried
from recovery.core.vocabulary.common import (
    Word as Word,
)
from recovery.core.vocabulary.following_up import AnswerKind as AnswerKind
from recovery.core.vocabulary.following_up import (
    FollowUp as FollowUp,
)
from recovery.core.vocabulary.following_up import (
    PassFollowUp as PassFollowUp,
)
from recovery.core.vocabulary.following_up import (
    RecordFollowUpAnswer as RecordFollowUpAnswer,
)
from recovery.core.vocabulary.following_up import RecordSurveyAnswers as RecordSurveyAnswers
from recovery.core.vocabulary.following_up import Survey as Survey
from recovery.core.vocabulary.following_up import SurveyAnswer as SurveyAnswer
from recovery.core.vocabulary.following_up import SurveyQuestion as SurveyQuestion
from recovery.core.vocabulary.following_up import (
    Then as Then,
)
from recovery.core.vocabulary.following_up import (
    Topic as Topic,
)
from recovery.core.vocabulary.keeping_in_touch import (
    Ask as Ask,
)
from recovery.core.vocabulary.keeping_in_touch import (
    Inform as Inform,
)
from recovery.core.vocabulary.keeping_in_touch import (
    KeepPromise as KeepPromise,
)
from recovery.core.vocabulary.keeping_in_touch import (
    MakePromise as MakePromise,
)
from recovery.core.vocabulary.keeping_in_touch import (
    MovePromise as MovePromise,
)
from recovery.core.vocabulary.keeping_in_touch import (
    RecordAnswer as RecordAnswer,
)
from recovery.core.vocabulary.keeping_in_touch import (
    RecordDeferral as RecordDeferral,
)
from recovery.core.vocabulary.keeping_in_touch import (
    RecordPromise as RecordPromise,
)
from recovery.core.vocabulary.keeping_in_touch import (
    WaiveAnswer as WaiveAnswer,
)
from recovery.core.vocabulary.known import Again as Again
from recovery.core.vocabulary.known import Earlier as Earlier
from recovery.core.vocabulary.known import Fact as Fact
from recovery.core.vocabulary.known import Priority as Priority
from recovery.core.vocabulary.known import Twin as Twin
from recovery.core.vocabulary.losing import AskLostCustomer as AskLostCustomer
from recovery.core.vocabulary.losing import Contribution as Contribution
from recovery.core.vocabulary.losing import Estimate as Estimate
from recovery.core.vocabulary.losing import Finding as Finding
from recovery.core.vocabulary.losing import PlanMakeUp as PlanMakeUp
from recovery.core.vocabulary.losing import PlannedStep as PlannedStep
from recovery.core.vocabulary.losing import Range as Range
from recovery.core.vocabulary.losing import ReviewLoss as ReviewLoss
from recovery.core.vocabulary.losing import Risk as Risk
from recovery.core.vocabulary.losing import Segment as Segment
from recovery.core.vocabulary.losing import Signal as Signal
from recovery.core.vocabulary.losing import WinBack as WinBack
from recovery.core.vocabulary.losing import Worth as Worth
from recovery.core.vocabulary.ownership import (
    AcceptHandover as AcceptHandover,
)
from recovery.core.vocabulary.ownership import (
    BusinessUnit as BusinessUnit,
)
from recovery.core.vocabulary.ownership import (
    Choice as Choice,
)
from recovery.core.vocabulary.ownership import ConsultHistory as ConsultHistory
from recovery.core.vocabulary.ownership import (
    DeclineHandover as DeclineHandover,
)
from recovery.core.vocabulary.ownership import (
    Load as Load,
)
from recovery.core.vocabulary.ownership import (
    MoveCase as MoveCase,
)
from recovery.core.vocabulary.ownership import (
    OfferHandover as OfferHandover,
)
from recovery.core.vocabulary.ownership import (
    Person as Person,
)
from recovery.core.vocabulary.ownership import RecordFact as RecordFact
from recovery.core.vocabulary.ownership import (
    Route as Route,
)
from recovery.core.vocabulary.ownership import (
    Team as Team,
)
from recovery.core.vocabulary.proposing import Citing as Citing
from recovery.core.vocabulary.proposing import DenyException as DenyException
from recovery.core.vocabulary.proposing import GrantException as GrantException
from recovery.core.vocabulary.proposing import (
    Investigate as Investigate,
)
from recovery.core.vocabulary.proposing import (
    Option as Option,
)
from recovery.core.vocabulary.proposing import (
    Propose as Propose,
)
from recovery.core.vocabulary.proposing import (
    RecordDecline as RecordDecline,
)
from recovery.core.vocabulary.proposing import RecordRemedySought as RecordRemedySought
from recovery.core.vocabulary.proposing import RequestException as RequestException
from recovery.core.vocabulary.receiving import (
    AdoptCase as AdoptCase,
)
from recovery.core.vocabulary.receiving import (
    Assess as Assess,
)
from recovery.core.vocabulary.receiving import (
    Attachment as Attachment,
)
from recovery.core.vocabulary.receiving import (
    Bounce as Bounce,
)
from recovery.core.vocabulary.receiving import (
    CompleteTask as CompleteTask,
)
from recovery.core.vocabulary.receiving import (
    Contact as Contact,
)
from recovery.core.vocabulary.receiving import (
    Correct as Correct,
)
from recovery.core.vocabulary.receiving import (
    Delivery as Delivery,
)
from recovery.core.vocabulary.receiving import (
    Identify as Identify,
)
from recovery.core.vocabulary.receiving import (
    MovePolicy as MovePolicy,
)
from recovery.core.vocabulary.receiving import (
    OpenCase as OpenCase,
)
from recovery.core.vocabulary.receiving import (
    Reached as Reached,
)
from recovery.core.vocabulary.receiving import (
    Receive as Receive,
)
from recovery.core.vocabulary.receiving import (
    RecordWish as RecordWish,
)
from recovery.core.vocabulary.receiving import (
    ReportDelivery as ReportDelivery,
)
from recovery.core.vocabulary.receiving import (
    SetTask as SetTask,
)
from recovery.core.vocabulary.receiving import (
    Ticket as Ticket,
)
from recovery.core.vocabulary.receiving import (
    Wake as Wake,
)
from recovery.core.vocabulary.receiving import (
    Wish as Wish,
)
from recovery.core.vocabulary.receiving import (
    WishKind as WishKind,
)
from recovery.core.vocabulary.resolving import (
    ArrivalSource as ArrivalSource,
)
from recovery.core.vocabulary.resolving import (
    CheckArrival as CheckArrival,
)
from recovery.core.vocabulary.resolving import (
    ConfirmArrival as ConfirmArrival,
)
from recovery.core.vocabulary.resolving import (
    MoveDelivery as MoveDelivery,
)
from recovery.core.vocabulary.resolving import (
    RecordAcceptance as RecordAcceptance,
)
from recovery.core.vocabulary.resolving import RecordDispatch as RecordDispatch
from recovery.core.vocabulary.resolving import (
    Resolution as Resolution,
)
from recovery.core.vocabulary.resolving import (
    Resolve as Resolve,
)
from recovery.core.vocabulary.resolving import Sending as Sending
from recovery.core.vocabulary.responsibility import CauseKind as CauseKind
from recovery.core.vocabulary.responsibility import Incident as Incident
from recovery.core.vocabulary.responsibility import JoinIncident as JoinIncident
from recovery.core.vocabulary.responsibility import OpenAffected as OpenAffected
from recovery.core.vocabulary.responsibility import RecordAccountable as RecordAccountable
from recovery.core.vocabulary.responsibility import RecordCause as RecordCause
from recovery.core.wording import (
    Language as Language,
)
from recovery.core.wording import (
    Sign as Sign,
)
from recovery.core.wording import (
    TextKind as TextKind,
)
from recovery.core.wording import (
    Wording as Wording,
)
from recovery.core.wording import (
    WordingFinding as WordingFinding,
)
from recovery.core.wording import (
    WordingRule as WordingRule,
)
from recovery.core.wording import (
    check_wording as check_wording,
)
from recovery.desk import (
    Adoption as Adoption,
)
from recovery.desk import (
    AsyncDesk as AsyncDesk,
)
from recovery.desk import (
    Desk as Desk,
)
from recovery.desk import (
    Drafted as Drafted,
)
from recovery.desk import (
    Ending as Ending,
)
from recovery.desk import (
    Entry as Entry,
)
from recovery.desk import (
    Health as Health,
)
from recovery.desk import IncidentStanding as IncidentStanding
from recovery.desk import IncidentWork as IncidentWork
from recovery.desk import (
    LeftOut as LeftOut,
)
from recovery.desk import News as News
from recovery.desk import NotTold as NotTold
from recovery.desk import (
    Outcome as Outcome,
)
from recovery.desk import (
    Preview as Preview,
)
from recovery.desk import (
    PreviewKind as PreviewKind,
)
from recovery.desk import (
    Retries as Retries,
)
from recovery.desk import (
    Round as Round,
)
from recovery.desk import (
    Work as Work,
)
from recovery.directories import Absences as Absences
from recovery.notifiers.by_channel import ByChannel as ByChannel
from recovery.notifiers.console import ConsoleNotifier as ConsoleNotifier
from recovery.notifiers.log import LogNotifier as LogNotifier
from recovery.notifiers.mail_server import Security as Security
from recovery.notifiers.recording import RecordingNotifier as RecordingNotifier
from recovery.notifiers.smtp import SMTPNotifier as SMTPNotifier
from recovery.ports.values import OutboxMessage as OutboxMessage
from recovery.ports.values import Query as Query
from recovery.ports.values import Receipt as Receipt
from recovery.stores.joined import JoinedStore as JoinedStore
from recovery.stores.memory import MemoryStore as MemoryStore
from recovery.stores.named import open_store as open_store
from recovery.stores.postgres import PostgresStore as PostgresStore
from recovery.stores.sqlite import SQLiteStore as SQLiteStore

__all__ = [
    "Ability",
    "Absences",
    "AcceptHandover",
    "Acknowledge",
    "Address",
    "AdoptCase",
    "Adoption",
    "Again",
    "AnswerKind",
    "ArrivalSource",
    "Ask",
    "AskLostCustomer",
    "Assess",
    "AsyncDesk",
    "AtRisk",
    "Attachment",
    "Authority",
    "BadDefinition",
    "Base",
    "Bounce",
    "Briefing",
    "Budget",
    "BusinessCalendar",
    "BusinessUnit",
    "ByChannel",
    "Candidate",
    "Case",
    "CaseNotFound",
    "CaseWords",
    "CauseKind",
    "Channel",
    "Check",
    "CheckArrival",
    "Choice",
    "Citing",
    "Claim",
    "ClaimKind",
    "Clock",
    "Close",
    "CloseReason",
    "Command",
    "CompleteTask",
    "ConfirmArrival",
    "ConflictingChange",
    "Considered",
    "ConsoleNotifier",
    "ConsultHistory",
    "Contact",
    "Context",
    "Contribution",
    "Correct",
    "Customer",
    "Decision",
    "DeclineHandover",
    "Delivery",
    "DenyException",
    "Desk",
    "Drafted",
    "Earlier",
    "Ending",
    "Ends",
    "Entry",
    "Estimate",
    "Event",
    "Extension",
    "Fact",
    "Finding",
    "FollowUp",
    "GoodwillGiven",
    "GrantException",
    "Guideline",
    "Health",
    "Identify",
    "Identity",
    "Incident",
    "IncidentStanding",
    "IncidentWork",
    "Inform",
    "InvalidValue",
    "Investigate",
    "JoinIncident",
    "JoinedStore",
    "KeepPromise",
    "KeyReused",
    "Kind",
    "Language",
    "Learning",
    "LeftOut",
    "Length",
    "Load",
    "LogNotifier",
    "Loss",
    "LossOutcome",
    "MakePromise",
    "MemoryStore",
    "Message",
    "MissingExtra",
    "Moment",
    "Money",
    "Mood",
    "MoveCase",
    "MoveDelivery",
    "MovePolicy",
    "MovePromise",
    "News",
    "NotACase",
    "NotTold",
    "OfferHandover",
    "OpenAffected",
    "OpenCase",
    "Option",
    "Origin",
    "OutboxMessage",
    "Outcome",
    "PassFollowUp",
    "Per",
    "Period",
    "Person",
    "Placement",
    "PlanMakeUp",
    "PlannedStep",
    "Policy",
    "PostgresStore",
    "Precedent",
    "Preview",
    "PreviewKind",
    "Priority",
    "Problem",
    "PromiseCount",
    "Propose",
    "Query",
    "QuestionReport",
    "Range",
    "Reached",
    "Reading",
    "Reason",
    "Receipt",
    "Receive",
    "RecordAcceptance",
    "RecordAccountable",
    "RecordAnswer",
    "RecordCause",
    "RecordDecline",
    "RecordDeferral",
    "RecordDispatch",
    "RecordFact",
    "RecordFollowUpAnswer",
    "RecordPromise",
    "RecordRemedySought",
    "RecordSurveyAnswers",
    "RecordWish",
    "Recorded",
    "RecordingNotifier",
    "RecoveryError",
    "Refused",
    "Remedy",
    "Reopen",
    "ReportDelivery",
    "RequestException",
    "Resolution",
    "Resolve",
    "Retries",
    "ReviewLoss",
    "Risk",
    "Round",
    "Route",
    "Routing",
    "Rung",
    "SMTPNotifier",
    "SQLiteStore",
    "Said",
    "Saying",
    "Security",
    "Segment",
    "Sending",
    "SetTask",
    "Severity",
    "Sign",
    "Signal",
    "Similar",
    "Stage",
    "Step",
    "StoreUnusable",
    "Strength",
    "Suggestion",
    "Survey",
    "SurveyAnswer",
    "SurveyQuestion",
    "SurveyReport",
    "Team",
    "TextKind",
    "Then",
    "Ticket",
    "Timing",
    "Topic",
    "Tried",
    "Trigger",
    "Twin",
    "Undeliverable",
    "UndoMerge",
    "Unit",
    "UnitReport",
    "WaiveAnswer",
    "Wake",
    "Whom",
    "WinBack",
    "Wish",
    "WishKind",
    "Word",
    "Wording",
    "WordingFinding",
    "WordingRule",
    "Work",
    "Worth",
    "agenda",
    "briefing",
    "check_wording",
    "clocks",
    "command_from_dict",
    "command_schema",
    "contact_from_dict",
    "contact_schema",
    "customers_at_risk",
    "decide",
    "explain_route",
    "fold",
    "learn",
    "likely_twins",
    "office_hours",
    "open_store",
    "permitted",
    "place",
    "policies",
    "redact",
    "rule",
    "suggest",
    "to_dict",
    "why_not",
]
