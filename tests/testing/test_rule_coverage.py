"""What a run has exercised, and the paths that exercise everything."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from recovery import Case, Channel, Close, CloseReason, Contact, InvalidValue, Moment, Policy, Problem, Stage, Trigger, rule
from recovery.core import decide as deciding
from recovery.core.practice import CHECKS
from recovery.core.stages import TABLE
from recovery.testing import Coverage, a_case, a_desk, a_policy, a_story, every_path, path_to, watching
from recovery.testing.paths import MOVES, Path, paths, rehearse


@rule("shop.fax", heading="receiving", source="the shop", on=(Close,))
def no_fax(case: Case, _command: Close, _moment: Moment) -> Iterator[Problem]:
    """Protects those who fax from being closed."""
    if any(contact.channel is Channel.FAX for contact in case.receiving.contacts):
        yield Problem("it came by fax")


MINE: Policy = attrs.evolve(a_policy(), rules=(*CHECKS, no_fax))


def test_a_run_is_watched_with_a_desk_and_without() -> None:
    """Edges, reasons to close, yes and no: all of it is counted wherever decide is asked."""
    with watching() as seen:
        a_case(Stage.CLOSED)
        a_case(Stage.CLOSED, desk=a_desk())
    assert (seen.edges[Stage.RECEIVED, Trigger.CLOSE], seen.reasons[CloseReason.WITHDRAWN]) == (2, 2)
    assert seen.kept["close.reasons"] == 2
    assert not seen.broken


def test_nothing_is_counted_outside() -> None:
    """What the core looks up while it is watched is put back, also after an error."""
    before = (Policy.checks_on, deciding.Decision)
    with pytest.raises(RuntimeError), watching() as seen:
        raise RuntimeError
    assert (Policy.checks_on, deciding.Decision) == before
    a_case(Stage.CLOSED)
    assert not seen.edges


def test_a_run_can_be_watched_in_parts() -> None:
    """What was seen earlier goes on."""
    seen = Coverage()
    for _ in range(2):
        with watching(seen):
            a_case(Stage.ACKNOWLEDGED)
    assert seen.edges[Stage.RECEIVED, Trigger.ACKNOWLEDGE] == 2


def test_one_watch_inside_another() -> None:
    """A test that watches itself takes nothing from the run that watches all tests."""
    with watching() as outer:
        with watching() as inner:
            a_case(Stage.CLOSED)
        a_case(Stage.CLOSED)
    assert (inner.edges[Stage.RECEIVED, Trigger.CLOSE], outer.edges[Stage.RECEIVED, Trigger.CLOSE]) == (1, 2)
    assert (inner.kept["close.reasons"], outer.kept["close.reasons"]) == (1, 2)


def test_it_changes_no_answer() -> None:
    """A story that is watched is the same story."""
    plain = a_story(Stage.FOLLOWED_UP_WEEKS)
    with watching():
        watched = a_story(Stage.FOLLOWED_UP_WEEKS)
    assert watched.events == plain.events


def test_what_was_not_exercised_is_listed() -> None:
    """A reader sees at a glance what no test has shown yet."""
    with watching() as seen:
        a_case(Stage.ACKNOWLEDGED)
    report = seen.report()
    assert not report.complete
    held = len(a_policy().checks) + len(a_policy().timing.clocks)
    assert report.summary.splitlines()[0] == f"1 of {len(TABLE)} edges taken; 0 of {held} checks and clocks seen kept and broken"
    assert "  edge acknowledged --investigate-->: not taken" in report.summary.splitlines()
    assert "  closing as no_answer: not done" in report.summary.splitlines()
    assert "  check acknowledge.says: never broken" in report.summary.splitlines()
    assert "  check propose.options-or-no: never kept and never broken" in report.summary.splitlines()
    assert "  clock acknowledge.immediately: never missed" in report.summary.splitlines()
    assert "edge received --acknowledge-->         1" in str(report)


def test_what_several_processes_saw_is_added() -> None:
    """Workers that share the tests of a run report as one."""
    with watching() as one:
        a_case(Stage.ACKNOWLEDGED)
    with watching() as other:
        a_case(Stage.CLOSED)
        rehearse(MINE, ())
    together = Coverage()
    for seen in (one, other):
        together.add(seen.to_data())
    with watching() as both:
        a_case(Stage.ACKNOWLEDGED)
        a_case(Stage.CLOSED)
        rehearse(MINE, ())
    assert together.report() == both.report()


def test_an_empty_run_has_exercised_nothing() -> None:
    """Where no policy was seen, the edges are still listed."""
    report = Coverage().report()
    assert len(report.missing) == len(TABLE) + len(CloseReason)


# ---------------------------------------------------------------- paths


def test_every_edge_is_taken_in_every_way() -> None:
    """The moves cover the table, and each leads where the table says."""
    assert {(move.source, move.trigger) for move in MOVES} == set(TABLE)
    assert {move.name for move in MOVES if move.trigger is Trigger.CLOSE} == {
        "close (withdrawn)",
        "close (duplicate)",
        "close (not a case)",
        "close (no answer)",
    }


@pytest.mark.parametrize("path", dict.fromkeys(paths()), ids=str)
def test_a_path_leads_where_it_says(path: Path) -> None:
    """Every path over the chart can be walked by real commands, step by step."""
    stages = [Stage.RECEIVED]
    story = path.walk()
    for event in (recorded.event for recorded in story.events):
        if event.trigger is not None:
            stages.append(TABLE[stages[-1], event.trigger])
    assert stages == [Stage.RECEIVED, *(move.target for move in path.moves)]
    assert story.told.stage is path.end
    assert story.deeds[0].commands


def test_paths_are_the_shortest() -> None:
    """Nobody walks further than needed."""
    assert str(path_to(Stage.RESOLVED)) == (
        "received --acknowledge--> acknowledged --investigate--> investigating --resolve (done)--> resolved"
    )
    assert len(path_to(Stage.INVESTIGATING, start=Stage.CLOSED).moves) == 2
    assert path_to(Stage.RECEIVED).end is Stage.RECEIVED
    over = next(move for move in MOVES if move.trigger is Trigger.DECLINE)
    assert path_to(over).moves[-1] is over
    assert str(over) == "resolution_proposed --decline--> investigating"


def test_between_every_two_stages_there_is_a_path_if_the_chart_has_one() -> None:
    """Every pair is there but those the chart rules out, such as back to received."""
    pairs = {(start, path_to(end, start=start).end) for start in Stage for end in Stage if _leads(start, end)}
    # From received all eight, itself included; from acknowledged all but received; from the others all but these two.
    assert len(pairs) == 8 + 7 + 6 * 6
    with pytest.raises(InvalidValue, match="received is not reached from closed"):
        path_to(Stage.RECEIVED, start=Stage.CLOSED)


def _leads(start: Stage, end: Stage) -> bool:
    try:
        return bool(path_to(end, start=start)) or True
    except InvalidValue:
        return False


def test_a_path_that_a_policy_forbids_is_reported() -> None:
    """Where a rule of your own stands in the way, the path is named with the reasons."""

    @rule("shop.never", heading="closing", source="the shop", on=(Close,))
    def never(_case: Case, _command: Close, _moment: Moment) -> Iterator[Problem]:
        """Protects the customer from being closed at all."""
        yield Problem("nothing is closed here")

    found = every_path(attrs.evolve(a_policy(), rules=(*CHECKS, never)))
    assert {path.end for path, _ in found.walked} == set(Stage) - {Stage.RECEIVED, Stage.CLOSED}
    assert all(any(move.trigger is Trigger.CLOSE for move in one.path.moves) for one in found.unreached)
    assert "nothing is closed here" in str(found.unreached[0])


def test_paths_and_catalogue_exercise_everything() -> None:
    """Every edge, every reason to close, every rule's yes and no, every clock met and missed."""
    report = rehearse()
    assert report.complete, report.summary


def test_a_rule_of_your_own_that_nothing_breaks_is_reported() -> None:
    """Whoever adds a rule sees that no scenario breaks it, until one does."""
    assert [line for line in rehearse(MINE).missing if "shop" in line] == ["check shop.fax: never broken"]


def test_scenarios_of_another_desk_do_no_harm() -> None:
    """Under a policy without the people of the catalogue its examples show what they can, and the paths all of the chart."""
    report = rehearse(Policy(fallback_owner="zoe", calendar=MINE.calendar))
    assert all(report.edges.values())


def test_a_contact_is_watched_too() -> None:
    """What comes in is a decision like any other."""
    desk = a_desk()
    with watching() as seen:
        desk.receive(Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=desk.now()))
    assert seen.broken["contact.logged"] == 1
