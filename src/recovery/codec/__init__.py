"""Values to plain data and back: events, cases, commands, clocks, for stores, JSON and the command line.

Stored values come in two pieces, so that erasing touches one of them alone: the **public** piece has :data:`ERASED` wherever
personal text has been, the **personal** piece holds those texts by path, with a salt. Public alone decodes to the redacted value:
``event_from_data(public, None) == redact(event)``.

Every stored piece carries the version of its shape. Another shape needs a new version and, for events, an upcaster:
:mod:`recovery.codec.versions` says how.
"""

from __future__ import annotations

from recovery.codec.inputs import command_from_dict, contact_from_dict, from_dict
from recovery.codec.plain import Data, instant_from_text, instant_to_text, to_dict
from recovery.codec.privacy import personal_texts
from recovery.codec.stored import (
    Undecodable,
    case_from_data,
    case_to_data,
    case_to_texts,
    event_from_data,
    event_to_data,
    event_to_texts,
    message_from_data,
    message_to_data,
    message_to_texts,
    timing_from_data,
    timing_to_data,
)
from recovery.codec.text import dumps, loads
from recovery.codec.versions import COMMANDS, EVENTS

__all__ = [
    "COMMANDS",
    "EVENTS",
    "Data",
    "Undecodable",
    "case_from_data",
    "case_to_data",
    "case_to_texts",
    "command_from_dict",
    "contact_from_dict",
    "dumps",
    "event_from_data",
    "event_to_data",
    "event_to_texts",
    "from_dict",
    "instant_from_text",
    "instant_to_text",
    "loads",
    "message_from_data",
    "message_to_data",
    "message_to_texts",
    "personal_texts",
    "timing_from_data",
    "timing_to_data",
    "to_dict",
]
