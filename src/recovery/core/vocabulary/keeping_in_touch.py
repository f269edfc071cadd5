"""Keeping in touch and keeping one's word: progress, questions, answers, promises, and what waits for the customer."""

from __future__ import annotations

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import (
    checked,
    either,
    instant,
    invalid,
    is_id,
    is_instant,
    is_some_text,
    is_text,
    maybe,
    maybe_instant,
)
from recovery.core.vocabulary.common import Command, Event, Heard, Mark, Report, Said, Speaking, Spoken, Word
from recovery.core.vocabulary.known import Again, maybe_fact_key


@frozen(kw_only=True)
class Question:
    """Something the customer has been asked and has not answered. A proposal is one too.

    ``fact`` is the key under which the answer is filed; with ``confirms`` the customer was only asked whether the file is right.
    """

    id: str
    asked_at: DateTime
    text: str = field(repr=False, metadata={"personal": True})
    fact: str | None = None
    confirms: bool = False


@frozen(kw_only=True)
class Promise:
    """What was promised, for when. Whether it is kept, broken or moved in time is read off the clocks."""

    id: str
    what: str = field(repr=False, metadata={"personal": True})
    due_at: DateTime | None
    made_at: DateTime


@frozen(kw_only=True)
class KeepingPart:
    """What was asked and promised, and is still open."""

    questions: tuple[Question, ...] = ()
    promises: tuple[Promise, ...] = ()


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class Inform(Speaking):
    """Give the customer a word: progress, an answer, or that there is no news yet.

    ``no_proposal_yet`` says that there is no proposal yet, and ``next_word_at`` when there will be. ``repeats`` is the number of an
    earlier word that did not arrive and is said again here; it then counts as that word.
    """

    next_word_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant), public=True))
    no_proposal_yet: bool = field(default=False, metadata=checked(either(bool)))
    repeats: int | None = field(default=None, metadata=checked(maybe(either(int))))


@frozen(kw_only=True)
class Ask(Speaking):
    """Ask the customer something we need to know. While it is open, the clocks that may pause do.

    ``fact`` is the key under which the answer is filed. What is on file is not asked for again, unless ``again`` says why it has to
    be; asking whether it is still right is free: ``confirms`` shows the customer what the file says.
    """

    question: str = field(repr=False, metadata=checked(is_text, personal=True, public=True))
    fact: str | None = field(default=None, converter=maybe_fact_key, metadata=checked(maybe(is_id)))
    again: Again | None = field(default=None, metadata=checked(maybe(either(Again))))
    confirms: bool = field(default=False, metadata=checked(either(bool)))

    def faults(self) -> list[Reason]:
        """What is asked again, or is to be confirmed, has a key."""
        found = super().faults()
        if self.fact is None:
            hint = "Give fact=, the key under which it is on file."
            given = (("again", self.again is not None), ("confirms", self.confirms))
            found += [invalid(name, "is given, but not what it is about", hint) for name, there in given if there]
        return found


@frozen(kw_only=True)
class RecordAnswer(Report):
    """Put the customer's answer to a question on file.

    ``value`` is what is filed of it where the question has a ``fact``; left out, the customer's words are.
    """

    question_id: str = field(metadata=checked(is_id))
    said: Said = field(metadata=checked(either(Said)))
    value: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))


@frozen(kw_only=True)
class WaiveAnswer(Command):
    """Mark a message of the customer as needing no answer, with a reason. ``contact`` is its number on the case."""

    contact: int = field(metadata=checked(either(int)))
    reason: str = field(repr=False, metadata=checked(is_some_text, personal=True))


@frozen(kw_only=True)
class MakePromise(Command):
    """Promise something to the customer for a date. With ``word`` the customer is told here; without it, it was told already."""

    what: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    due_at: DateTime = field(converter=instant, metadata=checked(is_instant))
    word: Word | None = field(default=None, metadata=checked(maybe(either(Word)), public=True))


@frozen(kw_only=True)
class RecordPromise(Report):
    """Log a promise that was given elsewhere, dated or not; an undated one gets the policy's date."""

    what: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    due_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))


@frozen(kw_only=True)
class MovePromise(Speaking):
    """Announce a new date for a promise, before it is missed."""

    promise_id: str = field(metadata=checked(is_id))
    due_at: DateTime = field(converter=instant, metadata=checked(is_instant, public=True))


@frozen(kw_only=True)
class KeepPromise(Report):
    """Say that a promise has been kept, and when."""

    promise_id: str = field(metadata=checked(is_id))
    note: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


@frozen(kw_only=True)
class RecordDeferral(Report):
    """Put on file that the customer named a date until which nothing is expected of us; the clocks that may pause do."""

    until: DateTime = field(converter=instant, metadata=checked(is_instant))
    said: Said = field(metadata=checked(either(Said)))

    def faults(self) -> list[Reason]:
        """The date lies after the instant it was named."""
        if self.at is not None and self.until <= self.at:
            return [invalid("until", "is not after the instant it was named", "Give the date the customer named.")]
        return []


# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class CustomerInformed(Spoken):
    """A person gave the customer a word. ``proposal_by`` is the date for which a proposal was announced."""

    next_word_at: DateTime | None = field(default=None, metadata={"public": True})
    proposal_by: DateTime | None = field(default=None, metadata={"public": True})
    again: tuple[Mark, ...] = ()

    def says(self, seq: int) -> tuple[Mark, ...]:
        """It breaks the silence; a date in it is a promise, and may put off the proposal; ``again`` is what it repeats."""
        marks = [*super().says(seq)]
        marks += [Mark(name=m.name, at=self.at, seq=seq, key=m.key, until=m.until) for m in self.again]
        if self.next_word_at is not None:
            marks.append(Mark(name="word_promised", at=self.at, seq=seq, until=self.next_word_at))
        if self.proposal_by is not None:
            marks.append(Mark(name="no_proposal_yet", at=self.at, seq=seq, until=self.proposal_by))
        return tuple(marks)


@frozen(kw_only=True)
class QuestionAsked(Spoken):
    """The customer was asked something.

    ``fact`` is the key under which the answer is filed, ``on_file`` what they were shown of the file, to confirm it.
    """

    question: str = field(repr=False, metadata={"personal": True, "public": True})
    fact: str | None = None
    again: Again | None = None
    confirms: bool = False
    on_file: str = field(default="", repr=False, metadata={"personal": True, "public": True})

    def says(self, seq: int) -> tuple[Mark, ...]:
        """From now on we wait for the customer."""
        return (*super().says(seq), Mark(name="asked", at=self.at, seq=seq, key=str(seq)))


@frozen(kw_only=True)
class QuestionAnswered(Heard):
    """The customer answered a question.

    ``value`` is what was filed of the answer, where it is not the words themselves.
    """

    question_id: str
    value: str = field(default="", repr=False, metadata={"personal": True})

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The waiting is over."""
        return (Mark(name="replied", at=self.at, seq=seq, key=self.question_id),)


@frozen(kw_only=True)
class AnswerWaived(Event):
    """A message of the customer needs no answer, for a reason."""

    contact: int
    reason: str = field(repr=False, metadata={"personal": True})

    @property
    def waives(self) -> int | None:
        """The message that needs none."""
        return self.contact


@frozen(kw_only=True)
class PromiseMade(Event):
    """Something was promised.

    ``elsewhere`` when it was given before it came here.
    """

    what: str = field(repr=False, metadata={"personal": True})
    due_at: DateTime | None = None
    elsewhere: bool = False

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The promise runs until it is kept or moved."""
        return (Mark(name="promised", at=self.at, seq=seq, key=str(seq), until=self.due_at),)


@frozen(kw_only=True)
class PromiseMoved(Spoken):
    """The customer was told a new date for a promise."""

    promise_id: str
    due_at: DateTime = field(metadata={"public": True})

    def says(self, seq: int) -> tuple[Mark, ...]:
        """The old date is settled, the new one runs."""
        moved = Mark(name="promise_moved", at=self.at, seq=seq, key=self.promise_id)
        again = Mark(name="promised", at=self.at, seq=seq, key=self.promise_id, until=self.due_at)
        return (*super().says(seq), moved, again)


@frozen(kw_only=True)
class PromiseKept(Event):
    """What was promised has been done."""

    promise_id: str
    note: str = field(default="", repr=False, metadata={"personal": True})

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The promise is off the agenda."""
        return (Mark(name="promise_kept", at=self.at, seq=seq, key=self.promise_id),)


@frozen(kw_only=True)
class DeferralRecorded(Heard):
    """The customer named a date until which nothing is expected of us."""

    until: DateTime

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The clocks that may pause wait until then."""
        return (Mark(name="deferred", at=self.at, seq=seq, until=self.until),)
