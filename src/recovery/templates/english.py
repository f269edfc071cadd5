"""The built-in texts, in English: plain, warm, short. A line whose value is empty is left out.

``$name`` stands for a value of the message or of the thing it says; ``$text`` is what a person wrote. Values that end in ``_at`` or
``_by`` are instants, put into the reader's zone.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

__all__ = ["COLLEAGUE", "CUSTOMER", "Text"]


@frozen
class Text:
    """A subject and the lines of a text."""

    subject: str
    lines: tuple[str, ...]


CUSTOMER: Mapping[str, Text] = {
    "receipt": Text(
        "We have your message",
        (
            "thank you for writing. Your message has reached us, and $owner_name will look after it.",
            "You will hear from $owner_name in person, soon.",
            "Your reference is $reference. Answer this message, and it goes straight to $owner_name.",
        ),
    ),
    "chase": Text(
        "We are waiting for your answer",
        (
            "we asked you something and would not like your case to rest because of it.",
            "Our question was: $question",
            "A short answer to this message is enough.",
        ),
    ),
    "chase_again": Text(
        "Are you still there?",
        (
            "we have not heard from you yet, and your case is still open with us.",
            "Our question was: $question",
            "If answering is difficult just now, tell us when we may ask again.",
        ),
    ),
    "arrival_check": Text(
        "Has it arrived?",
        (
            "by now you should have received this: $delivery",
            "Is it there? If not, tell us, and we will go after it.",
        ),
    ),
    "no_answer_notice": Text(
        "We stop asking, but the door stays open",
        (
            "we have asked you several times and heard nothing, so we put your case aside now.",
            "Nothing is lost: any word from you opens it again. Just answer this message.",
        ),
    ),
    "acknowledged": Text(
        "I am looking after your case",
        (
            "$text",
            "My name is $name, and this is how you reach me: $reach.",
            "You will hear from me again by $next_word_at, sooner if I know more.",
        ),
    ),
    "customer_informed": Text("News about your case", ("$text", "You will hear from me again by $next_word_at.")),
    "question_asked": Text("A question about your case", ("$text", "My question is: $question")),
    "proposed": Text("What we can do", ("$text", "This is what we can do:\n$options", "$explanation")),
    "case_resolved": Text(
        "Your case", ("$text", "$done", "$reasons", "If you see it differently, you can also turn to: $elsewhere.")
    ),
    "promise_moved": Text("A new date", ("$text", "The new date is $due_at.")),
    "delivery_moved": Text("A new date for your delivery", ("$text", "It should be with you by $by_date_at.")),
    "arrival_checked": Text("Has it arrived?", ("$text",)),
    "follow_up_made_days": Text(
        "Is it really solved?",
        (
            "$text",
            "It was about this: $issue",
            "Is it solved, as you see it?$asks_solved",
            "And were you treated as you should be?$asks_treatment",
            "You reach me directly: $reach.",
        ),
    ),
    "follow_up_made_weeks": Text(
        "Is it still solved?",
        (
            "$text",
            "Some weeks ago it was about this: $issue",
            "Is it still solved?$asks_solved",
            "Looking back, were you treated as you should be?$asks_treatment",
            "You reach me directly: $reach.",
        ),
    ),
}
"""What customers read, by template."""

COLLEAGUE: Mapping[str, Text] = {
    "assigned": Text("Yours: case $reference", ("case $reference is yours now. Please contact the customer at once.",)),
    "tray": Text("In the tray: $reference", ("$reference waits in the tray. Please find out whose it is.",)),
    "wrote": Text("The customer wrote: $reference", ("the customer of case $reference wrote again. They wait for your answer.",)),
    "reminder": Text("Due soon: $reference", ("case $reference: $what ($rule).", "It is due by $due_at.")),
    "escalation": Text(
        "Overdue: $reference", ("case $reference of $owner_name needs you: $what ($rule).", "It was due by $due_at.")
    ),
    "handover_offered": Text("Will you take $reference?", ("case $reference is on offer to you.", "$briefing")),
    "handover_off": Text("Still yours: $reference", ("case $reference stays with you; it was not taken over.", "$reason")),
}
"""What people on our side read, by template."""
