"""The codec: values to plain data and back, personal texts apart, and faults with their paths."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import cast

import attrs
import pendulum
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden.drawn import NASTY, histories, instants, values
from golden.samples import recorded, sample
from recovery import codec
from recovery.codec import versions
from recovery.core.agenda import Reading, Step
from recovery.core.case import Case
from recovery.core.clock import Length, Timing, Unit
from recovery.core.errors import InvalidValue, Param, Reason
from recovery.core.values import ERASED, redact
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Address, Channel, Customer, Event, Recorded, Word
from recovery.core.vocabulary.proposing import Option, Propose
from recovery.core.vocabulary.receiving import Contact, Part, TaskDone, TaskSet, Warned
from recovery.ports.values import OutboxMessage

SECRET = "Zwiebelkuchen"
NOW = pendulum.datetime(2026, 11, 22, 9)

events = st.one_of(*(histories(kind) for kind in codec.EVENTS.values()))
secret_events = st.one_of(*(histories(kind, st.just(SECRET)) for kind in codec.EVENTS.values()))


few = settings(max_examples=max(settings().max_examples // 5, 10))
"""There are many shapes, so that each is drawn a few times at every run."""


def through_json(data: object) -> dict[str, object]:
    """Return the data as a store would read it back."""
    return cast("dict[str, object]", codec.loads(codec.dumps(data)))


def read(public: object, personal: object) -> Recorded:
    """Return the event of two pieces that have been text."""
    return codec.event_from_data(through_json(public), None if personal is None else through_json(personal))


def faults(data: dict[str, object]) -> dict[str | None, Reason]:
    """Return what is wrong with a command, by field."""
    with pytest.raises(InvalidValue) as caught:
        codec.command_from_dict(data)
    return {reason.field: reason for reason in caught.value.reasons}


class TestEvents:
    @pytest.mark.parametrize("kind", codec.EVENTS)
    @few
    @given(data=st.data())
    def test_every_event_comes_back_as_it_was(self, kind: str, data: st.DataObject) -> None:
        """Whatever an event holds, NUL and lone surrogates among it, it survives being written and read."""
        entry = data.draw(histories(codec.EVENTS[kind]))
        assert read(*codec.event_to_data(entry)) == entry

    @few
    @given(entry=events)
    def test_public_alone_is_the_redacted_event(self, entry: Recorded) -> None:
        """Without its personal piece an event reads as redacted: what was there is marked, what was absent stays absent."""
        public, _ = codec.event_to_data(entry)
        assert read(public, None) == redact(entry)

    @few
    @given(entry=secret_events)
    def test_public_data_holds_no_personal_text(self, entry: Recorded) -> None:
        """A personal text never occurs in the public piece."""
        public, personal = codec.event_to_data(entry)
        assert SECRET not in codec.dumps(public)
        assert (personal is not None) == any(codec.personal_texts(entry))

    @few
    @given(entry=events)
    def test_redacting_and_writing_may_change_places(self, entry: Recorded) -> None:
        """Writing the redacted event gives the same public piece as writing the event."""
        assert codec.event_to_data(redact(entry))[0] == codec.event_to_data(entry)[0]

    @few
    @given(entry=events)
    def test_personal_texts_are_those_of_the_personal_piece(self, entry: Recorded) -> None:
        """What can be searched for is what can be erased."""
        _, personal = codec.event_to_data(entry)
        texts = () if personal is None else cast("dict[str, str]", personal["texts"]).values()
        assert sorted(filter(None, texts)) == sorted(codec.personal_texts(entry.event))

    def test_the_salt_is_drawn_afresh(self) -> None:
        """Two events with the same words have different personal pieces, so that no digest gives the words away."""
        entry = recorded(TaskSet)
        assert codec.event_to_data(entry)[1] != codec.event_to_data(entry)[1]
        assert codec.event_to_data(entry, salt="s") == codec.event_to_data(entry, salt="s")

    def test_an_event_without_words_has_no_personal_piece(self) -> None:
        """Nothing to erase is ``None``, not an empty object."""
        entry = Recorded(seq=1, recorded_at=NOW, event=TaskDone(at=NOW, by="ana", task_id="3"))
        assert codec.event_to_data(entry)[1] is None

    def test_parameters_of_a_reason_keep_their_kind(self) -> None:
        """An instant, a text that looks like one, a number and a truth value are told apart."""
        params: dict[str, Param] = {"at": NOW, "text": "2026-11-22T09:00:00.000000Z", "n": 1, "x": 1.0, "yes": True, "none": None}
        event = Warned(at=NOW, by="ana", reasons=(Reason(rule="a.b", message="m", params=params),))
        back = read(*codec.event_to_data(Recorded(seq=1, recorded_at=NOW, event=event))).event
        assert isinstance(back, Warned)
        assert {name: (type(value), value) for name, value in back.reasons[0].params.items()} == {
            name: (type(value), value) for name, value in params.items()
        }


class TestVersions:
    def written(self, event: type[Event] = TaskSet) -> dict[str, object]:
        """Return the public piece of a sample."""
        return codec.event_to_data(recorded(event))[0]

    def test_every_version_but_the_newest_has_an_upcaster(self) -> None:
        """A kind whose shape has changed can be read in every version it ever had."""
        wanted = {(kind, old) for kind, newest in versions.VERSIONS.items() for old in range(versions.FIRST, newest)}
        assert wanted == set(versions.UPCASTERS)

    def test_an_older_shape_is_brought_up_to_date(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Upcasters run one after the other, with the personal texts in place."""
        public, personal = codec.event_to_data(recorded(TaskSet), salt="s")
        data = cast("dict[str, object]", public["data"])
        data["text"] = data.pop("what")
        texts = cast("dict[str, str]", cast("dict[str, object]", personal)["texts"])
        texts["text"] = texts.pop("what")
        monkeypatch.setitem(versions.VERSIONS, "task_set", 3)
        monkeypatch.setitem(versions.UPCASTERS, ("task_set", 1), lambda old: {**old, "title": old["text"]})
        monkeypatch.setitem(
            versions.UPCASTERS,
            ("task_set", 2),
            lambda old: {"what": old["title"]} | {key: old[key] for key in old if key not in ("text", "title")},
        )
        assert read(public, personal) == recorded(TaskSet)
        assert read(public, None) == redact(recorded(TaskSet))
        assert codec.event_to_data(recorded(TaskSet))[0]["v"] == 3

    def test_a_newer_version_is_named_with_the_way_out(self) -> None:
        """What a newer library has written is refused, and the error says to upgrade."""
        with pytest.raises(codec.Undecodable, match="task_set has version 2, and this library reads up to 1") as caught:
            codec.event_from_data({**self.written(), "v": 2}, None, case_id="c-1")
        assert (caught.value.case_id, caught.value.seq, caught.value.kind) == ("c-1", 7, "task_set")
        assert "Upgrade" in caught.value.hint

    def test_an_unknown_kind_is_named_with_the_way_out(self) -> None:
        """An event this library does not know is refused, never skipped."""
        with pytest.raises(codec.Undecodable, match=r"event 7, case_sung is not known here.* Upgrade"):
            codec.event_from_data({**self.written(), "kind": "case_sung"}, None)

    @pytest.mark.parametrize(
        "broken",
        [
            {"v": None},
            {"v": "1"},
            {"data": None},
            {"data": []},
            {"data": {}},
            {"data": {"at": "yesterday"}},
            {"recorded_at": "2026-01-01T00:00:00"},
            {"recorded_at": 3},
        ],
    )
    def test_another_shape_is_an_error_of_its_own(self, broken: dict[str, object]) -> None:
        """Whatever stands in a row, reading it raises one typed error that names the row."""
        with pytest.raises(codec.Undecodable, match="of case 'c-1' cannot be read: event 7, task_set has another shape"):
            codec.event_from_data({**self.written(), **broken}, None, case_id="c-1")

    def test_an_unknown_field_is_not_dropped(self) -> None:
        """A field this library does not know might matter, so it is not read over."""
        public = self.written()
        data = {**cast("dict[str, object]", public["data"]), "mood": "good"}
        with pytest.raises(codec.Undecodable, match="mood"):
            codec.event_from_data({**public, "data": data}, None)

    @pytest.mark.parametrize("texts", [{"who": "x"}, {"what/0": "x"}, {"what/a/b": "x"}, None])
    def test_a_personal_text_without_a_place_is_an_error(self, texts: dict[str, str] | None) -> None:
        """A personal piece that does not fit its public piece is not guessed at."""
        with pytest.raises(codec.Undecodable, match="another shape"):
            codec.event_from_data(self.written(), {"salt": "s", "texts": texts})

    @few
    @given(case=values(Case))
    def test_a_snapshot_of_another_version_is_a_cache_to_rebuild(self, case: Case) -> None:
        """Nobody brings a snapshot up to date: the error says to rebuild it from the events."""
        public, personal = codec.case_to_data(case)
        for v in (versions.SNAPSHOT + 1, versions.SNAPSHOT - 1, None):
            with pytest.raises(codec.Undecodable, match="rebuild it from the events"):
                codec.case_from_data({**public, "v": v}, personal)
        with pytest.raises(codec.Undecodable, match="another shape"):
            codec.case_from_data({**public, "data": {"id": 3}}, personal)


class TestOtherShapes:
    @few
    @given(case=values(Case))
    def test_a_case_comes_back_as_it_was(self, case: Case) -> None:
        """A snapshot reads as the case it was made of, and without its personal piece as the redacted case."""
        public, personal = codec.case_to_data(case)
        text = codec.dumps(public)
        assert codec.case_from_data(through_json(public), personal) == case
        assert codec.case_from_data(cast("dict[str, object]", codec.loads(text)), None) == redact(case)

    @few
    @given(case=values(Case, st.just(SECRET)))
    def test_a_snapshot_keeps_personal_texts_apart(self, case: Case) -> None:
        """No personal text occurs in the public piece of a snapshot."""
        assert SECRET not in codec.dumps(codec.case_to_data(case)[0])

    @few
    @given(timing=values(Timing))
    def test_timing_comes_back_as_it_was(self, timing: Timing) -> None:
        """Clocks and calendar read as they were written, so that any desk counts alike."""
        assert codec.timing_from_data(through_json(codec.timing_to_data(timing))) == timing

    def test_timing_that_cannot_be_read_is_an_error_of_its_own(self) -> None:
        """A newer version and another shape are told apart."""
        data = codec.timing_to_data(sample(Timing))
        with pytest.raises(codec.Undecodable, match="reads up to 1"):
            codec.timing_from_data({**data, "v": 2})
        with pytest.raises(codec.Undecodable, match="another shape"):
            codec.timing_from_data({"v": 1, "data": {"id": "x"}})

    @few
    @given(message=values(OutboxMessage))
    def test_a_message_comes_back_as_it_was(self, message: OutboxMessage) -> None:
        """What is sent is what was written, and the words can be erased by themselves."""
        public, personal = codec.message_to_data(message)
        erased = codec.message_from_data(through_json(public), None)
        assert codec.message_from_data(through_json(public), personal) == message
        assert erased == redact(message)

    def test_personal_text_inside_a_mapping_is_refused_at_once(self) -> None:
        """A class whose personal texts no path can name is a mistake in the class, found before anything is stored."""

        @attrs.frozen(kw_only=True)
        class Notes(Event):
            texts: dict[str, str] = attrs.field(metadata={"personal": True})

        with pytest.raises(TypeError, match=r"Notes\.texts: inside a mapping"):
            codec.event_to_data(Recorded(seq=1, recorded_at=NOW, event=Notes(at=NOW, by="ana", texts={"a": "b"})))


class TestPlainData:
    @few
    @given(at=instants)
    def test_instants_are_text_of_one_width(self, at: pendulum.DateTime) -> None:
        """An instant is 27 characters of UTC and comes back to the microsecond."""
        text = codec.instant_to_text(at)
        assert (len(text), text[-1]) == (27, "Z")
        assert codec.instant_from_text(text) == at
        assert codec.instant_from_text(text).tzinfo is pendulum.UTC

    @few
    @given(a=instants, b=instants)
    def test_the_text_of_instants_compares_as_time_does(self, a: pendulum.DateTime, b: pendulum.DateTime) -> None:
        """A store may sort and compare the text."""
        assert (codec.instant_to_text(a) < codec.instant_to_text(b)) == (a < b)

    @pytest.mark.parametrize("text", ["2026-11-22T10:00:00+01:00", "2026-11-22 09:00:00Z", "2026-11-22T09:00Z"])
    def test_other_people_write_instants_otherwise(self, text: str) -> None:
        """Any ISO 8601 text with an offset is understood."""
        assert codec.instant_from_text(text) == NOW

    @pytest.mark.parametrize("text", ["2026-11-22T09:00:00", "2026-11-22", "soon", "", 3, None])
    def test_what_names_no_instant_is_refused(self, text: object) -> None:
        """Without an offset nobody knows which instant is meant."""
        with pytest.raises((ValueError, TypeError)):
            codec.instant_from_text(text)

    def test_an_instant_of_another_zone_is_written_in_utc(self) -> None:
        """The zone is a way of showing an instant, and is not stored."""
        berlin = datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=1)))
        assert codec.instant_to_text(berlin) == "2026-11-22T09:00:00.000000Z"
        with pytest.raises(ValueError, match="without a time zone"):
            codec.instant_to_text(datetime(2026, 11, 22, 10))

    def test_json_is_ascii_and_stable(self) -> None:
        """Equal data is equal text, and no character is lost in any file or database."""
        text = codec.dumps({"b": list(NASTY), "a": math.pi})
        assert text.isascii()
        assert text == codec.dumps(dict(reversed(codec.loads(text).items())))  # type: ignore[attr-defined]
        assert codec.loads(text) == {"a": math.pi, "b": list(NASTY)}

    @few
    @given(text=st.text(st.sampled_from("\ud800\udbff\udc00\udfff\uffffa😀\\ud"), max_size=9))
    def test_surrogates_side_by_side_stay_two(self, text: str) -> None:
        """JSON would make one character of them; a text comes back as it was, as a value and as a key."""
        assert codec.loads(codec.dumps({text: [text, {"a": text}]})) == {text: [text, {"a": text}]}

    def test_commands_and_events_say_their_names(self) -> None:
        """A value in JSON can be told from others of its family."""
        assert codec.to_dict(Acknowledge(by="ana", word=Word(via={Channel.SMS}, text="Hi")))["command"] == "acknowledge"
        assert codec.to_dict(TaskDone(at=NOW, by="ana", task_id="1"))["event"] == "task_done"
        entry = codec.to_dict(Recorded(seq=4, recorded_at=NOW, event=TaskDone(at=NOW, by="ana", task_id="1")))
        assert entry["event"] == {
            "event": "task_done",
            "at": "2026-11-22T09:00:00.000000Z",
            "by": "ana",
            "task_id": "1",
            "note": "",
        }

    def test_sets_are_sorted_and_lengths_are_seconds(self) -> None:
        """The same value is the same data, however it was built."""
        word = codec.to_dict(Word(via=[Channel.SMS, Channel.EMAIL], text="Hi"))
        assert word["via"] == ["email", "sms"]
        assert codec.to_dict(attrs.evolve(sample(Step), left=timedelta(minutes=1.5)))["left"] == 90.0

    @few
    @given(step=values(Step), reading=values(Reading))
    def test_steps_and_readings_come_back(self, step: Step, reading: Reading) -> None:
        """What a screen is given can be read back."""
        assert codec.from_dict(Step, through_json(codec.to_dict(step))) == step
        assert codec.from_dict(Reading, through_json(codec.to_dict(reading))) == reading

    def test_what_is_no_value_is_refused(self) -> None:
        """Plain objects have no stable form."""
        with pytest.raises(TypeError, match="int is not a value"):
            codec.to_dict(3)

    def test_lengths_of_a_policy_are_what_people_write(self) -> None:
        """A length of time reads as in a policy file."""
        assert codec.to_dict(sample(Timing))["clocks"][0]["length"] == "5 bd"  # type: ignore[index]
        assert codec.from_dict(Part, codec.to_dict(Part(template="x"))) == Part(template="x")
        assert Length.parse("5 bd") == Length(5, Unit.BUSINESS_DAYS)


class TestCommands:
    @pytest.mark.parametrize("kind", codec.COMMANDS)
    @few
    @given(data=st.data())
    def test_every_command_can_be_written_as_data(self, kind: str, data: st.DataObject) -> None:
        """A command read from its own data is the same command."""
        command = data.draw(values(codec.COMMANDS[kind]))
        assert codec.command_from_dict(through_json(codec.to_dict(command))) == command

    @few
    @given(contact=values(Contact))
    def test_a_contact_can_be_written_as_data(self, contact: Contact) -> None:
        """A contact read from its own data is the same contact."""
        assert codec.contact_from_dict(through_json(codec.to_dict(contact))) == contact

    def test_what_is_left_out_has_its_default(self) -> None:
        """Data says no more than a person would write."""
        word = {"via": ["email"], "text": "Hello"}
        data: dict[str, object] = {"command": "acknowledge", "by": "ana", "next_word_at": "2026-11-22T10:00:00+01:00", "word": word}
        said = Word(via={Channel.EMAIL}, text="Hello")
        assert codec.command_from_dict(data) == Acknowledge(by="ana", next_word_at=NOW, word=said)

    def test_faults_are_named_by_their_path_all_at_once(self) -> None:
        """One error lists every fault, each with its dotted path, the family of its rule and a way out."""
        word = {"via": ["emial"], "txt": "Hello", "answers": "yes"}
        found = faults({"command": "acknowledge", "word": word, "next_word_at": "soon", "override": {"a.b": 3}, "reach": None})
        assert {field: reason.rule for field, reason in found.items()} == {
            "by": "input.missing",
            "word.via.0": "input.value",
            "word.txt": "input.key",
            "word.answers": "input.value",
            "next_word_at": "input.value",
            "override.a.b": "input.value",
            "reach": "input.value",
        }
        assert found["word.txt"].hint == "Did you mean text?"
        assert "email" in found["word.via.0"].hint
        assert all(reason.hint and reason.message.startswith(f"{field} ") for field, reason in found.items())

    def test_what_a_value_refuses_is_named_by_its_path(self) -> None:
        """The checks of the values speak with the path of where they stand."""
        word = {"via": [], "text": "Hello"}
        options = [{"id": "a", "text": "A refund"}, {"id": "b\n", "text": ""}]
        found = faults({"command": "propose", "by": "ana", "word": word, "options": options})
        assert set(found) == {"word.via", "options.1.id", "options.1.text"}
        assert found["options.1.text"].message == "options.1.text is empty."

    def test_what_two_fields_say_together_is_named_too(self) -> None:
        """A fault between two fields is found once each of them is right."""
        options = [{"id": "a", "text": "A refund"}, {"id": "a", "text": "A part"}]
        word = {"via": ["email"], "text": "Hello"}
        assert set(faults({"command": "propose", "by": "ana", "word": word, "options": options})) == {"options"}
        with pytest.raises(InvalidValue):
            Propose(by="ana", word=Word(via={Channel.SMS}, text="x"), options=(Option(id="a", text="b"), Option(id="a", text="b")))

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"via": "email"}, "word.via"),
            ({"via": {"email": 1}}, "word.via"),
            ({"via": [["email"]]}, "word.via.0"),
            ({"text": 7}, "word.text"),
            ({"text": None}, "word.text"),
            ({"reached": 1}, "word.reached"),
            ({"said_at": 1732266000}, "word.said_at"),
            ({"said_at": "2026-11-22T09:00:00"}, "word.said_at"),
        ],
    )
    def test_nothing_is_guessed(self, wrong: dict[str, object], field: str) -> None:
        """A text is not taken apart into letters, a number is no truth value, and a naive time is no instant."""
        word = {"via": ["email"], "text": "Hello", **wrong}
        assert set(faults({"command": "acknowledge", "by": "ana", "word": word})) == {field}

    @pytest.mark.parametrize("word", ["Hello", 3, None, ["Hello"]])
    def test_an_object_is_an_object(self, word: object) -> None:
        """What should be an object and is none is one fault, not one for each field."""
        assert set(faults({"command": "acknowledge", "by": "ana", "word": word})) == {"word"}

    @pytest.mark.parametrize(
        ("data", "hint"),
        [
            ({}, "Use one of accept_handover,"),
            ({"command": "acknowlege"}, "Did you mean acknowledge?"),
            ({"command": 7}, "Use one of accept_handover,"),
            ({"command": ["acknowledge"]}, "Did you mean acknowledge?"),
            ({"command": "speaking"}, "Use one of accept_handover,"),
        ],
    )
    def test_an_unknown_command_is_named_with_its_neighbour(self, data: dict[str, object], hint: str) -> None:
        """A slip in the name of a command is answered with the names there are."""
        assert faults(data)["command"].hint.startswith(hint)

    def test_what_is_no_object_is_no_command(self) -> None:
        """Anything but an object is refused as a whole."""
        with pytest.raises(InvalidValue, match="is not an object"):
            codec.command_from_dict(cast("dict[str, object]", ["acknowledge"]))
        with pytest.raises(InvalidValue, match="Contact is not valid"):
            codec.contact_from_dict(cast("dict[str, object]", "hello"))

    def test_errors_do_not_quote_the_customer(self) -> None:
        """A fault in a contact is told without the words of the contact."""
        with pytest.raises(InvalidValue) as caught:
            codec.contact_from_dict({"channel": SECRET, "text": [SECRET], "sender": {"name": 3, "addresses": SECRET}})
        assert SECRET not in str(caught.value)
        assert {reason.field for reason in caught.value.reasons} == {
            "channel",
            "received_at",
            "sender.name",
            "sender.addresses",
            "text",
        }

    def test_erased_keeps_presence(self) -> None:
        """A redacted contact still has a sender and an address, under the marker."""
        sender = Customer(name="Ann", addresses=(Address(channel=Channel.EMAIL, value="a@example.org"),))
        contact = redact(Contact(channel=Channel.EMAIL, received_at=NOW, sender=sender))
        assert (contact.sender.name, contact.sender.addresses[0].value, contact.text) == (ERASED, ERASED, "")
