"""Plain data as public API: what a screen, a log or another language is given, held in files; and what forms and calls bring."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pendulum
import pytest

import recovery
from golden.samples import NOON, sample
from recovery import codec
from recovery.core.agenda import Reading, Step
from recovery.core.case import Case
from recovery.core.errors import InvalidValue, Reason, Refused
from recovery.core.place import Placement
from recovery.core.stages import Stage
from recovery.core.values import redact
from recovery.core.vocabulary.common import Address, Channel, Customer, Recorded, Word
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.receiving import Attachment, Contact, TaskDone
from recovery.desk import Adoption, Desk, Entry, LeftOut, Outcome, Work
from recovery.policies import default, office_hours
from recovery.stores.memory import MemoryStore

HERE = Path(__file__).parent / "golden" / "plain"
NOW = pendulum.datetime(2026, 3, 2, 9)
SECRET = "Zwiebelkuchen"

_DONE = TaskDone(at=NOON, by="ana", task_id="7")
VALUES: Mapping[str, object] = {
    "adoption": Adoption(
        stages={Stage.INVESTIGATING: 2}, ended=1, known=3, rerouted=1, left_out=(LeftOut(number="INC7", reasons=(sample(Reason),)),)
    ),
    "case": sample(Case),
    "entry": Entry(
        case_id="c1", seq=7, at=NOON, recorded_at=NOON, by="ana", kind="task_done", told="A step was taken.", event=_DONE
    ),
    "outcome": Outcome(
        case=sample(Case),
        events=(Recorded(seq=7, recorded_at=NOON, event=_DONE),),
        warnings=(sample(Reason),),
        opened=(sample(Case),),
        repeated=True,
    ),
    "placement": sample(Placement),
    "reading": sample(Reading),
    "reason": sample(Reason),
    "step": sample(Step),
    "work": sample(Work),
}

INSTRUCTIONS = """
recovery.to_dict gives {name} another shape than the file tests/golden/plain/{name}.json holds. It is public API:
a key may be added, with a line in the changelog; none may go, or mean something else, before the next major version.
If that is kept, write the file anew: RECOVERY_GOLDEN=write python -m pytest tests/test_plain_data.py
"""


@pytest.mark.parametrize("name", VALUES)
def test_plain_data_does_not_change_in_silence(name: str) -> None:
    """What others read tomorrow is what they read today."""
    file, text = HERE / f"{name}.json", json.dumps(recovery.to_dict(VALUES[name]), indent=1, sort_keys=True) + "\n"
    if os.environ.get("RECOVERY_GOLDEN") == "write":
        file.write_text(text, encoding="ascii")
    assert file.read_text(encoding="ascii") == text, INSTRUCTIONS.format(name=name)


def a_desk() -> Desk:
    """Return a desk."""
    policy = default(fallback_owner="ana", calendar=office_hours("Europe/Berlin"))
    return Desk(store=MemoryStore(), policy=policy, now=lambda: NOW)


def a_form(**changes: object) -> dict[str, Any]:
    """Return what a form handler has at hand."""
    sender = {"name": SECRET, "email": f"{SECRET}@boat.example"}
    return {"channel": "web_form", "received_at": NOW, "sender": sender, "text": SECRET, **changes}


def test_everything_a_desk_answers_is_ready_for_json() -> None:
    """An outcome, the agenda, the timeline, a refusal's reasons, the work: each is plain data, and JSON takes it as it is."""
    desk = a_desk()
    outcome = desk.receive(Contact.from_dict(a_form()))
    with pytest.raises(Refused) as refusal:
        desk.handle(outcome.case.id, Inform(by="ana", word=Word(via={Channel.SMS}, text="x"), repeats=99))
    case = desk.load(outcome.case.id)
    clocks = recovery.clocks(case, desk.policy, NOW)
    told = [outcome, case, *desk.agenda(), *desk.timeline(case.id), *refusal.value.reasons, *clocks, desk.work()]
    for value in told:
        data = recovery.to_dict(value)
        assert json.loads(json.dumps(data)) == data == codec.loads(codec.dumps(data))
    assert recovery.to_dict(outcome)["events"][0]["event"]["event"] == "case_opened"  # type: ignore[index]


def test_what_is_redacted_first_holds_nothing_personal() -> None:
    """Whoever hands data on redacts it: the shape stays, and the words are gone."""
    desk = a_desk()
    outcome = desk.receive(Contact.from_dict(a_form()))
    case = outcome.case
    assert SECRET in json.dumps(recovery.to_dict(outcome))
    steps = recovery.agenda(recovery.redact(case), desk.policy)
    for value in (*map(redact, (outcome, case, *desk.timeline(case.id))), *steps):
        assert SECRET not in json.dumps(recovery.to_dict(value))


class TestForms:
    """What forms, calls, letters and chats bring becomes a contact."""

    def test_a_form_becomes_a_contact(self) -> None:
        """Addresses by their channels, an aware datetime, and fields that nobody filled in."""
        form = a_form(
            sender={"name": "Bo", "email": "bo@boat.example", "phone": " ", "sms": None, "id": "", "language": None},
            subject=None,
            reference="",
            category="",
            ticket=None,
            attachments=[{"name": "photo.jpg", "media_type": "", "size": None}],
            received_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        )
        assert Contact.from_dict(form) == Contact(
            channel=Channel.WEB_FORM,
            received_at=NOW,
            sender=Customer(name="Bo", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),)),
            text=SECRET,
            reference="",
            attachments=(Attachment(name="photo.jpg"),),
        )

    @pytest.mark.parametrize(
        "data",
        [
            {
                "channel": "phone",
                "received_at": "2026-03-02T10:00:00+01:00",
                "sender": {"phone": "+49 30 1234"},
                "text": "He called.",
            },
            {
                "channel": "letter",
                "received_at": "2026-03-02 09:00:00Z",
                "sender": {"name": "Bo", "letter": "Quay 1\n10115 Berlin"},
            },
            {"channel": Channel.CHAT, "received_at": NOW, "sender": {"chat": "@bo"}, "message_id": "771", "text": "hi"},
            {
                "channel": "in_person",
                "received_at": NOW,
                "sender": {"addresses": [{"channel": "sms", "value": "1"}], "email": "a@b"},
            },
        ],
    )
    def test_calls_letters_and_chats_do_too(self, data: dict[str, Any]) -> None:
        """Whatever somebody typed in at the counter."""
        contact = Contact.from_dict(data)
        assert contact.received_at == NOW
        assert [address.channel.value for address in contact.sender.addresses] == [
            *(one["channel"] for one in data["sender"].get("addresses", ())),
            *(name for name in data["sender"] if name not in ("name", "addresses")),
        ]

    def test_every_fault_is_named_with_its_path_at_once(self) -> None:
        """So that a form can show each beside its field."""
        form = {
            "channel": "webform",
            "received_at": datetime(2026, 3, 2, 9),
            "email": "bo@boat.example",
            "message": "The display went dark.",
            "sender": {"nmae": "Bo", "email": 7, "sms": ["1", "2"], "addresses": [{"channel": "telex", "value": ""}]},
            "replies_to": "a@b",
            "automatic": "no",
            "attachments": [{"size": "big"}],
        }
        with pytest.raises(InvalidValue) as found:
            Contact.from_dict(form)
        hints = {str(reason.field): reason.hint for reason in found.value.reasons}
        assert set(hints) == {
            "channel",
            "received_at",
            "email",
            "message",
            "sender.nmae",
            "sender.email",
            "sender.sms",
            "sender.addresses.0.channel",
            "replies_to",
            "automatic",
            "attachments.0.name",
            "attachments.0.size",
        }
        assert hints["email"] == 'It belongs to the sender: {"sender": {"email": ...}}.'
        assert hints["message"] == "Did you mean text?"
        assert hints["sender.nmae"] == "Did you mean name?"
        assert hints["sender.email"] == "Give text."
        assert "offset" in hints["received_at"]
        assert all(reason.message.startswith(f"{reason.field} ") for reason in found.value.reasons)

    @pytest.mark.parametrize("sender", ["Bo <bo@boat.example>", ["Bo"], 7, True])
    def test_a_sender_is_not_guessed(self, sender: object) -> None:
        """Which part of a text is the name and which the address, nobody knows for certain."""
        with pytest.raises(InvalidValue, match="sender has another form"):
            Contact.from_dict(a_form(sender=sender))

    def test_a_customer_is_taken_alike_in_commands(self) -> None:
        """Wherever somebody is named, the short form will do."""
        command = recovery.command_from_dict(
            {"command": "identify", "by": "ana", "customer": {"name": "Bo", "email": "bo@boat.example", "phone": ""}}
        )
        assert command == recovery.Identify(
            by="ana", customer=Customer(name="Bo", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))
        )

    @pytest.mark.parametrize("nothing", [None, "", {}, {"name": None}, {"email": ""}])
    def test_a_sender_that_nobody_filled_in_is_nobody(self, nothing: object) -> None:
        """Then it waits in the tray, as a contact that names nobody does."""
        assert Contact.from_dict(a_form(sender=nothing)).sender == Customer()

    def test_words_of_white_space_are_kept(self) -> None:
        """What can be meant is not left out: a text is what was written."""
        assert Contact.from_dict(a_form(text=" \n")).text == " \n"
