"""The obligations of a port, read from where they stand: its docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from attrs import frozen

__all__ = ["Obligation", "obligations"]

_ENTRY = re.compile(r"^ *(\d+)\. +", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?(?:[\w.]+\.)?(\w+)`")


@frozen
class Obligation:
    """One thing that whoever fills a port owes. ``method`` is empty where it holds for all of them."""

    port: str
    method: str
    number: int
    text: str

    @property
    def id(self) -> str:
        """Its short name: ``CaseStore 2``, ``CaseStore.save 1``."""
        return f"{self.port}{self.method and '.'}{self.method} {self.number}"


def obligations(port: type) -> tuple[Obligation, ...]:
    """Return every obligation of a port: the numbered ones of its docstring, then those of each of its own methods.

    A method without numbers has one obligation, which is its docstring. Where docstrings are stripped (``python -OO``), there are
    none to be found.
    """
    methods = ((name, member) for name, member in vars(port).items() if not name.startswith("_"))
    named = [("", port), *((name, member) for name, member in methods if callable(member) or isinstance(member, property))]
    return tuple(Obligation(port.__name__, name, *told) for name, thing in named for told in _told(thing, whole=bool(name)))


def _told(thing: object, *, whole: bool) -> Iterator[tuple[int, str]]:
    text = inspect.getdoc(thing) or ""
    starts = list(_ENTRY.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    for start, end in zip(starts, ends if starts else [], strict=True):
        yield int(start[1]), _plain(text[start.end() : end].split("\n\n")[0])
    if text and whole and not starts:
        yield 1, _plain(text)


def _plain(text: str) -> str:
    return " ".join(_ROLE.sub(r"\1", text).replace("``", "").split())
