"""Texts: how messages are put into words."""

from recovery.templates.english import Text
from recovery.templates.plain import PlainTexts

__all__ = ["PlainTexts", "Text"]
