"""The values that pass between desk and stores refuse what no store could keep."""

from __future__ import annotations

import attrs
import pytest

from recovery.core.errors import InvalidValue
from recovery.ports.values import Change, KeyRecord, OutboxMessage
from recovery.testing.contracts.samples import NOW, following, opening, saying, task


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"base_version": 1}, "do not lead from version 1 to 1"),
        ({"events": ()}, "do not lead from version 0 to 1"),
        ({"events": opening().events * 2}, r"events \[1, 1\] do not lead"),
        ({"case": attrs.evolve(opening().case, version=0), "events": ()}, "begins with an event"),
        ({"case": following(opening().case, task()).case}, "do not lead from version 0 to 2"),
    ],
)
def test_a_change_leads_from_one_version_to_the_next(change: dict[str, object], wrong: str) -> None:
    """Events without a gap lead from the version a change is based on to that of its case."""
    with pytest.raises(ValueError, match=wrong):
        attrs.evolve(opening(), **change)  # type: ignore[arg-type]


def test_a_wake_instant_may_come_from_any_zone() -> None:
    """An aware instant is kept in UTC."""
    change = Change(case=opening().case, base_version=0, events=opening().events, wake_at=NOW.in_timezone("Asia/Tokyo"))
    assert (change.wake_at, change.wake_at and change.wake_at.timezone_name) == (NOW, "UTC")


@pytest.mark.parametrize("key", ["", " ", "a\nb", "\ud800", "x" * 201, 7])
def test_a_key_is_an_id(key: str) -> None:
    """A key that a database or a log could not keep is refused where it comes in."""
    with pytest.raises(InvalidValue, match="key"):
        KeyRecord(key=key, fingerprint="f", case_id="c", version=1)


def test_a_message_does_not_tell_its_words() -> None:
    """Neither words nor address of a message stand in its repr."""
    [message] = saying(opening().case, body="Dear Ann").messages
    assert isinstance(message, OutboxMessage)
    assert not any(word in repr(message) for word in ("Dear", "kettle", "Example.org"))
