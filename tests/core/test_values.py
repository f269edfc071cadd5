"""Values: instants in UTC, fields that check themselves all at once, personal data redacted and presence kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import pendulum
import pytest
from attrs import evolve, field, frozen

from recovery.core.errors import InvalidValue
from recovery.core.fold import fold
from recovery.core.stages import Stage
from recovery.core.values import (
    ERASED,
    Value,
    apart,
    checked,
    either,
    every,
    instant,
    is_id,
    is_instant,
    is_some_text,
    is_text,
    later,
    maker,
    maybe,
    maybe_instant,
    personal_fields,
    redact,
    unique,
)
from recovery.core.vocabulary.common import Address, Channel, Customer, Mark, Said, Word
from recovery.core.vocabulary.receiving import Attachment, Contact
from support import BO, EMAIL, MONDAY, Story, a_contact, at_stage


@frozen(kw_only=True)
class Sample(Value):
    """A value with a few fields of its own."""

    name: str = field(metadata=checked(is_id))
    words: str = field(default="x", metadata=checked(is_some_text, personal=True))
    notes: object = field(default=None, metadata={"personal": True})
    plain: int = 0


# ---------------------------------------------------------------- making


def test_what_a_maker_makes_is_what_the_class_makes() -> None:
    """The quick way to make a value makes the same value, its defaults included, and wants the same fields."""
    make = maker(Mark)
    assert make(name="spoke", at=MONDAY, seq=3) == Mark(name="spoke", at=MONDAY, seq=3)
    assert make(name="asked", at=MONDAY, seq=3, key="4", until=MONDAY, word=2) == Mark(
        name="asked", at=MONDAY, seq=3, key="4", until=MONDAY, word=2
    )
    with pytest.raises(TypeError, match="seq"):
        make(name="spoke", at=MONDAY)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        make(name="spoke", at=MONDAY, seq=3).seq = 4  # type: ignore[misc]


# ---------------------------------------------------------------- instants


@pytest.mark.parametrize(
    "given",
    [
        datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1))),
        pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin"),
        MONDAY,
    ],
)
def test_any_aware_datetime_is_taken(given: datetime) -> None:
    """Any aware datetime is the same instant in UTC, and stays a pendulum DateTime in arithmetic."""
    taken = instant(given)
    assert (taken, taken.tzinfo) == (MONDAY, pendulum.UTC)
    assert later(taken, timedelta(hours=1)) == MONDAY.add(hours=1)
    assert apart(taken, MONDAY.add(days=1)) == timedelta(days=1)
    assert is_instant(taken) is None


def test_an_instant_in_utc_is_left_as_it_is() -> None:
    """What is an instant already is not copied."""
    assert instant(MONDAY) is MONDAY
    assert maybe_instant(None) is None
    assert maybe_instant(MONDAY) is MONDAY


@pytest.mark.parametrize("given", [datetime(2026, 3, 2, 9, 0), "2026-03-02", None, 3])
def test_what_is_no_instant_is_named_with_the_way_out(given: object) -> None:
    """A naive datetime, a text or a number is left for the field's check, which says what to give."""
    kept = instant(cast(Any, given))
    assert kept is given
    fault = is_instant(kept)
    assert fault is not None
    assert "aware datetime" in fault[1]


# ---------------------------------------------------------------- checks


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (is_text, ["", "x"], [None, 3, b"x"]),
        (is_some_text, ["x", " x "], ["", " \n", None]),
        (is_id, ["case-1", "a" * 200], ["", " ", "a" * 201, "a\nb", "a\x00", "\ud800", None, 7]),
        (either(int, str), [1, "x"], [None, 1.5]),
        (maybe(is_text), [None, "x"], [3]),
        (every(is_text), [(), ("x",), frozenset({"x"})], [["x"], "x", ("x", 3)]),
    ],
)
def test_a_check_holds_or_names_the_fault(check: Any, good: list[object], bad: list[object]) -> None:
    """A check is silent about what is right, and says what is wrong and what to give instead."""
    assert all(check(value) is None for value in good)
    assert all(check(value)[0] and check(value)[1] for value in bad)


def test_collections_of_any_kind_become_sets() -> None:
    """Sets, lists and tuples of channels are taken; what is no collection is left for the check."""
    assert unique([1, 1]) == unique((1,)) == unique({1}) == frozenset({1})
    assert unique("ab") == "ab"
    with pytest.raises(InvalidValue):
        Word(via=cast(Any, "email"), text="Hello.")


def test_one_error_lists_every_fault() -> None:
    """A value with two wrong fields is refused once, naming both with the way out."""
    with pytest.raises(InvalidValue) as caught:
        Sample(name="", words=" ")
    assert caught.value.what == "Sample"
    assert [(reason.rule, reason.field) for reason in caught.value.reasons] == [("input.value", "name"), ("input.value", "words")]
    assert all(reason.hint for reason in caught.value.reasons)
    assert isinstance(caught.value, ValueError)


def test_fields_that_do_not_fit_together_are_told_when_each_is_right() -> None:
    """Only when every field is right by itself is it judged whether they fit together."""
    with pytest.raises(InvalidValue) as caught:
        Word(via=frozenset(), text="")
    assert [reason.field for reason in caught.value.reasons] == ["via", "text"]
    with pytest.raises(InvalidValue) as caught:
        Word(via=frozenset(), text=cast(Any, 3))
    assert [reason.field for reason in caught.value.reasons] == ["text"]


@pytest.mark.parametrize(
    ("build", "field_name"),
    [
        (lambda: Word(via=frozenset({Channel.PHONE}), text="x", reached=False), "reached"),
        (lambda: Said(channel=Channel.EMAIL), "words"),
        (lambda: Said(channel=Channel.EMAIL, words=" "), "words"),
        (lambda: Address(channel=Channel.EMAIL, value=" "), "value"),
        (lambda: Customer(name=cast(Any, 3)), "name"),
    ],
)
def test_words_and_addresses_make_sense(build: Any, field_name: str) -> None:
    """A failed try is known only afterwards, the customer's words are words, an address is not blank."""
    with pytest.raises(InvalidValue) as caught:
        build()
    assert [reason.field for reason in caught.value.reasons] == [field_name]


# ---------------------------------------------------------------- personal data


def test_personal_fields_are_marked_on_the_value() -> None:
    """A value knows which of its fields hold personal data."""
    assert personal_fields(Sample) == {"words", "notes"}
    assert "text" in personal_fields(Contact)
    assert "received_at" not in personal_fields(Contact)


def test_redacting_keeps_presence_and_absence() -> None:
    """What was said becomes a marker, what was not said stays absent, and the rest stays as it is."""
    assert redact(Sample(name="a", words="secret")) == Sample(name="a", words=ERASED)
    assert redact(Sample(name="a", notes=("one", {"k": "two"}, ""))).notes == (ERASED, {"k": ERASED}, "")
    assert redact(Customer(id="c-1")) == Customer(id="c-1")
    told = redact(a_contact(attachments=(Attachment(name="bo.jpg", digest="abc"),)))
    assert (told.text, told.sender.name, told.sender.addresses[0].value) == (ERASED, ERASED, ERASED)
    assert (told.attachments[0].name, told.attachments[0].digest) == (ERASED, "abc")
    assert redact(told) == told


def test_what_holds_nothing_personal_is_left_as_it_is() -> None:
    """A value without personal data is not copied."""
    plain = Attachment(name=ERASED)
    assert redact(plain) is plain
    assert redact(3) == 3


@pytest.mark.parametrize("stage", list(Stage))
def test_redacting_before_or_after_folding_is_the_same(stage: Stage) -> None:
    """A case folded from erased events is the erased case, so no rule changes its answer."""
    story = at_stage(stage)
    erased = fold([redact(recorded) for recorded in story.events])
    assert erased == redact(story.told)
    assert erased.receiving.customer.name == ERASED
    assert erased.stage is stage


def test_nothing_personal_is_in_a_repr() -> None:
    """Neither name, address nor words show in the repr of what a case keeps."""
    story = Story.begins(a_contact("my secret sorrow", sender=evolve(BO, name="Bo Secret")))
    shown = repr(story.told) + repr(story.events[0]) + repr(story.decisions[0].messages)
    assert all(word not in shown for word in ("secret", "Secret", EMAIL.value))
