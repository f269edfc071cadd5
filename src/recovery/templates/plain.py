"""Puts messages into words with ``string.Template`` and nothing but the standard library, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from attrs import field, frozen

from recovery.core.errors import BadDefinition
from recovery.core.messages import Message, Origin
from recovery.core.vocabulary.common import Channel
from recovery.ports.renderer import Rendered
from recovery.templates.english import ENGLISH
from recovery.templates.filling import Values, filled, general_values, one_line, passage_of, passages, put, subject_of, with_own
from recovery.templates.language import Language, zone_of
from recovery.templates.layout import Passage, as_html, as_text
from recovery.templates.library import Library
from recovery.templates.sheets import letterhead, script
from recovery.templates.text import Text

__all__ = ["PlainTexts", "closing_of", "greeting_of"]

_ALOUD = frozenset({Channel.PHONE, Channel.IN_PERSON})
_PAPER = frozenset({Channel.LETTER, Channel.FAX})
_BARE = frozenset({Channel.SMS, Channel.CHAT, Channel.SOCIAL, Channel.WEB_FORM})


@frozen(kw_only=True, slots=False)
class PlainTexts:
    """A renderer with the built-in texts, English and German. A mail is plain text and HTML, a letter a sheet, a call a script.

    A customer reads the language that is on file for them, with its region or without; where there are no texts in it, and for
    colleagues, it is ``language``, the desk's own, and at last English. ``replace`` puts texts of your own in the place of those
    of the same name: ``{"receipt": Text(...)}`` in the desk's own language, ``{"receipt.de": Text(...)}`` in another; ``drafts``
    does so for what a person might say, paragraph by paragraph: ``{"propose": ("I am sorry ...", "...")}``. ``languages`` adds
    one, or takes the place of a built-in one. With ``html=False`` a mail is plain text alone.

    Raises :class:`BadDefinition`, with every fault, when a text stands for no message, is no text, names a value that no message
    has or that is not for its reader, or is in a language that nobody has brought.
    """

    replace: Mapping[str, Text] = field(factory=dict[str, Text])
    drafts: Mapping[str, tuple[str, ...]] = field(factory=dict[str, "tuple[str, ...]"])
    language: str = "en"
    html: bool = True
    languages: tuple[Language, ...] = ()

    def __attrs_post_init__(self) -> None:
        if faults := list(self._library.faults()):
            raise BadDefinition("the texts", faults)

    @cached_property
    def _library(self) -> Library:
        return Library(own=self.language, languages=self.languages, replace=self.replace, drafts=self.drafts)

    def render(self, message: Message) -> Rendered:
        """Return subject, body and HTML of ``message``: as a letter or as the script of a call, where it goes by one."""
        customer, aloud = message.person is None, message.channel in _ALOUD
        names = [saying.template for saying in message.sayings]
        language = self._library.language(message.values.get("language", ""), names, customer=customer)
        general = general_values(message, language)
        said = [
            (self._library.text(language, saying.template, customer=customer), with_own(general, saying, message, language))
            for saying in message.sayings
        ]
        subject = subject_of(*said[0], message.reference)
        body = [passage for text, values in said for passage in passages(text.said(aloud=aloud), values)]
        known = {**general, "subject": subject}
        if aloud:
            subject, whole = script(self._library.sheet, message, language, known, body)
            return self._rendered(subject, whole, message, language)
        head = letterhead(message, language, known) if message.channel in _PAPER else ()
        whole = [*head, greeting_of(message, language), *body, *closing_of(message, language, known)]
        return self._rendered(subject, whole, message, language)

    def draft(self, name: str, values: Mapping[str, str], *, language: str = "") -> str:
        """Return what a person might say: the paragraphs of the draft of that name, each that names what nobody knows left out.

        Values that end in ``_at`` are instants; ``timezone`` and ``desk_timezone`` say where they are read. Raises ``LookupError``
        for a name that nothing is drafted by.
        """
        found, paragraphs = self._library.draft(language, name)
        zone = zone_of(values)
        told = {key: found.instant(value, zone) if key.endswith("_at") and value else value for key, value in values.items()}
        return "\n\n".join(line for paragraph in paragraphs if (line := filled(paragraph, told)) is not None)

    def _rendered(self, subject: str, whole: Sequence[Passage], message: Message, language: Language) -> Rendered:
        marked_up = self.html and message.channel not in _BARE
        html = as_html(whole, language=language.code, title=subject) if marked_up else ""
        return Rendered(subject=subject, body=as_text(whole), html=html)


def greeting_of(message: Message, language: Language) -> Passage:
    """Return how the reader is greeted, by name where it is known."""
    name = one_line(message.values.get("customer" if message.person is None else "person", ""))
    return Passage(lines=(put(language.greeting, {"name": name}) if name else language.hello,))


def closing_of(message: Message, language: Language, known: Values) -> tuple[Passage, ...]:
    """Return how a message ends, and who signs it."""
    by_machine = message.origin is not Origin.PERSON
    to_customer = language.machine if by_machine else language.closing
    signed = known.get("company", "") or known.get("owner_name", "")
    return passage_of(to_customer if message.person is None else language.ours or ENGLISH.ours, {**known, "signed": signed})
