"""What a person might say, drafted in English. A paragraph that names what nobody knows is left out; all may be changed."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DRAFTS"]

DRAFTS: Mapping[str, tuple[str, ...]] = {
    "acknowledge": (
        "Thank you for telling us. I am sorry for the trouble that this has given you.",
        "I am taking it on myself and looking into it now. I will tell you what I find, and what we can do about it.",
        "If there is more to the story, please tell me. It helps us to put things right.",
    ),
    "progress": (
        "I would not like to leave you without a word: I am still working on your case, and I have nothing new to tell you today.",
        "I am keeping at it, and I will write to you as soon as I know more.",
    ),
    "proposal_open": (
        "My proposal is still open, and I would like to know what you think of it.",
        "If something about it does not suit you, tell me, and I will look for another way.",
    ),
    "not_yet": (
        "I have no proposal for you yet, and I am sorry that it takes so long.",
        "I am working on it, and you will have it, or hear why not, by the day I name below.",
    ),
    "answer": (
        "Thank you for your message. I have read it and put it with your case, so you need not tell us again.",
        "I am looking into what you write, and I will come back to you with an answer.",
    ),
    "answer_to_decline": (
        "Thank you for telling me plainly that this does not suit you.",
        "You would like this instead: $counter_offer",
        "I am looking again at what we can do, and I will come back to you with another proposal.",
    ),
    "agreed": (
        "Thank you. So this is agreed: $option",
        "It should be with you by $deliver_by_at.",
        "I am seeing to it now, and I will ask you whether it has arrived.",
    ),
    "agreed_and_done": (
        "Thank you. So this is agreed: $option",
        "I will ask you in a few days whether it has really solved the problem.",
    ),
    "on_its_way": (
        "I have good news: it is on its way to you.",
        "I am keeping an eye on it, and I will ask you whether it has arrived.",
    ),
    "ask": ("To put this right I need one thing from you that I cannot find out myself.",),
    "propose": ("I have looked into this myself, and I would like to put it right.",),
    "propose_again": (
        "You told me what did not suit you, and I have looked again.",
        "You asked for this: $counter_offer",
    ),
    "no": (
        "I have looked into this closely, and I am sorry that I cannot do what you ask.",
        "You will find below what we tried, and why it did not work.",
    ),
    "done": ("What you asked for is done. I am sorry that you had to ask for it.",),
    "final_no": (
        "We have looked at this again, and closely. I am sorry that we cannot do what you ask.",
        "I would like you to know why, and where else you can turn.",
    ),
    "lost": (
        "You have decided to go, and I respect that. Thank you for the time you were with us.",
        "I would like to understand what made you leave, so that we can do better. You owe us no answer. If you would like to tell "
        "me, I will read every word.",
    ),
    "move_promise": (
        "I gave you a date for this: $promise",
        "I will not manage it by then, and I am sorry. I am telling you now, so that you can plan.",
    ),
    "move_delivery": (
        "It will take longer than I told you, and I am sorry.",
        "I am keeping an eye on it, and I will ask you whether it has arrived.",
    ),
    "check_arrival": ("I would like to be sure that everything has reached you.",),
    "follow_up_days": ("A few days have passed, and I would like to hear from you how things are.",),
    "follow_up_weeks": ("I have not forgotten you, and I would like to be sure that all is still well.",),
    "follow_up_no": ("I could not do what you asked, and I have not forgotten it.",),
}
"""By what a person would say: the paragraphs of the draft."""
