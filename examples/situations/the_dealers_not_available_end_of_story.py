"""The dealer's "not available, end of story": before there is a no, somebody has looked, and somebody else has looked as well.

Paula Stein's dishwasher is eleven years old and needs a hinge. The spare part is out of stock, and on most desks that is the end of the
story. Here a no needs what was tried, why it failed, and a second person; and while they try, the no goes away.
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
    Investigate,
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
    company="Haus & Herd",
    begins="2026-03-02 11:00",
    people=(colleague("ana", "Ana Sola", supervisor="ben"), colleague("ben", "Ben Ferro")),
    fallback_owner="ben",
    more={
        "units": (BusinessUnit(id="shop", name="The shop", head="ben"),),
        "routes": (
            Route(owner="ana", procedure="Spare parts: stock, maker, other dealers, rebuilt parts, the workshop, in this order."),
        ),
        "guidelines": (
            Guideline(
                id="spare-parts",
                remedies=(
                    Remedy(id="part", text="The part, from stock or rebuilt."),
                    Remedy(id="trade-in", text="A discount on a new machine for the old one.", ceiling=euros("150")),
                ),
                goodwill=euros("40"),
                public="We look for spare parts for every machine that we have sold, as long as it runs.",
            ),
        ),
    },
)
SHOWS = ("propose.no-only-after-search", "own.no-passing-on", "propose.options-or-no")

PAULA = customer("Paula Stein", mail="paula@stein.example", phone="+49 221 5550122")


def tell(told: Situation) -> None:
    words = (
        "The left hinge of my dishwasher broke. It is eleven years old and otherwise perfect. Your shop says: not available any more, end of "
        "story, buy a new one. I do not want a new one. I want a hinge."
    )
    case = told.receives(Contact(channel=Channel.EMAIL, sender=PAULA, text=words, received_at=told.now))
    told.until("2026-03-02 11:40")
    told.does(
        "Ana answers.",
        case,
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for not taking the first answer. A machine that runs should not go to the dump for a hinge, and I am sorry that "
                "this is what you heard in our shop. I look for one, and by Wednesday noon you hear what I have found. If the old hinge "
                "still hangs together, a photo helps; tell me whatever else you know of it."
            ),
            next_word_at=local("2026-03-04 12:00"),
        ),
        Investigate(by="ana"),
        Correct(by="ana", issue="the left hinge of your dishwasher, broken after eleven good years", reason="in one sentence"),
        RecordRemedySought(by="ana", said=told.wrote(case), remedy="part"),
    )

    told.until("2026-03-02 16:30")
    told.tries(
        "Ana looks into the computer. Stock: none. She is tired, and writes what the shop said, in kinder words.",
        case,
        Propose(
            by="ana",
            word=mail("I have looked, and I have bad news."),
            explanation="The hinge is no longer made and not in stock.",
        ),
    )
    told.tries(
        "Neither would silence do.",
        case,
        Propose(by="ana", word=mail("There is nothing to propose.")),
    )
    told.says(
        "The refusal asks what was tried, and who else has looked. So on Tuesday Ana asks the maker and four other dealers, and takes "
        "the photo to Ben, who was in the workshop for thirty years."
    )

    told.until("2026-03-04 10:00")
    told.tries(
        "A colleague has an idea that costs us nothing.",
        case,
        Propose(
            by="ana",
            word=mail("I am sorry. Please contact the manufacturer directly; they may still have your hinge."),
            options=(
                Option(
                    id="part", text="Ask the manufacturer for the hinge, and claim it from them.", beyond="I send you their number."
                ),
            ),
        ),
    )
    told.says("The maker has none. The dealers have none. Ben has one in his hand: the sister model's, which wants one more hole.")
    hinge = Option(
        id="part",
        text="We rebuild a hinge of the sister model so that it fits yours, and I come on Friday morning with Ben, who puts it in.",
        delivers="the rebuilt hinge",
        by=local("2026-03-06 12:00"),
        beyond="He does the right one as well, so that both sides last as long.",
        goodwill=euros("35"),
    )
    told.does(
        "Two hours before the date she named, Ana writes.",
        case,
        Propose(by="ana", word=mail("Your hinge is no longer made, so we make one. I take care of it myself."), options=(hinge,)),
        RecordCause(by="ana", kind=CauseKind.INFORMATION, text="The shop knows its own stock and no other way to a part."),
        RecordAccountable(
            by="ana", unit="shop", task="tell the shop the five places to look before a no", due_at=local("2026-03-11 17:00")
        ),
    )
    told.until("2026-03-04 13:10")
    yes = Said(channel=Channel.EMAIL, words="You MAKE one? Friday is wonderful. I bake something.")
    told.does("The answer is quick.", case, RecordAcceptance(by="ana", option="part", said=yes))
    told.until("2026-03-06 10:30")
    there = Said(channel=Channel.IN_PERSON, words="It closes like on the first day. And you ate only one piece each!")
    delivery = told.load(case).resolving.deliveries[0].id
    told.does(
        "Ben needs twenty minutes.",
        case,
        ConfirmArrival(by="ana", delivery_id=delivery, source=ArrivalSource.CUSTOMER, said=there),
    )
    told.until("2026-03-09 10:00")
    told.calls("On Monday Ana calls.", case, "ana", "It holds. I have told the whole house about your hinge.")
    told.does("And the shop knows now what to do when the stock is empty.", case, told.done(case, "ben", "tell the shop"))
    told.until("2026-03-27 10:00")
    told.calls("And at the end of the month.", case, "ana", "Still perfect. It will be twelve in May.")


if __name__ == "__main__":
    show(SETTING, tell)
