"""Cases read or written lately, so that a case that is loaded again need not be decoded again."""

from __future__ import annotations

from collections import OrderedDict

from recovery.core.case import Case

__all__ = ["Recent"]

Snapshot = tuple[str, "str | None"]


class Recent:
    """Remembers cases with the text of their snapshots. Equal text is an equal case, so nothing here can be out of date.

    A young case takes some 8 kB here, so a thousand of them, the open cases of a busy desk, are a matter of megabytes.
    """

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        # Its popitem is one step, so several threads may share what is remembered.
        self._cases: OrderedDict[str, tuple[Snapshot, Case]] = OrderedDict()

    def get(self, case_id: str, snapshot: Snapshot) -> Case | None:
        """Return the case of this very snapshot, if it is remembered."""
        held = self._cases.get(case_id)
        return held[1] if held is not None and held[0] == snapshot else None

    def put(self, case: Case, snapshot: Snapshot) -> None:
        """Remember a case; when there are too many, the one that was remembered first is forgotten."""
        self._cases[case.id] = (snapshot, case)
        if len(self._cases) > self._limit:
            self._cases.popitem(last=False)
