"""A rule of your own: a function that says what is wrong, put into the policy beside the practice's rules.

It refuses with its id and your way out, it can be moved between off, should and must, and an author may go past it with a reason.
Look at how the same proposal is refused, let pass with a warning, and let pass on the author's word.
"""

from collections.abc import Iterator

import pendulum

from recovery import (
    Acknowledge,
    Address,
    Case,
    Channel,
    Contact,
    Customer,
    Desk,
    Guideline,
    Investigate,
    MemoryStore,
    Moment,
    Option,
    Policy,
    Problem,
    Propose,
    RecordRemedySought,
    Refused,
    Remedy,
    Said,
    Strength,
    Word,
    policies,
    rule,
)

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")


@rule("house.names-the-sum", heading="proposing", source="our disputes of last year", on=(Propose,), overridable=True)
def names_the_sum(case: Case, command: Propose, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a refund whose sum is argued about afterwards."""
    for number, option in enumerate(command.options):
        if option.delivers == "the refund" and not any(sign.isdigit() for sign in option.text):
            hint = "Say how much, for example: We pay back 440.00."
            yield Problem(f"option {option.id!r} does not say how much", field=f"options.{number}.text", hint=hint)


LOANS = Guideline(id="loans", remedies=(Remedy(id="refund", text="What was paid too much.", delivers="the refund"),))


def a_desk(strength: Strength = Strength.MUST) -> tuple[Desk, str]:
    """Return a desk on which the rule holds so hard, and a case of which a real complaint is being looked into."""
    hours = policies.office_hours("Europe/Berlin")
    policy: Policy = policies.default(
        fallback_owner="ana",
        calendar=hours,
        guidelines=(LOANS,),
        rules=[names_the_sum],
        strengths={names_the_sum.id: strength},
    )
    desk = Desk(store=MemoryStore(), policy=policy, now=lambda: NOW)
    customer = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))
    complaint = "Have paid back amount of loan plus {$210.00} they still want {$450.00} to settle account"
    case_id = desk.receive(Contact(channel=Channel.EMAIL, sender=customer, text=complaint, received_at=NOW)).case.id
    on_it = Word(via={Channel.EMAIL}, text="Thank you for telling us. I am on it; if there is more to tell, just answer.")
    desk.handle(case_id, Acknowledge(by="ana", word=on_it, next_word_at=NOW.add(days=1)), Investigate(by="ana"))
    desk.handle(case_id, RecordRemedySought(by="ana", said=Said(channel=Channel.EMAIL, contact=1), remedy="refund"))
    return desk, case_id


vague = Option(id="refund", text="We pay back what we took too much.", delivers="the refund", beyond="With interest.")
word = Word(via={Channel.EMAIL}, text="I am sorry. We can do this right away:")

desk, case_id = a_desk()
try:
    desk.handle(case_id, Propose(by="ana", word=word, options=(vague,)))
except Refused as refusal:
    print(refusal)

desk, case_id = a_desk(Strength.SHOULD)
for warning in desk.handle(case_id, Propose(by="ana", word=word, options=(vague,))).warnings:
    print("warned:", warning)

desk, case_id = a_desk()
why = {names_the_sum.id: "the bank tells us the sum on Friday, and the customer knows"}
desk.handle(case_id, Propose(by="ana", word=word, options=(vague,), override=why))
for entry in desk.timeline(case_id)[-3:]:
    print(f"{entry.kind}: {entry.told}")

# > propose is refused:
# >   - [house.names-the-sum] (options.0.text) option 'refund' does not say how much. Say how much, for example: We pay back 440.00.
# > warned: [house.names-the-sum] (options.0.text) option 'refund' does not say how much. Say how much, for example: We pay back 440.00.
# > rule_overridden: Somebody went past a rule that the policy lets people go past, with a reason.
# > proposed: The customer was offered 1 option, by email.
# > message_prepared: Written to the customer by email: proposed.
