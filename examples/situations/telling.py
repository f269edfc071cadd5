"""What the twelve stories share: a clock that moves, a desk, and a record of what was said, refused and sent, to read aloud.

A story is a function ``tell(told)`` in a file of its own. It sets the clock with ``until``, lets customers write with ``receives``,
lets people act with ``does``, and shows what must not be with ``tries``. Between two acts the worker looks at every clock in time,
and what is written arrives at once, unless the story says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from itertools import count
from textwrap import fill, indent, shorten
from types import ModuleType
from typing import Any

import pendulum
from attrs import field, frozen

from recovery import (
    Address,
    Case,
    Channel,
    Clock,
    Command,
    CompleteTask,
    Contact,
    Customer,
    Desk,
    Entry,
    FollowUp,
    Identity,
    Incident,
    IncidentWork,
    MemoryStore,
    Money,
    Outcome,
    Person,
    Policy,
    Reason,
    RecordFollowUpAnswer,
    RecordingNotifier,
    Refused,
    Said,
    Strength,
    Word,
    policies,
)
from recovery.core.reference import SPACE, reference
from recovery.directories import Absences
from recovery.ports import Precedents

ZONE = "Europe/Berlin"

MAIL, PHONE, LETTER, TEXT = (frozenset({channel}) for channel in (Channel.EMAIL, Channel.PHONE, Channel.LETTER, Channel.SMS))
ASKED = "Is it really solved, as you see it? And were you treated the way you expect of us?"
HOW = {
    Channel.LETTER: "by letter",
    Channel.EMAIL: "by e-mail",
    Channel.PHONE: "on the phone",
    Channel.WEB_FORM: "by web form",
    Channel.SMS: "by text message",
    Channel.IN_PERSON: "face to face",
}


def colleague(person: str, name: str, **more: Any) -> Person:
    """Return somebody of ours, whom customers reach by mail: ``colleague("ana", "Ana Sola", supervisor="ben")``."""
    addresses = (Address(channel=Channel.EMAIL, value=f"{person}@desk.example"),)
    return Person(id=person, name=name, addresses=addresses, **more)


def customer(name: str, *, mail: str = "", phone: str = "", post: str = "", text: str = "", **more: Any) -> Customer:
    """Return a customer with the ways in which they can be reached."""
    ways = ((Channel.EMAIL, mail), (Channel.PHONE, phone), (Channel.LETTER, post), (Channel.SMS, text))
    return Customer(name=name, addresses=tuple(Address(channel=channel, value=way) for channel, way in ways if way), **more)


def euros(amount: str) -> Money:
    """Return an amount in euros."""
    return Money.parse(f"{amount} EUR")


def mail(text: str) -> Word:
    """Return what is about to be written by mail."""
    return Word(via=MAIL, text=text)


@frozen(kw_only=True)
class Setting:
    """Where a story plays: the company, its people, who is away when, and whatever else its policy says."""

    company: str
    begins: str
    people: tuple[Person, ...]
    fallback_owner: str
    away: Mapping[str, list[tuple[date | str, date | str]]] = field(factory=dict[str, "list[tuple[date | str, date | str]]"])
    clocks: tuple[Clock, ...] = ()
    strengths: Mapping[str, Strength] = field(factory=dict[str, Strength])
    precedents: Precedents | None = None
    more: Mapping[str, Any] = field(factory=dict[str, Any])

    def policy(self, strengths: Mapping[str, Strength]) -> Policy:
        """Return the policy of the company, with some rules moved."""
        return policies.default(
            fallback_owner=self.fallback_owner,
            calendar=policies.office_hours(ZONE),
            people=self.people,
            company=self.company,
            clocks=self.clocks,
            strengths={**self.strengths, **strengths},
            **self.more,
        )


class Kind(Enum):
    """What a line of a story is."""

    TOLD = "told"
    HEARD = "heard"
    SAID = "said"
    WRITTEN = "written"
    NOTED = "noted"
    DRAFT = "draft"
    STEP = "step"
    REFUSED = "refused"
    WARNED = "warned"


@frozen(kw_only=True)
class Line:
    """One line of a story: who speaks to whom and how, the words, and the reasons where something was refused or warned of."""

    at: pendulum.DateTime
    kind: Kind
    text: str = ""
    who: str = ""
    how: str = ""
    subject: str = ""
    machine: bool = False
    case_id: str = ""
    reasons: tuple[Reason, ...] = ()


class Situation:
    """A desk in the middle of a story. ``lines`` is the story so far, ``refused`` the ids of the rules that refused something."""

    def __init__(self, setting: Setting, strengths: Mapping[str, Strength] | None = None) -> None:
        self.setting = setting
        self.now = local(setting.begins)
        self.lines: list[Line] = []
        self.post = RecordingNotifier(now=lambda: self.now)
        self.looked: dict[str, int] = {}
        self.desk = Desk(
            store=MemoryStore(),
            policy=setting.policy(strengths or {}),
            notifier=self.post,
            directory=Absences(days=setting.away, timezone=ZONE),
            precedents=setting.precedents,
            now=lambda: self.now,
            identities=identities().__next__,
        )

    # ------------------------------------------------------------ how a story is told

    def says(self, text: str) -> None:
        """Tell what happens meanwhile, or what the reader should notice."""
        if text:
            self.lines.append(Line(at=self.now, kind=Kind.TOLD, text=text))

    def until(self, when: str) -> None:
        """Let time pass until ``"2026-03-02 10:00"``; whatever falls due on the way rings at its instant, and is delivered."""
        target = local(when)
        while (due := self._next_wake()) is not None and due <= target:
            self.now = max(self.now, due.in_timezone(ZONE))
            self.desk.work()
            self._look()
            if self._next_wake() == due:
                break
        self.now = max(self.now, target)
        self.desk.work()
        self._look()

    def _next_wake(self) -> pendulum.DateTime | None:
        return min((step.wake_at for step in self.desk.agenda() if step.wake_at is not None), default=None)

    def receives(self, contact: Contact) -> Case:
        """Take in what a customer writes or says; return its case."""
        outcome = self.desk.receive(contact)
        self._settle()
        return self.desk.load(outcome.case.id)

    def does(self, text: str, case: Case, *commands: Command) -> Outcome:
        """Tell what somebody does, and let them do it. Raises :class:`recovery.Refused`."""
        self.says(text)
        outcome = self.desk.handle(case.id, *commands)
        self._settle()
        return outcome

    def tries(self, text: str, case: Case, *commands: Command) -> tuple[str, ...]:
        """Tell what somebody tries, and show why it is refused; return the ids of the rules that refused it."""
        self.says(text)
        try:
            self.desk.handle(case.id, *commands)
        except Refused as refusal:
            self.lines += drafts(commands, self)
            self.lines.append(Line(at=self.now, kind=Kind.REFUSED, case_id=case.id, reasons=refusal.reasons))
            return tuple(reason.rule for reason in refusal.reasons)
        self._settle()
        return ()

    def reaches_out(self, text: str, incident: Incident, affected: Iterable[Customer]) -> IncidentWork:
        """Tell what somebody does, and let them tell everybody whom a fault affects; what is refused is shown, and nobody is told."""
        self.says(text)
        try:
            work = self.desk.open_incident(incident, affected)
        except Refused as refusal:
            self.lines.append(Line(at=self.now, kind=Kind.DRAFT, who=self.name(incident.owner), text=incident.text))
            self.lines.append(Line(at=self.now, kind=Kind.REFUSED, reasons=refusal.reasons))
            return IncidentWork()
        self._settle()
        return work

    def tells_all(self, text: str, tell: Callable[[], IncidentWork]) -> IncidentWork:
        """Tell what somebody does, and let them give everybody in an incident one word."""
        self.says(text)
        work = tell()
        self._settle()
        return work

    def calls(self, text: str, case: Case, by: str, words: str, *, solved: bool = True, **more: Any) -> Outcome:
        """Let somebody ask on the phone whether it is really solved, and put the customer's answer on file."""
        said = Said(channel=Channel.PHONE, words=words)
        answer = RecordFollowUpAnswer(by=by, said=said, solved=solved, treated_well=True, **more)
        return self.does(text, case, FollowUp(by=by, word=self.spoken(ASKED)), answer)

    def wrote(self, case: Case) -> Said:
        """Return what the customer last wrote, as evidence."""
        contact = self.load(case).receiving.contacts[-1]
        return Said(channel=contact.channel, contact=contact.seq)

    def done(self, case: Case, by: str, what: str) -> CompleteTask:
        """Return the report that somebody has taken the step whose words begin so."""
        task = next(task for task in self.load(case).receiving.tasks if task.what.startswith(what))
        return CompleteTask(by=by, task_id=task.id)

    def spoken(self, text: str, *, reached: bool = True) -> Word:
        """Return what somebody has just said on the phone, or, with ``reached=False``, to a machine or to nobody."""
        return Word(via=PHONE, text=text, said_at=self.now, reached=reached)

    def to_call(self, text: str) -> Word:
        """Return what somebody is about to say on the phone."""
        return Word(via=PHONE, text=text)

    def here(self, text: str) -> Word:
        """Return what somebody has just said face to face."""
        return Word(via=frozenset({Channel.IN_PERSON}), text=text, said_at=self.now)

    def posted(self, text: str) -> Word:
        """Return what somebody has just put into the letter box."""
        return Word(via=LETTER, text=text, said_at=self.now)

    def agenda(self, case: Case, who: str | None = None) -> None:
        """Show what is on the agenda of a case, or of one person for it, now."""
        for step in self.desk.agenda(owner=who, case_id=case.id):
            due = "waits for the customer" if step.due_at is None else f"by {spoken(step.due_at)}"
            self.lines.append(Line(at=self.now, kind=Kind.STEP, who=self.name(step.whom), text=step.what, how=due, case_id=case.id))

    def load(self, case: Case) -> Case:
        """Return the case as it is now."""
        return self.desk.load(case.id)

    def name(self, person: str) -> str:
        """Return what somebody of ours is called."""
        known = {one.id: one.name for one in self.setting.people}
        return known.get(person, person)

    # ------------------------------------------------------------ what the tests ask

    @property
    def refused(self) -> tuple[str, ...]:
        """The ids of the rules that refused something, in order."""
        return self._rules(Kind.REFUSED)

    @property
    def warned(self) -> tuple[str, ...]:
        """The ids of the rules that warned of something, in order."""
        return self._rules(Kind.WARNED)

    def _rules(self, kind: Kind) -> tuple[str, ...]:
        return tuple(reason.rule for line in self.lines if line.kind is kind for reason in line.reasons)

    def mails(self, who: str) -> list[Line]:
        """Return what went out to one reader, customer or colleague, in order."""
        return [line for line in self.lines if line.kind in (Kind.WRITTEN, Kind.NOTED) and line.who == who]

    def cases(self) -> list[Case]:
        """Return every case of the story, in the order in which they were opened."""
        return [self.desk.load(case_id) for case_id in self.looked]

    # ------------------------------------------------------------ how it is written down

    def _settle(self) -> None:
        self._look()
        self.desk.deliver()
        self._look()

    def _look(self) -> None:
        """Write down what is new in the history of every case, and what has left since the last look."""
        for case in self.desk.find():
            self.looked.setdefault(case.id, 0)
        for case_id in self.looked:
            for entry in self.desk.timeline(case_id):
                if entry.case_id == case_id and entry.seq > self.looked[case_id]:
                    self.looked[case_id] = entry.seq
                    self.lines += lines_of(entry, self)
        for message in self.post.sent:
            inside = message.person is not None
            self.lines.append(
                Line(
                    at=self.now,
                    kind=Kind.NOTED if inside else Kind.WRITTEN,
                    who=self.name(message.person or "") if inside else message.name,
                    how=HOW[message.channel],
                    subject=message.subject,
                    text=message.body,
                    machine=message.origin.value != "person",
                    case_id=message.case_id,
                )
            )
        self.post.sent.clear()


def lines_of(entry: Entry, told: Situation) -> Iterator[Line]:
    """Yield what is worth telling of an entry: the words of people, warnings, and steps that were put on somebody's agenda."""
    event, at = entry.event, told.now
    contact, said, word = (getattr(event, name, None) for name in ("contact", "said", "word"))
    whom = told.desk.load(entry.case_id).receiving.customer.name or "somebody"
    if isinstance(contact, Contact):
        whom = contact.sender.name or whom
        if contact.text.strip():
            yield Line(at=at, kind=Kind.HEARD, who=whom, how=came(contact), text=contact.text, case_id=entry.case_id)
    elif isinstance(said, Said) and said.words.strip():
        yield Line(at=at, kind=Kind.HEARD, who=whom, how=HOW[said.channel], text=said.words, case_id=entry.case_id)
    elif isinstance(word, Word) and word.said_at is not None:
        how = " and ".join(HOW[channel] for channel in word.via)
        missed = "" if word.reached else ", but nobody was reached"
        text = "\n".join((word.text, *(f"- {option.text}" for option in getattr(event, "options", ())))).strip()
        yield Line(at=at, kind=Kind.SAID, who=told.name(entry.by), how=f"{how}{missed}", text=text, case_id=entry.case_id)
    elif entry.kind == "warned":
        yield Line(at=at, kind=Kind.WARNED, case_id=entry.case_id, reasons=getattr(event, "reasons", ()))
    elif entry.kind == "task_set":
        owner = getattr(event, "owner", None) or told.desk.load(entry.case_id).owner
        due = getattr(event, "due_at", None)
        how = "" if due is None else f"by {spoken(due)}"
        text = str(getattr(event, "what", ""))
        yield Line(at=at, kind=Kind.STEP, who=told.name(owner), text=text, how=how, case_id=entry.case_id)


def drafts(commands: tuple[Command, ...], told: Situation) -> Iterator[Line]:
    """Yield the words of what was refused: nobody but the reader of the story ever sees them."""
    for command in commands:
        word = getattr(command, "word", None)
        if isinstance(word, Word):
            more = (getattr(command, "explanation", ""), *(f"- {option.text}" for option in getattr(command, "options", ())))
            text = "\n".join(part for part in (word.text, *more) if part)
            yield Line(at=told.now, kind=Kind.DRAFT, who=told.name(command.by), text=text)


def came(contact: Contact) -> str:
    """Return how a contact came, and what came with it."""
    things = ", ".join(attachment.name for attachment in contact.attachments)
    return f"{HOW[contact.channel]}{f', with {things}' if things else ''}"


def identities() -> Iterator[Identity]:
    """Yield the ids and references of the cases of a story: the same in every telling."""
    for number in count(1):
        yield Identity(case_id=f"case-{number}", reference=reference(number * 7_368_787 % SPACE))


def local(when: str) -> pendulum.DateTime:
    """Return the instant that ``"2026-03-02 10:00"`` is where the stories play."""
    return pendulum.from_format(when, "YYYY-MM-DD HH:mm", tz=ZONE)


def spoken(at: pendulum.DateTime) -> str:
    """Return an instant as one would say it: ``Monday 2 March, 10:00``."""
    return at.in_timezone(ZONE).format("dddd D MMMM, HH:mm")


# ---------------------------------------------------------------- playing and printing


def play(story: ModuleType, strengths: Mapping[str, Strength] | None = None) -> Situation:
    """Tell a story on a fresh desk, with some rules moved if so wanted, and return it."""
    told = Situation(story.SETTING, strengths)
    tell: Callable[[Situation], None] = story.tell
    tell(told)
    return told


def show(setting: Setting, tell: Callable[[Situation], None]) -> None:
    """Tell a story and print it, day by day."""
    told = Situation(setting)
    tell(told)
    day = ""
    for line in told.lines:
        if (today := f"{line.at:dddd D MMMM}") != day:
            day = today
            print(f"\n{day}")
        print(printed(line))
    print(f"\ndoctor: {told.desk.doctor() or 'nothing to report'}")


def printed(line: Line) -> str:
    """Return a line as it is printed."""
    match line.kind:
        case Kind.TOLD:
            return fill(line.text, 100, initial_indent=f"  {line.at:HH:mm}  ", subsequent_indent=" " * 9)
        case Kind.HEARD | Kind.SAID:
            return quoted(f"{line.who}, {line.how}:", line.text)
        case Kind.DRAFT:
            return quoted("not sent:", line.text)
        case Kind.WRITTEN:
            return quoted(f"to {line.who}, {line.how}: {line.subject}", line.text)
        case Kind.NOTED if "\n- " in line.text:
            return f"  {line.at:HH:mm}" + quoted(f"inside, to {line.who}: {line.subject}", line.text)[7:]
        case Kind.NOTED:
            return f"  {line.at:HH:mm}  inside, to {line.who}: {line.subject}. {gist(line)}"
        case Kind.STEP:
            return f"         on the agenda of {line.who}: {line.text}{f' ({line.how})' if line.how else ''}"
        case _:
            return "\n".join(f"         {line.kind.value}  {r.rule}: {r.message} {r.hint}" for r in line.reasons)


def gist(line: Line) -> str:
    """Return what a message inside the house says between its greeting and its signature."""
    return shorten(" ".join(line.text.split("\n\n")[1:-1]), 220, placeholder=" ...")


def quoted(head: str, text: str) -> str:
    """Return words below what says whose they are."""
    lines = (fill(part, 96) for part in text.splitlines())
    if not text.strip():
        return f"         {head.rstrip(':')}"
    return f"         {head}\n{indent(chr(10).join(lines), ' ' * 11 + '| ', lambda _: True)}"
