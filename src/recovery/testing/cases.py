"""A case at any stage, made by real commands through the real decide: by itself, or in a desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict, Unpack

import attrs
from attrs import field, frozen

from recovery.core.case import Case
from recovery.core.errors import InvalidValue, Reason
from recovery.core.policy import Policy
from recovery.core.precedent import GoodwillGiven, Precedent
from recovery.core.stages import Stage
from recovery.core.values import Value, checked, either, every, instant, invalid, is_id, later, maybe
from recovery.core.vocabulary.closing import CloseReason
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.known import Earlier
from recovery.core.vocabulary.proposing import Option
from recovery.core.vocabulary.receiving import Contact
from recovery.core.vocabulary.resolving import Resolution
from recovery.desk import Desk
from recovery.testing import moves
from recovery.testing.content import REFUND, a_contact, a_policy
from recovery.testing.desks import DeskStory, clock_of
from recovery.testing.moments import MONDAY, Told, instant_of
from recovery.testing.story import Story, Teller

__all__ = ["WAY", "Given", "Making", "a_case", "a_story"]

WAY = (
    Stage.RECEIVED,
    Stage.ACKNOWLEDGED,
    Stage.INVESTIGATING,
    Stage.RESOLUTION_PROPOSED,
    Stage.RESOLVED,
    Stage.FOLLOWED_UP_DAYS,
    Stage.FOLLOWED_UP_WEEKS,
)
"""The way through, in order."""


class Making(TypedDict, total=False):
    """How a case came to its stage: the fields of :class:`Given` but ``stage``."""

    channel: Channel
    contact: Contact | None
    owner: str | None
    by: str | None
    settled: Resolution
    delivers: str | None
    arrived: bool
    closed: CloseReason
    closed_from: Stage
    away: tuple[str, ...]
    earlier: tuple[str, ...]
    unknown: bool
    another: bool
    precedents: tuple[Precedent, ...]
    goodwill: tuple[GoodwillGiven, ...]
    win_back: bool


@frozen(kw_only=True)
class Given(Value):
    """The case a test begins with. Raises :class:`InvalidValue` for what cannot be, such as a final no that delivers something.

    ``stage`` is where it stands; ``None`` means that there is no case yet. ``contact`` is how it began, else a real complaint by
    ``channel``; ``owner`` has it, else whom the policy's routes name; ``by`` acts, else the owner. Once resolved, ``settled`` says
    how, ``delivers`` what has to reach the customer, and ``arrived`` that it has; at later stages it always has. A closed case was
    ``closed`` for that reason while it was ``closed_from``. ``away`` are people who are not there. ``earlier`` names the kind of
    problem of each earlier case of the customer, whose ids are ``earlier-1``, ``earlier-2``; with ``unknown`` nobody can tell if
    there are any. With ``another`` there is a second case, ``case-2``, which a duplicate can live on in. ``precedents`` are what
    similar cases got, and ``goodwill`` what others have been given beyond what was owed. With ``win_back`` the customer leaves at
    ``stage``, and the case is the one on which that loss is reviewed.
    """

    stage: Stage | None = field(default=Stage.RECEIVED, metadata=checked(maybe(either(Stage))))
    channel: Channel = field(default=Channel.EMAIL, metadata=checked(either(Channel)))
    contact: Contact | None = field(default=None, metadata=checked(maybe(either(Contact))))
    owner: str | None = field(default=None, metadata=checked(maybe(is_id)))
    by: str | None = field(default=None, metadata=checked(maybe(is_id)))
    settled: Resolution = field(default=Resolution.ACCEPTED, metadata=checked(either(Resolution)))
    delivers: str | None = field(default=None, metadata=checked(maybe(is_id)))
    arrived: bool = field(default=False, metadata=checked(either(bool)))
    closed: CloseReason = field(default=CloseReason.WITHDRAWN, metadata=checked(either(CloseReason)))
    closed_from: Stage = field(default=Stage.RECEIVED, metadata=checked(either(Stage)))
    away: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    earlier: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    unknown: bool = field(default=False, metadata=checked(either(bool)))
    another: bool = field(default=False, metadata=checked(either(bool)))
    precedents: tuple[Precedent, ...] = field(default=(), metadata=checked(every(either(Precedent))))
    goodwill: tuple[GoodwillGiven, ...] = field(default=(), metadata=checked(every(either(GoodwillGiven))))
    win_back: bool = field(default=False, metadata=checked(either(bool)))

    def faults(self) -> list[Reason]:
        """A case is closed before its end, and a final no delivers nothing."""
        found: list[Reason] = []
        if self.earlier and self.unknown:
            found.append(invalid("unknown", "does not go with earlier cases", "Leave one of the two out."))
        if self.closed_from not in WAY[:-1]:
            found.append(invalid("closed_from", "lies at the end", "Name a stage from received to followed_up_days."))
        if self.closed is CloseReason.NOT_AFFECTED:
            found.append(invalid("closed", "is for the cases of an incident", "Open one (desk.open_incident) and close its case."))
        if self.delivers is not None and self.settled is Resolution.NOT_AGREED:
            found.append(invalid("delivers", "does not go with a final no", "Leave it out, or settle it another way."))
        if self.win_back and self.stage not in WAY[:-1]:
            found.append(invalid("win_back", "begins where a case can still be lost", "Name a stage that is open."))
        return found

    def story(self, policy: Policy | None = None, at: Told = MONDAY) -> Story:
        """Return the story that leads there, begun at ``at``. Raises :class:`recovery.Refused` where ``policy`` forbids a step."""
        held = a_policy() if policy is None else policy
        story = Story(policy=held, now=instant_of(at, MONDAY, held.calendar))
        if self.away:
            story.away(*self.away)
        story.context = attrs.evolve(story.context, precedents=self.precedents, goodwill=self.goodwill)
        if self.earlier or self.unknown:
            known = None if self.unknown else tuple(_earlier(number, kind) for number, kind in enumerate(self.earlier, 1))
            story.context = attrs.evolve(story.context, earlier=known)
        if self.stage is not None:
            story.open(self._contact(story), self.owner)
            story.deliver()
            self._lead(story, self.stage)
        if self.win_back:
            moves.close_lost(story, self.by)
            story.go_on_with(story.decisions[-1].opens[0])
        if self.another:
            story.another()
        return story

    def put_into(self, desk: Desk) -> Case:
        """Make the case on ``desk``, whose frozen clock moves on as far as it takes, and return it as it is stored.

        Raises :class:`InvalidValue` without a stage, for ``away``, which is for the desk's directory to say, and for a contact that
        the desk has already, or for precedents and goodwill, which its own cases make.
        """
        if self.stage is None:
            raise InvalidValue("the case", [invalid("stage", "is missing", "Name the stage the case shall stand at.")])
        if self.away:
            raise InvalidValue("the case", [invalid("away", "is for the desk's directory to say", "Give a_desk(away=...).")])
        if self.precedents or self.goodwill:
            told = invalid("precedents", "are what the desk's cases make", "Make those cases on the desk.")
            raise InvalidValue("the case", [told])
        if self.earlier or self.unknown:
            hint = "Make them on the desk first, for the same customer."
            raise InvalidValue("the case", [invalid("earlier", "is for the desk's own cases to say", hint)])
        opened = desk.open(self._contact(desk), owner=self.owner)
        if opened.repeated:
            raise InvalidValue("the case", [invalid("contact", "is on the desk already", "Give it a message_id of its own.")])
        desk.deliver()
        story = DeskStory(desk, opened.case.id)
        self._lead(story, self.stage)
        if self.win_back:
            moves.close_lost(story, self.by)
            story = DeskStory(desk, story.told.receiving.links[-1])
        if self.another:
            story.another()
        return story.told

    def _contact(self, told_by: Story | Desk) -> Contact:
        if self.contact is not None:
            return self.contact
        if isinstance(told_by, Story):
            return a_contact(at=told_by.now, channel=self.channel)
        # The same words at the same instant would be the same message, and join the case that is there.
        number = sum(1 for _ in told_by.find()) + 1
        return a_contact(at=instant(told_by.now()), channel=self.channel, message_id=f"{number}@customer.example")

    # ------------------------------------------------------------ step by step

    def _lead(self, teller: Teller, stage: Stage) -> None:
        if stage is Stage.CLOSED:
            self._lead(teller, self.closed_from)
            self._close(teller)
            return
        for reached in WAY[1 : WAY.index(stage) + 1]:
            self._step(teller, reached, stage)

    def _step(self, teller: Teller, reached: Stage, stage: Stage) -> None:
        match reached:
            case Stage.ACKNOWLEDGED:
                _later(teller, "10 min")
                moves.acknowledge(teller, self.by)
            case Stage.INVESTIGATING:
                moves.investigate(teller, self.by)
            case Stage.RESOLUTION_PROPOSED if self._offers(stage):
                _later(teller, "2 h")
                moves.propose(teller, *self._options(), by=self.by)
            case Stage.RESOLUTION_PROPOSED:
                _later(teller, "2 h")
            case Stage.RESOLVED:
                self._resolve(teller, stage)
            case _:
                moves.follow_up(teller, self.by)

    def _offers(self, stage: Stage) -> bool:
        """Whether there is a proposal on the way: what is simply done, or a final no, needs none."""
        return self.settled is Resolution.ACCEPTED or stage is Stage.RESOLUTION_PROPOSED

    def _options(self) -> tuple[Option, ...]:
        return () if self.delivers is None else (attrs.evolve(REFUND, delivers=self.delivers),)

    def _resolve(self, teller: Teller, stage: Stage) -> None:
        if self.settled is Resolution.ACCEPTED:
            moves.accept(teller, self.by)
        else:
            moves.settle(teller, self.settled, delivers=self.delivers, by=self.by)
        if self.arrived or stage is not Stage.RESOLVED:
            moves.arrive(teller, self.by)

    def _close(self, teller: Teller) -> None:
        close = {
            CloseReason.WITHDRAWN: moves.close_withdrawn,
            CloseReason.DUPLICATE: moves.close_duplicate,
            CloseReason.NOT_A_CASE: moves.close_not_a_case,
            CloseReason.NO_ANSWER: moves.close_no_answer,
            CloseReason.LOST: moves.close_lost,
        }[self.closed]
        close(teller, self.by)


def _earlier(number: int, kind: str) -> Earlier:
    """Return an earlier case, of a winter before, that went the whole way."""
    return Earlier(
        case_id=f"earlier-{number}",
        reference=f"E{number}",
        stage=Stage.FOLLOWED_UP_WEEKS,
        opened_at=later(MONDAY, timedelta(days=30 * number - 390)),
        category=kind,
        outcome="accepted",
    )


def _later(teller: Teller, length: str) -> None:
    teller.reach(instant_of(f"+{length}", teller.now, teller.policy.calendar))


def a_story(
    stage: Stage | None = Stage.RECEIVED,
    *,
    policy: Policy | None = None,
    at: Told = MONDAY,
    **making: Unpack[Making],
) -> Story:
    """Return the story of a case that has come to ``stage`` by real commands: ``story.told`` is the case, ``story.now`` the time.

    Everything else is as for :func:`a_case`.
    """
    return Given(stage=stage, **making).story(policy, at)


def a_case(
    stage: Stage = Stage.RECEIVED,
    *,
    policy: Policy | None = None,
    at: Told | None = None,
    desk: Desk | None = None,
    **making: Unpack[Making],
) -> Case:
    """Return a case at ``stage``, made by real commands through the real decide, so that it holds what such a case holds.

    >>> a_case(Stage.RESOLVED, delivers="the refund").resolving.deliveries[0].what
    'the refund'

    How it came there is said by the fields of :class:`Given`. It began at ``at`` (a Monday morning unless given), under ``policy``
    (:func:`a_policy` unless given). With ``desk`` it is made there, under the desk's policy, now or at ``at``, and the desk's
    frozen clock moves on as far as it takes. Raises :class:`recovery.Refused` where the policy forbids a step of the way, and
    :class:`InvalidValue` for what cannot be.
    """
    given = Given(stage=stage, **making)
    if desk is None:
        return given.story(policy, MONDAY if at is None else at).told
    if policy is not None:
        raise InvalidValue("the case", [invalid("policy", "is the desk's own", "Leave it out, or give it to the desk.")])
    if at is not None:
        clock_of(desk).to(at)
    return given.put_into(desk)
