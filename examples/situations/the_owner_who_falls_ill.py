"""The owner who falls ill: the case does not fall ill with her, and the customer does not begin again.

Nadia Kern drives a bus and cannot see well with her new glasses. Ana has promised her a word for Wednesday; on Tuesday Ana is ill, for
three weeks. What would have reminded Ana reaches the one above her, new customers go past her, and Carla, who takes over, has a
briefing before she has the case. The word comes on Wednesday all the same.
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
    MoveCase,
    OfferHandover,
    Option,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordCause,
    RecordFollowUpAnswer,
    RecordRemedySought,
    RecordWish,
    Remedy,
    Route,
    Said,
    Wish,
    WishKind,
)
from telling import Setting, Situation, colleague, customer, euros, local, mail, show

SETTING = Setting(
    company="Optik am Markt",
    begins="2026-03-02 10:05",
    people=(
        colleague("ana", "Ana Sola", supervisor="ben"),
        colleague("carla", "Carla Weiss", supervisor="ben"),
        colleague("dora", "Dora Lang", supervisor="ben"),
        colleague("ben", "Ben Ferro"),
    ),
    fallback_owner="ben",
    away={"ana": [("2026-03-03", "2026-03-20")], "dora": [("2026-03-02", "2026-03-06")]},
    more={
        "units": (BusinessUnit(id="workshop", name="Workshop", head="ben"),),
        "routes": (
            Route(owner="ana", stand_ins=("dora", "carla"), procedure="Glasses: measure again before anything is sent back."),
        ),
        "guidelines": (
            Guideline(
                id="glasses",
                remedies=(Remedy(id="again", text="Both lenses made anew.", delivers="the new glasses"),),
                goodwill=euros("60"),
                public="Glasses with which you cannot see well are made anew, within the first year, free of charge.",
            ),
        ),
    },
)
SHOWS = ("owner.named", "contact.wishes", "promise.tracked")

NADIA = customer("Nadia Kern", mail="nadia@kern.example", phone="+49 351 5550144")


def tell(told: Situation) -> None:
    words = (
        "With the new glasses I get a headache after an hour, and the lines on the road swim. I drive a bus, I have to see. Please write and do not call, "
        "I am at the wheel until four."
    )
    case = told.receives(Contact(channel=Channel.EMAIL, sender=NADIA, text=words, received_at=told.now))
    told.until("2026-03-02 10:40")
    told.does(
        "Ana answers, puts Nadia's wish on file and promises a word for Wednesday.",
        case,
        RecordWish(
            by="ana",
            wish=Wish(kind=WishKind.NOT_ON_CHANNEL, channel=Channel.PHONE),
            said=Said(channel=Channel.EMAIL, contact=told.load(case).receiving.contacts[0].seq),
        ),
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for writing at once. Glasses that make the road swim are nothing to drive with, and I am sorry. Please wear "
                "your old ones until this is put right. I have your new pair's order here and measure it against the prescription; on "
                "Wednesday morning you have the result. I write and do not call. Tell me anything else that you notice."
            ),
            next_word_at=local("2026-03-04 11:00"),
        ),
        Investigate(by="ana"),
        Correct(by="ana", issue="the new glasses with which the road swims", reason="in one sentence"),
        RecordRemedySought(by="ana", said=told.wrote(case)),
    )

    told.until("2026-03-03 11:30")
    told.says("On Tuesday Ana is ill. What would have reminded her has gone to Ben, who stands above her.")
    told.tries(
        "Ben thinks of Dora, who knows about lenses; but she is on a course this week.",
        case,
        OfferHandover(by="ben", to="dora", briefing="Ana is ill."),
    )
    told.does(
        "So he gives it to Carla at once, which a supervisor may, with a reason.",
        case,
        MoveCase(by="ben", to="carla", reason="Ana is ill, and a word is promised for Wednesday at eleven."),
    )

    told.until("2026-03-03 14:00")
    told.does(
        "Carla reads the briefing and writes. Nadia is told who, why, and that she need not begin again.",
        case,
        Inform(
            by="carla",
            word=mail(
                "My name is Carla Weiss, and I look after your glasses from today, because Ana Sola is away. I have read your mail and her "
                "notes, so there is nothing you need to tell again. What she said holds: I measure your pair tonight, and you have "
                "the result tomorrow by eleven, in writing."
            ),
            next_word_at=local("2026-03-04 11:00"),
        ),
    )

    told.until("2026-03-04 09:30")
    another = customer("Jan Voss", mail="jan@voss.example")
    broken = Contact(channel=Channel.EMAIL, sender=another, text="The hinge of my glasses broke.", received_at=told.now)
    why = told.desk.explain_route(broken)
    told.says(f"Whoever writes this week goes past the two who are away, and would come to {told.name(why.owner)}.")

    told.until("2026-03-04 10:30")
    pair = Option(
        id="again",
        text="We grind both lenses anew and bring the glasses to your depot on Friday afternoon, and I fit them there, on your seat in the "
        "bus if you like.",
        beyond="Sunglasses in your strength come with them, for the low sun.",
        goodwill=euros("55"),
        delivers="the new glasses",
        by=local("2026-03-06 17:00"),
    )
    told.does(
        "Half an hour before eleven the word is there, and it is more than a word.",
        case,
        Propose(
            by="carla",
            word=mail("I have measured: the lenses sit two millimetres beside where your eyes look through. We put that right."),
            options=(pair,),
        ),
        RecordCause(
            by="carla",
            kind=CauseKind.PROCEDURE,
            text="The frame was changed after the eyes had been measured, and nobody measured again.",
        ),
        RecordAccountable(
            by="carla", unit="workshop", task="measure again whenever the frame changes", due_at=local("2026-03-10 17:00")
        ),
    )
    told.until("2026-03-04 16:30")
    yes = Said(channel=Channel.EMAIL, words="Friday after four is good. Thank you for not calling!")
    told.does("Nadia answers when the shift is over.", case, RecordAcceptance(by="carla", option="again", said=yes))
    told.until("2026-03-06 16:30")
    there = Said(channel=Channel.IN_PERSON, words="The road stands still again. Look at that!")
    delivery = told.load(case).resolving.deliveries[0].id
    told.does(
        "Carla stands in the depot with the glasses.",
        case,
        ConfirmArrival(by="carla", delivery_id=delivery, source=ArrivalSource.CUSTOMER, said=there),
    )

    told.until("2026-03-09 10:00")
    told.tries("On Monday Carla nearly reaches for the phone.", case, FollowUp(by="carla", word=told.to_call("Is it solved?")))
    told.does("The wish came along with the case. She writes.", case, asks())
    told.until("2026-03-09 17:00")
    told.does("", case, answer("Eight hours today and no headache. You treated me very well, all of you."))

    told.until("2026-03-10 09:00")
    told.does("The line stands on the order form now, in red.", case, told.done(case, "ben", "measure again"))
    told.until("2026-03-23 09:00")
    told.says("Ana is back. Nobody moves the case again for that: Nadia has learnt one new name, and that is enough.")
    told.until("2026-03-27 10:00")
    told.does("Three weeks after the glasses Carla asks once more.", case, asks())
    told.until("2026-03-27 17:00")
    told.does("", case, answer("Still good. I wear the sunglasses every morning. Greetings to Ana Sola."))


def asks() -> FollowUp:
    text = "I hope that the road lies still. You know best, so I ask."
    return FollowUp(by="carla", word=mail(text), issue="the new glasses with which the road swam")


def answer(words: str) -> RecordFollowUpAnswer:
    return RecordFollowUpAnswer(by="carla", said=Said(channel=Channel.EMAIL, words=words), solved=True, treated_well=True)


if __name__ == "__main__":
    show(SETTING, tell)
