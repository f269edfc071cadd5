"""The boat display whose letter nobody answered: what is not answered does not fall silent, it climbs.

Henrik Lind's display went dark on the water. He sent a letter by overnight courier, and a month went by without the slightest hint;
so the tale goes, and so it would have gone here. The letter has an owner from the first minute, and when that owner does nothing, the
one above her hears of it by name on the same day.
"""

from recovery import (
    Acknowledge,
    ArrivalSource,
    Attachment,
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
    Word,
)
from telling import PHONE, Setting, Situation, colleague, customer, euros, local, show

SETTING = Setting(
    company="Fjord Instruments",
    begins="2026-03-02 10:20",
    people=(
        colleague("ana", "Ana Sola", supervisor="ben"),
        colleague("ben", "Ben Ferro", supervisor="cleo"),
        colleague("cleo", "Cleo Marin"),
    ),
    fallback_owner="cleo",
    more={
        "units": (BusinessUnit(id="workshop", name="Workshop", head="cleo"),),
        "guidelines": (
            Guideline(
                id="safety",
                remedies=(Remedy(id="display", text="A new display, fitted on board."),),
                goodwill=euros("200"),
                public="A display that fails on the water is replaced on board, whatever its age.",
            ),
        ),
        "routes": (Route(channel=Channel.LETTER, owner="ana", procedure="Letters: call the same day, answer in writing as well."),),
        "way_back": "+49 431 5550100",
    },
)
SHOWS = ("contact.receipt", "acknowledge.immediately", "acknowledge.says", "follow-up.other-channel")

HENRIK = customer("Henrik Lind", phone="+49 431 5550119", post="Kiellinie 7, Kiel")
LETTER_WORDS = (
    "The display of my boat went dark off Fehmarn, in fog, on Saturday night. We came home by the compass and by luck. The instrument "
    "is fourteen months old. I enclose a photo and the bill. I want a display that I can trust in fog, and I expect to hear from you."
)


def tell(told: Situation) -> None:
    enclosed = (
        Attachment(name="a photo of the dark display"),
        Attachment(name="the bill"),
        Attachment(name="the courier's proof of delivery"),
    )
    case = told.receives(
        Contact(channel=Channel.LETTER, sender=HENRIK, text=LETTER_WORDS, received_at=told.now, attachments=enclosed)
    )
    told.says(
        "No software reaches Henrik: he gave a postal address and a number. So what a machine would do is a step of the owner."
    )
    told.agenda(case)

    told.until("2026-03-02 14:45")
    told.says(
        "Ana is in a meeting, and then in the next one. Nobody has told Henrik anything. But Ben has heard of it by now, twice."
    )
    told.does(
        "Ben does not ask why. He takes the letter himself, which a supervisor may, with a reason.",
        case,
        MoveCase(
            by="ben", to="ben", reason="The customer has waited half a day for a first word; Ana is held up until the evening."
        ),
    )
    told.does(
        "He rings, and gets a machine. That is an attempt, on record, and no first contact.",
        case,
        Acknowledge(
            by="ben",
            word=told.spoken("This is Ben Ferro. I have your letter, and I ring again at half past three today.", reached=False),
        ),
    )

    told.until("2026-03-02 15:30")
    told.does(
        "So he rings again.",
        case,
        Acknowledge(
            by="ben",
            word=told.spoken(
                "Mr Lind, my name is Ben Ferro. I have your letter and the photo here in front of me. You came through fog without a "
                "display, and our display should not have let you do that; I am sorry, and thank you for writing to us instead of "
                "writing us off. Tell me, what happened, from the beginning? I am with our engineers this evening, and tomorrow at "
                "half past ten I call you with what we do. This is my own number, and I answer it."
            ),
            next_word_at=local("2026-03-03 11:00"),
            reach="+49 431 5550121",
        ),
        Investigate(by="ben"),
        Correct(by="ben", issue="the display that went dark in fog off Fehmarn", reason="in one sentence"),
        RecordRemedySought(by="ben", said=told.wrote(case), remedy="display"),
    )

    told.until("2026-03-03 10:30")
    display = Option(
        id="display",
        text="A new display of this year's kind is at your berth by Friday noon, and our fitter from Laboe puts it in and goes out with "
        "you until you trust it.",
        beyond="You keep a hand-held one of ours on board, for nights in fog.",
        goodwill=euros("180"),
        delivers="the new display",
        by=local("2026-03-06 12:00"),
    )
    told.does(
        "Half past ten it is.",
        case,
        Propose(
            by="ben",
            word=told.spoken(
                "Mr Lind, our display failed you in fog, and that must have been frightening. I am sorry. This is what we do, by Friday noon:"
            ),
            options=(display,),
        ),
        RecordCause(
            by="ben",
            kind=CauseKind.PRODUCT,
            text="The seal of the plug lets in salt water after a year; the plug is of the spring batch.",
        ),
        RecordAccountable(
            by="ben", unit="workshop", task="find every display with a plug of that batch", due_at=local("2026-03-11 17:00")
        ),
        RecordAcceptance(
            by="ben", option="display", said=Said(channel=Channel.PHONE, words="Well. I did not expect that. Yes, gladly.")
        ),
    )
    told.does(
        "A letter is answered with a letter too. It goes into the box within the hour.",
        case,
        Inform(
            by="ben",
            word=told.posted(
                "Dear Mr Lind, this is what we agreed on the phone today. The new display is at your berth by Friday noon; our fitter "
                "puts it in and goes out with you. The hand-held one comes along with it and is yours. If anything is not as I say "
                "here, call me: +49 431 5550121. Ben Ferro"
            ),
        ),
    )

    told.until("2026-03-06 10:00")
    delivery = told.load(case).resolving.deliveries[0].id
    told.does(
        "The carrier hands it over on Friday morning.",
        case,
        ConfirmArrival(by="ben", delivery_id=delivery, source=ArrivalSource.CARRIER),
    )

    told.until("2026-03-09 09:20")
    told.tries(
        "On Monday Ben wants to ask how it went, by phone, as before.",
        case,
        FollowUp(by="ben", word=Word(via=PHONE, text="Is it solved?"), reach="+49 431 5550121"),
    )
    told.does("A letter it was that nobody answered, so by letter he asks.", case, follow_up(told))
    told.until("2026-03-11 09:00")
    told.does(
        "Henrik calls when he has it.",
        case,
        answer("It is bright as day. Your fitter stayed until dark. I had not thought that anybody reads letters any more."),
    )

    told.does(
        "On the same day Cleo has the list of all the displays with such a plug.", case, told.done(case, "cleo", "find every")
    )
    told.until("2026-03-26 09:20")
    told.does("Three weeks later Ben writes once more, whatever the first answer was.", case, follow_up(told))
    told.until("2026-03-27 15:00")
    told.does("And Henrik calls once more.", case, answer("Twice to Denmark and back, and it never blinked."))
    told.until("2026-03-30 09:00")


def follow_up(told: Situation) -> FollowUp:
    text = "Dear Mr Lind, is it really solved, as you see it? And were you treated the way you expect of us? Ben Ferro"
    return FollowUp(by="ben", word=told.posted(text), issue="the display that went dark off Fehmarn", reach="+49 431 5550121")


def answer(words: str) -> RecordFollowUpAnswer:
    return RecordFollowUpAnswer(by="ben", said=Said(channel=Channel.PHONE, words=words), solved=True, treated_well=True)


if __name__ == "__main__":
    show(SETTING, tell)
