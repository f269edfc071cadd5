"""Exports as other systems write them: the first map fits them, and what a spreadsheet or a log does to them is seen through."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pendulum
import pytest

from recovery import Channel, Stage, Ticket
from recovery.core.errors import BadDefinition
from recovery.intake.tickets import Means, TicketReader, load_map, suggest
from recovery.intake.tickets.guessing import means_of, waits

NOW = pendulum.datetime(2026, 3, 2, 9, 0, tz="Europe/Berlin")


def reader_of(folder: Path, name: str, text: str | bytes, ticket_map: str | None = None) -> TicketReader:
    """Return a reader for a file, with the given map or with the one that is suggested for it."""
    file, map_file = folder / name, folder / "map.toml"
    file.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode())
    map_file.write_text(suggest(file) if ticket_map is None else dedent(ticket_map), encoding="utf-8")
    return TicketReader(file, load_map(map_file), zone="Europe/Berlin", as_of=NOW)


def stages(reader: TicketReader) -> dict[str, Stage]:
    """Return the stages of the tickets by their numbers; none is bad."""
    found = {ticket.number: ticket.stage for ticket in reader.tickets()}
    assert reader.bad == []
    return found


def only(reader: TicketReader) -> Ticket:
    """Return the one ticket of a file."""
    (ticket,) = reader.tickets()
    assert reader.bad == []
    return ticket


# ---------------------------------------------------------------- a first map for them


JIRA = """
    Summary,Issue key,Issue id,Status,Assignee,Reporter,Created,Updated,Resolved,Labels,Labels
    "Pump ""2"", stuck",SUP-1,20001,Waiting for customer,bea,ann@x.example,12/Feb/26 3:04 PM,13/Feb/26 9:00 AM,,a,b
    Valve,SUP-2,20002,Done,,cy@x.example,2/Feb/26 9:04 AM,3/Feb/26 9:00 AM,3/Feb/26 9:00 AM,,
"""


def test_an_issue_tracker(tmp_path: Path) -> None:
    """A reporter who is an e-mail address is one, and dates with the name of the month and PM are read."""
    reader = reader_of(tmp_path, "jira.csv", JIRA)
    waiting, done = reader.tickets()
    assert waiting.asked_at == waiting.contact.received_at == pendulum.datetime(2026, 2, 12, 15, 4, tz="Europe/Berlin")
    assert [address.value for address in waiting.contact.sender.addresses] == ["ann@x.example"]
    assert waiting.contact.sender.name is None
    assert done.when(Stage.RESOLVED) == pendulum.datetime(2026, 2, 3, 9, 0, tz="Europe/Berlin")


SERVICENOW = """
    number,opened_at,short_description,caller_id,caller_id.email,incident_state,assigned_to,contact_type,resolved_at,sys_id
    INC1,2026-02-27 08:00:00,Screen,Zoë Brontë,zoe@x.example,1,Bea Castell,walk-in,,aa
    INC2,2026-02-26 08:00:00,Screen,Zoë Brontë,zoe@x.example,3,,self-service,,ab
    INC3,2026-02-20 08:00:00,Screen,Zoë Brontë,zoe@x.example,6,,phone,2026-02-28 10:00:00,ac
    INC4,2026-02-20 08:00:00,Screen,Zoë Brontë,zoe@x.example,7,,phone,,ad
"""


def test_states_that_are_numbers(tmp_path: Path) -> None:
    """The numbers of a system that shows by its columns which one it is are known, and the map asks to look at them."""
    reader = reader_of(tmp_path, "incident.csv", SERVICENOW)
    told = (tmp_path / "map.toml").read_text(encoding="utf-8")
    line = next(line for line in told.splitlines() if line.startswith('"3" = "investigating"'))
    assert line.endswith("# 1 rows; guessed from a number: is it so?")
    found = {ticket.number: ticket for ticket in reader.tickets()}
    assert [ticket.stage.value for ticket in found.values()] == ["received", "investigating", "resolved", "closed"]
    assert [ticket.contact.channel for ticket in found.values()][:2] == [Channel.IN_PERSON, Channel.WEB_FORM]
    assert found["INC1"].contact.sender.name == "Zoë Brontë"
    assert found["INC1"].contact.sender.id is None
    assert found["INC1"].contact.sender.addresses[0].value == "zoe@x.example"


def test_numbers_of_nobody_knows_which_system_are_left_to_a_person(tmp_path: Path) -> None:
    """A number that is none of the known ones, or stands in any other column, is not guessed at."""
    for text in ("number,incident_state,opened_at\n1,2,2026-02-01\n2,42,2026-02-01\n", "id,status,created\n1,2,2026-02-01\n"):
        (tmp_path / "n.csv").write_text(text, encoding="utf-8")
        assert '# "2" = "?"' in suggest(tmp_path / "n.csv")


EVENTS = """
    case:concept:name,concept:name,lifecycle:transition,time:timestamp,org:resource
    1-36,Completed,Resolved,2026-02-25T10:00:00.000+01:00,Siebel
    1-36,Accepted,In Progress,2026-02-24T10:00:00.000+01:00,Siebel
    1-37,Accepted,Wait,2026-02-24T12:00:00.000+01:00,Siebel
    1-37,Queued,Awaiting Assignment,2026-02-24T11:00:00.000+01:00,Siebel
"""


def test_an_event_log_as_process_mining_has_it(tmp_path: Path) -> None:
    """Case, activity, time and resource are found by the names of the XES standard, and rows are seen to be updates."""
    reader = reader_of(tmp_path, "log.csv", EVENTS)
    assert stages(reader) == {"1-36": Stage.RESOLVED, "1-37": Stage.ACKNOWLEDGED}
    assert reader.map.columns.owner == ("org:resource",)


def test_a_log_whose_columns_nobody_knows_is_seen_by_its_dates(tmp_path: Path) -> None:
    """Where tickets come again and again, the date that changes from row to row is when the update was made."""
    text = "CaseNumber,Opened,NewStatus,Stamp\n" + "".join(
        f"{case},1/30/2026,{state},2/{day}/2026 4:30 PM\n" for case in "12" for day, state in ((1, "New"), (13, "Resolved"))
    )
    reader = reader_of(tmp_path, "log.csv", text)
    assert reader.map.updates is not None
    assert reader.map.updates.at == ("Stamp",)
    assert reader.map.columns.opened == ("Opened",)


def test_a_date_is_told_by_its_cells_not_by_its_name(tmp_path: Path) -> None:
    """A column that is called like a date and holds words is none; one that holds nothing but dates is the receipt."""
    text = "Ticket ID,Status,First response status,Initial response time,Angelegt am Tag\n1,Open,Within SLA,2026-02-02,2026-02-01\n"
    reader = reader_of(tmp_path, "f.csv", text)
    assert dict(reader.map.columns.reached) == {"acknowledged": ("Initial response time",)}
    assert only(reader).contact.received_at == pendulum.datetime(2026, 2, 1, tz="Europe/Berlin")
    text = "Ticket ID,Status,Day\n1,Open,2026-02-01\n"
    assert only(reader_of(tmp_path, "g.csv", text)).contact.received_at == pendulum.datetime(2026, 2, 1, tz="Europe/Berlin")


OTRS = '''
    "Ticketnummer";"Erstellt";"Geschlossen";"Status";"Besitzer";"Von";"Betreff"
    "20260302";"17.02.2026 08:02";"";"warten auf erfolgreich schließen";"Jürgen";"""Änne, Müller"" <aenne@kunde.example>";"Störung"
    "20260303";"17.02.2026 08:02";"18.02.2026 08:02";"erfolgreich geschlossen";"";"";"Störung"
'''


def test_a_german_ticket_system(tmp_path: Path) -> None:
    """German states and columns are known, and an address that stands behind a name is taken out."""
    reader = reader_of(tmp_path, "otrs.csv", dedent(OTRS).lstrip("\n").encode("cp1252"))
    first, second = reader.tickets()
    assert (first.stage, second.stage) == (Stage.RESOLVED, Stage.CLOSED)
    assert first.contact.sender.addresses[0].value == "aenne@kunde.example"
    assert reader.map.columns.owner == ("Besitzer",)
    assert '# resolved = "Geschlossen"' in (tmp_path / "map.toml").read_text(encoding="utf-8")


def test_objects_inside_objects_are_found_by_their_last_names(tmp_path: Path) -> None:
    """What an interface nests is found, also where it sends a second list along."""
    issue = {
        "key": "A-1",
        "fields": {
            "status": {"name": "Open"}, "created": "2026-02-01T10:00:00.000+0000", "summary": "Latch", "labels": ["a", "b"],
            "assignee": {"displayName": "Bea"}, "reporter": {"displayName": "Ann", "emailAddress": "a@x.example"},
        },
    }  # fmt: skip
    reader = reader_of(tmp_path, "j.json", json.dumps({"total": 1, "users": [{"id": 7}], "issues": [issue]}))
    ticket = only(reader)
    assert (ticket.number, ticket.owner, ticket.contact.subject) == ("A-1", "Bea", "Latch")
    assert (ticket.contact.sender.name, ticket.contact.sender.addresses[0].value) == ("Ann", "a@x.example")


@pytest.mark.parametrize(
    ("state", "means", "asked"),
    [
        ("Waiting for customer", Means.INVESTIGATING, True),
        ("On Hold - awaiting caller", Means.INVESTIGATING, True),
        ("Waiting on contact", Means.INVESTIGATING, True),
        ("Wait - User", Means.INVESTIGATING, True),
        ("Rückfrage", Means.INVESTIGATING, True),
        ("Waiting for support", Means.INVESTIGATING, False),
        ("pending auto close+", Means.RESOLVED, False),
        ("Storniert", Means.ENDED, False),
        ("zusammengefasst", Means.SKIP, False),
        ("Task for user", None, False),
    ],
)
def test_states_as_systems_call_them(state: str, means: Means | None, asked: bool) -> None:
    """A state is guessed by its name, and one that names the customer as the one who has to act is a question."""
    assert (means_of(state), waits(state)) == (means, asked)


# ---------------------------------------------------------------- what a spreadsheet does


SHEET_MAP = """
    [dates]
    formats = "%d.%m.%Y %H:%M"
    [columns]
    ticket = "Nr"
    state = "Status"
    opened = "Datum"
    [states]
    Offen = "received"
"""


def test_empty_lines_and_empty_cells_at_the_end_are_nothing(tmp_path: Path) -> None:
    """A spreadsheet writes delimiters for columns that have no name, in some lines fewer or more, and lines with nothing else."""
    rows = ("1;Offen;2.2.2026 9:00;;", ";;;;", "", "2;Offen;2.2.2026 9:00", "3;Offen;2.2.2026 9:00;;;;", "")
    text = "\r\n".join(("sep=;", "Nr;Status;Datum;;", *rows))
    reader = reader_of(tmp_path, "x.csv", b"\xef\xbb\xbf" + text.encode(), SHEET_MAP)
    assert list(stages(reader)) == ["1", "2", "3"]
    assert "other columns of the file: none" in suggest(tmp_path / "x.csv")


def test_a_quote_that_is_not_closed_says_how_much_it_took(tmp_path: Path) -> None:
    """The row says how many lines it runs over: all of them are tickets that have to be looked for."""
    reader = reader_of(tmp_path, "x.csv", 'Nr;Status;Datum\n1;"Offen;2.2.2026 9:00\n2;Offen;2.2.2026 9:00\n', SHEET_MAP)
    assert list(reader.tickets()) == []
    assert [bad.number for bad in reader.bad] == ["1"]
    assert "it has 2 cells, one of them 3 lines long, where the header has 3" in reader.bad[0].reasons[0].message


def test_a_number_that_was_rounded_is_no_identity(tmp_path: Path) -> None:
    """Many tickets have the same rounded number: the digits that are gone were what told them apart."""
    reader = reader_of(tmp_path, "x.csv", "Nr;Status;Datum\n2,02603E+15;Offen;2.2.2026 9:00\n", SHEET_MAP)
    assert list(reader.tickets()) == []
    assert "a spreadsheet has rounded" in reader.bad[0].reasons[0].message


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_is_not_taken_for_text(tmp_path: Path, head: bytes) -> None:
    """The way out is to save the sheet as CSV, whatever the file is called."""
    (tmp_path / "t.csv").write_bytes(head + b"\x14\x00,\n")
    with pytest.raises(BadDefinition, match="save the sheet as CSV"):
        suggest(tmp_path / "t.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Who names a folder is asked for the file in it."""
    with pytest.raises(BadDefinition, match="it is a folder"):
        suggest(tmp_path)


def test_an_address_without_an_at_sign_is_bad(tmp_path: Path) -> None:
    """No mail can go there, and nobody would notice before the first one."""
    ticket_map = SHEET_MAP + '[columns.addresses]\nemail = "Mail"\n'
    reader = reader_of(tmp_path, "x.csv", "Nr;Status;Datum;Mail\n1;Offen;2.2.2026 9:00;nobody\n", dedent(ticket_map))
    assert list(reader.tickets()) == []
    assert [(why.field, why.message) for why in reader.bad[0].reasons] == [("Mail", "'nobody' is no e-mail address.")]


# ---------------------------------------------------------------- what a log does


LOG_MAP = """
    one_row_per = "update"
    [updates]
    at = "at"
    [columns]
    ticket = "id"
    state = "state"
    customer_name = "who"
    [states]
    New = "received"
    Working = "investigating"
    Done = "resolved"
"""


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_two_updates_at_one_minute_the_order_of_the_file_decides(tmp_path: Path, newest_first: bool) -> None:
    """A file that is newest first is read from its end, also for the cells of the last update."""
    rows = ["1,New,2026-02-01 10:00,a", "1,Working,2026-02-01 10:00,b", "2,New,2026-02-02 10:00,c", "2,Done,2026-02-03 10:00,d"]
    text = "id,state,at,who\n" + "\n".join(reversed(rows) if newest_first else rows) + "\n"
    found = {ticket.number: ticket for ticket in reader_of(tmp_path, "log.csv", text, LOG_MAP).tickets()}
    assert (found["1"].stage, found["1"].contact.sender.name) == (Stage.INVESTIGATING, "b")
    assert found["2"].stage is Stage.RESOLVED


def test_an_update_without_a_state_changes_none(tmp_path: Path) -> None:
    """A comment has no state; a ticket that never had one is bad."""
    text = "id,state,at,who\n1,Working,2026-02-01 10:00,a\n1,,2026-02-02 10:00,b\n2,,2026-02-02 10:00,c\n"
    reader = reader_of(tmp_path, "log.csv", text, LOG_MAP)
    assert [(ticket.number, ticket.stage) for ticket in reader.tickets()] == [("1", Stage.INVESTIGATING)]
    assert [(bad.number, bad.reasons[0].message) for bad in reader.bad] == [("2", "the state is not known.")]


def test_what_is_later_is_counted(tmp_path: Path) -> None:
    """Updates after the instant are not read, and tickets of which nothing is known yet are neither adopted nor lost."""
    text = "id,state,at,who\n1,Working,2026-02-01 10:00,a\n1,Done,2026-03-09 10:00,a\n2,New,2026-03-09 10:00,c\n"
    reader = reader_of(tmp_path, "log.csv", text, LOG_MAP)
    assert stages(reader) == {"1": Stage.INVESTIGATING}
    assert (reader.unread, reader.later) == (2, 1)


def test_a_broken_update_keeps_its_whole_ticket_apart(tmp_path: Path) -> None:
    """Who knows what the broken row says: without it the ticket could stand at a stage that it has left."""
    text = "id,state,at,who\n1,Working,2026-02-01 10:00,a\n1,Done,2026-02-02 10:00,a,b\n"
    reader = reader_of(tmp_path, "log.csv", text, LOG_MAP)
    assert list(reader.tickets()) == []
    assert [(bad.number, bad.rows) for bad in reader.bad] == [("1", (1, 2))]


# ---------------------------------------------------------------- maps


def test_a_log_of_all_kinds_of_changes(tmp_path: Path) -> None:
    """A line that ends in a star holds for all states that begin so; one of its own and a longer one come first."""
    ticket_map = """
        one_row_per = "update"
        waiting = ["State On Hold"]
        [updates]
        at = "at"
        [columns]
        ticket = "id"
        state = ["field", "new"]
        [states]
        "*" = "same"
        "State *" = "investigating"
        "State New" = "received"
    """
    text = """
        id,field,new,at
        1,State,New,2026-02-01 10:00
        1,Priority,2,2026-02-01 11:00
        2,State,New,2026-02-01 10:00
        2,State,On Hold,2026-02-02 10:00
        2,Assigned to,bea,2026-02-02 11:00
    """
    first, second = reader_of(tmp_path, "log.csv", text, ticket_map).tickets()
    assert (first.stage, second.stage) == (Stage.RECEIVED, Stage.INVESTIGATING)
    assert (first.asked_at, second.asked_at) == (None, pendulum.datetime(2026, 2, 2, 10, tz="Europe/Berlin"))


@pytest.mark.parametrize("form", ["DD.MM.YYYY", "%d.%Q.%Y", "%Y %Y", "%"])
def test_a_form_of_dates_that_is_none_is_told_at_once(tmp_path: Path, form: str) -> None:
    """It would make every row bad, and none of the rows is to blame."""
    with pytest.raises(BadDefinition, match="which is no form of dates"):
        reader_of(tmp_path, "x.csv", "Nr,Status,Datum\n", SHEET_MAP.replace("%d.%m.%Y %H:%M", form))
