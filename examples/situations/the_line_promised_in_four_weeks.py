"""The line promised in four weeks that takes six: a date is moved before it is missed, and nobody else is to blame for it.

Ole Hansen opens a bakery on the first of April, with a line for the till and the orders, promised in four weeks. In the third week he
hears nothing and writes. It turns out that it will be six. He learns it from us, thirteen days ahead, with something that carries him
over, and then he hears from one person every third working day until the line is there.
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
    KeepPromise,
    MakePromise,
    MovePromise,
    Option,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordCause,
    RecordPromise,
    RecordRemedySought,
    Remedy,
    Route,
    Said,
)
from telling import Setting, Situation, colleague, customer, euros, local, mail, show

SETTING = Setting(
    company="Elbe Netz",
    begins="2026-03-16 09:20",
    people=(colleague("ana", "Ana Sola", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="shop", name="The shop", head="ben"),),
        "routes": (Route(owner="ana", procedure="Late lines: a true date, something to bridge it, a word every third day."),),
        "guidelines": (
            Guideline(
                id="late-line",
                remedies=(Remedy(id="bridge", text="A radio box until the line is there.", delivers="the line"),),
                goodwill=euros("150"),
                public="Whoever waits for a line longer than promised gets a radio box in the meantime, free of charge.",
            ),
        ),
    },
)
SHOWS = ("promise.tracked", "own.no-blame", "promise.realistic", "contact.keep-informed")

OLE = customer("Ole Hansen", mail="ole@hansen.example", phone="+49 40 5550166")


def tell(told: Situation) -> None:
    words = (
        "On 2 March your colleague in the shop promised me my line in four weeks, so by 30 March. I open my bakery on 1 April. Nobody has "
        "been here, nobody has written. Is it coming or not? On the 1st I need a till that works."
    )
    case = told.receives(Contact(channel=Channel.EMAIL, sender=OLE, text=words, received_at=told.now))

    told.until("2026-03-16 09:50")
    told.does(
        "Ana answers, and puts the promise of the shop on the case: it was ours, whoever gave it.",
        case,
        RecordPromise(by="ana", what="the line for the bakery", due_at=local("2026-03-30 12:00"), at=local("2026-03-02 15:00")),
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for asking, and congratulations on your bakery. You were promised a line by 30 March and have heard nothing "
                "since; I am sorry. I find out today where your line stands, and tomorrow you have an honest date from me. If there "
                "is anything on your side that depends on the line, tell me, and I plan for it."
            ),
            next_word_at=local("2026-03-17 12:00"),
        ),
        Investigate(by="ana"),
        Correct(
            by="ana",
            issue="the line for your bakery, promised for 30 March, of which nobody has told you anything",
            reason="in one sentence",
        ),
        RecordRemedySought(by="ana", said=told.wrote(case)),
    )
    promise = told.load(case).keeping.promises[0].id

    told.until("2026-03-17 10:00")
    told.says("The street has to be opened for the last forty metres, and that is not before the second week of April.")
    told.tries(
        "The first draft says whose fault it is. True or not, it helps nobody, and it does not leave the house.",
        case,
        Inform(
            by="ana",
            word=mail("Your line is late because the network operator did not get the permit in time. It is out of our hands."),
        ),
    )
    told.tries(
        "A colleague suggests to write: by Sunday the 12th, surely. Nobody works on that day, so nobody can keep it.",
        case,
        MovePromise(by="ana", promise_id=promise, due_at=local("2026-04-12 12:00"), word=mail("It will be a little later.")),
    )
    told.does(
        "Ana tells Ole what is true, thirteen days before the old date.",
        case,
        MovePromise(
            by="ana",
            promise_id=promise,
            due_at=local("2026-04-13 16:00"),
            word=mail(
                "You asked whether your line is coming. It is, and it will be six weeks, not four. We promised you 30 March and cannot keep "
                "it; I am sorry, for I know what you open on 1 April. The last forty metres to your house are dug on 9 and 10 April, and "
                "our fitter connects you on the 13th."
            ),
        ),
    )

    told.does(
        "And in the same hour she proposes what carries him over the two weeks.",
        case,
        Propose(
            by="ana",
            word=mail("An apology bakes no bread. You need a till on the 1st, so this is how you get one."),
            options=(
                Option(
                    id="bridge",
                    text="I bring you a radio box myself tomorrow, fast enough for till, cards and orders, and it stays until the line is there.",
                    beyond="The first three months of the line cost you nothing.",
                    goodwill=euros("135"),
                    delivers="the line",
                    by=local("2026-04-13 16:00"),
                ),
            ),
        ),
        RecordCause(
            by="ana",
            kind=CauseKind.INFORMATION,
            text="The shop promises four weeks without seeing whether the street has to be opened.",
        ),
        RecordAccountable(by="ana", unit="shop", task="no date without a look at the street", due_at=local("2026-03-20 17:00")),
        MakePromise(by="ana", what="bring the radio box and see the till run on it", due_at=local("2026-03-18 15:00")),
    )
    told.until("2026-03-17 16:00")
    yes = Said(channel=Channel.EMAIL, words="I am not happy about the two weeks. But with the box I can open. Yes.")
    told.does("Ole accepts.", case, RecordAcceptance(by="ana", option="bridge", said=yes))
    told.until("2026-03-18 14:00")
    box = told.load(case).keeping.promises[-1].id
    told.does("Ana drives there with the box, and stays until the till prints.", case, KeepPromise(by="ana", promise_id=box))

    told.until("2026-03-19 15:00")
    told.does(
        "Ben has talked with the shop: no date any more without a look at the street.", case, told.done(case, "ben", "no date")
    )
    told.says("From now on Ole hears from Ana every third working day, news or no news.")
    for when, text in NEWS:
        told.until(when)
        told.does("", case, Inform(by="ana", word=mail(text)))

    told.until("2026-04-13 14:30")
    delivery = told.load(case).resolving.deliveries[0].id
    lit = Said(channel=Channel.PHONE, words="All the lights are green! And your fitter took a loaf home.")
    told.does(
        "Six weeks after the first promise, and on the day of the second, the line is there.",
        case,
        KeepPromise(by="ana", promise_id=promise),
        ConfirmArrival(by="ana", delivery_id=delivery, source=ArrivalSource.CUSTOMER, said=lit),
    )
    told.until("2026-04-16 10:00")
    told.calls(
        "Three days of bread later Ana calls.", case, "ana", "It runs. I have thrown nothing at it yet that it did not take."
    )
    told.until("2026-05-04 10:00")
    told.calls("And in May.", case, "ana", "I had forgotten that it was late. Come by for a coffee.")


NEWS = (
    ("2026-03-20 09:30", "The permit to open your street came this morning. 9 April stands. If the box is weak in the evening, tell me, and I bring the big one."),
    ("2026-03-25 09:00", "No news is good news today: the digger is booked, the cable lies in our yard. I look again on Monday."),
    ("2026-03-30 09:00", "Today is the day we first promised you, so today I say it again: I am sorry. Your line comes on 13 April, and on "
     "the morning of the 1st I stand by from six, in case the box has stage fright."),
    ("2026-04-02 08:45", "I hear that there was a queue to the corner yesterday. The diggers come to your street in a week, as planned."),
    ("2026-04-07 08:45", "The day after tomorrow they dig, from eight in the morning. There will be a bridge to your door, so that nobody "
     "has to jump for a roll."),
    ("2026-04-09 15:00", "The forty metres are open, and the cable is half in. Monday at one our fitter rings at your door."),
)  # fmt: skip


if __name__ == "__main__":
    show(SETTING, tell)
