"""The desk itself: what can be done with it. How, stand in the modules beside this one, which load when they are first used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Unpack

import pendulum
from attrs import field, frozen

from recovery import desk as inside
from recovery.core.errors import InvalidValue
from recovery.core.values import invalid
from recovery.desk.ending import Ending, checked
from recovery.desk.values import CHANCE, Criteria, Retries, new_identity

if TYPE_CHECKING:
    from random import Random

    from recovery.core.agenda import Reading, Step
    from recovery.core.briefing import Briefing
    from recovery.core.case import Case
    from recovery.core.errors import Reason
    from recovery.core.learning import Learning, Per
    from recovery.core.policy import Policy
    from recovery.core.reference import Identity
    from recovery.core.repeats import Likeness
    from recovery.core.risk import AtRisk
    from recovery.core.routing import Routing
    from recovery.core.suggesting import Suggestion
    from recovery.core.vocabulary.common import Channel, Command, Customer
    from recovery.core.vocabulary.known import Earlier, Twin
    from recovery.core.vocabulary.receiving import Contact, Ticket
    from recovery.core.vocabulary.responsibility import Incident
    from recovery.desk.values import (
        Adoption,
        Drafted,
        Entry,
        Health,
        IncidentStanding,
        IncidentWork,
        News,
        Outcome,
        Preview,
        Round,
        Work,
    )
    from recovery.ports.directory import Directory
    from recovery.ports.notifier import Notifier
    from recovery.ports.precedents import Precedents
    from recovery.ports.renderer import Renderer
    from recovery.ports.store import Store
    from recovery.ports.values import Backlog, Committed, Finding, Query, Trouble
    from recovery.ports.workloads import Workloads

__all__ = ["Desk"]


@frozen(kw_only=True)
class Desk:
    """A recovery desk over a store. ``now`` tells the time, ``identities`` makes ids and references, ``chance`` spreads retries.

    Without a ``notifier`` messages stay in the outbox; without a ``renderer`` they are in the built-in English. ``lease`` is how
    long a worker may take for one case or one message. ``workloads`` says how much everybody has to do, for teams that take turns
    and for capacities; without it the store counts its own cases. ``likeness`` says how alike two texts of one customer are, so
    that the same problem told twice is noticed; without it the words must be the same (:func:`recovery.intake.alike` sees more).
    ``listeners`` are called with the :class:`~recovery.desk.News` of every case, in the thread that saved it, once it is committed:
    right away, or when the host commits its own transaction. What one of them raises is logged, and harms nothing. Whoever must
    miss nothing reads the :meth:`feed`. Raises :class:`InvalidValue` for listeners where nobody can tell when the host commits.
    """

    store: Store
    policy: Policy
    notifier: Notifier | None = None
    directory: Directory | None = None
    workloads: Workloads | None = None
    precedents: Precedents | None = None
    renderer: Renderer | None = None
    now: Callable[[], datetime] = field(default=partial(pendulum.now, "UTC"))
    identities: Callable[[], Identity] = new_identity
    retries: Retries = field(factory=Retries)
    likeness: Likeness | None = None
    lease: timedelta = timedelta(minutes=5)
    chance: Random = field(default=CHANCE, repr=False)
    listeners: tuple[Callable[[News], object], ...] = ()
    pinned: dict[str, Policy] = field(factory=dict[str, "Policy"], init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.listeners and not getattr(self.store, "announces", True):
            hint = "Read desk.feed() instead, or give the store a session of SQLAlchemy, or Django's connection."
            raise InvalidValue("Desk", [invalid("listeners", "the host's connection does not tell when it commits", hint)])

    # ------------------------------------------------------------ what comes in

    def receive(self, contact: Contact, *, key: str | None = None) -> Outcome:
        """Take a contact: it opens a case, joins, reopens or links one, or waits in the tray. The same one twice is taken once.

        One that names a case which cannot be read opens a case of its own, linked with it. Raises
        :class:`~recovery.codec.Undecodable` for the very contact that is kept on such a case already: nothing is lost, and the
        error names the case and the way out.
        """
        return inside.acting.receive(self, contact, key)

    def open(self, contact: Contact, *, owner: str | None = None, links: tuple[str, ...] = (), key: str | None = None) -> Outcome:
        """Open a case of its own for a contact, whatever else it refers to. The same one twice is taken once."""
        return inside.acting.open_own(self, contact, owner, links, key)

    def adopt(self, tickets: Iterable[Ticket], *, progress: Callable[[int], None] | None = None, dry_run: bool = False) -> Adoption:
        """Take over running tickets of another system at their true stage, silently, each once; what it claims is not confirmed.

        Their service clocks begin after the policy's grace, statutory ones count from the true receipt. ``tickets`` may be endless:
        a batch is saved at a time, and ``progress`` is told how many were looked at. With ``dry_run`` nothing is saved.
        """
        return inside.adopting.adopt(self, tickets, progress, dry_run)

    def handle(self, case_id: str, *commands: Command, key: str | None = None, expected_version: int | None = None) -> Outcome:
        """Carry out ``commands`` on a case, all or none.

        Raises :class:`Refused` with every reason, :class:`CaseNotFound`, :class:`KeyReused`, and, where the caller pinned the case
        with ``expected_version``, :class:`ConflictingChange`; otherwise a lost race is decided anew.
        """
        return inside.acting.handle(self, case_id, commands, key, expected_version)

    # ------------------------------------------------------------ incidents

    def open_incident(
        self, incident: Incident, affected: Iterable[Customer], *, progress: Callable[[int], None] | None = None
    ) -> IncidentWork:
        """Tell everybody whom a fault affects before they have to complain: one case for each, each once, with the incident's word.

        Whoever complained about it already is joined, with all that was said. ``affected`` may be endless: a batch is saved at a
        time, and ``progress`` is told how many were looked at. After a crash call it again, with the same list or a longer one.
        Whose case cannot be read, or makes a rule raise, is ``left_out`` with the reason, and the others are told.
        Raises :class:`Refused` for what would be refused for everybody, and :class:`InvalidValue` where nobody is affected; up to
        then nothing is saved.
        """
        return inside.incidents.open_incident(self, incident, affected, progress)

    def update_incident(
        self,
        incident: str,
        *,
        by: str,
        text: str,
        next_word_at: datetime | None = None,
        key: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> IncidentWork:
        """Give everybody in an incident whose case is open one word, each once; what a person asked stays owed an answer.

        The same word again is not said again, unless under another ``key``. Whose case cannot be read, or makes a rule raise, is
        ``left_out`` with the reason. Raises :class:`InvalidValue` for an unknown incident.
        """
        return inside.incidents.update_incident(self, incident, by, text, next_word_at, key, progress)

    def close_incident(
        self,
        incident: str,
        *,
        by: str,
        text: str,
        done: str,
        key: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> IncidentWork:
        """Tell everybody in an incident that it has been made good (``done``), and resolve their cases; follow-ups come as ever.

        Who is not affected after all is closed one by one, with ``Close(reason=CloseReason.NOT_AFFECTED)``.
        """
        return inside.incidents.close_incident(self, incident, by, text, done, key, progress)

    def incident(self, incident: str) -> IncidentStanding:
        """Return how an incident stands: its cases by stage, who had complained, who has said a word since, who is untold."""
        return inside.incidents.incident(self, incident)

    # ------------------------------------------------------------ what can be asked

    def why_not(self, case_id: str, *commands: Command) -> tuple[Reason, ...]:
        """Return exactly the reasons :meth:`handle` would raise; none where it would not."""
        return inside.looking.why_not(self, case_id, commands)

    def permitted(self, case_id: str) -> Mapping[str, tuple[Reason, ...]]:
        """Return for each kind of act why it is ruled out, whatever it says; empty where nothing rules it out."""
        return inside.looking.permitted(self, case_id)

    def draft(
        self,
        /,
        case_id: str,
        kind: type[Command],
        *,
        by: str | None = None,
        via: Iterable[Channel] = (),
        name: str | None = None,
        **fields: object,
    ) -> Drafted:
        """Draft what a person might say: ``desk.draft(case.id, Acknowledge)``. Hand its ``command`` to :meth:`handle`.

        It is in the customer's language, by the channel they wrote on, in the name of ``by`` (the owner), with every field that the
        case can fill; ``fields`` are yours. ``name`` takes another draft of that kind, such as ``"final_no"`` of ``Resolve``.
        Raises :class:`CaseNotFound`, and :class:`InvalidValue` where nothing is drafted for ``kind`` or a field cannot be.
        """
        wanted = inside.previewing.Wanted(kind=kind, by=by, via=tuple(via), name=name, fields=fields)
        return inside.previewing.draft(self, case_id, wanted)

    def preview(self, case_id: str) -> tuple[Preview, ...]:
        """Return every message that the case would send next, in words. Raises :class:`CaseNotFound`; nothing is stored or sent.

        First what waits to be sent and what is to be done by hand (the scripts of calls, letters), then drafts of what a person
        might say now, the receipt of the customer's next message, and what the clocks would send if nothing else happened.
        """
        return inside.previewing.preview(self, case_id)

    def suggest(self, case_id: str) -> tuple[Suggestion, ...]:
        """Return what may be offered on a case, best first: by guideline, and by what similar cases got and how those ended.

        Raises :class:`CaseNotFound`.
        """
        return inside.looking.suggest(self, case_id)

    def load(self, case_id: str) -> Case:
        """Return a case. Raises :class:`CaseNotFound`."""
        return inside.acting.load(self, case_id)

    def find(self, query: Query | None = None, **criteria: Unpack[Criteria]) -> Iterator[Case]:
        """Yield every case that fits, page by page, in the order of their ids: ``desk.find(owner="ana", open_only=True)``."""
        return inside.looking.find(self, query, **criteria)

    def agenda(self, *, owner: str | None = None, until: datetime | None = None, case_id: str | None = None) -> tuple[Step, ...]:
        """Return every dated step, the soonest due first: of one person, until an instant, of one case, if so wanted.

        What was set aside is among them, due now (:meth:`troubles`): the owner of the case, or the fallback owner, finds out why.
        Raises :class:`CaseNotFound` where there is no such case.
        """
        return inside.looking.agenda(self, owner, until, case_id)

    def earlier(self, case_id: str) -> tuple[Earlier, ...] | None:
        """Return the customer's earlier cases, the oldest first, as they stand now: what a person looks at before they propose.

        ``None`` means that nobody can tell: there is neither a customer number nor an address to find them by. Raises
        :class:`CaseNotFound`.
        """
        return inside.knowing.earlier_of(self, self.load(case_id))

    def twins(self, case_id: str) -> tuple[Twin, ...]:
        """Return the customer's other cases that are likely the same problem, the most alike first. Nothing is merged by itself.

        Raises :class:`CaseNotFound`.
        """
        return inside.knowing.twins_of(self, self.load(case_id))

    def clocks(self, case_id: str) -> tuple[Reading, ...]:
        """Return how every clock of a case stands now, met, missed, open or paused. Raises :class:`CaseNotFound`."""
        return inside.looking.clocks(self, case_id)

    def explain_route(self, contact: Contact) -> Routing:
        """Return who would look after ``contact`` now, by which procedure, and why. Nothing is changed by asking."""
        return inside.looking.explain_route(self, contact)

    def briefing(self, case_id: str, *, word: str = "") -> Briefing:
        """Return what whoever takes the case over must know; ``word`` is what the old owner adds. Raises :class:`CaseNotFound`."""
        return inside.looking.briefing(self, case_id, word)

    def timeline(self, case_id: str, *, until: datetime | None = None) -> tuple[Entry, ...]:
        """Return what happened, in the order it was recorded, the histories of merged cases included; up to ``until``.

        The history of a merged case that cannot be read is left out, and logged: the doctor names it.
        """
        return inside.looking.timeline(self, case_id, until)

    def at(self, case_id: str, at: datetime) -> Case:
        """Return the case as it was recorded at an earlier instant. Raises :class:`CaseNotFound` where it was not there yet."""
        return inside.looking.at(self, case_id, at)

    def policy_for(self, case: Case) -> Policy:
        """Return the policy with the clocks and the calendar that ``case`` is pinned to."""
        return inside.knowing.policy_for(self, case)

    def doctor(
        self, *, mend: bool = False, quick: bool = False, progress: Callable[[int], None] | None = None
    ) -> tuple[Finding, ...]:
        """Return everything that must not be, what was set aside included; nothing is what it should return.

        Every case is read and held against its history, one after the other, while others go on working; ``progress`` is told how
        many were looked at. ``quick`` only asks the database for what a glance at all its rows shows (see
        :class:`recovery.ports.Mending`). With ``mend`` everything is rebuilt that the histories can tell, snapshots, columns, wake
        instants, what finds a case, and the clocks of this desk's policy, and told as ``mended``; what cannot be stays named.
        """
        return tuple(inside.examining.examine(self, inside.examining.Wanted(mend=mend, quick=quick, progress=progress)))

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Return the next committed events of all cases after a position, in an order in which no later one comes before.

        Go on with the ``position`` of the last one; ``""`` is the beginning, an empty tuple the end for now. Raises
        :class:`InvalidValue` for a position that is none, and where the store does not fill :class:`recovery.ports.Feed`.
        """
        return inside.looking.feed(self, after, limit)

    def backlog(self) -> Backlog:
        """Return how much there is to do now: cases open, due and set aside, messages unsent and given up, contacts in the tray."""
        return inside.looking.backlog(self)

    def health(self) -> Health:
        """Return how the desk stands in a few numbers, for a monitor: how far the clocks are behind, what waits, what failed."""
        return inside.looking.health(self)

    def troubles(self) -> tuple[Trouble, ...]:
        """Return what was set aside because it failed, and is tried again with growing waits: a person has to look at its error.

        That is a case that cannot be looked at (its rule raises, its history cannot be read), and a message of which nothing can
        be put on record after the last of the ``retries``. A store that does not fill :class:`recovery.ports.Troubles` has none.
        """
        return inside.looking.troubles(self)

    def risk(self) -> tuple[AtRisk, ...]:
        """Return the customers who may leave next, the highest score first, each with every signal that adds to it.

        The weights are those of ``policy.risk``; who scores less than its ``alert`` is not named, nor who has left already.
        """
        return inside.learning.at_risk(self)

    def learn(
        self, *, since: datetime | None = None, until: datetime | None = None, per: Per | None = None
    ) -> tuple[Learning, ...]:
        """Return what there is to learn, one value per period, the oldest first: causes, losses, training needs, broken promises.

        ``since`` is the first case unless given, ``until`` (not itself included) now. Without ``per`` it is one period;
        ``Per.MONTH``, ``QUARTER`` and ``YEAR`` cut it by local days of the desk.
        """
        return inside.learning.learned(self, since, until, per)

    # ------------------------------------------------------------ what happens by itself

    def work(self, limit: int = 100, *, stop: Ending | None = None) -> Work:
        """Look at up to ``limit`` due cases and deliver up to ``limit`` messages. Call it as often as you like, from anywhere.

        Once ``stop`` is set, it ends after the piece of work in hand.
        """
        return inside.working.work(self, limit, checked(stop))

    def catch_up(self, limit: int = 100, *, within: timedelta | None = None, stop: Ending | None = None) -> Work:
        """Work until nothing is left to do, and return all of it: what a scheduler calls, in whatever rhythm.

        A call that is lost, late, doubled, or killed in the middle loses and doubles nothing: the clocks live in the store. With
        ``within`` it ends after that time, with ``stop`` once that is set; in both cases after the piece of work in hand.
        ``limit`` is how many cases are claimed at a time. Raises what the store raises where it cannot be used.
        """
        return inside.rounds.catch_up(self, limit, within, checked(stop))

    def keep_working(
        self,
        *,
        stop: Ending | None = None,
        every: timedelta = timedelta(seconds=30),
        limit: int = 100,
        tell: Callable[[Round], object] | None = None,
    ) -> None:
        """Work whenever there is something to do, in this thread, until ``stop`` is set: a worker, as many as you like.

        Where there is nothing to do it sleeps for ``every``, 30 seconds at most and less where something is due sooner (on a store
        that fills :class:`recovery.ports.Upcoming`). While the store cannot be used it waits, longer each time, up to 30 seconds.
        A round goes on sending for half a minute, or for ten messages where they take longer; then the clocks are looked at again.
        ``tell`` hears of every round that did something, and once when nothing could be done, and when it can again; what it raises
        is logged, and ends nothing.

        ``stop`` is looked at about ten times a second and never waited on, so a signal handler may set a ``threading.Event``.
        Raises :class:`InvalidValue` for a ``stop`` without ``is_set()`` (:class:`Ending`), and for an ``every`` or a
        ``limit`` of nothing.
        """
        inside.rounds.keep_working(self, checked(Event() if stop is None else stop), every, limit, tell or (lambda _: None))

    def run_due(self, limit: int = 100, *, stop: Ending | None = None) -> tuple[int, int]:
        """Look at up to ``limit`` cases whose clocks are due; return how many, and how many could not be looked at.

        These are set aside (:meth:`troubles`), and looked at again after a wait that grows as ``retries`` says.
        """
        return inside.working.run_due(self, limit, checked(stop))

    def deliver(self, limit: int = 100, *, stop: Ending | None = None) -> tuple[int, int]:
        """Send up to ``limit`` messages and put on record what became of them; return how many were sent, and how many not."""
        return inside.working.deliver(self, limit, checked(stop))
