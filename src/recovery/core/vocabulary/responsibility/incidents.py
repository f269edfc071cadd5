"""Incidents: one fault that affects many people, each of whom hears of it from us before they have to complain."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import (
    Value,
    checked,
    either,
    instant,
    invalid,
    is_id,
    is_instant,
    is_some_text,
    is_text,
    maybe,
)
from recovery.core.vocabulary.common import Command, Customer, Event, Need, Report, Severity


@frozen(kw_only=True)
class Incident(Value):
    """One fault of ours that affects many people, and the word by which each of them hears of it first.

    ``what`` says in a sentence what is wrong; it becomes the issue of every case. ``text`` is the word to each person, signed by
    ``owner``, a named person who owns the cases and can be reached; ``next_word_at`` is when they hear more, and becomes a promise.
    Cases with the ``category`` that are open for the same customer are taken for complaints about it, and join; without one, every
    open case of theirs is.
    """

    id: str = field(metadata=checked(is_id))
    what: str = field(metadata=checked(is_some_text))
    owner: str = field(metadata=checked(is_id))
    text: str = field(metadata=checked(is_some_text))
    next_word_at: DateTime = field(converter=instant, metadata=checked(is_instant))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    region: str | None = field(default=None, metadata=checked(maybe(is_id)))
    brand: str | None = field(default=None, metadata=checked(maybe(is_id)))
    severity: Severity = field(default=Severity.NORMAL, metadata=checked(either(Severity)))

    def faults(self) -> list[Reason]:
        """Its id becomes part of others, so it stays short."""
        if len(self.id) > 100:
            return [invalid("id", "is longer than 100 characters", "Give a short one, such as tyres-2026.")]
        return []


@frozen(kw_only=True)
class Affected:
    """How a case belongs to an incident.

    ``key`` names the person within it; a case that ``complained`` was there before. ``silent`` when the customer had asked not to
    be contacted. ``also`` are the keys of further naming of the same person, ``spoke`` whether the person has said a word since.
    """

    incident: str
    what: str
    key: str
    complained: bool = False
    silent: bool = False
    also: tuple[str, ...] = ()
    spoke: bool = False


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class OpenAffected(Command):
    """Open the case of somebody whom an incident affects and who has not complained. The desk files it, with the first word.

    ``key`` names the person within the incident, so that each has one case. ``silent`` says that the customer had asked, on another
    case, not to be contacted: then a person decides how they are told.
    """

    case_id: str = field(metadata=checked(is_id))
    reference: str = field(metadata=checked(is_id))
    incident: Incident = field(metadata=checked(either(Incident)))
    customer: Customer = field(metadata=checked(either(Customer)))
    key: str = field(metadata=checked(is_id))
    silent: bool = field(default=False, metadata=checked(either(bool)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY})

    @property
    def owner(self) -> str:
        """Who signs the word and owns the case."""
        return self.incident.owner

    def faults(self) -> list[Reason]:
        """Somebody is named, or a way to reach them."""
        if not (self.customer.name or self.customer.id or self.customer.addresses):
            return [invalid("customer", "names nobody", "Give a name, an id or an address.")]
        return []


@frozen(kw_only=True)
class JoinIncident(Command):
    """Say that what this customer complained about is the fault of an incident, so that they hear what all the others hear."""

    incident: str = field(metadata=checked(is_id))
    what: str = field(default="", metadata=checked(is_text))
    key: str = field(default="", metadata=checked(is_text))


@frozen(kw_only=True)
class NameAgain(Report):
    """Say that a list of affected people names this person once more: it is kept as a note, once, and opens nothing.

    ``key`` names the line of the list, ``told`` is what it said.
    """

    incident: str = field(metadata=checked(is_id))
    key: str = field(metadata=checked(is_id))
    told: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class AffectedCaseOpened(Event):
    """A fault of ours affects somebody who has not complained; their case was opened so that they hear of it from us first."""

    case_id: str
    reference: str
    policy_id: str
    owner: str
    incident: str
    what: str
    key: str
    customer: Customer
    category: str | None = None
    region: str | None = None
    brand: str | None = None
    severity: Severity = Severity.NORMAL
    silent: bool = False

    marks: ClassVar[tuple[str, ...]] = ("reached_out",)


@frozen(kw_only=True)
class IncidentJoined(Event):
    """What this customer complained about turned out to be the fault of an incident."""

    incident: str
    what: str = ""
    key: str = ""


@frozen(kw_only=True)
class AffectedNamedAgain(Event):
    """A list of affected people named this person once more; that is a note, and no second case."""

    incident: str
    key: str
    told: str = field(default="", repr=False, metadata={"personal": True})
