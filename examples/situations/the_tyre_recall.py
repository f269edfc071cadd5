"""The tyre recall: whoever is affected hears of it from us first, each of them once, and nobody else is blamed.

Thirty sets of one tyre have gone over the counter, and four of them to people whom we know. One customer has complained of a bump; the
others do not know yet that they should not drive. The letters of other firms explain at length whose fault such a thing is. This one
says what is wrong, that we are sorry, what we do and when, and it goes to everybody, whether they have complained or not.
"""

from recovery import (
    Acknowledge,
    BusinessUnit,
    Case,
    CauseKind,
    Channel,
    Close,
    CloseReason,
    Contact,
    Correct,
    Customer,
    Delivery,
    FollowUp,
    Incident,
    Inform,
    Investigate,
    RecordAccountable,
    RecordCause,
    RecordFollowUpAnswer,
    ReportDelivery,
    Route,
    Said,
    Severity,
    Stage,
)
from telling import Setting, Situation, colleague, customer, local, mail, show

SETTING = Setting(
    company="Reifen Petersen",
    begins="2026-03-02 08:50",
    people=(colleague("ana", "Ana Sola", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="buying", name="Buying", head="ben"),),
        "routes": (Route(owner="ana", procedure="Tyres: nobody drives on; new ones first, questions later."),),
        "way_back": "+49 461 5550100",
    },
)
SHOWS = ("own.reach-out-first", "own.no-blame", "own.no-passing-on", "close.reasons")

OMAR = customer("Omar Haddad", id="K-101", mail="omar@haddad.example", phone="+49 461 5550131")
INES = customer("Ines Kruse", id="K-102", mail="ines@kruse.example", phone="+49 461 5550132")
KARL = customer("Karl Thomsen", id="K-103", phone="+49 461 5550133", post="Norderstrasse 9, Flensburg")
LEA = customer("Lea Jansen", id="K-104", mail="lea@jansen.example")
FINN = customer("Finn Jansen", id="K-105", mail="finn@jansen.example", phone="+49 461 5550135")

WORD = (
    "Please do not drive on these tyres any more: their inside can come loose. I am sorry, and we put it right at our cost. You get four "
    "new tyres this week, we fetch your car, and you have one of ours until it is back. Call me or answer this, and I come when it suits you."
)


def tell(told: Situation) -> None:
    words = "Since a week my car shakes at ninety. One of the new tyres has a bump on the inside, as big as an egg."
    case = told.receives(
        Contact(channel=Channel.EMAIL, sender=OMAR, text=words, received_at=told.now, category="tyres", severity=Severity.CRITICAL)
    )
    told.until("2026-03-02 09:10")
    told.does(
        "Ana does not ask how he drives.",
        case,
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for writing at once. Please do not drive on these tyres. I am sorry; I have you fetched today at noon, and you "
                "get a car from us until yours is safe. Tomorrow at noon I tell you what I have found out about this tyre. Whatever "
                "else there is to tell about it, please tell me."
            ),
            next_word_at=local("2026-03-03 12:00"),
        ),
        Investigate(by="ana"),
        Correct(by="ana", issue="a bump in a new tyre", reason="in one sentence"),
    )

    told.until("2026-03-03 10:00")
    told.says("On Tuesday it is clear: it is the whole batch. Three more sets went to people whose names are in the books.")
    blaming = recall(
        "The manufacturer has delivered faulty tyres, for which we are not responsible. Please contact the manufacturer."
    )
    told.reaches_out("The first draft comes with the letter of the maker.", blaming, (OMAR, INES, KARL, LEA))
    work = told.reaches_out(
        "Ana signs her own. The list from the books names Ines twice, once with her old address.",
        recall(WORD),
        (OMAR, INES, KARL, LEA, INES),
    )
    told.says(
        f"{work.opened} people have a case who had not complained, {work.joined} had one already and hears the same; "
        f"{work.named_again} name stood there twice and is one person."
    )
    karl = find(told, KARL)
    told.agenda(karl)
    told.until("2026-03-03 10:20")
    owed = next(out.id for out in karl.receiving.outgoing if out.state is Delivery.OWED)
    called = ReportDelivery(by="ana", message_id=owed, delivery=Delivery.SENT, at=told.now)
    told.does("Karl has no mail. Ana rings him, and reads the same words to him.", karl, called)

    told.until("2026-03-03 11:30")
    lea = find(told, LEA)
    told.tries(
        "Somebody says that Lea has sold the car. It is only hearsay, so her case stays.",
        lea,
        Close(by="ana", reason=CloseReason.NOT_AFFECTED),
    )
    told.until("2026-03-03 14:00")
    sold = "I sold the car to my brother Finn in February. Shall I tell him?"
    told.receives(Contact(channel=Channel.EMAIL, sender=LEA, text=sold, received_at=told.now, reference=lea.reference))
    told.does(
        "Now she says so herself, and asks something, and is answered first.",
        lea,
        Inform(by="ana", word=mail("Thank you for thinking of it. I tell your brother myself, today, so that you need not.")),
        Close(by="ana", reason=CloseReason.NOT_AFFECTED, said=told.wrote(lea), explanation="She sold the car in February."),
    )
    again = told.reaches_out("Finn was on no list. He is now.", recall(WORD), (OMAR, INES, KARL, LEA, FINN))
    told.says(f"{again.opened} person is new, and the other {again.known} do not hear it twice.")
    makes_good(told, karl)


def makes_good(told: Situation, karl: Case) -> None:
    """One word to all, twice, and then the end of it."""
    told.until("2026-03-04 10:00")
    told.tells_all(
        "One word to all, on the day that was named.",
        lambda: told.desk.update_incident(
            "tyres-2026",
            by="ana",
            text="The new tyres are here since this morning. On Friday and Saturday we fetch your car between eight and ten and bring it "
            "back in the afternoon; if another day suits you better, tell me.",
            next_word_at=local("2026-03-06 17:00"),
        ),
    )
    told.until("2026-03-04 10:30")
    told.does("She rings Karl.", karl, *rung(told, karl))
    told.until("2026-03-06 16:00")
    told.tells_all(
        "And on Friday, when half of the work is done.",
        lambda: told.desk.update_incident(
            "tyres-2026",
            by="ana",
            text="Half of the cars are done. All others follow tomorrow, and by Monday noon I write to you once more, when every one of "
            "them stands on new tyres.",
            next_word_at=local("2026-03-09 12:00"),
        ),
    )
    told.does("", karl, *rung(told, karl))

    told.until("2026-03-07 16:00")
    for number, each in enumerate(open_cases(told)):
        told.does(
            ""
            if number
            else "On Saturday afternoon the last car is back. Why it happened and who answers for it is on record, and stays inside.",
            each,
            RecordCause(by="ana", kind=CauseKind.SUPPLY, text="The belt of the batch came loose.", external=True),
            RecordAccountable(
                by="ana",
                unit="buying",
                task="take the batch off the shelf, and test every new one",
                due_at=local("2026-03-11 17:00"),
            ),
        )
    told.tells_all(
        "Ana does not wait for Monday. It is the end of it, for Omar as for the others.",
        lambda: told.desk.close_incident(
            "tyres-2026",
            by="ana",
            text="It is done, and I thank you for your patience. For the trouble your wheels are stored with us next winter at no cost.",
            done="Four new tyres are on your car, and it is back with you.",
        ),
    )
    told.does("", karl, *rung(told, karl))
    standing = told.desk.incident("tyres-2026")
    told.says(
        f"{standing.cases} cases, {standing.complained} of which had begun with a complaint, {standing.not_affected} not affected."
    )

    told.until("2026-03-10 09:30")
    ask_all(
        told, "On Tuesday Ana asks each of them whether it is really solved.", ("It runs like new.", "All well.", "Quiet and safe.")
    )
    told.until("2026-03-11 15:00")
    for number, each in enumerate(open_cases(told)):
        told.does("" if number else "Ben has taken the batch off the shelf.", each, told.done(each, "ben", "take the batch"))
    told.until("2026-03-12 09:00")
    told.does("", karl, answer("Your letter came. It drives as it should, and nobody had to remind you of me."))
    standing = told.desk.incident("tyres-2026")
    told.says(
        f"{standing.cases} cases, {standing.complained} of which had begun with a complaint, {standing.not_affected} not affected."
    )

    told.until("2026-03-27 09:30")
    ask_all(
        told,
        "And at the end of the month all of them again.",
        ("Still quiet.", "Yes. Thank you.", "I have told my sister about you."),
    )
    told.until("2026-03-30 15:00")
    told.does("", karl, answer("All in order. I keep your letters."))
    told.until("2026-04-02 10:00")


def rung(told: Situation, case: Case) -> tuple[ReportDelivery, ...]:
    owed = [out.id for out in told.load(case).receiving.outgoing if out.state is Delivery.OWED]
    return tuple(ReportDelivery(by="ana", message_id=out, delivery=Delivery.SENT, at=told.now) for out in owed)


def open_cases(told: Situation) -> list[Case]:
    return [case for case in told.cases() if case.stage is not Stage.CLOSED]


def ask_all(told: Situation, text: str, answers: tuple[str, ...]) -> None:
    """Call those to whom was written, and write to the one who was called."""
    words = iter(answers)
    for number, case in enumerate(open_cases(told)):
        if case.receiving.customer.id == KARL.id:
            letter = "Dear Mr Thomsen, is it really solved, as you see it? And were you treated the way you expect of us? Ana Sola"
            told.does("", case, FollowUp(by="ana", word=told.posted(letter)))
        else:
            told.calls("" if number else text, case, "ana", next(words))


def answer(words: str) -> RecordFollowUpAnswer:
    said = Said(channel=Channel.PHONE, words=words)
    return RecordFollowUpAnswer(by="ana", said=said, solved=True, treated_well=True)


def recall(text: str) -> Incident:
    return Incident(
        id="tyres-2026",
        what="the tyres that we fitted in January, of a batch whose inside can come loose",
        owner="ana",
        text=text,
        next_word_at=local("2026-03-04 12:00"),
        category="tyres",
        severity=Severity.CRITICAL,
    )


def find(told: Situation, person: Customer) -> Case:
    return next(case for case in told.cases() if case.receiving.customer.id == person.id)


if __name__ == "__main__":
    show(SETTING, tell)
