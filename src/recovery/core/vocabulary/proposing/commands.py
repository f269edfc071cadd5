"""What can be done about a resolution: look for it, hear the customer's wish, ask for exceptions, propose, hear a decline."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.money import Money
from recovery.core.values import checked, either, every, instant, invalid, is_id, is_instant, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import Command, Need, Report, Said, Speaking, Tried
from recovery.core.vocabulary.proposing.values import Citing, Option


@frozen(kw_only=True)
class Investigate(Command):
    """Begin to look for the resolution."""


@frozen(kw_only=True)
class RecordRemedySought(Report):
    """Put on file what the customer wishes as the outcome, in their words; ``remedy`` is the one of the guideline that it comes to.

    How the customer wishes to be contacted is another matter (``RecordWish``).
    """

    said: Said = field(metadata=checked(either(Said)))
    remedy: str | None = field(default=None, metadata=checked(maybe(is_id)))


@frozen(kw_only=True)
class Propose(Speaking):
    """Propose at least one option, or say no and explain it.

    A no lists what was ``tried`` and names the ``second_person`` who looked. ``counter_answer`` is what the customer hears about
    what they asked for instead when they declined. ``cites`` names guidelines whose public text goes with it, ``citing`` why,
    where nothing is disputed yet.
    """

    options: tuple[Option, ...] = field(default=(), metadata=checked(every(either(Option)), public=True))
    explanation: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))
    tried: tuple[Tried, ...] = field(default=(), metadata=checked(every(either(Tried))))
    second_person: str | None = field(default=None, metadata=checked(maybe(is_id)))
    counter_answer: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))
    cites: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    citing: Citing | None = field(default=None, metadata=checked(maybe(either(Citing))))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.EARLIER, Need.PRECEDENTS})

    def faults(self) -> list[Reason]:
        """No two options share an id, or an acceptance could not tell them apart; they are counted in one currency."""
        currencies = {money.currency for option in self.options for money in (option.value, option.goodwill) if money is not None}
        if len(currencies) > 1:
            listed = ", ".join(sorted(currencies))
            return [invalid("options", f"are in several currencies: {listed}", "Give all amounts in one.")]
        ids = [option.id for option in self.options]
        if len(set(ids)) < len(ids):
            return [invalid("options", "hold one id twice", "Give each option an id of its own.")]
        return super().faults()


@frozen(kw_only=True)
class RecordDecline(Report):
    """Put on file that the customer declined, in their words, and what they would accept."""

    said: Said = field(metadata=checked(either(Said)))
    counter_offer: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


@frozen(kw_only=True)
class RequestException(Command):
    """Ask somebody with authority for a remedy beyond the guideline, with a reason; it becomes a dated step of theirs.

    ``value`` is what it would come to in all, goodwill included. Without an ``approver`` the one with the least authority that
    covers it is asked.
    """

    remedy: str = field(metadata=checked(is_id))
    reason: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    value: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    approver: str | None = field(default=None, metadata=checked(maybe(is_id)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY})


@frozen(kw_only=True)
class GrantException(Command):
    """Grant what was asked for, until a date; ``value`` grants less (or more) than was asked. Never by whoever asked."""

    exception_id: str = field(metadata=checked(is_id))
    until: DateTime = field(converter=instant, metadata=checked(is_instant))
    value: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    note: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


@frozen(kw_only=True)
class DenyException(Command):
    """Turn down what was asked for, with a reason."""

    exception_id: str = field(metadata=checked(is_id))
    reason: str = field(repr=False, metadata=checked(is_some_text, personal=True))
