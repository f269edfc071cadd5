"""The texts that stores keep are the plain data of the codec, written straight away: the same to the letter."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden.drawn import histories, values
from recovery import codec
from recovery.core.case import Case
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.receiving import TaskDone
from recovery.ports.values import OutboxMessage
from support import MONDAY

SALT = "0123456789abcdef"

few = settings(max_examples=max(settings().max_examples // 10, 5))
"""There are many shapes, so that each is drawn a few times at every run."""


def dumped(public: object, personal: object) -> tuple[str, str | None]:
    """Return plain data in two pieces the long way."""
    return codec.dumps(public), None if personal is None else codec.dumps(personal)


@pytest.mark.parametrize("kind", codec.EVENTS)
@few
@given(data=st.data())
def test_an_event_is_written_as_its_data_is(kind: str, data: st.DataObject) -> None:
    """Every kind of event, whatever stands in it, becomes the very texts that its plain data would."""
    recorded = data.draw(histories(codec.EVENTS[kind]))
    public, personal = codec.event_to_data(recorded, salt=SALT)
    assert codec.event_to_texts(recorded, salt=SALT) == dumped(public["data"], personal)


@few
@given(values(Case))
def test_a_case_is_written_as_its_data_is(case: Case) -> None:
    """A snapshot, whatever stands in it, becomes the very texts that its plain data would."""
    assert codec.case_to_texts(case, salt=SALT) == dumped(*codec.case_to_data(case, salt=SALT))


@few
@given(values(OutboxMessage))
def test_a_message_is_written_as_its_data_is(message: OutboxMessage) -> None:
    """A message of the outbox, whatever stands in it, becomes the very texts that its plain data would."""
    assert codec.message_to_texts(message, salt=SALT) == dumped(*codec.message_to_data(message, salt=SALT))


def test_what_does_not_hold_what_it_says_is_written_as_its_data_is() -> None:
    """A host that puts a number where a name belongs gets the same texts as before, and no other error."""
    odd = Recorded(seq=1, recorded_at=MONDAY, event=TaskDone(at=MONDAY, by=cast(str, 7), task_id="1", note="it is done"))
    public, personal = codec.event_to_data(odd, salt=SALT)
    assert codec.event_to_texts(odd, salt=SALT) == dumped(public["data"], personal)


def test_a_salt_is_drawn_for_each_text() -> None:
    """Without a salt of their own two equal texts cannot be told to be equal."""
    told = Recorded(seq=1, recorded_at=MONDAY, event=TaskDone(at=MONDAY, by="ana", task_id="1", note="it is done"))
    assert codec.event_to_texts(told)[1] != codec.event_to_texts(told)[1]
