"""Cases read or written lately, so that a case that is loaded again need not be decoded again."""

from __future__ import annotations

from recovery.core.case import Case

__all__ = ["Recent"]

Snapshot = tuple[str, "str | None"]


class Recent:
    """Remembers cases with the text of their snapshots. Equal text is an equal case, so nothing here can be out of date."""

    def __init__(self, limit: int = 256) -> None:
        self._limit = limit
        self._cases: dict[str, tuple[Snapshot, Case]] = {}

    def get(self, case_id: str, snapshot: Snapshot) -> Case | None:
        """Return the case of this very snapshot, if it is remembered."""
        held = self._cases.get(case_id)
        return held[1] if held is not None and held[0] == snapshot else None

    def put(self, case: Case, snapshot: Snapshot) -> None:
        """Remember a case; when there are too many, all others are forgotten."""
        if len(self._cases) >= self._limit and case.id not in self._cases:
            self._cases.clear()
        self._cases[case.id] = (snapshot, case)
