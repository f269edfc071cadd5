"""Texts in Jinja, for those who want their own mails whole, with a layout and HTML of their own (extra ``templates``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from attrs import field, frozen
from markupsafe import Markup

from recovery.core.errors import BadDefinition
from recovery.core.messages import Message, Saying
from recovery.core.vocabulary.common import Channel
from recovery.ports.renderer import Rendered
from recovery.templates.english import COLLEAGUE, CUSTOMER
from recovery.templates.filling import general_values, one_line, passages, subject_of, values_of
from recovery.templates.language import Language
from recovery.templates.layout import Passage, as_html, as_markup, as_text
from recovery.templates.library import Library
from recovery.templates.plain import PlainTexts, closing_of, greeting_of
from recovery.templates.sandbox import Compiled, compiled, faults_of_source
from recovery.templates.text import Text, values_for

__all__ = ["JinjaText", "JinjaTexts"]

LAYOUT = "layout"
_AROUND = frozenset({"body", "closing", "company", "greeting", "language", "reference", "subject"})
_BY_HAND = frozenset({Channel.PHONE, Channel.IN_PERSON, Channel.LETTER, Channel.FAX})
_NOBODYS = Text("-", ("-",))


@frozen
class JinjaText:
    """A text in Jinja: the subject, the body as plain text, and as HTML where it is more than the body with paragraphs.

    Values stand by their names: ``{{ owner_name }}``. Those that a message does not have are empty (``{% if next_word_at %}``),
    those that no message has are refused when the text is loaded.
    """

    subject: str
    body: str
    html: str = ""


@frozen(kw_only=True, slots=False)
class JinjaTexts:
    """A renderer whose texts are Jinja templates, by ``name`` or ``name.language`` as in :class:`PlainTexts`.

    ``layout`` is what stands around every mail: ``{{ greeting }}``, ``{{ body }}`` and ``{{ closing }}`` in your order, as text and
    as HTML. What is not there comes from ``texts``, calls and letters always.

    Raises :class:`BadDefinition`, with every fault, for a template that holds code, names a value that is not for its reader, or
    cannot be read; each fault with the name of the template, the line and the field.
    """

    templates: Mapping[str, JinjaText] = field(factory=dict[str, JinjaText])
    layout: JinjaText | None = None
    texts: PlainTexts = field(factory=PlainTexts)

    def __attrs_post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadDefinition("the templates", faults)

    @classmethod
    def from_folder(cls, folder: Path | str, *, texts: PlainTexts | None = None) -> JinjaTexts:
        """Read every template of a folder: ``receipt.txt`` or ``receipt.de.txt``, and ``receipt.html`` beside it where you like.

        The first line of a ``.txt`` says ``Subject: ...``; the body follows. ``layout.txt`` and ``layout.html`` need no subject.
        Raises :class:`BadDefinition` as the class does, and for a file that is not UTF-8.
        """
        given, faults = _read(Path(folder))
        if faults:
            raise BadDefinition("the templates", faults)
        layout = given.pop(LAYOUT, None)
        return cls(templates=given, layout=layout, texts=texts or PlainTexts())

    def render(self, message: Message) -> Rendered:
        """Return the words of ``message``."""
        names = [saying.template for saying in message.sayings]
        if message.channel in _BY_HAND:
            return self.texts.render(message)
        customer = message.person is None
        language = self._library.language(message.values.get("language", ""), names, customer=customer)
        found = [self._saying(saying, message, language) for saying in message.sayings]
        told = {name: value for name, value in general_values(message, language).items() if name in _AROUND}
        subject = found[0].subject
        around = {**dict.fromkeys(_AROUND, ""), **told, "subject": subject, "language": language.code}
        return self._laid_out(message, language, subject, found, around)

    # ------------------------------------------------------------ one thing that is said

    def _saying(self, saying: Saying, message: Message, language: Language) -> Rendered:
        values = {**dict.fromkeys(values_for(customer=message.person is None), ""), **values_of(saying, message, language)}
        template = self._template(saying.template, language, customer=message.person is None)
        if template is None:
            text = self._library.text(language, saying.template, customer=message.person is None)
            told = tuple(passages(text.said(aloud=False), values))
            return Rendered(subject=subject_of(text, values, message.reference), body=as_text(told), html=as_markup(told))
        subject, body, html = template
        words = body.fill(values).strip("\n")
        markup = html.fill(values) if html is not None else as_markup([Passage(lines=(words,))])
        line = one_line(subject.fill(values))
        line = line if message.reference in line else f"{line} [{message.reference}]"
        return Rendered(subject=line, body=words, html=markup)

    def _template(self, name: str, language: Language, *, customer: bool) -> tuple[Compiled, Compiled, Compiled | None] | None:
        if name not in (CUSTOMER if customer else COLLEAGUE):
            return None
        code, own = language.code.casefold(), self.texts.language.casefold()
        return self._compiled.get(f"{name}.{code}") or (self._compiled.get(name) if code == own else None)

    # ------------------------------------------------------------ what stands around it

    def _laid_out(
        self, message: Message, language: Language, subject: str, found: list[Rendered], around: Mapping[str, str]
    ) -> Rendered:
        known = {**general_values(message, language), "subject": subject}
        first, last = greeting_of(message, language), tuple(closing_of(message, language, known))
        body, markup = "\n\n".join(one.body for one in found if one.body), "\n".join(one.html for one in found)
        plain = {**around, "greeting": as_text([first]), "body": body, "closing": as_text(last)}
        rich = {**around, "greeting": as_markup([first]), "body": markup, "closing": as_markup(last)}
        text_layout, html_layout = self._layouts
        whole = "\n\n".join(part for part in (plain["greeting"], body, plain["closing"]) if part)
        return Rendered(
            subject=subject,
            body=whole if text_layout is None else text_layout.fill(plain).strip("\n"),
            html=self._page(html_layout, rich, language, subject, message),
        )

    def _page(self, layout: Compiled | None, rich: Mapping[str, str], language: Language, subject: str, message: Message) -> str:
        if not self.texts.html or message.channel is not Channel.EMAIL:
            return ""
        if layout is None:
            whole = "\n".join(part for part in (rich["greeting"], rich["body"], rich["closing"]) if part)
            return as_html([], language=language.code, title=subject, inside=whole)
        # What has been made into HTML already is put into the page as it is; everything else is escaped there.
        marked = {name: Markup(value) if name in ("greeting", "body", "closing") else value for name, value in rich.items()}
        return layout.fill(marked)

    # ------------------------------------------------------------ loaded once

    @cached_property
    def _library(self) -> Library:
        texts = self.texts
        there = {key: texts.replace.get(key, _NOBODYS) for key in {**self.templates, **texts.replace}}
        return Library(own=texts.language, languages=texts.languages, replace=there, drafts=texts.drafts)

    @cached_property
    def _compiled(self) -> Mapping[str, tuple[Compiled, Compiled, Compiled | None]]:
        return {key.casefold(): _ready(text) for key, text in self.templates.items()}

    @cached_property
    def _layouts(self) -> tuple[Compiled | None, Compiled | None]:
        if self.layout is None:
            return None, None
        text, html = self.layout.body, self.layout.html
        return compiled(text, html=False) if text else None, compiled(html, html=True) if html else None

    def _faults(self) -> Iterator[str]:
        for key, text in self.templates.items():
            yield from self._text_faults(key, text)
        if self.layout is not None:
            yield from faults_of_source("layout: body", self.layout.body, _AROUND, html=False)
            yield from faults_of_source("layout: html", self.layout.html, _AROUND, html=True)
        there = dict.fromkeys(self.templates, _NOBODYS)
        yield from Library(own=self.texts.language, languages=self.texts.languages, replace=there).faults()

    def _text_faults(self, key: str, text: object) -> Iterator[str]:
        if not isinstance(text, JinjaText):
            yield f"{key}: is of type {type(text).__name__}. Give a JinjaText."
            return
        known = values_for(customer=key.partition(".")[0] in CUSTOMER)
        if not text.body.strip():
            yield f"{key}: body: is empty, so it says nothing"
        if not text.subject.strip() or len(text.subject.splitlines()) != 1:
            yield f"{key}: subject: is one line, and not empty"
        for name, html in (("subject", False), ("body", False), ("html", True)):
            yield from faults_of_source(f"{key}: {name}", getattr(text, name), known, html=html)


def _ready(text: JinjaText) -> tuple[Compiled, Compiled, Compiled | None]:
    html = compiled(text.html, html=True) if text.html else None
    return compiled(text.subject, html=False), compiled(text.body, html=False), html


def _read(folder: Path) -> tuple[dict[str, JinjaText], list[str]]:
    """Return the templates of a folder by their keys, and what cannot be read."""
    sources: dict[tuple[str, str], str] = {}
    faults = [] if folder.is_dir() else [f"{folder} is no folder"]
    for file in sorted(folder.glob("*.*")) if folder.is_dir() else ():
        if file.suffix in (".txt", ".html"):
            try:
                sources[file.name.removesuffix(file.suffix), file.suffix] = file.read_text("utf-8")
            except UnicodeDecodeError:
                faults.append(f"{file.name}: is not UTF-8")
    found = dict[str, JinjaText]()
    for key in dict.fromkeys(key for key, _ in sources):
        text = sources.get((key, ".txt"), "")
        subject, body = ("-", text) if key == LAYOUT else _parted(text)
        if subject is None:
            faults.append(f"{key}.txt: begins with a line that says: Subject: ...")
            continue
        found[key] = JinjaText(subject, body, sources.get((key, ".html"), ""))
    return found, faults


def _parted(text: str) -> tuple[str | None, str]:
    first, _, body = text.partition("\n")
    name, colon, subject = first.partition(":")
    return (subject.strip() if colon and name.strip().casefold() == "subject" else None), body.lstrip("\n")
