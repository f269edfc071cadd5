"""Assert your workflow rules: cases at any stage, scenarios as data, a rehearsal, and what your tests have not shown yet.

Every function below is a test: run the file with pytest, or with `python examples/03_assert_your_workflow_rules.py`.
What it prints is compared with the end of this file.
"""

from recovery import Address, Channel, FollowUp, Inform, Option, Person, Problem, Propose, Stage, policies, rule
from recovery.testing import Given, Scenario, Then, a_case, a_desk, a_word, agenda_has, check, refuses, simulate, told, wait
from recovery.testing.paths import rehearse
from recovery.testing.tables import reason_table

REPAIR = Option(id="repair", text="A repair.")
CALL = FollowUp(by="ana", word=a_word("Do the bills reach you now?", Channel.PHONE))


@rule("shop.no-jargon", heading="proposing", source="our letters of last year", on=(Propose,))
def no_jargon(case, command, moment):
    """Protects the customer from a letter that nobody understands."""
    if "pursuant" in command.word.text:
        yield Problem("it says 'pursuant'", field="word.text", hint="Say it as you would on the phone.")


ANA = Person(id="ana", name="Ana Sola", addresses=(Address(channel=Channel.EMAIL, value="ana@shop.example"),))


def our_policy(**more):
    """Return the policy of our shop: Ana does everything."""
    hours = policies.office_hours("Europe/Berlin")
    return policies.default(fallback_owner="ana", calendar=hours, people=[ANA], **more)


def test_nobody_asks_before_the_refund_is_there():
    """A case at any stage takes one line, made by real commands; the desk is in memory and its time stands still."""
    desk = a_desk(our_policy())
    case = a_case(Stage.RESOLVED, delivers="the refund", desk=desk)
    desk.now.move(days=3)
    with refuses("follow-up.after-delivery") as refused:
        desk.handle(case.id, CALL)
    assert desk == agenda_has("resolve.delivered", at="2026-03-09 12:10", whom="ana")
    print(reason_table(refused.reasons))


def test_the_same_as_data():
    """Given, when, then. A scenario can be read from TOML and JSON as well."""
    owed = Given(stage=Stage.RESOLVED, delivers="the refund")
    too_early = Scenario(given=owed, when=[wait("3 cd"), CALL], then=Then(refused="follow-up.after-delivery"))
    check(too_early, our_policy())
    print(told(too_early, our_policy()))


def test_what_a_failure_looks_like():
    """A scenario that does not hold tells what was wanted and what there is."""
    hopeful = Scenario(
        name="A customer is left alone for a week",
        given=Stage.ACKNOWLEDGED,
        when=wait("7 cd"),
        then=Then(told={"contact.keep-informed": []}, agenda={"propose.in-time": "+6 bd"}),
    )
    print(hopeful.run(our_policy()))


def test_a_week_of_silence():
    """A script of commands and passing time shows what the clocks would do, before anybody depends on it."""
    word = Inform(by="ana", word=a_word("The bank has found both bookings."))
    week = simulate([wait("2 bd"), word, wait("3 bd")], policy=our_policy())
    for entry in week.timeline:
        if "contact.keep-informed" in entry.told or entry.kind == "customer_informed":
            print(entry.recorded_at.in_timezone("Europe/Berlin").format("ddd HH:mm"), entry.told)


def test_a_rule_of_our_own_is_seen_kept_and_broken():
    """Whoever adds a rule and no scenario that breaks it is told so."""
    ours = our_policy(rules=[no_jargon])
    print(*(line for line in rehearse(ours).missing if "shop" in line))
    stiff = Propose(by="ana", word=a_word("Pursuant to clause 7 we offer:".lower()), options=(REPAIR,))
    broken = Scenario(given=Stage.INVESTIGATING, when=stiff, then=Then(refused="shop.no-jargon"))
    check(broken, ours)
    assert not [line for line in rehearse(ours, [broken]).missing if "shop" in line]


if __name__ == "__main__":
    for test in [value for name, value in list(globals().items()) if name.startswith("test_")]:
        print(f"--- {test.__name__.removeprefix('test_').replace('_', ' ')}")
        test()

# > --- nobody asks before the refund is there
# >   rule                      field  why
# >   follow-up.after-delivery         the refund has not arrived yet. Check the arrival first
# >                                    (CheckArrival), or confirm it (ConfirmArrival,
# >                                    delivery_id='15').
# > --- the same as data
# > **Given** a case that is resolved (the customer accepted), and the refund is on its way.
# >
# > **When** 3 days pass; ana: *follow up* by phone, “Do the bills reach you now?”
# >
# > **Then** it is refused: `follow-up.after-delivery`, the refund has not arrived yet. Check the arrival first (CheckArrival), or confirm it (ConfirmArrival, delivery_id='15').
# > --- what a failure looks like
# > A customer is left alone for a week: does not hold
# >   agenda, propose.in-time: wanted Tue 2026-03-10 10:10, found Mon 2026-03-09 10:00
# >     due                   rule                   clock                      whose  what
# >     Tue 2026-03-03 10:10  promise.tracked        promise.tracked.next-word  ana    give the word that was promised for this date
# >     Thu 2026-03-05 10:10  contact.keep-informed  contact.keep-informed      ana    give the customer a word, news or no news
# >     Mon 2026-03-09 10:00  propose.in-time        propose.in-time            ana    propose a resolution, or say that there is none yet and when
# >     Wed 2026-04-01 10:00  resolve.whole-case     resolve.whole-case         ana    resolve the case, or give the final no
# >   told by contact.keep-informed: wanted nobody, found ana
# > --- a week of silence
# > Wed 10:00 contact.keep-informed rang for ana.
# > Wed 10:00 The customer was given a word, by email.
# > Fri 22:00 contact.keep-informed rang for ana.
# > --- a rule of our own is seen kept and broken
# > check shop.no-jargon: never broken
