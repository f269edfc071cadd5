"""The shortest ways over the chart, by real commands: to every edge, between every two stages, for every reason to close.

A way is a row of moves; walking it plays them by the real decide, so a policy that forbids one is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from attrs import field, frozen

from recovery.core.errors import InvalidValue, RecoveryError
from recovery.core.policy import Policy
from recovery.core.stages import TABLE, Stage, Trigger
from recovery.core.values import invalid
from recovery.core.vocabulary.resolving import Resolution
from recovery.testing import moves
from recovery.testing.catalogue import examples
from recovery.testing.content import a_policy
from recovery.testing.coverage import Report, watching
from recovery.testing.scenario import Scenario
from recovery.testing.story import Story, Teller

__all__ = ["MOVES", "Move", "Path", "Paths", "Unreached", "every_path", "path_to", "paths", "rehearse"]

Play = Callable[[Teller], None]


@frozen
class Move:
    """One edge of the chart, and one of the ways in which people take it: ``close (withdrawn)`` is one of four ways to close."""

    name: str
    source: Stage
    trigger: Trigger
    play: Play = field(eq=False, repr=False)

    @property
    def target(self) -> Stage:
        """Where it leads to."""
        return TABLE[self.source, self.trigger]

    def __str__(self) -> str:
        return f"{self.source.value} --{self.name}--> {self.target.value}"


_WAYS: dict[Trigger, tuple[tuple[str, Play], ...]] = {
    Trigger.ACKNOWLEDGE: (("acknowledge", moves.acknowledge),),
    Trigger.INVESTIGATE: (("investigate", moves.investigate),),
    Trigger.PROPOSE: (("propose", moves.propose),),
    Trigger.DECLINE: (("decline", moves.decline),),
    Trigger.RESOLVE: (
        ("accept", moves.accept),
        ("resolve (done)", moves.settle),
        ("resolve (final no)", partial(moves.settle, outcome=Resolution.NOT_AGREED)),
    ),
    Trigger.FOLLOW_UP: (("follow up (solved)", moves.follow_up), ("follow up (unanswered)", moves.pass_follow_up)),
    Trigger.REOPEN: (("follow up (not solved)", moves.not_solved), ("reopen", moves.reopen), ("write again", moves.write_again)),
    Trigger.CLOSE: (
        ("close (withdrawn)", moves.close_withdrawn),
        ("close (duplicate)", moves.close_duplicate),
        ("close (not a case)", moves.close_not_a_case),
        ("close (no answer)", moves.close_no_answer),
    ),
}

_NOT_FROM = {
    "accept": frozenset({Stage.INVESTIGATING}),  # nothing is on the table to be accepted
    "write again": frozenset({Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS}),  # there a word joins, and a person's report reopens
}

MOVES: tuple[Move, ...] = tuple(
    Move(name, source, trigger, play)
    for source, trigger in TABLE
    for name, play in _WAYS[trigger]
    if source not in _NOT_FROM.get(name, frozenset())
)
"""Every way in which every edge of the chart is taken."""


@frozen
class Path:
    """Moves that follow each other, from the first word of the customer on."""

    moves: tuple[Move, ...] = ()

    @property
    def end(self) -> Stage:
        """The stage it leads to."""
        return self.moves[-1].target if self.moves else Stage.RECEIVED

    def walk(self, policy: Policy | None = None) -> Story:
        """Play it by the real decide and return the story; ``story.deeds`` are its commands, each with its instant.

        Raises :class:`recovery.Refused` where the policy forbids a move.
        """
        story = Story.begins(policy=policy).deliver()
        for move in self.moves:
            move.play(story)
        return story

    def __str__(self) -> str:
        return "received" + "".join(f" --{move.name}--> {move.target.value}" for move in self.moves)


@frozen(kw_only=True)
class Unreached:
    """A path that could not be walked, and why."""

    path: Path
    why: str

    def __str__(self) -> str:
        return f"{self.path}\n  {self.why}"


@frozen(kw_only=True)
class Paths:
    """Paths that were walked, each with its story, and those that could not be."""

    walked: tuple[tuple[Path, Story], ...]
    unreached: tuple[Unreached, ...]


def path_to(target: Stage | Move, *, start: Stage = Stage.RECEIVED) -> Path:
    """Return the shortest path from the first word to ``target``: a stage, or over a move; by way of ``start``, if that is given.

    Raises :class:`InvalidValue` where the chart has no such way.
    """
    first = _shortest(Stage.RECEIVED, start)
    last = target.source if isinstance(target, Move) else target
    then = _shortest(start, last)
    over = (target,) if isinstance(target, Move) else ()
    return Path((*first, *then, *over))


def _shortest(source: Stage, target: Stage) -> tuple[Move, ...]:
    ways = _ways_from(source)
    if target not in ways:
        why = f"{target.value} is not reached from {source.value}"
        raise InvalidValue("the path", [invalid("target", why, "No edge leads there.")])
    return ways[target]


def _ways_from(source: Stage) -> Mapping[Stage, tuple[Move, ...]]:
    ways: dict[Stage, tuple[Move, ...]] = {source: ()}
    ahead = [source]
    for stage in ahead:
        for move in MOVES:
            if move.source is stage and move.target not in ways:
                ways[move.target] = (*ways[stage], move)
                ahead.append(move.target)
    return ways


def paths() -> Iterator[Path]:
    """Yield the shortest path over every move (so over every edge, for every reason to close) and between every two stages.

    Pairs of which the chart has no way from one to the other are left out: nothing leads back to *received*.
    """
    yield from (path_to(move) for move in MOVES)
    for start in Stage:
        yield from (path_to(end, start=start) for end in _ways_from(start) if end is not start)


def every_path(policy: Policy | None = None) -> Paths:
    """Walk every path of :func:`paths` under ``policy`` and return the stories, and which paths could not be walked, and why."""
    walked: list[tuple[Path, Story]] = []
    unreached: list[Unreached] = []
    for path in dict.fromkeys(paths()):
        try:
            walked.append((path, path.walk(policy)))
        except RecoveryError as error:
            unreached.append(Unreached(path=path, why=str(error)))
    return Paths(walked=tuple(walked), unreached=tuple(unreached))


def rehearse(policy: Policy | None = None, scenarios: Iterable[Scenario] | None = None) -> Report:
    """Play every path and every scenario under ``policy`` and return which edges, and whose yes and no, were reached or not.

    ``scenarios`` is the catalogue unless given; add your own: ``(*examples(), *mine)``. A rule you have added and nothing here
    exercises is reported as never kept or never broken.
    """
    held = a_policy() if policy is None else policy
    with watching() as seen:
        every_path(held)
        for scenario in examples() if scenarios is None else scenarios:
            _played(scenario, held)
    return seen.report(held)


def _played(scenario: Scenario, policy: Policy) -> None:
    """Play a scenario; under another policy than it was written for it may be refused on the way, and then shows nothing more."""
    try:
        scenario.run(policy)
    except RecoveryError:
        return
