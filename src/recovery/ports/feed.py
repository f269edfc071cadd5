"""What tells a host everything that was put on record, in order, for as long as it cares to ask."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from recovery.ports.values import Committed

__all__ = ["Feed"]


@runtime_checkable
class Feed(Protocol):
    """Hands out the events of all cases one after the other: for a search index, a data warehouse, a screen that follows along.

    The stores of the library fill it; yours may. A desk works without it.
    """

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Return up to ``limit`` events that were put on record after a position, the oldest first; all of them from ``""`` on.

        1. Every event comes exactly once, and the events of one case in the order of their numbers, to whoever goes on with the
           position of the last one they were given.
        2. Nothing is ever passed over: what was begun earlier and is saved later comes after what was given out already.
        3. The same position gives the same events again, in this process or another, and more of them when there are more.
        4. An entry that cannot be read is not passed over either: those before it come, and whoever asks for it is told by
           ``Undecodable``, with the position to go on from. A newer version may have written it, and an upgrade reads it.
        5. A position that no feed of this store gave raises ``InvalidValue``, also one that lies beyond the end: a backup has been
           restored.
        """
        ...
