"""Texts: how messages are put into words, as a mail, a letter or the script of a call, in the reader's language."""

from recovery.ports.renderer import Rendered
from recovery.templates.language import Language, Sheet
from recovery.templates.plain import PlainTexts
from recovery.templates.text import Text

__all__ = ["Language", "PlainTexts", "Rendered", "Sheet", "Text"]
