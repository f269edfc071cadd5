"""``recovery work``: one round of looking at the clocks and delivering; and what is told about a round."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import attrs
from rich.text import Text

from recovery import Channel, ConsoleNotifier, Desk, Work
from recovery.cli.amounts import seconds_in, some
from recovery.cli.console import errors, screen
from recovery.cli.mail import notifier_of, settings_in
from recovery.cli.opening import View, open_desk
from recovery.cli.output import clock_time
from recovery.cli.patience import busy
from recovery.cli.reporting import heading, print_json
from recovery.codec import to_dict
from recovery.core.values import instant
from recovery.ports.notifier import Notifier
from recovery.ports.values import OutboxMessage, Receipt

__all__ = ["told", "with_notifier", "worked"]


def worked(
    *, place: tuple[str | None, str | None, str | None], every: str, limit: int, printing: bool, dry_run: bool, as_json: bool
) -> int:
    """Work one round; return 1 if it failed to do something."""
    seconds_in("--every", every)
    some("--limit", limit)
    view = open_desk(*place)
    if not as_json:
        screen().print(heading(view), soft_wrap=True)
    if dry_run:
        return _tell_backlog(view, as_json=as_json)
    view, how = with_notifier(view, printing=printing, quiet=as_json)
    if not as_json:
        screen().print(Text(how), soft_wrap=True)
    return _once(view, limit, as_json=as_json)


# ---------------------------------------------------------------- what sends


def with_notifier(view: View, *, printing: bool, quiet: bool) -> tuple[View, str]:
    """Return the desk with what sends its messages, and in words what that is. Nothing is ever counted as sent that nobody sees."""
    if printing:
        return _sending(view, _printer(view, quiet=quiet)), "Messages are printed here instead of sent, and count as sent."
    if view.since == "a rehearsal":
        return view, "A rehearsal sends nothing: what is written waits in the outbox. --print shows it and counts it as sent."
    settings = settings_in(view.policy_file)
    if settings is None:
        where = view.policy_file or "a policy file"
        return (
            view,
            f"No [mail] in {where}: nothing is sent, what is written waits in the outbox. recovery work --print hands it to you.",
        )
    return _sending(view, notifier_of(settings, view.policy_file, view.desk.now)), f"Mail goes out by {settings.host}."


def _sending(view: View, notifier: Notifier) -> View:
    return attrs.evolve(view, desk=attrs.evolve(view.desk, notifier=notifier))


@attrs.frozen(kw_only=True)
class _Printer:
    """Prints each message, and dates its receipt by the clock of the desk."""

    desk: Desk
    console: ConsoleNotifier
    channels: frozenset[Channel]

    def send(self, message: OutboxMessage) -> Receipt:
        self.console.send(message)
        return Receipt(at=instant(self.desk.now()))


def _printer(view: View, *, quiet: bool) -> Notifier:
    out = errors() if quiet else screen()
    console = ConsoleNotifier(write=lambda text: out.print(Text(text), soft_wrap=True))
    return _Printer(desk=view.desk, console=console, channels=console.channels)


# ---------------------------------------------------------------- a round


def _once(view: View, limit: int, *, as_json: bool) -> int:
    printing = isinstance(view.desk.notifier, _Printer)
    with nullcontext() if printing else busy("Working"):
        done = view.desk.work(limit)
    if as_json:
        print_json({"work": to_dict(done), "backlog": to_dict(view.desk.backlog())})
    else:
        screen().print(Text(told(done, view) + f" {_waiting(view)}"), soft_wrap=True)
    return 1 if done.failed else 0


def told(done: Work, view: View) -> str:
    """Return one line about a round."""
    parts = [f"{done.ticked} {'case' if done.ticked == 1 else 'cases'} looked at", f"{done.sent} sent"]
    if done.failed:
        parts.append(f"{done.failed} failed")
    behind = f", {_lag(done.lag)} behind" if done.lag > timedelta(minutes=1) else ""
    return f"{clock_time(view.desk.now(), view.calendar)}  {', '.join(parts)}{behind}."


def _lag(lag: timedelta) -> str:
    minutes = int(lag.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _waiting(view: View) -> str:
    backlog = view.desk.backlog()
    told = [f"{backlog.unsent} in the outbox"] if backlog.unsent else []
    told += [f"{backlog.given_up} given up"] if backlog.given_up else []
    told += [f"{backlog.tray} in the tray"] if backlog.tray else []
    return f"Waiting: {', '.join(told)} (recovery outbox)." if told else "Nothing waits."


def _tell_backlog(view: View, *, as_json: bool) -> int:
    backlog = view.desk.backlog()
    if as_json:
        print_json({"backlog": to_dict(backlog)})
        return 0
    due = f"{backlog.due} {'case is' if backlog.due == 1 else 'cases are'} due to be looked at"
    screen().print(Text(f"{due}. {_waiting(view)} Nothing has been done."), soft_wrap=True)
    return 0
