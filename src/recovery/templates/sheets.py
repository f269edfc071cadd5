"""What no software sends: the head of a letter, and the script of a call or a visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recovery.core.messages import Message
from recovery.core.vocabulary.common import Channel
from recovery.templates.filling import Values, lines_of, one_line, passage_of
from recovery.templates.language import Language, Sheet, zone_of
from recovery.templates.layout import Passage, as_text

__all__ = ["letterhead", "script"]


def letterhead(message: Message, language: Language, known: Values) -> Iterator[Passage]:
    """Yield what stands above a letter: who writes and how to reach them, to whom and where, the day, and what it is about."""
    yield from passage_of(("$company", "$owner_name", "$reach"), known)
    yield from passage_of(("$customer", "$address"), {**known, "address": "" if message.to is None else message.to.value})
    yield Passage(lines=(language.date_of(message.at, zone_of(message.values)),))
    yield Passage(lines=(known["subject"],), heading=True)


def script(sheet: Sheet, message: Message, language: Language, known: Values, body: Sequence[Passage]) -> tuple[str, list[Passage]]:
    """Return the script of a call or a visit: whom, what to say, room for the answers, and what to do afterwards."""
    spoken = language.sheet or sheet
    customer, address = one_line(known.get("customer", "")), "" if message.to is None else message.to.value
    how = sheet.how[message.channel is Channel.PHONE]
    values = {**known, "how": how, "whom": customer or address or message.reference, "address": address if customer else ""}
    subject = one_line(" ".join(lines_of((sheet.subject,), values)))
    # Nothing is said twice, where the words hold it already: the way back, or the question for anything else.
    words = as_text(body)
    told = values if known.get("reach", "") not in words else {**values, "reach": ""}
    ending = tuple(line for line in spoken.ending if line not in words)
    whole = [
        *passage_of(sheet.whom, values),
        Passage(lines=(sheet.say,), heading=True),
        *passage_of(spoken.opening, values),
        *(_with_room(passage, sheet.answer) for passage in (*body, *passage_of(ending, told))),
        Passage(lines=(sheet.afterwards,), heading=True),
        Passage(lines=sheet.then),
    ]
    return subject, whole


def _with_room(passage: Passage, answer: str) -> Passage:
    """Leave room to write below each question of ours; what a person wrote stays as it is."""
    if passage.words:
        return passage
    lines = (told for line in passage.lines for told in ((line, answer) if line.rstrip().endswith("?") else (line,)))
    return Passage(lines=tuple(lines))
