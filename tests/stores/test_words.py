"""Looking for words: the database leaves out what cannot hold them, and never a case that does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from recovery.ports.values import Query
from recovery.stores.memory import MemoryStore
from recovery.stores.postgres import PostgresStore
from recovery.stores.sql.queries import FOLDED
from recovery.stores.sql.store import SQLStore
from recovery.stores.sqlite import SQLiteStore
from recovery.testing.contracts.samples import NASTY, TIMING, contact, opening

TEXTS = (
    *("Die Straße 12 ist gesperrt.", "DIE STRASSE 12 IST GESPERRT", "Der ﬁnale Bescheid", "finale", "İstanbul", "istanbul"),
    *("300 \u212a", "300 k", "ŉ and ǰ and ẖ", "50 % off_", 'he said "no" \\ maybe', "line\none\ttab", "שלום", "MÜLLER"),
    *("müller", "naïve ſharp", NASTY, "~"),
)
WORDS = (
    *("strasse", "STRASSE", "Straße 12", "ße", "ss", "finale", "ﬁ", "fi", "istanbul", "İ", "k", "K", "300 k", "n", "j", "h"),
    *("% off_", "%", "_", '"', '"no"', "\\", "\n", "one\ttab", "tab", "שלום", "müller", "MÜLLER", "ller", "sharp", "ſ", "s"),
    *("right", "~", "", " ", "zzz", "salt", "texts", "{", "u00df", "\\u00df", "\ud800"),
)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SQLStore]:
    """A store of each dialect."""
    if request.param == "sqlite":
        with SQLiteStore(tmp_path / "recovery.db") as opened:
            yield opened
    else:
        emptied: Callable[[], str] = request.getfixturevalue("one_emptied")
        with PostgresStore(emptied()) as there:
            yield there


def test_no_case_is_lost_whatever_is_looked_for(store: SQLStore) -> None:
    """For every word the database finds exactly what reading every text finds, letters that fold into others included."""
    memory = MemoryStore()
    sender = attrs.evolve(contact().sender, name="Bo", id="k-1", addresses=())
    for number, text in enumerate(TEXTS):
        change = opening(f"c-{number:02}", of=contact(text, sender=sender))
        for each in (memory, store):
            each.save([change], timing=TIMING)
    for word in WORDS:
        for limit in (3, 100):
            query = Query(text=word, limit=limit)
            assert store.find(query) == memory.find(query), repr(word)


def test_every_letter_that_becomes_ascii_is_known() -> None:
    """Such letters alone can hold a word that does not stand there letter by letter; Unicode may bring new ones."""
    assert set(FOLDED) == set(filter(_becomes_ascii, map(chr, range(128, sys.maxunicode + 1))))


def _becomes_ascii(letter: str) -> bool:
    return any(sign.isascii() for sign in letter.casefold())
