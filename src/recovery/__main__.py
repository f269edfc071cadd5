"""The command ``recovery``; ``python -m recovery`` does the same."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

from recovery.core.errors import MissingExtra

__all__ = ["main"]

NEEDED = ("cyclopts", "rich")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code. Without the extra ``cli`` it says how to install it, and returns 1."""
    missing = next((package for package in NEEDED if find_spec(package) is None), None)
    if missing is not None:
        print(MissingExtra(missing, "cli"), file=sys.stderr)
        return 1
    from recovery.cli.app import run  # noqa: PLC0415  (it needs the extra)

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
