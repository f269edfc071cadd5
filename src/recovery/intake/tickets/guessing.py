"""What columns and states of other systems are commonly called, and which column of a file that is, judged by its cells too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from recovery.intake.tickets.dates import FORMS, Dates
from recovery.intake.tickets.mapping import UNKNOWN, Means, plain

__all__ = ["ADDRESSES", "COLUMNS", "REACHED", "Guesses", "fits", "means_of", "waits"]

_JUDGED_BY = 200
"""How many cells a column is judged by."""

COLUMNS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ticket": (
        ("ticket", "ticketid", "ticketnumber", "ticketno", "number", "incidentid", "incidentnumber", "incident", "caseid",
         "casenumber", "case", "#", "caseconceptname", "key", "issuekey", "id", "nr", "nummer", "vorgang", "vorgangsnummer",
         "ticketnummer", "ticketnr", "complaintid"),
        "the ticket's number: its identity, each is adopted once (needed)",
    ),
    "state": (
        ("state", "status", "incidentstate", "ticketstatus", "currentstatus", "newstatus", "newstate", "zustand", "activity",
         "stage", "phase", "conceptname"),
        "the state; what each one means stands in [states]",
    ),
    "opened": (
        ("openedat", "opened", "createdat", "created", "createdon", "createddate", "opendate", "opentime", "opendatetime",
         "datereceived", "received", "receivedat", "reportedat", "syscreatedat", "syscreatedon", "eingang", "eingangam",
         "eingegangen", "erstellt", "angelegt", "creationdate", "datum", "date"),
        "when it was received; statutory clocks count from it (needed where one row is one ticket)",
    ),
    "since": (
        ("statechangedat", "statussince", "statuschanged", "statusupdatedat", "statusupdated", "seit", "laststatuschange",
         "statuscategorychanged"),
        "when it came to its present state",
    ),
    "customer_id": (
        ("customerid", "callerid", "requesterid", "userid", "clientid", "kundennummer", "contactid", "accountid", "customer",
         "kunde"),
        "your number of the customer",
    ),
    "customer_name": (
        ("customername", "name", "requestername", "requester", "contactname", "fullname", "reporter", "kundenname", "customer",
         "kunde", "caller", "callerid", "associatedcontact"),
        "the customer's name; several columns are joined: [\"first\", \"last\"]",
    ),
    "language": (("language", "locale", "sprache"), "the customer's language"),
    "channel": (
        ("channel", "contacttype", "source", "via", "submittedvia", "origin", "caseorigin", "createarticletype", "kanal"),
        "how it came in; see [channels]",
    ),
    "subject": (
        ("subject", "title", "summary", "shortdescription", "ticketname", "issue", "betreff", "thema", "zusammenfassung"),
        "what it is about, in a line",
    ),
    "text": (
        ("description", "text", "body", "message", "details",
         "complaintnarrative", "consumercomplaintnarrative", "narrative", "beschreibung", "nachricht", "meldung", "bemerkung"),
        "the customer's words",
    ),
    "category": (("category", "kategorie", "type", "product", "topic", "queue"), "what kind of problem; for routes and clocks"),
    "region": (("region", "location", "country", "land", "site"), "where; for routes and clocks"),
    "brand": (("brand", "marke", "productline"), "which brand; for routes and clocks"),
    "owner": (
        ("owner", "caseowner", "ticketowner", "assignedto", "assignee", "agent", "zugewiesenan", "bearbeiter", "besitzer",
         "zustaendig", "zuständig", "responder", "assigneduser", "orgresource"),
        "who looks after it; see [owners]",
    ),
    "thread": (("messageid", "threadid", "emailmessageid"), "the id of the first message, so that replies find the case"),
    "question": (("question", "openquestion"), "what the customer was asked, for states in waiting"),
    "offer": (("offer", "proposal", "proposedresolution", "angebot"), "what was offered, for states that mean resolution_proposed"),
}  # fmt: skip
"""For each key of the map what its column is commonly called, without regard to case, blanks and signs, and what it is for."""

ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "mail", "emailaddress", "requesteremail", "customeremail", "contactemail", "mailadresse", "von", "from",
              "reporter", "requester", "customer", "kunde", "caller"),
    "phone": ("phone", "telephone", "phonenumber", "telefon", "mobile", "requesterphone", "workphone"),
}  # fmt: skip
"""What columns with addresses are called, by channel."""

REACHED: Mapping[str, tuple[str, ...]] = {
    "acknowledged": ("acknowledgedat", "firstresponseat", "firstresponse", "firstrespondedat", "initialresponsetime",
                     "erstereaktion"),
    "resolved": ("resolvedat", "resolved", "solvedat", "solved", "resolutiondate", "geloest", "geloestam", "gelöst", "gelöstam",
                 "erledigt", "erledigtam"),
    "closed": ("closedat", "closed", "closedate", "closeat", "datetimeclosed", "geschlossen", "abgeschlossen"),
}  # fmt: skip
"""What columns are called that hold when a stage was reached."""

_UPDATED = (
    "sysupdatedat", "sysupdatedon", "when", "updatedat", "timestamp", "timetimestamp", "datestamp", "updated", "changedat",
    "changedon", "modified", "modifiedon", "eventtime", "time", "zeitpunkt", "geändert", "date", "datum",
)  # fmt: skip
_ORDER = ("sysmodcount", "version", "revision", "sequence", "seq", "eventnumber")

_STATES: Mapping[str, Means] = {
    plain(state): means
    for means, states in {
        Means.RECEIVED: ("new", "open", "opened", "neu", "offen", "received", "created", "registered", "to do", "unassigned"),
        Means.ACKNOWLEDGED: ("acknowledged", "assigned", "accepted", "responded", "triaged", "zugewiesen", "bestätigt"),
        Means.INVESTIGATING: (
            "active", "in progress", "working", "work in progress", "investigating", "pending", "on hold", "hold", "wait",
            "waiting", "awaiting", "escalated", "in bearbeitung", "wartet", "warten", "reopened", "queued",
        ),
        Means.RESOLUTION_PROPOSED: ("proposed", "resolution proposed", "offered", "angebot"),
        Means.RESOLVED: (
            "resolved", "solved", "completed", "done", "gelöst", "erledigt", "fixed", "pending auto close+",
            "warten auf erfolgreich schließen",
        ),
        Means.ENDED: (
            "closed", "cancelled", "canceled", "geschlossen", "abgeschlossen", "erfolgreich geschlossen",
            "erfolglos geschlossen", "storniert", "rejected", "declined", "archived",
        ),
        Means.SKIP: ("deleted", "spam", "merged", "gelöscht", "entfernt", "removed", "zusammengefasst", "test"),
    }.items()
    for state in states
}  # fmt: skip

_SERVICENOW = {
    "1": Means.RECEIVED, "2": Means.INVESTIGATING, "3": Means.INVESTIGATING, "4": Means.INVESTIGATING, "5": Means.INVESTIGATING,
    "6": Means.RESOLVED, "7": Means.ENDED, "8": Means.ENDED,
}  # fmt: skip
_FRESHDESK = {
    "2": Means.RECEIVED, "3": Means.INVESTIGATING, "4": Means.RESOLVED, "5": Means.ENDED, "6": Means.INVESTIGATING,
    "7": Means.INVESTIGATING,
}  # fmt: skip
_NUMBERED: tuple[tuple[str, str, Mapping[str, Means]], ...] = (
    ("incidentstate", "", _SERVICENOW), ("state", "sysid", _SERVICENOW), ("state", "sysupdatedon", _SERVICENOW),
    ("status", "responderid", _FRESHDESK),
)  # fmt: skip
"""States that are numbers: in which column, beside which other column, and what they mean in the systems that have both."""

_WAITS = re.compile(
    r"\b(a?wait|pending|hold|ask|wart).*(customer|user|caller|request[eo]r|reporter|client|contact|reply|kunde)"
    r"|^customer action$|^rückfrage$"
)


def waits(state: str) -> bool:
    """Whether a state sounds as if the customer has been asked something."""
    return _WAITS.search(plain(state)) is not None


def means_of(state: str) -> Means | None:
    """Guess what a state means: by its whole name, or by what its name begins with, as in "Closed with explanation"."""
    told = plain(state)
    if waits(told):
        return Means.INVESTIGATING
    return _STATES.get(told) or next((means for name, means in _STATES.items() if told.startswith(f"{name} ")), None)


def fits(reader: Dates, text: str) -> bool:
    """Whether a text is a date in a year that a ticket can be of."""
    try:
        return 1990 <= reader.read(text).year <= 2100
    except ValueError:
        return False


class Guesses:
    """Which column of a file is what. A name is not enough: what holds no dates is not taken for a date, and so on."""

    def __init__(self, header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
        self.header = [name for name in header if name and not name.startswith(" (")]
        self.rows = rows
        self._cells = {name: self._judged(name) for name in self.header}
        self._dates = Dates(FORMS, "UTC")
        self.ticket = self._column(COLUMNS["ticket"][0], lambda cell: True)
        self.updated = self._updated() if self._is_log() else None
        self.order = self._column(_ORDER, lambda cell: True)
        self.columns = self._columns()
        self.addresses = {key: self._column(names, _address(key)) for key, names in ADDRESSES.items()}
        self.reached = {key: self._column(names, self._is_date) for key, names in REACHED.items()}
        self._numbers = self._numbered()

    def means(self, state: str) -> Means | None:
        """Guess what a state of this file means."""
        return self._numbers.get(state) or means_of(state)

    @property
    def told_by_number(self) -> bool:
        """Whether the states are the numbers of a system that is known."""
        return bool(self._numbers)

    def _judged(self, name: str) -> list[str]:
        cells = (row.get(name, "").strip() for row in self.rows)
        filled = (cell for cell in cells if plain(cell) not in UNKNOWN)
        return [cell for cell, _ in zip(filled, range(_JUDGED_BY), strict=False)]

    def _columns(self) -> dict[str, str]:
        judges: dict[str, Callable[[str], bool]] = {
            "opened": self._is_date, "since": self._is_date,
            "customer_id": lambda cell: " " not in cell and "@" not in cell,
            "customer_name": lambda cell: "@" not in cell and not cell.isdecimal(),
        }  # fmt: skip
        keys = ((key, self._column(names, judges.get(key, lambda cell: True))) for key, (names, _) in COLUMNS.items())
        found = {key: column for key, column in keys if column is not None} | self._state()
        if found.get("customer_id") == found.get("customer_name"):
            found.pop("customer_id", None)
        if found.get("opened") == self.updated:
            found.pop("opened", None)
        if "opened" not in found and self.updated is None and (dated := self._any_date(found)) is not None:
            found["opened"] = dated
        return found

    def _state(self) -> dict[str, str]:
        """Return the column with the states: the one that is called so, unless another holds what states are called."""
        named = self._column(COLUMNS["state"][0], lambda cell: True)
        known = {name: sum(means_of(row.get(name, "")) is not None for row in self.rows) for name in self.header}
        best = max(self.header, key=lambda name: known[name], default="")
        if named is not None and (known[named] * 4 >= known[best] or known[best] * 2 < len(self.rows)):
            return {"state": named}
        return {"state": best} if best and known[best] * 2 >= len(self.rows) > 0 else {}

    def _is_log(self) -> bool:
        """Whether tickets come again and again; a few that stand there twice make no log."""
        numbers = {row.get(self.ticket) for row in self.rows} if self.ticket is not None else set[str | None]()
        return 0 < len(numbers) * 4 < len(self.rows) * 3

    def _updated(self) -> str | None:
        """Return the column that says when an update was made: its dates differ from row to row of one ticket."""
        column = self._column(_UPDATED, self._is_date) or self._any_date(self._named_dates())
        pairs = {(row.get(self.ticket or ""), row.get(column or "")) for row in self.rows}
        return column if len(pairs) > len({number for number, _ in pairs}) else None

    def _named_dates(self) -> dict[str, str]:
        """Return the columns that hold dates of something else, by their names."""
        names = {**{key: COLUMNS[key][0] for key in ("opened", "since")}, **REACHED}
        return {key: column for key, known in names.items() if (column := self._column(known, self._is_date))}

    def _any_date(self, found: Mapping[str, str]) -> str | None:
        """Return the first column that holds dates and nothing else, whatever it is called."""
        for name in self.header:
            cells = self._cells[name]
            if name not in found.values() and cells and all(re.search(r"\d[-/.]", c) and self._is_date(c) for c in cells):
                return name
        return None

    def _is_date(self, cell: str) -> bool:
        return fits(self._dates, cell)

    def _numbered(self) -> Mapping[str, Means]:
        column = self.columns.get("state", "")
        beside = {_bare(name) for name in self.header} | {""}
        for name, other, numbers in _NUMBERED:
            if _bare(column) == name and other in beside and set(self._cells[column]) <= set(numbers):
                return numbers
        return {}

    def _column(self, names: Sequence[str], judge: Callable[[str], bool]) -> str | None:
        """Return the column that has one of the names and, mostly, such cells; an empty one only where there is no other."""
        suits = [name for name in self.header if 2 * sum(map(judge, self._cells[name])) > len(self._cells[name])]
        return _named(names, suits) or _named(names, [name for name in self.header if not self._cells[name]])


def _address(channel: str) -> Callable[[str], bool]:
    return (lambda cell: "@" in cell) if channel == "email" else (lambda cell: any(map(str.isdecimal, cell)))


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum()) or name


def _named(names: Sequence[str], header: Sequence[str]) -> str | None:
    """Return the column that has one of the names: as a whole, as the last part of ``requester.email``, or at its beginning."""
    parts = {name: re.split(r"[.:]", name) for name in reversed(header)}
    whole = {_bare(name): name for name in parts}
    last = {_bare(told[-1]): name for name, told in parts.items() if len(told) > 1}
    begun = {_bare("".join(told[-2:])): name for name, told in parts.items()} | whole
    exact = next((whole[name] for name in names if name in whole), None)
    ended = next((last[name] for name in names if len(name) > 4 and name in last), None)
    started = (column for name in names if len(name) > 5 for key, column in begun.items() if key.startswith(name))
    return exact or ended or next(started, None)
