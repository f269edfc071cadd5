"""Directories: implementations of :class:`recovery.ports.Directory`."""

from recovery.directories.absences import Absences

__all__ = ["Absences"]
