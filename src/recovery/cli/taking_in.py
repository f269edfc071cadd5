"""Taking in mail: one by one through the desk, with a bar, and what became of each as a table or as JSON."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen
from rich.console import Group, RenderableType
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from recovery import Case, Channel, InvalidValue, Outcome, Reason
from recovery.cli.console import errors, screen
from recovery.cli.mail import settings_in
from recovery.cli.opening import View, open_desk
from recovery.cli.reporting import heading, print_json
from recovery.core.vocabulary.closing import CaseReopened
from recovery.intake.addresses import mailboxes
from recovery.intake.keeping import AttachmentFolder
from recovery.intake.mail import from_email
from recovery.intake.mailboxes import RawMail, mails_in, size_of

__all__ = ["took_in"]

BECAME = ("opened", "joined", "reopened", "linked", "tray", "automatic", "repeats", "unreadable")
_SHOWN = 30
"""How many mails are listed one by one; of more only those that somebody has to look at, and no more than so many."""
_PATIENCE = 2.0
"""After how many seconds the bar appears."""


@frozen(kw_only=True)
class _Taken:
    """What became of one mail."""

    file: str
    became: str
    case: Case | None = None
    note: str = ""


def took_in(paths: Sequence[str], ours: Sequence[str], *, place: tuple[str | None, str | None, str | None], as_json: bool) -> int:
    """Take in the mails in ``paths``, tell what became of them, and return 1 where one could not be read or stored."""
    _are_there(paths)
    view = open_desk(*place)
    if not as_json:
        screen().print(heading(view), soft_wrap=True)
    known = (*_ours(view), *ours)
    keep = AttachmentFolder(view.attachments)
    taken = [_take(view, mail, keep, known) for mail in _with_bar(paths)]
    if as_json:
        print_json(_document(taken))
    else:
        screen().print(_summary(taken))
    return 1 if any(one.became == "unreadable" for one in taken) else 0


def _are_there(paths: Sequence[str]) -> None:
    wrong = [path for path in paths if path != "-" and not Path(path).exists()]
    if wrong:
        hint = "Give a mail, a folder of mails, a Maildir or a mailbox file, or - for a pipe."
        raise InvalidValue("the command", [_told(path, "is not there.", hint) for path in wrong])


def _told(path: str, message: str, hint: str) -> Reason:
    return Reason(rule="input.path", field=path, message=message, hint=hint)


def _ours(view: View) -> tuple[str, ...]:
    """Return the addresses we write from: those of the people, of the way back and of the mail table in the policy."""
    people = (a.value for person in view.desk.policy.people for a in person.addresses if a.channel is Channel.EMAIL)
    settings = settings_in(view.policy_file)
    written = (view.desk.policy.way_back, *(() if settings is None else (settings.sender, settings.reply_to or "")))
    return (*people, *(box.address for told in written for box in mailboxes(told) if box.address))


# ---------------------------------------------------------------- one by one


def _with_bar(paths: Sequence[str]) -> Iterator[RawMail]:
    """Yield the mails; a bar of what has been read appears where it takes longer than people like to wait."""
    console = errors()
    columns = (TextColumn("mail"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    total, began, shown = sum(size_of(Path(path)) for path in paths if path != "-"), time.monotonic(), False
    task = bar.add_task("", total=total)
    try:
        for path in paths:
            for mail in mails_in(Path(path)) if path != "-" else [RawMail(name="-", raw=sys.stdin.buffer.read())]:
                yield mail
                bar.advance(task, len(mail.raw))
                if not shown and time.monotonic() - began > _PATIENCE:
                    bar.start()
                    shown = True
    finally:
        if shown:
            bar.stop()


def _take(view: View, mail: RawMail, keep: AttachmentFolder, ours: tuple[str, ...]) -> _Taken:
    if mail.fault:
        return _Taken(file=mail.name, became="unreadable", note=mail.fault)
    try:
        contact = from_email(mail.raw, keep=keep, now=view.desk.now(), ours=ours)
        outcome = view.desk.receive(contact)
    except Exception as error:  # noqa: BLE001  (whatever is wrong with one mail or its storing, the others are taken)
        return _Taken(file=mail.name, became="unreadable", note=f"{type(error).__name__}: {error}".splitlines()[0][:200])
    became = _became(outcome, automatic=contact.automatic)
    case = outcome.opened[0] if became == "linked" else outcome.case
    return _Taken(file=mail.name, became=became, case=case, note=_note(case, became, bounced=contact.bounce is not None))


def _became(outcome: Outcome, *, automatic: bool) -> str:
    if outcome.repeated or not outcome.events:
        return "repeats"
    if automatic:
        return "automatic"
    if outcome.opened:
        return "linked"
    if any(isinstance(recorded.event, CaseReopened) for recorded in outcome.events):
        return "reopened"
    if outcome.events[0].seq > 1:
        return "joined"
    return "tray" if outcome.case.in_tray else "opened"


def _note(case: Case, became: str, *, bounced: bool) -> str:
    if bounced and not case.in_tray:
        return "a mail of ours came back"
    if became == "automatic" and case.in_tray:
        return "belongs to no case, waits in the tray"
    return "; ".join(case.receiving.tray) if became == "tray" else ""


# ---------------------------------------------------------------- what is told


def _document(taken: Sequence[_Taken]) -> dict[str, object]:
    counts = Counter(one.became for one in taken)
    mails = [
        {
            "file": one.file,
            "became": one.became,
            "case_id": None if one.case is None else one.case.id,
            "reference": None if one.case is None else one.case.reference,
            "note": one.note,
        }
        for one in taken
    ]
    return {"counts": {name: counts[name] for name in BECAME}, "mails": mails}


def _summary(taken: Sequence[_Taken]) -> RenderableType:
    counts = Counter(one.became for one in taken)
    if not taken:
        return Text("There is no mail.")
    number = "1 mail" if len(taken) == 1 else f"{len(taken)} mails"
    told = Text(f"{number}: " + ", ".join(f"{counts[name]} {name}" for name in BECAME if counts[name]) + "\n")
    open_ends = [one for one in taken if one.became in ("tray", "unreadable")]
    listed = list(taken) if len(taken) <= _SHOWN else open_ends
    left = len(listed) - _SHOWN
    parts: list[RenderableType] = [told, _table(listed[:_SHOWN])] if listed else [told]
    if left > 0:
        parts.append(Text(f"... and {left} more of these; --json lists all."))
    return Group(*parts)


def _table(taken: Sequence[_Taken]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for name in ("mail", "became", "case", "note"):
        table.add_column(name, overflow="fold")
    for one in taken:
        table.add_row(one.file, one.became, "" if one.case is None else one.case.reference, one.note)
    return table
