"""What stories are made of: people, customers, words, and what real people complained about.

:data:`NARRATIVES` are words of real people, untouched: from the Consumer Complaint Database of the US Consumer Financial
Protection Bureau (public domain: the work of a US federal agency; anonymised by the bureau, ``XXXX`` is its mark), by way of
``complaints_sample.csv`` in the public repository ZiyuYan9/consumer_complaints, commit ecece4d9. Everything else is invented.
"""

from __future__ import annotations

from typing import TypedDict, Unpack

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.clock import Length, Unit
from recovery.core.guideline import Guideline, Remedy
from recovery.core.money import Money
from recovery.core.policy import Policy
from recovery.core.vocabulary.common import Address, Channel, Customer, Said, Tried, Word
from recovery.core.vocabulary.ownership import BusinessUnit, Person, Route
from recovery.core.vocabulary.proposing import Option
from recovery.core.vocabulary.receiving import Contact
from recovery.testing.moments import BERLIN, MONDAY

__all__ = [
    "CUSTOMER",
    "GUIDELINE",
    "NARRATIVES",
    "PEOPLE",
    "REFUND",
    "REPAIR",
    "TRIED",
    "UNITS",
    "ContactFields",
    "Narrative",
    "a_contact",
    "a_policy",
    "a_word",
    "called",
    "said",
]


@frozen(kw_only=True)
class Narrative:
    """What a real person complained about: the number in the register, the product, and their words."""

    id: str
    product: str
    words: str


NARRATIVES: tuple[Narrative, ...] = (
    Narrative(
        id="3151755",
        product="credit card",
        words="After receiving credit card to home address from company i immediately called to request my bills be sent to my "
        "home address as well. Bills still unknowingly when to alternative address, causing a 40day past due.",
    ),
    Narrative(
        id="3151819",
        product="mortgage",
        words="I have been paying my mortgage every 2 weeks like I have for years and this company changed my automatic payments "
        "in XX/XX/XXXX. Their system is completely disorganized and I have not had any luck getting anyone to call me back. This "
        "is the second year I have had issues.",
    ),
    Narrative(
        id="3155288",
        product="payday loan",
        words="Took out loan of $ XXXX..Have paid back amount of loan plus {$210.00} they still want {$450.00} to settle account. "
        "Believe they are illegal in state of Florida based on interest rate and cap of {$50.00} per {$500.00} borrowed",
    ),
    Narrative(
        id="3162453",
        product="debt collection",
        words="XXXX XXXX sent me an invoice around XX/XX/2018, for a total amount of {$420.00}. For the past 4 months I have "
        "called XXXX 7 times asking for a detailed invoice showing the charges. So far I have not received the detailed invoice.",
    ),
    Narrative(
        id="3127401",
        product="credit report",
        words="There are many mistakes appear in my report without my understanding.",
    ),
    Narrative(
        id="3313326",
        product="credit report",
        words="I do not recognize the following inquiry XXXX XXXX Inquiry from XX/XX/2018. Please investigate to ensure there is "
        "no fraudulent activity.",
    ),
)


def _at_desk(name: str) -> tuple[Address, ...]:
    return (Address(channel=Channel.EMAIL, value=f"{name}@desk.example"),)


PEOPLE: tuple[Person, ...] = (
    Person(id="ana", name="Ana Sola", supervisor="cleo", addresses=_at_desk("ana"), unit="service"),
    Person(id="ben", name="Ben Otto", supervisor="cleo", addresses=_at_desk("ben"), unit="service"),
    Person(id="cleo", name="Cleo Prins", addresses=_at_desk("cleo"), unit="service"),
    Person(id="fay", name="Fay Adams", addresses=_at_desk("fay")),
    Person(id="dora", name="Dora Weiss", addresses=_at_desk("dora"), unit="sales"),
)

UNITS: tuple[BusinessUnit, ...] = (
    BusinessUnit(id="service", name="Service", head="cleo"),
    BusinessUnit(id="sales", name="Sales", head="dora"),
)
"""Two units: who looks after customers, and who sells to them."""

CUSTOMER = Customer(
    name="Bo Lind",
    accepted_by="sales",
    addresses=(
        Address(channel=Channel.EMAIL, value="bo@customer.example"),
        Address(channel=Channel.PHONE, value="+49 30 1234"),
    ),
)
"""Bo, whom sales accepted, and who can be reached by e-mail and by phone."""

GUIDELINE = Guideline(
    id="usual",
    remedies=(
        Remedy(id="refund", text="We send your money back.", delivers="the refund", takes=Length(5, Unit.BUSINESS_DAYS)),
        Remedy(id="repair", text="We repair it while you wait."),
    ),
    goodwill=Money.parse("20 EUR"),
    public="Whoever bought it from us gets it repaired, or the money back, for two years.",
)
"""What a small desk does about anything: the money back, or a repair."""

REFUND = Option(id="refund", text="We send your money back.", delivers="the refund", beyond="You may keep the old one.")
"""Something that must arrive before it can be asked whether it is solved."""

REPAIR = Option(id="repair", text="We repair it while you wait.", beyond="The coffee is on us.")
"""Something that is settled with the customer's yes."""


TRIED = (Tried(alternative="a part from another workshop", failed="nobody makes it any more"),)
"""What was tried before a no."""


def a_policy(calendar: BusinessCalendar = BERLIN) -> Policy:
    """Return the practice as it stands for a small desk: Ben owns the cases, Cleo stands above him, Fay is the fallback owner.

    Three people, so that a ladder shows whom it tells; Ana stands in for Ben. They are the unit ``service``; Dora is the head of
    ``sales``. Nobody has said yet how a case of the category ``"unheard-of"`` is handled. Change it with ``attrs.evolve``.
    """
    routes = (
        Route(owner="ben", stand_ins=("ana",), category="unheard-of"),
        Route(owner="ben", stand_ins=("ana",), procedure="Ring within the hour; offer a repair or the money."),
    )
    return Policy(fallback_owner="fay", calendar=calendar, people=PEOPLE, units=UNITS, routes=routes, guidelines=(GUIDELINE,))


class ContactFields(TypedDict, total=False):
    """The fields of a contact besides its channel, words and instant; see :class:`recovery.Contact`."""

    sender: Customer
    subject: str
    message_id: str | None
    reference: str | None
    ticket: str | None
    automatic: bool
    category: str | None
    region: str | None
    brand: str | None


def a_contact(
    text: str = NARRATIVES[0].words,
    at: DateTime = MONDAY,
    *,
    channel: Channel = Channel.EMAIL,
    **fields: Unpack[ContactFields],
) -> Contact:
    """Return what a customer wrote: a real complaint, by e-mail from Bo, unless told otherwise."""
    contact = Contact(channel=channel, sender=CUSTOMER, text=text, received_at=at)
    return attrs.evolve(contact, **fields) if fields else contact


def a_word(text: str = "I am on it, and you hear from me tomorrow.", *via: Channel) -> Word:
    """Return a word that is about to be said: by e-mail, unless channels are given."""
    return Word(via=frozenset(via or (Channel.EMAIL,)), text=text)


def called(at: DateTime, text: str = "", *, reached: bool = True) -> Word:
    """Return a word that was said by phone at ``at``; ``reached=False`` is a voicemail."""
    return Word(via=frozenset({Channel.PHONE}), text=text, said_at=at, reached=reached)


def said(
    words: str = "Yes, that is fine.",
    channel: Channel = Channel.EMAIL,
    *,
    contact: int | None = None,
    at: DateTime | None = None,
) -> Said:
    """Return what the customer said, in words or in the message with the number ``contact``."""
    return Said(channel=channel, words=words, contact=contact, at=at)
