"""What is handed out: the wheel."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

from benchmarks.needs import library
from benchmarks.pairing import Fact, Scale, Seen

__all__ = ["FACTS"]

ROOT = Path(__file__).parent.parent


def _wheel(_: Scale) -> Seen:
    """Build the wheel and weigh it."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = Path(folder).glob("*.whl")
        with ZipFile(wheel) as within:
            unpacked = sum(each.file_size for each in within.infolist())
            modules = sum(name.endswith(".py") for name in within.namelist())
        return Seen(told=f"{wheel.stat().st_size / 1000:,.0f} kB, {unpacked / 1000:,.0f} kB unpacked, {modules} modules")


FACTS = (Fact(name="wheel", what="the wheel that is installed", look=_wheel, needs=(library("hatchling"),)),)
