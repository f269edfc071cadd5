"""Taking responsibility: our words take it on, blame nobody, send nobody away, and hold a next step."""

from __future__ import annotations

from recovery.core.clock import Clock
from recovery.core.practice.responsibility.wording import WORDING

CHECKS = WORDING
CLOCKS: tuple[Clock, ...] = ()
FIXED_CLOCKS: frozenset[str] = frozenset()
PROTECTS: dict[str, str] = {}
SOURCES: dict[str, str] = {}
HANDLERS: dict[type, object] = {}
FOLDS: dict[type, object] = {}
