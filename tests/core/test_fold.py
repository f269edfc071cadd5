"""The fold: a case is what its events say, in the order of their numbers; a history that was not decided here is refused."""

from __future__ import annotations

import attrs
import pytest

from recovery.core.case import Case, Rang
from recovery.core.fold import apply, begin, fold
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge, Acknowledged
from recovery.core.vocabulary.closing import CaseClosed, Close, CloseReason
from recovery.core.vocabulary.common import Channel, Event, Mark, Recorded, Said, Word
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed, Inform
from recovery.core.vocabulary.proposing import RecordDecline
from recovery.core.vocabulary.receiving import (
    AlarmRung,
    Delivery,
    DeliveryReported,
    MessagePrepared,
    MessageWithheld,
    Part,
    PolicyMoved,
    Receive,
    ReportDelivery,
)
from support import MONDAY, Story, a_contact, at_stage, by_mail, said


def entry(case: Case, event: Event) -> Recorded:
    """Return ``event`` as the next entry of ``case``."""
    return Recorded(seq=case.version + 1, recorded_at=case.recorded_at, event=event)


def names(case: Case) -> list[str]:
    """Return the names of the marks of ``case``."""
    return [mark.name for mark in case.marks]


@pytest.mark.parametrize("stage", list(Stage))
def test_a_case_is_the_fold_of_its_events(stage: Stage) -> None:
    """At every stage folding the history gives the case, however the entries are handed over."""
    story = at_stage(stage)
    assert fold(story.events) == fold(iter(tuple(story.events))) == story.told
    assert story.told.stage is stage
    assert story.told.version == len(story.events)


def test_a_case_grows_entry_by_entry() -> None:
    """Each entry gives the next version of the case and leaves the version before it as it was."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS)
    case = begin(story.events[0])
    for recorded in story.events[1:]:
        before, copied = case, attrs.evolve(case)
        case = apply(case, recorded)
        assert before == copied
        assert (case.version, case.recorded_at) == (recorded.seq, recorded.recorded_at)
    assert case == story.told


def test_no_events_make_no_case() -> None:
    """Without an entry there is no case, and the error says so."""
    with pytest.raises(ValueError, match="there are no events"):
        fold(())


def test_a_case_begins_with_its_opening() -> None:
    """A history whose first entry opens nothing is no history of a case."""
    story = at_stage(Stage.ACKNOWLEDGED)
    with pytest.raises(ValueError, match="begins with CaseOpened, CaseAdopted or AffectedCaseOpened, not with MessagePrepared"):
        fold(story.events[1:])


@pytest.mark.parametrize("lost", [1, 2])
def test_a_gap_in_the_history_is_found(lost: int) -> None:
    """A history with an entry missing, or one twice, is refused with both numbers."""
    events = at_stage(Stage.ACKNOWLEDGED).events
    with pytest.raises(ValueError, match=f"event {lost + 2} does not follow event {lost} of case case-1"):
        fold([*events[:lost], *events[lost + 1 :]])
    with pytest.raises(ValueError, match=f"event {lost} does not follow event {lost} of case case-1"):
        fold([*events[:lost], events[lost - 1]])


def test_a_step_the_chart_does_not_have_is_refused() -> None:
    """An entry that moves a case where the chart has no way was not decided here, and is named."""
    case = at_stage(Stage.CLOSED).told
    again = CaseClosed(at=MONDAY, by="ana", reason=CloseReason.WITHDRAWN)
    with pytest.raises(ValueError, match="case case-1 cannot close from closed"):
        apply(case, entry(case, again))


def test_the_clocks_of_a_case_are_those_of_its_last_policy() -> None:
    """A case is pinned to the policy it was opened under until it is moved to another."""
    case = at_stage(Stage.ACKNOWLEDGED).told
    assert apply(case, entry(case, PolicyMoved(at=MONDAY, by="ana", policy_id="p2", reason="new hours"))).policy_id == "p2"


def test_a_case_remembers_how_far_a_ladder_was_climbed() -> None:
    """Of each run the last rung and its instant are kept, and other runs keep theirs."""
    case = at_stage(Stage.ACKNOWLEDGED).told

    def rung(run: str, number: int) -> Event:
        return AlarmRung(at=MONDAY.add(hours=number), by="recovery", clock="c", rule="r", run=run, rung=number, whom="owner")

    for event in (rung("a", 0), rung("b", 0), rung("a", 1)):
        case = apply(case, entry(case, event))
    assert case.rungs == {"a": Rang(rung=1, at=MONDAY.add(hours=1)), "b": Rang(rung=0, at=MONDAY)}


def test_only_the_message_that_is_waived_owes_no_answer() -> None:
    """A waived message starts no clock any more; a younger one still does."""
    story = at_stage(Stage.RESOLUTION_PROPOSED)
    for number in (1, 2):
        story.wait(minutes=number).do(Receive(contact=a_contact(f"No. {number}", at=story.now)))
    first, second = story.told.receiving.contacts[-2:]
    assert [mark.seq for mark in story.told.marks if mark.name == "wrote"] == [first.seq, second.seq]
    decline = Said(channel=Channel.EMAIL, contact=first.seq)
    story.do(RecordDecline(by="ana", said=decline))
    assert [mark.seq for mark in story.told.marks if mark.name == "wrote"] == [second.seq]


# ---------------------------------------------------------------- what a word leaves, and when


def test_a_word_counts_while_it_is_on_its_way_and_once_it_has_arrived() -> None:
    """What a word leaves is there from the writing on, gone when it is lost, and dated by its sending when it is sent."""
    story = at_stage(Stage.RECEIVED)
    story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=1)))
    mail = story.told.receiving.outgoing[-1]
    assert story.told.last("acknowledged") is not None
    story.wait(minutes=5).do(ReportDelivery(message_id=mail.id, delivery=Delivery.SENT))
    left = story.told.last("acknowledged")
    assert left is not None
    assert left.at == story.now
    story.do(ReportDelivery(message_id=mail.id, delivery=Delivery.BOUNCED))
    assert not {"acknowledged", "spoke", "answered", "word_promised"} & set(names(story.told))


def test_a_word_that_was_said_leaves_its_marks_at_once() -> None:
    """A call that reached the customer counts when it is on record; one that did not leaves nothing."""
    story = at_stage(Stage.INVESTIGATING)
    spoke = names(story.told).count("spoke")
    reached = CustomerInformed(at=story.now, by="ana", word=Word(via=frozenset({Channel.PHONE}), said_at=story.now))
    missed = attrs.evolve(reached, word=attrs.evolve(reached.word, reached=False))
    assert names(apply(story.told, entry(story.told, reached))).count("spoke") == spoke + 1
    assert names(apply(story.told, entry(story.told, missed))).count("spoke") == spoke


def test_a_word_that_leaves_earlier_messages_unanswered_only_breaks_the_silence() -> None:
    """A word with ``answers=False`` is a word, and answers nothing."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Inform(by="ana", word=Word(via=frozenset({Channel.EMAIL}), text="More tomorrow.", answers=False)))
    about = [mark for mark in story.told.marks if mark.word == story.events[-2].seq]
    assert [mark.name for mark in about] == ["spoke"]


def test_an_owed_call_counts_from_its_report_and_covers_what_came_before() -> None:
    """What a call says counts once it is made, with the number of the report: later than every message it answers."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Inform(by="ana", word=Word(via=frozenset({Channel.PHONE}), text="I call.")))
    call = story.told.receiving.outgoing[-1]
    assert call.manual
    spoke = names(story.told).count("spoke")
    story.wait(minutes=1).do(Receive(contact=a_contact("Hello?", at=story.now)))
    story.wait(minutes=1).do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.SENT))
    assert names(story.told).count("spoke") == spoke + 1
    answered = story.told.last("answered")
    assert answered is not None
    assert answered.seq == story.told.version
    assert story.told.since("wrote", "answered") is None


def test_a_message_lost_to_one_reader_takes_nothing_from_another() -> None:
    """The mail to the owner about a contact is not the receipt: when the receipt is lost its mark goes, and only its mark."""
    story = Story.begins()
    receipt = next(out for out in story.told.receiving.outgoing if out.person is None)
    before = names(story.told)
    story.do(ReportDelivery(message_id=receipt.id, delivery=Delivery.GIVEN_UP))
    assert set(before) - set(names(story.told)) == {"receipted"}


def test_what_becomes_of_a_message_nobody_wrote_changes_no_mark() -> None:
    """A delivery report or a withholding of a message that is not on the case leaves every mark as it is."""
    case = at_stage(Stage.ACKNOWLEDGED).told
    for event in (
        DeliveryReported(at=MONDAY, by="recovery", message_id="elsewhere", delivery=Delivery.BOUNCED),
        MessageWithheld(at=MONDAY, by="recovery", message_id="elsewhere", rule="contact.wishes"),
    ):
        after = apply(case, entry(case, event))
        assert [mark for mark in after.marks if mark.key != "elsewhere"] == list(case.marks)


def test_marks_stand_in_the_order_of_what_was_said() -> None:
    """A mark of a word that is prepared later stands where the word stands, before what came after it."""
    case = at_stage(Stage.INVESTIGATING).told
    spoke = Mark(name="spoke", at=MONDAY, seq=2)
    event = MessagePrepared(
        at=MONDAY, by="recovery", message_id="m", channel=Channel.EMAIL, parts=(Part(template="receipt", about=2, marks=(spoke,)),)
    )
    after = apply(case, entry(case, event))
    assert [mark.seq for mark in after.marks] == sorted(mark.seq for mark in after.marks)
    assert len(after.marks) == len(case.marks) + 1


def test_the_case_knows_what_it_was_told() -> None:
    """Who acknowledged, by which name and with which way back, is on the case, and so is why it was closed."""
    story = at_stage(Stage.ACKNOWLEDGED)
    assert any(isinstance(recorded.event, Acknowledged) for recorded in story.events)
    assert (story.told.acknowledging.name, story.told.acknowledging.reach) == ("Ana Sola", "ana@desk.example")
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert (story.told.ended, story.told.ended_at, story.told.closing.reason) == (True, story.now, CloseReason.WITHDRAWN)


def test_a_case_says_when_it_ended() -> None:
    """A case that went the whole way ended with its second follow-up; an open case has not ended."""
    assert at_stage(Stage.FOLLOWED_UP_WEEKS).told.ended_at == at_stage(Stage.FOLLOWED_UP_WEEKS).told.following_up.weeks_at
    assert at_stage(Stage.RESOLVED).told.ended_at is None
    assert not at_stage(Stage.RESOLVED).told.ended


def test_a_case_finds_its_contacts_by_number() -> None:
    """A contact is found by its number on the case, and a number that is none finds nothing."""
    case = at_stage(Stage.RECEIVED).told
    found = case.contact(1)
    assert found is not None
    assert (found.seq, found.channel) == (1, Channel.EMAIL)
    assert case.contact(99) is None
