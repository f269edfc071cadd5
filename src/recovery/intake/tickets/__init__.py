"""Tickets of other systems, from the files they export: CSV of any dialect, or JSON, read by a map.

    ticket_map = load_map("map.toml")
    reader = TicketReader("export.csv", ticket_map, zone="Europe/Berlin", as_of=now)
    adoption = desk.adopt(reader.tickets())
    reader.reject(adoption.left_out)
    reader.write_bad()              # what was left out, with the reasons, to be mended and read again

A row is never dropped: it is in a ticket, or among ``reader.bad`` with every reason, or counted in ``reader.skipped``;
of a log, ``reader.later`` counts the tickets that are not there yet, and ``reader.unread`` the updates that are later.
"""

from __future__ import annotations

from recovery.intake.tickets.bad import REASON
from recovery.intake.tickets.mapping import Means, TicketMap, load_map
from recovery.intake.tickets.reading import BadTicket, TicketReader
from recovery.intake.tickets.suggest import suggest

__all__ = ["REASON", "BadTicket", "Means", "TicketMap", "TicketReader", "load_map", "suggest"]
