"""The published JSON Schemas say what the reader takes: made from the classes, held equal to the files, and just as strict."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

import strategies
from golden.drawn import values
from recovery import codec
from recovery.codec.schema import command_schema, contact_schema
from recovery.core.errors import InvalidValue
from recovery.core.stages import Stage
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.receiving import Contact
from support import at_stage

Told = dict[str, Any]

SCHEMAS = Path(__file__).parent.parent / "docs" / "reference"
MADE: Mapping[str, Callable[[], Told]] = {"commands": command_schema, "contact": contact_schema}
# The package jsonschema comes without types.
COMMAND: Any = Draft202012Validator(cast(Any, command_schema()))
CONTACT: Any = Draft202012Validator(cast(Any, contact_schema()))
INSTANT = "2026-11-22T09:00:00Z"

few = settings(max_examples=max(settings().max_examples // 5, 10))


def reads(read: Callable[[Told], object], data: Told) -> bool:
    """Whether the reader takes the data."""
    try:
        read(data)
    except InvalidValue:
        return False
    return True


@pytest.mark.parametrize("name", MADE)
def test_the_published_schema_is_the_one_the_classes_make(name: str) -> None:
    """The file others use never lags behind; write it anew with RECOVERY_GOLDEN=write."""
    file, text = SCHEMAS / f"{name}.schema.json", json.dumps(MADE[name](), indent=1) + "\n"
    if os.environ.get("RECOVERY_GOLDEN") == "write":
        file.write_text(text, encoding="ascii")
    assert file.read_text(encoding="ascii") == text


@pytest.mark.parametrize("name", MADE)
def test_a_schema_is_a_schema(name: str) -> None:
    """It fits draft 2020-12, and says what every part is."""
    schema = MADE[name]()
    Draft202012Validator.check_schema(cast(Any, schema))
    parts = cast("dict[str, dict[str, Any]]", schema["$defs"])
    assert [name for name, part in parts.items() if part.get("type") == "object" and not part["description"]] == []
    assert not any(mark in json.dumps(schema) for mark in ("``", ":class:", ":func:"))


def test_every_command_has_its_schema() -> None:
    """None is left out, and each is told by its name."""
    parts = cast("dict[str, dict[str, Any]]", command_schema()["$defs"])
    assert {name: parts[name]["properties"]["command"] for name in codec.COMMANDS} == {
        name: {"const": name} for name in codec.COMMANDS
    }
    assert parts["Channel"]["enum"] == [channel.value for channel in Channel]
    assert parts["acknowledge"]["required"] == ["command", "by", "word"]


@pytest.mark.parametrize("kind", codec.COMMANDS)
@few
@given(data=st.data())
def test_every_command_fits_the_schema(kind: str, data: st.DataObject) -> None:
    """Whatever can be built can be written down, and what is written down fits."""
    told = codec.to_dict(data.draw(values(codec.COMMANDS[kind])))
    assert list(COMMAND.iter_errors(told)) == []


@given(data=st.data())
def test_commands_of_a_desk_fit_the_schema(data: st.DataObject) -> None:
    """So do the commands that the walks of the other tests are made of."""
    story = at_stage(data.draw(st.sampled_from(Stage)))
    for command in data.draw(strategies.batches(story.told, story.now)):
        assert list(COMMAND.iter_errors(codec.to_dict(command))) == []


@few
@given(contact=values(Contact))
def test_every_contact_fits_the_schema(contact: Contact) -> None:
    """A contact as the library writes it."""
    assert list(CONTACT.iter_errors(codec.to_dict(contact))) == []


WORD: Told = {"via": ["email"], "text": "Hello."}
SAID: Told = {"channel": "email", "words": "Yes."}
COMMANDS: list[Told] = [
    {"command": "acknowledge", "by": "ana", "word": WORD, "next_word_at": INSTANT, "name": "Ana", "override": {"a.b": "why"}},
    {"command": "acknowledge", "by": "ana", "word": {**WORD, "said_at": INSTANT, "reached": False}},
    {"command": "propose", "by": "ana", "word": WORD, "options": [{"id": "a", "text": "A refund", "delivers": "it"}]},
    {"command": "record_acceptance", "by": "ana", "option": "a", "said": {"channel": "phone", "contact": 3, "at": INSTANT}},
    {"command": "record_wish", "by": "ana", "said": SAID, "wish": {"kind": "not_on_channel", "channel": "sms"}},
    {"command": "record_wish", "by": "ana", "said": SAID, "wish": {"kind": "not_before", "until": INSTANT}},
    {"command": "identify", "by": "ana", "customer": {"name": "Bo", "language": "de"}},
    {"command": "identify", "by": "ana", "customer": {"email": "bo@boat.example"}},
    {"command": "report_delivery", "message_id": "c1:5:email", "delivery": "bounced", "note": "x"},
    {"command": "correct", "by": "ana", "reason": "a slip", "outcome": "done"},
    {"command": "confirm_arrival", "by": "ana", "delivery_id": "7", "source": "customer", "said": SAID},
    {"command": "record_follow_up_answer", "by": "ana", "said": SAID, "solved": True, "then": "step", "something_else": "a cable"},
    {"command": "close", "by": "ana", "reason": "withdrawn", "said": SAID},
    {"command": "receive", "contact": {"channel": "chat", "received_at": INSTANT, "sender": {"name": "Bo", "phone": "+49 30 1"}}},
    {"command": "set_task", "by": "ana", "what": "call", "due_at": None},
]
CONTACTS: list[Told] = [
    {
        "channel": "web_form",
        "received_at": INSTANT,
        "sender": {"name": "Bo", "email": "bo@boat.example", "phone": "", "addresses": [{"channel": "sms", "value": "1"}]},
        "text": "The display went dark.",
        "subject": None,
        "category": "",
        "attachments": [{"name": "photo.jpg", "media_type": "", "size": 5}],
        "replies_to": ["a@b"],
    },
    {"channel": "email", "received_at": INSTANT, "automatic": True, "bounce": {"messages": ["c1:5:email"], "status": "5.1.1"}},
]
ODD: tuple[object, ...] = (
    None,
    "",
    " ",
    "x",
    "x\n",
    "x" * 201,
    3,
    2.5,
    True,
    [],
    ["x"],
    [3],
    {},
    {"x": "y"},
    {"x": 3},
    INSTANT,
    "email",
)


def places(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of everything in the data."""
    if path:
        yield path
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, member in members:
        yield from places(member, (*path, cast("str | int", key)))


def changed(data: Told, path: tuple[str | int, ...], value: object) -> Told:
    """Return the data with something else at one place; left out where the value is the class ``type``."""
    copy: Any = deepcopy(data)
    place = copy
    for step in path[:-1]:
        place = place[step]
    if value is type:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return cast("Told", copy)


def slips(data: Told) -> Iterator[Told]:
    """Yield the data with one thing in it changed, left out or added, in every place and many ways."""
    for path in places(data):
        for value in (*ODD, type):
            yield changed(data, path, value)
        if isinstance(path[-1], str):
            yield changed(data, (*path[:-1], "nmae"), "x")


@pytest.mark.parametrize("data", COMMANDS, ids=lambda data: str(data["command"]))
def test_the_schema_of_commands_is_as_strict_as_the_reader(data: Told) -> None:
    """Each of some hundred slips is refused by both, or taken by both."""
    assert reads(codec.command_from_dict, data)
    apart = [slip for slip in slips(data) if COMMAND.is_valid(slip) is not reads(codec.command_from_dict, slip)]
    assert apart == []


@pytest.mark.parametrize("data", CONTACTS, ids=lambda data: str(data["channel"]))
def test_the_schema_of_contacts_is_as_strict_as_the_reader(data: Told) -> None:
    """Forms included, with what they send for a field that nobody filled in."""
    assert reads(codec.contact_from_dict, data)
    apart = [slip for slip in slips(data) if CONTACT.is_valid(slip) is not reads(codec.contact_from_dict, slip)]
    assert apart == []


@pytest.mark.parametrize(
    "data",
    [
        {"command": "record_deferral", "by": "ana", "said": SAID, "at": "2026-11-23T09:00:00Z", "until": INSTANT},
        {"command": "propose", "by": "ana", "word": WORD, "options": [{"id": "a", "text": "b"}, {"id": "a", "text": "c"}]},
        {"command": "set_task", "by": "ana", "what": "call", "due_at": "2026-99-99T09:00:00Z"},
    ],
)
def test_what_no_schema_can_say_the_reader_says(data: Told) -> None:
    """Two instants in the wrong order, an id that is there twice, a day that no month has."""
    assert COMMAND.is_valid(data)
    assert not reads(codec.command_from_dict, data)
