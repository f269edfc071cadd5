"""The core is pure: deciding, folding and reading the agenda touch no clock, file, socket, environment or chance, and no input.

What Python audits (files, sockets, processes, imports) is refused by an audit hook; what it does not audit (the time of day,
chance, the environment) is made to raise. Imports that are done late are done before.
"""

from __future__ import annotations

import builtins
import copy
import os
import random
import secrets
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pendulum
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.decide import Decision, agenda, briefing, clocks, decide, permitted, why_not
from recovery.core.errors import Reason, Refused
from recovery.core.fold import fold
from recovery.core.place import lookups_of, place
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.values import later, redact
from recovery.core.vocabulary.common import Command, Recorded
from recovery.core.vocabulary.receiving import Wake
from strategies import batches, contacts, contexts, openings, waits
from support import MONDAY, POLICY, at_stage

AUDITED = (
    "open",
    "import",
    "os.",
    "socket.",
    "subprocess.",
    "shutil.",
    "tempfile.",
    "sqlite3.",
    "ctypes.",
    "urllib.",
    "glob.",
    "pathlib.",
)
EXAMPLES = settings().max_examples
HEALTH = (HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow)
_watching = False


class Impure(AssertionError):
    """The core has reached for something outside of its arguments."""


def _audit(event: str, args: tuple[object, ...]) -> None:
    if _watching and event.startswith(AUDITED):
        raise Impure(f"{event}{args[:1]}")


sys.addaudithook(_audit)  # it cannot be taken away again, so it looks only while it is told to


def _forbidden(name: str) -> Callable[..., object]:
    def refuse(*_: object, **__: object) -> object:
        raise Impure(name)

    return refuse


class _NoEnvironment(dict[str, str]):
    def __getitem__(self, key: str) -> str:
        raise Impure(f"os.environ[{key!r}]")

    def get(self, key: str, default: object = None) -> Any:
        raise Impure(f"os.environ.get({key!r})")

    def __contains__(self, key: object) -> bool:
        raise Impure(f"{key!r} in os.environ")

    def __iter__(self) -> Iterator[str]:
        raise Impure("iter(os.environ)")


class _Like(type):
    """Makes a class without a clock answer ``isinstance`` as the class it stands for."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__mro__[1])


class NoClock(datetime, metaclass=_Like):
    """A datetime that cannot tell the time."""

    now = today = utcnow = _forbidden("datetime.now")  # type: ignore[assignment]


class NoToday(date, metaclass=_Like):
    """A date that does not know which day it is."""

    today = _forbidden("date.today")  # type: ignore[assignment]


SILENT: list[tuple[Any, str]] = [
    *(
        (time, name)
        for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "process_time", "localtime", "gmtime")
    ),
    *((time, name) for name in ("sleep", "strftime", "ctime", "tzset")),
    *((pendulum, name) for name in ("now", "today", "tomorrow", "yesterday", "local_timezone")),
    *((random, name) for name in ("random", "randint", "choice", "shuffle", "getrandbits", "randrange", "sample", "uniform")),
    *((secrets, name) for name in ("token_hex", "token_bytes", "choice", "randbelow")),
    *((uuid, name) for name in ("uuid1", "uuid4", "getnode")),
    *((os, name) for name in ("getenv", "urandom", "getpid", "getcwd")),
    (DateTime, "now"),
    (builtins, "input"),
    (builtins, "print"),
]
"""What reads the world, or speaks to it, without an audit event."""


def _core() -> list[ModuleType]:
    return [module for name, module in sorted(sys.modules.items()) if name.startswith("recovery.core")]


@contextmanager
def sealed() -> Iterator[None]:
    """Refuse everything outside of the arguments while the block runs."""
    global _watching  # noqa: PLW0603  (an audit hook cannot be handed anything)
    ZoneInfo.clear_cache()
    pendulum.Timezone.clear_cache()
    with pytest.MonkeyPatch.context() as patch:
        for module in _core():
            for name, value in list(vars(module).items()):
                if value is datetime:
                    patch.setattr(module, name, NoClock)
                elif value is date:
                    patch.setattr(module, name, NoToday)
        for owner, name in SILENT:
            patch.setattr(owner, name, _forbidden(f"{owner.__name__}.{name}"))
        patch.setattr(os, "environ", _NoEnvironment())
        _watching = True
        try:
            yield
        finally:
            _watching = False


def step(case: Case | None, commands: tuple[Command, ...], now: DateTime, context: Context) -> tuple[Recorded, ...]:
    """Do everything the core can do about a case at one instant, and return the new entries."""
    events: tuple[Recorded, ...] = ()
    try:
        decision = decide(case, *commands, policy=POLICY, now=now, context=context)
        case, events = decision.case, decision.events
    except Refused as refused:
        str(refused)
    why_not(case, *commands, policy=POLICY, now=now, context=context)
    if case is not None:
        agenda(case, POLICY)
        clocks(case, POLICY, now)
        briefing(case, POLICY)
        permitted(case, policy=POLICY, now=now, context=context)
        redact(case)
        lookups_of(case)
    return events


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Do every late import before the walks."""
    for stage in Stage:
        story = at_stage(stage)
        story.wait(days=40).wake()
        agenda(story.told, POLICY)
        permitted(story.told, policy=POLICY, now=story.now)


@settings(suppress_health_check=HEALTH, max_examples=EXAMPLES // 2)
@given(data=st.data())
def test_the_core_reaches_for_nothing_but_its_arguments(data: st.DataObject) -> None:
    """Whatever is decided, folded or read off, no file, socket, clock, environment or chance is touched."""
    now = later(MONDAY, data.draw(waits))
    tried: tuple[Command, ...] = (data.draw(openings("case-1", now)),)
    case: Case | None = None
    events: list[Recorded] = []
    for number in range(data.draw(st.integers(1, 12))):
        context = data.draw(contexts(number))
        contact = data.draw(contacts(now))
        with sealed():
            events += step(case, tried, now, context)
            case = fold(events)
            place(contact, (case,))
        now = later(now, data.draw(waits))
        tried = data.draw(batches(case, now))


@settings(suppress_health_check=HEALTH, max_examples=EXAMPLES // 4)
@given(data=st.data())
def test_the_core_changes_none_of_its_arguments(data: st.DataObject) -> None:
    """Case, commands, policy, context and history are, to the last field, what they were before."""
    now = later(MONDAY, data.draw(waits))
    tried: tuple[Command, ...] = (data.draw(openings("case-1", now)),)
    policy = copy.deepcopy(attrs.asdict(POLICY, recurse=False))
    case: Case | None = None
    events: list[Recorded] = []
    for number in range(data.draw(st.integers(1, 12))):
        context = data.draw(contexts(number))
        given_to = (case, tried, context, tuple(events))
        before, shown = copy.deepcopy(given_to), repr(given_to)
        fresh = step(case, tried, now, context)
        assert given_to == before
        assert repr(given_to) == shown
        events += fresh
        case = fold(events)
        now = later(now, data.draw(waits))
        tried = data.draw(batches(case, now))
    assert attrs.asdict(POLICY, recurse=False) == policy


@settings(suppress_health_check=HEALTH, max_examples=EXAMPLES // 4)
@given(data=st.data())
def test_the_same_question_has_the_same_answer(data: st.DataObject) -> None:
    """Deciding twice from equal arguments gives equal decisions, messages and ids included."""
    now = later(MONDAY, data.draw(waits))
    context = data.draw(contexts(0))
    case = decide(None, data.draw(openings("case-1", now)), policy=POLICY, now=now, context=context).case
    for _ in range(data.draw(st.integers(1, 8))):
        now = later(now, data.draw(waits))
        tried = data.draw(st.one_of(batches(case, now), st.just((Wake(),))))
        one = _answer(case, tried, now, context)
        assert _answer(copy.deepcopy(case), copy.deepcopy(tried), now, context) == one
        case = one.case if isinstance(one, Decision) else case


def _answer(case: Case, tried: tuple[Command, ...], now: DateTime, context: Context) -> Decision | tuple[Reason, ...]:
    try:
        return decide(case, *tried, policy=POLICY, now=now, context=context)
    except Refused as refused:
        return refused.reasons


def _now_of_the_core() -> object:
    return vars(sys.modules["recovery.core.values"])["datetime"].now()


TEMPTATIONS: dict[str, Callable[[], object]] = {
    "a file": lambda: Path("/etc/hostname").read_text("utf-8"),
    "a folder": lambda: list(Path("/").iterdir()),
    "a socket": lambda: socket.socket().bind(("127.0.0.1", 0)),
    "a process": lambda: subprocess.run(["true"], check=False),
    "the zone database": lambda: ZoneInfo("Asia/Tokyo"),
    "the zone database, by pendulum": lambda: MONDAY.in_timezone("Asia/Tokyo"),
    "the time": lambda: time.time(),  # noqa: PLW0108  (looked up when it is sealed)
    "the time, by pendulum": lambda: pendulum.now("UTC"),
    "the time, by the names of the core": _now_of_the_core,
    "the environment": lambda: os.environ["HOME"],
    "the environment, asked": lambda: os.environ.get("TZ"),
    "chance": lambda: random.random(),  # noqa: PLW0108
    "a new id": lambda: uuid.uuid4(),  # noqa: PLW0108
}


@pytest.mark.parametrize("temptation", sorted(TEMPTATIONS))
def test_the_seal_would_notice(temptation: str) -> None:
    """Each thing the core must not touch is noticed when it is touched, so that the walks above can fail."""
    with sealed(), pytest.raises(Impure):
        TEMPTATIONS[temptation]()


def test_a_late_import_would_be_noticed() -> None:
    """An import in the middle of a decision is noticed too."""
    sys.modules.pop("this", None)
    with sealed(), pytest.raises(Impure):
        __import__("this")
