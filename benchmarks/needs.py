"""What a measurement needs beside the library: a peer, a server. What is missing is said, with the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import packages_distributions, version
from importlib.util import find_spec

from attrs import frozen

__all__ = ["Need", "library", "missing", "versions"]


@frozen(kw_only=True)
class Need:
    """Something a measurement cannot do without.

    ``lacking`` says what to do where it is not there, and nothing where it is; ``version`` names it with its version.
    """

    name: str
    lacking: Callable[[], str]
    version: Callable[[], str]


def library(name: str) -> Need:
    """Return the need of a library, by the name it is imported by."""

    def lacking() -> str:
        return "" if find_spec(name) else 'python -m pip install -e ".[benchmarks]"'

    return Need(name=name, lacking=lacking, version=lambda: f"{name} {version(packages_distributions()[name][0])}")


def missing(needs: Iterable[Need]) -> str:
    """Return what is missing and the way out, or nothing."""
    return "; ".join(f"{need.name} ({way_out})" for need in needs if (way_out := need.lacking()))


def versions(needs: Iterable[Need]) -> tuple[str, ...]:
    """Return what is there, each once, with its version."""
    return tuple(dict.fromkeys(need.version() for need in needs if not need.lacking()))
