"""``recovery feed``: what has been put on record in all cases, event by event."""

from __future__ import annotations

import json

import pytest

from cli.running import Played, refused, run
from recovery import SQLiteStore


def lines_of(*arguments: str) -> list[dict[str, object]]:
    """Return the JSON documents that a command prints, one a line."""
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def test_every_event_is_a_line(played: Played, store: SQLiteStore) -> None:
    """For programs each line is an event with its kind, its version and its texts, its case, and the position to go on from."""
    found = lines_of("feed", "--json", "--db", played.db)
    assert len(found) == len(store.feed(limit=100_000))
    assert {tuple(sorted(each)) for each in found} == {("case_id", "data", "kind", "position", "recorded_at", "seq", "v")}
    first = store.feed(limit=1)[0]
    assert (found[0]["position"], found[0]["case_id"], found[0]["seq"]) == (first.position, first.case_id, 1)
    told = str(found[0]["data"])
    assert "text" in told


def test_whoever_goes_on_behind_a_position_misses_nothing(played: Played) -> None:
    """Page after page is the whole."""
    whole = lines_of("feed", "--json", "--db", played.db)
    some = lines_of("feed", "--json", "--limit", "7", "--db", played.db)
    rest = lines_of("feed", "--json", "--after", str(some[-1]["position"]), "--db", played.db)
    assert [*some, *rest] == whole


def test_people_read_a_sentence(played: Played, store: SQLiteStore) -> None:
    """With the reference that other commands take."""
    code, out, _ = run("feed", "--limit", "1", "--db", played.db)
    first = store.load(store.feed(limit=1)[0].case_id)
    assert code == 0
    assert first is not None
    assert first.reference in out


@pytest.mark.parametrize("wrong", ["nonsense", "-1"])
def test_a_position_that_is_none_is_refused(played: Played, wrong: str) -> None:
    """The error names the field."""
    assert refused("feed", f"--after={wrong}", "--db", played.db)["reasons"][0]["field"] == "after"


@pytest.mark.parametrize("limit", ["0", "-1"])
def test_so_many_events_are_one_at_least(played: Played, limit: str) -> None:
    """Less than one is a slip, and told as one."""
    assert refused("feed", "--limit", limit, "--db", played.db)["reasons"][0]["field"] == "--limit"
