"""What keeps count of the things that could not be done, so that they block nobody and somebody hears of them."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pendulum import DateTime

from recovery.ports.values import Trouble

__all__ = ["Troubles"]


@runtime_checkable
class Troubles(Protocol):
    """Puts off cases that cannot be looked at, and says what is in trouble. The stores of the library fill it; yours may.

    On a store that does not, a case that cannot be looked at comes back whenever its lease is over, and nobody but the log is told.
    """

    def put_off(self, case_id: str, at: DateTime, error: str) -> None:
        """Put a claimed case off until ``at``, count one more failed look, and keep what went wrong.

        1. The claim ends. Before ``at`` the case is neither claimed nor counted by ``backlog`` as due; from ``at`` on it is again.
        2. A case that was saved or released since it was claimed is left in peace, as is one that never was, and an unknown one:
           whoever was too slow changes nothing.
        """
        ...

    def troubles(self, saying: str = "") -> tuple[Trouble, ...]:
        """Return what has failed and is tried again, the soonest first, then by case and message id.

        1. In it are the cases that were put off, and the queued messages that were (:meth:`Outbox.retry`): each with the owner of
           its case, the last error, how often it has failed, and when it is tried again.
        2. A case leaves it when it is saved or released, a message when it is settled; then they count from the start again.
        3. Of messages only those come whose last error begins with ``saying``: while a mail server is down every message has one,
           and whoever asks for something else is not given a hundred thousand of them.
        """
        ...
