"""The built-in texts, in English: plain, warm, short. A line whose value is empty is left out.

``$name`` stands for a value of the message or of the thing it says (:data:`VALUES`); ``$text`` is what a person wrote. Values that
end in ``_at`` are instants, put into the reader's zone. Every text is one source for the mail, the letter and the call.
"""

from __future__ import annotations

from collections.abc import Mapping

from recovery.templates.drafts_english import DRAFTS
from recovery.templates.language import Language, Sheet
from recovery.templates.text import VALUES, Text

__all__ = ["COLLEAGUE", "CUSTOMER", "ENGLISH", "VALUES", "Text"]

CUSTOMER: Mapping[str, Text] = {
    "receipt": Text(
        "We have your message",
        (
            "Thank you for telling us. Your message has reached us, and $owner_name will look after it.",
            "You will hear from $owner_name in person by $next_word_at.",
            "Your reference is $reference. If you answer this message, it goes straight to $owner_name.",
        ),
    ),
    "chase": Text(
        "We are waiting for your answer",
        (
            "We would like to get on with your case, and for that we need a word from you.",
            "Our question was: $question",
            "This is what we suggested:\n$proposal",
            "A short answer to this message is enough.",
        ),
        spoken=(
            "We would like to get on with your case, and for that we need a word from you.",
            "Our question was: $question",
            "This is what we suggested:\n$proposal",
            "What do you say?",
        ),
    ),
    "chase_again": Text(
        "May we ask you again?",
        (
            "We have not heard from you yet, and your case is still open with us.",
            "Our question was: $question",
            "This is what we suggested:\n$proposal",
            "If this is a bad moment, just tell us when we may ask again.",
        ),
        spoken=(
            "We have not heard from you yet, and your case is still open with us.",
            "Our question was: $question",
            "This is what we suggested:\n$proposal",
            "What do you say? And if this is a bad moment: when may we ask again?",
        ),
    ),
    "arrival_check": Text(
        "Has it arrived?",
        (
            "Has it reached you? It should be with you by now.",
            "We sent you: $delivery",
            "If it is not there, please tell us, and we will look into it.",
        ),
        spoken=(
            "Has it reached you? It should be with you by now.",
            "We sent you: $delivery",
            "If it is not there, we will look into it.",
        ),
    ),
    "no_answer_notice": Text(
        "We will stop asking, but the door stays open",
        (
            "We have asked you more than once and have not heard from you, so we are closing your case for now.",
            "Nothing is lost: any word from you opens it again. Just answer this message.",
        ),
        spoken=(
            "We have asked you more than once and have not heard from you, so we are closing your case for now.",
            "Nothing is lost: any word from you opens it again. To reach us: $reach",
        ),
    ),
    "acknowledged": Text(
        "I am looking after your case",
        (
            "$text",
            "My name is $name. To reach me: $reach",
            "You will hear from me again by $next_word_at, sooner if I know more.",
        ),
    ),
    "customer_informed": Text("News about your case", ("$text", "You will hear from me again by $next_word_at.")),
    "question_asked": Text(
        "A question about your case", ("$text", "My question is: $question", "What we have on file is: $on_file")
    ),
    "proposed": Text(
        "What we can do",
        (
            "$text",
            "You came to us with this: $issue\nI am sorry for the trouble it has given you.",
            "$counter_answer",
            "This is what we can do:\n$options\nTell me what suits you, or what would suit you better.",
            "$explanation",
            "What we go by:\n$guideline",
        ),
    ),
    "case_resolved": Text(
        "The outcome of your case",
        (
            "$text",
            "$done",
            "$reasons",
            "It should be with you by $deliver_by_at.",
            "If you see it differently, you can also turn to: $elsewhere",
        ),
    ),
    "lost_customer_asked": Text("May we ask what made you leave?", ("$text", "To reach me: $reach")),
    "survey": Text(
        "How did we do?",
        (
            "You told us that it is solved, and we are glad. May we ask you a few short questions about how we looked after you?",
            "$asks",
            "Just answer this message, with a word for each. Every answer is read by a person.",
            "If you prefer, you can answer here: $link",
        ),
        spoken=(
            "You told us that it is solved, and we are glad. May we ask you a few short questions about how we looked after you?",
            "$asks",
            "Thank you. Every answer is read by a person.",
        ),
    ),
    "incident_outreach": Text(
        "We have to tell you something",
        (
            "You have not complained, and you should not have to: we would rather you heard this from us.",
            "It is about this: $issue",
            "$text",
            "My name is $name, and I see to it that it is put right. To reach me: $reach",
            "You will hear from me again by $next_word_at, sooner if I know more.",
        ),
    ),
    "claim_sent": Text(
        "On its way to you",
        ("It left us on $sent_at: $delivery", "It is with $carrier.", "With this number you can follow it: $tracking"),
    ),
    "claim_refunded": Text(
        "Your money is on its way",
        ("The money left us on $sent_at: $delivery", "It goes through $carrier.", "Its reference is $tracking."),
    ),
    "claim_decided": Text("It is decided", ("This was decided on $decided_at.",)),
    "claim_excepted": Text("An exception for you", ("We have made an exception for you.",)),
    "promise_moved": Text("A new date", ("$text", "The new date is $due_at.")),
    "delivery_moved": Text(
        "A new date for your delivery", ("$text", "What you are waiting for: $delivery", "It should be with you by $by_date_at.")
    ),
    "arrival_checked": Text("Has it arrived?", ("$text", "We sent you: $delivery", "If it is not there, I will look into it.")),
    "follow_up_made_days": Text(
        "Is it really solved?",
        (
            "$text",
            "It was about this: $issue",
            "Is it solved, as you see it?$asks_solved",
            "And were you treated the way you expected?$asks_treatment",
            "Is there anything else I can do for you?",
            "Once it is solved, we send you a few short questions about how we did.$asks_survey",
            "To reach me directly: $reach",
        ),
    ),
    "follow_up_made_weeks": Text(
        "Is it still solved?",
        (
            "$text",
            "Some weeks ago it was about this: $issue",
            "Is it still solved?$asks_solved",
            "Looking back, were you treated the way you expected?$asks_treatment",
            "Is there anything else I can do for you?",
            "To reach me directly: $reach",
        ),
    ),
}
"""What customers read, by template."""

COLLEAGUE: Mapping[str, Text] = {
    "assigned": Text(
        "Yours: case $reference",
        (
            "Case $reference is yours now. Please get in touch with the customer at once.",
            "It is about this: $issue",
            "How such cases are handled: $procedure",
            "Why it was moved to you: $reason",
            "$case_briefing",
            "Priority: $priority.",
            "It is not the first time. Look at: $repeats.",
            "It may be the same problem as $twins.",
        ),
    ),
    "tray": Text("In the tray: $reference", ("$reference waits in the tray. Please find out whose it is.",)),
    "wrote": Text(
        "The customer wrote: $reference", ("The customer of case $reference wrote again and is waiting for your answer.",)
    ),
    "reminder": Text("Due soon: $reference", ("Case $reference: $what ($rule).", "It is due by $due_at.")),
    "escalation": Text(
        "Overdue: $reference",
        ("Case $reference, which $owner_name looks after, needs you: $what ($rule).", "It was due by $due_at."),
    ),
    "accountable": Text(
        "For your unit: $reference",
        (
            "Your unit is accountable in case $reference, which $owner_name looks after.",
            "It is about this: $issue",
            "Your part in the solution: $what",
            "Please have it done by $due_at.",
        ),
    ),
    "handover_offered": Text(
        "Will you take $reference?",
        (
            "$by_name offers you case $reference. Until you accept it, $owner_name looks after it.",
            "This is what you need to know, so that the customer need not begin again.",
            "$case_briefing",
        ),
    ),
    "handover_taken": Text("Taken over: $reference", ("$owner_name has taken case $reference over and looks after it now.",)),
    "handover_off": Text(
        "Still with $owner_name: $reference",
        ("Nobody has taken case $reference over; it stays with $owner_name.", "$by_name says: $reason"),
    ),
    "handover_over": Text(
        "No longer on offer: $reference",
        ("Case $reference is no longer on offer to you, so you need not answer any more. $owner_name looks after it.",),
    ),
    "case_moved": Text("Moved: $reference", ("$by_name has moved case $reference to $owner_name.", "The reason: $reason")),
    "exception_requested": Text(
        "Please decide: $reference",
        ("Case $reference asks for an exception: $remedy.", "It would come to $value.", "The reason: $reason"),
    ),
    "exception_granted": Text(
        "Granted: $reference",
        ("The exception that case $reference asked for is granted until $until_at.", "It may come to $value.", "$note"),
    ),
    "exception_denied": Text(
        "Not granted: $reference", ("The exception that case $reference asked for is not granted.", "$reason")
    ),
    "goodwill_budget": Text("A goodwill budget is used up: $reference", ("Case $reference: $what.",)),
    "loss_to_review": Text(
        "A customer left: $reference",
        (
            "A customer has left us, and case $reference is yours to find out why.",
            "It was about this: $issue",
            "Please review it: should we have taken the customer on, when and why did it turn, what did they need, and is winning"
            " them back worth it?",
        ),
    ),
    "loss_to_make_up": Text(
        "A loss to make up for: $reference",
        (
            "A customer has left us, and the loss is your unit's (case $reference).",
            "Please plan how you make up for it.",
        ),
    ),
    "merged_in": Text(
        "A duplicate of a case of yours",
        (
            "Case $what was closed as a duplicate of this one, which is yours.",
            "What the customer writes about either reaches you.",
        ),
    ),
    "merged_out": Text(
        "No duplicate after all",
        ("Case $what had been taken for a duplicate of this one, and is a case of its own again.",),
    ),
}
"""What people on our side read, by template."""

SHEET = Sheet(
    subject="$how $whom: $subject",
    how=("See", "Call"),
    whom=("$how $whom", "$address", "Case $reference: $issue"),
    say="Say",
    opening=("Good day, my name is $owner_name.", "I am with $company.", "Am I speaking with $customer?"),
    ending=("Is there anything else I can do for you?", "To reach me: $reach"),
    answer="Answer: ______________________________",
    afterwards="Afterwards",
    then=(
        "Put on record what the customer said, in their words.",
        "A voicemail or an unanswered ring is an attempt: try again, or write.",
    ),
)

ENGLISH = Language(
    code="en",
    greeting="Dear $name,",
    hello="Hello,",
    closing=("Kind regards,", "$owner_name", "$company"),
    machine=("Kind regards,", "$signed"),
    ours=("Your recovery desk",),
    sheet=SHEET,
    texts={**CUSTOMER, **COLLEAGUE},
    drafts=DRAFTS,
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    date="{weekday} {day} {month} {year}, {time}",
    day="{day} {month} {year}",
)  # fmt: skip
"""English, with every text of the library."""
