"""German."""

from __future__ import annotations

from recovery.core.wording.language import Language

GERMAN = Language()
