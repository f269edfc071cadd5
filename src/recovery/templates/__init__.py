"""Texts: how messages are put into words, as a mail, a letter or the script of a call, in the reader's language."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from recovery.ports.renderer import Rendered
from recovery.templates.language import Language, Sheet
from recovery.templates.plain import PlainTexts
from recovery.templates.text import Text

if TYPE_CHECKING:
    from recovery.templates.jinja import JinjaText, JinjaTexts

__all__ = ["JinjaText", "JinjaTexts", "Language", "PlainTexts", "Rendered", "Sheet", "Text"]


def __getattr__(name: str) -> object:
    # Jinja is an extra, and is loaded by those who name it.
    if name in ("JinjaText", "JinjaTexts"):
        return getattr(import_module("recovery.templates.jinja"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
