"""What a supervisor sees: escalations, a handover, an owner who is away, and a customer who wants another person.

Ben stands above Ana and Dora. He watches no screen: what is late comes to him by name, rung by rung, and so does what only he may
decide. Look at what is refused: nobody hands a case over without a briefing, and nobody but a supervisor takes one away.
"""

from datetime import timedelta

import pendulum

from recovery import (
    AcceptHandover,
    Acknowledge,
    Address,
    Channel,
    Command,
    Contact,
    Customer,
    Desk,
    Identity,
    Inform,
    MemoryStore,
    MoveCase,
    OfferHandover,
    Person,
    RecordingNotifier,
    RecordWish,
    Refused,
    Route,
    Said,
    Wish,
    WishKind,
    Word,
    policies,
)

ZONE = "Europe/Berlin"
clock = [pendulum.datetime(2026, 3, 2, 9, 0, tz=ZONE)]
post = RecordingNotifier(now=lambda: clock[0])
names = iter(("calls", "insurance", "loan"))


def person(name: str, supervisor: str | None) -> Person:
    """Return somebody at the desk."""
    mail = Address(channel=Channel.EMAIL, value=f"{name}@desk.example")
    return Person(id=name, name=name.title(), supervisor=supervisor, addresses=(mail,))


class Rota:
    """Who is away; yours asks the calendar of the house."""

    def away(self, now: pendulum.DateTime) -> frozenset[str]:
        """Ana is away on Wednesdays."""
        return frozenset({"ana"}) if now.in_timezone(ZONE).day_of_week == pendulum.WEDNESDAY else frozenset()


desk = Desk(
    store=MemoryStore(),
    policy=policies.default(
        fallback_owner="eva",
        calendar=policies.office_hours(ZONE),
        people=[person("ana", "ben"), person("dora", "ben"), person("ben", "eva"), person("eva", None)],
        routes=[Route(owner="ana", stand_ins=("dora",), procedure="Ring first, then write.")],
    ),
    notifier=post,
    directory=Rota(),
    now=lambda: clock[0],
    identities=lambda: Identity(case_id=(name := next(names)), reference=name.upper()),
)


def receive(text: str) -> None:
    """A customer writes."""
    sender = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))
    case = desk.receive(Contact(channel=Channel.EMAIL, sender=sender, text=text, received_at=clock[0])).case
    desk.deliver()
    print(f"   {case.id}: {' '.join(text.split()[:8])} ... goes to {case.owner}")


def does(case_id: str, *commands: Command) -> None:
    """Let somebody act, and show why not where it is refused."""
    try:
        desk.handle(case_id, *commands)
        done = ", ".join(type(command).__name__ for command in commands)
        print(f"   {commands[0].by}: {done} on {case_id}, which is {desk.load(case_id).owner}'s")
    except Refused as refusal:
        for reason in refusal.reasons:
            print(f"   refused to {commands[0].by}: {reason.rule}: {reason.message} {reason.hint}")


def until(hours: float, title: str) -> None:
    """Let time pass, the worker running every half hour, and show what people on our side are told."""
    end = clock[0] + timedelta(hours=hours)
    while clock[0] < end:
        clock[0] += timedelta(minutes=30)
        desk.work()
        for message in post.sent:
            if message.person is not None:
                print(f"      {clock[0]:%a %H:%M} to {message.person}: {message.subject}")
        post.sent.clear()
    print(f"{clock[0]:%a %H:%M} {title}")


print(f"{clock[0]:%a %H:%M} two complaints come in, and Ana does not get to them")
receive("This company calls me 15+ times a day and has now started calling my parents on both their landline and cellphones.")
receive(
    "This was a medical debt covered by insurance and the provider did not file with our insurance policy within the 1 year allotted."
)
until(8, "what Ben finds in the evening: every clock of his people that was missed")
for case in desk.find(open_only=True):
    for reading in desk.clocks(case.id):
        if reading.outcome.value == "missed" and reading.due_at is not None:
            print(f"   {case.id}, {case.owner}: {reading.clock}, due {reading.due_at.in_timezone(ZONE):%a %H:%M}")

until(16, "Ana calls both, and hands one over to Dora")
for case_id in ("calls", "insurance"):
    call = Word(
        via={Channel.PHONE}, text="Thank you for telling us, and I am sorry. It is with me now; tell me more.", said_at=clock[0]
    )
    does(case_id, Acknowledge(by="ana", word=call, next_word_at=clock[0].add(days=2)))
does("insurance", OfferHandover(by="ana", to="dora"))
briefing = (
    "He has told it twice already. The insurer's letter is on file; asked for the ledger; next word is promised for Thursday."
)
does("insurance", OfferHandover(by="ana", to="dora", briefing=briefing))
does("insurance", AcceptHandover(by="dora"))

until(24, "Wednesday: Ana is away, so a new complaint goes to whoever stands in")
receive("I have not received an accurate pay-off figure in writing for the debt I am being asked to pay.")
call = Word(via={Channel.PHONE}, text="Thank you for telling us. I look after it; tell me more.", said_at=clock[0])
does("loan", Acknowledge(by="dora", word=call, next_word_at=clock[0].add(days=2)))
does("loan", OfferHandover(by="dora", to="ana", briefing="Asked for the figure in writing; nothing is promised yet."))

until(25, "Thursday: a customer does not want to deal with Ana any more")
wish = Said(channel=Channel.PHONE, words="Somebody else, please.", at=clock[0])
does("calls", RecordWish(by="ana", wish=Wish(kind=WishKind.ANOTHER_PERSON), said=wish))
does("calls", Inform(by="ana", word=Word(via={Channel.EMAIL}, text="I would like to explain it tomorrow.")))
does("calls", MoveCase(by="dora", to="dora", reason="I can take it"))
print("   on Ben's agenda:", ", ".join(step.what for step in desk.agenda(owner="ben")))
does("calls", MoveCase(by="ben", to="dora", reason="the customer asked for another person"))
until(1, "and the new owner knows")

# > Mon 09:00 two complaints come in, and Ana does not get to them
# >    calls: This company calls me 15+ times a day ... goes to ana
# >    insurance: This was a medical debt covered by insurance ... goes to ana
# >       Mon 09:30 to ana: Yours: case CALLS
# >       Mon 09:30 to ana: Yours: case INSURANCE
# >       Mon 10:00 to ana: Due soon: CALLS
# >       Mon 10:00 to ana: Due soon: INSURANCE
# >       Mon 13:00 to ben: Overdue: CALLS
# >       Mon 13:00 to ben: Overdue: INSURANCE
# > Mon 17:00 what Ben finds in the evening: every clock of his people that was missed
# >    calls, ana: acknowledge.immediately, due Mon 10:00
# >    insurance, ana: acknowledge.immediately, due Mon 10:00
# >       Tue 09:00 to eva: Overdue: CALLS
# >       Tue 09:00 to eva: Overdue: INSURANCE
# > Tue 09:00 Ana calls both, and hands one over to Dora
# >    ana: Acknowledge on calls, which is ana's
# >    ana: Acknowledge on insurance, which is ana's
# >    refused to ana: owner.handover: a handover needs a briefing. Say what happened, what was promised, what is open.
# >    ana: OfferHandover on insurance, which is ana's
# >    dora: AcceptHandover on insurance, which is dora's
# >       Tue 09:30 to dora: Will you take INSURANCE?
# >       Tue 09:30 to ana: Taken over: INSURANCE
# >       Wed 09:00 to ben: Due soon: CALLS
# >       Wed 09:00 to dora: Due soon: INSURANCE
# > Wed 09:00 Wednesday: Ana is away, so a new complaint goes to whoever stands in
# >    loan: I have not received an accurate pay-off figure ... goes to dora
# >    dora: Acknowledge on loan, which is dora's
# >    refused to dora: owner.named: ana is away. Choose somebody who is there.
# >       Wed 09:30 to dora: Yours: case LOAN
# >       Thu 09:00 to ana: Due soon: CALLS
# >       Thu 09:00 to ben: Overdue: CALLS
# >       Thu 09:00 to dora: Due soon: INSURANCE
# >       Thu 09:00 to ben: Overdue: INSURANCE
# >       Thu 09:00 to dora: Due soon: LOAN
# > Thu 10:00 Thursday: a customer does not want to deal with Ana any more
# >    ana: RecordWish on calls, which is ana's
# >    refused to ana: contact.wishes: the customer asked for another person. A supervisor moves the case to somebody else (MoveCase).
# >    refused to dora: owner.handover: only a supervisor moves a case at once. Ask ben or eva, or offer a handover.
# >    on Ben's agenda: give the case to another person, as the customer asked
# >    ben: MoveCase on calls, which is dora's
# >       Thu 10:30 to dora: Yours: case CALLS
# >       Thu 10:30 to ana: Moved: CALLS
# > Thu 11:00 and the new owner knows
