"""Scenarios as data: what holds holds, what does not is told part by part, and data that cannot be is named by its path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recovery import (
    Case,
    Channel,
    CheckArrival,
    Command,
    ConfirmArrival,
    FollowUp,
    Inform,
    InvalidValue,
    Investigate,
    RecordFollowUpAnswer,
    Refused,
    Stage,
)
from recovery.core.agenda import Outcome
from recovery.core.vocabulary.resolving import ArrivalSource
from recovery.testing import (
    Given,
    Scenario,
    ScenarioFailed,
    Then,
    Wrote,
    a_word,
    check,
    load_scenarios,
    said,
    scenario_from_dict,
    until,
    wait,
)

BY_PHONE = FollowUp(by="ben", word=a_word("Does it work?", Channel.PHONE))
OWED = Given(stage=Stage.RESOLVED, delivers="the refund")


def arrived(case: Case) -> Command:
    """Return the confirmation of what is on its way, which only the case itself can name."""
    return ConfirmArrival(by="ben", delivery_id=case.resolving.deliveries[0].id, source=ArrivalSource.BANK)


def test_a_rule_is_asserted_in_three_lines() -> None:
    """Given a refund on its way, when it is followed up, then it is refused, and the caller gets all that happened."""
    played = check(Scenario(given=OWED, when=[wait("3 cd"), BY_PHONE], then=Then(refused="follow-up.after-delivery")))
    assert [reason.message for reason in played.reasons] == ["the refund has not arrived yet."]
    assert played.case is not None
    assert played.case.stage is Stage.RESOLVED


def test_every_part_of_then_can_hold() -> None:
    """Stage, owner, agenda, messages, events, clocks, whom the clocks told: all of it in one scenario."""
    answered = RecordFollowUpAnswer(by="ben", solved=True, said=said("Yes."), something_else="a new card")
    check(
        Scenario(
            given=OWED,
            before=[wait("1 bd"), arrived],
            when=[wait("4 cd"), (BY_PHONE, answered)],
            then=Then(
                warned={"follow-up.something-else"},
                stage=Stage.FOLLOWED_UP_DAYS,
                owner="ben",
                in_tray=False,
                agenda={"follow-up.weeks": "2026-03-24 12:10", "follow-up.something-else": True},
                no_agenda={"follow-up.days", "resolve.delivered"},
                messages={"reminder"},
                events=["alarm_rung", "follow_up_made", "follow_up_answered", "follow_up_passed"],
                clocks={"follow-up.days": Outcome.MISSED, "resolve.delivered": "met"},
                told={"follow-up.days": ["ben", "cleo"], "follow-up.weeks": []},
                opens=0,
            ),
        )
    )


def test_a_stage_alone_is_a_case_at_that_stage() -> None:
    """The shortest scenario names a stage and a command."""
    check(Scenario(given=Stage.ACKNOWLEDGED, when=Investigate(by="ben"), then=Then(stage=Stage.INVESTIGATING)))


def test_nothing_may_be_refused_that_is_not_named() -> None:
    """A scenario that says nothing about refusals fails when there is one, and shows every reason."""
    with pytest.raises(ScenarioFailed) as failed:
        check(Scenario(name="Asking at once", given=OWED, when=BY_PHONE))
    assert str(failed.value).splitlines() == [
        "Asking at once: does not hold",
        "  refused: wanted nothing, found follow-up.after-delivery, follow-up.not-too-soon",
        "    rule                      field  why",
        "    follow-up.not-too-soon           it is too soon to ask. The first possible instant is",
        "                                     2026-03-03T12:10:00+01:00.",
        "    follow-up.after-delivery         the refund has not arrived yet. Check the arrival first",
        "                                     (CheckArrival), or confirm it (ConfirmArrival,",
        "                                     delivery_id='14').",
    ]
    assert failed.value.ran.played.refusal is not None


def test_a_refusal_that_does_not_come_is_told_with_what_happened() -> None:
    """Where a rule lets something pass, the events that came of it are listed."""
    wrong = Scenario(given=Stage.ACKNOWLEDGED, when=Investigate(by="ben"), then=Then(refused="acknowledge.says"))
    assert str(wrong.run()).splitlines()[1:] == [
        "  refused: wanted acknowledge.says, found nothing",
        "    what happened: investigation_started",
    ]


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (Then(warned="contact.wishes"), "warned: wanted contact.wishes, found nothing"),
        (Then(stage=Stage.CLOSED), "stage: wanted closed, found investigating"),
        (Then(owner="ana"), "owner: wanted ana, found ben"),
        (Then(in_tray=True), "in the tray: wanted True, found False"),
        (Then(opens=1), "other cases opened: wanted 1, found 0"),
        (Then(agenda={"follow-up.days": True}), "agenda, follow-up.days: wanted a step, found nothing of it"),
        (
            Then(agenda={"propose.in-time": "+9 bd"}),
            "agenda, propose.in-time: wanted Fri 2026-03-13 10:10, found Mon 2026-03-09 10:00",
        ),
        (Then(no_agenda="propose.in-time"), "agenda, propose.in-time: wanted no step, found Mon 2026-03-09 10:00"),
        (Then(messages="receipt"), "messages: wanted receipt, found customer_informed"),
        (
            Then(events=["customer_informed", "case_closed"]),
            "events: wanted customer_informed, then case_closed, found customer_informed, message_prepared, delivery_reported "
            "(no case_closed in its place)",
        ),
        (Then(clocks={"follow-up.days": "met"}), "clock follow-up.days: wanted met, found never started"),
        (Then(clocks={"propose.in-time": "met"}), "clock propose.in-time: wanted met, found open"),
        (Then(told={"propose.in-time": ["ben", "cleo"]}), "told by propose.in-time: wanted ben, then cleo, found nobody"),
    ],
)
def test_every_part_that_does_not_hold_is_told(then: Then, told: str) -> None:
    """Each difference names its part, what was wanted and what was found."""
    ran = Scenario(given=Stage.INVESTIGATING, when=Inform(by="ben", word=a_word()), then=then).run()
    assert not ran.holds
    assert [str(difference).splitlines()[0] for difference in ran.differences] == [told]


def test_agendas_and_clocks_are_shown_as_tables() -> None:
    """Whoever looks for a step sees the agenda there is; whoever looks for a clock sees how all of them stand."""
    ran = Scenario(given=Stage.RECEIVED, then=Then(agenda={"follow-up.days": True}, clocks={"follow-up.weeks": "met"})).run()
    assert [difference.shown.split()[0:2] for difference in ran.differences] == [["due", "rule"], ["clock", "outcome"]]
    assert "acknowledge.immediately" in ran.differences[0].shown


@pytest.mark.parametrize("part", ["refused", "warned", "no_agenda", "agenda", "clocks", "told"])
def test_a_rule_that_is_not_there_is_named(part: str) -> None:
    """A slip in the id of a rule would make a scenario hold for ever; it is refused, with the rule that may be meant."""
    slip = "follow-up.dayz"
    given: object = {"agenda": {slip: True}, "clocks": {slip: "met"}, "told": {slip: []}}.get(part, slip)
    with pytest.raises(InvalidValue, match=r"'follow-up\.dayz', which is no rule or clock here. Did you mean follow-up\.days\?"):
        Scenario(then=Then(**{part: given})).run()  # type: ignore[arg-type]


def test_the_table_of_stages_refuses_under_names_of_its_own() -> None:
    """What the chart has no step for is refused by stage.*, which no policy lists."""
    check(Scenario(given=Stage.RECEIVED, when=Investigate(by="ben"), then=Then(refused="stage.investigate")))


def test_what_leads_up_to_it_must_not_be_refused() -> None:
    """A scenario whose own ground gives way is an error, not a difference."""
    with pytest.raises(Refused):
        Scenario(given=OWED, before=BY_PHONE).run()


def test_time_can_pass_without_anybody_looking() -> None:
    """An outage is a scenario as well: nobody is told meanwhile, and one look afterwards tells each person once."""
    out = Scenario(given=Stage.RECEIVED, when=[wait("5 bd", worked=False)], then=Then(told={"acknowledge.immediately": []}))
    check(out)
    back = [{"until": "2026-03-09 10:00", "worked": False}, {"command": "wake"}]
    check(Scenario(given=Stage.RECEIVED, when=back, then=Then(told={"acknowledge.immediately": ["ben", "cleo", "fay"]})))


def test_time_only_passes() -> None:
    """A wait that would lead back is refused."""
    for back in (wait("-1 h"), until("2026-03-01 10:00")):
        with pytest.raises(InvalidValue, match="would lead back"):
            Scenario(when=back).run()


def test_the_customer_writes_again() -> None:
    """What the customer writes later needs no contact to be built."""
    wrote = Scenario(
        given=Stage.INVESTIGATING, when=Wrote("And?", channel=Channel.SMS), then=Then(agenda={"contact.answer-owed": "+1 bd"})
    )
    assert check(wrote).kinds[0] == "contact_joined"


# ---------------------------------------------------------------- from data


DATA = {
    "name": "Nobody asks how the customer likes what has not arrived.",
    "given": {"stage": "resolved", "delivers": "the refund"},
    "when": [{"wait": "3 cd"}, {"command": "follow_up", "by": "ben", "word": {"via": ["phone"], "text": "Does it work?"}}],
    "then": {"refused": ["follow-up.after-delivery"]},
}


def test_a_scenario_can_be_read_from_data() -> None:
    """What a person can write in a file is the same scenario."""
    scenario = scenario_from_dict(DATA)
    assert scenario.given == OWED
    check(scenario)


def test_a_file_holds_many(tmp_path: Path) -> None:
    """TOML tables and JSON lists are read alike."""
    toml = tmp_path / "mine.toml"
    toml.write_text(
        '[[scenario]]\ngiven = "acknowledged"\nwhen = { command = "investigate", by = "ben" }\nthen = { stage = "investigating" }\n'
    )
    plain = tmp_path / "mine.json"
    plain.write_text(json.dumps([DATA, DATA]))
    for path, count in ((toml, 1), (plain, 2)):
        scenarios = load_scenarios(path)
        assert [scenario.run().holds for scenario in scenarios] == [True] * count


def test_instants_are_local_or_count_from_now() -> None:
    """A promise for three working days, or for Friday at three, is said as people say it."""
    for due in ("+4 bd", "2026-03-06 10:10", "2026-03-06T09:10:00Z"):
        promise = {"command": "make_promise", "by": "ben", "what": "an answer", "due_at": due}
        check(scenario_from_dict({"given": "investigating", "when": [promise], "then": {"agenda": {"promise.tracked": "+4 bd"}}}))


@pytest.mark.parametrize("by", ["$owner", "$supervisor", "$fallback"])
def test_people_can_be_named_by_what_they_are(by: str) -> None:
    """A scenario need not know who owns the case under the policy it is run by."""
    word = {"via": ["email"], "text": "I call the carrier today, and write to you tomorrow by noon."}
    told = {"command": "inform", "by": by, "word": word}
    check(scenario_from_dict({"given": "investigating", "when": told, "then": {"warned": []}}))


def test_what_is_on_the_case_can_be_named_by_what_it_is() -> None:
    """Ids come from the history; a scenario says which thing is meant."""
    data = {
        "given": {"stage": "resolved", "delivers": "the refund"},
        "before": [
            {"command": "ask", "by": "ben", "word": {"via": ["email"], "text": "Which card?"}, "question": "Which card?"},
            {"command": "make_promise", "by": "ben", "what": "an answer", "due_at": "+1 bd"},
            {"command": "set_task", "by": "ben", "what": "ask the bank"},
        ],
        "when": [
            {"command": "record_answer", "by": "ben", "question_id": "$question", "said": {"channel": "email", "words": "7."}},
            {"command": "keep_promise", "by": "ben", "promise_id": "$promise"},
            {"command": "complete_task", "by": "ben", "task_id": "$task"},
            {"command": "confirm_arrival", "by": "ben", "delivery_id": "$delivery", "source": "bank"},
            {"command": "report_delivery", "message_id": "$message", "delivery": "bounced"},
        ],
        "then": {
            "no_agenda": ["promise.tracked", "customer.chased", "resolve.delivered"],
            "agenda": {"contact.automatic-mail": True},
        },
    }
    check(scenario_from_dict(data))


def test_the_latest_message_can_be_named() -> None:
    """What the customer wrote last is waived without a look at its number."""
    waived = {"command": "waive_answer", "by": "ben", "contact": "$contact", "reason": "It was a greeting."}
    data = {"given": "investigating", "when": [{"wrote": "Hello?"}, waived], "then": {"no_agenda": "contact.answer-owed"}}
    check(scenario_from_dict(data))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"givn": {}}, "scenario.givn"),
        ({"given": {"stag": "resolved"}}, "given.stag"),
        ({"given": "solved"}, "given"),
        ({"given": 7}, "given"),
        ({"given": {"contact": {"channel": "pigeon"}}}, "given.contact.channel"),
        ({"then": {"refuse": []}}, "then.refuse"),
        ({"then": {"stage": "solved"}}, "then.stage"),
        ({"then": {"clocks": {"follow-up.days": "late"}}}, "then.clocks.follow-up.days"),
        ({"then": {"owner": 7}}, "then.owner"),
        ({"then": []}, "then"),
        ({"when": ["wait"]}, "step"),
        ({"when": [{"wait": "3 cd", "work": False}]}, "work"),
    ],
)
def test_data_that_cannot_be_is_named_by_its_path(data: dict[str, object], field: str) -> None:
    """Whoever mistypes a scenario hears where, and what there is instead."""
    with pytest.raises(InvalidValue) as refused:
        scenario_from_dict(data)
    assert [reason.field for reason in refused.value.reasons] == [field]
    assert refused.value.hint


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The error names the file and the scenario in it."""
    path = tmp_path / "mine.toml"
    path.write_text("[[scenario]\n")
    with pytest.raises(InvalidValue, match=r"mine\.toml"):
        load_scenarios(path)
    path.write_text('[[scenario]]\ngiven = "received"\n[[scenario]]\ngiven = "solved"\n')
    with pytest.raises(InvalidValue, match=r"mine\.toml, scenario 2"):
        load_scenarios(path)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"given": "nothing", "when": [{"wrote": "Hello."}]}, "there is none yet"),
        ({"when": [{"command": "keep_promise", "by": "ben", "promise_id": "$promise"}]}, r"\$promise stands for nothing"),
        ({"when": [{"command": "acknowlege"}]}, "Did you mean acknowledge"),
        ({"when": [{"command": "investigate", "by": 7}]}, "by has another form"),
    ],
)
def test_a_step_that_cannot_be_is_told_when_it_is_run(data: dict[str, object], told: str) -> None:
    """What a step means depends on the case, so its faults come when it is played."""
    with pytest.raises(InvalidValue, match=told):
        scenario_from_dict(data).run()


def test_a_command_may_be_made_of_the_case() -> None:
    """In Python a step may be a function of the case as it stands."""

    def asked(case: Case) -> Command:
        word = a_word("Has it arrived?")
        return CheckArrival(by=case.owner, word=word, delivery_id=case.resolving.deliveries[0].id)

    check(Scenario(given=OWED, when=[asked, arrived], then=Then(events=["arrival_checked", "arrival_confirmed"])))
