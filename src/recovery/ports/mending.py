"""What looks at one case after the other, says what is wrong, and rebuilds what the history of a case makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, runtime_checkable

from pendulum import DateTime

from recovery.core.case import Case
from recovery.ports.values import Examined, Finding

__all__ = ["Mending"]


@runtime_checkable
class Mending(Protocol):
    """Lets a doctor go through all cases page by page, and mend. The stores of the library fill it; yours may.

    On a store that does not, a desk has what ``CaseStore.doctor`` finds, all at once, and mends less.
    """

    def contradictions(self, *, beside: bool = False) -> Iterator[Finding]:
        """Yield what a glance at all rows together shows, without reading a case; with ``beside`` only what belongs to no case.

        1. It names no case that ``CaseStore.doctor`` would not name, and may well find nothing.
        """
        ...

    def look_through(self, after: str = "", limit: int = 100) -> tuple[Examined, ...]:
        """Look at up to ``limit`` cases whose ids come after ``after``, in the order of their ids.

        1. Every case comes, with the case that its history makes and the stored wake instant; and with everything that
           ``CaseStore.doctor`` finds wrong with it, and nothing else.
        2. Nothing is changed.
        """
        ...

    def look_at(self, case_id: str) -> Examined | None:
        """Look at one case in the same way.

        1. It comes as it comes in a page; ``None`` where there is no such case.
        """
        ...

    def rebuild(self, case_id: str, wake_at: Callable[[Case], DateTime | None]) -> None:
        """Write what is stored of a case anew, as its history makes it; ``wake_at`` says when that case is looked at next.

        1. Afterwards :meth:`look_at` finds nothing that the history and the wake instant can mend. The history, the outbox, and a
           claim on the case stay as they are.
        2. A case whose history cannot be read, or has a gap, stays as it is; so does an unknown one.
        """
        ...
