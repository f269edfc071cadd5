"""Whoever wants to follow what happens is told after the commit and never before it, or reads the feed."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.orm import Session

from recovery import (
    Acknowledge,
    Channel,
    ConflictingChange,
    Contact,
    Desk,
    InvalidValue,
    JoinedStore,
    MemoryStore,
    News,
    Refused,
    SQLiteStore,
    Word,
)
from recovery.stores.sqlalchemy import SQLAlchemyStore, create_tables
from support import BO, MONDAY, POLICY

LETTER = Contact(channel=Channel.EMAIL, sender=BO, text="It went dark.", received_at=MONDAY)
WORD = Acknowledge(
    by="ana", word=Word(via={Channel.EMAIL}, text="We are on it, and you hear from us tomorrow."), next_word_at=MONDAY.add(days=1)
)


def desk_on(store: MemoryStore | SQLiteStore | JoinedStore, *listeners: object) -> Desk:
    """Return a desk on a store, to which somebody listens."""
    return Desk(store=store, policy=POLICY, now=lambda: MONDAY, listeners=listeners)  # type: ignore[arg-type]


class TestListening:
    def test_everybody_is_told_what_was_committed(self, tmp_path: Path) -> None:
        """A listener gets the case as it is stored, and the events that made it so, when the store already has them."""
        with SQLiteStore(tmp_path / "recovery.db") as store:
            told: list[News] = []
            there: list[bool] = []
            desk = desk_on(store, told.append, lambda news: there.append(store.load(news.case.id) == news.case))
            case = desk.receive(LETTER).case
            outcome = desk.handle(case.id, WORD)
            assert [news.case for news in told] == [case, outcome.case]
            assert [recorded for news in told for recorded in news.events] == list(store.history(case.id))
            assert there == [True, True]

    def test_the_clocks_and_the_reports_of_deliveries_are_told_as_well(self) -> None:
        """What happens by itself is as much news as what people do."""
        told: list[News] = []
        now = [MONDAY]
        desk = Desk(store=MemoryStore(), policy=POLICY, now=lambda: now[0], listeners=(told.append,))
        desk.receive(LETTER)
        before = len(told)
        now[0] = MONDAY.add(days=3)
        desk.work()
        assert len(told) > before

    def test_nothing_is_told_of_what_was_refused_or_lost_a_race(self) -> None:
        """There is no news where nothing was stored."""
        told: list[News] = []
        desk = desk_on(MemoryStore(), told.append)
        case = desk.receive(LETTER).case
        with pytest.raises(Refused):
            desk.handle(case.id, Acknowledge(by="ana", word=Word(via={Channel.EMAIL}, text="Hm.")))
        with pytest.raises(ConflictingChange):
            desk.handle(case.id, WORD, expected_version=99)
        desk.receive(LETTER)
        assert len(told) == 1

    def test_a_listener_that_raises_harms_nobody(self, caplog: pytest.LogCaptureFixture) -> None:
        """What it was told of is committed; it is logged, the others are told, and the caller never hears of it."""
        told: list[News] = []

        def broken(news: News) -> None:
            raise ZeroDivisionError

        desk = desk_on(MemoryStore(), broken, told.append)
        with caplog.at_level(logging.ERROR):
            case = desk.receive(LETTER).case
        assert desk.load(case.id) == told[0].case == case
        assert [vars(record)["case_id"] for record in caplog.records] == [case.id]

    def test_a_host_that_commits_is_told_then_and_not_before(self, tmp_path: Path) -> None:
        """Inside a transaction of the host there is no news until it commits, and none where it rolls back."""
        engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
        told: list[News] = []
        with engine.begin() as connection:
            create_tables(connection)
        with Session(engine) as session:
            desk = desk_on(SQLAlchemyStore(session), told.append)
            desk.receive(LETTER)
            session.rollback()
            case = desk.receive(LETTER).case
            assert told == []
            session.commit()
        engine.dispose()
        assert [news.case for news in told] == [case]

    def test_a_connection_that_cannot_tell_is_refused(self) -> None:
        """Nobody listens in vain: the error names the way out, before anything is saved."""
        with closing(sqlite3.connect(":memory:")) as connection:
            store = JoinedStore(connection)
            with pytest.raises(InvalidValue, match="feed"):
                desk_on(store, print)
            with pytest.raises(InvalidValue, match="after_commit"):
                store.after_commit(lambda: None)
            desk_on(store)


class TestTheFeed:
    def test_a_desk_hands_it_out(self) -> None:
        """Position by position, what was put on record."""
        desk = desk_on(MemoryStore())
        case = desk.receive(LETTER).case
        first, *rest = desk.feed()
        assert first.recorded == desk.store.history(case.id)[0]
        assert desk.feed(first.position) == tuple(rest)
        assert desk.feed(limit=1) == (first,)

    def test_a_store_that_keeps_none_is_named(self) -> None:
        """A store of one's own need not keep a feed; who asks for it is told."""

        class Plain(MemoryStore):
            feed = None  # type: ignore[assignment]

        with pytest.raises(InvalidValue, match="Feed"):
            desk_on(Plain()).feed()
