"""What happens by itself, with many workers: nothing is lost or doubled, and what is broken blocks nobody and is told."""

from __future__ import annotations

from datetime import timedelta

import attrs
from pendulum import DateTime

from recovery import Delivery, MemoryStore
from recovery.ports.values import Queued
from test_desk import a_world


class Unreadable(MemoryStore):
    """Cannot read the rows of its messages any more."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Hand out what is known beside the row."""
        return tuple(_without_words(each) for each in super().claim(now, limit, lease))


def _without_words(queued: Queued) -> Queued:
    message = attrs.evolve(queued.message, subject="", body="", to=None)
    return Queued(message=message, tries=queued.tries, fault="its row is no JSON object")


def test_a_message_that_cannot_be_read_is_given_up_on_record() -> None:
    """What cannot be read is not sent empty: its owner gets a step, as for all that could not be delivered."""
    world = a_world(Unreadable())
    case_id = world.opened()
    assert world.desk.work().sent == 0
    case = world.desk.load(case_id)
    assert {out.state for out in case.receiving.outgoing} == {Delivery.GIVEN_UP}
    assert not world.post.sent
    notes = [getattr(entry.event, "note", "") for entry in world.desk.timeline(case_id) if entry.kind == "delivery_reported"]
    assert set(notes) == {"its row is no JSON object"}
    assert {step.what for step in world.desk.agenda(owner="ana") if step.clock == "case.never-forgotten"} == {
        f"reach {whom} another way: a message by email could not be delivered" for whom in ("ana", "the customer")
    }
    assert world.desk.doctor() == ()
