"""The refund under way at follow-up time: nobody is asked how they like money that has not come.

Mona Reis paid twice for one hotel night. The refund is agreed on the second day, and then the money takes its time. Three days after
a yes most desks would ask whether all is well. Here nobody does: the follow-ups count from the day on which the money is there, and
until then somebody sees to the money.
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
    FollowUp,
    Guideline,
    Inform,
    Investigate,
    MoveDelivery,
    Option,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordCause,
    RecordRemedySought,
    Remedy,
    Route,
    Said,
)
from telling import Setting, Situation, colleague, customer, euros, local, mail, show

SETTING = Setting(
    company="Hotel am Hafen",
    begins="2026-03-02 09:10",
    people=(colleague("ana", "Ana Sola", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="reception", name="Reception", head="ben"),),
        "routes": (Route(owner="ana", procedure="Money back: agree, pay, see that it arrives, ask."),),
        "guidelines": (
            Guideline(
                id="paid-twice",
                remedies=(Remedy(id="refund", text="The money back.", ceiling=euros("500"), delivers="the refund"),),
                goodwill=euros("40"),
                public="What was paid twice is paid back within five working days.",
            ),
        ),
    },
)
SHOWS = ("follow-up.after-delivery", "follow-up.not-too-soon", "follow-up.other-channel", "resolve.delivered")

MONA = customer("Mona Reis", mail="mona@reis.example", phone="+49 40 5550147")


def tell(told: Situation) -> None:
    words = "You charged my card twice for the night of 20 February, 142 euros each time. I stayed only once, and I would like the money back."
    case = told.receives(Contact(channel=Channel.EMAIL, sender=MONA, text=words, received_at=told.now))

    told.until("2026-03-02 09:40")
    told.does(
        "Ana answers within the half hour and begins to look.",
        case,
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for telling us. Being charged twice for one night should not happen with us, and I am sorry that it did. "
                "I am comparing our bookings with the card payments today and will write to you tomorrow morning with the result. "
                "If there is anything else I should know about that night, please tell me."
            ),
            next_word_at=local("2026-03-03 11:00"),
        ),
        Investigate(by="ana"),
        Correct(by="ana", issue="two charges of 142 euros for one night, that of 20 February", reason="in one sentence"),
        RecordRemedySought(by="ana", said=told.wrote(case), remedy="refund"),
    )

    told.until("2026-03-03 09:30")
    back = Option(
        id="refund",
        text="You get the 142 euros back on the card you paid with, by Monday 9 March.",
        beyond="And at your next stay breakfast is on us, for two.",
        value=euros("142"),
        goodwill=euros("36"),
        delivers="the refund of 142 euros",
        by=local("2026-03-09 12:00"),
    )
    told.does(
        "The second charge is ours to undo, and Ana says so.",
        case,
        Propose(
            by="ana",
            word=mail("I have found both charges, and the second one should never have been made. I put it right today."),
            options=(back,),
        ),
        RecordCause(
            by="ana",
            kind=CauseKind.SYSTEM,
            text="The card was charged when the room was booked and again at the desk, which could not see the first charge.",
        ),
        RecordAccountable(
            by="ana", unit="reception", task="see to it that the desk sees what is paid already", due_at=local("2026-03-16 17:00")
        ),
    )
    told.until("2026-03-03 14:00")
    told.does(
        "Mona says yes.",
        case,
        RecordAcceptance(
            by="ana", option="refund", said=Said(channel=Channel.EMAIL, words="Yes, please. Thanks for the quick reply!")
        ),
    )

    told.until("2026-03-06 09:15")
    ask = mail("How did you like the way we put it right?")
    told.tries(
        "Three days have gone by since the yes, and Ana would like to ask whether all is well.", case, FollowUp(by="ana", word=ask)
    )
    told.says(
        "So she asks where the money is instead. It left the hotel on the day of the yes, and the bank is still working on it."
    )
    delivery = told.load(case).resolving.deliveries[0].id
    told.does(
        "Ana names a new date before the old one is missed.",
        case,
        MoveDelivery(
            by="ana",
            word=mail(
                "Your 142 euros left us on Tuesday, and the bank tells me that they will be with you later than I said. "
                "I call the bank on Tuesday, and I stay on it until the money is on your card. I am sorry for the wait."
            ),
            delivery_id=delivery,
            by_date=local("2026-03-13 12:00"),
        ),
    )
    told.agenda(case)

    told.until("2026-03-10 15:00")
    told.does(
        "On Tuesday Ana calls the bank and tells Mona what she heard.",
        case,
        Inform(
            by="ana",
            word=mail(
                "I have just spoken with the bank: the 142 euros will be booked to your card by Friday. I look again on Friday morning."
            ),
            next_word_at=local("2026-03-13 11:00"),
        ),
    )
    told.until("2026-03-13 10:00")
    told.does(
        "The bank confirms it. Only now does the calendar of the follow-ups begin.",
        case,
        ConfirmArrival(by="ana", delivery_id=delivery, source=ArrivalSource.BANK),
    )
    told.tries("Ben is in a hurry and would like to tick it off at once.", case, FollowUp(by="ben", word=ask))
    told.does(
        "Ana keeps the word she gave for this morning.",
        case,
        Inform(
            by="ana",
            word=mail(
                "The bank has confirmed it: your 142 euros are on your card. I will call you on Monday to hear whether all is well."
            ),
        ),
    )

    told.until("2026-03-16 09:30")
    told.calls(
        "On Monday Ana calls: it was settled by mail, so she asks on another channel.", case, "ana", "Yes, it is on my card."
    )
    told.until("2026-03-16 11:00")
    told.does("Behind it all a screen was changed: the desk sees now what is paid.", case, told.done(case, "ben", "see to it"))
    told.until("2026-04-02 09:30")
    told.calls(
        "And before Easter once more, whatever the first call said.", case, "ana", "All fine. We have booked two nights in May."
    )


if __name__ == "__main__":
    show(SETTING, tell)
