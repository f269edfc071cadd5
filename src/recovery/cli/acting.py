"""What the commands that work at a desk do, one function each."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from recovery import Case, Contact, InvalidValue, Outcome, Reason, Refused
from recovery.cli import outcomes
from recovery.cli.acts import asked, told_by_option, warnings_by_option
from recovery.cli.asking import answer, in_words
from recovery.cli.console import screen
from recovery.cli.filling import When, contact_data
from recovery.cli.flat import commands
from recovery.cli.flat_app import print_commands, print_help
from recovery.cli.opening import View, find_case, open_desk, open_view
from recovery.cli.permitting import permitted_table
from recovery.cli.reporting import heading, print_json
from recovery.codec import contact_from_dict, to_dict

__all__ = ["asked_why_not", "done", "help_for", "received", "told_what_is_permitted"]

Place = tuple[str | None, str | None, str | None]
"""The database, the policy and the instant, as they were given."""


def received(path: str | None, given: Mapping[str, object], *, key: str | None, place: Place, as_json: bool) -> int:
    """Take a contact, from options or as JSON, and tell what became of it."""
    view = _opened(place, as_json=as_json)
    contact = _contact_in(path) if path is not None else _contact_of(given, view)
    outcome = view.desk.receive(contact, key=key)
    _report(outcome, view, None, as_json=as_json)
    return 0


def _contact_in(path: str) -> Contact:
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    try:
        return contact_from_dict(json.loads(text))
    except json.JSONDecodeError as error:
        hint = 'Write {"channel": "phone", "received_at": "2026-03-02T09:00:00+01:00", "text": "...", "sender": {"name": "..."}}.'
        told = Reason(rule="input.json", field=path, message=str(error), hint=hint)
        raise InvalidValue("the contact", [told]) from None


def _contact_of(given: Mapping[str, object], view: View) -> Contact:
    try:
        return contact_from_dict(contact_data(given, When(calendar=view.calendar, now=view.now)))
    except InvalidValue as error:
        raise InvalidValue("the contact", [_by_option(reason) for reason in error.reasons]) from None


def _by_option(reason: Reason) -> Reason:
    if (reason.field or "").startswith("--"):
        return reason  # it was found while the options were read, and names one already
    name = (reason.field or "").rpartition(".")[2]
    told = {"channel": "Say how it came: --channel phone. Or give a contact as JSON."}.get(name, reason.hint)
    return attrs.evolve(reason, field=f"--{name.replace('_', '-')}", hint=told)


def done(
    name: str | None, words: Sequence[str], *, key: str | None, expected_version: int | None, place: Place, as_json: bool
) -> int:
    """Carry out commands on a case and tell what came of them; without commands, tell what can be done."""
    wanted = named(name, "case")
    view = _opened(place, as_json=as_json)
    case = find_case(view, wanted)
    if not words:
        _tell_permitted(view, case, as_json=as_json)
        return 0
    what = asked(words, view, case, quiet=as_json)
    try:
        outcome = view.desk.handle(case.id, *what.commands, key=key, expected_version=expected_version)
    except Refused as refusal:
        raise told_by_option(refusal, what, case) from None
    told = attrs.evolve(outcome, warnings=warnings_by_option(outcome.warnings, what, case))
    _report(told, view, case, as_json=as_json)
    return 0


def told_what_is_permitted(name: str, *, place: Place, as_json: bool) -> int:
    """Tell what can be done about a case, and what cannot, with the reasons."""
    view = _looked(place, as_json=as_json)
    _tell_permitted(view, find_case(view, name), as_json=as_json)
    return 0


def asked_why_not(name: str | None, words: Sequence[str], *, place: Place, as_json: bool) -> int:
    """Tell why commands would be refused; return 2 if they would be."""
    wanted, _ = named(name, "case"), named(words[0] if words else None, "command")
    view = _looked(place, as_json=as_json)
    found = answer(view, find_case(view, wanted), words, quiet=as_json)
    if as_json:
        print_json(
            {
                "case_id": found.case.id,
                "reference": found.case.reference,
                "command": found.command,
                "reasons": [to_dict(reason) for reason in found.reasons],
            }
        )
    else:
        screen().print(in_words(found, view))
    return 2 if found.reasons else 0


def named(value: str | None, what: str) -> str:
    """Return what was named on the command line. Raises ``InvalidValue`` with the way out where nothing was."""
    if value:
        return value
    hint = {"case": "recovery show lists them all.", "command": "recovery do --help lists them all."}[what]
    raise InvalidValue("the command line", [Reason(rule="input.missing", field=what, message=f"no {what} is named.", hint=hint)])


def help_for(command: str, case: str | None, words: Sequence[str]) -> int:
    """Print the help of ``do`` or ``why-not`` with all commands, or that of the command that is named after it."""
    from recovery.cli.app import app  # noqa: PLC0415  (the command line knows this module, not the other way round)

    named = words[0] if words else case or ""
    if named.replace("-", "_") in commands():
        print_help(named)
        return 0
    app.help_print([command], console=screen())
    print_commands()
    return 0


# ---------------------------------------------------------------- inside


def _opened(place: Place, *, as_json: bool) -> View:
    view = open_desk(*place)
    if not as_json:
        screen().print(heading(view), soft_wrap=True)
    return view


def _looked(place: Place, *, as_json: bool) -> View:
    view = open_view(*place)
    if not as_json:
        screen().print(heading(view), soft_wrap=True)
    return view


def _report(outcome: Outcome, view: View, before: Case | None, *, as_json: bool) -> None:
    if as_json:
        print_json(outcomes.as_document(outcome, view))
    else:
        screen().print(outcomes.in_words(outcome, view, before))


def _tell_permitted(view: View, case: Case, *, as_json: bool) -> None:
    found = view.desk.permitted(case.id)
    if as_json:
        told = {name: [to_dict(reason) for reason in reasons] for name, reasons in found.items()}
        print_json({"case_id": case.id, "reference": case.reference, "stage": case.stage.value, "permitted": told})
    else:
        screen().print(permitted_table(case, found))
