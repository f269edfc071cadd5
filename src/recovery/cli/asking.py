"""Asking why something cannot be done: the answer in words."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen
from rich.console import Group, RenderableType
from rich.text import Text

from recovery import Case, Reason, Refused
from recovery.cli.acts import Asked, asked, name_alone, told_by_option
from recovery.cli.failing import reason_list
from recovery.cli.opening import View
from recovery.cli.output import whole
from recovery.core.vocabulary.common import kind_of

__all__ = ["Answer", "answer", "in_words"]


@frozen(kw_only=True)
class Answer:
    """Why commands would be refused, if they would. ``whole`` says that their content was judged, not only their name."""

    case: Case
    command: str
    reasons: tuple[Reason, ...]
    whole: bool


def answer(view: View, case: Case, words: Sequence[str], *, quiet: bool = False) -> Answer:
    """Return why what ``words`` ask for would be refused at that instant: whatever it says, for a name that stands alone."""
    name = name_alone(words)
    if name is not None:
        return Answer(case=case, command=name, reasons=view.desk.permitted(case.id)[name], whole=False)
    what = asked(words, view, case, quiet=quiet)
    names = " + ".join(kind_of(type(command)) for command in what.commands)
    return Answer(case=case, command=names, reasons=_reasons(view, case, what), whole=True)


def _reasons(view: View, case: Case, what: Asked) -> tuple[Reason, ...]:
    """Return the reasons of the desk, each by its option where the commands came as options."""
    reasons = view.desk.why_not(case.id, *what.commands)
    if len(what.commands) > 1 or not what.by_option or not reasons:
        return reasons
    return told_by_option(Refused("", reasons), what, case).reasons


def in_words(found: Answer, view: View) -> RenderableType:
    """Return an answer for people: every reason, or that nothing stands in the way."""
    what = f"{found.command} on case {found.case.reference}"
    if found.reasons:
        heading = f"{what}, {whole(view.now, view.calendar)}: refused, for {_count(len(found.reasons))}.\n"
        return Group(Text(heading, style="bold"), reason_list(found.reasons))
    if found.whole:
        return Text(f"{what}, {whole(view.now, view.calendar)}: nothing stands in the way.")
    return Text(f"{what}: nothing rules it out beforehand. Say all of it, and its content is judged as well.")


def _count(number: int) -> str:
    return "this reason" if number == 1 else f"these {number} reasons"
