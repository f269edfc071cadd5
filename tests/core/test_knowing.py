"""Knowing the customer: what they told is asked once, their earlier cases are looked at, and a repeat is seen at once."""

from __future__ import annotations

import attrs
import pytest

from recovery.core.case import Case
from recovery.core.decide import briefing, decide, permitted, why_not
from recovery.core.errors import InvalidValue, Reason, Strength
from recovery.core.repeats import as_earlier, earlier_cases
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.values import redact
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import MACHINE, Channel, Customer, Mood, Said, Severity, Tried
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer, Then
from recovery.core.vocabulary.keeping_in_touch import Ask, QuestionAsked, RecordAnswer
from recovery.core.vocabulary.known import Again, Earlier, Priority
from recovery.core.vocabulary.ownership import AcceptHandover, ConsultHistory, HistoryConsulted, OfferHandover, RecordFact
from recovery.core.vocabulary.proposing import Propose, Proposed
from recovery.core.vocabulary.receiving import Assess, Contact, Correct, Identify, OpenCase, Receive
from recovery.core.vocabulary.resolving import CaseResolved, Resolution, Resolve
from recovery.templates import PlainTexts
from support import (
    BO,
    MONDAY,
    POLICY,
    REFUND,
    Story,
    a_contact,
    at_stage,
    broken,
    by_mail,
    letters,
    named,
    refusal,
    said,
    tasks,
    warned,
)


def told(story: Story, key: str = "order number", value: str = "4711", **fields: object) -> Story:
    """Put something the customer told on file."""
    words = said(f"It is {value}.")
    story.do(RecordFact(**{"by": "ana", "key": key, "value": value, "said": words, **fields}))  # type: ignore[arg-type]
    return story


def asks(**fields: object) -> Ask:
    """Return a question about the order number."""
    question = "What is your order number?"
    given = {"by": "ana", "word": by_mail("One thing."), "question": question, "fact": "order_number", **fields}
    return Ask(**given)  # type: ignore[arg-type]


def facts(story: Story) -> dict[str, str]:
    """Return what is on file."""
    return {fact.key: fact.value for fact in story.told.facts}


# ---------------------------------------------------------------- facts are asked once


@pytest.mark.parametrize("key", ["order number", "Order-Number", "ORDER_NUMBER", "  order  number "])
def test_a_key_is_one_however_it_is_written(key: str) -> None:
    """Nobody is asked twice because a colleague writes a key with a hyphen."""
    story = told(Story.begins(), key)
    assert [fact.key for fact in story.told.facts] == ["order_number"]
    (reason,) = refusal(story, asks(fact="Order number")).reasons
    assert (reason.rule, reason.field, reason.params) == ("facts.ask-once", "fact", {"fact": "order_number"})


@pytest.mark.parametrize("again", Again)
def test_what_is_on_file_is_asked_again_only_with_a_reason(again: Again) -> None:
    """Each of the four reasons lets the customer be asked again, and it is on record which it was."""
    story = told(Story.begins())
    assert broken(story, asks()) == {("facts.ask-once", "fact")}
    asked = story.do(asks(again=again)).events[0].event
    assert isinstance(asked, QuestionAsked)
    assert (asked.fact, asked.again) == ("order_number", again)


def test_confirming_is_free_and_shows_the_customer_what_is_on_file() -> None:
    """Asking whether it is still right needs no reason, and the customer reads what we have."""
    story = told(Story.begins())
    decision = story.do(asks(confirms=True, question="Is this still right?"))
    assert decision.warnings == ()
    (message,) = decision.messages
    assert message.sayings[0].values["on_file"] == "4711"


def test_a_yes_to_what_is_on_file_leaves_it_as_it_is() -> None:
    """The customer's yes is no order number; another value that comes with it is."""
    story = told(Story.begins())
    story.do(asks(confirms=True))
    (question,) = story.told.keeping.questions
    story.do(RecordAnswer(by="ana", question_id=question.id, said=said("Yes.")))
    assert facts(story) == {"order_number": "4711"}
    story.do(asks(confirms=True))
    (question,) = story.told.keeping.questions
    story.do(RecordAnswer(by="ana", question_id=question.id, value="4712", said=said("No, 4712.")))
    assert facts(story) == {"order_number": "4712"}


def test_there_has_to_be_something_to_confirm() -> None:
    """Confirming what nobody has told is asking under another name."""
    assert broken(Story.begins(), asks(confirms=True)) == {("facts.ask-once", "confirms")}


def test_an_answer_is_filed_by_itself() -> None:
    """Whoever records the answer need not file it as well; without a value the customer's own words are on file."""
    story = Story.begins()
    story.do(asks())
    (question,) = story.told.keeping.questions
    story.do(RecordAnswer(by="ana", question_id=question.id, said=said("It is 4711.")))
    assert facts(story) == {"order_number": "It is 4711."}
    assert broken(story, asks()) == {("facts.ask-once", "fact")}


def test_an_answer_that_stands_in_a_message_is_on_file_as_well() -> None:
    """Where only the message is named, the file says in which one it stands, and nobody asks again."""
    story = Story.begins()
    story.do(asks())
    (question,) = story.told.keeping.questions
    story.do(RecordAnswer(by="ana", question_id=question.id, said=Said(channel=Channel.EMAIL, contact=1)))
    assert story.told.on_file("order number") == "see message 1"
    assert broken(story, asks()) == {("facts.ask-once", "fact")}


@pytest.mark.parametrize(("key", "value"), [("name", "Bo Lind"), ("e-mail", None), ("email", "bo@boat.example")])
def test_what_is_known_of_the_customer_is_on_file(key: str, value: str | None) -> None:
    """Nobody is asked for the name they signed with, or for the address they wrote from."""
    sender = attrs.evolve(BO, name="Bo Lind", addresses=(attrs.evolve(BO.addresses[0], value="bo@boat.example"),))
    story = Story.begins(a_contact(sender=sender))
    assert story.told.on_file(key) == value
    if value is not None:
        assert broken(story, asks(fact=key)) == {("facts.ask-once", "fact")}


def test_asking_while_a_question_is_open_is_only_a_warning() -> None:
    """The customer has not told it yet, so it may be asked, but the chase would do that by itself."""
    story = Story.begins()
    story.do(asks())
    assert warned(story.do(asks())) == {"facts.ask-once"}


def test_a_question_that_was_asked_already_is_kept() -> None:
    """What was said on the phone cannot be unsaid: it is on file as a question, with a warning."""
    story = told(Story.begins())
    word = attrs.evolve(by_mail(), said_at=MONDAY)
    decision = story.do(asks(word=word))
    assert (named(decision)[0], warned(decision)) == ("QuestionAsked", {"facts.ask-once"})


def test_facts_follow_through_a_handover_and_a_reopening() -> None:
    """A new owner has what the old one was told, and so has whoever gets the case back."""
    story = told(Story.begins())
    story.do(OfferHandover(by="ana", to="ben", briefing="Order 4711, dark display."))
    story.do(AcceptHandover(by="ben"))
    assert broken(story, asks(by="ben")) == {("facts.ask-once", "fact")}
    story.do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    story.do(Receive(contact=a_contact("It is dark again.", at=story.now)))
    assert (story.told.stage, facts(story)) == (Stage.INVESTIGATING, {"order_number": "4711"})


def test_the_briefing_tells_what_the_customer_told_and_that_it_is_not_the_first_time() -> None:
    """Whoever takes a case over reads the facts on file, and which cases came before, without asking anybody."""
    before = as_earlier(at_stage(Stage.INVESTIGATING).told)
    story = told(Story.begins(context=Context(earlier=(before,))))
    brief = briefing(story.told, story.policy)
    assert (brief.facts, brief.earlier) == (("order number: 4711",), (before.reference,))
    assert f"It is not the first time; look at: {before.reference}" in str(brief)


def test_facts_go_along_to_a_linked_case() -> None:
    """Something else that the customer needs opens a case of its own, and nothing is asked for again there."""
    story = at_stage(Stage.RESOLVED)
    told(story)
    story.wait(days=4)
    also = RecordFollowUpAnswer(
        by="ana", solved=True, said=said("Yes, but the pump drips."), something_else="the pump drips", then=Then.LINKED_CASE
    )
    (other,) = story.do(also).opens
    (fact,) = other.case.facts
    assert (fact.key, fact.value, fact.source, fact.contact) == ("order_number", "4711", "case-1", None)


def test_the_same_once_more_is_no_entry() -> None:
    """A fact is filed once, however often it is told."""
    story = told(Story.begins())
    assert story.do(RecordFact(by="ben", key="Order Number", value=" 4711 ", said=said("4711, as I said."))).events == ()


def test_another_value_is_kept_and_somebody_finds_out_which_holds() -> None:
    """What a customer says is never refused: both values are in the history, the newer stands, and a dated step asks which."""
    story = told(Story.begins())
    decision = story.do(RecordFact(by="ana", key="order_number", value="4712", said=said("It is 4712.")))
    assert warned(decision) == {"facts.ask-once"}
    assert facts(story) == {"order_number": "4712"}
    assert tasks(story) == [("facts.ask-once", "find out which order_number holds: two are on file")]


def test_another_value_with_its_reason_is_no_contradiction() -> None:
    """Who has moved tells the new address once, and nobody has to find out anything."""
    story = told(Story.begins())
    decision = story.do(RecordFact(by="ana", key="order_number", value="4712", said=said("Now 4712."), again=Again.CHANGED))
    assert (decision.warnings, facts(story), tasks(story)) == ((), {"order_number": "4712"}, [])


def test_an_erased_value_contradicts_nothing() -> None:
    """After erasing nobody can tell whether two values differ, so nobody is sent to find out."""
    story = told(Story.begins())
    fresh = RecordFact(by="ana", key="order_number", value="4712", said=said("4712."))
    assert decide(redact(story.told), fresh, policy=POLICY, now=story.now).warnings == ()


def test_a_machine_tells_no_facts() -> None:
    """An out-of-office note is no word of the customer: what it says is kept, and somebody asks who says so."""
    story = at_stage(Stage.CLOSED)
    story.do(Receive(contact=a_contact("Out of office.", at=story.now, automatic=True)))
    number = story.told.receiving.contacts[-1].seq
    words = Said(channel=Channel.EMAIL, contact=number)
    decision = story.do(RecordFact(by="ana", key="moved_on", value="Monday", said=words))
    assert (facts(story), warned(decision)) == ({}, {"contact.automatic-mail"})
    assert named(decision)[:2] == ["ReportNoted", "TaskSet"]


@pytest.mark.parametrize("field", ["again", "confirms"])
def test_what_is_asked_again_has_a_name(field: str) -> None:
    """A reason to ask again, or to confirm, without saying what: the error names the field."""
    with pytest.raises(InvalidValue) as error:
        asks(fact=None, **{field: {"again": Again.VERIFY, "confirms": True}[field]})
    assert [reason.field for reason in error.value.reasons] == [field]


# ---------------------------------------------------------------- earlier cases are looked at

PUMP = Earlier(
    case_id="earlier-1",
    reference="E1",
    stage=Stage.FOLLOWED_UP_WEEKS,
    opened_at=MONDAY.subtract(days=90),
    category="pumps",
    outcome="accepted",
)
DARK = attrs.evolve(PUMP, case_id="earlier-2", reference="E2", category="displays", outcome="not_agreed")


def investigating(*earlier: Earlier, unknown: bool = False) -> Story:
    """Return a case under investigation, of a customer with these earlier cases."""
    story = at_stage(Stage.INVESTIGATING)
    story.context = attrs.evolve(story.context, earlier=None if unknown else earlier)
    return story


def proposes() -> Propose:
    """Return a proposal."""
    return Propose(by="ana", word=by_mail("This is what we can do."), options=(REFUND,))


def missing(story: Story, command: Propose | Resolve) -> Reason:
    """Return why nobody has looked at the customer's earlier cases."""
    return next(reason for reason in refusal(story, command).reasons if reason.rule == "history.consulted")


def settles(outcome: Resolution = Resolution.DONE) -> Resolve:
    """Return a resolution, or a final no."""
    return Resolve(
        by="ana",
        word=by_mail("It is done."),
        outcome=outcome,
        done="done",
        reasons="so",
        elsewhere="the ombudsman" if outcome is Resolution.NOT_AGREED else "",
        tried=(Tried(alternative="another part", failed="nobody has one"),),
        second_person="cleo",
    )


@pytest.mark.parametrize("command", [proposes(), settles(), settles(Resolution.NOT_AGREED)])
def test_every_earlier_case_is_looked_at_before_anything_is_proposed(command: Propose | Resolve) -> None:
    """The refusal names those that nobody has looked at, by reference for people and by id for programs."""
    story = investigating(PUMP, DARK)
    reason = missing(story, command)
    assert reason.params["cases"] == "earlier-1, earlier-2"
    assert "E1, E2" in reason.message
    story.do(ConsultHistory(by="ana", cases=("earlier-1",)))
    assert missing(story, command).params["cases"] == "earlier-2"
    story.do(ConsultHistory(by="ben", cases=("earlier-2",)))
    said_so = next(r.event for r in story.do(command).events if isinstance(r.event, (Proposed, CaseResolved)))
    assert said_so.history == ("earlier-1", "earlier-2")


def test_where_there_are_known_to_be_none_nobody_has_to_look() -> None:
    """It is automatic only then, and the proposal says that it was known."""
    proposal = investigating().do(proposes()).events[0].event
    assert isinstance(proposal, Proposed)
    assert proposal.history == ()


def test_unknown_is_not_none() -> None:
    """Where nobody can tell, a person looks and says what they found, even if it is nothing; then they may propose."""
    story = investigating(unknown=True)
    assert broken(story, proposes()) == {("history.consulted", None)}
    story.do(ConsultHistory(by="ana", note="Nothing in the old files."))
    proposal = story.do(proposes()).events[0].event
    assert isinstance(proposal, Proposed)
    assert proposal.history == ()


def test_a_proposal_that_was_made_already_is_kept() -> None:
    """A report is kept and moves the case, with a warning that nobody had looked; the event does not claim that somebody had."""
    story = investigating(unknown=True)
    made = attrs.evolve(proposes(), word=attrs.evolve(by_mail(), said_at=story.now))
    decision = story.do(made)
    assert "history.consulted" in warned(decision)
    assert story.told.stage is Stage.RESOLUTION_PROPOSED
    proposal = decision.events[0].event
    assert isinstance(proposal, Proposed)
    assert proposal.history is None


def test_what_was_looked_at_is_on_record_as_it_stood() -> None:
    """An earlier case may be named by its reference, in any writing; what is not known here is kept as it was named."""
    story = investigating(PUMP, DARK)
    looked = story.do(ConsultHistory(by="ana", cases=("e-1", "earlier-2", "old-77", "E1"))).events[0].event
    assert isinstance(looked, HistoryConsulted)
    assert (looked.cases, looked.earlier) == (("earlier-1", "earlier-2", "old-77"), (PUMP, DARK))


def test_a_machine_does_not_look() -> None:
    """Only a person can have understood what happened then."""
    with pytest.raises(InvalidValue) as error:
        ConsultHistory(by=MACHINE, cases=("earlier-1",))
    assert [reason.field for reason in error.value.reasons] == ["by"]


def test_permitted_says_that_somebody_has_to_look() -> None:
    """A screen can show beforehand what stands in the way of a proposal, and that nothing does once somebody has looked."""
    story = investigating(PUMP)
    told = permitted(story.told, policy=POLICY, now=story.now, context=story.context)
    assert [reason.rule for reason in told["propose"]] == ["history.consulted"]
    story.do(ConsultHistory(by="ana", cases=("earlier-1",)))
    assert permitted(story.told, policy=POLICY, now=story.now, context=story.context)["propose"] == ()


def test_what_was_looked_at_stays_so_after_a_decline() -> None:
    """The second proposal does not ask for it again."""
    story = investigating(PUMP)
    story.do(ConsultHistory(by="ana", cases=("earlier-1",)))
    story.do(proposes())
    assert why_not(story.case, proposes(), policy=POLICY, now=story.now, context=story.context)[0].rule != "history.consulted"


# ---------------------------------------------------------------- a repeat is visible


def opened(*earlier: Earlier, category: str | None = None) -> Story:
    """Return a case that has just been opened for a customer with these earlier cases."""
    context = Context(earlier=earlier)
    return Story.begins(a_contact(category=category), context=context)


@pytest.mark.parametrize(
    ("category", "earlier", "priority"),
    [
        ("engines", (), Priority.NORMAL),
        ("engines", (PUMP,), Priority.HIGH),
        ("pumps", (PUMP, DARK), Priority.URGENT),
        (None, (attrs.evolve(PUMP, category=None),), Priority.HIGH),
    ],
)
def test_an_earlier_failure_raises_the_priority(category: str | None, earlier: tuple[Earlier, ...], priority: Priority) -> None:
    """One of another kind raises it by one, one of the same kind by two: recovery does not work twice."""
    story = opened(*earlier, category=category)
    assert (story.told.repeats, story.told.priority) == (earlier, priority)
    assert {reason.rule for reason in story.decisions[0].warnings} == ({"case.repeat-visible"} if earlier else set())
    assert {step.priority for step in story.agenda} == {priority}


def test_priority_is_read_off_the_case() -> None:
    """It is as high as the problem is serious, an angry customer raises it, and so does a case that came back."""
    story, seen = opened(), list[Priority]()
    for mood, severity in ((None, None), (None, Severity.MINOR), (Mood.ANGRY, None), (None, Severity.CRITICAL)):
        if mood or severity:
            story.do(Assess(by="ana", severity=severity, mood=mood))
        seen.append(story.told.priority)
    assert seen == [Priority.NORMAL, Priority.LOW, Priority.NORMAL, Priority.URGENT]
    story.do(Assess(by="ana", severity=Severity.MINOR, mood=Mood.CALM))
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    story.do(Receive(contact=a_contact("It is dark again.", at=story.now)))
    assert story.told.priority is Priority.HIGH


def test_the_owner_hears_of_it_with_the_case() -> None:
    """The first message to the owner names the earlier cases, and how urgent it is; a first case says nothing of the kind."""
    (message,) = [out for out in opened(PUMP, category="pumps").decisions[0].messages if out.person == "ana"]
    body = PlainTexts().render(message).body
    assert "Look at: E1 (pumps)." in body
    assert "Priority: urgent." in body
    (first,) = [out for out in opened().decisions[0].messages if out.person == "ana"]
    assert "Priority" not in PlainTexts().render(first).body


def test_a_policy_may_switch_it_off() -> None:
    """Then nothing is warned about, shown, or raised."""
    policy = attrs.evolve(POLICY, strengths={"case.repeat-visible": Strength.OFF})
    story = Story.begins(policy=policy, context=Context(earlier=(PUMP,)))
    assert not story.decisions[0].warnings
    assert not story.told.repeats
    assert story.told.priority is Priority.NORMAL


def test_who_is_identified_later_is_recognised() -> None:
    """A contact from the tray, and a case whose customer was mistaken, show the earlier cases of whoever it is."""
    story = Story.begins(Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY), context=Context(earlier=None))
    story.context = Context(earlier=(PUMP,))
    assert warned(story.do(Identify(by="ana", customer=BO))) == {"case.repeat-visible"}
    assert story.told.repeats == (PUMP,)
    story.context = Context(earlier=(DARK,))
    story.do(Identify(by="ana", customer=Customer(name="Jo", id="7")))
    assert story.told.repeats == (DARK,)
    story.context = Context(earlier=())
    story.do(Identify(by="ana", customer=Customer(name="Mo", id="8")))
    assert not story.told.repeats


def test_a_linked_case_remembers_the_one_it_grew_out_of() -> None:
    """What comes after the time in which a case reopens is a second failure, and seen as one."""
    story = at_stage(Stage.FOLLOWED_UP_WEEKS)
    story.wait(days=60)
    (other,) = story.do(Receive(contact=a_contact("It is dark again.", at=story.now))).opens
    assert [one.case_id for one in other.case.repeats] == ["case-1"]
    assert {reason.rule for reason in other.warnings} == {"case.repeat-visible"}
    assert ("assigned", "ana") in letters(other)


# ---------------------------------------------------------------- which cases are earlier ones


def some_case(case_id: str, days: int = 0, category: str | None = None) -> Case:
    """Return a case that was opened so many days after Monday."""
    at = MONDAY.add(days=days)
    opening = OpenCase(case_id=case_id, reference=case_id.upper(), contact=a_contact(at=at, category=category))
    return decide(None, opening, policy=POLICY, now=at).case


def test_earlier_is_what_was_opened_before() -> None:
    """The oldest comes first, what was opened later does not count, and of two at one instant the id decides."""
    found = [some_case("c", 2), some_case("a", 1), some_case("b", 1), some_case("d", 3)]
    assert [one.case_id for one in earlier_cases(found, before=found[0])] == ["a", "b"]
    assert [one.case_id for one in earlier_cases(found, before=found[2])] == ["a"]
    assert [one.case_id for one in earlier_cases(found)] == ["a", "b", "c", "d"]


def test_what_was_no_failure_does_not_count() -> None:
    """Spam, duplicates and what waits in the tray are no earlier cases; a final no is one, and says so."""
    spam, twin, no, tray = (some_case(name) for name in ("spam", "twin", "no", "tray"))
    closing = attrs.evolve(spam.closing, reason=CloseReason.NOT_A_CASE)
    merged = attrs.evolve(twin.closing, reason=CloseReason.DUPLICATE, survivor="no")
    found = [
        attrs.evolve(spam, closing=closing),
        attrs.evolve(twin, closing=merged),
        attrs.evolve(no, resolving=attrs.evolve(no.resolving, resolution=Resolution.NOT_AGREED)),
        attrs.evolve(tray, receiving=attrs.evolve(tray.receiving, tray=("nobody",))),
    ]
    assert [(one.case_id, one.outcome) for one in earlier_cases(found)] == [("no", "not_agreed")]


def test_an_earlier_case_is_told_in_short() -> None:
    """What a later case remembers: the kind of problem, where it stands, how it ended, how often it came back."""
    case = some_case("a", category="pumps")
    closed = attrs.evolve(case, closing=attrs.evolve(case.closing, reason=CloseReason.WITHDRAWN, reopened=2))
    told = as_earlier(closed)
    assert (told.reference, told.category, told.outcome, told.reopened) == ("A", "pumps", "withdrawn", 2)
    assert as_earlier(case).outcome is None


def test_a_correction_of_something_else_leaves_the_earlier_cases() -> None:
    """Mending the issue says nothing about who the customer is."""
    story = opened(PUMP)
    story.do(Correct(by="ana", reason="a slip", issue="The display."))
    assert story.told.repeats == (PUMP,)
