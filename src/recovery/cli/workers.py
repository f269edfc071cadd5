"""``recovery worker``, in one process or in several, which is ``recovery work --watch`` too, and ``recovery health``."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from multiprocessing.context import SpawnProcess
from random import Random

import attrs
from rich.text import Text

from recovery import Health, Retries, Round, StoreUnusable
from recovery.cli.amounts import seconds_in, some
from recovery.cli.console import errors, print_into_nothing, screen
from recovery.cli.ending import Over, ending
from recovery.cli.opening import View, open_desk, open_view
from recovery.cli.output import clock_time
from recovery.cli.reporting import heading, print_json
from recovery.cli.working import told, with_notifier
from recovery.codec import dumps, instant_to_text, to_dict
from recovery.desk.ending import sleep

__all__ = ["served", "standing"]

Place = tuple[str | None, str | None, str | None]

_AGAIN = Retries(first=timedelta(seconds=1), most=timedelta(seconds=24))
"""How long to wait before a process that died is replaced, so that one that cannot live does not use up the machine."""

_TRIED = "It is tried again until it works."
_WORKS = "It works again."

LOOK = 0.5
"""Every so many seconds it is looked whether all processes are alive."""

UNREAD = 74
"""The exit code of a process that ends because nobody reads what it tells: input/output error, as sysexits.h has it."""

LIVED = 60.0
"""After so many seconds a process that dies has lived: the next wait is short again."""


@attrs.frozen(kw_only=True)
class Asked:
    """What a worker was asked for; it can be handed to another process."""

    place: Place
    every: float
    limit: int
    printing: bool
    as_json: bool


def served(*, place: Place, once: bool, processes: int, every: str, limit: int, printing: bool, as_json: bool) -> int:
    """Work until told to stop, or once; return 1 if something failed in that one time."""
    pause, most, many = seconds_in("--every", every), some("--limit", limit), some("--processes", processes)
    asked = Asked(place=place, every=pause, limit=most, printing=printing, as_json=as_json)
    if once:
        return _once(asked)
    with ending() as over:
        opened = _opened_in_time(asked, over)
        if opened is not None:
            _tell_what(opened, asked, f" {many} {'process' if many == 1 else 'processes'}; Ctrl-C or SIGTERM ends it.")
            if many > 1:
                _supervise(asked, many, over)
            else:
                _work(opened[0], asked, over)
    if not as_json:
        screen().print(Text("Ended."))
    return 0


def _once(asked: Asked) -> int:
    opened = _opened(asked)
    _tell_what(opened, asked, "")
    view, _ = opened
    with ending() as over:
        done = view.desk.catch_up(asked.limit, stop=over)
    if asked.as_json:
        print_json({"work": to_dict(done), "health": to_dict(view.desk.health())})
    else:
        screen().print(Text(told(done, view)), soft_wrap=True)
    return 1 if done.failed else 0


def _tell_what(opened: tuple[View, str], asked: Asked, until: str) -> None:
    if not asked.as_json:
        view, how = opened
        screen().print(heading(view), soft_wrap=True)
        screen().print(Text(how + until), soft_wrap=True)


# ---------------------------------------------------------------- a desk to work at


def _opened(asked: Asked) -> tuple[View, str]:
    """Open the desk; return in words what sends its messages."""
    return with_notifier(open_desk(*asked.place), printing=asked.printing, quiet=asked.as_json)


def _opened_in_time(asked: Asked, over: Over) -> tuple[View, str] | None:
    """Open the desk as soon as that can be; ``None`` where somebody says stop before. What does not pass by itself is raised."""
    # The pool of connections would tell each try to reach a server that is down; that is told here, once.
    logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())
    failed = 0
    while not over.is_set():
        try:
            opened = _opened(asked)
        except StoreUnusable as error:
            if not error.passing:
                raise
            failed += 1
            if failed == 1:
                errors().print(Text(f"{error} {_TRIED}"), soft_wrap=True)
            sleep(over, _AGAIN.wait(failed, Random()).total_seconds())
        else:
            if failed:
                errors().print(Text(_WORKS), soft_wrap=True)
            return opened
    return None


# ---------------------------------------------------------------- one process


def _work(view: View, asked: Asked, over: Over) -> bool:
    """Work until told to stop; return whether somebody still reads what is told. Where nobody does, it ends as if told to."""
    unread: list[BrokenPipeError] = []

    def tell(did: Round) -> None:
        try:
            _tell(did, view, asked)
        except BrokenPipeError as error:
            unread.append(error)
            print_into_nothing()
            over.set()

    view.desk.keep_working(stop=over, every=timedelta(seconds=asked.every), limit=asked.limit, tell=tell)
    return not unread


def _tell(did: Round, view: View, asked: Asked) -> None:
    at = clock_time(view.desk.now(), view.calendar)
    if did.trouble is not None:
        errors().print(Text(f"{at}  {did.trouble} {_TRIED}"), soft_wrap=True)
    elif did.works_again:
        errors().print(Text(f"{at}  {_WORKS}"), soft_wrap=True)
    elif asked.as_json:
        print(dumps({"at": instant_to_text(view.desk.now()), "work": to_dict(did.work)}), flush=True)
    else:
        screen().print(Text(told(did.work, view)), soft_wrap=True)


# ---------------------------------------------------------------- several processes


def _supervise(asked: Asked, many: int, over: Over) -> None:
    """Keep so many processes at work; when told to stop, tell them, and wait until each has finished what it is at."""
    places = [_Place(asked, over) for _ in range(many)]
    try:
        while not over.is_set():
            sleep(over, min(place.fill() for place in places))
    finally:
        _clear(places)


def _clear(places: list[_Place]) -> None:
    """Tell every process to stop, and wait until each has ended. Whoever breaks that off ends them the hard way."""
    try:
        for place in places:
            place.empty()
        for place in places:
            place.clear()
    except KeyboardInterrupt:
        for place in places:
            place.kill()
        raise


class _Place:
    """The place of one process: filled, and filled again when the process dies, after a wait that grows where it dies young."""

    def __init__(self, asked: Asked, over: Over) -> None:
        self._asked, self._over = asked, over
        self._died, self._not_before, self._since = 0, 0.0, 0.0
        self.process: SpawnProcess | None = None

    def fill(self) -> float:
        """See to it that a process is at work; return in how many seconds there is something to see to again."""
        if self.process is not None and not self.process.is_alive():
            self._bury(self.process)
        if self.process is None and time.monotonic() >= self._not_before:
            self._since = time.monotonic()
            # Spawned, not forked: it begins as if from the shell, and takes along no thread, lock or connection of this process.
            self.process = multiprocessing.get_context("spawn").Process(target=_one_of_several, args=(self._asked,))
            # Ctrl-C goes to all of them, and this one passes it on: the new one would only die of it, before it can hear anything.
            hears = signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                self.process.start()
            finally:
                signal.signal(signal.SIGINT, hears)
        return LOOK if self.process is not None else min(max(self._not_before - time.monotonic(), 0.0), LOOK)

    def _bury(self, process: SpawnProcess) -> None:
        if process.exitcode == UNREAD:
            self._over.set()
            return
        self._died = 1 if time.monotonic() - self._since > LIVED else self._died + 1
        pause = _AGAIN.wait(self._died, Random()).total_seconds()
        self._not_before, self.process = time.monotonic() + pause, None
        message = f"A worker ended with {process.exitcode}; another takes its place in {pause:.0f} s. Nothing is lost."
        errors().print(Text(message), soft_wrap=True)

    def empty(self) -> None:
        """Tell the process to stop."""
        if self.process is not None:
            self.process.terminate()

    def clear(self) -> None:
        """Wait until the process has ended."""
        if self.process is not None:
            self.process.join()

    def kill(self) -> None:
        """End the process in the middle of whatever it is at; what it had claimed comes back when its lease is over."""
        if self.process is not None:
            self.process.kill()


def _one_of_several(asked: Asked) -> None:
    # A signal to the whole group comes here as well, once from whoever sent it and once from the process that started this one.
    with ending(breaks_off=False) as over:
        _stop_with_parent(over)
        opened = _opened_in_time(asked, over)
        if opened is not None and not _work(opened[0], asked, over):
            sys.exit(UNREAD)


def _stop_with_parent(over: Over) -> None:
    """Where this process is one of several, end as well when the one that started them has died."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def outlive() -> None:
        parent.join()
        over.set()

    threading.Thread(target=outlive, daemon=True).start()


# ---------------------------------------------------------------- health


def standing(max_lag: str | None, most: Mapping[str, int | None], *, place: Place, as_json: bool) -> int:
    """Show how the desk stands; return 1 where a figure is beyond its limit."""
    limits: dict[str, float | None] = {"lag_seconds": None if max_lag is None else seconds_in("--max-lag", max_lag), **most}
    view = open_view(*place)
    found = view.desk.health()
    beyond = [name for name, limit in limits.items() if limit is not None and getattr(found, name) > limit]
    if as_json:
        print_json({"now": instant_to_text(view.now), "health": to_dict(found), "beyond": beyond})
    else:
        screen().print(heading(view), soft_wrap=True)
        screen().print(Text("\n".join(_figures(found, beyond))), soft_wrap=True)
    return 1 if beyond else 0


_WORDS = {
    "lag_seconds": ("lag", "seconds since the case was due that is overdue the longest"),
    "due": ("due", "cases whose clocks want to be looked at"),
    "unsent": ("unsent", "messages in the outbox"),
    "given_up": ("given up", "messages that did not arrive, of cases that go on; each is a step of its owner"),
    "set_aside": ("set aside", "what fails and is tried again: recovery doctor"),
    "tray": ("tray", "contacts of which nobody knows yet whose they are"),
    "open_cases": ("open", "cases"),
}


def _figures(found: Health, beyond: list[str]) -> Iterator[str]:
    for name, (what, said) in _WORDS.items():
        yield f"{what:<10}{getattr(found, name):>7.0f}  {said}{' - beyond the limit' if name in beyond else ''}"
