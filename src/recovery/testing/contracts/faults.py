"""Faults on demand: the first, second, third ... operation on a connection fails, so that none of them is left untried."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TypeVar, cast

__all__ = ["Faults"]

C = TypeVar("C")
_COUNTED = frozenset({"execute", "executemany", "executescript", "commit"})


class Faults:
    """Makes operations fail. ``after`` is how many more of them work before one fails; ``None``: none fails.

    A store is made fragile by handing its connection through :meth:`wrap`; what is no DB-API connection calls :meth:`hit` itself
    wherever something could fail. After the one that fails all work again, and rolling back always works.
    """

    def __init__(self) -> None:
        self.after: int | None = None

    def hit(self, what: str = "", error: Callable[[str], Exception] = OSError) -> None:
        """Fail with ``error`` when it is time to; ``what`` is going to be done."""
        if self.after is None or what.lstrip().upper().startswith("ROLLBACK"):
            return
        self.after -= 1
        if self.after < 0:
            self.after = None
            raise error("disk I/O error (made by recovery.testing)")

    def wrap(self, connection: C, error: Callable[[str], Exception] = OSError) -> C:
        """Return a connection that does all that ``connection`` does and raises ``error`` where it is to fail.

        Counted are ``execute``, ``executemany``, ``executescript`` and ``commit``, also those of its cursors. Give the error that
        the driver raises: ``faults.wrap(sqlite3.connect(path), sqlite3.OperationalError)``.
        """
        return cast(C, _Fragile(connection, lambda what: self.hit(what, error)))


class _Fragile:
    """Stands before a connection or a cursor, and lets itself be asked before what is counted."""

    def __init__(self, inner: object, ask: Callable[[str], None]) -> None:
        object.__setattr__(self, "_inner", inner)
        object.__setattr__(self, "_ask", ask)

    def __getattr__(self, name: str) -> object:
        inner, ask = cast(object, object.__getattribute__(self, "_inner")), cast("Callable[[str], None]", self._ask)
        found = cast(object, getattr(inner, name))
        if name in _COUNTED:
            return _asking(cast("Callable[..., object]", found), ask)
        if name == "cursor":
            return _wrapping(cast("Callable[..., object]", found), ask)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        setattr(object.__getattribute__(self, "_inner"), name, value)

    def __enter__(self) -> object:
        cast("Callable[[], object]", self.__getattr__("__enter__"))()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> object:
        leave = cast("Callable[..., object]", self.__getattr__("__exit__"))
        if error is not None:
            return leave(kind, error, trace)
        try:
            cast("Callable[[str], None]", self._ask)("COMMIT")
        except Exception as fault:
            leave(type(fault), fault, None)
            raise
        return leave(None, None, None)

    def __iter__(self) -> object:
        return cast("Callable[[], object]", self.__getattr__("__iter__"))()


def _wrapping(make: Callable[..., object], ask: Callable[[str], None]) -> Callable[..., object]:
    def wrapping(*arguments: object, **named: object) -> object:
        return _Fragile(make(*arguments, **named), ask)

    return wrapping


def _asking(act: Callable[..., object], ask: Callable[[str], None]) -> Callable[..., object]:
    def asking(*arguments: object, **named: object) -> object:
        ask(str(arguments[0]) if arguments else "")
        return act(*arguments, **named)

    return asking
