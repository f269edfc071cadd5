"""Every command as options of a command line: generated from its class, taught by its help, read back as the same command."""

from __future__ import annotations

import re
import shlex
from datetime import date, time
from typing import cast, get_args

import pytest
from attrs import fields

from cli.running import run
from recovery import Case, Channel, InvalidValue, RecordAnswer, Stage
from recovery.cli.filling import Ground, When, filled
from recovery.cli.flat import Form, about, commands, flag_of, flags_of
from recovery.cli.flat_app import read
from recovery.cli.flat_help import EXAMPLES, HELP
from recovery.cli.looking import StageName
from recovery.cli.opening import policy_of
from recovery.cli.parameters import ChannelName
from recovery.codec import COMMANDS, command_from_dict, to_dict
from recovery.core.practice import HANDLERS
from recovery.core.vocabulary.common import kind_of
from recovery.core.vocabulary.keeping_in_touch import KeepingPart, Promise, Question
from recovery.core.vocabulary.proposing import Exceptional, Option, Proposal, ProposingPart
from recovery.core.vocabulary.receiving import Delivery, Outgoing, ReceivingPart, Task
from recovery.core.vocabulary.resolving import Delivering, ResolvingPart

NAMES = sorted(commands())
CALENDAR = policy_of(None).calendar
NOW = CALENDAR.next_opening(CALENDAR.at_local_time(date(2026, 3, 2), time(9)))


def some_case() -> Case:
    """Return a case with one of everything open on it."""
    out = Outgoing(id="c:9:phone", seq=9, channel=Channel.PHONE, person=None, parts=(), manual=True, state=Delivery.OWED, at=NOW)
    task = Task(id="7", rule="case.never-forgotten", what="look", set_at=NOW, owner=None, due_at=None, about=None)
    return Case(
        id="c",
        reference="K7M3-9QTG",
        policy_id="p",
        version=9,
        stage=Stage.INVESTIGATING,
        opened_at=NOW,
        recorded_at=NOW,
        receiving=ReceivingPart(tasks=(task,), outgoing=(out,)),
        keeping=KeepingPart(
            questions=(Question(id="3", asked_at=NOW, text="Which?"),),
            promises=(Promise(id="4", what="a part", due_at=None, made_at=NOW),),
        ),
        proposing=ProposingPart(
            proposal=Proposal(seq=5, at=NOW, options=(Option(id="refund", text="Money."),)),
            exceptions=(Exceptional(id="8", remedy="new", value=None, reason="twice", asked_by="ana", approver="cleo"),),
        ),
        resolving=ResolvingPart(deliveries=(Delivering(id="6", what="the refund", by=None),)),
    )


GROUND = Ground(case=some_case(), when=When(calendar=CALENDAR, now=NOW), case_id_of=lambda name: f"id of {name}")


class TestEveryCommand:
    def test_all_that_people_file_by_hand_are_there(self) -> None:
        """What is left out carries a whole contact or ticket, or is filed by a machine."""
        left_out = set(COMMANDS) - set(NAMES)
        assert left_out == {"adopt_case", "merge_in", "merge_out", "open_affected", "open_case", "open_win_back", "receive", "wake"}
        assert set(NAMES) == {kind_of(kind) for kind in HANDLERS} - left_out

    @pytest.mark.parametrize("name", NAMES)
    def test_each_field_has_one_option_that_is_explained(self, name: str) -> None:
        """No field of the class is left out, no option stands for two, and each says what it is."""
        kind = commands()[name]
        flags = flags_of(kind) or ()
        assert {flag.path[0] for flag in flags} == {field.name for field in fields(kind)}
        assert len({flag.name for flag in flags}) == len(flags)
        assert [flag.name for flag in flags if not flag.help] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_its_example_is_a_command(self, name: str) -> None:
        """What the help shows can be typed: it reads as a command of that class, with what is open on the case filled in."""
        words = shlex.split(EXAMPLES[name])
        told, given = read([name, *words], quiet=True)
        command = command_from_dict({"command": told, **filled(commands()[name], given, GROUND)})
        assert type(command) is commands()[name]
        assert command_from_dict(to_dict(command)) == command

    @pytest.mark.parametrize("name", NAMES)
    def test_its_help_says_what_it_is_and_how_it_is_typed(self, name: str) -> None:
        """The class's own words, without the marks of programmers, and every option."""
        code, out, err = run("do", "K7M3-9QTG", name.replace("_", "-"), "--help")
        assert (code, err) == (0, "")
        assert " ".join(about(commands()[name]).split("\n")[0].split()) in " ".join(out.split())
        assert "``" not in out
        for flag in flags_of(commands()[name]) or ():
            assert flag.name in out
        typed = " ".join(re.sub(r"\\\n", " ", out.split("For example:")[1].split("Next:")[0]).split())
        assert typed == " ".join(f"recovery do CASE {name.replace('_', '-')} {EXAMPLES[name]}".split())

    def test_no_help_is_left_over(self) -> None:
        """An entry for an option that is no more would mislead whoever mends the help."""
        known = {flag.name for kind in commands().values() for flag in flags_of(kind) or ()}
        special = {f"{name} {flag.name}" for name, kind in commands().items() for flag in flags_of(kind) or ()}
        nested = {f"{flag.path[0]} {flag.name}" for kind in commands().values() for flag in flags_of(kind) or ()}
        assert set(HELP) <= known | special | nested
        assert set(EXAMPLES) == set(NAMES)

    def test_the_names_in_light_modules_are_those_of_the_library(self) -> None:
        """They are written down again there, so that help need not import the library."""
        assert list(get_args(ChannelName)) == [channel.value for channel in Channel]
        assert list(get_args(StageName)) == [stage.value for stage in Stage]


class TestWhatIsFilledIn:
    def test_the_only_open_question_need_not_be_named(self) -> None:
        """Who could it be but that one."""
        data = filled(RecordAnswer, {"by": "ana", "said": "Yes.", "said_via": "phone"}, GROUND)
        assert data["question_id"] == "3"

    def test_a_duplicate_is_named_by_its_reference(self) -> None:
        """Nobody types a case's id."""
        data = filled(commands()["close"], {"reason": "duplicate", "survivor": "K7M"}, GROUND)
        assert data["survivor"] == "id of K7M"

    def test_options_of_a_proposal_may_hold_commas(self) -> None:
        """Only a comma before a key ends a text."""
        text = "id=new, text=A new one, next week, at your door.,delivers=a display,by=2026-03-12"
        data = filled(commands()["propose"], {"via": ["email"], "text": "Sorry.", "option": [text]}, GROUND)
        (option,) = cast("list[dict[str, str]]", data["options"])
        assert option["text"] == "A new one, next week, at your door."
        assert option["delivers"] == "a display"
        assert option["by"].startswith("2026-03-12T21:00")

    @pytest.mark.parametrize(
        ("name", "given", "said"),
        [
            ("propose", {"option": ["the refund"]}, "--option id=refund,text="),
            ("identify", {"address": ["Quay 1"]}, "letter, email"),
            ("acknowledge", {"override": ["because"]}, "rule.id=why"),
            ("acknowledge", {"next_word_at": "soon"}, "2 bd"),
            ("inform", {"said_at": "2 bd"}, "yesterday 16:00"),
        ],
    )
    def test_what_cannot_be_read_shows_how_it_is_written(self, name: str, given: dict[str, object], said: str) -> None:
        """The hint can be copied."""
        with pytest.raises(InvalidValue) as caught:
            filled(commands()[name], given, GROUND)
        (reason,) = caught.value.reasons
        assert said in reason.hint
        assert reason.field == f"--{next(iter(given)).replace('_', '-')}"

    def test_a_field_finds_its_option(self) -> None:
        """Also where only a part of it, or the whole of which it is a part, is named."""
        inform = commands()["inform"]
        for field, name in (("word.via", "--via"), ("word", "--via"), ("word.via.0", "--via"), ("by", "--by")):
            flag = flag_of(field, inform)
            assert flag is not None
            assert flag.name == name
        assert flag_of("nothing", inform) is None
        assert flag_of(None, inform) is None

    def test_forms_that_may_be_repeated_are_known(self) -> None:
        """Channels, pairs, options, addresses, texts, steps and answers; nothing else."""
        found = {flag.form for kind in commands().values() for flag in flags_of(kind) or () if flag.many}
        lists = {Form.TEXTS, Form.TRIED, Form.STEPS, Form.ANSWERS}
        assert found == {Form.CHOICES, Form.PAIRS, Form.OPTIONS, Form.ADDRESSES} | lists
