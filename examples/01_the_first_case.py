"""One complaint from receipt to the second follow-up, told as a timeline.

Run it with `python examples/01_the_first_case.py`. What it prints is compared with the end of this file by the tests.
"""

from datetime import timedelta

import pendulum

from recovery import (
    Acknowledge,
    Address,
    ArrivalSource,
    CauseKind,
    Channel,
    CompleteTask,
    ConfirmArrival,
    Contact,
    Customer,
    Desk,
    FollowUp,
    Guideline,
    Identity,
    Investigate,
    MemoryStore,
    Option,
    Person,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordCause,
    RecordFollowUpAnswer,
    RecordingNotifier,
    RecordRemedySought,
    Remedy,
    Said,
    Word,
    policies,
)

BERLIN = "Europe/Berlin"


class Clock:
    """The time of this story; it moves when the story says so."""

    def __init__(self) -> None:
        self.now = pendulum.datetime(2026, 3, 2, 10, 0, tz=BERLIN)

    def __call__(self) -> pendulum.DateTime:
        return self.now

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)


# What can be offered for a dark display: a new one.
DISPLAYS = Guideline(id="displays", remedies=(Remedy(id="new", text="A new display.", delivers="the new display"),))

clock = Clock()
ana = Person(id="ana", name="Ana Sola", addresses=(Address(channel=Channel.EMAIL, value="ana@desk.example"),))
policy = policies.default(fallback_owner="ana", calendar=policies.office_hours(BERLIN), people=[ana], guidelines=(DISPLAYS,))
desk = Desk(
    store=MemoryStore(),
    policy=policy,
    notifier=RecordingNotifier(now=clock),
    now=clock,
    identities=lambda: Identity(case_id="boat-display", reference="K7M3-9QTG"),
)

bo = Customer(
    name="Bo Lind",
    addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"), Address(channel=Channel.PHONE, value="+49 30 1234")),
)
mail, phone = {Channel.EMAIL}, {Channel.PHONE}

# A letter comes in. Within the hour Ana writes, and names the day of her next word.
case = desk.receive(Contact(channel=Channel.LETTER, sender=bo, text="The display of my boat went dark.", received_at=clock())).case
clock.wait(minutes=25)
sorry = Word(
    via=mail,
    text="Thank you for telling us, and I am sorry about the display. I am looking into it today; tell me if there is more.",
)
desk.handle(case.id, Acknowledge(by="ana", word=sorry, next_word_at=clock().add(days=1)), Investigate(by="ana"))
desk.work()

# The next morning she puts on file what Bo's letter asks for, and proposes it; Bo says yes.
clock.wait(hours=23)
desk.handle(case.id, RecordRemedySought(by="ana", said=Said(channel=Channel.LETTER, contact=1), remedy="new"))
new_display = Option(
    id="new", text="You get a new display, sent today.", delivers="the new display", beyond="And a cover for it, from us."
)
desk.handle(case.id, Propose(by="ana", word=Word(via=mail, text="We can do this right away:"), options=(new_display,)))
desk.work()
clock.wait(hours=2)
desk.handle(
    case.id, RecordAccountable(by="ana", unit="workshop", task="Send the display, and look at the seals of all the others.")
)
desk.handle(case.id, RecordAcceptance(by="ana", option="new", said=Said(channel=Channel.EMAIL, words="Yes, please!")))

# It arrives, and only then does Ana ask, by phone, because the case was settled by e-mail.
clock.wait(days=2)
delivery = desk.load(case.id).resolving.deliveries[0]
desk.handle(case.id, RecordCause(by="ana", kind=CauseKind.PRODUCT, text="The seal lets salt water in."))
desk.handle(case.id, ConfirmArrival(by="ana", delivery_id=delivery.id, source=ArrivalSource.CARRIER))
task = desk.load(case.id).receiving.tasks[0]
desk.handle(case.id, CompleteTask(by="ana", task_id=task.id, note="All seals are new."))
for days, words in ((4, "It shines."), (18, "Still shining, all summer.")):
    clock.wait(days=days)
    call = Word(via=phone, text="Is it really solved, and were you treated well?", said_at=clock())
    said = Said(channel=Channel.PHONE, words=words)
    desk.handle(case.id, FollowUp(by="ana", word=call), RecordFollowUpAnswer(by="ana", said=said, solved=True, treated_well=True))
    desk.work()

for entry in desk.timeline(case.id):
    print(f"{entry.at.in_timezone(BERLIN):%d %b %H:%M}  {entry.by:8}  {entry.told}")
print("doctor:", desk.doctor() or "nothing to report")

# > 02 Mar 10:00  recovery  A contact by letter became a case, owned by ana.
# > 02 Mar 10:00  recovery  Written to ana by email: assigned.
# > 02 Mar 10:00  recovery  Written to the customer by email: receipt.
# > 02 Mar 10:25  ana       The customer was told who looks after them and when they hear next.
# > 02 Mar 10:25  ana       Somebody is looking for the resolution.
# > 02 Mar 10:25  recovery  Written to the customer by email: acknowledged.
# > 02 Mar 10:25  recovery  Message 2 (email): sent.
# > 02 Mar 10:25  recovery  Message 3 (email): sent.
# > 02 Mar 10:25  recovery  Message 6 (email): sent.
# > 03 Mar 09:25  ana       The customer said what would put it right: new.
# > 03 Mar 09:25  ana       The customer was offered 1 option, by email.
# > 03 Mar 09:25  recovery  Written to the customer by email: proposed.
# > 03 Mar 09:25  recovery  Message 12 (email): sent.
# > 03 Mar 11:25  ana       Accountable for it: workshop; ana has a task.
# > 03 Mar 11:25  recovery  A dated step for ana (own.accountable).
# > 03 Mar 11:25  recovery  Written to ana by email: accountable.
# > 03 Mar 11:25  ana       The customer accepted 'new'; on its way: the new display.
# > 05 Mar 11:25  ana       Why it happened is on record: product.
# > 05 Mar 11:25  ana       It has arrived, says the carrier.
# > 05 Mar 11:25  ana       A dated step has been taken.
# > 09 Mar 11:25  ana       The customer was asked whether it is solved, after days, by phone.
# > 09 Mar 11:25  ana       The customer says that it is solved.
# > 09 Mar 11:25  ana       The follow-up after days has ended: solved.
# > 09 Mar 11:25  recovery  The customer says that it is solved, so the survey goes out in a while.
# > 09 Mar 11:25  recovery  Message 16 (email): sent.
# > 27 Mar 11:25  ana       The customer was asked whether it is solved, after weeks, by phone.
# > 27 Mar 11:25  ana       The customer says that it is solved.
# > 27 Mar 11:25  ana       The follow-up after weeks has ended: solved.
# > 27 Mar 11:25  recovery  survey.short rang for the library itself.
# > 27 Mar 11:25  recovery  The survey goes to the customer: 4 questions.
# > 27 Mar 11:25  recovery  Written to the customer by email: survey.
# > 27 Mar 11:25  recovery  Message 31 (email): sent.
# > doctor: nothing to report
