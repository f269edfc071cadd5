"""What runs in processes of its own: each opens the data anew, says that it is ready, waits for the word, and reports."""

from __future__ import annotations

import multiprocessing
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TypeVar, cast

from recovery.core.errors import ConflictingChange
from recovery.ports.store import Store
from recovery.testing.contracts.checking import Violation, opened
from recovery.testing.contracts.samples import LEASE, NOW, TIMING, following, moved, opening, saying

__all__ = ["claims_of", "kept_after_a_kill", "who_saved"]

T = TypeVar("T")
Opener = Callable[[], "Store | AbstractContextManager[Store]"]
Role = Callable[[Opener, Connection], None]

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE = 60.0


def who_saved(opener: Opener, owners: Iterable[str]) -> list[str]:
    """Let a process for each owner save the same version of ``c-1`` at once, and return how each fared."""
    return cast("list[str]", _together([partial(_save, owner) for owner in owners], opener))


def claims_of(opener: Opener, workers: int) -> list[list[str]]:
    """Let so many processes claim at once until nothing is left, and return what each was given."""
    return cast("list[list[str]]", _together([_claim_all] * workers, opener))


def kept_after_a_kill(opener: Opener, many: int) -> list[str]:
    """Kill a process that saves one case after the other, and return the ids of those it had acknowledged."""
    process, pipe = _started(_save_for_ever, opener)
    acknowledged: list[str] = []
    try:
        _received(pipe)
        pipe.send("go")
        while len(acknowledged) < many:
            acknowledged.append(cast(str, _received(pipe)))
        process.kill()
        while pipe.poll(0.1):
            acknowledged.append(cast(str, pipe.recv()))
    except EOFError:
        pass
    finally:
        _ended(process, pipe)
    return acknowledged


def _together(roles: list[Role], opener: Opener) -> list[object]:
    started = [_started(role, opener) for role in roles]
    try:
        for _, pipe in started:
            _received(pipe)
        for _, pipe in started:
            pipe.send("go")
        return [_received(pipe) for _, pipe in started]
    except EOFError:
        raise Violation("a process ended before it had reported: its error stands on the standard error output") from None
    finally:
        for process, pipe in started:
            _ended(process, pipe)


def _started(role: Role, opener: Opener) -> tuple[SpawnProcess, Connection]:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=role, args=(opener, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _ended(process: SpawnProcess, pipe: Connection) -> None:
    process.join(0 if process.exitcode is not None else 5)
    process.kill()
    process.join()
    process.close()
    pipe.close()


def _received(pipe: Connection) -> object:
    if not pipe.poll(_PATIENCE):
        raise Violation(f"a process said nothing for {_PATIENCE:g} seconds")
    return cast(object, pipe.recv())


# ---------------------------------------------------------------- the roles


def _save(owner: str, opener: Opener, pipe: Connection) -> None:
    with opened(opener()) as store:
        case = store.load("c-1")
        if case is None:
            raise LookupError("what was saved is not there for another process")
        pipe.send("ready")
        pipe.recv()
        try:
            store.save([following(case, moved(owner))])
            pipe.send("saved")
        except ConflictingChange:
            pipe.send("conflict")


def _claim_all(opener: Opener, pipe: Connection) -> None:
    with opened(opener()) as store:
        pipe.send("ready")
        pipe.recv()
        claimed: list[str] = []
        while found := store.claim_due(NOW, 3, LEASE):
            claimed += found
        pipe.send(claimed)


def _save_for_ever(opener: Opener, pipe: Connection) -> None:
    with opened(opener()) as store:
        pipe.send("ready")
        pipe.recv()
        while True:
            change = opening(uuid.uuid4().hex)
            store.save([change, saying(change.case)], timing=TIMING)
            pipe.send(change.case.id)
