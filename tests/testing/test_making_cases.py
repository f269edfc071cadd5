"""A case at any stage, by itself or on a desk: what it holds is what real commands leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from recovery import (
    Acknowledge,
    Address,
    Case,
    Channel,
    Close,
    CloseReason,
    Customer,
    Delivery,
    Desk,
    InvalidValue,
    MemoryStore,
    Moment,
    Policy,
    Problem,
    Refused,
    Resolution,
    Stage,
    rule,
)
from recovery.core.fold import fold
from recovery.core.practice import CHECKS
from recovery.core.vocabulary.receiving import Wake
from recovery.testing import DeskStory, FrozenNow, Given, Story, a_case, a_contact, a_desk, a_policy, a_story, moves
from recovery.testing.cases import WAY, Making
from recovery.testing.content import NARRATIVES
from recovery.testing.desks import clock_of, sent_by
from recovery.testing.moments import BERLIN, MONDAY


@pytest.mark.parametrize("stage", list(Stage))
def test_a_case_at_every_stage(stage: Stage) -> None:
    """Whoever tests a rule needs a case at its stage in one line."""
    case = a_case(stage)
    assert (case.stage, case.owner) == (stage, "ben")
    assert case.opened_at == MONDAY


@pytest.mark.parametrize("stage", list(Stage))
def test_a_case_on_a_desk_is_the_same_case(stage: Stage) -> None:
    """With a desk and without one the same commands lead there, and the desk finds nothing wrong."""
    desk = a_desk()
    case = a_case(stage, desk=desk)
    alone = a_story(stage)
    assert (case.stage, case.owner, desk.now()) == (alone.told.stage, alone.told.owner, alone.now)
    assert desk.load(case.id) == case
    assert not desk.doctor()


def test_it_is_the_fold_of_its_events() -> None:
    """Nothing is put into a case by a back door."""
    story = a_story(Stage.FOLLOWED_UP_WEEKS, delivers="the refund")
    assert fold(story.events) == story.told
    assert [recorded for decision in story.decisions for recorded in decision.events] == story.events


@pytest.mark.parametrize("reason", [reason for reason in CloseReason if reason is not CloseReason.NOT_AFFECTED])
@pytest.mark.parametrize("stage", WAY[:-1])
def test_a_case_closed_for_every_reason_from_every_open_stage(reason: CloseReason, stage: Stage) -> None:
    """Every reason to close has its own proof, and the case holds it."""
    case = a_case(Stage.CLOSED, closed=reason, closed_from=stage)
    assert (case.stage, case.closing.reason) == (Stage.CLOSED, reason)
    on_desk = a_case(Stage.CLOSED, closed=reason, closed_from=stage, desk=a_desk())
    assert (on_desk.stage, on_desk.closing.reason) == (Stage.CLOSED, reason)


def test_a_complaint_is_not_made_to_end_as_not_affected() -> None:
    """Only the case of an incident ends so, and whoever asks for another is told how to come by one."""
    with pytest.raises(InvalidValue, match="closed is for the cases of an incident"):
        a_case(Stage.CLOSED, closed=CloseReason.NOT_AFFECTED)


@pytest.mark.parametrize("settled", list(Resolution))
@pytest.mark.parametrize("stage", WAY[4:])
def test_a_case_settled_in_every_way(settled: Resolution, stage: Stage) -> None:
    """Accepted, simply done, or a final no: all three go on to the follow-ups."""
    case = a_case(stage, settled=settled)
    assert (case.stage, case.resolving.resolution) == (stage, settled)


@pytest.mark.parametrize("settled", [Resolution.ACCEPTED, Resolution.DONE])
def test_what_is_owed_has_arrived_or_not(settled: Resolution) -> None:
    """A refund on its way and one that is there make different cases; who was followed up has it."""
    owed = a_case(Stage.RESOLVED, settled=settled, delivers="the refund")
    there = a_case(Stage.RESOLVED, settled=settled, delivers="the refund", arrived=True)
    asked = a_case(Stage.FOLLOWED_UP_DAYS, settled=settled, delivers="the refund")
    assert [(case.resolving.deliveries[0].arrived_at is None) for case in (owed, there, asked)] == [True, False, False]


def test_channel_owner_and_words_can_be_chosen() -> None:
    """What a test is not about has real words in it; what it is about can be said."""
    case = a_case(channel=Channel.LETTER, owner="ana")
    assert (case.receiving.contacts[0].channel, case.owner) == (Channel.LETTER, "ana")
    assert case.receiving.issue in NARRATIVES[0].words
    told = a_case(contact=a_contact("The pump leaks.", category="pumps"))
    assert (told.receiving.issue, told.receiving.category) == ("The pump leaks.", "pumps")


def test_who_is_away_is_known() -> None:
    """Where the owner is away, the stand-in has the case from the beginning."""
    assert a_case(away=("ben",)).owner == "ana"


def test_another_case_may_be_there() -> None:
    """A duplicate can be closed into it, on a desk and without one."""
    duplicate = Close(by="ben", reason=CloseReason.DUPLICATE, survivor="case-2")
    assert a_story(another=True).do(duplicate).opens
    desk = a_desk()
    case = a_case(desk=desk, another=True)
    assert desk.handle(case.id, duplicate).case.stage is Stage.CLOSED


def test_it_begins_when_told() -> None:
    """A case may begin at any instant, local to the desk."""
    assert BERLIN.local_text(a_case(at="2026-05-04 09:30").opened_at) == "2026-05-04T09:30:00+02:00"


def test_a_policy_that_forbids_a_step_is_told() -> None:
    """There is no way round a rule: what the policy refuses, the helper cannot do either."""

    @rule("shop.not-today", heading="acknowledging", source="the shop", on=(Acknowledge,))
    def not_today(_case: Case, _command: Acknowledge, _moment: Moment) -> Iterator[Problem]:
        """Protects nobody: it is there to be in the way."""
        yield Problem("nobody writes today")

    policy = attrs.evolve(a_policy(), rules=(*CHECKS, not_today))
    assert a_case(Stage.RECEIVED, policy=policy).owner == "ben"
    with pytest.raises(Refused, match="nobody writes today"):
        a_case(Stage.RESOLVED, policy=policy)
    with pytest.raises(Refused, match="nobody writes today"):
        a_case(Stage.RESOLVED, desk=a_desk(policy))


@pytest.mark.parametrize(
    ("making", "field"),
    [
        ({"closed_from": Stage.FOLLOWED_UP_WEEKS}, "closed_from"),
        ({"settled": Resolution.NOT_AGREED, "delivers": "a part"}, "delivers"),
        ({"stage": "resolved"}, "stage"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(making: dict[str, object], field: str) -> None:
    """A test that asks for an impossible case hears which part of it cannot be."""
    with pytest.raises(InvalidValue) as refused:
        Given(**making)  # type: ignore[arg-type]
    assert [reason.field for reason in refused.value.reasons] == [field]


def test_the_keyword_types_name_the_same_fields() -> None:
    """What a type checker offers for a_case() is what Given takes."""
    assert {*Making.__annotations__, "stage"} == {field.name for field in attrs.fields(Given)}


def test_a_desk_that_runs_by_itself_cannot_be_moved() -> None:
    """On a desk with a real clock nobody can wait three days; the error says what to do."""
    desk = Desk(store=MemoryStore(), policy=a_policy())
    with pytest.raises(InvalidValue, match="runs by itself"):
        a_case(Stage.RESOLVED, desk=desk)
    with pytest.raises(InvalidValue, match="keeps nothing"):
        sent_by(desk)
    with pytest.raises(InvalidValue, match="stage is missing"):
        Given(stage=None).put_into(a_desk())


@pytest.mark.parametrize(
    ("making", "field"), [({"policy": a_policy()}, "policy"), ({"away": ("ben",)}, "away"), ({"contact": a_contact()}, "contact")]
)
def test_what_is_the_desks_own_cannot_be_given(making: dict[str, Any], field: str) -> None:
    """On a desk its policy and its directory hold, and a contact it has is not taken twice; nothing of it is dropped in silence."""
    desk = a_desk()
    desk.receive(a_contact())
    with pytest.raises(InvalidValue) as refused:
        a_case(desk=desk, **making)
    assert [reason.field for reason in refused.value.reasons] == [field]


def test_a_case_on_a_desk_may_begin_later() -> None:
    """A later beginning moves the desk's clock there first."""
    desk = a_desk()
    assert a_case(desk=desk, at="2026-03-05 10:00").opened_at == desk.now()


def test_a_desk_reads_the_same_every_time() -> None:
    """Ids and references come in order, so that what a test prints can be compared."""
    desk = a_desk(now="2026-03-05 10:00")
    assert [a_case(desk=desk).id for _ in range(2)] == ["case-1", "case-2"]
    assert clock_of(desk).local == "2026-03-05T10:00:00+01:00"
    assert len(sent_by(desk).sent) == 4


def test_a_clock_can_be_shared() -> None:
    """A test that moves its own clock moves the desk's."""
    now = FrozenNow()
    desk = a_desk(now=now, away=("ben",))
    now.move(days=1)
    assert desk.now() == now()
    assert a_case(desk=desk).owner == "ana"


def test_a_story_on_a_desk_is_told_on() -> None:
    """A story without a shell and one on a desk know the same words."""
    desk = a_desk()
    story = DeskStory(desk, a_case(desk=desk).id)
    story.do(Wake())
    assert (story.told.stage, story.now, story.policy.id) == (Stage.RECEIVED, MONDAY, desk.policy.id)
    assert story.reach(MONDAY) is None


def test_a_worker_looks_at_the_clocks_in_time() -> None:
    """Where time passes with a worker, each rung rings at its own instant; where nobody works, none does."""
    worked, asleep = a_story(), a_story()
    worked.work_until(MONDAY.add(days=1))
    asleep.wait(days=1)
    assert worked.kinds().count("AlarmRung") == 3
    assert "AlarmRung" not in asleep.kinds()
    assert worked.now == asleep.now


def test_a_story_that_has_not_begun_says_so() -> None:
    """Before it is opened there is no case to look at."""
    with pytest.raises(InvalidValue, match="is not there yet"):
        _ = Story().told


def test_a_customer_without_an_address_is_spoken_to_in_person() -> None:
    """Whatever the customer's ways, the helper finds one that the rules allow."""
    nobody = a_contact(sender=Customer(name="Bo"))
    phone = a_contact(sender=Customer(name="Bo", addresses=(Address(channel=Channel.PHONE, value="+49 30 1234"),)))
    for contact in (nobody, phone):
        assert a_case(Stage.FOLLOWED_UP_WEEKS, contact=contact).stage is Stage.FOLLOWED_UP_WEEKS


def test_a_policy_without_addresses_has_another_way_back() -> None:
    """Where nobody's address is on file, the helper gives a way back itself."""
    bare = Policy(fallback_owner="zoe", calendar=BERLIN)
    assert a_case(Stage.FOLLOWED_UP_WEEKS, policy=bare).following_up.weeks_at is not None


def test_a_move_that_has_no_ground_says_so() -> None:
    """What was not proposed cannot be accepted."""
    with pytest.raises(InvalidValue, match="was not proposed"):
        moves.accept(a_story(Stage.INVESTIGATING))


def test_messages_may_fail() -> None:
    """A story can let every message bounce, and look at its clocks."""
    story = Story.begins().deliver(Delivery.BOUNCED)
    assert story.wait(hours=2).wake().messages
    assert story.deliver(Delivery.BOUNCED).agenda


def test_another_policy_can_be_used() -> None:
    """A story is told under the policy it is given."""
    policy = Policy(fallback_owner="zoe", calendar=BERLIN)
    assert a_story(policy=policy).told.owner == "zoe"
