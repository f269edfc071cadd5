"""Stores: where cases are kept. ``memory`` for trying things out and for tests, ``sqlite`` for a file that outlives the process.

What a store of your own needs stands here: :class:`Scanning` brings the finder and the doctor, the rest turns values into texts
for your columns and back. ``docs/how-to/write-a-store.md`` shows it at work.
"""

from recovery.stores.columns import Columns, columns_of
from recovery.stores.common import fits, loads_of, lookups_in, unusable_on, with_survivors
from recovery.stores.examining import examine
from recovery.stores.precedents import CasePrecedents
from recovery.stores.scanning import Scanning
from recovery.stores.texts import (
    case_of,
    case_or_fold,
    case_texts,
    digest,
    encodable,
    event_of,
    event_texts,
    instant_of,
    instant_text,
    message_of,
    message_or_none,
    message_texts,
    timing_of,
    timing_text,
)

__all__ = [
    "CasePrecedents",
    "Columns",
    "Scanning",
    "case_of",
    "case_or_fold",
    "case_texts",
    "columns_of",
    "digest",
    "encodable",
    "event_of",
    "event_texts",
    "examine",
    "fits",
    "instant_of",
    "instant_text",
    "loads_of",
    "lookups_in",
    "message_of",
    "message_or_none",
    "message_texts",
    "timing_of",
    "timing_text",
    "unusable_on",
    "with_survivors",
]
