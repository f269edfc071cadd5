"""Notifiers: implementations of :class:`recovery.ports.Notifier`."""

from recovery.notifiers.console import ConsoleNotifier
from recovery.notifiers.recording import RecordingNotifier

__all__ = ["ConsoleNotifier", "RecordingNotifier"]
