"""Notifiers: implementations of :class:`recovery.ports.Notifier`."""

from recovery.notifiers.by_channel import ByChannel
from recovery.notifiers.console import ConsoleNotifier
from recovery.notifiers.log import LogNotifier
from recovery.notifiers.mail_server import Security
from recovery.notifiers.recording import RecordingNotifier
from recovery.notifiers.smtp import SMTPNotifier
from recovery.notifiers.trouble import InsecureConnection, LoginRefused, MailServerTrouble, MailServerUnavailable

__all__ = [
    "ByChannel",
    "ConsoleNotifier",
    "InsecureConnection",
    "LogNotifier",
    "LoginRefused",
    "MailServerTrouble",
    "MailServerUnavailable",
    "RecordingNotifier",
    "SMTPNotifier",
    "Security",
]
