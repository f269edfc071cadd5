"""A store whose every call can be watched, and made to fail before or after it was done."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

from attrs import frozen

__all__ = ["Call", "watched"]

S = TypeVar("S")


@frozen
class Call:
    """A call of a store: the name of the method, what was given, by place and by name, and, once it is done, what it returned."""

    name: str
    arguments: tuple[object, ...]
    named: dict[str, object]
    result: object = None

    def __str__(self) -> str:
        return self.name


Hook = Callable[[Call], None]


def _nothing(call: Call) -> None:
    return None


def watched(store: S, *, before: Hook = _nothing, after: Hook = _nothing) -> S:
    """Return a store that does all that ``store`` does and tells ``before`` and ``after`` of every call.

    What ``before`` raises is raised instead of doing it. What ``after`` raises is raised although it was done: the answer is lost.

    >>> from recovery import MemoryStore
    >>> asked = []
    >>> watched(MemoryStore(), before=lambda call: asked.append(str(call))).load("case-1")
    >>> asked
    ['load']
    """
    kind: type = type(store)
    return cast(S, _kind(kind)(store, before, after))


class _Watched:
    """Stands before a store. Its methods are those of the store, so that ports which ask what a store can do see the same."""

    def __init__(self, store: object, before: Hook, after: Hook) -> None:
        self._store, self._before, self._after = store, before, after

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def _asked(self, name: str, arguments: tuple[object, ...], named: dict[str, object]) -> object:
        self._before(Call(name, arguments, named))
        result = getattr(self._store, name)(*arguments, **named)
        self._after(Call(name, arguments, named, result))
        return result


@lru_cache(maxsize=64)
def _kind(kind: type) -> type[_Watched]:
    names = [name for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name))]
    return type("Watched", (_Watched,), {name: _method(name) for name in names})


def _method(name: str) -> Callable[..., object]:
    def asked(self: _Watched, *arguments: object, **named: object) -> object:
        return self._asked(name, arguments, named)  # pyright: ignore[reportPrivateUsage]

    return asked
