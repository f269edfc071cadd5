"""On what it was measured: figures without their machine are no figures."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median

__all__ = ["machine"]


def machine() -> str:
    """Return processor, cores, how often a second the disk can be made to keep what it was given, Python and SQLite."""
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, {_synced():,.0f} fsync/s; {python}"


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        told = []
    named = (line.split(":", 1)[1].strip() for line in told if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _synced(rounds: int = 5, times: int = 60) -> float:
    """Return how many blocks of 4096 bytes a second reach the disk that temporary files are on: the middle of a few rounds."""
    with tempfile.TemporaryFile() as file:
        return median(_round(file.fileno(), times) for _ in range(rounds))


def _round(number: int, times: int) -> float:
    block = bytes(4096)
    begun = time.perf_counter()
    for _ in range(times):
        os.write(number, block)
        os.fsync(number)
    return times / (time.perf_counter() - begun)
