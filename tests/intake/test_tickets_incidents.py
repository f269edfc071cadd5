"""A real log of a service desk, adopted as it stood at several instants: nothing is lost, or said, and nothing rings early."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from pendulum import DateTime

from recovery import (
    Adoption,
    Channel,
    Contact,
    Customer,
    Desk,
    MemoryStore,
    Person,
    RecordingNotifier,
    SQLiteStore,
    Stage,
    policies,
)
from recovery.core.values import instant
from recovery.intake.tickets import TicketReader, load_map

DATA = Path(__file__).parents[2] / "examples" / "data"
LOG, MAP = DATA / "incidents.csv.gz", DATA / "incidents.map.toml"
ZONE = ZoneInfo("America/Sao_Paulo")
PEOPLE = [Person(id="fay"), Person(id="bea"), Person(id="cal")]
POLICY = policies.default(fallback_owner="fay", calendar=policies.office_hours("America/Sao_Paulo"), people=PEOPLE)
MEANS = {"New": "received", "Active": "investigating", "Resolved": "resolved", "Closed": "ended"}
OFTEN = ["2016-03-07T09:00", "2016-03-21T09:00", "2016-05-10T22:30", "2016-06-16T12:02", "2016-07-01T09:00", "2017-03-01T09:00"]


def local(text: str) -> DateTime:
    """Return an instant that is told in the time of the log."""
    return instant(datetime.fromisoformat(text).replace(tzinfo=ZONE))


@pytest.fixture(scope="module")
def updates() -> dict[str, list[tuple[datetime, str]]]:
    """The log as the standard library reads it: for each incident the local dates and the states, in their order."""
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: (row["number"], int(row["sys_mod_count"]))):
            found[row["number"]].append((datetime.strptime(row["sys_updated_at"], "%d/%m/%Y %H:%M"), row["incident_state"]))  # noqa: DTZ007
    return found


def expected(updates: dict[str, list[tuple[datetime, str]]], at: str) -> Counter[str]:
    """Return by the log alone where the incidents stand at an instant: by stage, ended, bad, or not there yet."""
    now, counts = datetime.fromisoformat(at), Counter[str]()
    for told in updates.values():
        known = [(when, state) for when, state in told if when <= now]
        if not known:
            counts["not yet"] += 1
            continue
        state = known[-1][1]
        means = "investigating" if state.startswith("Awaiting") else MEANS.get(state, "bad")
        if means == "ended":
            resolved = [
                when for (when, s), (_, before) in zip(known, [known[0], *known], strict=False) if s == "Resolved" != before
            ] or ([known[0][0]] if known[0][1] == "Resolved" else [])
            means = "resolved" if resolved and now < resolved[-1] + timedelta(days=21) else "ended"
        counts[means] += 1
    return counts


@attrs.define
class Shop:
    """A desk on a clock of its own, and what it sends."""

    now: DateTime
    store: SQLiteStore | MemoryStore

    def __attrs_post_init__(self) -> None:
        self.sent = RecordingNotifier(now=lambda: self.now)
        self.desk = Desk(store=self.store, policy=POLICY, now=lambda: self.now, notifier=self.sent)

    sent: RecordingNotifier = attrs.field(init=False)
    desk: Desk = attrs.field(init=False)

    def adopt(self) -> tuple[Adoption, TicketReader]:
        """Adopt the log as it stands now."""
        reader = TicketReader(LOG, load_map(MAP), zone="UTC", as_of=self.now)
        adoption = self.desk.adopt(reader.tickets())
        reader.reject((left.number, left.reasons) for left in adoption.left_out)
        return adoption, reader

    def work(self) -> int:
        """Work until nothing is due; return how many cases were looked at."""
        looked = 0
        while ticked := self.desk.work().ticked:
            looked += ticked
        return looked


@pytest.mark.parametrize("at", OFTEN)
def test_every_incident_is_adopted_ended_or_kept_apart(
    at: str, updates: dict[str, list[tuple[datetime, str]]], tmp_path: Path
) -> None:
    """At each instant the counts are those of the log itself, none is lost, the doctor finds nothing, and again adopts nothing."""
    with SQLiteStore(tmp_path / "shop.db") as store:
        shop = Shop(local(at), store)
        adoption, reader = shop.adopt()
        wanted = expected(updates, at)
        counts = Counter({stage.value: number for stage, number in adoption.stages.items()})
        assert counts + Counter(ended=adoption.ended, bad=len(reader.bad)) == Counter(wanted) - Counter(
            {"not yet": wanted["not yet"]}
        )
        assert adoption.adopted + adoption.ended + adoption.known + len(reader.bad) + wanted["not yet"] == len(updates) == 1000
        assert shop.desk.doctor() == ()
        again, _ = shop.adopt()
        assert (again.adopted, again.known, again.ended) == (0, adoption.adopted, adoption.ended)
        assert store.backlog(shop.now).unsent == 0


def test_the_odd_state_is_bad_while_it_is_the_present_one() -> None:
    """An incident in a state nobody knows is kept apart with that reason, and is read again once it has moved on."""
    shop = Shop(local("2016-06-16T12:02"), MemoryStore())
    _, reader = shop.adopt()
    (bad,) = reader.bad
    assert (bad.number, bad.reasons[0].field) == ("0028089", "incident_state")
    shop.now = local("2016-06-16T12:30")
    adoption, reader = shop.adopt()
    assert (adoption.adopted, reader.bad) == (1, [])


def test_nothing_is_said_and_nothing_rings_before_the_grace_is_over() -> None:
    """Working every hour until then looks at nothing and sends nothing; what is late already is on the agenda, as late."""
    shop = Shop(local("2016-06-16T12:30"), MemoryStore())
    adoption, _ = shop.adopt()
    calm = POLICY.adoption_grace.after(shop.now, POLICY.calendar)
    steps = shop.desk.agenda()
    assert all(step.wake_at is None or step.wake_at >= calm for step in steps)
    late = [step for step in steps if step.due_at is not None and step.due_at < shop.now]
    assert late
    assert {step.rule for step in late} == {"resolve.whole-case"}
    assert len({step.case_id for step in steps}) == adoption.adopted
    while shop.now + timedelta(hours=1) < calm:
        shop.now = shop.now + timedelta(hours=1)
        assert shop.work() == 0
    assert not shop.sent.sent


def test_afterwards_the_desk_works_for_weeks_and_nobody_is_flooded() -> None:
    """Minute by minute through the first alarms, then day by day: no person is told of more than a few cases at once."""
    shop = Shop(local("2016-03-21T09:00"), MemoryStore())
    adoption, _ = shop.adopt()
    assert adoption.adopted == 244
    calm = POLICY.adoption_grace.after(shop.now, POLICY.calendar)
    most = Counter[str]()
    shop.now = calm + timedelta(minutes=149)
    for _ in range(3 * 60):
        shop.now = shop.now + timedelta(minutes=1)
        before = len(shop.sent.sent)
        shop.work()
        told = Counter(message.person or "the customer" for message in shop.sent.sent[before:])
        most |= told
    assert 0 < max(most.values()) <= 10
    for _ in range(21):
        shop.now = shop.now + timedelta(days=1)
        shop.work()
        assert shop.desk.doctor() == ()
    assert all(case.owner for case in shop.desk.find(open_only=True))
    assert shop.store.backlog(shop.now).due == 0


@pytest.mark.parametrize("make", [MemoryStore, None], ids=["memory", "sqlite"])
def test_a_later_word_with_the_number_joins_the_adopted_case(make: Callable[[], MemoryStore] | None, tmp_path: Path) -> None:
    """A customer who names the incident is heard on its case, gets a receipt, and is owed an answer."""
    shop = Shop(local("2016-03-21T09:00"), SQLiteStore(tmp_path / "shop.db") if make is None else make())
    shop.adopt()
    case = next(case for case in shop.desk.find(open_only=True) if case.stage is Stage.INVESTIGATING)
    ticket = case.receiving.contacts[0].ticket
    sender = Customer(id=case.receiving.customer.id)
    fresh = Contact(channel=Channel.PHONE, sender=sender, text="And?", received_at=shop.now, ticket=ticket)
    assert shop.desk.receive(fresh).case.id == case.id
    assert "contact.answer-owed" in {step.rule for step in shop.desk.agenda() if step.case_id == case.id}
