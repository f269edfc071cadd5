"""The file of what was left out: the rows as they stood, each with its reasons, to be mended and read again."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from recovery.core.errors import Reason
from recovery.intake.tickets.source import LINE, REASON, Source

__all__ = ["REASON", "write_bad"]


def write_bad(source: Source, why: Mapping[int, Sequence[Reason]]) -> Path:
    """Write the rows that ``why`` names by their numbers, each with its reasons, beside the file of ``source``.

    ``tickets.csv`` gives ``tickets.bad.csv``. A file that is there already, and is not the same, may be half mended: it is kept,
    and this one is called ``tickets.bad-2.csv``.
    """
    rows = _json_lines(source, why) if source.is_json else _csv_lines(source, why)
    encoding = "utf-8" if source.encoding == "utf-8-sig" else source.encoding
    data = "".join(rows).encode(encoding, "backslashreplace")
    for name in _names(source):
        path = source.path.with_name(name)
        if not path.exists():
            _put(path, data)
            return path
        if path != source.path and path.read_bytes() == data:
            return path
    raise AssertionError  # pragma: no cover  (there is no end of names)


def _names(source: Source) -> Iterator[str]:
    stem, _, bad = source.stem.rpartition(".bad")
    base = stem if stem and (not bad or bad.removeprefix("-").isdigit()) else source.stem
    yield f"{base}.bad.{source.ending}"
    number = 2
    while True:
        yield f"{base}.bad-{number}.{source.ending}"
        number += 1


def _put(path: Path, data: bytes) -> None:
    """Write all of it or nothing."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def told(reasons: Sequence[Reason]) -> str:
    """Return the reasons as one cell: each with its column."""
    lines = (f"{reason.field}: {reason.message}" if reason.field else reason.message for reason in reasons)
    return " | ".join(" ".join(f"{line} {reason.hint}".split()) for line, reason in zip(lines, reasons, strict=True))


def _csv_lines(source: Source, why: Mapping[int, Sequence[Reason]]) -> Iterator[str]:
    """Yield the lines: the reason comes first, so that a row with too many cells keeps them in their places."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=source.delimiter)
    before = source.header.index(REASON) if REASON in source.header else None
    for number, cells in enumerate(source.raw()):
        if number == 0 or number in why:
            kept = [cell for place, cell in enumerate(cells) if place != before]
            writer.writerow([REASON if number == 0 else told(why[number]), *kept])
            yield out.getvalue()
            out.seek(0)
            out.truncate()


def _json_lines(source: Source, why: Mapping[int, Sequence[Reason]]) -> Iterator[str]:
    for number, (line,) in enumerate(source.raw(), start=1):
        if number in why:
            yield json.dumps({REASON: told(why[number]), **_kept(line)}, ensure_ascii=False) + "\n"


def _kept(line: str) -> dict[str, object]:
    try:
        kept: object = json.loads(line)
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        return {LINE: line.rstrip("\r\n")}
    return {key: value for key, value in cast("dict[str, object]", kept).items() if key != REASON}
