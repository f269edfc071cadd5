"""Puts messages into words with the built-in texts, and nothing but the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from string import Template
from zoneinfo import ZoneInfo

from attrs import field, frozen

from recovery.core.errors import BadDefinition
from recovery.core.messages import Message, Saying
from recovery.templates.english import COLLEAGUE, CUSTOMER, Text

__all__ = ["PlainTexts"]


@frozen(kw_only=True)
class PlainTexts:
    """A renderer with the built-in English texts. ``replace`` puts texts of your own in the place of those of the same name.

    Raises :class:`BadDefinition` when a text names a template that no message uses, or is no text.
    """

    replace: Mapping[str, Text] = field(factory=dict[str, Text])

    def __attrs_post_init__(self) -> None:
        known = {**CUSTOMER, **COLLEAGUE}
        faults = [f"{name}: no message uses it; there are {', '.join(sorted(known))}" for name in self.replace if name not in known]
        for name, text in self.replace.items():
            faults += [f"{name}: {line!r} is no template" for line in (text.subject, *text.lines) if not Template(line).is_valid()]
        if faults:
            raise BadDefinition("the texts", faults)

    def render(self, message: Message) -> tuple[str, str]:
        """Return subject and body of ``message``."""
        texts = {**(CUSTOMER if message.person is None else COLLEAGUE), **self.replace}
        bodies = [self._said(texts[saying.template], saying, message) for saying in message.sayings]
        first = texts[message.sayings[0].template]
        subject = Template(first.subject).safe_substitute(_values(message.sayings[0], message))
        tag = "" if message.reference in subject else f" [{message.reference}]"
        return f"{subject}{tag}", "\n\n".join((_greeting(message), *bodies, _signature(message)))

    def _said(self, text: Text, saying: Saying, message: Message) -> str:
        values = _values(saying, message)
        return "\n".join(line for template in text.lines if (line := _line(template, values)) is not None)


def _line(template: str, values: Mapping[str, str]) -> str | None:
    """Return the line, or ``None`` where a value it needs is empty."""
    pattern = Template(template)
    names = pattern.get_identifiers()
    if any(not values.get(name) for name in names):
        return None
    flags = {name: "" for name in names if name.startswith("asks_")}
    return pattern.substitute({**values, **flags})


def _values(saying: Saying, message: Message) -> dict[str, str]:
    values = {**message.values, **{name: value for name, value in saying.values.items() if value}, "text": saying.text}
    if "by_date" in values:
        values["by_date_at"] = values["by_date"]
    zone = ZoneInfo(values["timezone"])
    return {name: _local(value, zone) if name.endswith("_at") else value for name, value in values.items()}


def _local(value: str, zone: ZoneInfo) -> str:
    if not value:
        return value
    local = datetime.fromisoformat(value).astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"


def _greeting(message: Message) -> str:
    name = message.values["customer" if message.person is None else "person"]
    return f"Dear {name}," if name else "Hello,"


def _signature(message: Message) -> str:
    company = message.values["company"]
    if message.person is not None:
        return "Your recovery desk"
    return f"{message.values['owner_name']}\n{company}" if company else message.values["owner_name"]
