"""What the invented people of the demo say. The customers' complaints are real and stand elsewhere; all this is made up."""

from __future__ import annotations

from pendulum import DateTime

from recovery import Option, Tried
from recovery.cli.demo.complaints import Complaint

__all__ = [
    "ACKNOWLEDGE",
    "ANSWERS",
    "ASK",
    "COUNTER",
    "COUNTER_ANSWER",
    "DECLINES",
    "FOLLOW_UP",
    "NEWS",
    "NEW_PERSON",
    "NOT_SOLVED",
    "NO_NEWS",
    "ON_ITS_WAY",
    "OVER",
    "QUESTION",
    "SETTLED",
    "SOLVED",
    "TRIED",
    "YES",
    "options",
]

ACKNOWLEDGE = (
    "Thank you for telling us. I have read every line of it, I am sorry for the trouble, and I am working on it from today.",
    "Thank you for writing. This should not have happened to you. It is on my desk now, and it stays there until it is solved.",
    "Thank you, this helps us to put it right. I have begun to look into it and will not let go of it.",
)
NO_NEWS = (
    "There is no news yet, and I do not want you to wonder: I have asked for the records and am waiting for them.",
    "A short word, so that you know where it stands: I am still working on it, and I have not forgotten you.",
)
ON_ITS_WAY = (
    "What we agreed on is on its way, and I keep an eye on it until you have it.",
    "A short word: it is not with you yet, I know, and I am watching it.",
)
NEW_PERSON = (
    "I look after your case from today. I have read all of it, so you need not begin again.",
    "Your case is with me now. My colleague has told me everything, and I go on from there.",
)
SETTLED = ("As far as I can see it is done. I will ask you in a few days whether you see it so too.",)
OVER = ("I had promised you a word for today: all that you wrote is together in one place now, and nothing of it is lost.",)
ANSWERS = (
    "Thank you for asking. I have your message, and I am looking into just that.",
    "I understand that you are waiting. I have the file in front of me, and you will hear what we can do from me.",
)
ASK = ("So that I look in the right place, I need one thing from you.",)
QUESTION = ("On which day did you first notice it, and do you have a paper that shows it?",)
FOLLOW_UP = (
    "I wanted to hear from you how it stands.",
    "I would like to know whether it is really over for you.",
)
YES = ("Yes, that is fine with me.", "I accept. Thank you.", "That is fair. Please go ahead.")
DECLINES = (
    "No. That does not make up for the weeks I have lost.",
    "I am sorry, but that is not enough after all this.",
)
COUNTER = ("all of it back, and a letter that says it was your mistake", "the fees back as well")
COUNTER_ANSWER = "You asked for more than I had offered. The second option goes as far towards it as I can."
TRIED = (
    Tried(alternative="to undo the contract", failed="a third person has signed it and keeps to it"),
    Tried(alternative="to pay back the fees of the year", failed="they were paid back in January"),
)
NEWS = ("Is there any news?", "I have not heard anything for a while. How does it stand?")
SOLVED = ("Yes, it is solved. Thank you for asking.", "It works now, and everybody was friendly.", "Yes, all done.")
NOT_SOLVED = ("No. The same thing was on my statement again this week.", "I accepted, but nothing has changed yet.")

_BEYOND = "And you have my own number, so that you need not wait in a queue again."
_MONEY = "We pay back what you were charged too much, by transfer to your account."
_MORE = "We pay back all of it, and put in writing that the mistake was ours."
_BY_CATEGORY = {
    "credit-reporting": (
        "We take the entry off your report and send you the corrected copy.",
        "We take the entry off, send you the corrected copy, and write to everybody who was told.",
        "the corrected copy of the report",
        ("corrected-copy", "corrected-everywhere"),
    ),
    "debt-collection": (
        "We stop all calls and letters until the debt is verified.",
        "We close the matter for good and confirm it to you on paper.",
        None,
        ("stop-calls", "close-matter"),
    ),
}
_OTHERWISE = (
    "We put your account in order and explain every line of it on the phone.",
    "We put your account in order and write off the fees of this year.",
    None,
    ("explain", "write-off"),
)
_REFUND = (_MONEY, _MORE, "the refund", ("refund", "refund-in-full"))


def options(complaint: Complaint, round_: int, by: DateTime, *, refund: bool) -> tuple[Option, ...]:
    """Return what is proposed in a round: the first time one option, after a decline a better one beside it."""
    first, better, delivers, remedies = _REFUND if refund else _BY_CATEGORY.get(complaint.category, _OTHERWISE)
    due = None if delivers is None else by
    offered = [Option(id="plain", text=first, delivers=delivers, by=due, remedy=remedies[0], beyond=_BEYOND)]
    if round_ > 0:
        offered.append(Option(id="better", text=better, delivers=delivers, by=due, remedy=remedies[1]))
    return tuple(offered)
