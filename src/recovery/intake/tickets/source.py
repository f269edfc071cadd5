"""The file: rows of cells, with the number of each, whatever its encoding, delimiter or packing."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from attrs import frozen

from recovery.core.errors import BadDefinition
from recovery.intake.tickets.mapping import FileForm

__all__ = ["LINE", "REASON", "Row", "Source"]

REASON = "recovery_reason"
"""The column of a file of bad rows that says why; whoever reads the file again leaves it aside."""

LINE = "recovery_line"
"""Where a file of bad rows keeps a line that is no JSON, so that it can be mended there."""

_SAMPLE = 64 * 1024
_FIRST_ROWS = 1000
_LONGEST = 1 << 30
_DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_LISTS = (
    "tickets",
    "issues",
    "incidents",
    "cases",
    "requests",
    "conversations",
    "complaints",
    "results",
    "records",
    "items",
    "data",
)


@frozen
class Row:
    """One row: its number from 1, not counting the header, its cells by column, and what is wrong with its form."""

    number: int
    cells: Mapping[str, str]
    fault: str = ""


class Source:
    """A file of tickets, read as often as needed. Raises :class:`BadDefinition` for one that cannot be read at all."""

    def __init__(self, path: str | PathLike[str], form: FileForm) -> None:
        self.path = Path(path)
        bare = self.path.name.removesuffix(".gz")
        self.is_json = bare.endswith((".jsonl", ".ndjson", ".json"))
        self.stem, _, self.ending = bare.rpartition(".") if "." in bare else (bare, "", "jsonl" if self.is_json else "csv")
        try:
            self.encoding = self._encoding(form.encoding)
            self._hinted = not self.is_json and self._first_line().startswith("sep=")
            self.delimiter = form.delimiter or ("" if self.is_json else self._delimiter())
            self.header = self._json_keys() if self.is_json else self._csv_header()
        except IsADirectoryError as error:
            raise self.unreadable("it is a folder: name the file in it") from error
        except (OSError, EOFError, UnicodeError, LookupError, csv.Error) as error:
            raise self.unreadable(str(error)) from error

    def unreadable(self, why: str) -> BadDefinition:
        """Return the error that says why the file cannot be read."""
        return BadDefinition(f"the file {str(self.path)!r}", [why])

    def rows(self) -> Iterator[Row]:
        """Yield every row. Raises :class:`BadDefinition` where the file stops being one in the middle."""
        try:
            yield from self._json_rows() if self.is_json else self._csv_rows()
        except (OSError, EOFError, UnicodeError, csv.Error) as error:
            raise self.unreadable(str(error)) from error

    def raw(self) -> Iterator[list[str]]:
        """Yield the cells of a CSV file as they stand, the header first, or the lines of a file of JSON; empty rows are none."""
        with self.open() as file:
            if self.is_json:
                yield from ([line] for line in _documents(file))
                return
            if self._hinted:
                file.readline()
            with _long_fields():
                yield from (cells for cells in csv.reader(file, delimiter=self.delimiter) if any(cell.strip() for cell in cells))

    def open(self) -> io.TextIOWrapper:
        """Open the file as text."""
        return io.TextIOWrapper(self._bytes(), encoding=self.encoding, newline="")

    def _bytes(self) -> BinaryIO:
        return cast(BinaryIO, gzip.open(self.path) if self.path.suffix == ".gz" else self.path.open("rb"))

    # ---------------------------------------------------------------- CSV

    def _csv_header(self) -> tuple[str, ...]:
        first = next(self.raw(), None)
        names = tuple(name.strip() for name in first or ())
        if not any(names):
            raise self.unreadable("it is empty: the first line names the columns")
        return tuple(_told_apart(names))

    def _csv_rows(self) -> Iterator[Row]:
        ahead = self.raw()
        next(ahead, None)
        width = len(self.header)
        least = max(place for place, name in enumerate(self.header, start=1) if not _is_blank(name))
        for number, cells in enumerate(ahead, start=1):
            told = dict(zip(self.header, cells, strict=False))
            told.pop(REASON, None)
            fits = least <= len(cells) and not any(cells[width:])
            yield Row(number, told, "" if fits else _misfit(cells, width))

    def _first_line(self) -> str:
        with self.open() as file:
            return file.readline(_SAMPLE).rstrip("\r\n")

    def _delimiter(self) -> str:
        first = self._first_line()
        if self._hinted:
            return first.removeprefix("sep=")[:1] or "\t"
        return max(_DELIMITERS, key=lambda sign: (first.count(sign), -_DELIMITERS.index(sign)))

    # ---------------------------------------------------------------- JSON lines

    def _json_keys(self) -> tuple[str, ...]:
        keys: dict[str, None] = {}
        for row in self._json_rows():
            keys.update(dict.fromkeys(row.cells))
            if row.number >= _FIRST_ROWS:
                break
        if not keys:
            raise self.unreadable("it is empty: one JSON object is expected on each line")
        return tuple(keys)

    def _json_rows(self) -> Iterator[Row]:
        for number, (line,) in enumerate(self.raw(), start=1):
            yield _json_row(number, line)

    # ---------------------------------------------------------------- encoding

    def _encoding(self, named: str | None) -> str:
        with self._bytes() as file:
            head = file.read(8)
        if head.startswith(_WORKBOOKS):
            raise self.unreadable("it is a workbook or an archive, no text: save the sheet as CSV (UTF-8) and give that file")
        if named is not None:
            name = codecs.lookup(named).name
            return "utf-8-sig" if name == "utf-8" else name
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        return next((name for name in ("utf-8-sig", "cp1252") if self._decodes(name)), "latin-1")

    def _decodes(self, name: str) -> bool:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            with self._bytes() as file:
                while chunk := file.read(1 << 20):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True


def _is_blank(name: str) -> bool:
    """Whether a column has no name: a spreadsheet writes such ones at the end of the line, and not in every line."""
    return not name or name.startswith(" (")


def _misfit(cells: Sequence[str], width: int) -> str:
    lines = max(cell.count("\n") for cell in cells) + 1
    told = f", one of them {lines} lines long," if lines > 1 else ""
    way_out = "A quote that is not closed, or a delimiter inside a cell without quotes, does that"
    return f"it has {len(cells)} cells{told} where the header has {width}. {way_out}"


def _told_apart(names: Iterable[str]) -> Iterator[str]:
    """Yield the names of columns; one that comes again is called ``Comment (2)``, for some systems export lists so."""
    seen = Counter[str]()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _documents(file: TextIO) -> Iterator[str]:
    """Yield the JSON objects in a file, each as a line: one on each line, or all in one array, also inside one object."""
    first = next((line for line in file if line.strip()), "")
    if not _is_whole(first):
        rest = file.read()
        told = _listed(first + rest)
        if told is not None:
            yield from (json.dumps(one, ensure_ascii=False) for one in told)
            return
        file = io.StringIO(rest)
    if first:
        yield first
    yield from (line for line in file if line.strip())


def _is_whole(line: str) -> bool:
    """Whether a line is an object of its own: not one that only holds the list of all of them."""
    try:
        told: object = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and _list_in(cast("dict[str, object]", told)) is None


def _listed(text: str) -> list[object] | None:
    try:
        told: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("list[object]", told) if isinstance(told, list) else _list_in(told)


def _list_in(told: object) -> list[object] | None:
    """Return the list of objects in an object such as ``{"tickets": [...]}``: the only list, or the first that is called so."""
    cells = cast("dict[str, object]", told) if isinstance(told, dict) else {}
    lists = {key: cast("list[object]", cell) for key, cell in cells.items() if isinstance(cell, list) and cell}
    key = next((name for name in _LISTS if name in lists), "") if len(lists) > 1 else "".join(lists)
    found = lists.get(key, [])
    return found if found and all(isinstance(one, dict) for one in found) else None


@contextmanager
def _long_fields() -> Generator[None, None, None]:
    """Let cells be as long as they are while rows are read: the limit of the csv module is one for the whole process."""
    before = csv.field_size_limit(_LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _json_row(number: int, line: str) -> Row:
    try:
        told: object = json.loads(line)
        if isinstance(told, dict) and isinstance(mended := cast("dict[str, object]", told).get(LINE), str):
            told = json.loads(mended)
    except (ValueError, RecursionError) as error:
        return Row(number, {}, f"it is no JSON ({error})")
    if not isinstance(told, dict):
        return Row(number, {}, "it is no JSON object")
    cells = dict(_flat(cast("dict[str, object]", told), ""))
    cells.pop(REASON, None)
    return Row(number, cells)


def _flat(value: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    """Yield the cells of an object: those of an object inside it under both names, ``requester.email``."""
    for key, inner in value.items():
        name = f"{path}{key}"
        if isinstance(inner, dict):
            yield from _flat(cast("dict[str, object]", inner), f"{name}.")
        else:
            yield name, _text(inner)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(member) for member in cast("list[object]", value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
