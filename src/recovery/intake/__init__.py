r"""Raw messages from outside as contacts: ``from_email`` takes a mail as it came, whatever is broken about it.

    >>> from recovery.intake import from_email
    >>> contact = from_email(b"From: Bo Lind <bo@boat.example>\nSubject: My boat\n\nThe display went dark.\n")
    >>> contact.sender.name, contact.subject, contact.text
    ('Bo Lind', 'My boat', 'The display went dark.')

Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recovery.intake.keeping import AttachmentFolder
    from recovery.intake.likeness import alike
    from recovery.intake.mail import Keep, from_email, why_automatic
    from recovery.intake.mailboxes import RawMail, mails_in

__all__ = ["AttachmentFolder", "Keep", "RawMail", "alike", "from_email", "mails_in", "why_automatic"]

_HOMES = {
    "AttachmentFolder": "keeping",
    "Keep": "mail",
    "RawMail": "mailboxes",
    "alike": "likeness",
    "from_email": "mail",
    "mails_in": "mailboxes",
    "why_automatic": "mail",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'recovery.intake' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"recovery.intake.{_HOMES[name]}"), name)
    return value
