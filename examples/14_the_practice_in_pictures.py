"""The practice in pictures: one real complaint from open to the end, told day by day.

Each day shows what the owner finds on the agenda, what is done, who is told what, and what is refused, with the reason. Read it like
a comic: it is the practice of customer recovery in one case. Nothing in it is scripted but the commands; the dates come by themselves.
"""

from datetime import datetime, timedelta

import pendulum

from recovery import (
    Acknowledge,
    Address,
    ArrivalSource,
    CauseKind,
    Channel,
    Command,
    ConfirmArrival,
    Contact,
    Customer,
    Desk,
    FollowUp,
    Guideline,
    Identity,
    Inform,
    Investigate,
    MemoryStore,
    Option,
    Person,
    Propose,
    RecordAcceptance,
    RecordCause,
    RecordDecline,
    RecordFollowUpAnswer,
    RecordingNotifier,
    RecordRemedySought,
    Refused,
    Remedy,
    Route,
    Said,
    Word,
    policies,
)

ZONE = "Europe/Berlin"
WORDS = (
    "XXXX XXXX sent me an invoice around XX/XX/2018, for a total amount of {$420.00}. For the past 4 months I have called XXXX 7 "
    "times asking for a detailed invoice showing the charges. So far I have not received the detailed invoice."
)
clock = [pendulum.datetime(2026, 3, 2, 8, 40, tz=ZONE)]
post = RecordingNotifier(now=lambda: clock[0])
ana = Person(id="ana", name="Ana Sola", supervisor="ben", addresses=(Address(channel=Channel.EMAIL, value="ana@desk.example"),))
ben = Person(id="ben", name="Ben Ferro", addresses=(Address(channel=Channel.EMAIL, value="ben@desk.example"),))
INVOICES = Guideline(
    id="invoices",
    remedies=(
        Remedy(id="list", text="The list of all charges.", delivers="the list"),
        Remedy(id="both", text="The list, and the entry is taken off.", delivers="the list"),
        Remedy(id="right", text="The right list."),
    ),
)
desk = Desk(
    store=MemoryStore(),
    policy=policies.default(
        fallback_owner="ben",
        calendar=policies.office_hours(ZONE),
        people=[ana, ben],
        routes=[Route(owner="ana", procedure="Ring first.")],
        guidelines=(INVOICES,),
    ),
    notifier=post,
    now=lambda: clock[0],
    identities=lambda: Identity(case_id="invoice", reference="K7M3-9QTG"),
)
via_mail, via_phone = Channel.EMAIL, Channel.PHONE
bo = Customer(
    name="Bo Lind",
    addresses=(Address(channel=via_mail, value="bo@boat.example"), Address(channel=via_phone, value="+49 30 1234")),
)


def day(text: str, hour: int) -> None:
    """Turn the page: the worker runs every hour until then, and the owner looks at the agenda."""
    at = pendulum.from_format(text, "YYYY-MM-DD", tz=ZONE).add(hours=hour)
    while clock[0] < at:
        desk.work()
        clock[0] = min(at, clock[0] + timedelta(hours=1))
    print(f"\n{at:%A %d %B, %H:%M}")
    told()
    for step in desk.agenda(until=at + timedelta(days=2)):
        if step.due_at is not None:
            print(f"   agenda    {step.due_at.in_timezone(ZONE):%a %d %b %H:%M}  {step.what}")


def does(title: str, *commands: Command) -> None:
    """Let Ana act, and show what comes of it or why not."""
    print(f"   {title}")
    try:
        desk.handle("invoice", *commands)
    except Refused as refusal:
        for reason in refusal.reasons:
            print(f"   refused   {reason.rule}: {reason.message} {reason.hint}")
    desk.deliver()
    told()


def told() -> None:
    """Show what went out since the last look."""
    while post.sent:
        message = post.sent.pop(0)
        print(f"   told      {message.person or 'Bo'}: {message.subject}")


def says(text: str, channel: Channel = via_mail, at: datetime | None = None) -> Word:
    """Return a word: a mail to be sent, or a call just made."""
    return Word(via={channel}, text=text, said_at=at)


day("2026-03-02", 9)
print("   Bo writes a mail:", WORDS[:77], "...")
desk.receive(Contact(channel=via_mail, sender=bo, text=WORDS, received_at=clock[0]))
does("Ana presses send on an empty courtesy", Acknowledge(by="ana", word=says("Your message is important to us.")))
sorry = says(
    "Thank you, Bo. Seven calls are seven too many, and I am sorry. I ask for the charges today; tell me if there is more."
)
does("Ana writes as a person", Acknowledge(by="ana", word=sorry, next_word_at=clock[0].add(days=2)), Investigate(by="ana"))

day("2026-03-04", 8)
does(
    "There is no news, and Ana says so",
    Inform(by="ana", word=says("No answer yet; I call them again."), next_word_at=clock[0].add(days=2, hours=2)),
)

day("2026-03-06", 10)
line = "And my own number, so that there is no eighth call to somebody else."
wish = RecordRemedySought(by="ana", said=Said(channel=via_mail, contact=1), remedy="list")
does("What Bo wishes stands in the mail: a detailed invoice", wish)
list_only = Option(id="list", text="You get the list of all charges.", delivers="the list", by=clock[0].add(days=4), beyond=line)
does("A proposal", Propose(by="ana", word=says("We can do this:"), options=(list_only,)))
said = Said(channel=via_phone, words="And the months on my credit report?")
does("Bo calls and declines", RecordDecline(by="ana", said=said, counter_offer="that the entry is taken off"))

day("2026-03-09", 11)
both = Option(
    id="both", text="The list by Friday, and the entry is off.", delivers="the list", by=clock[0].add(days=4), beyond=line
)
yes_to_both = "You asked that the entry is taken off: it will be."
does("A better one", Propose(by="ana", word=says("You are right. We can do both:"), options=(both,), counter_answer=yes_to_both))
does("Bo says yes", RecordAcceptance(by="ana", option="both", said=Said(channel=via_mail, words="Yes. Thank you.")))
does("Ana would like to tick it off", FollowUp(by="ana", word=says("Is everything fine?")))

day("2026-03-13", 10)
arrived = ConfirmArrival(by="ana", delivery_id=desk.load("invoice").resolving.deliveries[0].id, source=ArrivalSource.CARRIER)
does("The carrier says it is there", arrived)

day("2026-03-16", 11)
no = RecordFollowUpAnswer(by="ana", said=Said(channel=via_phone, words="The list is wrong."), solved=False, treated_well=True)
does(
    "Ana is an hour late, and Ben has heard of it. She calls: is it really solved?",
    FollowUp(by="ana", word=says("Is it solved?", via_phone, clock[0])),
    no,
)

day("2026-03-17", 10)
right = Option(id="right", text="The right list, at once.", beyond="And we carry the last rate.")
does("Accepted was not solved, so on it goes", Propose(by="ana", word=says("We can do this:"), options=(right,)))
does("Bo says yes", RecordAcceptance(by="ana", option="right", said=Said(channel=via_mail, words="That is more than fair.")))

does("Why it happened", RecordCause(by="ana", kind=CauseKind.INFORMATION, text="The new rates never reached the people who print."))
for date, words in (("2026-03-20", "Yes, it is right now."), ("2026-04-07", "Still right. I tell everybody.")):
    day(date, 9)
    yes = RecordFollowUpAnswer(by="ana", said=Said(channel=via_phone, words=words), solved=True, treated_well=True)
    does("Ana calls again", FollowUp(by="ana", word=says("Is it solved?", via_phone, clock[0])), yes)
    print("   Bo says  ", words)
print(f"\nThe case is at {desk.load('invoice').stage.value}. Doctor: {desk.doctor() or 'nothing to report'}.")

# >
# > Monday 02 March, 09:00
# >    Bo writes a mail: XXXX XXXX sent me an invoice around XX/XX/2018, for a total amount of {$420.0 ...
# >    Ana presses send on an empty courtesy
# >    refused   acknowledge.says: it does not say when the customer hears next. Give the date of the next word.
# >    told      ana: Yours: case K7M3-9QTG
# >    told      Bo: We have your message [K7M3-9QTG]
# >    Ana writes as a person
# >    told      Bo: I am looking after your case [K7M3-9QTG]
# >
# > Wednesday 04 March, 08:00
# >    told      ana: Due soon: K7M3-9QTG
# >    agenda    Wed 04 Mar 09:00  give the word that was promised for this date
# >    agenda    Thu 05 Mar 09:00  give the customer a word, news or no news
# >    There is no news, and Ana says so
# >    told      Bo: News about your case [K7M3-9QTG]
# >
# > Friday 06 March, 10:00
# >    told      ana: Due soon: K7M3-9QTG
# >    told      ana: Due soon: K7M3-9QTG
# >    agenda    Fri 06 Mar 10:00  give the word that was promised for this date
# >    What Bo wishes stands in the mail: a detailed invoice
# >    A proposal
# >    told      Bo: What we can do [K7M3-9QTG]
# >    Bo calls and declines
# >
# > Monday 09 March, 11:00
# >    agenda    Wed 11 Mar 10:00  give the customer a word, news or no news
# >    A better one
# >    told      Bo: What we can do [K7M3-9QTG]
# >    Bo says yes
# >    Ana would like to tick it off
# >    refused   follow-up.not-too-soon: it is too soon to ask. The first possible instant is 2026-03-10T11:00:00+01:00.
# >    refused   follow-up.after-delivery: the list has not arrived yet. Check the arrival first (CheckArrival), or confirm it (ConfirmArrival, delivery_id='30').
# >    refused   follow-up.other-channel: the case was settled by email, and nothing else was tried. Add one of: phone.
# >
# > Friday 13 March, 10:00
# >    told      ana: Due soon: K7M3-9QTG
# >    told      ana: Due soon: K7M3-9QTG
# >    agenda    Thu 12 Mar 11:00  give the customer a word, news or no news
# >    agenda    Fri 13 Mar 11:00  see that it arrives, and have the arrival confirmed
# >    The carrier says it is there
# >
# > Monday 16 March, 11:00
# >    told      ana: Due soon: K7M3-9QTG
# >    told      ben: Overdue: K7M3-9QTG
# >    agenda    Mon 16 Mar 10:00  ask the customer whether it is really solved
# >    Ana is an hour late, and Ben has heard of it. She calls: is it really solved?
# >
# > Tuesday 17 March, 10:00
# >    Accepted was not solved, so on it goes
# >    told      Bo: What we can do [K7M3-9QTG]
# >    Bo says yes
# >    Why it happened
# >
# > Friday 20 March, 09:00
# >    told      ana: Due soon: K7M3-9QTG
# >    agenda    Fri 20 Mar 10:00  ask the customer whether it is really solved
# >    Ana calls again
# >    Bo says   Yes, it is right now.
# >
# > Tuesday 07 April, 09:00
# >    told      Bo: How did we do? [K7M3-9QTG]
# >    told      ana: Due soon: K7M3-9QTG
# >    agenda    Tue 07 Apr 10:00  ask the customer again, whatever they said the first time
# >    Ana calls again
# >    Bo says   Still right. I tell everybody.
# >
# > The case is at followed_up_weeks. Doctor: nothing to report.
