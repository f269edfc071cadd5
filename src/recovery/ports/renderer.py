"""What puts messages into words."""

from __future__ import annotations

from typing import Protocol

from attrs import field, frozen

from recovery.core.messages import Message

__all__ = ["Rendered", "Renderer"]


@frozen(kw_only=True)
class Rendered:
    """A message in words: the subject, on one line, the body as plain text, and the same as HTML where there is one."""

    subject: str = field(repr=False)
    body: str = field(repr=False)
    html: str = field(default="", repr=False)


class Renderer(Protocol):
    """Puts a message into words, before it is saved: the outbox holds exactly what will be said.

    1. It reads nothing but the message, so that rendering twice gives the same words.
    2. A template that cannot work is refused when it is loaded, not when a customer waits. Where rendering fails all the same, the
       built-in plain text goes out.
    3. A word a person wrote (``Saying.text``) appears unchanged in the body; in HTML it is text, and never markup.
    4. Every message of the library is put into words, also one whose template it does not know: a policy may name its own.
    """

    def render(self, message: Message) -> Rendered | tuple[str, str]:
        """Return the words; subject and body alone where there is no HTML."""
        ...
