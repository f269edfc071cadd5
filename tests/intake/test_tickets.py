"""Tickets from files: any dialect, any form of date, one row a ticket or many; what cannot be read is kept apart, with reasons."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from recovery import Channel, Stage, Ticket
from recovery.core.errors import BadDefinition, Reason
from recovery.intake.tickets import REASON, TicketReader, load_map, suggest
from recovery.intake.tickets.dates import Dates
from recovery.intake.tickets.source import LINE

NOW = pendulum.datetime(2026, 3, 2, 9, 0, tz="UTC")

Read = Callable[..., TicketReader]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a file with a map, both given as text; the reader has read everything, and keeps what it yielded in ``found``."""

    def reading(
        text: str | bytes, ticket_map: str, name: str = "tickets.csv", *, as_of: DateTime = NOW, zone: str = "UTC"
    ) -> TicketReader:
        file, map_file = tmp_path / name, tmp_path / "map.toml"
        file.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode())
        map_file.write_text(dedent(ticket_map), encoding="utf-8")
        return TicketReader(file, load_map(map_file), zone=zone, as_of=as_of)

    return reading


def tickets(reader: TicketReader) -> dict[str, Ticket]:
    """Return the tickets by their numbers; each number comes once."""
    found = list(reader.tickets())
    assert len({ticket.number for ticket in found}) == len(found)
    return {ticket.number: ticket for ticket in found}


def reasons(reader: TicketReader) -> dict[str, list[tuple[str | None, str]]]:
    """Return why tickets are bad: their numbers, and for each reason the column and the message."""
    return {bad.number: [(reason.field, reason.message) for reason in bad.reasons] for bad in reader.bad}


def dates(ticket: Ticket) -> Mapping[Stage, str]:
    """Return when a ticket came to its stages, in UTC."""
    return {told.stage: told.at.format("YYYY-MM-DD HH:mm") for told in ticket.reached}


# ---------------------------------------------------------------- three logs of other systems


GERMAN = """
    Vorgang;Kunde;E-Mail;Kanal;Betreff;Meldung;Eingang;Zustand;Seit;Bearbeiter
    4711;Jörg Müßig;joerg@kunde.example;Telefon;Heizung fällt aus;"Seit Tagen kalt;
    niemand meldet sich.";28.02.2026 09:15;in Bearbeitung;01.03.2026 08:00;Schäfer
    4712;Änne Groß;;Brief;Rechnung falsch;Bitte prüfen.;27.02.2026;Rückfrage;28.02.2026;
    4713;;;Brief;;;26.02.2026;erledigt;01.03.2026 16:30;Weiß
    4714;Uwe;;Brieftaube;Dach undicht;Es tropft.;32.02.2026;in Bearbeitng;;Weiß
"""
GERMAN_MAP = """
    system = "VorgangsManager"
    waiting = ["Rückfrage"]
    keep = ["Betreff"]

    [dates]
    formats = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]
    timezone = "Europe/Berlin"

    [columns]
    ticket = "Vorgang"
    state = "Zustand"
    opened = "Eingang"
    since = "Seit"
    customer_name = "Kunde"
    channel = "Kanal"
    subject = "Betreff"
    text = "Meldung"
    owner = "Bearbeiter"
    addresses = { email = "E-Mail" }

    [states]
    "in Bearbeitung" = "investigating"
    "Rückfrage" = "investigating"
    "erledigt" = "resolved"

    [channels]
    Brief = "letter"

    [owners]
    "Schäfer" = "ana"
    "Weiß" = "ben"

    [defaults]
    owner = "cleo"
    subject = "Vorgang {Vorgang} vom {Eingang}"
"""


def test_a_german_export_with_semicolons_and_old_encoding(read: Read) -> None:
    """Latin letters, dates with dots in local time, and a cell with a line break are read as they are meant."""
    reader = read(dedent(GERMAN).lstrip("\n").encode("latin-1"), GERMAN_MAP)
    found = tickets(reader)
    first, second, third = found["4711"], found["4712"], found["4713"]
    assert reader.source.encoding == "cp1252"
    assert first.contact.sender.name == "Jörg Müßig"
    assert [(a.channel, a.value) for a in first.contact.sender.addresses] == [(Channel.EMAIL, "joerg@kunde.example")]
    assert first.contact.text == "Seit Tagen kalt;\nniemand meldet sich."
    assert first.contact.received_at.isoformat() == "2026-02-28T08:15:00+00:00"
    assert (first.stage, dates(first), first.owner) == (
        Stage.INVESTIGATING,
        {Stage.INVESTIGATING: "2026-03-01 07:00"},
        "ana",
    )
    assert (first.contact.channel, second.contact.channel) == (Channel.PHONE, Channel.LETTER)
    assert second.asked_at == pendulum.datetime(2026, 2, 27, 23, 0, tz="UTC")
    assert (second.owner, third.owner) == ("cleo", "ben")
    assert (third.stage, third.contact.subject) == (Stage.RESOLVED, "Vorgang 4713 vom 26.02.2026")
    assert dict(first.claims) == {"Zustand": "in Bearbeitung", "Bearbeiter": "Schäfer", "Betreff": "Heizung fällt aus"}


def test_every_fault_of_a_row_is_told_at_once_with_its_column(read: Read) -> None:
    """A row with a wrong date, an unknown state and an unknown channel says all three, with what may have been meant."""
    reader = read(dedent(GERMAN).lstrip("\n").encode("latin-1"), GERMAN_MAP)
    tickets(reader)
    assert reasons(reader) == {
        "4714": [
            ("Zustand", "the state 'in Bearbeitng' is not in the map."),
            ("Eingang", "'32.02.2026' is no date in the form %d.%m.%Y %H:%M or %d.%m.%Y."),
            ("Kanal", "the channel 'Brieftaube' is not known."),
        ]
    }
    assert reader.bad[0].reasons[0].hint == "Did you mean 'in Bearbeitung'? If not, give it a line under [states]."


JSONL = """
    {"id": 71, "status": "Open", "created": 1771318800, "user": {"id": "u-1", "mail": "ann@x.example"}, "title": "No signal"}
    {"id": 72, "status": "solved", "created": 1771318800, "solved": 1772000000, "user": {"id": "u-2"}, "tags": ["vip", "eu"]}
    {"id": 73, "status": "Closed", "created": 1769000000, "solved": 1769100000, "user": null, "note": null}
    {"id": 74, "status": "Closed", "created": 1771318800, "solved": 1772000000}
    not json at all
    ["an", "array"]
    {"status": "Open", "created": 1771318800}
    {"id": 75, "status": "spam", "created": 1771318800}
    {"id": 76, "status": "Open", "created": "soon"}
"""
JSONL_MAP = """
    keep = ["*"]
    [dates]
    formats = "unix"
    [columns]
    ticket = "id"
    state = "status"
    opened = "created"
    customer_id = "user.id"
    subject = "title"
    [columns.addresses]
    email = "user.mail"
    [columns.reached]
    resolved = "solved"
    [states]
    open = "received"
    SOLVED = "resolved"
    closed = "ended"
    spam = "skip"
"""


def test_json_lines_with_objects_inside_and_unix_time(read: Read) -> None:
    """Cells of inner objects go by their path, numbers are texts, and states count without regard to case."""
    reader = read(JSONL, JSONL_MAP, "tickets.jsonl")
    found = tickets(reader)
    assert list(found) == ["71", "72", "73", "74"]
    assert found["71"].contact.received_at == pendulum.datetime(2026, 2, 17, 9, 0, tz="UTC")
    assert found["71"].contact.sender.id == "u-1"
    assert found["71"].contact.sender.addresses[0].value == "ann@x.example"
    assert (found["72"].stage, dates(found["72"])) == (Stage.RESOLVED, {Stage.RESOLVED: "2026-02-25 06:13"})
    assert dict(found["72"].claims)["tags"] == "vip, eu"
    assert (found["73"].stage, found["73"].contact.sender.id) == (Stage.CLOSED, None)
    assert reader.skipped == 1
    assert reasons(reader)["76"] == [("created", "'soon' is no date in the form unix.")]
    assert [(bad.number, bad.rows) for bad in reader.bad] == [("", (5,)), ("", (6,)), ("", (7,)), ("76", (9,))]


def test_bad_json_lines_can_be_mended_and_read_again(read: Read) -> None:
    """A line that is no JSON is kept as it stands, and is read from there once it is."""
    reader = read(JSONL, JSONL_MAP, "tickets.jsonl")
    tickets(reader)
    path = reader.write_bad()
    assert path is not None
    assert path.name == "tickets.bad.jsonl"
    kept = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [entry.get(LINE) for entry in kept] == ["not json at all", '["an", "array"]', None, None]
    assert all(entry[REASON] for entry in kept)
    kept[0][LINE] = '{"id": 80, "status": "open", "created": 1771318800}'
    kept[3]["created"] = 1771318800
    again = read("\n".join(map(json.dumps, kept)), JSONL_MAP, path.name)
    found = tickets(again)
    assert set(found) == {"80", "76"}
    assert REASON not in dict(found["76"].claims)
    assert len(again.bad) == 2


HELPDESK = """
    Ticket ID,Status,Requester,Requester Email,Source,Subject,Priority,Created time,Resolved time,Closed time,Agent
    #1001,Open,Ann Lee,ann@x.example,Email,No dial tone,High,2026-02-27T10:30:00+01:00,,,Bea
    #1002,Waiting on Customer,Cy Roe,cy@x.example,Portal,Refund?,Low,2026-02-26 09:00:00 -0500,,,Bea
    #1003,Resolved,Di Poe,,Phone,Broken latch,Low,2026-02-20T08:00:00Z,2026-02-25T17:00:00.123456789Z,,Cal
    #1004,Closed,Ed Fox,,Phone,Wrong colour,Low,2026-02-10T08:00:00Z,2026-02-24T17:00:00Z,2026-02-28T17:00:00Z,Cal
    #1004,Closed,Ed Fox,,Phone,Wrong colour,Low,2026-02-10T08:00:00Z,2026-02-24T17:00:00Z,2026-02-28T17:00:00Z,Cal
    #1001,Open,Ann Lee,ann@x.example,Email,Another thing,High,2026-02-27T10:30:00+01:00,,,Bea
    #1005,Open,Flo
    #1006,Open,Gus,gus@x.example,Email,Too,many,2026-02-27T10:30:00Z,,,Bea,and,more
"""
HELPDESK_MAP = """
    waiting = ["Waiting on Customer"]
    [columns]
    ticket = "Ticket ID"
    state = "Status"
    opened = "Created time"
    customer_name = "Requester"
    channel = "Source"
    subject = "Subject"
    owner = "Agent"
    [columns.addresses]
    email = "Requester Email"
    [columns.reached]
    resolved = "Resolved time"
    closed = "Closed time"
    [states]
    Open = "acknowledged"
    "Waiting on Customer" = "investigating"
    Resolved = "resolved"
    Closed = "ended"
"""


def test_a_helpdesk_export_with_offsets(read: Read) -> None:
    """Dates with offsets are the instants they name, however the offset is written; a row that comes twice is no fault."""
    reader = read(HELPDESK, HELPDESK_MAP, zone="Asia/Tokyo")
    found = list(reader.tickets())
    assert [ticket.number for ticket in found] == ["#1001", "#1002", "#1003", "#1004", "#1004"]
    received = [ticket.contact.received_at.to_iso8601_string() for ticket in found]
    assert received[:3] == ["2026-02-27T09:30:00Z", "2026-02-26T14:00:00Z", "2026-02-20T08:00:00Z"]
    assert found[1].asked_at == found[1].contact.received_at
    assert found[1].contact.channel is Channel.WEB_FORM
    assert dates(found[3]) == {Stage.RESOLVED: "2026-02-24 17:00", Stage.CLOSED: "2026-02-28 17:00"}
    assert [bad.number for bad in reader.bad] == ["#1001", "#1005", "#1006"]
    said = [bad.reasons[0].message for bad in reader.bad]
    assert said[0] == "ticket #1001 stands in row 1 already, with other cells."
    assert "row 7: it has 3 cells where the header has 11" in said[1]
    assert "row 8: it has 13 cells" in said[2]


def test_bad_rows_keep_their_cells_and_go_back_in_once_mended(read: Read) -> None:
    """The reason stands in a column of its own in front, which is left aside when the file is read again."""
    reader = read(HELPDESK, HELPDESK_MAP)
    list(reader.tickets())
    path = reader.write_bad()
    assert path is not None
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"{REASON},{dedent(HELPDESK).splitlines()[1]}"
    assert len(lines) == 4
    assert lines[3].endswith(",#1006,Open,Gus,gus@x.example,Email,Too,many,2026-02-27T10:30:00Z,,,Bea,and,more")
    mended = lines[3].replace("Too,many", '"Too, many",Low').replace(",and,more", "")
    again = read("\n".join([lines[0], lines[1].replace("#1001", "#2001", 2), mended]), HELPDESK_MAP, path.name)
    assert [ticket.contact.subject for ticket in again.tickets()] == ["Another thing", "Too, many"]
    assert again.bad == []
    assert again.write_bad() is None


def test_a_file_that_may_be_half_mended_is_never_written_over(read: Read) -> None:
    """The same content keeps its file; other content gets a name of its own, also when a file of bad rows is read."""
    reader = read(HELPDESK, HELPDESK_MAP)
    list(reader.tickets())
    first = reader.write_bad()
    assert first is not None
    assert reader.write_bad() == first
    first.write_text("mended\n", encoding="utf-8")
    second = reader.write_bad()
    assert second is not None
    assert (first.name, second.name) == ("tickets.bad.csv", "tickets.bad-2.csv")
    assert first.read_text(encoding="utf-8") == "mended\n"
    again = read(second.read_bytes(), HELPDESK_MAP, second.name)
    list(again.tickets())
    third = again.write_bad()
    assert third is not None
    assert third.name == "tickets.bad-3.csv"


def test_a_refusal_of_the_desk_is_told_with_the_column(read: Read) -> None:
    """What the desk says of a field stands in the file of bad rows under the column it was read from."""
    reader = read(HELPDESK, HELPDESK_MAP)
    list(reader.tickets())
    refusal = Reason(rule="input.ticket", field="reached.resolved", message="the date lies in the future.", hint="Mend it.")
    reader.reject([("#1003", [refusal]), ("#1002", [Reason(rule="input.ticket", field="received_at", message="ahead.")])])
    assert [(bad.number, bad.rows, bad.reasons[0].field) for bad in reader.bad[-2:]] == [
        ("#1003", (3,), "Resolved time"),
        ("#1002", (2,), "Created time"),
    ]


# ---------------------------------------------------------------- many updates a ticket

UPDATES = """
    case,activity,when,n,who,subject
    A,Registered,2026-02-01 10:00,1,?,Gate
    A,In progress,2026-02-02 10:00,2,7,Gate
    A,Ask customer,2026-02-03 10:00,3,7,Gate
    A,Comment,2026-02-04 10:00,4,7,Gate
    B,Registered,2026-02-01 10:00,1,?,Roof
    B,In progress,2026-02-02 10:00,2,7,Roof
    B,Fixed,2026-02-05 10:00,3,7,Roof
    B,In progress,2026-02-08 10:00,4,8,Roof
    B,Fixed,2026-02-09 10:00,5,8,Roof
    C,Registered,2026-02-10 10:00,1,?,Pump
    D,Comment,2026-02-01 10:00,1,?,Nothing but a note
    E,Odd,2026-02-01 10:00,1,?,Odd one
    E,Fixed,2026-02-20 10:00,2,?,Odd one
    F,Registered,when?,1,?,No date
    G,Deleted,2026-02-01 10:00,1,?,Gone
    ,Registered,2026-02-01 10:00,1,?,No number
    H,Odd,2026-02-01 10:00,1,?,Odd
    H,Comment,2026-02-02 10:00,2,?,Odd
"""
UPDATES_MAP = """
    one_row_per = "update"
    waiting = ["Ask customer"]
    [dates]
    formats = ["%Y-%m-%d %H:%M"]
    [updates]
    at = "when"
    order = "n"
    {more}
    [columns]
    ticket = "case"
    state = "activity"
    owner = "who"
    subject = "subject"
    [states]
    Registered = "received"
    "In progress" = "investigating"
    "Ask customer" = "investigating"
    Fixed = "resolved"
    Comment = "same"
    Deleted = "skip"
"""


def at(day: int, hour: int = 12) -> DateTime:
    """Return an instant in February."""
    return pendulum.datetime(2026, 2, day, hour, tz="UTC")


def test_the_last_update_up_to_an_instant_is_the_truth(read: Read) -> None:
    """What comes later is not known yet: neither the state, nor the owner, nor the ticket itself."""
    then = tickets(read(UPDATES, UPDATES_MAP.format(more=""), as_of=at(6)))
    assert {number: ticket.stage for number, ticket in then.items()} == {
        "A": Stage.INVESTIGATING,
        "B": Stage.RESOLVED,
        "D": Stage.RECEIVED,
    }
    assert (then["B"].owner, dates(then["B"])[Stage.RESOLVED]) == ("7", "2026-02-05 10:00")
    assert then["A"].contact.received_at == at(1, 10)
    later = tickets(read(UPDATES, UPDATES_MAP.format(more=""), as_of=at(20)))
    assert {"C", "E"} <= later.keys()
    assert (later["B"].owner, later["E"].stage) == ("8", Stage.RESOLVED)


def test_a_note_changes_no_state_and_waiting_counts_from_its_beginning(read: Read) -> None:
    """An update that is only a comment leaves the ticket where it stands, waiting since it was asked."""
    ticket = tickets(read(UPDATES, UPDATES_MAP.format(more=""), as_of=at(6)))["A"]
    assert ticket.asked_at == at(3, 10)
    assert dates(ticket) == {Stage.RECEIVED: "2026-02-01 10:00", Stage.INVESTIGATING: "2026-02-02 10:00"}


@pytest.mark.parametrize(("which", "day"), [("last", "2026-02-09 10:00"), ("first", "2026-02-05 10:00")])
def test_a_stage_is_dated_by_the_last_or_the_first_time_it_was_reached(read: Read, which: str, day: str) -> None:
    """A ticket that came back was resolved again; the map says which time counts."""
    more = f'stage_dated_by = "{which}"'
    assert dates(tickets(read(UPDATES, UPDATES_MAP.format(more=more)))["B"])[Stage.RESOLVED] == day


def test_bad_and_skipped_tickets_of_a_log_are_counted_apart(read: Read) -> None:
    """An unknown present state, a date that is none, and a row without number are bad with all their rows; the rest is read."""
    reader = read(UPDATES, UPDATES_MAP.format(more=""), as_of=at(6))
    tickets(reader)
    assert reader.skipped == 1
    assert {bad.number: bad.rows for bad in reader.bad} == {"": (16,), "E": (12, 13), "F": (14,), "H": (17, 18)}
    assert reasons(reader)["E"] == [("activity", "the state 'Odd' is not in the map.")]
    assert reasons(reader)["F"][0][0] == "when"


def test_the_order_may_be_a_number_a_date_or_left_out(read: Read) -> None:
    """Rows out of order are put in order: by their number, which stands above the date, or by the date alone."""
    log = "case,activity,when,n,who,subject\nA,Fixed,2026-02-01 10:00,10,,\nA,Registered,2026-02-02 10:00,9,,\n"
    numbered = UPDATES_MAP.format(more="")
    by_date = numbered.replace('order = "n"', "")
    dated = numbered.replace('order = "n"', 'order = "when"')
    stages = [tickets(read(log, told))["A"].stage for told in (numbered, by_date, dated)]
    assert stages == [Stage.RESOLVED, Stage.RECEIVED, Stage.RECEIVED]
    reader = read(log.replace(",10,", ",ten,"), numbered)
    assert tickets(reader) == {}
    assert reasons(reader)["A"] == [("n", "'ten' is no date in the form %Y-%m-%d %H:%M.")]


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("29.03.2026 01:59", "2026-03-29T00:59:00Z"),
        ("29.03.2026 02:30", "2026-03-29T01:30:00Z"),
        ("29.03.2026 03:00", "2026-03-29T01:00:00Z"),
        ("25.10.2026 02:30", "2026-10-25T00:30:00Z"),
        ("25.10.2026 03:00", "2026-10-25T02:00:00Z"),
    ],
)
def test_a_local_time_that_is_skipped_moves_on_and_one_that_comes_twice_is_the_first(text: str, utc: str) -> None:
    """When the clocks change in Berlin, 02:30 in March is 03:30, and 02:30 in October is the one in summer time."""
    assert Dates(["%d.%m.%Y %H:%M"], "Europe/Berlin").read(text).to_iso8601_string() == utc


@pytest.mark.parametrize(
    ("form", "text", "utc"),
    [
        ("iso", "2026-03-01", "2026-03-01T05:00:00Z"),
        ("iso", "2026-03-01 10:00:00 UTC", "2026-03-01T10:00:00Z"),
        ("iso", "2026-03-01T10:00:00.000+0000", "2026-03-01T10:00:00Z"),
        ("iso", "2026-03-01 10:00:00 +01:00", "2026-03-01T09:00:00Z"),
        ("unix_ms", "1772359200000", "2026-03-01T10:00:00Z"),
        ("%a, %d %b %Y %H:%M:%S %z", "Sun, 01 Mar 2026 10:00:00 -0500", "2026-03-01T15:00:00Z"),
        ("%m/%d/%Y %I:%M %p", "3/1/2026 4:05 PM", "2026-03-01T21:05:00Z"),
    ],
)
def test_dates_as_systems_write_them(form: str, text: str, utc: str) -> None:
    """With and without offset, with the offset apart, in milliseconds, by twelve hours: the instant is the one meant."""
    assert Dates([form], "America/New_York").read(text).to_iso8601_string() == utc


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "1e400", "0000-00-00"])
def test_what_is_no_date_is_named(text: str) -> None:
    """No form fits, and the error says which were tried."""
    with pytest.raises(ValueError, match="is no date in the form iso or unix"):
        Dates(["iso", "unix"], "UTC").read(text)


# ---------------------------------------------------------------- files

SMALL_MAP = """
    [columns]
    ticket = "id"
    state = "state"
    opened = ["day", "time"]
    customer_name = ["first", "last"]
    [states]
    new = "received"
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(read: Read, encoding: str, delimiter: str) -> None:
    """Whatever a spreadsheet writes is read, and several columns are joined where the map says so."""
    rows = (("id", "state", "day", "time", "first", "last"), ("1", "new", "2026-02-01", "10:00", "Zoë", "Großmann"))
    reader = read("\r\n".join(delimiter.join(row) for row in rows).encode(encoding), SMALL_MAP)
    ticket = tickets(reader)["1"]
    assert ticket.contact.sender.name == "Zoë Großmann"
    assert ticket.contact.received_at == pendulum.datetime(2026, 2, 1, 10, tz="UTC")


def test_bytes_that_windows_does_not_know_are_read_as_latin_letters(read: Read) -> None:
    """No byte stops the reading where no encoding is named."""
    reader = read(b"id,state,day,time,first,last\n1,new,2026-02-01,10:00,\x81,\xe9\n", SMALL_MAP)
    assert tickets(reader)["1"].contact.sender.name == "\x81 é"
    assert reader.source.encoding == "latin-1"


def test_a_named_encoding_holds_and_a_wrong_one_is_refused(read: Read) -> None:
    """Who names the encoding is believed; what does not fit it is said, and nothing is guessed."""
    named = '[file]\nencoding = "{}"\n' + dedent(SMALL_MAP)
    text = "id,state,day,time,first,last\n1,new,2026-02-01,10:00,Zoë,B\n"
    assert tickets(read("\ufeff" + text, named.format("utf8")))["1"].contact.sender.name == "Zoë B"
    with pytest.raises(BadDefinition, match="can't decode"):
        tickets(read(text.encode("latin-1"), named.format("utf-8")))
    with pytest.raises(BadDefinition, match="unknown encoding"):
        read(text, named.format("klingon"))


def test_a_packed_file_is_read_as_it_is(read: Read) -> None:
    """A log that was compressed need not be unpacked, and its bad rows are written unpacked."""
    text = "id,state,day,time,first,last\n1,new,2026-02-01,10:00,A,B\n2,odd,2026-02-01,10:00,A,B\n"
    reader = read(gzip.compress(text.encode()), SMALL_MAP, "log.csv.gz")
    assert list(tickets(reader)) == ["1"]
    path = reader.write_bad()
    assert path is not None
    assert path.name == "log.bad.csv"
    with pytest.raises(BadDefinition, match="log2"):
        read(gzip.compress(text.encode())[:-30], SMALL_MAP, "log2.csv.gz")


def test_what_stands_for_unknown_is_unknown_in_every_column(read: Read) -> None:
    """Question marks, NULL and the like are no names, no states and no dates."""
    reader = read("id,state,day,time,first,last\n1,new,2026-02-01,10:00,?,null\n2,N/A,?,,A,B\n", SMALL_MAP)
    assert tickets(reader)["1"].contact.sender.name is None
    assert reasons(reader)["2"] == [("state", "the state is not known."), ("day, time", "the date is not known.")]


def test_a_cell_may_be_as_long_as_it_likes(read: Read) -> None:
    """A long story is no reason to stop, and the limit of the process is as it was afterwards."""
    before, long = csv.field_size_limit(), "x" * 200_000
    assert len(tickets(read(f"id,state,day,time,first,last\n1,new,2026-02-01,10:00,{long},B\n", SMALL_MAP))) == 1
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("", "t.csv", "it is empty"),
        ("\n\n", "t.csv", "it is empty"),
        ("", "t.jsonl", "it is empty"),
        ("number,state,day,time,first,last\n", "t.csv", "columns.ticket: there is no column 'id'"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused(read: Read, text: str, name: str, said: str) -> None:
    """What is wrong with the whole file is said before anything is read."""
    with pytest.raises(BadDefinition, match=said):
        read(text, SMALL_MAP, name)


def test_a_column_that_comes_again_has_a_number(read: Read) -> None:
    """Some systems export a list as many columns of one name: the first keeps it."""
    text = "id,state,day,time,first,last,first\n1,new,2026-02-01,10:00,A,B,C\n"
    ticket_map = '    keep = ["first", "first (2)"]\n' + SMALL_MAP
    assert tickets(read(text, ticket_map))["1"].claims[1:] == (("first", "A"), ("first (2)", "C"))


def test_a_line_that_names_the_delimiter_is_no_header(read: Read) -> None:
    """What a spreadsheet writes above the header for itself is believed, and left aside."""
    text = "sep=;\nid;state;day;time;first;last\n1;new;2026-02-01;10:00;A,a;B\n2;odd;2026-02-01;10:00;A;B\n"
    reader = read(text, SMALL_MAP)
    assert tickets(reader)["1"].contact.sender.name == "A,a B"
    path = reader.write_bad()
    assert path is not None
    assert path.read_text(encoding="utf-8").startswith(f"{REASON};id;state")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("inside", [True, False])
def test_json_may_be_one_document(read: Read, inside: bool, indent: int | None) -> None:
    """An array of tickets, or an object that holds one, is read as its lines would be, and so is what was bad in it."""
    told = [json.loads(line) for line in dedent(JSONL).splitlines() if line.startswith('{"id"')]
    text = json.dumps({"count": 6, "tickets": told} if inside else told, indent=indent)
    reader = read(text, JSONL_MAP, "tickets.json")
    assert list(tickets(reader)) == ["71", "72", "73", "74"]
    path = reader.write_bad()
    assert path is not None
    assert path.name == "tickets.bad.json"
    again = read(path.read_bytes().replace(b"soon", b"1771318800"), JSONL_MAP, path.name)
    assert list(tickets(again)) == ["76"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, read: Read) -> None:
    """A slip in the name is no crash."""
    ticket_map = read("id,state,day,time,first,last\n", SMALL_MAP).map
    with pytest.raises(BadDefinition, match="No such file"):
        TicketReader(tmp_path / "nowhere.csv", ticket_map, zone="UTC", as_of=NOW)


def test_a_cell_that_cannot_be_is_told_with_its_column(read: Read) -> None:
    """A number of three hundred signs, or a customer's id with a line break, is named with the column it stands in."""
    ticket_map = SMALL_MAP.replace('customer_name = ["first", "last"]', 'customer_id = "first"\n    category = "last"')
    reader = read(f'id,state,day,time,first,last\n{"9" * 300},new,2026-02-01,10:00,"a\nb",{"c" * 300}\n', ticket_map)
    assert tickets(reader) == {}
    assert [column for column, _ in reasons(reader)["9" * 300]] == ["first"]
    reader = read(
        f"id,state,day,time,first,last\n1,new,2026-02-01,10:00,a,{'c' * 300}\n{'9' * 300},new,2026-02-01,10:00,a,b\n", ticket_map
    )
    assert tickets(reader) == {}
    assert [[column for column, _ in told] for told in reasons(reader).values()] == [["last"], ["id"]]


def test_without_a_state_the_last_stage_with_a_date_is_where_it_stands(read: Read) -> None:
    """An export that has nothing but dates says by them how far each ticket came."""
    ticket_map = """
        [columns]
        ticket = "id"
        opened = "opened"
        [columns.reached]
        acknowledged = "answered"
        resolved = "done"
    """
    rows = "id,opened,answered,done\n1,2026-02-01,,\n2,2026-02-01,2026-02-02,\n3,2026-02-01,,2026-02-05\n"
    found = tickets(read(rows, ticket_map))
    assert [ticket.stage for ticket in found.values()] == [Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.RESOLVED]


def test_a_state_that_says_nothing_is_bad_where_a_row_is_a_ticket(read: Read) -> None:
    """A whole ticket stands somewhere; "same" is for updates."""
    reader = read("id,state,day,time,first,last\n1,new,2026-02-01,10:00,A,B\n", SMALL_MAP.replace('"received"', '"same"'))
    assert tickets(reader) == {}
    assert reasons(reader)["1"] == [("state", "the state says nothing of where the ticket stands.")]


def test_an_unknown_channel_takes_the_default_where_there_is_one(read: Read) -> None:
    """Two odd rows of ten thousand need not be mended by hand."""
    ticket_map = (
        SMALL_MAP.replace('ticket = "id"', 'ticket = "id"\n    channel = "first"') + '\n    [defaults]\n    channel = "chat"\n'
    )
    reader = read("id,state,day,time,first,last\n1,new,2026-02-01,10:00,pigeon,B\n2,new,2026-02-01,10:00,?,B\n", ticket_map)
    assert {ticket.contact.channel for ticket in tickets(reader).values()} == {Channel.CHAT}


# ---------------------------------------------------------------- maps


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('state = "state"', 'staet = "state"'), "columns.staet is no such field. Did you mean state?"),
        (('new = "received"', 'new = "received_"'), "states.new has another form"),
        (('new = "received"', ""), 'states is empty. Say what each state means, such as "In Progress" = "investigating".'),
        (('opened = ["day", "time"]', ""), "columns.opened is missing"),
        (('state = "state"', ""), "columns.state is missing"),
        (('ticket = "id"', "ticket = []"), "columns.ticket names no column"),
        (('ticket = "id"', 'ticket = "id"\nreached = { done = "day" }'), "columns.reached.done is not known. Use one of received"),
        (
            ('ticket = "id"', 'ticket = "id"\naddresses = { pigeon = "day" }'),
            "columns.addresses.pigeon is not known. Use one of letter",
        ),
        (("[columns]", 'waiting = ["on hold"]\n[columns]'), "waiting names 'on hold', which is not among the states"),
        (("[columns]", 'one_row_per = "update"\n[columns]'), "updates is missing"),
        (("[columns]", '[dates]\ntimezone = "Mars/Base"\n[columns]'), "dates.timezone is no zone: 'Mars/Base'"),
        (("[columns]", "[dates]\nformats = []\n[columns]"), "dates.formats is empty"),
        (("[columns]", '[file]\ndelimiter = "::"\n[columns]'), "file.delimiter is not one character"),
        (("[columns]", "[columns"), "line"),
    ],
)
def test_a_map_that_cannot_work_says_where_and_what_instead(read: Read, change: tuple[str, str], said: str) -> None:
    """Every wrong key and value is named with its path and the way out, before the file is looked at."""
    with pytest.raises(BadDefinition) as caught:
        read("id,state,day,time,first,last\n", dedent(SMALL_MAP).replace(*change))
    assert said in str(caught.value)


def test_all_faults_of_a_map_come_in_one_error(read: Read) -> None:
    """Nobody mends a map one line at a time."""
    wrong = dedent(SMALL_MAP).replace('new = "received"', 'new = "nuu"\nold = "odl"').replace('ticket = "id"', "tikket = 7")
    with pytest.raises(BadDefinition) as caught:
        read("id,state,day,time,first,last\n", wrong)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("key", ["keep", "columns.owner", "updates"])
def test_a_column_that_is_not_in_the_file_is_named_with_one_that_is_near(read: Read, key: str) -> None:
    """A slip in the name of a column is found before anything is read, wherever the map names it."""
    change = {
        "keep": ("[columns]", 'keep = ["firzt"]\n[columns]'),
        "columns.owner": ("[columns]", '[columns]\nowner = "firzt"'),
        "updates": ("[columns]", '[updates]\nat = "firzt"\n[columns]'),
    }[key]
    with pytest.raises(BadDefinition, match=f"{key}: there is no column 'firzt'; did you mean 'first'"):
        read("id,state,day,time,first,last\n", dedent(SMALL_MAP).replace(*change))


def test_a_map_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A slip in the name of the map is no crash."""
    with pytest.raises(BadDefinition, match="nowhere"):
        load_map(tmp_path / "nowhere.toml")


# ---------------------------------------------------------------- whatever comes

ODD = st.sampled_from(("", "?", "1", "2", "new", "odd", "2026-02-01", "10:00", "\0", "\u202e", "x" * 300, 'a"b', "1e9", " new "))
CELLS = st.one_of(ODD, ODD, st.text(max_size=5))
LOG_MAP = """
    one_row_per = "update"
    waiting = ["odd"]
    [updates]
    at = "day"
    order = "time"
    [columns]
    ticket = "id"
    state = "state"
    owner = "first"
    category = "last"
    [states]
    new = "received"
    odd = "investigating"
    1 = "same"
    2 = "skip"
"""


@pytest.mark.parametrize("ticket_map", [SMALL_MAP, LOG_MAP], ids=["tickets", "updates"])
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=12))
def test_no_row_is_lost_whatever_stands_in_it(
    ticket_map: str, rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every row is in a ticket, skipped, or bad with a reason; and what is bad can be written and is bad again when read."""
    folder = tmp_path_factory.mktemp("odd")
    file, map_file = folder / "odd.csv", folder / "map.toml"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerows([["id", "state", "day", "time", "first", "last"], *rows])
    map_file.write_text(dedent(ticket_map), encoding="utf-8")
    reader = TicketReader(file, load_map(map_file), zone="UTC", as_of=NOW)
    found = list(reader.tickets())
    assert all(bad.rows and bad.reasons for bad in reader.bad)
    bad_rows = [row for bad in reader.bad for row in bad.rows]
    assert len(set(bad_rows)) == len(bad_rows)
    total = sum(1 for _ in reader.source.rows())
    if ticket_map is SMALL_MAP:
        assert len(found) + len(bad_rows) + reader.skipped == total
    else:
        assert len({ticket.number for ticket in found}) == len(found)
        assert reader.done == reader.total
    path = reader.write_bad()
    if path is not None:
        again = TicketReader(path, load_map(map_file), zone="UTC", as_of=NOW)
        left = list(again.tickets())
        assert sum(1 for _ in again.source.rows()) == len(bad_rows)
        assert {bad.number for bad in again.bad} <= {bad.number for bad in reader.bad}
        assert {ticket.number for ticket in left} <= {ticket.number for ticket in found}


@given(data=st.binary(max_size=200), name=st.sampled_from(("x.csv", "x.jsonl", "x.json", "x.csv.gz")))
def test_no_file_is_a_crash(data: bytes, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever bytes a file holds, it is read or refused with a reason; nothing else is raised."""
    folder = tmp_path_factory.mktemp("bytes")
    (folder / name).write_bytes(data)
    (folder / "map.toml").write_text(dedent(SMALL_MAP), encoding="utf-8")
    ticket_map = load_map(folder / "map.toml")
    with suppress(BadDefinition):
        list(TicketReader(folder / name, ticket_map, zone="UTC", as_of=NOW).tickets())
    with suppress(BadDefinition):
        assert suggest(folder / name).startswith("# A first map")


# ---------------------------------------------------------------- a first map


@pytest.mark.parametrize(
    ("text", "name", "adopted", "bad"),
    [
        (dedent(HELPDESK).lstrip("\n").encode(), "h.csv", 5, 3),
        (dedent(GERMAN).lstrip("\n").encode("latin-1"), "g.csv", 3, 1),
        (dedent(JSONL).lstrip("\n").encode(), "j.jsonl", 4, 4),
        (dedent(UPDATES).lstrip("\n").encode(), "u.csv", 3, 5),
    ],
)
def test_a_suggested_map_reads_its_file(tmp_path: Path, text: bytes, name: str, adopted: int, bad: int) -> None:
    """What is guessed from a file is a map that loads and reads; what could not be guessed makes bad rows, never wrong ones."""
    file, map_file = tmp_path / name, tmp_path / "map.toml"
    file.write_bytes(text)
    map_file.write_text(suggest(file), encoding="utf-8")
    reader = TicketReader(file, load_map(map_file), zone="Europe/Berlin", as_of=NOW)
    assert (len(list(reader.tickets())), len(reader.bad)) == (adopted, bad)


def test_a_suggested_map_explains_every_key_and_shows_what_it_cannot_guess(tmp_path: Path) -> None:
    """Keys without a column stand there commented out with what they are for, and so do states nobody knows."""
    file = tmp_path / "u.csv"
    file.write_text(dedent(UPDATES).lstrip("\n"), encoding="utf-8")
    told = suggest(file)
    assert '# "Odd" = "?"' in told
    assert 'waiting = ["Ask customer"]' in told
    assert '"Registered" = "received"' in told
    for key in ("customer_name", "thread", "question", "offer", "since", "email", "[channels]", "[owners]", "[defaults]"):
        assert key in told
    assert all("#" in line or "=" in line or line.startswith("[") or not line for line in told.splitlines())


def test_a_suggested_map_looks_at_the_cells_as_well(tmp_path: Path) -> None:
    """A column called State that holds places is not taken for the states, and dates that can be read two ways are pointed out."""
    file, map_file = tmp_path / "c.csv", tmp_path / "map.toml"
    rows = "1,CA,Closed with explanation,3/4/2026,Web\n2,NY,In progress,5/6/2026,Phone\n"
    file.write_text(f"Complaint ID,State,Company response,Date received,Submitted via\n{rows}", encoding="utf-8")
    told = suggest(file)
    map_file.write_text(told, encoding="utf-8")
    assert load_map(map_file).columns.state == ("Company response",)
    assert '"Closed with explanation" = "ended"' in told
    assert "# These fit as well: %m/%d/%Y" in told


def test_a_suggested_map_of_a_file_nobody_knows_says_what_is_missing(tmp_path: Path) -> None:
    """Where no column can be guessed the map does not load, and the error names what to fill in."""
    file, map_file = tmp_path / "x.csv", tmp_path / "map.toml"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    map_file.write_text(suggest(file), encoding="utf-8")
    with pytest.raises(BadDefinition, match=r"columns\.ticket"):
        load_map(map_file)
