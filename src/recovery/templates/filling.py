"""Values put into the lines of a text: what is empty takes its line with it, and what a person wrote stands by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from string import Template

from recovery.core.messages import Message, Saying
from recovery.core.practice.common import JUST_ANSWER
from recovery.templates.language import Language, zone_of
from recovery.templates.layout import Passage
from recovery.templates.text import DATES, Text

__all__ = [
    "Values",
    "filled",
    "general_values",
    "lines_of",
    "one_line",
    "passage_of",
    "passages",
    "put",
    "subject_of",
    "values_of",
    "with_own",
]

Values = Mapping[str, str]


def values_of(saying: Saying, message: Message, language: Language) -> dict[str, str]:
    """Return what the text of one thing that is said may name, dates put into the reader's zone and language."""
    return with_own(general_values(message, language), saying, message, language)


def general_values(message: Message, language: Language) -> dict[str, str]:
    """Return what every text of a message may name, whatever it says."""
    return {**_told(message.values, message, language), "text": ""}


def with_own(general: Values, saying: Saying, message: Message, language: Language) -> dict[str, str]:
    """Return the general values, and over them those of one thing that is said."""
    own = {name: value for name, value in saying.values.items() if value}
    return {**general, **(_told(own, message, language) if own else own), "text": saying.text}


def _told(values: Values, message: Message, language: Language) -> dict[str, str]:
    """Return values as the reader is told them."""
    told = {**values, **{f"{name}_at": values[name] for name in DATES if name in values}}
    if told.get("reach") == JUST_ANSWER:
        told["reach"] = language.answer
    if dated := [name for name, value in told.items() if value and name.endswith("_at")]:
        zone = zone_of(message.values)
        told |= {name: language.instant(told[name], zone) for name in dated}
    return told


def filled(template: str, values: Values) -> str | None:
    """Return the line, or ``None`` where a value it needs is empty."""
    line, names = _read(template)
    for name in names:
        if not values.get(name, "").strip():
            return None
    return line % values


def put(template: str, values: Values) -> str:
    """Return a template filled in. Raises ``KeyError`` where a value it needs is not there."""
    return _gapped(template)[0] % values


@lru_cache(maxsize=4096)
def _read(template: str) -> tuple[str, tuple[str, ...]]:
    """Return a line as ``%`` fills it in, and the values it needs; what it only asks leaves no trace."""
    names = _gapped(template)[1]
    return _in_percents(template, {name: "" if name.startswith("asks_") else f"%({name})s" for name in names}), names


@lru_cache(maxsize=4096)
def _gapped(template: str) -> tuple[str, tuple[str, ...]]:
    """Return a template as ``%`` fills it in, many times as fast, and the values it names."""
    names = tuple(Template(template).get_identifiers())
    return _in_percents(template, {name: f"%({name})s" for name in names}), names


def _in_percents(template: str, gaps: Values) -> str:
    return Template(template.replace("%", "%%")).substitute(gaps)


def lines_of(templates: Iterable[str], values: Values) -> tuple[str, ...]:
    """Return the lines that have all their values."""
    return tuple([line for template in templates if (line := filled(template, values)) is not None])


def passages(templates: Iterable[str], values: Values) -> Iterator[Passage]:
    """Yield the passages of a text: what a person wrote stands by itself."""
    gathered: list[str] = []
    for template in templates:
        if template != "$text":
            gathered.append(template)
            continue
        yield from passage_of(gathered, values)
        gathered = []
        if values["text"].strip():
            yield Passage(lines=(values["text"],), words=True)
    yield from passage_of(gathered, values)


def passage_of(templates: Iterable[str], values: Values) -> tuple[Passage, ...]:
    """Return the lines as one passage; none where all of them are left out."""
    lines = lines_of(templates, values)
    return (Passage(lines=lines),) if lines else ()


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(text.split())


def subject_of(text: Text, values: Values, reference: str) -> str:
    """Return the subject on one line, with the case's reference in it."""
    named = dict.fromkeys(_gapped(text.subject)[1], "")
    subject = one_line(put(text.subject, {**named, **values}))
    return subject if reference in subject else f"{subject} [{reference}]"
