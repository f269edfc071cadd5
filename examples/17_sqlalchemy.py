"""SQLAlchemy: a row of yours and the case in one transaction. Roll back, and there is no case, no key and no mail.

A shop takes complaints through a web form. Each becomes a row of the shop and a case of the desk, through one session and one commit.
The second fails on the shop's own rule after the desk has done its part, and nobody is written to. The third is acknowledged and
refunded at once; the refund is refused by the database, and with it goes the promise of it. Then a worker sends what there is, over
connections of its own. With PostgreSQL it is the same code: `create_engine("postgresql+psycopg://...")`, and a `PostgresStore`.
"""

import csv
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pendulum

from recovery import Acknowledge, Address, Channel, Contact, Customer, Desk, Identity, SQLiteStore, Word, policies
from recovery.notifiers import RecordingNotifier

try:
    from sqlalchemy import CheckConstraint, ForeignKey, create_engine, select
    from sqlalchemy.exc import IntegrityError
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
except ImportError as missing:
    raise SystemExit(f"This example needs SQLAlchemy: python -m pip install sqlalchemy ({missing})") from missing

from recovery.stores.sqlalchemy import SQLAlchemyStore, create_tables

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
POLICY = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
numbers = count(1)


class Base(DeclarativeBase):
    """The tables of the shop, as they were before."""


class Order(Base):
    """An order; one column is new."""

    __tablename__ = "orders"
    number: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
    email: Mapped[str]
    price: Mapped[int]
    case_id: Mapped[str | None] = mapped_column(default=None)


class Refund(Base):
    """Money that goes back, and never nothing or less."""

    __tablename__ = "refunds"
    id: Mapped[int] = mapped_column(primary_key=True)
    order: Mapped[int] = mapped_column(ForeignKey("orders.number"))
    amount: Mapped[int]
    __table_args__ = (CheckConstraint("amount > 0", name="a_refund_is_money"),)


def desk_in(session: Session) -> Desk:
    """Return the desk inside a transaction of the shop's."""
    return Desk(store=SQLAlchemyStore(session), policy=POLICY, now=lambda: NOW, identities=numbered)


def numbered() -> Identity:
    """Return ids in order, so that this prints the same every time."""
    number = next(numbers)
    return Identity(case_id=f"case-{number}", reference=f"K7M3-9QT{number}")


def complain(session: Session, number: int, words: str) -> None:
    """Open the case of an order, in the transaction of the session."""
    order = session.get_one(Order, number)
    sender = Customer(name=order.customer, addresses=(Address(channel=Channel.EMAIL, value=order.email),))
    contact = Contact(channel=Channel.WEB_FORM, sender=sender, text=words, received_at=NOW, ticket=f"order-{number}")
    order.case_id = desk_in(session).receive(contact, key=f"complaint-{number}").case.id


def promise_and_refund(session: Session, number: int, amount: int) -> None:
    """Tell the customer that the money is on its way, and put it on its way."""
    order = session.get_one(Order, number)
    word = Word(via={Channel.EMAIL}, text="I am sorry. Your money is on its way; I write again tomorrow.")
    assert order.case_id is not None
    desk_in(session).handle(order.case_id, Acknowledge(by="ana", word=word, next_word_at=NOW.add(days=1)))
    session.add(Refund(order=number, amount=amount))


def narratives() -> Iterator[str]:
    """Yield what real customers of banks have written, the first sentence of each."""
    with (Path(__file__).parent / "data" / "narratives.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["words"].partition(". ")[0] + "."


def stand(session: Session, what: str) -> None:
    """Say what is in the tables of both."""
    orders = {order.number: order.case_id for order in session.scalars(select(Order).order_by(Order.number))}
    refunds = len(session.scalars(select(Refund)).all())
    backlog = desk_in(session).backlog()
    print(f"{what}: orders {orders}, refunds {refunds}; open cases {backlog.open_cases}, messages that wait {backlog.unsent}")


def main(file: Path) -> None:
    """Let the shop work, and then the worker."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_tables(connection)  # with Alembic: recovery.stores.alembic
    words = narratives()

    with Session(engine) as session:
        session.add_all(Order(number=n, customer=f"Bo {n}", email=f"bo{n}@boat.example", price=90) for n in (7, 8))
        session.commit()

        complain(session, 7, next(words))
        session.commit()
        stand(session, "order 7 complained")

        complain(session, 8, next(words))
        stand(session, "order 8 complained, not committed")
        session.rollback()  # the shop changes its mind
        stand(session, "rolled back")

        try:
            promise_and_refund(session, 7, amount=0)
            session.commit()
        except IntegrityError as error:
            session.rollback()
            print(f"the database refuses the refund: {error.orig}")
        stand(session, "promise and refund taken back")

        promise_and_refund(session, 7, amount=90)
        session.commit()
        stand(session, "promised and refunded")
    engine.dispose()

    post = RecordingNotifier(now=lambda: NOW)
    with SQLiteStore(file, upgrade=False) as store:  # the worker: the same tables, connections of its own
        Desk(store=store, policy=POLICY, now=lambda: NOW, notifier=post).work()
    for message in post.sent:
        print(f"sent: {message.case_id} to {message.person or 'the customer'}: {message.subject}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder) / "shop.db")

# > order 7 complained: orders {7: 'case-1', 8: None}, refunds 0; open cases 1, messages that wait 2
# > order 8 complained, not committed: orders {7: 'case-1', 8: 'case-2'}, refunds 0; open cases 2, messages that wait 4
# > rolled back: orders {7: 'case-1', 8: None}, refunds 0; open cases 1, messages that wait 2
# > the database refuses the refund: CHECK constraint failed: a_refund_is_money
# > promise and refund taken back: orders {7: 'case-1', 8: None}, refunds 0; open cases 1, messages that wait 2
# > promised and refunded: orders {7: 'case-1', 8: None}, refunds 1; open cases 1, messages that wait 3
# > sent: case-1 to ana: Yours: case K7M3-9QT1
# > sent: case-1 to the customer: We have your message [K7M3-9QT1]
# > sent: case-1 to the customer: I am looking after your case [K7M3-9QT1]
