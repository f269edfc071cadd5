"""The phone maze that asks for everything twice: what has been told once is on file, whoever picks up next.

Vera Sommer has talked to a machine, to a voice, and to two people this morning, and has spelt her meter number for each of them. Here
the maze ends: her two calls become one case, her number is on file, the next colleague has it before she says a word, and every
message leads back to a person.
"""

from recovery import (
    AcceptHandover,
    Acknowledge,
    Ask,
    BadDefinition,
    BusinessUnit,
    CauseKind,
    Channel,
    Close,
    CloseReason,
    ConsultHistory,
    Contact,
    Correct,
    Guideline,
    Inform,
    Investigate,
    OfferHandover,
    Option,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordAnswer,
    RecordCause,
    RecordFact,
    RecordRemedySought,
    Remedy,
    Route,
    Said,
    policies,
)
from telling import ZONE, Setting, Situation, colleague, customer, euros, local, mail, show

SETTING = Setting(
    company="Strom Mitte",
    begins="2026-01-12 09:10",
    people=(
        colleague("ana", "Ana Sola", supervisor="ben"),
        colleague("tom", "Tom Hauer", supervisor="ben"),
        colleague("carla", "Carla Weiss", supervisor="ben"),
        colleague("ben", "Ben Ferro"),
    ),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="phones", name="Telephone", head="ben"),),
        "routes": (Route(owner="ana", procedure="Bills: look at the file first; whoever has it keeps it until it is solved."),),
        "guidelines": (
            Guideline(
                id="bills",
                remedies=(Remedy(id="new-bill", text="A new bill, checked by hand."),),
                goodwill=euros("30"),
                public="A bill that is wrong is written anew within a week.",
            ),
        ),
    },
)
SHOWS = ("facts.ask-once", "history.consulted", "case.repeat-visible")

VERA = customer("Vera Sommer", id="C-4711", mail="vera@sommer.example", phone="+49 361 5550111")


def tell(told: Situation) -> None:
    told.says("In January Vera had written once before, about a reading that was missing. She found it herself the same day.")
    first = Contact(
        channel=Channel.EMAIL, sender=VERA, text="Nobody has read my meter in December. Is that right?", received_at=told.now
    )
    january = told.receives(first)
    told.until("2026-01-12 09:30")
    told.does(
        "",
        january,
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for asking. I look into it and write to you today by noon. If you know the date of the last reading, tell me."
            ),
            next_word_at=local("2026-01-12 12:00"),
        ),
    )
    told.until("2026-01-12 10:30")
    found = Said(channel=Channel.EMAIL, words="I have found it, it was in my mail all the time. You need not look any more.")
    told.does("", january, Close(by="ana", reason=CloseReason.WITHDRAWN, said=found))

    told.until("2026-03-02 09:05")
    words = (
        "My final bill is for somebody else's flat: 812 euros, and I used half of that. My meter number is 1EMH-5540. I have spelt it three "
        "times this morning, once to a machine. Please just write it down."
    )
    case = told.receives(Contact(channel=Channel.PHONE, sender=VERA, text=words, received_at=told.now))
    told.does(
        "Ana writes it down while Vera speaks. On the file it has a name, and everybody who has the case has it.",
        case,
        RecordFact(by="ana", key="meter number", value="1EMH-5540", said=told.wrote(case)),
        Correct(by="ana", issue="a final bill of 812 euros that belongs to another flat", reason="in one sentence"),
        RecordRemedySought(by="ana", said=told.wrote(case), remedy="new-bill"),
    )
    told.until("2026-03-02 09:15")
    told.does(
        "And before she hangs up, Vera knows who has it.",
        case,
        Acknowledge(
            by="ana",
            word=told.spoken(
                "Thank you, Mrs Sommer, and I am sorry about the three times. My name is Ana Sola, and I look after your bill until it is "
                "right. I read the meters of the house this afternoon, and tomorrow by eleven you hear from me. You reach me directly: no "
                "menu, no machine. Is there anything else I should know?"
            ),
            next_word_at=local("2026-03-03 11:00"),
            reach="+49 361 5550140",
        ),
        Investigate(by="ana"),
    )

    told.until("2026-03-02 10:40")
    again = Contact(
        channel=Channel.PHONE,
        sender=VERA,
        text="I was cut off before, I think. It is about my final bill for somebody else's flat: 812 euros.",
        received_at=told.now,
    )
    second = told.receives(again)
    other = next(found for found in told.desk.find(customer="C-4711", open_only=True) if found.id != second.id)
    told.says(
        f"Vera calls once more and gets Tom. He asks nothing: the file shows her open case, {other.reference}, and it is the same."
    )
    told.does(
        "So he puts the two together. Whatever she says or writes from now on reaches Ana, and both calls stand in one history.",
        second,
        Close(by="tom", reason=CloseReason.DUPLICATE, survivor=other.id),
    )
    told.does(
        "Ana rings back at once, so that nobody waits for a line.",
        case,
        Inform(
            by="ana",
            word=told.spoken(
                "Mrs Sommer, Ana Sola. You were cut off, I am sorry. I have it all, and it stays as I said: tomorrow by eleven."
            ),
            next_word_at=local("2026-03-03 11:00"),
        ),
    )

    told.until("2026-03-02 16:00")
    told.does(
        "Ana is at the house all tomorrow morning, so she offers the case to Carla, with a word.",
        case,
        OfferHandover(
            by="ana",
            to="carla",
            briefing="The meter on her bill is the one of the flat above. I read both today; the numbers are on file.",
        ),
    )
    told.does("Carla reads, and says yes.", case, AcceptHandover(by="carla"))
    told.until("2026-03-02 16:20")
    told.tries(
        "Carla is new. She begins as one begins.",
        case,
        Ask(
            by="carla",
            word=mail("Before I can do anything I need your meter number."),
            question="What is your meter number?",
            fact="meter number",
        ),
    )
    told.does(
        "To have it confirmed is free, and shows that somebody has read the file.",
        case,
        Ask(
            by="carla",
            word=mail(
                "My name is Carla Weiss. I work on your bill with Ana Sola, and I have her notes; you need not tell anything again. "
                "Tomorrow by eleven you have the result, as she said."
            ),
            question="Is this number right, so that the new bill cannot go wrong? If it is, one word will do.",
            fact="meter number",
            confirms=True,
        ),
    )
    told.until("2026-03-02 17:00")
    question = told.load(case).keeping.questions[0].id
    told.does(
        "It takes her one word.",
        case,
        RecordAnswer(by="carla", question_id=question, said=Said(channel=Channel.EMAIL, words="Yes!")),
    )

    told.until("2026-03-03 09:30")
    bill = Option(
        id="new-bill",
        text="You get a new bill today, 398 euros, for your own meter.",
        beyond="The fee for the move, 15 euros, we leave out.",
        goodwill=euros("15"),
    )
    proposal = Propose(
        by="carla", word=mail("I have found it: the bill was written for the meter above yours. I put it right."), options=(bill,)
    )
    told.tries("Carla has the answer. One thing she has not done: look at what Vera had come with before.", case, proposal)
    told.does(
        "It takes a minute: in January a reading of the same house was missing. That belongs to the picture.",
        case,
        ConsultHistory(by="carla", cases=(january.id,)),
        proposal,
        RecordCause(by="carla", kind=CauseKind.SYSTEM, text="Two meters were swapped in the list when the house was read."),
        RecordAccountable(
            by="carla", unit="phones", task="one number to call, and a person behind it", due_at=local("2026-03-06 17:00")
        ),
    )
    told.until("2026-03-03 12:00")
    yes = Said(channel=Channel.EMAIL, words="398 is right. I had written it on an envelope.")
    told.does("Vera had reckoned it herself.", case, RecordAcceptance(by="carla", option="new-bill", said=yes))

    told.until("2026-03-05 15:00")
    told.does("Ben switches off the menu.", case, told.done(case, "ben", "one number"))
    try:
        policies.default(fallback_owner="ben", calendar=policies.office_hours(ZONE), way_back="no-reply@strom.example")
    except BadDefinition as fault:
        told.says(f"He also finds the old sender of the bills. With it the desk would not even open: {fault.faults[0]}")
    told.until("2026-03-06 10:00")
    told.calls(
        "On Friday Carla calls, from a number that can be called back.", case, "carla", "It is right. And you picked up at once!"
    )
    told.until("2026-03-24 10:00")
    told.calls("And three weeks later.", case, "carla", "The next bill was right as well. I did not have to spell anything.")


if __name__ == "__main__":
    show(SETTING, tell)
