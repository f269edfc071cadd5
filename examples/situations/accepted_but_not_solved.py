"""Accepted but not solved: a yes to a proposal is a hope, and only the customer can say that it came true.

Jo Brandt's espresso machine leaks. She accepts a new seal, it is fitted, and the case looks done. When she is asked a few days later it
turns out that the machine leaks again. She does not have to begin anew: the same person goes on where it stopped, with the same
history, and the clocks of service start afresh.
"""

from recovery import (
    Acknowledge,
    ArrivalSource,
    BusinessUnit,
    CauseKind,
    Channel,
    ConfirmArrival,
    Contact,
    Correct,
    Guideline,
    Inform,
    Investigate,
    Option,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordCause,
    RecordFollowUpAnswer,
    RecordRemedySought,
    Remedy,
    Route,
    Said,
)
from telling import Setting, Situation, colleague, customer, euros, local, mail, show

SETTING = Setting(
    company="Espresso Nord",
    begins="2026-03-02 10:05",
    people=(colleague("ana", "Ana Sola", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="workshop", name="Workshop", head="ben"),),
        "routes": (Route(owner="ana", procedure="Machines: understand the fault, put it right, see it run, ask."),),
        "guidelines": (
            Guideline(
                id="leaks",
                remedies=(
                    Remedy(id="seal", text="A new seal, fitted at home."),
                    Remedy(id="new", text="A new machine, when a repair did not hold."),
                ),
                goodwill=euros("50"),
                public="A machine under warranty is repaired at your home; if that does not hold, you get a new one.",
            ),
        ),
    },
)
SHOWS = ("follow-up.solved", "follow-up.weeks", "propose.in-time")

JO = customer("Jo Brandt", mail="jo@brandt.example", phone="+49 421 5550172")


def tell(told: Situation) -> None:
    words = "My espresso machine leaks since Saturday. There is water under it every morning. It is eight months old. I just want it dry."
    case = told.receives(Contact(channel=Channel.EMAIL, sender=JO, text=words, received_at=told.now))

    told.until("2026-03-02 10:30")
    told.does(
        "Ana writes within the half hour.",
        case,
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for telling us about your machine. Water on the kitchen floor every morning is no way to begin a day, and I "
                "am sorry. I am talking with our workshop this afternoon and will write to you tomorrow with what we can do. If "
                "you noticed anything else about the machine, a noise or a smell, please tell me."
            ),
            next_word_at=local("2026-03-03 12:00"),
        ),
        Investigate(by="ana"),
        Correct(by="ana", issue="the espresso machine that leaves water under it every morning", reason="in one sentence"),
        RecordRemedySought(by="ana", said=told.wrote(case)),
    )

    told.until("2026-03-03 10:00")
    seal = Option(
        id="seal",
        text="Our technician fits a new seal in your kitchen on Friday morning.",
        beyond="He brings a kilo of the roast you like.",
        goodwill=euros("24"),
        delivers="the visit of the technician",
        by=local("2026-03-06 12:00"),
    )
    told.does(
        "The workshop thinks of a seal.",
        case,
        Propose(
            by="ana",
            word=mail("I have talked with our workshop. It looks like a worn seal, and we put it right where the machine stands."),
            options=(seal,),
        ),
        RecordAccountable(
            by="ana", unit="workshop", task="have a seal and a technician ready for Friday", due_at=local("2026-03-05 17:00")
        ),
    )
    told.until("2026-03-03 15:00")
    yes = Said(channel=Channel.EMAIL, words="Friday morning is perfect. Yes, please!", at=told.now)
    told.does("Jo is glad and says yes.", case, RecordAcceptance(by="ana", option="seal", said=yes))

    told.until("2026-03-05 15:00")
    told.does("The workshop is ready.", case, told.done(case, "ben", "have a seal"))
    told.until("2026-03-06 09:15")
    told.does(
        "A word on the day itself costs a minute.",
        case,
        Inform(
            by="ana",
            word=mail(
                "Our technician has just left for you, with the seal and the coffee. He is with you today at half past nine."
            ),
        ),
    )
    told.until("2026-03-06 10:00")
    visit = told.load(case).resolving.deliveries[0].id
    there = Said(channel=Channel.PHONE, words="He was here, he was kind, and it is dry.")
    told.does(
        "The technician comes. Jo says so on the phone.",
        case,
        ConfirmArrival(by="ana", delivery_id=visit, source=ArrivalSource.CUSTOMER, said=there),
    )

    told.until("2026-03-09 09:05")
    told.does(
        "Ben tidies up on Monday morning: Jo said yes, after all, so he files that as her answer to the follow-up. It is kept, and counts for nothing.",
        case,
        RecordFollowUpAnswer(by="ben", said=yes, solved=True, treated_well=True),
    )
    told.agenda(case, "ana")

    told.until("2026-03-09 09:30")
    told.calls(
        "Ana calls and asks.",
        case,
        "ana",
        "You were all very kind. But since yesterday there is water under it again.",
        solved=False,
    )
    told.says("Not solved. The case is open again, in the same hands, and a new proposal is due within five working days.")
    told.agenda(case, "ana")
    told.does(
        "Ana does not wait for them.",
        case,
        Inform(
            by="ana",
            word=mail(
                "I am sorry that you found water under the machine again. I take your machine up with the head of our workshop this "
                "afternoon, and tomorrow morning I write to you with what we do. You need not explain anything again."
            ),
            next_word_at=local("2026-03-10 12:00"),
        ),
    )

    told.until("2026-03-10 09:30")
    new = Option(
        id="new",
        text="We bring you a new machine on Thursday at nine, set it up for you, and take the old one with us.",
        beyond="Its two years of warranty begin on that day, not eight months ago.",
        delivers="the new machine",
        by=local("2026-03-12 12:00"),
    )
    told.does(
        "A second seal would be a second guess. Ana proposes something that ends it.",
        case,
        Propose(
            by="ana",
            word=mail(
                "We fitted a seal, and it leaks all the same. I would not want a second guess in my kitchen either, so we end it."
            ),
            options=(new,),
        ),
        RecordCause(
            by="ana",
            kind=CauseKind.SKILL,
            text="The first visit looked for the seal and did not put the boiler under pressure: it has a crack.",
        ),
        RecordAccountable(
            by="ana",
            unit="workshop",
            task="put every leaking machine under pressure before a part is chosen",
            due_at=local("2026-03-16 17:00"),
        ),
    )
    told.until("2026-03-10 13:00")
    told.does(
        "Jo says yes again.",
        case,
        RecordAcceptance(by="ana", option="new", said=Said(channel=Channel.EMAIL, words="That is more than I had hoped for. Yes!")),
    )
    told.until("2026-03-12 10:00")
    machine = told.load(case).resolving.deliveries[-1].id
    told.does(
        "It is brought as promised.",
        case,
        ConfirmArrival(
            by="ana",
            delivery_id=machine,
            source=ArrivalSource.CUSTOMER,
            said=Said(channel=Channel.PHONE, words="It stands there and it shines."),
        ),
    )

    told.until("2026-03-13 15:00")
    told.calls("This time Ana does not wait for the weekend.", case, "ana", "Bone dry. I made six coffees to be sure.")
    told.until("2026-03-16 15:00")
    told.does("Ben has shown it to everybody in the workshop, on the old machine.", case, told.done(case, "ben", "put every"))
    told.until("2026-04-02 09:30")
    told.calls("Three weeks later she asks once more.", case, "ana", "Still dry. And thank you for asking twice.")


if __name__ == "__main__":
    show(SETTING, tell)
