"""A case's life as a page to read: day by day, what happened, who did it, and the words that were said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import Case, Contact, Earlier, Entry, Event, Priority, Said, Word
from recovery.cli.opening import View
from recovery.cli.output import clock_time, day, moment, whole
from recovery.core.vocabulary.receiving import Delivery, DeliveryReported, MessagePrepared, Warned

__all__ = ["Line", "lines_of", "page"]

SHORT = 150
"""How many signs of what somebody said are shown, unless all of it is wanted."""

OURS = frozenset({"receipt", "no_answer_notice"})
"""Templates that carry nobody's words."""


@frozen(kw_only=True)
class Line:
    """One line of the page: an entry, how its message fared, and the words that belong to it."""

    entry: Entry
    fared: str = ""
    words: tuple[str, ...] = ()


def page(view: View, case: Case, *, every: bool = False, full: bool = False) -> RenderableType:
    """Return a case's timeline. ``every`` shows delivery reports and mails to colleagues too, ``full`` every word."""
    entries = view.desk.timeline(case.id)
    lines = list(lines_of(entries, view, every=every))
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, justify="right", min_width=7)
    table.add_column(no_wrap=True, style="cyan", max_width=10)
    table.add_column(ratio=1, overflow="fold")
    today = ""
    for line in lines:
        if (date := day(line.entry.recorded_at, view.calendar)) != today:
            today = date
            table.add_row("", "", Text(f"\n{date}", style="bold"))
        table.add_row(clock_time(line.entry.recorded_at, view.calendar), line.entry.by, _told(line, view, full=full))
    left_out = len(entries) - len(lines)
    what = "delivery report or mail to a colleague is" if left_out == 1 else "delivery reports and mails to colleagues are"
    note = f"\n{left_out} {what} left out; --every shows them." if left_out else ""
    return Group(_heading(view, case), table, Text(note, style="dim"))


def _heading(view: View, case: Case) -> Text:
    whom = case.receiving.customer
    text = Text.assemble((f"Case {case.reference}", "bold"), f"  ({case.id})\n")
    came = case.receiving.contacts
    how = f"by {_plain(came[0].channel.value)}" if came else "has not written; we reached out first"
    text.append(f"customer   {whom.name or 'unknown'}  ({whom.id or 'no number'}), {how}\n")
    about = ": ".join(filter(None, (case.receiving.category, _shorten(case.receiving.issue, SHORT))))
    text.append(f"about      {about or '-'}\n")
    text.append(f"owner      {case.owner}\n")
    for name, told in _before(view, case):
        text.append(f"{name:<11}{told}\n")
    text.append(f"stage      {_plain(case.stage.value)}, as of {whole(view.now, view.calendar)}")
    return text


def _before(view: View, case: Case) -> Iterator[tuple[str, str]]:
    """Yield what there is to know of the customer before the first word: how urgent it is, earlier cases, and likely twins."""
    if case.priority is not Priority.NORMAL:
        yield "priority", case.priority.value
    if earlier := view.desk.earlier(case.id):
        looked = "" if case.ownership.consulted_at else " (nobody has said that they looked)"
        yield "before", ", ".join(map(_remembered, earlier)) + looked
    if twins := view.desk.twins(case.id):
        yield "alike", ", ".join(f"{twin.reference} ({twin.likeness} %)" for twin in twins)


def _remembered(earlier: Earlier) -> str:
    ended = "still open" if earlier.outcome is None else _plain(earlier.outcome)
    return f"{earlier.reference} ({', '.join(filter(None, (earlier.category, ended)))})"


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _told(line: Line, view: View, *, full: bool) -> Text:
    entry = line.entry
    late = entry.at < entry.recorded_at
    text = Text(entry.told)
    if late and entry.recorded_at.diff(entry.at).in_minutes() > 0:
        text.append(f" (on {moment(entry.at, view.calendar)})")
    if line.fared:
        text.append(f" ({line.fared})", style="dim")
    for words in line.words:
        text.append(f"\n{words if full else _shorten(words, SHORT)}", style="italic")
    return text


def _shorten(words: str, most: int) -> str:
    flat = " ".join(words.split())
    if len(flat) <= most:
        return flat
    end = '..."' if flat.startswith('"') else "..."
    return f"{flat[:most].rsplit(' ', 1)[0]} {end}"


def lines_of(entries: Iterable[Entry], view: View, *, every: bool) -> Iterator[Line]:
    """Yield the lines of a page: what is said in a message is told once, with how the message fared."""
    listed = list(entries)
    fates = _fates(listed, view)
    for entry in listed:
        if every or not _is_echo(entry):
            yield Line(entry=entry, fared="" if every else fates.get((entry.case_id, entry.seq), ""), words=words_of(entry.event))


def _carries(case_id: str, event: MessagePrepared) -> tuple[str, int] | None:
    """Return the entry whose words a message to the customer carries, if it carries somebody's."""
    told = [part.about for part in event.parts if part.about is not None and part.template not in OURS]
    return (case_id, told[0]) if event.person is None and told and len(told) == len(event.parts) else None


def _is_echo(entry: Entry) -> bool:
    """Whether an entry only carries what another one says: words on their way, a mail to a colleague, its arrival."""
    match entry.event:
        case MessagePrepared(person=person):
            return person is not None or _carries(entry.case_id, entry.event) is not None
        case DeliveryReported(delivery=delivery):
            return delivery is Delivery.SENT
        case _:
            return False


def _fates(entries: Iterable[Entry], view: View) -> Mapping[tuple[str, int], str]:
    """Return how each message fared, by the entry that prepared it and by the words that it carries."""
    found: dict[tuple[str, int], str] = {}
    prepared: dict[str, tuple[Entry, MessagePrepared]] = {}
    for entry in entries:
        match entry.event:
            case MessagePrepared(message_id=message_id) as event:
                prepared[message_id] = entry, event
            case DeliveryReported(message_id=message_id, delivery=delivery) if message_id in prepared:
                first, event = prepared[message_id]
                fate = f"{_plain(delivery.value)} {clock_time(entry.at, view.calendar)}"
                found[first.case_id, first.seq] = fate
                if (words := _carries(first.case_id, event)) is not None:
                    found[words] = f"{_plain(event.channel.value)} {fate}"
            case _:
                pass
    return found


# ---------------------------------------------------------------- whose words


LABELS = (
    ("question", "asked: "),
    ("briefing", "briefing: "),
    ("what", "to do: "),
    ("done", "done: "),
    ("reasons", "reasons: "),
    ("elsewhere", "elsewhere: "),
    ("counter_offer", "asks for: "),
    ("something_else", "needs as well: "),
    ("reason", "reason: "),
    ("note", "note: "),
)
"""Which other fields of an event hold something to read, and what stands before it."""


def words_of(event: Event) -> tuple[str, ...]:
    """Return the words people said or wrote in an event, for reading: quoted, or behind what they are."""
    contact, word, said = (getattr(event, name, None) for name in ("contact", "word", "said"))
    spoken = [
        *((contact.text,) if isinstance(contact, Contact) else ()),
        *((word.text,) if isinstance(word, Word) else ()),
        *((said.words,) if isinstance(said, Said) else ()),
    ]
    found = [f'"{words}"' for words in spoken if words.strip()]
    found += [f"- {option.text}" for option in getattr(event, "options", ())]
    for name, label in LABELS:
        told = getattr(event, name, "")
        if isinstance(told, str) and told.strip():
            found.append(f"{label}{told}")
    if isinstance(event, Warned):
        found += [f"{reason.rule}: {reason.message}" for reason in event.reasons]
    return tuple(found)
