"""Five hundred real complaints through six weeks, and the proof that nobody was forgotten.

People forget, go on leave and fall silent, parcels are late, and for a whole week the worker does not run at all. Look at the end:
the proof is asked of the database, and the tables tell what it took. The complaints are real (data/NARRATIVES.md); names, addresses
and all that happens afterwards are invented by chance, and come out the same on every machine.
"""

import csv
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from math import ceil
from pathlib import Path
from random import Random

import pendulum
from attrs import define, field, frozen

from recovery import (
    Acknowledge,
    Address,
    ArrivalSource,
    Case,
    CauseKind,
    Channel,
    Close,
    CloseReason,
    Command,
    CompleteTask,
    ConfirmArrival,
    Contact,
    Customer,
    Delivery,
    Desk,
    FollowUp,
    Guideline,
    Identify,
    Identity,
    Inform,
    Investigate,
    MoveCase,
    Option,
    PassFollowUp,
    Person,
    Policy,
    Propose,
    RecordAcceptance,
    RecordCause,
    RecordDecline,
    RecordFollowUpAnswer,
    RecordingNotifier,
    RecordRemedySought,
    Remedy,
    ReportDelivery,
    Route,
    Said,
    SQLiteStore,
    Stage,
    Step,
    Word,
    policies,
)

ZONE = "America/New_York"
START = pendulum.datetime(2026, 3, 2, 8, 0, tz=ZONE).in_timezone("UTC")
END = START + timedelta(weeks=6)
TICK = timedelta(minutes=30)
LEAVE = (START + timedelta(days=7), START + timedelta(days=14))  # Dora is away
OUTAGE = (START + timedelta(days=17), START + timedelta(days=24))  # the worker does not run
MAIL, PHONE = frozenset({Channel.EMAIL}), frozenset({Channel.PHONE})


EXTRA = "The postage for your letters is on us."
USUAL = Guideline(
    id="usual",
    remedies=(
        Remedy(id="refund", text="Your money back.", delivers="the refund"),
        Remedy(id="mended", text="The entry is put right."),
    ),
)


def tick(at: pendulum.DateTime) -> int:
    """Return the number of the half hour in which ``at`` lies, or of the next one."""
    return ceil((at - START).total_seconds() / TICK.total_seconds())


def the_policy() -> Policy:
    """Four people look after customers, Cleo stands above them, and what nobody does falls to Frida."""
    supervisors = {"ana": "cleo", "ben": "cleo", "dora": "cleo", "emil": "cleo", "cleo": "frida", "frida": None}
    people = [
        Person(id=who, name=who.title(), supervisor=above, addresses=(Address(channel=Channel.EMAIL, value=f"{who}@desk.example"),))
        for who, above in supervisors.items()
    ]
    routes = [
        Route(category="Credit reporting", owner="dora", stand_ins=("ana", "ben"), procedure="Correct the entry everywhere."),
        Route(category="Debt collection", owner="emil", stand_ins=("ben",), procedure="Stop every call, then verify."),
        Route(category="Mortgage", owner="ben", stand_ins=("ana",), procedure="Ring before you write."),
        Route(owner="ana", stand_ins=("ben",), procedure="Ask once, then say who does what by when."),
    ]
    return policies.default(
        fallback_owner="frida", calendar=policies.office_hours(ZONE), people=people, routes=routes, guidelines=(USUAL,)
    )


class Absences:
    """A directory: it knows who is away."""

    def away(self, now: pendulum.DateTime) -> frozenset[str]:
        """Dora is on leave for a week."""
        return frozenset({"dora"}) if LEAVE[0] <= now < LEAVE[1] else frozenset()


ABSENCES = Absences()


@frozen(kw_only=True)
class Life:
    """What one customer is like: decided by chance, once, before anything happens."""

    customer: Customer
    chance: Random
    calls: bool  # answers by phone, where others write
    silent: bool  # answers no proposal
    gone: bool  # answers no follow-up
    declines: bool
    not_solved: bool
    parcel_late: int | None  # in days; None: it never comes


@define
class World:
    """The desk, the time, and everybody's diary of what they will do by themselves."""

    desk: Desk
    clock: list[pendulum.DateTime]
    post: RecordingNotifier
    lives: dict[str, Life] = field(factory=dict[str, Life])
    diary: dict[int, list[Callable[[], object]]] = field(factory=lambda: defaultdict(list))
    handed_in: set[str] = field(factory=set[str])
    repeats: int = 0
    reminded: set[str] = field(factory=set[str])
    lag: timedelta = timedelta()
    read: int = 0

    @property
    def now(self) -> pendulum.DateTime:
        """The time of the story."""
        return self.clock[0]

    def later(self, what: Callable[[], object], *, hours: float = 0, working_hours: float = 0) -> None:
        """Let something happen after a while, at the next full or half hour."""
        at = self.now + timedelta(hours=hours)
        if working_hours:
            at = self.desk.policy.calendar.add(at, timedelta(hours=working_hours))
        self.diary[tick(at)].append(what)

    def does(self, case_id: str, *commands: Command) -> bool:
        """Let somebody act."""
        return bool(self.desk.handle(case_id, *commands).events)

    def writes(self, case_id: str, text: str, *, automatic: bool = False) -> int:
        """Let the customer, or a machine of theirs, write about their case; return the number of the message on it."""
        reference, sender = self.desk.load(case_id).reference, self.lives[case_id].customer
        return self.takes(
            Contact(channel=Channel.EMAIL, sender=sender, text=text, received_at=self.now, reference=reference, automatic=automatic)
        )

    def says(self, case_id: str, words: str) -> Said:
        """Let the customer answer, by phone or by mail, as they do."""
        if self.lives[case_id].calls:
            return Said(channel=Channel.PHONE, words=words, at=self.now)
        return Said(channel=Channel.EMAIL, contact=self.writes(case_id, words))

    def has_no_mail_yet(self, case: Case) -> bool:
        """Whether a mail to the customer has not left yet."""
        return any(out.state is Delivery.QUEUED and out.person is None for out in case.receiving.outgoing)

    def takes(self, contact: Contact) -> int:
        """Take a contact in; return its number on the case it came to."""
        self.handed_in.add(contact.key)
        return self.desk.receive(contact).case.receiving.contacts[-1].seq


# ------------------------------------------------------------ the customers


def arrives(world: World, row: dict[str, str], life: Life) -> None:
    """A complaint comes in, now and then twice from the same gateway, and its owner reads it within two hours."""
    product = row["product"].split(",")[0]
    nameless = life.chance.random() < 0.015
    contact = Contact(
        channel=Channel.WEB_FORM,
        sender=Customer() if nameless else life.customer,
        subject=row["issue"],
        text=row["words"],
        received_at=world.now,
        message_id=f"cfpb-{row['complaint_id']}",
        category=product,
        region=row["state"] or None,
    )
    world.handed_in.add(contact.key)
    case_id = world.desk.receive(contact).case.id
    world.lives[case_id] = life
    world.later(partial(reads, world, case_id), working_hours=0.5 if life.chance.random() < 0.9 else 3)
    if life.chance.random() < 0.03:
        world.repeats += world.desk.receive(contact).repeated
    if life.chance.random() < 0.02 and not nameless:
        world.later(partial(world.writes, case_id, "I am out of the office.", automatic=True), hours=1)
    if life.chance.random() < 0.1:
        world.later(partial(asks_for_news, world, case_id), hours=40)


def asks_for_news(world: World, case_id: str) -> None:
    """The customer wonders how it stands."""
    if world.desk.load(case_id).stage in (Stage.ACKNOWLEDGED, Stage.INVESTIGATING):
        world.writes(case_id, "How does it stand?")


def thinks_it_over(world: World, case_id: str) -> None:
    """The customer answers a proposal, once the mail with it has arrived; the owner puts the answer on file."""
    case, life = world.desk.load(case_id), world.lives[case_id]
    if case.stage is not Stage.RESOLUTION_PROPOSED or life.silent:
        return
    if world.has_no_mail_yet(case):
        world.later(partial(thinks_it_over, world, case_id), hours=12)
        return
    declines = life.declines and not case.proposing.declines
    said = world.says(case_id, "No, that is not enough." if declines else "Yes, that is fine with me.")
    world.later(partial(files_answer, world, case_id, said, declines), working_hours=0.5)


def files_answer(world: World, case_id: str, said: Said, declines: bool) -> None:
    """The owner puts a yes or a no on file; what was agreed on is sent, and arrives, late or not at all."""
    case, life = world.desk.load(case_id), world.lives[case_id]
    if case.stage is not Stage.RESOLUTION_PROPOSED or case.proposing.proposal is None:
        return
    if declines:
        world.does(case_id, RecordDecline(by=case.owner, said=said, counter_offer="all of it, and an apology"))
        return
    world.does(case_id, RecordAcceptance(by=case.owner, option=case.proposing.proposal.options[0].id, said=said))
    for parcel in world.desk.load(case_id).resolving.deliveries:
        if parcel.arrived_at is None and life.parcel_late is not None:
            arrival = ConfirmArrival(by=case.owner, delivery_id=parcel.id, source=ArrivalSource.BANK)
            world.later(partial(world.does, case_id, arrival), hours=72 + 24 * life.parcel_late)


def answers_follow_up(world: World, case_id: str) -> None:
    """The customer answers the mail that asked whether it is solved."""
    case, life = world.desk.load(case_id), world.lives[case_id]
    if world.has_no_mail_yet(case):
        world.later(partial(answers_follow_up, world, case_id), hours=12)
        return
    answered = case.last("followed_up_days", "follow_up_answered", "reopened") or case.marks[0]
    asked = any(attempt.seq > answered.seq for attempt in case.following_up.attempts)
    if case.stage in (Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS) and asked and not life.gone:
        world.does(case_id, verdict(world, case, world.says(case_id, "I tell you how it is.")))


def verdict(world: World, case: Case, said: Said) -> RecordFollowUpAnswer:
    """Say how it turned out: those for whom it is not solved say so once."""
    solved = not world.lives[case.id].not_solved or bool(case.closing.reopened)
    return RecordFollowUpAnswer(by=case.owner, said=said, solved=solved, treated_well=world.lives[case.id].chance.random() < 0.8)


# ------------------------------------------------------------ the people at the desk


def reads(world: World, case_id: str) -> None:
    """The owner has read a new complaint and gets in touch at once."""
    case = world.desk.load(case_id)
    if case.stage is Stage.RECEIVED and not case.in_tray and case.owner not in ABSENCES.away(world.now):
        acknowledges(world, case)


def acknowledges(world: World, case: Case) -> bool:
    """The customer hears who looks after them, and when they hear next."""
    word = Word(
        via=MAIL,
        text="Thank you for telling us, and I am sorry. I have read all of it, and I am working on it; tell me if there is more.",
    )
    next_word = world.desk.policy.calendar.add_days(world.now, 3)
    return world.does(case.id, Acknowledge(by=case.owner, word=word, next_word_at=next_word), Investigate(by=case.owner))


def keeps_in_touch(world: World, case: Case, step: Step) -> bool:
    """A new complaint is acknowledged; otherwise the customer gets the word that is due today."""
    if case.stage is Stage.RECEIVED:
        return acknowledges(world, case)
    return world.does(
        case.id, Inform(by=case.owner, word=Word(via=MAIL, text="I am still on it, and you hear from me within a week."))
    )


def proposes(world: World, case: Case, step: Step) -> bool:
    """After two days, or one where it came back, there is a proposal."""
    life = world.lives[case.id]
    if case.stage is not Stage.INVESTIGATING or case.keeping.questions or life.chance.random() < 0.15:
        return False
    by = world.desk.policy.calendar.add_days(world.now, 3)
    refund = Option(id="refund", text="We pay back what you were charged too much.", delivers="the refund", by=by, beyond=EXTRA)
    mended = Option(id="mended", text="We have put the entry right and will confirm it to everybody who was told.", beyond=EXTRA)
    option = refund if life.parcel_late != 0 else mended
    world.later(partial(thinks_it_over, world, case.id), hours=life.chance.randrange(4, 44))
    first = case.receiving.contacts[0]
    wish = RecordRemedySought(by=case.owner, said=Said(channel=first.channel, contact=first.seq), remedy=option.id)
    answer = (
        "What you ask for instead goes further than we can; this is all that is in our hands." if case.proposing.declines else ""
    )
    offer = Propose(by=case.owner, word=Word(via=MAIL, text="We can do this right away:"), options=(option,), counter_answer=answer)
    return world.does(case.id, *(() if case.proposing.sought else (wish,)), offer)


def follows_up(world: World, case: Case, step: Step) -> bool:
    """Call where it was settled by mail, write where it was by phone, then the other way; after enough tries pass it on."""
    life, by = world.lives[case.id], case.owner
    if case.stage not in (Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS) or world.desk.permitted(case.id)["follow_up"]:
        return False
    if not world.desk.why_not(case.id, PassFollowUp(by=by)):
        return world.does(case.id, PassFollowUp(by=by))
    which = "days" if case.stage is Stage.RESOLVED else "weeks"
    tries = sum(attempt.which.value == which for attempt in case.following_up.attempts)
    if life.customer.address(Channel.PHONE) is None or (Channel.PHONE in case.resolving.settled_via) ^ bool(tries % 2):
        world.later(partial(answers_follow_up, world, case.id), hours=26)
        return world.does(case.id, FollowUp(by=by, word=Word(via=MAIL, text="Is it really solved?")))
    reached = not life.gone and life.chance.random() < 0.85
    call = FollowUp(by=by, word=Word(via=PHONE, text="Is it really solved?", said_at=world.now, reached=reached))
    answer = verdict(world, case, Said(channel=Channel.PHONE, words="I tell you how it is.", at=world.now))
    return world.does(case.id, *((call, answer) if reached else (call,)))


def finds_out(world: World, case: Case, step: Step) -> bool:
    """Put on record why it happened, before the customer is asked a second time."""
    return world.does(case.id, RecordCause(by=case.owner, kind=CauseKind.PROCEDURE, text="It fell between two desks."))


def gives_up(world: World, case: Case, step: Step) -> bool:
    """Close a case whose customer was asked and chased on two channels in vain; any word reopens it."""
    closing = Close(by=case.owner, reason=CloseReason.NO_ANSWER)
    return step.index >= 3 and not world.desk.why_not(case.id, closing) and world.does(case.id, closing)


def takes_step(world: World, case: Case, step: Step) -> bool:
    """Make the call that is owed, or take the step that stands on the agenda."""
    if any(out.id == step.key and out.state is Delivery.OWED for out in case.receiving.outgoing):
        return world.does(case.id, ReportDelivery(by=case.owner, message_id=step.key, delivery=Delivery.SENT, at=world.now))
    return world.does(case.id, CompleteTask(by=step.whom, task_id=step.key)) if step.key else False


def identifies(world: World, case: Case, step: Step) -> bool:
    """Find out who wrote what waits in the tray."""
    return world.does(case.id, Identify(by=step.whom, customer=world.lives[case.id].customer))


ACTS: dict[str, Callable[[World, Case, Step], bool]] = {
    "contact.logged": identifies,
    "acknowledge.immediately": keeps_in_touch,
    "contact.keep-informed": keeps_in_touch,
    "contact.answer-owed": keeps_in_touch,
    "promise.tracked.next-word": keeps_in_touch,
    "propose.in-time": proposes,
    "customer.chased": gives_up,
    "follow-up.days": follows_up,
    "follow-up.weeks": follows_up,
    "follow-up.unreachable": follows_up,
    "case.never-forgotten": takes_step,
    "own.cause": finds_out,
}


def morning(world: World) -> None:
    """Everybody who is there takes what is due by tomorrow evening, one step for each case, but for what they forget."""
    calendar, away, done = world.desk.policy.calendar, ABSENCES.away(world.now), set[str]()
    tonight = calendar.closing_of_day(world.now)
    tomorrow = calendar.closing_of_day(calendar.add_days(world.now, 1))
    for step in world.desk.agenda(until=world.now + timedelta(days=7)):
        act, limit = ACTS.get(step.clock), tonight if step.clock == "follow-up.unreachable" else tomorrow
        waits = step.due_at is None or (step.due_at > limit and step.clock != "propose.in-time")
        if act is None or waits or step.whom in away or step.case_id in done or forgets(world, step):
            continue
        if act(world, world.desk.load(step.case_id), step):
            done.add(step.case_id)


def forgets(world: World, step: Step) -> bool:
    """One step in twelve is forgotten, until somebody is told that it is overdue."""
    return step.case_id not in world.reminded and Random(f"{step.case_id} {step.run}").random() < 1 / 12


def hears_of_it(world: World) -> None:
    """Whoever is told that something is overdue sees to it: the case of somebody away is moved, everybody else is reminded."""
    for message in world.post.sent[world.read :]:
        if message.person is not None and message.subject.startswith("Overdue"):
            case = world.desk.load(message.case_id)
            world.reminded.add(case.id)
            if case.owner in ABSENCES.away(world.now) and not case.ended:
                world.does(case.id, MoveCase(by=message.person, to="ana", reason=f"{case.owner} is away"))
    world.read = len(world.post.sent)


# ------------------------------------------------------------ six weeks


def lives(rows: list[dict[str, str]]) -> list[tuple[pendulum.DateTime, dict[str, str], Life]]:
    """Decide by chance who writes when, and what they are like."""
    found: list[tuple[pendulum.DateTime, dict[str, str], Life]] = []
    for number, row in enumerate(rows, start=1):
        chance = Random(f"customer {number}")
        ways = [Address(channel=Channel.EMAIL, value=f"customer.{number}@example.org")]
        if chance.random() < 0.85:
            ways.append(Address(channel=Channel.PHONE, value=f"+1 202 555 {number:04}"))
        late = chance.choice((0, 0, 0, 1, 1, 2, 3, 8, None)) if "{$" in row["words"] else 0
        life = Life(
            customer=Customer(name=f"Customer {number}", addresses=tuple(ways)),
            chance=chance,
            calls=len(ways) == 2 and chance.random() < 0.7,
            silent=chance.random() < 0.05,
            gone=chance.random() < 0.05,
            declines=chance.random() < 0.2,
            not_solved=chance.random() < 0.08,
            parcel_late=late,
        )
        found.append((START + TICK * chance.randrange(2 * 24 * 12), row, life))
    return found


def play(world: World, rows: list[dict[str, str]]) -> None:
    """Let six weeks go by, half an hour at a time."""
    for at, row, life in lives(rows):
        world.diary[tick(at)].append(partial(arrives, world, row, life))
    calendar = world.desk.policy.calendar
    for number in range(tick(END) + 1):
        world.clock[0] = START + number * TICK
        for action in world.diary.pop(number, []):
            action()
        if calendar.is_open(world.now) and world.now.in_timezone(ZONE).format("HH:mm") == "10:00":
            morning(world)
        if not OUTAGE[0] <= world.now < OUTAGE[1]:
            work = world.desk.work(limit=2000)
            world.lag = max(world.lag, work.lag)
            hears_of_it(world)
        progress(number / tick(END))


def progress(share: float) -> None:
    """Draw a bar, on a terminal only."""
    if sys.stderr.isatty():
        end = "\n" if share >= 1 else ""
        print(f"\rsix weeks [{'#' * int(40 * share):40}] {share:4.0%}", end=end, file=sys.stderr, flush=True)


# ------------------------------------------------------------ the proof and the figures


def proof(world: World) -> bool:
    """Ask the database whether anybody was forgotten. Each line must say 0."""
    desk, people = world.desk, {person.id for person in world.desk.policy.people}
    still_open = list(desk.find(open_only=True))
    steps = {case.id: desk.agenda(case_id=case.id) for case in still_open}
    on_cases = Counter(note.key for case in desk.find() for note in case.receiving.contacts)
    answers = {
        "contacts that are on no case": len(world.handed_in - set(on_cases)),
        "contacts that are on two": sum(count > 1 for count in on_cases.values()),
        "open cases without a named owner": sum(case.owner not in people for case in still_open),
        "open cases without a dated step": sum(not any(step.due_at for step in steps[case.id]) for case in still_open),
        "open cases nobody will look at again": sum(not any(step.wake_at for step in steps[case.id]) for case in still_open),
        "messages that lie unsent": desk.backlog().unsent,
        "cases overdue for a look": desk.backlog().due,
        "findings of the doctor": len(desk.doctor()),
    }
    print(f"\n{len(on_cases)} contacts on {sum(1 for _ in desk.find())} cases, {len(still_open)} of them open.")
    for question, answer in answers.items():
        print(f"  {question:38}{answer:6}")
    return not any(answers.values())


def figures(world: World) -> None:
    """Print what it took."""
    cases = list(world.desk.find())
    for which in ("days", "weeks"):
        ended = Counter(outcome.value for case in cases if (outcome := getattr(case.following_up, which)) is not None)
        row(f"followed up after {which}", ended)
    row("not solved, so taken up again", Counter(cases=sum(case.closing.reopened for case in cases)))
    row("closed", Counter(case.closing.reason.value for case in cases if case.closing.reason is not None))
    row("overdue steps told to", Counter(m.person for m in world.post.sent if m.person and m.subject.startswith("Overdue")))
    late = Counter(reading.clock for case in cases for reading in world.desk.clocks(case.id) if reading.outcome.value == "missed")
    row("asked again, for want of an answer", Counter(customers=late.pop("customer.chased")))
    row("on record", Counter(events=sum(case.version for case in cases), messages=len(world.post.sent)))
    print("\nclocks missed:")
    for clock, count in late.most_common():
        print(f"  {clock:28}{count:5}")


def row(title: str, counts: Counter[str]) -> None:
    """Print one line of counts."""
    print(f"{title + ':':36}" + ", ".join(f"{count} {name}" for name, count in sorted(counts.items())))


def main() -> None:
    """Play, prove, and tell."""
    with (Path(__file__).parent / "data" / "narratives.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made = iter(range(1, 10_000))
    with tempfile.TemporaryDirectory() as folder, SQLiteStore(Path(folder) / "recovery.db") as store:
        clock = [START]
        post = RecordingNotifier(now=lambda: clock[0])
        desk = Desk(
            store=store,
            policy=the_policy(),
            notifier=post,
            directory=ABSENCES,
            now=lambda: clock[0],
            identities=lambda: Identity(case_id=f"case-{(number := next(made)):03}", reference=f"R-{number:03}"),
            chance=Random("retries"),
        )
        world = World(desk=desk, clock=clock, post=post)
        play(world, rows)
        print(f"{len(rows)} complaints, six weeks, {world.repeats} of them handed in twice.")
        print(f"Longest that the worker was behind: {world.lag.days} days.")
        held = proof(world)
        print()
        figures(world)
    sys.exit(None if held else "somebody was forgotten")


if __name__ == "__main__":
    main()

# > 500 complaints, six weeks, 9 of them handed in twice.
# > Longest that the worker was behind: 7 days.
# >
# > 969 contacts on 500 cases, 80 of them open.
# >   contacts that are on no case               0
# >   contacts that are on two                   0
# >   open cases without a named owner           0
# >   open cases without a dated step            0
# >   open cases nobody will look at again       0
# >   messages that lie unsent                   0
# >   cases overdue for a look                   0
# >   findings of the doctor                     0
# >
# > followed up after days:             451 solved, 32 unanswered
# > followed up after weeks:            386 solved, 19 unanswered
# > not solved, so taken up again:      45 cases
# > closed:                             15 no_answer
# > overdue steps told to:              424 cleo, 141 frida
# > asked again, for want of an answer: 159 customers
# > on record:                          27429 events, 7430 messages
# >
# > clocks missed:
# >   follow-up.days                269
# >   survey.short                  151
# >   contact.keep-informed         132
# >   resolve.delivered              95
# >   propose.in-time                74
# >   acknowledge.immediately        63
# >   follow-up.weeks                47
# >   own.cause                      25
# >   contact.receipt                20
# >   contact.answer-owed            20
# >   follow-up.unreachable          13
# >   promise.tracked.next-word      12
# >   case.never-forgotten            3
# >   contact.logged                  1
# >   resolve.whole-case              1
