"""The customer who left: nobody pleads, somebody from outside asks why, and those who lost her make up for it.

Hanne Roth sent her cheese with us for two years. The third warm parcel was the last one; she has signed with another courier and says
so in one line. The case ends there for her: no chase, no follow-up. For us it begins: a review with four questions, by somebody who
does not belong to the unit that lost her, a sum in place of a feeling, and a plan, so that the next cheese stays cold.
"""

from functools import partial

from recovery import (
    Acknowledge,
    AskLostCustomer,
    Assess,
    BusinessUnit,
    Case,
    Channel,
    Close,
    CloseReason,
    Contact,
    Correct,
    Estimate,
    Finding,
    Inform,
    Mood,
    PlanMakeUp,
    PlannedStep,
    RecordWish,
    ReviewLoss,
    Route,
    Segment,
    WinBack,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.losing import LossReviewed
from telling import Setting, Situation, colleague, customer, local, mail, show

SETTING = Setting(
    company="Kurier Nord",
    begins="2026-03-02 09:05",
    people=(
        colleague("ana", "Ana Sola", supervisor="ben", unit="service"),
        colleague("tom", "Tom Hauer", supervisor="ben", unit="sales"),
        colleague("eva", "Eva Brandt", supervisor="ben", unit="quality"),
        colleague("ben", "Ben Ferro"),
    ),
    fallback_owner="ben",
    more={
        "routes": (Route(owner="ana", procedure="Warm parcels: pay for the goods, find the leg on which they got warm."),),
        "units": (
            BusinessUnit(id="service", name="Customer service", head="ana"),
            BusinessUnit(id="sales", name="Sales", head="tom"),
            BusinessUnit(id="quality", name="Quality", head="eva"),
        ),
        "segments": (
            Segment(id="shop", defaults=Estimate(chance=(0.1, 0.3), years=(2, 4), margin=0.2, discount=0.05, currency="EUR")),
        ),
    },
)
SHOWS = ("loss.reviewed", "loss.win-back", "loss.made-up")

HANNE = customer("Hanne Roth", mail="hanne@roth.example", phone="+49 461 5550190", accepted_by="sales")


def tell(told: Situation) -> None:
    words = (
        "The third parcel this winter arrived warm, forty kilos of cheese. I told you in December, and I told you in January. I have "
        "signed with another courier today. Please do not call."
    )
    case = told.receives(Contact(channel=Channel.EMAIL, sender=HANNE, text=words, received_at=told.now))
    told.until("2026-03-02 09:40")
    told.does(
        "Ana does not ask her to stay. She thanks her, says what happens now, and leaves the door open.",
        case,
        Assess(by="ana", mood=Mood.ANGRY),
        RecordWish(by="ana", wish=Wish(kind=WishKind.NOT_ON_CHANNEL, channel=Channel.PHONE), said=told.wrote(case)),
        Correct(by="ana", issue="three parcels of cheese that arrived warm this winter", reason="in one sentence"),
        Acknowledge(
            by="ana",
            word=mail(
                "Thank you for telling us, three times. You were right each time, and I am sorry that it took three warm parcels. The forty "
                "kilos are paid today. I accept that you leave. If you would like to tell us more, in a week or in a year, write to "
                "me; until then nobody here calls you. On Wednesday you have the statement of the payment from me, and that is all."
            ),
            next_word_at=local("2026-03-04 12:00"),
        ),
    )
    told.until("2026-03-04 10:00")
    told.does(
        "The last word that was promised.",
        case,
        Inform(
            by="ana",
            word=mail("The forty kilos were paid on Monday, 612 euros; the statement is with this mail. Thank you for two years."),
        ),
    )
    told.does(
        "Then the case ends as what it is. It is not called solved.",
        case,
        Close(by="ana", reason=CloseReason.LOST, said=told.wrote(case), reviewer="eva"),
    )
    back = told.cases()[-1]
    told.says("On her side nothing is due any more. On ours two steps are, with a name and a date each.")
    told.agenda(case)
    told.agenda(back)

    told.until("2026-03-05 11:00")
    told.does(
        "Eva asks, once. She is from another house of the company, and says so.",
        back,
        AskLostCustomer(
            by="eva",
            word=mail(
                "My name is Eva Brandt. I do not sell anything here; I look after the quality of what we do, and I had no part in your "
                "parcels. You told us three times, and I want to understand why two times were not enough. What made you go: the warm "
                "cheese, or that nobody came back to you? If you would rather not answer, I understand that too, and thank you."
            ),
        ),
    )
    told.until("2026-03-09 14:20")
    told.receives(
        Contact(
            channel=Channel.EMAIL,
            sender=HANNE,
            text="Not the cheese. Cheese can happen. In December a man promised me a cold box for the last mile, and in January nobody knew "
            "of it. When I signed with you, I said that I ship cheese. It seems nobody wrote that down.",
            received_at=told.now,
            reference=back.reference,
        )
    )
    told.does(
        "Eva answers within the hour.",
        back,
        Inform(
            by="eva",
            word=mail(
                "Thank you, that is worth more than a hundred of my charts. I take it to those who sign new customers this week, and I write "
                "to you once more, by 20 March, with what we have changed."
            ),
            next_word_at=local("2026-03-20 12:00"),
        ),
    )

    told.until("2026-03-12 10:00")
    review = partial(
        ReviewLoss,
        by="eva",
        should_have_taken=Finding(text="Yes: cheese in winter is what our cold boxes are for."),
        turned=Finding(text="In December: a cold box was promised on the phone and written down nowhere."),
        needed=Finding(text="A cold box for the last mile, for which she would have paid eight euros a parcel."),
        decision=WinBack.TRY,
    )
    told.tries(
        "Tom says in the meeting: of course we win her back.",
        back,
        review(reason="It is Hanne."),
    )
    told.does(
        "So Eva puts numbers in place of the feeling: what it costs, what it brings, how likely it is, each as a range.",
        back,
        review(
            segment="shop",
            estimate=Estimate(cost=(120, 200), purchases=4000),
            reason="It may cost a little more than it brings; but the cold box has to be built anyway, and she should see it.",
            steps=(
                PlannedStep(
                    what="write to her once, with the cold box and a free trial; no call",
                    owner="eva",
                    due_at=local("2026-03-20 12:00"),
                ),
            ),
        ),
    )
    worth(told, back)

    told.until("2026-03-17 15:00")
    told.does(
        "Tom, whose house took her on, plans how to make up for it.",
        back,
        PlanMakeUp(
            by="tom",
            plan="Whoever signs with us is asked what they ship and how cold it has to be, and the answer travels with every parcel.",
            steps=(
                PlannedStep(what="put the question into the contract form", due_at=local("2026-03-20 17:00")),
                PlannedStep(what="ask the eleven food shops that we have, one by one", due_at=local("2026-03-31 17:00")),
            ),
        ),
    )
    told.until("2026-03-20 10:00")
    told.does("The question stands in the form.", back, told.done(back, "tom", "put the question"))
    told.does(
        "And Eva keeps her word, on the day she named.",
        back,
        Inform(
            by="eva",
            word=mail(
                "I said that you would hear what we have changed. Since today nobody signs with us without being asked what they ship and "
                "how cold it has to be, and the answer is printed on every parcel. A cold box for the last mile goes out with all food. "
                "If you ever want to see it: one parcel, with a thermometer inside, at our cost. I will not ask again, and I wish you "
                "cold cheese wherever it travels."
            ),
        ),
        told.done(back, "eva", "write to her once"),
    )
    told.until("2026-03-23 08:50")
    told.receives(
        Contact(
            channel=Channel.EMAIL,
            sender=HANNE,
            text="No, thank you, I am well where I am. But nobody has ever written to me like that after I had left. I have told my neighbour.",
            received_at=told.now,
            reference=back.reference,
        )
    )
    told.until("2026-03-23 09:10")
    last = "Thank you, that is good to hear. From now on I leave you in peace. If you ever need me, this address stays mine."
    told.does("She has said it, and that is that.", back, Inform(by="eva", word=mail(last)))
    told.until("2026-03-31 16:00")
    told.does(
        "Tom has asked all eleven. Three of them needed a cold box and had never said so.", back, told.done(back, "tom", "ask the")
    )
    told.does("Eva closes the file as what it is: lost.", back, Close(by="eva", reason=CloseReason.LOST, said=told.wrote(back)))


def worth(told: Situation, back: Case) -> None:
    review = next(entry.event for entry in told.desk.timeline(back.id) if isinstance(entry.event, LossReviewed))
    if review.worth is not None:
        profit = review.worth.profit
        told.says(f"To try it may bring between {profit.low:.0f} and {profit.high:.0f} euros.")


if __name__ == "__main__":
    show(SETTING, tell)
