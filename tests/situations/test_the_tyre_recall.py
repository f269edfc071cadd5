"""The tyre recall."""

from __future__ import annotations

from docpages.situations import played
from recovery import Case, CloseReason, Stage
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, local
from the_tyre_recall import INES, KARL, LEA, OMAR

STORY = "the_tyre_recall"


def of(person: str | None) -> list[Case]:
    """Return the cases of one customer."""
    return [case for case in played(STORY).cases() if case.receiving.customer.id == person]


def test_a_word_that_blames_the_maker_reaches_nobody() -> None:
    """The outreach that shifts the fault and sends people to the manufacturer is refused before anybody has a case."""
    told = played(STORY)
    assert {"own.no-blame", "own.no-passing-on"} <= set(told.refused)
    drafted = next(number for number, line in enumerate(told.lines) if line.kind is Kind.DRAFT)
    assert {line.case_id for line in told.lines[:drafted] if line.case_id} == {of(OMAR.id)[0].id}
    read = "\n".join(line.text for line in told.lines if line.kind in (Kind.WRITTEN, Kind.SAID))
    assert "anufacturer" not in read


def test_everybody_affected_has_one_case_and_no_more() -> None:
    """Who stands twice on the list is one person, who had complained is joined, and who was told is not told again."""
    told = played(STORY)
    assert [len(of(person.id)) for person in (OMAR, INES, KARL, LEA)] == [1, 1, 1, 1]
    assert len(told.cases()) == 5
    (omar,) = of(OMAR.id)
    assert omar.responsibility.affected is not None
    assert omar.responsibility.affected.complained
    first = [line.at for line in told.mails("Ines Kruse") if line.subject.startswith("We have to tell you")]
    assert first == [local("2026-03-03 10:00")]


def test_running_it_again_tells_nobody_twice() -> None:
    """The same list with one more name: he has his case, and for the others nothing is opened and nothing said."""
    told = played(STORY)
    assert any(line.text == "1 person is new, and the other 4 do not hear it twice." for line in told.lines)
    outreach = [line for line in told.lines if line.kind is Kind.WRITTEN and line.subject.startswith("We have to tell you")]
    assert sorted(line.who for line in outreach) == ["Finn Jansen", "Ines Kruse", "Lea Jansen"]


def test_whoever_no_software_reaches_is_called_on_the_same_day() -> None:
    """Karl has no mail: the word is a step of Ana's, and was taken within the half hour."""
    told = played(STORY)
    assert told.mails("Karl Thomsen") == []
    (karl,) = of(KARL.id)
    called = [out for out in karl.receiving.outgoing if out.person is None and out.channel.value == "phone"]
    assert called[0].at == local("2026-03-03 10:20")
    assert {out.state.value for out in called} == {"sent"}


def test_nobody_is_dropped_on_hearsay() -> None:
    """Not affected is an end, and needs to be said how we know; what she asked was answered first."""
    told = played(STORY)
    assert "close.reasons" in told.refused
    (lea,) = of(LEA.id)
    assert (lea.stage, lea.closing.reason) == (Stage.CLOSED, CloseReason.NOT_AFFECTED)
    assert "I tell your brother myself, today" in told.mails("Lea Jansen")[-1].text


def test_all_hear_the_same_word_on_the_day_that_was_named() -> None:
    """Two updates and the end reach everybody whose case is open, each before the date that was promised."""
    told = played(STORY)
    for name in ("Omar Haddad", "Ines Kruse", "Finn Jansen"):
        news = [line.at for line in told.mails(name) if local("2026-03-04 00:00") < line.at < local("2026-03-08 00:00")]
        assert news == [local("2026-03-04 10:00"), local("2026-03-06 16:00"), local("2026-03-07 16:00")]
    promises = [found for case in told.cases() for found in told.desk.clocks(case.id) if found.rule == "promise.tracked"]
    assert {found.outcome.value for found in promises} <= {"met", "ended"}


def test_the_clocks_of_being_in_touch_do_not_begin_when_all_is_done() -> None:
    """Who first speaks when asked whether it is solved has nothing to wait for: nobody is reminded to propose what is done."""
    told = played(STORY)
    (ines,) = of(INES.id)
    started = {found.clock for found in told.desk.clocks(ines.id)}
    assert not {"contact.keep-informed", "propose.in-time"} & started


def test_each_of_them_is_asked_twice() -> None:
    """The incident ends for all at once, and each is asked after days and after weeks, Karl by letter since he was called."""
    told = played(STORY)
    for case in told.cases():
        if case.stage is not Stage.CLOSED:
            assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
    (karl,) = of(KARL.id)
    assert {channel.value for attempt in karl.following_up.attempts for channel in attempt.via} == {"letter"}
