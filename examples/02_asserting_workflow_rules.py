"""Tests that assert workflow rules, with no database and no mocks: decide is a function.

Run it with `python examples/02_asserting_workflow_rules.py`, or with pytest. What it prints is compared with the end of this file.
"""

import pendulum

from recovery import (
    Acknowledge,
    Address,
    Channel,
    Contact,
    Customer,
    FollowUp,
    Investigate,
    OpenCase,
    Option,
    Propose,
    RecordAcceptance,
    Said,
    Word,
    decide,
    policies,
    why_not,
)

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
POLICY = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
BO = Customer(
    name="Bo",
    addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"), Address(channel=Channel.PHONE, value="+49 30 1234")),
)
MAIL = {Channel.EMAIL}


def a_case_with_a_refund_under_way():
    """Return a case that was settled by e-mail, and whose refund has not arrived."""
    contact = Contact(channel=Channel.EMAIL, sender=BO, text="I was charged twice.", received_at=NOW)
    case = decide(None, OpenCase(case_id="c-1", reference="R-1", contact=contact), policy=POLICY, now=NOW).case
    refund = Option(id="refund", text="You get the second payment back.", delivers="the refund")
    return decide(
        case,
        Acknowledge(by="ana", word=Word(via=MAIL, text="I am on it."), next_word_at=NOW.add(days=1)),
        Investigate(by="ana"),
        Propose(by="ana", word=Word(via=MAIL, text="We can do this:"), options=(refund,)),
        RecordAcceptance(by="ana", option="refund", said=Said(channel=Channel.EMAIL, words="Fine.")),
        policy=POLICY,
        now=NOW,
    ).case


def test_no_follow_up_before_the_refund_has_arrived():
    """Whoever asks too early hears every reason at once, each with the id of its rule."""
    case = a_case_with_a_refund_under_way()
    asking = FollowUp(by="ana", word=Word(via=MAIL, text="Is everything fine again?"))
    reasons = why_not(case, asking, policy=POLICY, now=NOW.add(hours=3))
    assert {reason.rule for reason in reasons} == {
        "follow-up.not-too-soon",
        "follow-up.after-delivery",
        "follow-up.other-channel",
    }
    for reason in reasons:
        print(f"{reason.rule}: {reason.message} {reason.hint}")


if __name__ == "__main__":
    test_no_follow_up_before_the_refund_has_arrived()

# > follow-up.not-too-soon: it is too soon to ask. The first possible instant is 2026-03-03T10:00:00+01:00.
# > follow-up.after-delivery: the refund has not arrived yet. Check the arrival first (CheckArrival), or confirm it (ConfirmArrival, delivery_id='7').
# > follow-up.other-channel: the case was settled by email, and nothing else was tried. Add one of: phone.
