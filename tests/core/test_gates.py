"""The gates: every command in every stage, acts and reports, overrides, what is permitted, and batches."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
from attrs import evolve

from recovery.core.decide import agenda, decide, permitted, why_not
from recovery.core.errors import InvalidValue, Strength
from recovery.core.fold import fold
from recovery.core.practice import HANDLERS, TRIGGERS
from recovery.core.stages import TABLE, Stage, Trigger
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen, UndoMerge
from recovery.core.vocabulary.common import Channel, Command, Mood, Severity, Speaking, Word, kind_of
from recovery.core.vocabulary.following_up import FollowUp, PassFollowUp, RecordFollowUpAnswer, RecordSurveyAnswers, SurveyAnswer
from recovery.core.vocabulary.keeping_in_touch import (
    Ask,
    Inform,
    KeepPromise,
    MakePromise,
    MovePromise,
    RecordAnswer,
    RecordDeferral,
    RecordPromise,
    WaiveAnswer,
)
from recovery.core.vocabulary.losing import AskLostCustomer, OpenWinBack, PlanMakeUp, ReviewLoss
from recovery.core.vocabulary.ownership import (
    AcceptHandover,
    ConsultHistory,
    DeclineHandover,
    MoveCase,
    OfferHandover,
    RecordFact,
)
from recovery.core.vocabulary.proposing import (
    DenyException,
    GrantException,
    Investigate,
    Propose,
    RecordDecline,
    RecordRemedySought,
    RequestException,
)
from recovery.core.vocabulary.receiving import (
    AdoptCase,
    Assess,
    CompleteTask,
    Contact,
    Correct,
    Delivery,
    Identify,
    MergeIn,
    MergeOut,
    MovePolicy,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    Ticket,
    Wake,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import (
    ArrivalSource,
    CheckArrival,
    ConfirmArrival,
    MoveDelivery,
    RecordAcceptance,
    RecordDispatch,
    Resolve,
)
from recovery.core.vocabulary.responsibility import (
    CauseKind,
    Incident,
    JoinIncident,
    NameAgain,
    OpenAffected,
    RecordAccountable,
    RecordCause,
)
from support import (
    BERLIN,
    BO,
    MONDAY,
    POLICY,
    REFUND,
    REPAIR,
    Story,
    a_contact,
    a_review,
    acknowledged,
    at_stage,
    broken,
    by_mail,
    called,
    letters,
    named,
    refusal,
    said,
    tasks,
    warned,
)

BOTH = frozenset({Channel.EMAIL, Channel.PHONE})


def soon(story: Story) -> object:
    """Return a date that can be promised."""
    return BERLIN.add_days(story.now, 2)


def a_ticket(story: Story) -> Ticket:
    """Return a ticket of another system that can be adopted."""
    return Ticket(number="T-7", contact=a_contact("New.", at=story.now), stage=Stage.INVESTIGATING)


def recall(story: Story) -> Incident:
    """Return an incident."""
    return Incident(id="x", what="The tyres are thin.", owner="ana", text="We come.", next_word_at=soon(story))  # type: ignore[arg-type]


PLAUSIBLE: dict[type[Command], Callable[[Story], Command]] = {
    OpenCase: lambda s: OpenCase(case_id="case-7", reference="R7", contact=a_contact("New.", at=s.now)),
    AdoptCase: lambda s: AdoptCase(case_id="case-7", reference="R7", ticket=a_ticket(s)),
    Receive: lambda s: Receive(contact=a_contact("One thing more.", at=s.now)),
    Identify: lambda s: Identify(by="ana", customer=BO),
    RecordWish: lambda s: RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Do not write.")),
    ReportDelivery: lambda s: ReportDelivery(message_id=s.told.receiving.outgoing[0].id, delivery=Delivery.BOUNCED),
    SetTask: lambda s: SetTask(by="ana", what="ring the harbour"),
    CompleteTask: lambda s: CompleteTask(by="ana", task_id="1"),
    Assess: lambda s: Assess(by="ana", severity=Severity.SERIOUS, mood=Mood.ANGRY),
    Correct: lambda s: Correct(by="ana", reason="a slip", issue="Dark."),
    MergeIn: lambda s: MergeIn(by="ana", merged_id="case-8", wrote_at=s.now),
    MergeOut: lambda s: MergeOut(by="ana", merged_id="case-8"),
    MovePolicy: lambda s: MovePolicy(by="cleo", reason="new hours"),
    OfferHandover: lambda s: OfferHandover(by="ana", to="ben", briefing="It is dark."),
    AcceptHandover: lambda s: AcceptHandover(by="ben"),
    DeclineHandover: lambda s: DeclineHandover(by="ben", reason="busy"),
    MoveCase: lambda s: MoveCase(by="cleo", to="ben", reason="Ana is ill."),
    Acknowledge: lambda s: Acknowledge(by="ana", word=by_mail(), next_word_at=soon(s)),  # type: ignore[arg-type]
    Inform: lambda s: Inform(by="ana", word=by_mail()),
    Ask: lambda s: Ask(by="ana", word=by_mail(), question="Which model?"),
    RecordAnswer: lambda s: RecordAnswer(by="ana", question_id="1", said=said("Blue.")),
    WaiveAnswer: lambda s: WaiveAnswer(by="ana", contact=1, reason="no question"),
    MakePromise: lambda s: MakePromise(by="ana", what="a voucher", due_at=soon(s)),  # type: ignore[arg-type]
    RecordPromise: lambda s: RecordPromise(by="ana", what="call back"),
    MovePromise: lambda s: MovePromise(by="ana", promise_id="1", due_at=soon(s), word=by_mail()),  # type: ignore[arg-type]
    KeepPromise: lambda s: KeepPromise(by="ana", promise_id="1"),
    RecordDeferral: lambda s: RecordDeferral(by="ana", until=soon(s), said=said("Next week.")),  # type: ignore[arg-type]
    Investigate: lambda s: Investigate(by="ana"),
    RecordRemedySought: lambda s: RecordRemedySought(by="ana", said=said("My money back.")),
    RequestException: lambda s: RequestException(by="ben", remedy="new", reason="It failed twice."),
    GrantException: lambda s: GrantException(by="ana", exception_id="1", until=s.now.add(days=5)),
    DenyException: lambda s: DenyException(by="ana", exception_id="1", reason="A repair will do."),
    Propose: lambda s: Propose(by="ana", word=by_mail(), options=(REPAIR, REFUND)),
    RecordDecline: lambda s: RecordDecline(by="ana", said=said("No.")),
    RecordAcceptance: lambda s: RecordAcceptance(by="ana", option="repair", said=said("Yes.")),
    Resolve: lambda s: Resolve(by="ana", word=by_mail(), done="refunded"),
    RecordDispatch: lambda s: RecordDispatch(by="ana", delivery_id="1", carrier="the post", tracking="4711"),
    RecordCause: lambda s: RecordCause(by="ana", kind=CauseKind.SKILL, text="Nobody knew the old displays."),
    OpenAffected: lambda s: OpenAffected(by="ana", case_id="case-7", reference="R7", incident=recall(s), customer=BO, key="k"),
    JoinIncident: lambda s: JoinIncident(by="ana", incident="x", what="The tyres are thin."),
    NameAgain: lambda s: NameAgain(by="ana", incident="x", key="k2", told="Bo L."),
    RecordAccountable: lambda s: RecordAccountable(by="ana", unit="workshop"),
    MoveDelivery: lambda s: MoveDelivery(by="ana", delivery_id="1", by_date=soon(s), word=by_mail()),  # type: ignore[arg-type]
    CheckArrival: lambda s: CheckArrival(by="ana", delivery_id="1", word=by_mail()),
    ConfirmArrival: lambda s: ConfirmArrival(by="ana", delivery_id="1", source=ArrivalSource.BANK),
    FollowUp: lambda s: FollowUp(by="ana", word=Word(via=BOTH, text="Does it work?")),
    RecordFollowUpAnswer: lambda s: RecordFollowUpAnswer(by="ana", solved=True, said=said("It works.")),
    PassFollowUp: lambda s: PassFollowUp(by="ana"),
    RecordSurveyAnswers: lambda s: RecordSurveyAnswers(answers=(SurveyAnswer(question="treated", score=4),)),
    OpenWinBack: lambda s: OpenWinBack(case_id="case-7", reference="R7", lost_case="case-1", lost_at=s.now, reviewer="ana"),
    AskLostCustomer: lambda s: AskLostCustomer(by="ana", word=by_mail("What made you leave?")),
    ReviewLoss: lambda s: a_review(by="ana"),
    PlanMakeUp: lambda s: PlanMakeUp(by="ana", plan="two boat yards by the summer"),
    Close: lambda s: Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")),
    Reopen: lambda s: Reopen(by="ana", reason="It is dark again."),
    UndoMerge: lambda s: UndoMerge(by="ana", reason="another boat"),
    RecordFact: lambda s: RecordFact(by="ana", key="model", value="Blue 7", said=said("A Blue 7.")),
    ConsultHistory: lambda s: ConsultHistory(by="ana"),
    Wake: lambda s: Wake(),
}
KINDS = sorted(PLAUSIBLE, key=kind_of)
REPORTS = [kind for kind in KINDS if PLAUSIBLE[kind](at_stage(Stage.RECEIVED)).is_report]
SPEAKING = [kind for kind in KINDS if issubclass(kind, Speaking)]


def by_name(kind: type[Command]) -> str:
    """Name a command class in the list of tests."""
    return kind_of(kind)


# ---------------------------------------------------------------- every command in every stage


def test_every_command_of_the_practice_is_tried() -> None:
    """The table of this file holds every command that leads to something."""
    assert set(PLAUSIBLE) == {*HANDLERS, Wake}


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_every_command_in_every_stage_is_done_or_refused(kind: type[Command], stage: Stage) -> None:
    """Every command in every stage leads to events, or is refused with reasons and leaves the case as it was."""
    story = at_stage(stage).wait(days=3)
    command, before = PLAUSIBLE[kind](story), deepcopy(story.told)
    told = why_not(before, command, policy=POLICY, now=story.now, context=story.context)
    if told:
        assert not command.is_report
        refused = refusal(story, command)
        assert refused.reasons == told
        assert all(reason.rule and reason.message and reason.strength is Strength.MUST for reason in told)
        assert (refused.command, refused.case_id, refused.index) == (kind_of(kind), "case-1", 0)
        assert story.told == before
        return
    decision = story.do(command)
    assert decision.before == before
    assert fold(story.events) == story.told
    assert story.told.ended or decision.wake_at is not None


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("kind", REPORTS, ids=by_name)
def test_a_report_is_never_refused(kind: type[Command], stage: Stage) -> None:
    """Whatever has happened is kept in every stage: it leaves an entry, or was there already."""
    story = at_stage(stage).wait(days=3)
    decision = story.do(PLAUSIBLE[kind](story))
    assert decision.events or kind is ReportDelivery


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("kind", SPEAKING, ids=by_name)
def test_what_has_been_said_is_never_refused(kind: type[Command], reached: bool, stage: Stage) -> None:
    """A word that was said, or a try that was made, is on record in every stage; a try moves nothing and meets nothing."""
    story = at_stage(stage).wait(days=3)
    word = called(story.now, "Hello.", reached=reached)
    decision = story.do(evolve(PLAUSIBLE[kind](story), word=word))  # type: ignore[call-arg]
    assert any(getattr(recorded.event, "word", None) == word for recorded in decision.events)
    if not reached:
        assert story.told.stage is stage
        assert all(mark.name not in ("spoke", "answered") for mark in story.told.marks if mark.seq > decision.events[0].seq - 1)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("kind", REPORTS, ids=by_name)
def test_a_report_without_a_step_in_this_stage_moves_nothing(kind: type[Command], stage: Stage) -> None:
    """A report the stage has no step for is kept, moves nothing, warns about the stage and becomes a dated step."""
    trigger = TRIGGERS.get(kind)
    story = at_stage(stage).wait(days=3)
    decision = story.do(PLAUSIBLE[kind](story))
    misplaced = {rule for rule in warned(decision) if rule.startswith("stage.")}
    if kind is OpenCase or (trigger is not None and (stage, trigger) not in TABLE):
        assert misplaced == {f"stage.{trigger.value if trigger else 'open'}"}
        assert "ReportNoted" in named(decision)
        assert [rule for rule, _ in tasks(story)] == sorted(misplaced)
        assert story.told.stage is stage
    else:
        assert misplaced == set()


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in TRIGGERS and kind not in REPORTS], ids=by_name)
def test_an_act_without_a_step_in_this_stage_is_refused(kind: type[Command], stage: Stage) -> None:
    """An act the stage has no step for is refused with one reason that says where the case can go instead."""
    story = at_stage(stage).wait(days=3)
    if (stage, TRIGGERS[kind]) in TABLE:
        assert all(not rule.startswith("stage.") for rule in rules_against(story, PLAUSIBLE[kind](story)))
        return
    (reason,) = refusal(story, PLAUSIBLE[kind](story)).reasons
    assert reason.rule == f"stage.{TRIGGERS[kind].value}"
    assert reason.params == {"stage": stage.value, "command": kind_of(kind)}
    ways = {way.value for source, way in TABLE if source is stage}
    assert all(way in reason.hint for way in ways)


def rules_against(story: Story, command: Command) -> list[str]:
    """Return the rules that speak against a command."""
    return [reason.rule for reason in why_not(story.told, command, policy=POLICY, now=story.now, context=story.context)]


def test_the_stage_is_asked_before_the_rules() -> None:
    """Where the stage has no step, the rules are not told as well."""
    empty = Propose(by="ana", word=by_mail())
    assert broken(at_stage(Stage.RECEIVED), empty) == {("stage.propose", None)}
    assert broken(at_stage(Stage.INVESTIGATING), empty) == {("propose.options-or-no", "options")}


def test_a_case_begins_with_its_opening_and_nothing_else() -> None:
    """Without a case only an opening leads anywhere; even a report has nothing to be kept on."""
    for command in (Investigate(by="ana"), Reopen(by="ana", reason="dark")):
        (reason,) = refusal(Story(), command).reasons
        assert (reason.rule, reason.hint) == ("stage.open", "A case begins with OpenCase, once.")


def test_the_words_of_a_misplaced_report_are_not_lost() -> None:
    """What a customer said at the wrong time is kept word by word."""
    story = at_stage(Stage.RECEIVED)
    event = story.do(RecordDecline(by="ana", said=said("No way."), counter_offer="A new boat.")).events[0].event
    assert event.said.words == "No way."  # type: ignore[attr-defined]
    assert event.details == (("counter_offer", "A new boat."),)  # type: ignore[attr-defined]


def test_a_try_that_reached_nobody_moves_nothing() -> None:
    """A resolution left on a voicemail is an attempt: kept, warned about, no more."""
    story = at_stage(Stage.INVESTIGATING)
    decision = story.do(Resolve(by="ana", done="repaired", word=called(story.now, reached=False)))
    assert (named(decision), warned(decision)) == (["CustomerInformed", "Warned"], {"input.reached"})
    assert story.told.stage is Stage.INVESTIGATING


# ---------------------------------------------------------------- strengths and overrides


def test_a_should_allows_and_warns() -> None:
    """A rule that a policy softens to should lets the act pass, with a warning that is kept on the case."""
    soft = evolve(POLICY, strengths={"promise.realistic": Strength.SHOULD})
    story = Story.begins(policy=soft)
    decision = story.do(MakePromise(by="ana", what="call", due_at=MONDAY.add(days=6)))
    assert (named(decision), warned(decision)) == (["PromiseMade", "Warned"], {"promise.realistic"})
    kept = decision.events[-1].event
    assert kept.reasons == decision.warnings  # type: ignore[attr-defined]


def test_off_is_silent() -> None:
    """A rule that a policy switches off says nothing, and a clock that it switches off never runs."""
    off = {"promise.realistic": Strength.OFF, "contact.receipt": Strength.OFF}
    story = Story.begins(policy=evolve(POLICY, strengths=off))
    assert named(story.do(MakePromise(by="ana", what="call", due_at=MONDAY.add(days=6)))) == ["PromiseMade"]
    assert letters(story.decisions[0]) == [("assigned", "ana")]
    assert all(step.rule != "contact.receipt" for step in agenda(story.told, story.policy))


def test_an_override_goes_past_a_rule_with_a_recorded_reason() -> None:
    """Where the policy allows it, an author goes past a rule, and who did it and why is on record, without a warning."""
    story = Story.begins(policy=evolve(POLICY, overridable=frozenset({"promise.realistic"})))
    promise = MakePromise(by="ana", what="call", due_at=MONDAY.add(days=6))
    assert broken(story, promise) == {("promise.realistic", "due_at")}
    decision = story.do(evolve(promise, override={"promise.realistic": "He asked for Sunday."}))
    assert named(decision) == ["RuleOverridden", "PromiseMade"]
    passed = decision.events[0].event
    assert (passed.by, passed.rule, passed.reason) == ("ana", "promise.realistic", "He asked for Sunday.")  # type: ignore[attr-defined]
    assert decision.warnings == ()


def test_an_override_that_was_not_needed_leaves_no_trace() -> None:
    """Going past a rule that does not stand in the way is not recorded."""
    story = Story.begins(policy=evolve(POLICY, overridable=frozenset({"promise.realistic"})))
    promise = MakePromise(by="ana", what="call", due_at=MONDAY.add(days=1), override={"promise.realistic": "why not"})
    assert named(story.do(promise)) == ["PromiseMade"]


@pytest.mark.parametrize("rule", ["promise.realistic", "contact.wishes", "no.such-rule"])
def test_nobody_goes_past_a_rule_that_is_fixed_unknown_or_not_named(rule: str) -> None:
    """An override of a fixed rule, an unknown one or one the policy does not name is refused, with the way out."""
    story = Story.begins()
    promise = MakePromise(by="ana", what="call", due_at=MONDAY.add(days=1), override={rule: "because"})
    (reason,) = refusal(story, promise).reasons
    assert (reason.rule, reason.field, bool(reason.hint)) == ("input.override", "override", True)
    assert rule in reason.message


def test_a_report_with_a_wrong_override_is_kept() -> None:
    """A fact is kept whatever rule it names; the wrong name is a warning."""
    story = Story.begins()
    decision = story.do(RecordPromise(by="ana", what="call back", override={"no.such-rule": "because"}))
    assert (named(decision), warned(decision)) == (["PromiseMade", "Warned"], {"input.override"})


@pytest.mark.parametrize("override", [{"promise.realistic": " "}, {"promise.realistic": 3}, {3: "why"}, "promise.realistic"])
def test_an_override_is_a_rule_with_a_reason_in_words(override: object) -> None:
    """An override without a reason cannot be written down."""
    with pytest.raises(InvalidValue) as caught:
        Investigate(by="ana", override=override)  # type: ignore[arg-type]
    assert [reason.field for reason in caught.value.reasons] == ["override"]


# ---------------------------------------------------------------- what is permitted


@pytest.mark.parametrize("stage", list(Stage))
def test_permitted_agrees_with_the_table(stage: Stage) -> None:
    """For each kind of command, permitted says the stage's reason exactly where it has no step; "not solved" reopens too."""
    story = at_stage(stage).wait(days=30)
    told = permitted(story.told, policy=POLICY, now=story.now)
    left_out = (OpenCase, AdoptCase, OpenAffected, OpenWinBack, MergeIn, MergeOut)
    assert set(told) == {kind_of(kind) for kind in HANDLERS if kind not in left_out}
    for kind, trigger in TRIGGERS.items():
        lacking = any(reason.rule == f"stage.{trigger.value}" for reason in told[kind_of(kind)])
        there = (stage, trigger) in TABLE or (kind is RecordFollowUpAnswer and (stage, Trigger.REOPEN) in TABLE)
        assert lacking is not there, kind
    over = stage in (Stage.FOLLOWED_UP_WEEKS, Stage.CLOSED)
    assert all(bool(told[kind]) is over for kind in ("ask", "make_promise"))


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in (*REPORTS, AdoptCase, OpenAffected, OpenWinBack, Wake)], ids=by_name
)
def test_what_is_ruled_out_is_refused(kind: type[Command], stage: Stage) -> None:
    """Whatever permitted rules out, decide refuses for the same reasons, whatever the command says."""
    story = at_stage(stage)
    told = permitted(story.told, policy=POLICY, now=story.now)[kind_of(kind)]
    why = why_not(story.told, PLAUSIBLE[kind](story), policy=POLICY, now=story.now)
    assert set(told) <= set(why)


def test_permitted_says_when_a_follow_up_is_possible() -> None:
    """Too soon after the resolution, the follow-up is ruled out with the first possible instant; later it is not."""
    story = at_stage(Stage.RESOLVED)
    (reason,) = permitted(story.told, policy=POLICY, now=story.now)["follow_up"]
    assert (reason.rule, reason.params["from"]) == ("follow-up.not-too-soon", story.now.add(hours=24))
    assert permitted(story.told, policy=POLICY, now=story.now.add(hours=24))["follow_up"] == ()
    tries = permitted(story.told, policy=POLICY, now=story.now)["pass_follow_up"]
    assert {reason.rule for reason in tries} == {"follow-up.unreachable"}


def test_in_the_tray_only_the_way_out_is_permitted() -> None:
    """A contact nobody has identified can be closed or identified, and nothing else moves it; what is ruled out says why."""
    story = Story.begins(Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY))
    told = permitted(story.told, policy=POLICY, now=MONDAY)
    assert told["close"] == told["identify"] == ()
    moving = {kind_of(kind) for kind in TRIGGERS} - {"close", "undo_merge"}
    assert all([reason.rule for reason in told[kind]] == ["stage.tray"] for kind in (*moving, "inform", "ask"))


# ---------------------------------------------------------------- batches


def test_four_steps_make_one_mail() -> None:
    """A case settled on the spot goes through every stage in one batch, and the customer gets one mail that says it all."""
    story = Story.begins().deliver()
    batch = [PLAUSIBLE[kind](story) for kind in (Acknowledge, Investigate, Propose)]
    decision = story.do(*batch, RecordAcceptance(by="ana", option="repair", said=said("Yes!", Channel.PHONE)))
    assert story.told.stage is Stage.RESOLVED
    (mail,) = decision.messages
    assert [saying.template for saying in mail.sayings] == ["acknowledged", "proposed"]
    assert [name for name in named(decision) if name == "MessagePrepared"] == ["MessagePrepared"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_batch_is_done_whole_or_not_at_all(place: int) -> None:
    """The refusal of a batch names the place of the command that was refused, and nothing before it has happened."""
    story = Story.begins().deliver()
    batch: list[Command] = [PLAUSIBLE[Acknowledge](story), Investigate(by="ana")]
    batch.insert(place, Propose(by="ana", word=by_mail()))
    refused = refusal(story, *batch)
    assert (refused.index, refused.command) == (place, "propose")
    assert story.told.stage is Stage.RECEIVED


def test_a_batch_may_open_the_case() -> None:
    """A call that is settled on the spot is opened and resolved in one breath."""
    story = Story()
    opening = OpenCase(case_id="case-1", reference="R1", contact=a_contact(channel=Channel.PHONE))
    word = called(MONDAY, "We have it, it is repaired.")
    story.do(
        opening,
        Acknowledge(by="ana", word=word, next_word_at=MONDAY.add(days=1)),
        Investigate(by="ana"),
        Resolve(by="ana", word=word, done="repaired"),
    )
    assert story.told.stage is Stage.RESOLVED


def test_no_commands_change_nothing() -> None:
    """An empty batch on a case leaves it as it is."""
    story = Story.begins()
    decision = story.do()
    assert (decision.events, decision.case, decision.before) == ((), story.told, story.told)


# ---------------------------------------------------------------- the same again


def test_working_twice_at_one_instant_changes_nothing() -> None:
    """A second look at the clocks at the same instant finds nothing left to do."""
    story = acknowledged(Story.begins().deliver()).wait(days=40)
    assert story.wake().events
    assert story.wake().events == ()


def test_time_does_not_run_backwards() -> None:
    """What is decided with an earlier clock is recorded no earlier than what was recorded before."""
    story = acknowledged(Story.begins().deliver())
    story.now = MONDAY.subtract(days=1)
    decision = decide(story.told, Investigate(by="ana"), policy=POLICY, now=story.now)
    assert decision.events[0].recorded_at == story.told.recorded_at


def test_no_case_and_nothing_to_do_is_no_decision() -> None:
    """Where there is no case, something must open one."""
    with pytest.raises(InvalidValue, match="OpenCase"):
        decide(None, policy=POLICY, now=MONDAY)
