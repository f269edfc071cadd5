"""The customer who never answers again: silence is asked after, never read as satisfied, and the door stays open.

Two customers fall silent. Tarik Aydin does not answer the one question without which nobody can help him. Lotte Berg gets her money
back and is never heard of again. One case may end for want of an answer, but not before he was asked on two channels and told that any
word brings it back. The other goes the whole way, and is nowhere counted as a happy one.
"""

from recovery import (
    Acknowledge,
    ArrivalSource,
    Ask,
    BusinessUnit,
    CauseKind,
    Channel,
    Close,
    CloseReason,
    ConfirmArrival,
    Contact,
    Correct,
    FollowUp,
    Guideline,
    Inform,
    Investigate,
    Option,
    PassFollowUp,
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
    company="Velo Werk",
    begins="2026-03-02 09:30",
    people=(colleague("ana", "Ana Sola", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="store", name="Store room", head="ben"),),
        "routes": (Route(owner="ana", procedure="Bicycles: ask for the frame number once, then help."),),
        "guidelines": (
            Guideline(
                id="returns",
                remedies=(Remedy(id="refund", text="The money back.", ceiling=euros("300"), delivers="the refund"),),
                goodwill=euros("20"),
                public="What is sent back within a month is paid back within two weeks.",
            ),
        ),
    },
)
SHOWS = ("close.reasons", "customer.chased", "follow-up.unreachable")

TARIK = customer("Tarik Aydin", mail="tarik@aydin.example", text="+49 170 5550133")
LOTTE = customer("Lotte Berg", mail="lotte@berg.example", phone="+49 30 5550188")


def tell(told: Situation) -> None:
    before_the_answer(told)
    after_the_yes(told)


def before_the_answer(told: Situation) -> None:
    words = "The brake of my new bike squeals so loudly that people turn round. Can you do something?"
    case = told.receives(Contact(channel=Channel.EMAIL, sender=TARIK, text=words, received_at=told.now))
    told.until("2026-03-02 10:00")
    told.does(
        "Ana answers, and needs one thing.",
        case,
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for writing. A brake that makes people turn round is no fun, and we put that right. I look after it until it is "
                "quiet. If there is more to tell about it, please do."
            ),
            next_word_at=local("2026-03-03 12:00"),
        ),
        Investigate(by="ana"),
        Ask(
            by="ana",
            word=mail("There are two kinds of brake on your model, and I want to order the right pads for yours."),
            question="What is the frame number? It stands below the pedals, six digits.",
        ),
    )

    told.until("2026-03-03 11:00")
    told.does(
        "She said that he would hear from her today, so he does, question or no question.",
        case,
        Inform(
            by="ana",
            word=mail(
                "Both kinds of pads lie on my bench. As soon as I have the number, I send you yours, or you come by; as you like."
            ),
        ),
    )

    told.until("2026-03-06 10:00")
    told.says("By Friday there is no answer. The library has asked again by itself, and what may wait for him waits.")
    told.tries("Ana would like to have the case off her desk.", case, Close(by="ana", reason=CloseReason.NO_ANSWER))
    told.does(
        "So she makes it easier for him.",
        case,
        Inform(
            by="ana",
            word=mail("No number is needed here at the workshop: any day until six I look at the brake myself, in ten minutes."),
        ),
    )

    told.until("2026-03-11 09:30")
    told.does(
        "And once more, five days later.",
        case,
        Inform(
            by="ana",
            word=mail("From today a set of each pad lies on my own shelf for you, and there it stays until the end of March."),
        ),
    )
    told.until("2026-03-13 15:00")
    told.does(
        "Asked by mail and by text message, and not a word. Now the case may end, and Tarik hears that any word brings it back.",
        case,
        Close(by="ana", reason=CloseReason.NO_ANSWER),
    )


def after_the_yes(told: Situation) -> None:
    told.until("2026-03-16 09:30")
    words = "I returned the child seat three weeks ago, and the 89 euros have not come back yet. I want my money."
    case = told.receives(Contact(channel=Channel.EMAIL, sender=LOTTE, text=words, received_at=told.now))
    told.until("2026-03-16 10:15")
    told.does(
        "Another customer, another silence. It begins like any case.",
        case,
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for asking after your money. Three weeks is too long, and I am sorry. I go through our returns today and "
                "write to you by tomorrow noon. If you still have the slip from the post, tell me; if not, we manage without it."
            ),
            next_word_at=local("2026-03-17 12:00"),
        ),
        Investigate(by="ana"),
        Correct(by="ana", issue="the 89 euros for the child seat you returned", reason="in one sentence"),
        RecordRemedySought(by="ana", said=told.wrote(case), remedy="refund"),
    )
    told.until("2026-03-17 10:00")
    back = Option(
        id="refund",
        text="The 89 euros leave us today and are on your account by Friday.",
        beyond="With them come the 6 euros that you paid for the parcel.",
        value=euros("89"),
        goodwill=euros("6"),
        delivers="the refund of 95 euros",
        by=local("2026-03-20 12:00"),
    )
    told.does(
        "The seat is there, in a corner of the store room, and Ana says so.",
        case,
        Propose(
            by="ana",
            word=mail("I have found the seat in our store room. It came in time, and the wait was our doing."),
            options=(back,),
        ),
        RecordCause(
            by="ana", kind=CauseKind.PROCEDURE, text="What comes back without its slip lies in the store room until somebody asks."
        ),
        RecordAccountable(
            by="ana", unit="store", task="look through what came back without a slip", due_at=local("2026-03-24 17:00")
        ),
    )
    told.until("2026-03-17 14:00")
    yes = Said(channel=Channel.EMAIL, words="Fine.")
    told.does("Lotte's answer has one word. It is her last.", case, RecordAcceptance(by="ana", option="refund", said=yes))
    told.until("2026-03-20 09:30")
    delivery = told.load(case).resolving.deliveries[0].id
    arrived = ConfirmArrival(by="ana", delivery_id=delivery, source=ArrivalSource.BANK)
    told.does("The bank says that the money is there. Lotte says nothing.", case, arrived)

    told.until("2026-03-23 09:15")
    told.does("On Monday Ana rings, for it was settled by mail. Nobody picks up, so she writes as well.", case, rang(told), wrote())
    told.tries("Ben says that one morning is enough for somebody who writes one word.", case, PassFollowUp(by="ben"))
    told.until("2026-03-24 11:00")
    told.does("She rings again the next day, at another hour.", case, rang(told))
    told.does(
        "Ben has looked through the corner. Four more people get their money, and did not have to ask.",
        case,
        told.done(case, "ben", "look through"),
    )
    told.until("2026-03-25 16:00")
    told.does("And a third time, in the afternoon.", case, rang(told))
    told.until("2026-03-27 17:00")
    told.says(
        "Three tries on two channels, a working day apart. The stage is passed by itself, as unanswered, and the second one stays due."
    )
    told.agenda(case)

    told.until("2026-04-10 09:00")
    told.does("Three weeks after the money Ana asks again, whatever came of the first time.", case, rang(told), wrote())
    told.until("2026-04-13 12:00")
    told.does("On Monday she rings.", case, rang(told))
    told.until("2026-04-14 15:00")
    told.does("On Tuesday she rings a last time.", case, rang(told))
    told.until("2026-04-16 17:00")
    told.says(
        "That is the end of it: unanswered, twice. Nowhere does it count as satisfied, and for a week any word of hers opens it again."
    )


def rang(told: Situation) -> FollowUp:
    return FollowUp(by="ana", word=told.spoken("", reached=False))


def wrote() -> FollowUp:
    text = "I rang you just now and missed you, so I write. One line is enough, and a complaint is as welcome as praise."
    return FollowUp(by="ana", word=mail(text), issue="the 89 euros for the child seat you returned")


if __name__ == "__main__":
    show(SETTING, tell)
