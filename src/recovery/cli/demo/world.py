"""What the seed decides: who writes when and how, and what will happen to each of them."""

from __future__ import annotations

from enum import Enum
from random import Random

import attrs
import pendulum
from attrs import Factory, define, field, frozen
from pendulum import DateTime

from recovery import Address, BusinessCalendar, Channel, Customer
from recovery.cli.demo.complaints import Complaint, complaints

__all__ = ["MISSPELT", "NEVER_ANSWER", "Plan", "Twist", "World", "build", "mended"]

ZONE = "America/New_York"
START = pendulum.datetime(2026, 3, 2, 8, 0, tz=ZONE)
WEEKS = 6
ARRIVAL_DAYS = 15
MISSPELT = "no-such-box."
"""How the one mail address begins to which nothing can be delivered."""

FIRST = (
    "Alma", "Bert", "Cora", "Dean", "Edie", "Finn", "Gwen", "Hugo", "Iris", "Joel", "Kaja",
    "Liam", "Mona", "Nils", "Olga", "Pete", "Rosa", "Seth", "Tess", "Ugo", "Vera", "Wade",
)  # fmt: skip
LAST = (
    "Abel", "Birch", "Cole", "Dove", "Eider", "Frost", "Grove", "Heath", "Ivory", "Jay",
    "Kestrel", "Linden", "Moss", "North", "Otter", "Pine", "Rowan", "Sedge", "Thorn", "Vale",
)  # fmt: skip


class Twist(Enum):
    """What makes a case different from the usual one."""

    USUAL = "usual"
    STAR = "declines once, refund late, follow-up held back, solved"
    LATE_REFUND = "refund late"
    SILENT = "never answers"
    NOT_SOLVED = "accepted, but not solved"
    UNREACHABLE = "never at the phone"
    TRAY = "says neither who nor where"
    DUPLICATE = "complains twice"
    WITHDRAWN = "withdraws"
    NO_CONTACT = "wants no contact any more"
    COMES_BACK = "withdraws, and writes again within the window"
    FINAL_NO = "hears a final no"
    DONE = "gets at once what was asked for"
    OTHER_PERSON = "asks for another person"
    ASKED = "is asked something first"
    SOMETHING_ELSE = "needs something else as well"
    BOUNCED = "gave an address that does not exist"


FEW = (
    Twist.STAR, Twist.SILENT, Twist.NOT_SOLVED, Twist.TRAY, Twist.DUPLICATE, Twist.UNREACHABLE, Twist.COMES_BACK,
    Twist.NO_CONTACT, Twist.WITHDRAWN, Twist.LATE_REFUND, Twist.FINAL_NO, Twist.ASKED, Twist.DONE, Twist.OTHER_PERSON,
    Twist.SOMETHING_ELSE, Twist.BOUNCED, Twist.NOT_SOLVED, Twist.SILENT, Twist.UNREACHABLE, Twist.LATE_REFUND, Twist.DONE,
    Twist.ASKED, Twist.NOT_SOLVED, Twist.DONE, Twist.ASKED, Twist.LATE_REFUND,
)  # fmt: skip
"""The twists in the order in which they are dealt out; whoever comes after them is a usual case."""

EARLY = frozenset({Twist.STAR, Twist.SILENT, Twist.TRAY, Twist.COMES_BACK, Twist.NO_CONTACT, Twist.UNREACHABLE})
"""Those who write in the first days, so that six weeks are enough for their stories."""

NEVER_ANSWER = frozenset({Twist.SILENT, Twist.UNREACHABLE, Twist.FINAL_NO})
"""Those whom no follow-up reaches."""


@define(kw_only=True)
class Plan:
    """One customer: who they are, how they write, and how they will react. ``chance`` is theirs alone."""

    complaint: Complaint
    customer: Customer
    channel: Channel
    arrives_at: DateTime
    twist: Twist
    chance: Random = field(repr=False)
    declines: int = 0
    pace: int = 2
    asked: bool = False
    declined: int = 0
    not_solved: bool = False
    something_else: bool = False
    news_wanted: bool = False
    careless: bool = False
    refused: bool = False
    worked_from: DateTime | None = None
    being_read: int = 0

    @property
    def name(self) -> str:
        """Whom the case is about, in the demo's own book."""
        return self.customer.id or ""

    @property
    def silent(self) -> bool:
        """Whether no question is ever answered."""
        return self.twist is Twist.SILENT

    @property
    def at_phone(self) -> bool:
        """Whether a call reaches them this time."""
        return self.twist not in NEVER_ANSWER and self.chance.random() < 0.85


@frozen(kw_only=True)
class World:
    """Everything the seed has decided beforehand."""

    seed: int
    plans: tuple[Plan, ...]
    on_leave: str
    leave: tuple[DateTime, DateTime]
    outage: tuple[DateTime, DateTime]
    ends_at: DateTime
    starts_at: DateTime = Factory(lambda: START.in_timezone("UTC"))

    def away(self, now: DateTime) -> frozenset[str]:
        """Return who is away at ``now``: this is a directory."""
        return frozenset({self.on_leave}) if self.leave[0] <= now < self.leave[1] else frozenset()

    def mail_is_down(self, now: DateTime) -> bool:
        """Whether the mail server takes nothing at ``now``."""
        return self.outage[0] <= now < self.outage[1]


def build(seed: int, count: int, calendar: BusinessCalendar) -> World:
    """Return the world of ``seed`` with ``count`` complaints."""
    chance = Random(f"recovery demo {seed}")
    chosen = sorted(chance.sample(complaints(), count), key=lambda complaint: complaint.complaint_id)
    twists = _deal(chance, chosen)
    arrivals = _arrivals(chance, twists)
    plans = [
        _plan(seed, number, complaint, twist, at)
        for number, (complaint, twist, at) in enumerate(zip(chosen, twists, arrivals, strict=True), start=1)
    ]
    first_away = START.add(days=chance.choice((10, 11, 14, 15))).replace(hour=9)
    down = START.add(days=chance.choice((3, 4, 7, 8))).replace(hour=9, minute=15)
    return World(
        seed=seed,
        plans=tuple(plans),
        on_leave=chance.choice(("ana", "ben", "dora", "emil")),
        leave=(_utc(first_away), _utc(calendar.add_days(first_away, 6))),
        outage=(_utc(down), _utc(down.add(hours=chance.choice((4, 5, 6))))),
        ends_at=_utc(START.add(weeks=WEEKS).replace(hour=9)),
    )


def _utc(at: DateTime) -> DateTime:
    return at.in_timezone("UTC")


def _deal(chance: Random, chosen: list[Complaint]) -> list[Twist]:
    """Deal the twists: the star is somebody whom a refund helps."""
    order = list(range(len(chosen)))
    chance.shuffle(order)
    order.sort(key=lambda number: not chosen[number].about_money)
    star, others = order[0], order[1:]
    chance.shuffle(others)
    twists = [Twist.USUAL] * len(chosen)
    for number, twist in zip((star, *others), FEW, strict=False):
        twists[number] = twist
    return twists


def _arrivals(chance: Random, twists: list[Twist]) -> list[DateTime]:
    days = [1 if twist is Twist.STAR else 3 if twist in EARLY else ARRIVAL_DAYS for twist in twists]
    return [_utc(_arrival(chance, within)) for within in days]


def _arrival(chance: Random, days: int) -> DateTime:
    hour = int(chance.triangular(0, 23, 11)) if chance.random() < 0.5 else chance.randint(9, 16)
    at = START.add(days=chance.randrange(days)).replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
    return max(at, START.add(minutes=chance.randrange(5, 90)))


def _plan(seed: int, number: int, complaint: Complaint, twist: Twist, at: DateTime) -> Plan:
    chance = Random(f"recovery demo {seed}, customer {number}")
    channel = _channel(chance, twist)
    declines = {Twist.STAR: 1, Twist.FINAL_NO: 1}.get(twist, sum(chance.random() < 0.2 for _ in range(2)))
    return Plan(
        complaint=complaint,
        customer=_customer(chance, number, twist, channel),
        channel=channel,
        arrives_at=at,
        twist=twist,
        chance=chance,
        declines=declines,
        pace=1 if twist in EARLY else chance.choice((1, 1, 1, 2, 2, 3, 6)),
        not_solved=twist is Twist.NOT_SOLVED,
        something_else=twist is Twist.SOMETHING_ELSE,
        news_wanted=twist is Twist.USUAL and chance.random() < 0.3,
        careless=chance.random() < 0.12,
    )


def _channel(chance: Random, twist: Twist) -> Channel:
    if twist not in (Twist.USUAL, Twist.ASKED, Twist.DONE, Twist.LATE_REFUND):
        return chance.choice((Channel.EMAIL, Channel.EMAIL, Channel.WEB_FORM))
    usual = (Channel.EMAIL, Channel.EMAIL, Channel.WEB_FORM, Channel.WEB_FORM, Channel.LETTER, Channel.PHONE, Channel.CHAT)
    return chance.choice(usual)


def _customer(chance: Random, number: int, twist: Twist, channel: Channel) -> Customer:
    """Invent a customer. Nothing about them is real but their words."""
    first, last = chance.choice(FIRST), chance.choice(LAST)
    name = f"{first} {last}"
    wrong = MISSPELT if twist is Twist.BOUNCED else ""
    mail = Address(channel=Channel.EMAIL, value=f"{wrong}{first.lower()}.{last.lower()}.{number}@example.org")
    phone = Address(channel=Channel.PHONE, value=f"+1 202 555 01{number:02d}")
    ways = [mail, phone]
    if channel is Channel.LETTER:
        post = Address(channel=Channel.LETTER, value=f"{name}, {number} Nowhere Lane, Inventown")
        ways = [post, phone] if chance.random() < 0.5 else [post, phone, mail]
    elif channel is Channel.PHONE:
        ways = [phone] if chance.random() < 0.5 else [phone, mail]
    elif chance.random() < 0.1 and twist is Twist.USUAL:
        ways = [mail]
    return Customer(name=name, id=f"invented-{number:02d}", addresses=tuple(ways))


def mended(customer: Customer) -> Customer:
    """Return the customer with the mail address that they meant."""
    ways = tuple(_mended(way) if way.channel is Channel.EMAIL else way for way in customer.addresses)
    return attrs.evolve(customer, addresses=ways)


def _mended(way: Address) -> Address:
    return Address(channel=way.channel, value=way.value.removeprefix(MISSPELT))
