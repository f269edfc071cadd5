"""What a store says that saves inside somebody else's transaction: when that was committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

__all__ = ["Announcing"]


@runtime_checkable
class Announcing(Protocol):
    """Calls back after the commit. A store whose :meth:`save` has committed when it returns need not fill it."""

    @property
    def announces(self) -> bool:
        """Whether it can: a bare connection does not tell when it commits."""
        ...

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something called once what was saved so far has been committed, and never where it is rolled back."""
        ...
