"""Every shape that is stored, held in a file: none changes in silence, and what was ever written can be read for ever."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, cast

import pytest

from golden.samples import recorded, sample
from recovery.codec import (
    EVENTS,
    case_from_data,
    case_to_data,
    event_from_data,
    event_to_data,
    message_from_data,
    message_to_data,
    timing_from_data,
    timing_to_data,
)
from recovery.codec.versions import MESSAGE, SNAPSHOT, TIMING, version_of
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.values import redact
from recovery.ports.values import OutboxMessage

HERE = Path(__file__).parent
SALT = "0123456789abcdef"

INSTRUCTIONS = """
What is stored as {name} has another shape than the file tests/golden/{name}.json holds.
If that was not meant, undo it. If it was meant, stored data of the old shape must stay readable:
  1. raise its version and add an upcaster in src/recovery/codec/versions.py, which says how,
  2. keep the old file and write the new one: RECOVERY_GOLDEN=write python -m pytest tests/golden
Only before the first release may a file be deleted and written anew.
"""


def shapes() -> dict[str, tuple[dict[str, object], dict[str, object] | None]]:
    """Return every stored shape by the name of its file."""
    found = {f"{kind}.{version_of(kind)}": event_to_data(recorded(EVENTS[kind]), salt=SALT) for kind in sorted(EVENTS)}
    found[f"case-snapshot.{SNAPSHOT}"] = case_to_data(sample(Case), salt=SALT)
    found[f"outbox-message.{MESSAGE}"] = message_to_data(sample(OutboxMessage), salt=SALT)
    found[f"policy-timing.{TIMING}"] = timing_to_data(sample(Timing)), None
    return found


def read(name: str) -> dict[str, Any]:
    """Return what the golden file holds."""
    return cast("dict[str, Any]", json.loads((HERE / f"{name}.json").read_text(encoding="ascii")))


@pytest.mark.parametrize("name", shapes())
def test_a_stored_shape_does_not_change_in_silence(name: str) -> None:
    """What is written today is what the golden file holds."""
    public, personal = shapes()[name]
    text = json.dumps({"public": public, "personal": personal}, indent=1, sort_keys=True) + "\n"
    file = HERE / f"{name}.json"
    if os.environ.get("RECOVERY_GOLDEN") == "write" and not file.exists():
        file.write_text(text, encoding="ascii")
    assert file.exists(), f"There is no golden file for {name}: RECOVERY_GOLDEN=write python -m pytest tests/golden"
    assert file.read_text(encoding="ascii") == text, INSTRUCTIONS.format(name=name)


@pytest.mark.parametrize("file", sorted(HERE.glob("*.json")), ids=lambda file: file.stem)
def test_what_was_ever_written_can_be_read(file: Path) -> None:
    """Every golden file, of any version, decodes with and without its personal texts; an outdated snapshot need not."""
    kind, _, version = file.stem.rpartition(".")
    assert re.fullmatch(r"[a-z_-]+", kind)
    held, erased = read(file.stem), read(file.stem)
    if kind == "case-snapshot":
        if int(version) == SNAPSHOT:
            assert redact(case_from_data(held["public"], held["personal"])) == case_from_data(erased["public"], None)
    elif kind == "outbox-message":
        assert redact(message_from_data(held["public"], held["personal"])) == message_from_data(erased["public"], None)
    elif kind == "policy-timing":
        assert timing_from_data(held["public"]) == sample(Timing)
    else:
        assert redact(event_from_data(held["public"], held["personal"])) == event_from_data(erased["public"], None)


@pytest.mark.parametrize("kind", EVENTS)
def test_the_newest_golden_file_of_an_event_is_the_sample(kind: str) -> None:
    """Reading the file gives back the very event it was written from."""
    held = read(f"{kind}.{version_of(kind)}")
    assert event_from_data(held["public"], held["personal"]) == recorded(EVENTS[kind])


def test_the_newest_golden_snapshot_is_the_sample() -> None:
    """Reading the file gives back the very case it was written from."""
    held = read(f"case-snapshot.{SNAPSHOT}")
    assert case_from_data(held["public"], held["personal"]) == sample(Case)
