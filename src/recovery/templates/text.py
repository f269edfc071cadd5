"""A text of ours: one source for the mail in plain text and HTML, the letter, and the script of a call; and what it may name."""

from __future__ import annotations

from collections.abc import Iterator
from string import Template

from attrs import field, frozen

from recovery.core.messages import READABLE

__all__ = ["DATES", "VALUES", "Text", "faults_of", "values_for"]


@frozen
class Text:
    """A subject and the lines of a text. ``$name`` in them stands for a value (:data:`VALUES`), ``$$`` for a dollar sign.

    A line whose value is empty is left out. A line that is just ``$text`` holds what a person wrote, and stands by itself. Where
    reading the lines aloud would sound odd on the telephone, ``spoken`` holds what is said instead.
    """

    subject: str
    lines: tuple[str, ...]
    spoken: tuple[str, ...] = field(default=(), kw_only=True)

    def said(self, *, aloud: bool) -> tuple[str, ...]:
        """Return the lines as they are written, or as they are said."""
        return self.spoken if aloud and self.spoken else self.lines


VALUES: frozenset[str] = frozenset(
    {
        "asks", "asks_solved", "asks_survey", "asks_treatment", "briefing", "by", "by_date_at", "by_name", "carrier",
        "case_briefing", "company", "counter_answer", "customer", "decided_at", "deliver_by_at", "delivers", "delivery", "done",
        "due_at", "elsewhere", "explanation", "guideline", "issue", "key", "link", "name", "next_word_at", "note", "on_file",
        "options", "owner", "owner_name", "person", "priority", "procedure", "proposal", "question", "reach", "reason", "reasons",
        "reference", "remedy", "repeats", "rule", "sent_at", "text", "to", "tracking", "twins", "until_at", "value", "what",
    }
)  # fmt: skip
"""What a text may name: values of the message, or of the thing it says. Those that end in ``_at`` are instants, put into the
reader's zone and language; ``text`` is what a person wrote."""

DATES = frozenset({"by_date", "deliver_by", "until"})
"""Values that are instants, though their names do not end in ``_at``: a text names ``$by_date_at``."""


def values_for(*, customer: bool) -> frozenset[str]:
    """Return what a text may name: to a customer nothing internal (:data:`recovery.core.messages.READABLE`)."""
    known = READABLE if customer else READABLE | VALUES
    return (known - DATES) | {f"{name}_at" for name in DATES & known}


def faults_of(label: str, text: object, *, to_customer: bool) -> Iterator[str]:
    """Yield what is wrong with a text, each fault behind its ``label``: what would fail, or go missing, while a customer waits."""
    if not isinstance(text, Text):
        yield f"{label}: is of type {type(text).__name__}. Give a Text."
        return
    if len(text.subject.splitlines()) != 1:
        yield f"{label}: the subject is one line, and not empty"
    if not any(line.strip() for line in text.lines):
        yield f"{label}: it has no lines, so it says nothing"
    for line in (text.subject, *text.lines, *text.spoken):
        yield from _line_faults(label, line, to_customer=to_customer)


def _line_faults(label: str, line: str, *, to_customer: bool) -> Iterator[str]:
    template = Template(line)
    if not template.is_valid():
        yield f"{label}: {line!r} is no template; a dollar sign is written $$"
        return
    for name in sorted(set(template.get_identifiers())):
        if name not in (known := values_for(customer=to_customer)):
            internal = to_customer and name in values_for(customer=False)
            why_not = "customers do not read the internal value" if internal else "no message has a value"
            yield f"{label}: {why_not} ${name}; there are {', '.join(sorted(known))}"
