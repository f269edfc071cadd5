"""How the owners of the demo work: each working day they look at the agenda and take the steps that are due, one after another."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from recovery import AcceptHandover, Case, Command, MoveCase, OfferHandover, Query, Stage, agenda
from recovery.cli.demo import acts
from recovery.cli.demo.play import Play

__all__ = ["begins_leave", "hands_over", "looks_at_agenda", "reads"]

AHEAD = timedelta(days=10)
MINUTES_EACH = 4
NOT_YET = frozenset({"customer.chased", "resolve.delivered", "resolve.whole-case", "follow-up.weeks", "follow-up.days"})
"""Clocks that nobody works on before they are due; the others can be seen to beforehand."""

ALWAYS = frozenset({"contact.wishes", "contact.logged", "case.never-forgotten"})
"""Clocks that ask for no word to the customer."""


def reads(play: Play, case_id: str) -> None:
    """The owner has read a new complaint."""
    case = play.case(case_id)
    if case.owner not in play.world.away(play.time.now):
        attends(play, case_id)


def looks_at_agenda(play: Play, morning: bool) -> None:
    """Everybody looks at what is due and takes it case by case."""
    now = play.time.now
    if not play.time.calendar.is_open(now):
        return
    steps = play.desk.agenda(until=now + AHEAD)
    if morning:
        tonight = play.time.calendar.closing_of_day(now)
        play.mornings.append((now, sum(step.due_at is not None and step.due_at <= tonight for step in steps)))
    mine: dict[str, list[str]] = {}
    for step in steps:
        soon = step.due_at is not None and step.due_at <= acts.next_noon(play)
        cases = mine.setdefault(step.whom, [])
        if (soon or step.clock not in NOT_YET) and step.case_id not in cases:
            cases.append(step.case_id)
    for number, (_person, cases) in enumerate(sorted(mine.items())):
        for place, case_id in enumerate(cases):
            play.time.after(MINUTES_EACH * place + number / 2, partial(attends, play, case_id))


def attends(play: Play, case_id: str) -> None:
    """Take the first step of a case that can be taken now."""
    case = play.desk.load(case_id)
    away = play.world.away(play.time.now)
    if not play.time.calendar.is_open(play.time.now) or (case.owner in away and not case.in_tray):
        return
    for step in agenda(case, play.desk.policy_for(case)):
        act = acts.ACTS.get(step.clock)
        held = _held(play, case) and step.clock not in ALWAYS
        if act is not None and step.whom not in away and not held and act(play, case, step):
            return


def _held(play: Play, case: Case) -> bool:
    """Whether the owner says nothing just now: there is a message to read first, or the customer wants somebody else."""
    return bool(play.plan(case.id).being_read) or case.ownership.unwanted == case.owner


def hands_over(play: Play) -> None:
    """Before leaving, the owner offers what cannot wait to a colleague, with a briefing."""
    leaving = play.world.on_leave
    colleague = acts.stand_in(play, leaving)
    working = [case for case in _cases_of(play, leaving) if case.stage in (Stage.INVESTIGATING, Stage.RESOLUTION_PROPOSED)]
    for number, case in enumerate(working[:2]):
        briefing = "I am away from tomorrow on. The records are asked for, and the next word is owed; nothing else is promised."
        play.time.after(3 * number, partial(_does, play, case.id, OfferHandover(by=leaving, to=colleague, briefing=briefing)))
        play.time.at_work(60 + 3 * number, partial(_accepts, play, case.id, colleague))


def _does(play: Play, case_id: str, command: Command) -> None:
    play.do(case_id, command)


def _accepts(play: Play, case_id: str, colleague: str) -> None:
    if play.desk.load(case_id).ownership.offer is not None:
        play.do(case_id, AcceptHandover(by=colleague))


def begins_leave(play: Play) -> None:
    """On the first morning of the leave the supervisor moves what is still open."""
    leaving = play.world.on_leave
    supervisor = play.desk.policy.terms.supervisor(leaving)
    colleague = acts.stand_in(play, leaving)
    for number, case in enumerate(_cases_of(play, leaving)):
        to = colleague if case.ownership.unwanted != colleague else supervisor
        move = MoveCase(by=supervisor, to=to, reason=f"{leaving} is on leave")
        play.time.after(2 * number, partial(_moves, play, case.id, move))


def _moves(play: Play, case_id: str, move: MoveCase) -> None:
    case = play.desk.load(case_id)
    if not case.ended and case.owner == play.world.on_leave:
        play.do(case_id, move)


def _cases_of(play: Play, person: str) -> list[Case]:
    return list(play.desk.find(Query(owner=person, open_only=True)))
