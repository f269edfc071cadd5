"""The customer who wants what the neighbour got: like cases get like remedies, whoever asks more loudly.

For two days in February a whole street was without heating. Selin Yilmaz has heard what the neighbour across the hall got for it and
wants the same. A new colleague would give her less, and when she raises her voice, much more. The house has written down what such days
are worth, it knows what others got, and nobody here talks about the neighbour.
"""

from pendulum import DateTime

from recovery import (
    Acknowledge,
    ArrivalSource,
    Authority,
    BusinessUnit,
    CauseKind,
    Channel,
    ConfirmArrival,
    Contact,
    Correct,
    DenyException,
    GoodwillGiven,
    Guideline,
    Investigate,
    Option,
    Precedent,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordCause,
    RecordDecline,
    RecordRemedySought,
    Remedy,
    RequestException,
    Route,
    Said,
    Similar,
    Strength,
)
from telling import Setting, Situation, colleague, customer, euros, local, mail, show


class Ledger:
    """What others on the street got for the two days, from the books of the house."""

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        found = (
            Precedent(
                case_id=f"street-{number}",
                reference=f"FEB-{number:02}",
                at=local(f"2026-02-{17 + number} 10:00"),
                remedy="credit",
                category="no-heating",
                worth=euros(worth),
                solved=True,
            )
            for number, worth in enumerate(("40", "45", "45", "50", "50", "60", "60"))
        )
        return tuple(precedent for precedent in found if wanted.fits(precedent))

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        return ()


SETTING = Setting(
    company="Wärme Süd",
    begins="2026-03-02 09:15",
    people=(colleague("tom", "Tom Hauer", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    precedents=Ledger(),
    strengths={"propose.consistent": Strength.MUST},
    more={
        "units": (BusinessUnit(id="office", name="Office", head="ben"),),
        "routes": (Route(owner="tom", procedure="Days without heating: what the guideline says, the same for everybody."),),
        "guidelines": (
            Guideline(
                id="cold-days",
                category="no-heating",
                remedies=(
                    Remedy(id="credit", text="A credit for the days without heating.", ceiling=euros("50"), delivers="the credit"),
                ),
                goodwill=euros("20"),
                public="Whoever is without heating in winter gets up to 25 euros for each day, without having to ask.",
            ),
        ),
        "authorities": (Authority(person="ben", up_to=euros("150")),),
    },
)
SHOWS = ("propose.consistent", "propose.within-guideline")

SELIN = customer("Selin Yilmaz", mail="selin@yilmaz.example", phone="+49 761 5550155")


def tell(told: Situation) -> None:
    words = (
        "On 14 and 15 February we had no heating, with two small children. My neighbour across the hall got money for it from you. I got "
        "nothing, not even a letter. I want what the neighbour got."
    )
    case = told.receives(Contact(channel=Channel.EMAIL, sender=SELIN, text=words, received_at=told.now, category="no-heating"))
    told.until("2026-03-02 09:50")
    told.does(
        "Tom is in his second week. He answers well.",
        case,
        Acknowledge(
            by="tom",
            word=mail(
                "Thank you for writing. Two days in the cold with two small children, and not even a letter from us: I am sorry. I look up "
                "today what happened in your house and why you heard nothing, and tomorrow morning you hear what we do. If there is "
                "more to those two days, a heater you had to buy, a night at a friend's, please tell me."
            ),
            next_word_at=local("2026-03-03 11:00"),
        ),
        Investigate(by="tom"),
        Correct(by="tom", issue="two days without heating in February, and no word from us about it", reason="in one sentence"),
        RecordRemedySought(by="tom", said=told.wrote(case), remedy="credit"),
    )

    told.until("2026-03-02 15:00")
    told.tries(
        "He would begin low; one can always go up.",
        case,
        Propose(by="tom", word=mail("I am sorry for the cold days."), options=(credit("15", "0"),)),
    )
    (best, *_) = told.desk.suggest(case.id)
    told.says(f"The library knows better, and says why: {'; '.join(best.reasons)}.")

    told.until("2026-03-03 10:00")
    told.does(
        "So he proposes what others on the street got.",
        case,
        Propose(
            by="tom",
            word=mail(
                "I have looked it up: your house was cold for two days, and our letter to you was never printed. I put that right."
            ),
            options=(credit("40", "5"),),
        ),
        RecordCause(
            by="tom", kind=CauseKind.SYSTEM, text="The letters for the back houses were not printed: the list ended at number nine."
        ),
        RecordAccountable(by="tom", unit="office", task="write to everybody who got no letter", due_at=local("2026-03-09 17:00")),
    )
    told.until("2026-03-03 17:30")
    told.does(
        "Selin has talked with the whole staircase.",
        case,
        RecordDecline(
            by="tom",
            said=Said(
                channel=Channel.PHONE, words="The one across the hall got more! And the one below says a hundred and twenty!"
            ),
            counter_offer="what the neighbour got, or 120 euros",
        ),
    )
    told.until("2026-03-04 09:30")
    told.tries(
        "She was loud, and Tom wants peace.",
        case,
        Propose(
            by="tom", word=mail("I am sorry. Let us settle this."), options=(credit("120", "0"),), counter_answer="You get the 120."
        ),
    )
    told.does(
        "He asks Ben for an exception.",
        case,
        RequestException(by="tom", remedy="credit", value=euros("120"), reason="She is loud."),
    )
    told.does(
        "Ben looks at the case and at the street, and says no, and why.",
        case,
        DenyException(
            by="ben",
            exception_id=told.load(case).proposing.exceptions[-1].id,
            reason="Two cold days, like everybody's. Whoever asks quietly must not get less than whoever asks loudly.",
        ),
    )

    told.until("2026-03-04 10:30")
    told.does(
        "Now Tom says what she can rely on: not what one neighbour got, but what everybody gets.",
        case,
        Propose(
            by="tom",
            word=mail("Thank you for being frank on the phone. Here is what I can do, and what it rests on."),
            options=(credit("50", "10"),),
            counter_answer="You asked for what your neighbour got. I speak to nobody about your contract, and so to nobody about theirs. "
            "What I can tell you is what holds for everybody on your street, and you have it here in full.",
            cites=("cold-days",),
        ),
    )
    told.until("2026-03-04 16:00")
    yes = Said(channel=Channel.EMAIL, words="If it is the same for all of us, then it is fine. Thank you for saying it straight.")
    told.does("Selin reads it twice.", case, RecordAcceptance(by="tom", option="credit", said=yes))
    told.until("2026-03-06 10:00")
    delivery = told.load(case).resolving.deliveries[0].id
    told.does("The credit is there on Friday.", case, ConfirmArrival(by="tom", delivery_id=delivery, source=ArrivalSource.BANK))
    told.until("2026-03-09 09:30")
    told.calls("On Monday Tom calls.", case, "tom", "Yes, it came. You were straight with me.")
    told.does(
        "On the same day the other eleven families have their letter, and their credit.",
        case,
        told.done(case, "ben", "write to everybody"),
    )
    told.until("2026-03-27 09:30")
    told.calls("And at the end of March.", case, "tom", "All warm here.")


def credit(value: str, goodwill: str) -> Option:
    total = int(value) + int(goodwill)
    return Option(
        id="credit",
        text=f"You get {total} euros for the two days, on your account by Friday.",
        delivers="the credit",
        by=local("2026-03-06 17:00"),
        value=euros(value),
        goodwill=euros(goodwill),
        beyond="From now on you hear from us on the first cold morning, by text message." if int(goodwill) else "",
    )


if __name__ == "__main__":
    show(SETTING, tell)
