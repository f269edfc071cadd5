"""Renderers with one fault each, and the checks that have to catch them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import attrs

from recovery.core.messages import Message
from recovery.ports import Rendered, Renderer
from recovery.templates import PlainTexts
from recovery.testing import contracts
from recovery.testing.contracts import Check


class Texts:
    """A renderer that works, to be spoiled."""

    def render(self, message: Message) -> tuple[str, str]:
        """Return the built-in words."""
        rendered = PlainTexts().render(message)
        return rendered.subject, rendered.body


class Counts(Texts):
    """Numbers what it says."""

    numbers = count(1)

    def render(self, message: Message) -> tuple[str, str]:
        """Do as the class says."""
        subject, body = super().render(message)
        return f"{subject} ({next(self.numbers)})", body


class Trims(Texts):
    """Wraps the words of people."""

    def render(self, message: Message) -> tuple[str, str]:
        """Do as the class says."""
        subject, body = super().render(message)
        return subject, "\n".join(line.strip() for line in body.split("\n"))


class KnowsItsTemplates(Texts):
    """Has no text for what it does not know."""

    def render(self, message: Message) -> tuple[str, str]:
        """Do as the class says."""
        if message.sayings[0].template == "a_template_nobody_wrote":
            raise KeyError(message.sayings[0].template)
        return super().render(message)


class SaysNothing(Texts):
    """Has an empty text for some."""

    def render(self, message: Message) -> tuple[str, str]:
        """Do as the class says."""
        subject, body = super().render(message)
        return subject, "" if message.person else body


class SaysTheFirst(Texts):
    """Says the first thing and leaves out the rest."""

    def render(self, message: Message) -> tuple[str, str]:
        """Do as the class says."""
        return super().render(attrs.evolve(message, sayings=message.sayings[:1]))


class BreaksTheSubject(Texts):
    """Puts values into a subject as they are."""

    def render(self, message: Message) -> tuple[str, str]:
        """Do as the class says."""
        subject, body = super().render(message)
        return f"{subject} {message.values.get('reference', '')}", body


class EscapesNothing(Texts):
    """Puts whatever it is given into HTML as it is."""

    def render(self, message: Message) -> Rendered:  # type: ignore[override]
        """Do as the class says."""
        subject, body = super().render(message)
        return Rendered(subject=subject, body=body, html=f"<p>{body}</p>")


def renderer(make: Callable[[], Renderer], name: str) -> Check:
    """Return the check of that name on a broken renderer."""
    checks = contracts.renderer_checks(make, broken=[Texts])
    return next(check for check in checks if check.id.endswith(f"/{name}"))


RENDERERS = (
    renderer(Counts, "the-same-message-gives-the-same-words"),
    renderer(Texts, "what-cannot-work-is-refused-when-it-is-loaded"),
    renderer(Trims, "what-a-person-wrote-appears-unchanged"),
    renderer(EscapesNothing, "what-anybody-wrote-is-no-markup"),
    renderer(KnowsItsTemplates, "every-message-is-put-into-words"),
    renderer(SaysNothing, "every-message-is-put-into-words"),
    renderer(SaysTheFirst, "a-message-says-all-it-holds"),
    renderer(BreaksTheSubject, "the-subject-is-on-one-line"),
)
