"""Mails where they lie: single files, folders of them, Maildirs, mailbox files. Nothing is moved, marked or changed there."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

__all__ = ["LARGEST", "RawMail", "mails_in", "size_of"]

LARGEST = 200 * 1024 * 1024
"""How large one mail may be, in bytes: it is read into memory as a whole."""

_BEGIN = re.compile(rb"^From [^\r\n]{0,200}(?:19|20)\d\d[^\r\n]{0,20}\r?$", re.MULTILINE)
_MARKED = re.compile(rb"^>(>*From )", re.MULTILINE)
_SINGLE = ("*.eml", "*.mbox", "*.EML", "*.MBOX")


@frozen(kw_only=True)
class RawMail:
    """A mail as it lies there: ``name`` says where; ``fault`` says why it could not be read, and then there are no bytes."""

    name: str
    raw: bytes = b""
    fault: str = ""


def mails_in(path: Path) -> Iterator[RawMail]:
    """Yield every mail in ``path``, in the order of their names; what cannot be read is yielded with its fault.

    A Maildir gives what is in ``new`` and ``cur``; any other folder its ``.eml`` and ``.mbox`` files, also in folders below, or,
    where it has none, all its files. A file that begins with ``From``, a blank and a date is a mailbox file.
    """
    for file in _files(path):
        try:
            yield from _mails_of(file)
        except OSError as error:
            yield RawMail(name=str(file), fault=error.strerror or type(error).__name__)


def size_of(path: Path) -> int:
    """Return how many bytes :func:`mails_in` is going to read, as far as can be known."""
    return sum(file.stat().st_size for file in _files(path) if file.is_file())


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    if (path / "new").is_dir() and (path / "cur").is_dir():
        return [file for room in ("new", "cur") for file in sorted((path / room).iterdir()) if _is_visible(file)]
    inner = [folder for folder in sorted(path.rglob("cur")) if folder.is_dir() and (folder.parent / "new").is_dir()]
    maildirs = [file for folder in inner for file in _files(folder.parent)]
    single = sorted({file for pattern in _SINGLE for file in path.rglob(pattern) if _is_visible(file)} - set(maildirs))
    return [*maildirs, *single] or sorted(file for file in path.iterdir() if _is_visible(file))


def _is_visible(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".")


def _mails_of(file: Path) -> Iterator[RawMail]:
    size = file.stat().st_size
    with file.open("rb") as opened:
        if not size or not _BEGIN.match(opened.read(300)):
            opened.seek(0)
            yield _single(str(file), size, opened.read() if size <= LARGEST else b"")
            return
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield from _split(str(file), content)


def _single(name: str, size: int, raw: bytes) -> RawMail:
    if size > LARGEST:
        return RawMail(name=name, fault=f"has {size} bytes, and {LARGEST} is the most that is read")
    return RawMail(name=name, raw=raw)


def _split(name: str, content: mmap.mmap) -> Iterator[RawMail]:
    """Yield the mails of a mailbox file: each begins with a ``From `` line below an empty one."""
    begin, number = 0, 0
    for found in _BEGIN.finditer(content):
        if found.start() and content[max(0, found.start() - 4) : found.start()].replace(b"\r", b"")[-2:] == b"\n\n":
            number += 1
            yield _single(f"{name}:{number}", found.start() - begin, _unmarked(content[begin : found.start()]))
            begin = found.start()
    number += 1
    yield _single(name if number == 1 else f"{name}:{number}", len(content) - begin, _unmarked(content[begin:]))


def _unmarked(raw: bytes) -> bytes:
    return _MARKED.sub(rb"\1", raw)
