"""Where broken stores are put down, with the checks that have to catch them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from attrs import frozen

from recovery.ports.store import Store
from recovery.testing.contracts import StoreOptions

S = TypeVar("S", bound=type[Store])


@frozen
class Fault:
    """A broken store, and the options that its checks need."""

    make: Callable[[], Store]
    options: StoreOptions


BROKEN: dict[str, list[Fault]] = {}
"""For each check, by its name, the stores that it has to catch."""


def breaks(*checks: str, **options: object) -> Callable[[S], S]:
    """Put a store down as broken in what ``checks`` look at."""

    def note(store: S) -> S:
        """Do as the class says."""
        for check in checks:
            BROKEN.setdefault(check, []).append(Fault(store, options))  # type: ignore[arg-type]
        return store

    return note


def nothing(*_: object) -> None:
    """Do nothing, where something should be done to a store."""
