"""The irate letter from a customer who is wrong: right or wrong, the complaint is a favour.

Gustav Wolff has sent back in words what he thinks of us: the wrong colour, forty litres of it, on three walls. He is wrong about the
colour and right about his anger. Nobody proves anything to him. He gets a letter, since he wrote one, and a call, since he is angry;
and what we find out is that on our cards two colours look like one.
"""

from functools import partial

from recovery import (
    Acknowledge,
    ArrivalSource,
    Assess,
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
    Mood,
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
    Severity,
    Word,
)
from telling import LETTER, Setting, Situation, colleague, customer, euros, local, show

SETTING = Setting(
    company="Farben Wolter",
    begins="2026-03-02 08:30",
    people=(colleague("ana", "Ana Sola", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="cards", name="Colour cards", head="ben"),),
        "routes": (Route(owner="ana", procedure="Angry letters: call the same day, write the same day, prove nothing."),),
        "guidelines": (
            Guideline(
                id="colours",
                remedies=(
                    Remedy(
                        id="repaint", text="New paint in the colour that was meant, with somebody to help.", ceiling=euros("400")
                    ),
                ),
                goodwill=euros("60"),
                public="Whoever does not like a colour on the wall gets another one.",
            ),
        ),
        "way_back": "+49 511 5550100",
    },
)
SHOWS = ("acknowledge.letter-and-call", "own.no-blame", "propose.no-policy-first")

GUSTAV = customer("Gustav Wolff", phone="+49 511 5550177", post="Am Anger 3, Hannover")


def tell(told: Situation) -> None:
    words = (
        "FORTY LITRES of the wrong colour! I ordered Sand 12. What is on my walls is PINK. My wife is in tears, the guests come on the "
        "14th, and your shop on the phone says that I am mistaken. I am NOT mistaken. You are crooks, and I want it put right."
    )
    case = told.receives(Contact(channel=Channel.LETTER, sender=GUSTAV, text=words, received_at=told.now))
    told.does(
        "Ana has the order in front of her: it says Sand 21, in his own hand. She notes how he feels, and what it is about.",
        case,
        Assess(by="ana", mood=Mood.ANGRY, severity=Severity.SERIOUS),
        Correct(by="ana", issue="three walls in the wrong colour, twelve days before your guests come", reason="in one sentence"),
        RecordRemedySought(by="ana", said=told.wrote(case)),
    )
    told.tries(
        "Somebody has an answer ready. It is even true.",
        case,
        Acknowledge(
            by="ana",
            word=Word(
                via=LETTER,
                text="Thank you for your letter. You ordered the wrong number: your order says Sand 21. This is not our fault.",
            ),
            next_word_at=local("2026-03-03 12:00"),
        ),
    )

    told.until("2026-03-02 09:00")
    told.does(
        "Ana calls instead, at nine sharp, and for the first ten minutes she listens.",
        case,
        Acknowledge(
            by="ana",
            word=told.spoken(
                "Mr Wolff, my name is Ana Sola. I have your letter in my hand, and I thank you for it; most people would have gone "
                "elsewhere and said nothing. Pink walls twelve days before the guests come: I am sorry, and I look after it until they "
                "are right. Tell me everything, from the beginning; I have time. Tomorrow at ten I stand at your door with the cards."
            ),
            next_word_at=local("2026-03-03 10:30"),
            reach="+49 511 5550143",
        ),
        Investigate(by="ana"),
    )
    told.does(
        "She would begin at once. But he wrote and is angry, and the library says what he is still owed: an answer in writing, the same day.",
        case,
        Inform(
            by="ana",
            word=told.posted(
                "Dear Mr Wolff, thank you for your time on the phone. I come tomorrow at ten, with the cards and with a painter, and we look "
                "at the walls together. They will be as you want them before the 14th. You reach me at +49 511 5550143. Ana Sola"
            ),
            next_word_at=local("2026-03-03 10:30"),
        ),
    )

    told.until("2026-03-03 10:15")
    told.says(
        "At his door she lays two cards side by side in his hall, Sand 12 and Sand 21. In the light of his lamp they are the same."
    )
    terms = "Our policy says that mixed paint cannot be returned. As an exception we could offer you a discount."
    repaint = partial(Option, id="repaint", value=euros("380"), by=local("2026-03-07 17:00"), delivers="the walls in Sand 12")
    told.tries(
        "There is a sentence in the terms for this, and it does not help anybody.",
        case,
        Propose(by="ana", word=Word(via=LETTER, text=terms), options=(repaint(text="Ten per cent off."),)),
    )
    told.does(
        "So she says what we can do, and he says yes before she has finished.",
        case,
        Propose(
            by="ana",
            word=told.here(
                "Mr Wolff, three walls are not as you wanted them, and the guests come on the 14th. I am sorry. We can do this:"
            ),
            options=(
                repaint(
                    text="Our painter comes on Friday and Saturday and paints the three walls in Sand 12. You pay neither the paint nor him.",
                    beyond="The pink that is left we mix into a colour of Mrs Wolff's choice, for the garden shed.",
                    goodwill=euros("40"),
                ),
            ),
        ),
        RecordCause(
            by="ana",
            kind=CauseKind.EXPECTATION,
            text="Sand 12 and Sand 21 look alike on the card in warm light; he took one for the other.",
        ),
        RecordAccountable(
            by="ana", unit="cards", task="print the cards so that the two cannot be mixed up", due_at=local("2026-03-10 17:00")
        ),
        RecordAcceptance(
            by="ana", option="repaint", said=Said(channel=Channel.IN_PERSON, words="You would do that? Though I... yes. Yes!")
        ),
    )

    told.until("2026-03-06 09:00")
    told.does(
        "A call on the morning itself.",
        case,
        Inform(
            by="ana",
            word=told.spoken("Mr Wolff, the painter is on his way to you; he rings at ten today, with eight pots of Sand 12."),
        ),
    )
    told.until("2026-03-07 15:00")
    told.does(
        "On Saturday it is done.",
        case,
        ConfirmArrival(
            by="ana",
            delivery_id=told.load(case).resolving.deliveries[0].id,
            source=ArrivalSource.CUSTOMER,
            said=Said(channel=Channel.PHONE, words="It is sand. It is exactly sand. My wife sends her thanks."),
        ),
    )
    told.until("2026-03-10 09:30")
    told.does("He wrote, and so Ana writes to ask.", case, asks(told))
    told.until("2026-03-10 15:00")
    told.does(
        "Ben has the new card: from now on the two numbers stand on two pages.", case, told.done(case, "ben", "print the cards")
    )
    told.until("2026-03-11 16:00")
    told.does(
        "He calls.",
        case,
        says(
            "It is solved. I have found my order slip, by the way. It says 21. You never said a word about it. I was rude, and I am sorry."
        ),
    )
    told.until("2026-03-27 09:30")
    told.does("And once more at the end of the month.", case, asks(told))
    told.until("2026-03-30 15:00")
    told.does("", case, says("The guests liked the walls. I have sent you my brother-in-law."))
    told.until("2026-04-02 09:00")


def asks(told: Situation) -> FollowUp:
    text = "Dear Mr Wolff, are the walls as you want them? And were you treated the way you expect of us? Ana Sola"
    return FollowUp(by="ana", word=told.posted(text), reach="+49 511 5550143")


def says(words: str) -> RecordFollowUpAnswer:
    return RecordFollowUpAnswer(by="ana", said=Said(channel=Channel.PHONE, words=words), solved=True, treated_well=True)


if __name__ == "__main__":
    show(SETTING, tell)
