"""The rules without a desk: decide is a function from a case, commands and an instant to a decision.

No database, no clock, no mock. Look at the refusal: three reasons at once, each with the id of its rule and the way out.
"""

import pendulum

from recovery import (
    Acknowledge,
    Address,
    Case,
    Channel,
    Contact,
    Context,
    Customer,
    FollowUp,
    Guideline,
    Investigate,
    OpenCase,
    Option,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordRemedySought,
    Remedy,
    Said,
    Word,
    decide,
    policies,
    why_not,
)

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
USUAL = Guideline(id="usual", remedies=(Remedy(id="refund", text="Your money back.", delivers="the refund"),))
POLICY = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"), guidelines=(USUAL,))
BO = Customer(
    name="Bo",
    addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"), Address(channel=Channel.PHONE, value="+49 30 1234")),
)
MAIL = {Channel.EMAIL}


def settled_by_mail() -> Case:
    """Return a case that was settled by e-mail, and whose refund has not arrived."""
    words = "We paid the {$1.00} ea. Then on XX/XX/XXXX, we were billed {$29.00} each."
    contact = Contact(channel=Channel.EMAIL, sender=BO, text=words, received_at=NOW)
    case = decide(None, OpenCase(case_id="c-1", reference="R-1", contact=contact), policy=POLICY, now=NOW).case
    refund = Option(id="refund", text="You get back what was billed too much.", delivers="the refund", beyond="With interest.")
    decision = decide(
        case,
        Acknowledge(
            by="ana",
            word=Word(via=MAIL, text="Thank you for telling us. I am on it; if there is more to tell, just answer."),
            next_word_at=NOW.add(days=1),
        ),
        Investigate(by="ana"),
        RecordRemedySought(by="ana", said=Said(channel=Channel.EMAIL, contact=1), remedy="refund"),
        Propose(by="ana", word=Word(via=MAIL, text="We can do this right away:"), options=(refund,)),
        RecordAccountable(by="ana", unit="billing", task="Send the money, and mend the form."),
        RecordAcceptance(by="ana", option="refund", said=Said(channel=Channel.EMAIL, words="Fine.")),
        policy=POLICY,
        now=NOW,
        context=Context(earlier=()),  # what the core must know of the world: Bo has had no case before
    )
    print(f"{len(decision.events)} events, {len(decision.messages)} message, next looked at {decision.wake_at}")
    return decision.case


case = settled_by_mail()
asking = FollowUp(by="ana", word=Word(via=MAIL, text="Is everything fine again?"))
for reason in why_not(case, asking, policy=POLICY, now=NOW.add(hours=3)):
    print(f"{reason.rule}: {reason.message} {reason.hint}")

# Nothing has changed: a case is a value, and asking about it is free.
print(case.stage.value, case.version)

# > 9 events, 2 message, next looked at 2026-03-04 09:00:00+00:00
# > follow-up.not-too-soon: it is too soon to ask. The first possible instant is 2026-03-03T10:00:00+01:00.
# > follow-up.after-delivery: the refund has not arrived yet. Check the arrival first (CheckArrival), or confirm it (ConfirmArrival, delivery_id='10').
# > follow-up.other-channel: the case was settled by email, and nothing else was tried. Add one of: phone.
# > resolved 12
