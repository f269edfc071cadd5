"""What people say and write: customers, contacts, words, dates. Every personal text begins with :data:`PERSONAL`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.money import Money
from recovery.core.stages import Stage
from recovery.core.values import later
from recovery.core.vocabulary.common import Address, Channel, Claim, ClaimKind, Customer, Said, Tried, Word
from recovery.core.vocabulary.proposing import Option
from recovery.core.vocabulary.receiving import (
    AdoptCase,
    Attachment,
    Contact,
    OpenCase,
    Ticket,
)
from recovery.testing.moments import BERLIN

__all__ = [
    "OPTIONS",
    "PERSONAL",
    "SEARCHED",
    "UTTERED",
    "adoptions",
    "ahead",
    "channels",
    "contacts",
    "customers",
    "dates",
    "heard",
    "mails",
    "maybe_words",
    "moments",
    "moneys",
    "one_of_ids",
    "openings",
    "staff",
    "waits",
    "words",
    "words_spoken",
]

PERSONAL = "Zyxq"
"""What every personal text drawn here begins with."""

UTTERED = f"{PERSONAL} the pump leaks"
"""What the customers drawn here say most."""

_WORDS = (UTTERED, f"{PERSONAL} $text ${{owner}} 100 %", f"{PERSONAL} ünï \u202e\U0001f600\nsecond line")

words: SearchStrategy[str] = st.sampled_from(_WORDS)
"""Something to read."""

maybe_words: SearchStrategy[str] = st.sampled_from((*_WORDS, "", " "))
"""Something to read, or not."""

staff: SearchStrategy[str] = st.sampled_from(("ana", "ana", "ben", "cleo", "zoe"))
"""Who acts; nobody is called zoe."""

channels: SearchStrategy[Channel] = st.sampled_from((Channel.EMAIL, Channel.PHONE, Channel.SMS, Channel.LETTER, Channel.WEB_FORM))

waits: SearchStrategy[timedelta] = st.one_of(
    st.just(timedelta()),
    st.sampled_from(
        [timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=3), timedelta(days=8)]
    ),
    st.sampled_from([timedelta(days=22), timedelta(days=40)]),
    st.integers(1, 60 * 24 * 9).map(lambda minutes: timedelta(minutes=minutes)),
)
"""From no time at all to some weeks."""


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    """Draw a customer, known or hardly known."""
    wanted = draw(
        st.sampled_from(((Channel.EMAIL, Channel.PHONE), (Channel.EMAIL,), (Channel.PHONE,), (Channel.SMS, Channel.EMAIL), ()))
    )
    return Customer(
        name=draw(st.sampled_from((f"{PERSONAL} Bo", None, ""))),
        id=draw(st.sampled_from((None, "c-1"))),
        addresses=tuple(Address(channel=channel, value=f"{PERSONAL}@{channel.value}") for channel in wanted),
        timezone=draw(st.sampled_from((None, "Asia/Kolkata", "Nowhere/Land"))),
    )


def moments(now: DateTime) -> SearchStrategy[DateTime]:
    """Draw an instant around ``now``: weeks before it, at it, and a little after it."""
    return st.sampled_from((0, 0, -1, -60, -60 * 26, -60 * 24 * 9, 30)).map(lambda minutes: later(now, timedelta(minutes=minutes)))


def dates(now: DateTime) -> SearchStrategy[DateTime]:
    """Draw a date somebody may name: mostly ahead, in and out of hours, sometimes past."""
    return st.sampled_from((-60, 30, 60 * 3, 60 * 24, 60 * 24 * 2, 60 * 24 * 5, 60 * 24 * 12)).map(
        lambda minutes: later(now, timedelta(minutes=minutes))
    )


def ahead(now: DateTime) -> SearchStrategy[DateTime]:
    """Draw a date that can be kept: ahead, and in working time."""
    days = st.sampled_from((1, 2, 5, 12))
    return days.map(lambda count: BERLIN.add_days(later(now, timedelta(minutes=1)), count))


@st.composite
def contacts(draw: st.DrawFn, now: DateTime, *, known: Sequence[str] = ()) -> Contact:
    """Draw a contact; ``known`` are message ids that may come a second time."""
    return Contact(
        channel=draw(channels),
        sender=draw(customers()),
        text=draw(maybe_words),
        subject=draw(maybe_words),
        received_at=draw(moments(now)),
        message_id=draw(st.sampled_from((None, None, f"m-{now.isoformat()}", *known))),
        automatic=draw(st.sampled_from((False, False, False, True))),
        attachments=draw(st.sampled_from(((), (Attachment(name=f"{PERSONAL}.jpg"),)))),
        category=draw(st.sampled_from((None, "boats"))),
    )


def openings(case_id: str, now: DateTime) -> SearchStrategy[OpenCase]:
    """Draw the opening of a case: three times in four from a contact that is one."""
    usual = Contact(
        channel=Channel.EMAIL,
        sender=Customer(
            name=f"{PERSONAL} Bo",
            addresses=(
                Address(channel=Channel.EMAIL, value=f"{PERSONAL}@mail.example"),
                Address(channel=Channel.PHONE, value=f"{PERSONAL} 1234"),
            ),
        ),
        text=UTTERED,
        received_at=now,
    )
    plain = st.just(usual)
    return st.one_of(plain, plain, plain, contacts(now)).map(
        lambda contact: OpenCase(case_id=case_id, reference=f"R-{case_id}", contact=contact)
    )


@st.composite
def adoptions(draw: st.DrawFn, case_id: str, now: DateTime) -> AdoptCase:
    """Draw the adoption of a ticket that can be adopted, at any stage, hardly or well known."""
    asked = draw(st.sampled_from((None, -1, -60 * 24 * 3)))
    received_at = later(now, timedelta(minutes=draw(st.sampled_from((0, -90, -60 * 24 * 9, -60 * 24 * 70)))))
    contact = attrs.evolve(draw(contacts(now)), received_at=received_at)
    dated = draw(st.lists(st.sampled_from(Stage), unique=True))
    ticket = Ticket(
        number=draw(st.sampled_from(("INC-1", "4711"))),
        contact=contact,
        stage=draw(st.sampled_from([stage for stage in Stage if stage not in (Stage.FOLLOWED_UP_WEEKS, Stage.CLOSED)])),
        reached={stage: max(received_at, later(now, -timedelta(hours=draw(st.integers(0, 99))))) for stage in dated},
        asked_at=None if asked is None else max(received_at, later(now, timedelta(minutes=asked))),
        question=draw(maybe_words),
        offer=draw(maybe_words),
        owner=draw(st.one_of(st.none(), staff)),
        claims=((f"{PERSONAL} priority", draw(words)),),
    )
    return AdoptCase(case_id=case_id, reference=f"R-{case_id}", ticket=ticket, turn=draw(st.sampled_from((0, 9, 10, 3000))))


_WAYS = ({Channel.EMAIL}, {Channel.PHONE}, {Channel.EMAIL, Channel.PHONE}, {Channel.SMS, Channel.LETTER})


_CLAIMS = tuple((Claim(kind=kind),) for kind in ClaimKind)


@st.composite
def words_spoken(draw: st.DrawFn, now: DateTime) -> Word:
    """Draw what a person says: about to be said, said before, or said to a voicemail."""
    via = draw(st.sampled_from(_WAYS))
    said_at = draw(st.one_of(st.none(), st.none(), moments(now)))
    return Word(
        via=frozenset(via),
        text=draw(words if said_at is None else maybe_words),
        said_at=said_at,
        reached=said_at is None or draw(st.sampled_from((True, True, False))),
        answers=draw(st.sampled_from((True, True, True, False))),
        claims=draw(st.sampled_from(((), (), (), *_CLAIMS))),
    )


def mails() -> SearchStrategy[Word]:
    """Draw what a person is about to mail."""
    return words.map(lambda text: Word(via=frozenset({Channel.EMAIL}), text=text))


@st.composite
def heard(draw: st.DrawFn, case: Case, now: DateTime) -> Said:
    """Draw what the customer said: in words, or in a message that is on the case, or is not."""
    numbers = [note.seq for note in case.receiving.contacts]
    contact = draw(st.sampled_from((None, None, *numbers, 999)))
    return Said(
        channel=draw(channels),
        words=draw(words if contact is None else maybe_words),
        contact=contact,
        at=draw(st.one_of(st.none(), moments(now))),
    )


def one_of_ids(ids: Sequence[str]) -> SearchStrategy[str]:
    """Draw an id that is there, or, at times, one that is not."""
    return st.sampled_from((*ids, *ids, *ids, "nothing"))


OPTIONS = (
    Option(
        id="refund",
        text=f"{PERSONAL} your money back",
        delivers="the refund",
        value=Money.parse("80 EUR"),
        goodwill=Money.parse("5 EUR"),
        beyond=f"{PERSONAL} keep it",
    ),
    Option(id="repair", text=f"{PERSONAL} we repair it"),
)

SEARCHED = (Tried(alternative=f"{PERSONAL} another shop", failed=f"{PERSONAL} nobody has it"),)
"""What was tried before a no."""

moneys: SearchStrategy[Money | None] = st.sampled_from((None, Money.parse("30 EUR"), Money.parse("900 EUR"), Money.parse("7 USD")))
"""An amount, or none."""
