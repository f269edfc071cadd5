"""Plain data as JSON text in pure ASCII, from which every string comes back exactly as it was.

JSON cannot tell two lone surrogates that stand side by side from the one character that they would make together. So one U+FFFF,
which is no character of anybody's, is put between them, and one more where some are there already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import cast

__all__ = ["dumps", "dumps_plain", "is_plain", "loads"]

_ENCODER = json.JSONEncoder(ensure_ascii=True, check_circular=False, separators=(",", ":"), sort_keys=True)

_MAYBE = re.compile(r"\\ud[89ab][0-9a-f]{2}(?:\\uffff)*\\ud[c-f]")
_PAIR = re.compile("([\ud800-\udbff]\uffff*)(?=[\udc00-\udfff])")
_APART = re.compile("([\ud800-\udbff]\uffff*)\uffff(?=[\udc00-\udfff])")


def dumps(data: object) -> str:
    """Return plain data as JSON in pure ASCII: NUL, lone surrogates and everybody's alphabet survive; equal data, equal text."""
    text = dumps_plain(data)
    if is_plain(text):
        return text
    return _ENCODER.encode(_mapped(data, lambda found: _PAIR.sub("\\1\uffff", found)))


def dumps_plain(data: object) -> str:
    """Return plain data as JSON alone would write it."""
    return _ENCODER.encode(data)


def is_plain(text: str) -> bool:
    """Whether nothing in JSON ``text`` could be mistaken: two lone surrogates side by side are not."""
    return "\\ud" not in text or _MAYBE.search(text) is None


def loads(text: str) -> object:
    """Return the plain data that :func:`dumps` wrote. Raises ``ValueError`` on anything else."""
    data = cast(object, json.loads(text))
    return _mapped(data, lambda found: _APART.sub(r"\1", found)) if "\\uffff" in text else data


def _mapped(data: object, change: Callable[[str], str]) -> object:
    """Return plain data with every text in it changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, (list, tuple)):
        return [_mapped(member, change) for member in cast("list[object]", data)]
    if isinstance(data, dict):
        return {change(key): _mapped(member, change) for key, member in cast("dict[str, object]", data).items()}
    return data
