"""The command that adopts tickets: what it shows, what it writes, and how it exits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import run
from recovery import Query, SQLiteStore, Stage

Here = Callable[[str], Path]

TICKETS = """\
id,status,opened,name,mail,subject,agent
1,new,2026-02-27 10:00,Ann,ann@x.example,No signal,ana
2,working,2026-02-20 10:00,Cy,cy@x.example,Dark display,ben
3,asked,2026-02-20 10:00,Di,di@x.example,Which plug,zoe
4,done,2026-02-26 10:00,Ed,ed@x.example,Loose cable,ana
5,gone,2025-02-26 10:00,Flo,flo@x.example,Old story,ana
6,workign_,2026-02-26 10:00,Gus,gus@x.example,Wet plug,ana
7,new,2027-01-01 10:00,Hal,hal@x.example,From the future,ana
"""
MAP = """\
system = "OldDesk"
waiting = ["asked"]
[dates]
formats = ["%Y-%m-%d %H:%M"]
[columns]
ticket = "id"
state = "status"
opened = "opened"
customer_name = "name"
subject = "subject"
owner = "agent"
addresses = { email = "mail" }
[states]
new = "received"
working = "investigating"
asked = "investigating"
done = "resolved"
gone = "ended"
"""


@pytest.fixture
def tickets(shop: Here) -> Here:
    """The tickets of the old system and their map, beside the database of a shop."""
    shop("old.csv").write_text(TICKETS, encoding="utf-8")
    shop("map.toml").write_text(MAP, encoding="utf-8")
    return shop


def adopt(*options: str, file: str = "old.csv") -> tuple[int, str, str]:
    """Adopt a file with the map."""
    return run("adopt", file, "--map", "map.toml", *options)


def stored() -> dict[str, Stage]:
    """Return the tickets that are cases, and where each stands."""
    with SQLiteStore("recovery.db") as store:
        cases = store.find(Query())
    return {str(case.receiving.contacts[0].ticket): case.stage for case in cases}


def test_it_tells_what_came_of_the_tickets_and_where_the_bad_ones_are(tickets: Here) -> None:
    """Counts by stage, ended and bad ones, why, and the file to mend: exit code 1, for some were left out."""
    code, out, err = adopt()
    assert (code, err) == (1, "")
    rows = [" ".join(line.split()) for line in out.splitlines() if line.strip().endswith(("0", "1", "2", "4"))]
    assert rows == [
        "adopted as received, not confirmed 1",
        "adopted as investigating, not confirmed 2",
        "adopted as resolved, not confirmed 1",
        "adopted in all 4",
        "ended there, too long ago for a follow-up 1",
        "here already 0",
        "skipped by the map 0",
        "bad, kept apart 2",
        "status the state 'workign_' is not in the map. 1",
        "opened the date lies in the future. 1",
    ]
    assert "1 had an owner whom nobody here knows" in out
    assert "Nothing rings before Tuesday 3 March 2026, 09:40" in out
    assert "Mend old.bad.csv and adopt it with the same map." in out
    assert stored() == {
        "1": Stage.RECEIVED,
        "2": Stage.INVESTIGATING,
        "3": Stage.INVESTIGATING,
        "4": Stage.RESOLVED,
    }


def test_of_many_reasons_of_one_kind_one_stands_for_all(shop: Here) -> None:
    """A hundred wrong dates are one line with an example, and a few odd states are told one by one."""
    rows = [f"{number},new,{number}.13.2026,n,m,s,ana" for number in range(1, 101)]
    rows += [f"{number},odd {number % 3},2026-01-01 10:00,n,m,s,ana" for number in range(200, 230)]
    shop("old.csv").write_text("\n".join([TICKETS.splitlines()[0], *rows]), encoding="utf-8")
    shop("map.toml").write_text(MAP, encoding="utf-8")
    code, out, _ = adopt("--dry-run")
    told = " ".join(out.split())
    assert code == 1
    assert "opened such as: '1.13.2026' is no date in the form %Y-%m-%d %H:%M. 100" in told
    assert all(f"status the state 'odd {number}' is not in the map. 10" in told for number in range(3))


def test_bad_rows_are_mended_and_fed_back(tickets: Here) -> None:
    """The file of bad rows goes back in; then the whole file again adopts nothing, and calls nothing bad that was mended."""
    adopt()
    bad = tickets("old.bad.csv")
    lines = bad.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("recovery_reason,id,status")
    assert "Did you mean 'working'?" in lines[1]
    bad.write_text("\n".join(lines).replace("workign_,", "working,").replace("2027-01-01", "2026-01-01"), encoding="utf-8")
    code, out, _ = adopt(file="old.bad.csv")
    assert code == 0
    assert "adopted in all 2" in " ".join(out.split())
    code, out, _ = adopt("--json")
    told = json.loads(out)
    assert (code, told["adopted"], told["known"], told["ended"], told["bad"], told["bad_file"]) == (0, {}, 6, 1, [], None)
    assert len(stored()) == 6


def test_a_dry_run_tells_the_same_and_leaves_no_trace(tickets: Here) -> None:
    """What would come of it, with nothing saved and no file written."""
    code, out, _ = adopt("--dry-run")
    assert code == 1
    assert "adopted in all 4" in " ".join(out.split())
    assert "Nothing has been saved." in out
    assert stored() == {}
    assert not tickets("old.bad.csv").exists()


def test_json_is_one_document_with_every_reason(tickets: Here) -> None:
    """A program reads the counts, the rows of the bad tickets and the reasons as data."""
    code, out, err = adopt("--json")
    told = json.loads(out)
    assert (code, err) == (1, "")
    assert told["adopted"] == {"received": 1, "investigating": 2, "resolved": 1}
    assert [(bad["ticket"], bad["rows"]) for bad in told["bad"]] == [("6", [6]), ("7", [7])]
    assert told["bad"][0]["reasons"][0]["field"] == "status"
    assert (told["rerouted"], told["skipped"], told["bad_file"]) == (1, 0, "old.bad.csv")


def test_adopted_cases_are_silent_on_the_agenda_and_told_as_not_confirmed(tickets: Here) -> None:
    """Nothing waits in the outbox, the doctor finds nothing, and the timeline says where the case came from."""
    adopt()
    with SQLiteStore("recovery.db") as store:
        (case,) = store.find(Query(stage=Stage.RESOLVED))
        assert store.backlog(case.recorded_at).unsent == 0
    code, out, _ = run("show", case.reference)
    assert code == 0
    assert "Adopted from OldDesk: resolved, as that system says and nobody has confirmed" in " ".join(out.split())
    assert run("doctor")[0] == 0
    code, out, _ = run("show")
    assert "resolved: adopted, not confirmed" in " ".join(out.split())


def test_a_first_map_is_printed_and_can_be_used(tickets: Here) -> None:
    """What --suggest prints is a map that adopts what it could guess."""
    code, out, _ = run("adopt", "old.csv", "--suggest")
    assert code == 0
    tickets("map.toml").write_text(out, encoding="utf-8")
    code, out, _ = adopt("--json")
    assert code == 1
    assert json.loads(out)["adopted"] == {"received": 1, "investigating": 1, "resolved": 1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("adopt", "old.csv"), "recovery adopt old.csv --suggest > map.toml"),
        (("adopt", "old.csv", "--map", "nowhere.toml"), "nowhere.toml"),
        (("adopt", "nowhere.csv", "--map", "map.toml"), "nowhere.csv"),
        (("adopt", "nowhere.csv", "--suggest"), "nowhere.csv"),
        (("adopt", "old.csv", "--map", "map.toml", "--as-of", "soonish"), "--as-of"),
        (("adopt", "old.csv", "--map", "map.toml", "--db", "nowhere.db"), "recovery init"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_way_out(tickets: Here, arguments: tuple[str, ...], said: str) -> None:
    """A missing map, file, database or instant exits with 2 and says what to do; nothing has been adopted."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())
    assert stored() == {}


def test_a_log_is_read_as_it_stood_then(shop: Here) -> None:
    """--as-of looks at a log of updates before its last ones."""
    shop("old.csv").write_text("id,status,at\n1,new,2026-02-20 10:00\n1,done,2026-02-25 10:00\n", encoding="utf-8")
    shop("map.toml").write_text(
        'one_row_per = "update"\n[dates]\nformats = "%Y-%m-%d %H:%M"\n[updates]\nat = "at"\n'
        '[columns]\nticket = "id"\nstate = "status"\n[states]\nnew = "received"\ndone = "resolved"\n',
        encoding="utf-8",
    )
    assert json.loads(adopt("--json", "--dry-run", "--as-of", "2026-02-21")[1])["adopted"] == {"received": 1}
    assert json.loads(adopt("--json", "--dry-run")[1])["adopted"] == {"resolved": 1}


def test_what_a_log_says_of_later_is_told(shop: Here) -> None:
    """How many updates were not read, and how many tickets are not there yet, is on the screen and in the document."""
    shop("old.csv").write_text(
        "id,status,at\n1,new,2026-02-20 10:00\n1,new,2026-02-25 10:00\n2,new,2026-02-25 10:00\n", encoding="utf-8"
    )
    shop("map.toml").write_text(
        'one_row_per = "update"\n[updates]\nat = "at"\n[columns]\nticket = "id"\nstate = "status"\n[states]\nnew = "received"\n',
        encoding="utf-8",
    )
    told = json.loads(adopt("--json", "--dry-run", "--as-of", "2026-02-21")[1])
    assert (told["later"], told["unread"]) == (1, 2)
    out = " ".join(adopt("--dry-run", "--as-of", "2026-02-21")[1].split())
    assert "not there yet at that instant 1" in out
    assert "2 updates are later than Saturday 21 February 2026" in out
