"""One row as the map reads it: each field by its key, and everything that is wrong with it, each with its column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from string import Formatter

from pendulum import DateTime

from recovery.core.errors import InvalidValue, Reason
from recovery.core.vocabulary.common import Address, Channel, Customer
from recovery.core.vocabulary.receiving import Contact
from recovery.intake.tickets.dates import Dates
from recovery.intake.tickets.mapping import Means, Names, TicketMap, plain

__all__ = ["CHANNELS", "Cells", "Reading", "row_reason"]


CHANNELS: dict[str, Channel] = {
    **{plain(name): channel for channel in Channel for name in (channel.value, channel.value.replace("_", " "))},
    **dict.fromkeys(("e-mail", "mail", "outbound email"), Channel.EMAIL),
    **dict.fromkeys(("telephone", "telefon", "call", "phone call", "voice", "ivr", "anruf"), Channel.PHONE),
    **dict.fromkeys(("web", "portal", "webform", "web-form", "form", "formular"), Channel.WEB_FORM),
    **dict.fromkeys(("self service", "self-service", "feedback widget", "web widget", "website"), Channel.WEB_FORM),
    **dict.fromkeys(("post", "postal mail", "brief"), Channel.LETTER),
    **dict.fromkeys(("live chat", "web chat", "messaging"), Channel.CHAT),
    **dict.fromkeys(("twitter", "facebook", "instagram"), Channel.SOCIAL),
    **dict.fromkeys(("walk-in", "walk in", "in person", "in-person"), Channel.IN_PERSON),
}
"""The channels by the names they commonly have."""


def row_reason(column: str, message: str, hint: str = "") -> Reason:
    """Return why a row cannot be adopted: ``column`` is what is wrong with it."""
    return Reason(rule="input.row", field=column or None, message=message, hint=hint)


class Reading:
    """What all rows of a file are read with: the map, its dates, and the names that stand for other names."""

    def __init__(self, ticket_map: TicketMap, zone: str) -> None:
        self.map = ticket_map
        self.dates = Dates(ticket_map.dates.formats, ticket_map.dates.timezone or zone)
        self.unknown = frozenset(token.strip().casefold() for token in ticket_map.file.unknown)
        self._states = dict[str, Means | None]()
        self.waiting = frozenset(plain(name) for name in ticket_map.waiting)
        self.channels = CHANNELS | {plain(name): channel for name, channel in ticket_map.channels.items()}
        self.owners = {plain(name): person for name, person in ticket_map.owners.items()}

    def means(self, state: str) -> Means | None:
        """Return what a state means; what a state means is asked once, for a file has few of them and many rows."""
        if state not in self._states:
            self._states[state] = self.map.means(state)
        return self._states[state]

    def known(self, text: str) -> str:
        """Return a cell without white space around it, empty where it says that it is not known."""
        told = text.strip()
        return "" if told.casefold() in self.unknown else told


class Cells:
    """Reads the fields of one row; ``faults`` collects what is wrong with it."""

    def __init__(self, reading: Reading, row: Mapping[str, str]) -> None:
        self.reading = reading
        self.row = row
        self.faults: list[Reason] = []

    def fault(self, names: Names, message: str, hint: str = "") -> None:
        """Put down that something is wrong with the columns ``names``."""
        self.faults.append(row_reason(", ".join(names), message, hint))

    def text(self, names: Names) -> str:
        """Return what the columns say, joined by a blank; empty where nothing is known."""
        return " ".join(told for name in names if (told := self.reading.known(self.row.get(name, ""))))

    def date(self, names: Names, *, needed: bool = False) -> DateTime | None:
        """Return the instant in the columns, ``None`` where it is not known or cannot be read, which is a fault."""
        told = self.text(names)
        try:
            if told:
                return self.reading.dates.read(told)
        except ValueError as error:
            self.fault(names, f"{error}.", "Mend it, or add its form to dates.formats in the map.")
            return None
        if needed:
            self.fault(names, "the date is not known.", "Put it in.")
        return None

    @property
    def state(self) -> str:
        """What the state is called there."""
        return self.text(self.reading.map.columns.state)

    def means(self) -> Means | None:
        """Return what the state means; one that the map does not know is a fault, with names that are near."""
        state, names = self.state, self.reading.map.columns.state
        found = self.reading.means(plain(state))
        if found is None:
            told = {plain(known): known for known in self.reading.map.states}
            near = difflib.get_close_matches(plain(state), list(told), n=1)
            hint = f"Did you mean {told[near[0]]!r}? If not, " if near else ""
            message = f"the state {state!r} is not in the map." if state else "the state is not known."
            self.fault(names, message, f"{hint}{'g' if hint else 'G'}ive it a line under [states].")
        return found

    def channel(self) -> Channel:
        """Return the channel; one that nobody knows is the default, or a fault where there is none."""
        names, default = self.reading.map.columns.channel, self.reading.map.defaults.channel
        told = self.text(names)
        found = self.reading.channels.get(plain(told)) if told else default or Channel.EMAIL
        if found is None and default is None:
            near = difflib.get_close_matches(plain(told), list(self.reading.channels), n=1)
            hint = f"Did you mean {self.reading.channels[near[0]].value!r}? " if near else ""
            self.fault(names, f"the channel {told!r} is not known.", f"{hint}Give it a line under [channels], or a default.")
        return found or default or Channel.EMAIL

    def customer(self) -> Customer:
        """Return who the ticket is for, as far as known."""
        columns = self.reading.map.columns
        addresses = [
            Address(channel=Channel(channel), value=value)
            for channel, names in columns.addresses.items()
            if (value := self._address(Channel(channel), names))
        ]
        return Customer(
            name=self.text(columns.customer_name) or None,
            id=self.text(columns.customer_id) or None,
            addresses=tuple(addresses),
            language=self.text(columns.language) or None,
            timezone=self.text(columns.timezone) or None,
        )

    def _address(self, channel: Channel, names: Names) -> str:
        """Return an address; an e-mail address without the name that stands before it; what has no ``@`` is none: a fault."""
        told = self.text(names)
        if channel is not Channel.EMAIL or not told:
            return told
        _, address = parseaddr(told) if "<" in told else ("", told)
        if "@" not in address.strip("@"):
            self.fault(names, f"{told!r} is no e-mail address.", "Mend it, or leave it empty.")
            return ""
        return address

    def owner(self) -> str | None:
        """Return the person of ours, by the table of owners, or as the file names them."""
        told = self.text(self.reading.map.columns.owner)
        return self.reading.owners.get(plain(told), told) or self.reading.map.defaults.owner

    def subject(self) -> str:
        """Return the subject, or the default with the columns it names filled in."""
        told = self.text(self.reading.map.columns.subject)
        pattern = self.reading.map.defaults.subject
        if told or not pattern:
            return told
        parts = Formatter().parse(pattern)
        return "".join(text + (self.reading.known(self.row.get(name, "")) or "?" if name else "") for text, name, _, _ in parts)

    def claims(self) -> tuple[tuple[str, str], ...]:
        """Return what is kept word for word: the state, the owner, and the columns the map names; ``*`` keeps all."""
        columns, keep = self.reading.map.columns, self.reading.map.keep
        names: Iterable[str] = (*columns.state, *columns.owner, *(self.row if "*" in keep else keep))
        cells = ((name, self.reading.known(self.row.get(name, ""))) for name in dict.fromkeys(names))
        return tuple((name, told) for name, told in cells if told)

    def contact(self, number: str, received_at: DateTime) -> Contact | None:
        """Return the first message of the ticket, ``None`` where a cell cannot be what the map says, which is a fault."""
        columns = self.reading.map.columns
        try:
            return Contact(
                channel=self.channel(),
                received_at=received_at,
                sender=self.customer(),
                subject=self.subject(),
                text=self.text(columns.text),
                message_id=self.text(columns.thread) or None,
                ticket=number,
                category=self.text(columns.category) or None,
                region=self.text(columns.region) or None,
                brand=self.text(columns.brand) or None,
            )
        except InvalidValue as error:
            self.refuse(error.reasons)
            return None

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """Put down why a value cannot be, with the column it came from."""
        self.faults += [self.told(reason) for reason in reasons]

    def told(self, reason: Reason) -> Reason:
        """Return a reason with the column in place of the field it is about."""
        columns = self.reading.map.columns
        keys = {"number": columns.ticket, "ticket": columns.ticket, "message_id": columns.thread, "received_at": columns.opened}
        keys |= {"id": columns.customer_id, "name": columns.customer_name, "asked_at": columns.since, "stage": columns.state}
        keys |= {f"reached.{key}": names for key, names in columns.reached.items()}
        field = reason.field or ""
        names: Names = keys.get(field) or getattr(columns, field, ()) or ((columns.since or columns.state) if field else ())
        return row_reason(", ".join(names), reason.message, reason.hint)
