"""What keeps a mail server from taking mail for now: the message is not at fault and is tried again; somebody may have to act."""

from __future__ import annotations

from recovery.core.errors import RecoveryError

__all__ = ["InsecureConnection", "LoginRefused", "MailServerTrouble", "MailServerUnavailable"]


class MailServerTrouble(RecoveryError):
    """The mail server does not take mail now. ``setting`` is the setting of the notifier to look at, where it may be at fault.

    ``code`` is the number the server answered with, if it answered. Neither holds anything personal.
    """

    def __init__(self, why: str, way_out: str, *, setting: str | None = None, code: int | None = None) -> None:
        self.setting = setting
        self.code = code
        self._way_out = way_out
        super().__init__(f"{why} {way_out}")

    @property
    def hint(self) -> str:
        """What to do about it."""
        return self._way_out


class MailServerUnavailable(MailServerTrouble):
    """It cannot be reached, does not answer in time, breaks off, or says that it has no time now."""


class LoginRefused(MailServerTrouble):
    """It does not know the user, or wants one."""


class InsecureConnection(MailServerTrouble):
    """There is no encrypted connection with a server that proves who it is, and none other is used."""
