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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recovery import policies as policies
    from recovery.core.agenda import Reading as Reading
    from recovery.core.agenda import Step as Step
    from recovery.core.calendar import BusinessCalendar as BusinessCalendar
    from recovery.core.calendar import office_hours as office_hours
    from recovery.core.case import Case as Case
    from recovery.core.clock import Clock as Clock
    from recovery.core.clock import Extension as Extension
    from recovery.core.clock import Kind as Kind
    from recovery.core.clock import Length as Length
    from recovery.core.clock import Rung as Rung
    from recovery.core.clock import Timing as Timing
    from recovery.core.clock import Unit as Unit
    from recovery.core.clock import Whom as Whom
    from recovery.core.decide import Decision as Decision
    from recovery.core.decide import agenda as agenda
    from recovery.core.decide import clocks as clocks
    from recovery.core.decide import decide as decide
    from recovery.core.decide import permitted as permitted
    from recovery.core.decide import why_not as why_not
    from recovery.core.errors import BadDefinition as BadDefinition
    from recovery.core.errors import CaseNotFound as CaseNotFound
    from recovery.core.errors import ConflictingChange as ConflictingChange
    from recovery.core.errors import InvalidValue as InvalidValue
    from recovery.core.errors import KeyReused as KeyReused
    from recovery.core.errors import MissingExtra as MissingExtra
    from recovery.core.errors import Reason as Reason
    from recovery.core.errors import RecoveryError as RecoveryError
    from recovery.core.errors import Refused as Refused
    from recovery.core.errors import StoreUnusable as StoreUnusable
    from recovery.core.errors import Strength as Strength
    from recovery.core.errors import Undeliverable as Undeliverable
    from recovery.core.fold import fold as fold
    from recovery.core.messages import Message as Message
    from recovery.core.messages import Saying as Saying
    from recovery.core.place import Placement as Placement
    from recovery.core.place import place as place
    from recovery.core.policy import Policy as Policy
    from recovery.core.rule import Ability as Ability
    from recovery.core.rule import Check as Check
    from recovery.core.rule import Context as Context
    from recovery.core.rule import Identity as Identity
    from recovery.core.rule import Moment as Moment
    from recovery.core.rule import Problem as Problem
    from recovery.core.rule import rule as rule
    from recovery.core.stages import Stage as Stage
    from recovery.core.stages import Trigger as Trigger
    from recovery.core.values import redact as redact
    from recovery.core.vocabulary.acknowledging import Acknowledge as Acknowledge
    from recovery.core.vocabulary.closing import Close as Close
    from recovery.core.vocabulary.closing import CloseReason as CloseReason
    from recovery.core.vocabulary.closing import NotACase as NotACase
    from recovery.core.vocabulary.closing import Reopen as Reopen
    from recovery.core.vocabulary.common import Address as Address
    from recovery.core.vocabulary.common import Channel as Channel
    from recovery.core.vocabulary.common import Command as Command
    from recovery.core.vocabulary.common import Customer as Customer
    from recovery.core.vocabulary.common import Event as Event
    from recovery.core.vocabulary.common import Recorded as Recorded
    from recovery.core.vocabulary.common import Said as Said
    from recovery.core.vocabulary.common import Word as Word
    from recovery.core.vocabulary.following_up import FollowUp as FollowUp
    from recovery.core.vocabulary.following_up import PassFollowUp as PassFollowUp
    from recovery.core.vocabulary.following_up import RecordFollowUpAnswer as RecordFollowUpAnswer
    from recovery.core.vocabulary.following_up import Then as Then
    from recovery.core.vocabulary.following_up import Topic as Topic
    from recovery.core.vocabulary.keeping_in_touch import Ask as Ask
    from recovery.core.vocabulary.keeping_in_touch import Inform as Inform
    from recovery.core.vocabulary.keeping_in_touch import KeepPromise as KeepPromise
    from recovery.core.vocabulary.keeping_in_touch import MakePromise as MakePromise
    from recovery.core.vocabulary.keeping_in_touch import MovePromise as MovePromise
    from recovery.core.vocabulary.keeping_in_touch import RecordAnswer as RecordAnswer
    from recovery.core.vocabulary.keeping_in_touch import RecordDeferral as RecordDeferral
    from recovery.core.vocabulary.keeping_in_touch import RecordPromise as RecordPromise
    from recovery.core.vocabulary.keeping_in_touch import WaiveAnswer as WaiveAnswer
    from recovery.core.vocabulary.ownership import AcceptHandover as AcceptHandover
    from recovery.core.vocabulary.ownership import DeclineHandover as DeclineHandover
    from recovery.core.vocabulary.ownership import MoveCase as MoveCase
    from recovery.core.vocabulary.ownership import OfferHandover as OfferHandover
    from recovery.core.vocabulary.ownership import Person as Person
    from recovery.core.vocabulary.ownership import Route as Route
    from recovery.core.vocabulary.proposing import Investigate as Investigate
    from recovery.core.vocabulary.proposing import Option as Option
    from recovery.core.vocabulary.proposing import Propose as Propose
    from recovery.core.vocabulary.proposing import RecordDecline as RecordDecline
    from recovery.core.vocabulary.receiving import Attachment as Attachment
    from recovery.core.vocabulary.receiving import CompleteTask as CompleteTask
    from recovery.core.vocabulary.receiving import Contact as Contact
    from recovery.core.vocabulary.receiving import Correct as Correct
    from recovery.core.vocabulary.receiving import Delivery as Delivery
    from recovery.core.vocabulary.receiving import Identify as Identify
    from recovery.core.vocabulary.receiving import MovePolicy as MovePolicy
    from recovery.core.vocabulary.receiving import OpenCase as OpenCase
    from recovery.core.vocabulary.receiving import Receive as Receive
    from recovery.core.vocabulary.receiving import RecordWish as RecordWish
    from recovery.core.vocabulary.receiving import ReportDelivery as ReportDelivery
    from recovery.core.vocabulary.receiving import SetTask as SetTask
    from recovery.core.vocabulary.receiving import Wake as Wake
    from recovery.core.vocabulary.receiving import Wish as Wish
    from recovery.core.vocabulary.receiving import WishKind as WishKind
    from recovery.core.vocabulary.resolving import ArrivalSource as ArrivalSource
    from recovery.core.vocabulary.resolving import CheckArrival as CheckArrival
    from recovery.core.vocabulary.resolving import ConfirmArrival as ConfirmArrival
    from recovery.core.vocabulary.resolving import MoveDelivery as MoveDelivery
    from recovery.core.vocabulary.resolving import RecordAcceptance as RecordAcceptance
    from recovery.core.vocabulary.resolving import Resolution as Resolution
    from recovery.core.vocabulary.resolving import Resolve as Resolve
    from recovery.desk import Desk as Desk
    from recovery.desk import Entry as Entry
    from recovery.desk import Outcome as Outcome
    from recovery.desk import Retries as Retries
    from recovery.desk import Work as Work
    from recovery.notifiers.console import ConsoleNotifier as ConsoleNotifier
    from recovery.notifiers.recording import RecordingNotifier as RecordingNotifier
    from recovery.ports.values import Query as Query
    from recovery.stores.memory import MemoryStore as MemoryStore
    from recovery.stores.sqlite import SQLiteStore as SQLiteStore

__all__ = [
    "Ability",
    "AcceptHandover",
    "Acknowledge",
    "Address",
    "ArrivalSource",
    "Ask",
    "Attachment",
    "BadDefinition",
    "BusinessCalendar",
    "Case",
    "CaseNotFound",
    "Channel",
    "Check",
    "CheckArrival",
    "Clock",
    "Close",
    "CloseReason",
    "Command",
    "CompleteTask",
    "ConfirmArrival",
    "ConflictingChange",
    "ConsoleNotifier",
    "Contact",
    "Context",
    "Correct",
    "Customer",
    "Decision",
    "DeclineHandover",
    "Delivery",
    "Desk",
    "Entry",
    "Event",
    "Extension",
    "FollowUp",
    "Identify",
    "Identity",
    "Inform",
    "InvalidValue",
    "Investigate",
    "KeepPromise",
    "KeyReused",
    "Kind",
    "Length",
    "MakePromise",
    "MemoryStore",
    "Message",
    "MissingExtra",
    "Moment",
    "MoveCase",
    "MoveDelivery",
    "MovePolicy",
    "MovePromise",
    "NotACase",
    "OfferHandover",
    "OpenCase",
    "Option",
    "Outcome",
    "PassFollowUp",
    "Person",
    "Placement",
    "Policy",
    "Problem",
    "Propose",
    "Query",
    "Reading",
    "Reason",
    "Receive",
    "RecordAcceptance",
    "RecordAnswer",
    "RecordDecline",
    "RecordDeferral",
    "RecordFollowUpAnswer",
    "RecordPromise",
    "RecordWish",
    "Recorded",
    "RecordingNotifier",
    "RecoveryError",
    "Refused",
    "Reopen",
    "ReportDelivery",
    "Resolution",
    "Resolve",
    "Retries",
    "Route",
    "Rung",
    "SQLiteStore",
    "Said",
    "Saying",
    "SetTask",
    "Stage",
    "Step",
    "StoreUnusable",
    "Strength",
    "Then",
    "Timing",
    "Topic",
    "Trigger",
    "Undeliverable",
    "Unit",
    "WaiveAnswer",
    "Wake",
    "Whom",
    "Wish",
    "WishKind",
    "Word",
    "Work",
    "agenda",
    "clocks",
    "decide",
    "fold",
    "office_hours",
    "permitted",
    "place",
    "policies",
    "redact",
    "rule",
    "why_not",
]

_HOMES: dict[str, tuple[str, ...]] = {
    "recovery.core.agenda": (
        "Reading",
        "Step",
    ),
    "recovery.core.calendar": (
        "BusinessCalendar",
        "office_hours",
    ),
    "recovery.core.case": ("Case",),
    "recovery.core.clock": (
        "Clock",
        "Extension",
        "Kind",
        "Length",
        "Rung",
        "Timing",
        "Unit",
        "Whom",
    ),
    "recovery.core.decide": (
        "Decision",
        "agenda",
        "clocks",
        "decide",
        "permitted",
        "why_not",
    ),
    "recovery.core.errors": (
        "BadDefinition",
        "CaseNotFound",
        "ConflictingChange",
        "InvalidValue",
        "KeyReused",
        "MissingExtra",
        "Reason",
        "RecoveryError",
        "Refused",
        "StoreUnusable",
        "Strength",
        "Undeliverable",
    ),
    "recovery.core.fold": ("fold",),
    "recovery.core.messages": (
        "Message",
        "Saying",
    ),
    "recovery.core.place": (
        "Placement",
        "place",
    ),
    "recovery.core.policy": ("Policy",),
    "recovery.core.rule": (
        "Ability",
        "Check",
        "Context",
        "Identity",
        "Moment",
        "Problem",
        "rule",
    ),
    "recovery.core.stages": (
        "Stage",
        "Trigger",
    ),
    "recovery.core.values": ("redact",),
    "recovery.core.vocabulary.acknowledging": ("Acknowledge",),
    "recovery.core.vocabulary.closing": (
        "Close",
        "CloseReason",
        "NotACase",
        "Reopen",
    ),
    "recovery.core.vocabulary.common": (
        "Address",
        "Channel",
        "Command",
        "Customer",
        "Event",
        "Recorded",
        "Said",
        "Word",
    ),
    "recovery.core.vocabulary.following_up": (
        "FollowUp",
        "PassFollowUp",
        "RecordFollowUpAnswer",
        "Then",
        "Topic",
    ),
    "recovery.core.vocabulary.keeping_in_touch": (
        "Ask",
        "Inform",
        "KeepPromise",
        "MakePromise",
        "MovePromise",
        "RecordAnswer",
        "RecordDeferral",
        "RecordPromise",
        "WaiveAnswer",
    ),
    "recovery.core.vocabulary.ownership": (
        "AcceptHandover",
        "DeclineHandover",
        "MoveCase",
        "OfferHandover",
        "Person",
        "Route",
    ),
    "recovery.core.vocabulary.proposing": (
        "Investigate",
        "Option",
        "Propose",
        "RecordDecline",
    ),
    "recovery.core.vocabulary.receiving": (
        "Attachment",
        "CompleteTask",
        "Contact",
        "Correct",
        "Delivery",
        "Identify",
        "MovePolicy",
        "OpenCase",
        "Receive",
        "RecordWish",
        "ReportDelivery",
        "SetTask",
        "Wake",
        "Wish",
        "WishKind",
    ),
    "recovery.core.vocabulary.resolving": (
        "ArrivalSource",
        "CheckArrival",
        "ConfirmArrival",
        "MoveDelivery",
        "RecordAcceptance",
        "Resolution",
        "Resolve",
    ),
    "recovery.desk": (
        "Desk",
        "Entry",
        "Outcome",
        "Retries",
        "Work",
    ),
    "recovery.notifiers.console": ("ConsoleNotifier",),
    "recovery.notifiers.recording": ("RecordingNotifier",),
    "recovery.ports.values": ("Query",),
    "recovery.stores.memory": ("MemoryStore",),
    "recovery.stores.sqlite": ("SQLiteStore",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "policies":
        return import_module("recovery.policies")
    if name not in _HOME:
        raise AttributeError(f"module 'recovery' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return __all__
