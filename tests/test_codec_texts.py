"""The texts that stores keep are the plain data of the codec, written and read straight away: the same to the letter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden.drawn import histories, values
from recovery import codec
from recovery.codec.plain import strict
from recovery.codec.reading import structured
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


# ---------------------------------------------------------------- reading


def read(way: Callable[[object, type], object], data: object, kind: type) -> object:
    """Return what is read, or how it is refused."""
    try:
        return way(data, kind)
    except Exception as error:  # noqa: BLE001  (whatever is raised is compared)
        return type(error), str(error)


def places(data: object) -> Iterator[tuple[dict[str, object] | list[object], str | int]]:
    """Yield every place in plain data: what holds it, and under which name or number."""
    held = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, member in held:
        yield cast("dict[str, object] | list[object]", data), step
        yield from places(member)


@pytest.mark.parametrize("kind", codec.EVENTS)
@few
@given(data=st.data())
def test_an_event_is_read_as_cattrs_reads_it(kind: str, data: st.DataObject) -> None:
    """Every kind of event, whatever stands in it."""
    known = codec.EVENTS[kind]
    held = strict.unstructure(data.draw(histories(known)).event)
    assert structured(held, known) == strict.structure(held, known)


@few
@given(values(Case), st.data())
def test_what_is_broken_is_read_or_refused_as_cattrs_does(case: Case, data: st.DataObject) -> None:
    """A field that is missing, of another kind or too many: an older version may have written it, or nobody."""
    held = json.loads(json.dumps(strict.unstructure(case)))
    assert structured(held, Case) == strict.structure(held, Case)
    where, step = data.draw(st.sampled_from(list(places(held))))
    odd = data.draw(st.sampled_from([None, 7, True, 1.5, "", "x", "2026-03-02T09:00:00Z", [], ["x"], [7], {}, {"x": 1}]))
    match data.draw(st.sampled_from(["another", "missing", "more"])):
        case "another":
            where[step] = odd  # type: ignore[index]
        case "missing":
            del where[step]  # type: ignore[arg-type]
        case _ if isinstance(where, dict):
            where["x"] = odd
    assert read(structured, held, Case) == read(strict.structure, held, Case)
