"""Puts messages into words with the built-in texts, and nothing but the standard library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from string import Template
from zoneinfo import ZoneInfo

from attrs import field, frozen

from recovery.core.errors import BadDefinition
from recovery.core.messages import READABLE, Message, Saying
from recovery.templates.english import COLLEAGUE, CUSTOMER, VALUES, Text

__all__ = ["PlainTexts"]

_DATES = ("by_date", "deliver_by")  # values that are instants, though their names do not end in _at


@frozen(kw_only=True)
class PlainTexts:
    """A renderer with the built-in English texts. ``replace`` puts texts of your own in the place of those of the same name.

    Raises :class:`BadDefinition` when a text stands for no message, is no text, or names a value that no message has.
    """

    replace: Mapping[str, Text] = field(factory=dict[str, Text])

    def __attrs_post_init__(self) -> None:
        if faults := [fault for name, text in self.replace.items() for fault in _faults(name, text)]:
            raise BadDefinition("the texts", faults)

    def render(self, message: Message) -> tuple[str, str]:
        """Return subject and body of ``message``."""
        said = [(self._text(saying.template, message), _values(saying, message)) for saying in message.sayings]
        bodies = [body for text, values in said if (body := _body(text, values))]
        return _subject(*said[0], message.reference), "\n\n".join((_greeting(message), *bodies, _signature(message)))

    def _text(self, template: str, message: Message) -> Text:
        """Return the text of that name; a policy may name one that nobody wrote, and something must be said all the same."""
        texts, general = (CUSTOMER, "customer_informed") if message.person is None else (COLLEAGUE, "reminder")
        return self.replace.get(template) or texts.get(template) or texts[general]


def _faults(name: str, text: object) -> Iterator[str]:
    known = {**CUSTOMER, **COLLEAGUE}
    if name not in known:
        yield f"{name}: no message uses it; there are {', '.join(sorted(known))}"
    if not isinstance(text, Text):
        yield f"{name}: is of type {type(text).__name__}. Give a Text."
        return
    if len(text.subject.splitlines()) != 1:
        yield f"{name}: the subject is one line, and not empty"
    for line in (text.subject, *text.lines):
        template = Template(line)
        if not template.is_valid():
            yield f"{name}: {line!r} is no template; a dollar sign is written $$"
            continue
        for unknown in sorted(set(template.get_identifiers()) - (names := _names(name))):
            yield f"{name}: {_why_not(unknown)} ${unknown}; there are {', '.join(sorted(names))}"


def _names(text: str) -> frozenset[str]:
    """Return what the text of that name may name: to a customer nothing internal."""
    dates = frozenset(f"{name}_at" for name in _DATES)
    return (READABLE - set(_DATES)) | dates if text in CUSTOMER else VALUES


def _why_not(name: str) -> str:
    return "customers do not read the internal value" if name in VALUES else "no message has a value"


def _subject(text: Text, values: Mapping[str, str], reference: str) -> str:
    template = Template(text.subject)
    subject = " ".join(template.substitute({**dict.fromkeys(template.get_identifiers(), ""), **values}).split())
    return subject if reference in subject else f"{subject} [{reference}]"


def _body(text: Text, values: Mapping[str, str]) -> str:
    return "\n".join(line for template in text.lines if (line := _line(template, values)) is not None)


def _line(template: str, values: Mapping[str, str]) -> str | None:
    """Return the line, or ``None`` where a value it needs is empty."""
    pattern = Template(template)
    names = pattern.get_identifiers()
    if any(not values.get(name, "").strip() for name in names):
        return None
    flags = {name: "" for name in names if name.startswith("asks_")}
    return pattern.substitute({**values, **flags})


def _values(saying: Saying, message: Message) -> dict[str, str]:
    values = {**message.values, **{name: value for name, value in saying.values.items() if value}, "text": saying.text}
    values |= {f"{name}_at": values[name] for name in _DATES if name in values}
    zone = _zone(message.values)
    return {name: _local(value, zone) if name.endswith("_at") else value for name, value in values.items()}


def _zone(values: Mapping[str, str]) -> tzinfo:
    """Return the reader's zone, or the desk's where the reader's is unknown or does not exist."""
    for name in ("timezone", "desk_timezone"):
        try:
            return ZoneInfo(values.get(name, ""))
        except (LookupError, ValueError, OSError):
            continue
    return UTC


def _local(value: str, zone: tzinfo) -> str:
    local = datetime.fromisoformat(value).astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"


def _greeting(message: Message) -> str:
    name = " ".join(message.values.get("customer" if message.person is None else "person", "").split())
    return f"Dear {name}," if name else "Hello,"


def _signature(message: Message) -> str:
    if message.person is not None:
        return "Your recovery desk"
    return "\n".join(name for name in (message.values.get("owner_name", ""), message.values.get("company", "")) if name)
