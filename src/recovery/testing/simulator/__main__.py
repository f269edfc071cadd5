"""``python -m recovery.testing.simulator``: simulated stories on a store of yours, from the shell."""

from __future__ import annotations

import argparse
import multiprocessing
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import cast

from recovery.core.policy import Policy
from recovery.ports.notifier import Notifier
from recovery.ports.store import Store
from recovery.stores.memory import MemoryStore
from recovery.testing.content import a_policy
from recovery.testing.simulator.simulator import Simulated, Simulator, StoryFailed

__all__ = ["main"]

Making = Callable[[], "Store | AbstractContextManager[Store]"]


@contextmanager
def _on_a_file() -> Generator[Store, None, None]:
    from recovery.stores.sqlite import SQLiteStore  # noqa: PLC0415  (only who asks for it loads the database)

    with tempfile.TemporaryDirectory() as folder, SQLiteStore(Path(folder) / "recovery.db") as store:
        yield store


def _named(told: str) -> object:
    """Return what ``module:name`` names. Raises ``argparse.ArgumentTypeError`` where there is no such thing."""
    module, _, name = told.partition(":")
    try:
        return cast(object, getattr(import_module(module), name))
    except (ImportError, AttributeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{told!r} is not module:name of something that can be imported: {error}") from None


def _store(told: str) -> Making:
    ours: dict[str, Making] = {"memory": MemoryStore, "sqlite": _on_a_file}
    return ours[told] if told in ours else cast(Making, _named(told))


def _some(told: str) -> int:
    """Return a number of 1 or more. Raises ``argparse.ArgumentTypeError`` for anything else."""
    if not told.isdecimal() or int(told) < 1:
        raise argparse.ArgumentTypeError(f"{told!r} is none: write 1 or more")
    return int(told)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recovery.testing.simulator", description=__doc__)
    parser.add_argument("--stories", type=_some, default=1000, help="how many stories (1000)")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first; the next has the next number (0)")
    parser.add_argument(
        "--store", type=_store, default="memory", help="memory, sqlite, or module:name of what makes a fresh, empty store (memory)"
    )
    parser.add_argument("--policy", type=_named, help="module:name of your policy")
    parser.add_argument("--notifier", type=_named, help="module:name of what makes your notifier; it will really send")
    parser.add_argument("--jobs", type=_some, default=1, help="in how many processes, each with a part of the stories (1)")
    parser.add_argument("--steps", action="store_true", help="show every step of the stories")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the stories; print what they came to, or the one that failed and how to run it again. Return 1 where one failed."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    told = _parser().parse_args(given)
    try:
        if told.steps:
            for played in _simulator(given).stories(told.stories, seed=told.seed):
                print(f"seed {played.seed}", *played.trace, sep="\n  ")  # noqa: T201
        else:
            print(_run(given, told.stories, told.seed, told.jobs))  # noqa: T201
    except StoryFailed as failed:
        print(failed)  # noqa: T201
        return 1
    return 0


def _simulator(given: list[str]) -> Simulator:
    told = _parser().parse_args(given)
    policy = cast("Policy | None", told.policy)
    return Simulator(
        store=cast(Making, told.store),
        policy=a_policy() if policy is None else policy,
        notifier=cast("Callable[[], Notifier] | None", told.notifier),
        again=f"{_parser().prog} {shlex.join(_without_numbers(given))} --stories 1 --seed {{seed}}".replace("  ", " "),
    )


def _run(given: list[str], stories: int, seed: int, jobs: int) -> Simulated:
    """Play the stories, in several processes where wanted. Raises :class:`StoryFailed` at the first that fails."""
    if jobs < 2:
        return _simulator(given).run(stories, seed=seed)
    begun, chunk = time.perf_counter(), -(-stories // (jobs * 4))
    parts = [(first, min(chunk, stories - first)) for first in range(0, stories, chunk)]
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        under_way = [pool.submit(_run, given, many, seed + first, 1) for first, many in parts]
        told = [part.result() for part in under_way]
    return Simulated(
        stories=stories,
        cases=sum(part.cases for part in told),
        entries=sum(part.entries for part in told),
        messages=sum(part.messages for part in told),
        mishaps=sum(part.mishaps for part in told),
        seconds=time.perf_counter() - begun,
    )


def _without_numbers(given: list[str]) -> list[str]:
    """Return what was given without the number of stories, of processes, and the seed."""
    kept: list[str] = []
    skipping = False
    for word in given:
        if skipping:
            skipping = False
        elif word in ("--stories", "--seed", "--jobs"):
            skipping = True
        elif not word.startswith(("--stories=", "--seed=", "--jobs=")):
            kept.append(word)
    return kept


if __name__ == "__main__":
    sys.exit(main())
