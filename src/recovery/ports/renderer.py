"""What puts messages into words."""

from __future__ import annotations

from typing import Protocol

from recovery.core.messages import Message

__all__ = ["Renderer"]


class Renderer(Protocol):
    """Puts a message into words, before it is saved: the outbox holds exactly what will be said.

    1. It reads nothing but the message, so that rendering twice gives the same words.
    2. A template that cannot work is refused when it is loaded, not when a customer waits. Where rendering fails all the same, the
       built-in plain text goes out.
    3. A word a person wrote (``Saying.text``) appears unchanged.
    4. Every message of the library is put into words, also one whose template it does not know: a policy may name its own.
    """

    def render(self, message: Message) -> tuple[str, str]:
        """Return the subject, on one line, and the body."""
        ...
