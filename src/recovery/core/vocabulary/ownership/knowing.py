"""Knowing the customer: facts filed once, and the earlier cases that a person has looked at."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from recovery.core.errors import Reason
from recovery.core.values import checked, either, every, invalid, is_id, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import MACHINE, Event, Heard, Need, Report, Said
from recovery.core.vocabulary.known import Again, Earlier, fact_key


@frozen(kw_only=True)
class RecordFact(Report):
    """File something the customer told, once, under a ``key`` of your choice: ``order_number``, ``serial``, ``moved_on``.

    Upper and lower case, spaces and hyphens make no difference to a key. Where the file says otherwise, ``again`` says why: it has
    changed, or was read wrongly. Without it both are kept in the history, the newer one stands, and somebody finds out which holds.
    """

    key: str = field(converter=fact_key, metadata=checked(is_id))
    value: str = field(repr=False, metadata=checked(is_some_text, personal=True, public=True))
    said: Said = field(metadata=checked(either(Said)))
    again: Again | None = field(default=None, metadata=checked(maybe(either(Again))))


@frozen(kw_only=True)
class ConsultHistory(Report):
    """Say that you have looked at the customer's earlier cases: their ids, or references, in ``cases``.

    Where nobody can tell whether there are any, a person looks for them elsewhere, and says what they found: perhaps nothing.
    """

    cases: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    note: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.EARLIER})

    def faults(self) -> list[Reason]:
        """Looking is for people: a machine has not understood what it read."""
        if self.by == MACHINE:
            return [invalid("by", "is the library itself, and a person has to look", "Give the id of whoever looked.")]
        return []


@frozen(kw_only=True)
class FactRecorded(Heard):
    """Something the customer told is on file; what was filed under this key before stays in the history.

    ``again`` says why there is another value than before.
    """

    key: str
    value: str = field(repr=False, metadata={"personal": True})
    again: Again | None = None


@frozen(kw_only=True)
class HistoryConsulted(Event):
    """A person has looked at the customer's earlier cases.

    ``cases`` are the ids of all they looked at; ``earlier`` tells those that were known here, as they stood then.
    """

    cases: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    note: str = field(default="", repr=False, metadata={"personal": True})
