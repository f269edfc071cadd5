"""The table ``[mail]`` of a policy file: by which mail server ``recovery work`` sends. The password is never in the file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from recovery.codec import from_dict
from recovery.core.errors import BadDefinition, InvalidValue

if TYPE_CHECKING:
    from recovery.notifiers.smtp import SMTPNotifier

__all__ = ["MailSettings", "notifier_of", "settings_in"]


@frozen(kw_only=True)
class MailSettings:
    """How to reach the mail server. ``sender`` is who the mails are from; ``password_env`` names an environment variable."""

    host: str
    sender: str
    reply_to: str | None = None
    security: str = "starttls"
    port: int | None = None
    user: str | None = None
    password_env: str | None = None


def settings_in(path: str | None) -> MailSettings | None:
    """Return the table ``[mail]`` of a policy file, ``None`` where there is none. Raises ``BadDefinition`` with every fault."""
    table = None if path is None else tomllib.loads(Path(path).read_text(encoding="utf-8")).get("mail")
    if table is None:
        return None
    try:
        return from_dict(MailSettings, table)
    except InvalidValue as error:
        raise BadDefinition(_where(path), [f"{reason.field}: {reason.message} {reason.hint}" for reason in error.reasons]) from None


def notifier_of(settings: MailSettings, path: str | None, now: Callable[[], datetime]) -> SMTPNotifier:
    """Return what sends by these settings. Raises ``BadDefinition`` with every fault: what cannot be, and a password not set."""
    from recovery.notifiers.mail_server import PORTS, Security  # noqa: PLC0415  (only for those who send)
    from recovery.notifiers.smtp import SMTPNotifier  # noqa: PLC0415

    faults = [*_security_faults(settings), *_password_faults(settings)]
    if faults:
        raise BadDefinition(_where(path), faults)
    security = Security(settings.security)
    return SMTPNotifier(
        host=settings.host,
        sender=settings.sender,
        reply_to=settings.reply_to,
        security=security,
        port=PORTS[security] if settings.port is None else settings.port,
        user=settings.user,
        password=None if settings.password_env is None else os.environ[settings.password_env],
        now=now,
    )


def _security_faults(settings: MailSettings) -> list[str]:
    known = ("starttls", "tls", "plain")
    return [] if settings.security in known else [f"security: {settings.security!r} is none of {', '.join(known)}."]


def _password_faults(settings: MailSettings) -> list[str]:
    name = settings.password_env
    if name is None or os.environ.get(name):
        return []
    return [f"password_env: the environment variable {name} is not set. Set it where recovery work runs: export {name}=..."]


def _where(path: str | None) -> str:
    return f"the table [mail] of {path}"
