"""Puts messages into words with ``string.Template`` and nothing but the standard library, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from string import Template

from attrs import field, frozen

from recovery.core.errors import BadDefinition
from recovery.core.messages import Message, Origin, Saying
from recovery.core.vocabulary.common import Channel
from recovery.ports.renderer import Rendered
from recovery.templates.english import COLLEAGUE, CUSTOMER, ENGLISH
from recovery.templates.german import GERMAN
from recovery.templates.language import Language, Sheet, faults_of_language, zone_of
from recovery.templates.layout import Passage, as_html, as_text
from recovery.templates.text import DATES, Text, faults_of

__all__ = ["PlainTexts"]

Values = Mapping[str, str]

_ALOUD = frozenset({Channel.PHONE, Channel.IN_PERSON})
_BARE = frozenset({Channel.SMS, Channel.CHAT, Channel.SOCIAL, Channel.WEB_FORM})
_PAPER = frozenset({Channel.LETTER, Channel.FAX})


@frozen(kw_only=True, slots=False)
class PlainTexts:
    """A renderer with the built-in texts, English and German. A mail is plain text and HTML, a letter a sheet, a call a script.

    A customer reads the language that is on file for them, with its region or without; where there are no texts in it, and for
    colleagues, it is ``language``, the desk's own, and at last English. ``replace`` puts texts of your own in the place of those
    of the same name: ``{"receipt": Text(...)}`` in the desk's own language, ``{"receipt.de": Text(...)}`` in another.
    ``languages`` adds one, or takes the place of a built-in one. With ``html=False`` a mail is plain text alone.

    Raises :class:`BadDefinition`, with every fault, when a text stands for no message, is no text, names a value that no message
    has or that is not for its reader, or is in a language that nobody has brought.
    """

    replace: Mapping[str, Text] = field(factory=dict[str, Text])
    language: str = "en"
    html: bool = True
    languages: tuple[Language, ...] = ()

    def __attrs_post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadDefinition("the texts", faults)

    def render(self, message: Message) -> Rendered:
        """Return subject, body and HTML of ``message``: as a letter or as the script of a call, where it goes by one."""
        language = self._language(message)
        said = [(self._text(saying.template, message, language), _values(saying, message, language)) for saying in message.sayings]
        subject = _subject(*said[0], message.reference)
        aloud = message.channel in _ALOUD
        body = [passage for text, values in said for passage in _passages(text.said(aloud=aloud), values)]
        known = {**_values(Saying(template=""), message, language), "subject": subject}
        if aloud:
            subject, whole = _sheet(self._script, message, language, known, body)
            return self._rendered(subject, whole, message, language)
        head = _letterhead(message, language, known) if message.channel in _PAPER else ()
        whole = [*head, _greeting(message, language), *body, *_closing(message, language, known)]
        return self._rendered(subject, whole, message, language)

    def _rendered(self, subject: str, whole: Sequence[Passage], message: Message, language: Language) -> Rendered:
        marked_up = self.html and message.channel not in _BARE
        html = as_html(whole, language=language.code, title=subject) if marked_up else ""
        return Rendered(subject=subject, body=as_text(whole), html=html)

    # ------------------------------------------------------------ which text, in which language

    @cached_property
    def _known(self) -> Mapping[str, Language]:
        """The languages there are, by their tags, each with its texts and those that replace them."""
        return {_tag(one.code): one for one in (ENGLISH, GERMAN, *self.languages)}

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, Text]]:
        texts = {tag: dict(language.texts) for tag, language in self._known.items()}
        for named, text in self.replace.items():
            name, tag = _named(named, self.language)
            texts.setdefault(_tag(tag), {})[name] = text
        return texts

    @property
    def _script(self) -> Sheet:
        own = self._known[_tag(self.language)].sheet
        return own if own is not None else _english_sheet()

    def _language(self, message: Message) -> Language:
        """Return the first language that has a text for everything the message says, so that no message mixes two."""
        wanted = [saying.template for saying in message.sayings if saying.template in _READERS[message.person is None]]
        for tag in (*_with_region(message.values.get("language", "")), _tag(self.language)):
            if tag in self._known and all(name in self._texts[tag] for name in wanted):
                return self._known[tag]
        return self._known["en"]

    def _text(self, template: str, message: Message, language: Language) -> Text:
        """Return the text of that name; a policy may name one that nobody wrote, and something must be said all the same."""
        texts, general = self._texts[_tag(language.code)], "customer_informed" if message.person is None else "reminder"
        readers = _READERS[message.person is None]
        found = texts.get(template) if template in readers else None
        return found or texts.get(general) or ENGLISH.texts[general]

    # ------------------------------------------------------------ what cannot work

    def _faults(self) -> Iterator[str]:
        for language in self.languages:
            yield from faults_of_language(language)
        there = {_tag(one.code) for one in (ENGLISH, GERMAN, *self.languages) if isinstance(one, Language)}
        if _tag(self.language) not in there:
            yield f"language: there are no texts in {self.language!r}; there are {', '.join(sorted(there))}"
        for language in self.languages:
            if isinstance(language, Language):
                yield from self._text_faults(((f"{name}.{language.code}", text) for name, text in language.texts.items()), there)
        yield from self._text_faults(self.replace.items(), there)

    def _text_faults(self, texts: Iterable[tuple[str, object]], there: set[str]) -> Iterator[str]:
        for label, text in texts:
            name, tag = _named(label, self.language)
            if name not in CUSTOMER and name not in COLLEAGUE:
                yield f"{label}: no message uses it; there are {', '.join(sorted({**CUSTOMER, **COLLEAGUE}))}"
            if _tag(tag) not in there:
                yield f"{label}: there is no language {tag!r}; there are {', '.join(sorted(there))}, and languages= adds one"
            yield from faults_of(label, text, to_customer=name in CUSTOMER)


_READERS: Mapping[bool, Mapping[str, Text]] = {True: CUSTOMER, False: COLLEAGUE}
"""The texts that customers read, and those that colleagues read."""


def _tag(code: str) -> str:
    return code.strip().replace("_", "-").casefold()


def _named(name: str, tag: str) -> tuple[str, str]:
    """Return the template and the language that a key of ``replace`` names: ``receipt``, or ``receipt.de``."""
    template, _, given = name.partition(".")
    return template, given or tag


def _with_region(code: str) -> Iterator[str]:
    """Yield a tag, and the shorter ones it narrows: ``de-at``, ``de``."""
    parts = _tag(code).split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])


def _english_sheet() -> Sheet:
    assert ENGLISH.sheet is not None
    return ENGLISH.sheet


# ---------------------------------------------------------------- values put into lines


def _values(saying: Saying, message: Message, language: Language) -> dict[str, str]:
    values = {**message.values, **{name: value for name, value in saying.values.items() if value}, "text": saying.text}
    values |= {f"{name}_at": values[name] for name in DATES if name in values}
    zone = zone_of(message.values)
    return {name: language.instant(value, zone) if name.endswith("_at") and value else value for name, value in values.items()}


def _filled(template: str, values: Values) -> str | None:
    """Return the line, or ``None`` where a value it needs is empty."""
    pattern = Template(template)
    names = pattern.get_identifiers()
    if any(not values.get(name, "").strip() for name in names):
        return None
    flags = {name: "" for name in names if name.startswith("asks_")}
    return pattern.substitute({**values, **flags})


def _lines(templates: Iterable[str], values: Values) -> tuple[str, ...]:
    return tuple(line for template in templates if (line := _filled(template, values)) is not None)


def _passages(templates: Iterable[str], values: Values) -> Iterator[Passage]:
    """Yield the passages of a text: what a person wrote stands by itself."""
    gathered: list[str] = []
    for template in templates:
        if template != "$text":
            gathered.append(template)
            continue
        yield from _passage(gathered, values)
        gathered = []
        if values["text"].strip():
            yield Passage(lines=(values["text"],), words=True)
    yield from _passage(gathered, values)


def _passage(templates: Iterable[str], values: Values) -> Iterator[Passage]:
    if lines := _lines(templates, values):
        yield Passage(lines=lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _subject(text: Text, values: Values, reference: str) -> str:
    template = Template(text.subject)
    subject = _one_line(template.substitute({**dict.fromkeys(template.get_identifiers(), ""), **values}))
    return subject if reference in subject else f"{subject} [{reference}]"


# ---------------------------------------------------------------- what stands around them


def _greeting(message: Message, language: Language) -> Passage:
    name = _one_line(message.values.get("customer" if message.person is None else "person", ""))
    return Passage(lines=(Template(language.greeting).substitute(name=name) if name else language.hello,))


def _closing(message: Message, language: Language, known: Values) -> Iterator[Passage]:
    by_machine = message.origin is not Origin.PERSON
    to_customer = language.machine if by_machine else language.closing
    signed = known.get("company", "") or known.get("owner_name", "")
    yield from _passage(to_customer if message.person is None else language.ours or ENGLISH.ours, {**known, "signed": signed})


def _letterhead(message: Message, language: Language, known: Values) -> Iterator[Passage]:
    """Yield what stands above a letter: who writes, to whom and where, the day, and what it is about."""
    yield from _passage(("$company", "$owner_name"), known)
    yield from _passage(("$customer", "$address"), {**known, "address": "" if message.to is None else message.to.value})
    yield Passage(lines=(language.date_of(message.at, zone_of(message.values)),))
    yield Passage(lines=(known["subject"],), heading=True)


def _sheet(sheet: Sheet, message: Message, language: Language, known: Values, body: Sequence[Passage]) -> tuple[str, list[Passage]]:
    """Return the script of a call or a visit: whom, what to say, room for the answers, and what to do afterwards."""
    spoken = language.sheet or sheet
    customer, address = _one_line(known.get("customer", "")), "" if message.to is None else message.to.value
    how = sheet.how[message.channel is Channel.PHONE]
    values = {**known, "how": how, "whom": customer or address or message.reference, "address": address if customer else ""}
    subject = _one_line(" ".join(_lines((sheet.subject,), values)))
    # The way back is not said twice, where the words hold it already.
    told = values if known.get("reach", "") not in as_text(body) else {**values, "reach": ""}
    whole = [
        *_passage(sheet.whom, values),
        Passage(lines=(sheet.say,), heading=True),
        *_passage(spoken.opening, values),
        *(_with_room(passage, sheet.answer) for passage in (*body, *_passage(spoken.ending, told))),
        Passage(lines=(sheet.afterwards,), heading=True),
        Passage(lines=sheet.then),
    ]
    return subject, whole


def _with_room(passage: Passage, answer: str) -> Passage:
    """Leave room to write below each question of ours; what a person wrote stays as it is."""
    if passage.words:
        return passage
    lines = (told for line in passage.lines for told in ((line, answer) if line.rstrip().endswith("?") else (line,)))
    return Passage(lines=tuple(lines))
