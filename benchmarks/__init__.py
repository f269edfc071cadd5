"""Paired measurements: each thing the library does, beside the floor or the peer it has to bear comparison with."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests"))  # where `servers` is, which starts a PostgreSQL for both
