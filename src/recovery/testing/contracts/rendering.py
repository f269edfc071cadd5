"""The contract of ``Renderer``: every message is put into words, always the same ones, and what a person wrote stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from html.parser import HTMLParser
from typing import TypeVar, cast

import attrs
from attrs import frozen

from recovery.core.errors import BadDefinition
from recovery.core.messages import Message, Saying
from recovery.core.vocabulary.common import Address, Channel
from recovery.ports.renderer import Rendered, Renderer
from recovery.templates.english import COLLEAGUE, CUSTOMER, VALUES
from recovery.testing.contracts.checking import Check, Duties, Report, examine, expect, opened, refused, require, same
from recovery.testing.contracts.samples import NASTY, NOW

__all__ = ["check_renderer", "renderer_checks"]

R = TypeVar("R", bound=Renderer)
Made = Callable[[], "R | AbstractContextManager[R]"]

WORDS = f"Dear Ann,\n\n  I am sorry: $reference, ${{name}}, {{braces}}, 100 % <b>&amp;</b> {{{{ twice }}}}.\n{NASTY}\n\nYours, Ana"
_INSTANTS = ("by_date", "deliver_by")


@frozen(kw_only=True)
class _Bench:
    make: Callable[[], Renderer | AbstractContextManager[Renderer]]
    broken: tuple[Callable[[], object], ...] = ()

    @contextmanager
    def fresh(self) -> Generator[Renderer, None, None]:
        with opened(self.make()) as renderer:
            yield renderer


renderers = Duties[_Bench](Renderer)


def message(*templates: str, person: str | None = None, text: str = "", empty: bool = False) -> Message:
    """Return a message that says ``templates``, with all the values a text may name, or with none of them."""
    values = {} if empty else {name: _value(name) for name in (*VALUES, *_INSTANTS) if name != "text"}
    return Message(
        id="case-7:9:email",
        case_id="case-7",
        reference="K7M3-9QTG",
        seq=9,
        channel=Channel.EMAIL,
        to=Address(channel=Channel.EMAIL, value="ann@example.org"),
        person=person,
        sayings=tuple(Saying(template=template, values=values, text=text) for template in templates),
        values={"reference": "K7M3-9QTG", "owner_name": "Ana Sola", "desk_timezone": "Europe/Berlin"} if empty else values,
        at=NOW,
    )


MARKUP = 'a"><x-written y="\'>b</x-written>&lt;'
"""What would be an element, and end an attribute, if it were put into HTML as it is."""


class _Tags(HTMLParser):
    """Reads HTML as a mail program does, and keeps the names of its elements and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs)}


def _rendered(renderer: Renderer, message: Message) -> Rendered:
    """Return the words of a message. Raises :class:`ContractBroken` where the renderer returns neither form of them."""
    found = cast(object, renderer.render(message))
    if isinstance(found, tuple) and len(cast("tuple[object, ...]", found)) == 2:
        subject, body = cast("tuple[str, str]", found)
        return Rendered(subject=subject, body=body)
    expect(isinstance(found, Rendered), f"render({message.sayings[0].template!r}) returned {found!r}: give a Rendered or two texts")
    return cast(Rendered, found)


def _value(name: str) -> str:
    if name.endswith("_at") or name in _INSTANTS:
        return NOW.isoformat()
    return {"reference": "K7M3-9QTG", "timezone": "Europe/Berlin"}.get(name, f"two lines\nof {name}")


def every_message() -> Iterator[Message]:
    """Yield a message for every template of the library, with all values and with none, and with a template nobody wrote."""
    for empty in (False, True):
        for template in (*CUSTOMER, "a_template_nobody_wrote"):
            yield message(template, text=WORDS, empty=empty)
        for template in (*COLLEAGUE, "a_template_nobody_wrote"):
            yield message(template, person="ana", empty=empty)


@renderers("", 1, "Use nothing but the message: no clock, no counter, no zone of the process, no memory of what was said before.")
def the_same_message_gives_the_same_words(bench: _Bench) -> None:
    """A message rendered again, after others, and by another renderer, gives the same words, and is itself left as it was."""
    with bench.fresh() as renderer, bench.fresh() as another:
        told = list(every_message())
        first = [_rendered(renderer, each) for each in told]
        same([_rendered(renderer, each) for each in reversed(told)][::-1], first, "what was rendered the second time")
        same([_rendered(another, each) for each in told], first, "what another renderer has rendered")
        same(told, list(every_message()), "the messages after they were rendered")


@renderers("", 2, "Read all templates when they are loaded, and raise BadDefinition that lists what is wrong.", needs=("broken",))
def what_cannot_work_is_refused_when_it_is_loaded(bench: _Bench) -> None:
    """A template that cannot work is refused with what is wrong, before any customer waits for it."""
    for number, make in enumerate(bench.broken):
        error = refused(BadDefinition, make, f"the renderer with broken templates number {number}")
        expect(bool(error.faults), "the error lists no fault")


@renderers("", 3, "Put the words of a person in as they are: no templates inside them, no escaping, no trimming, no wrapping.")
def what_a_person_wrote_appears_unchanged(bench: _Bench) -> None:
    """The words of a person stand in the body, every character of them, whatever they look like."""
    with bench.fresh() as renderer:
        for template in sorted(name for name, text in CUSTOMER.items() if any("$text" in line for line in text.lines)):
            body = _rendered(renderer, message(template, text=WORDS)).body
            expect(WORDS in body, f"the words of a person are not in the body of {template!r}, which is {body[:200]!r} ...")


@renderers("", 3, "Escape whatever you put into HTML: the words of a person, and every value.")
def what_anybody_wrote_is_no_markup(bench: _Bench) -> None:
    """Nothing that a person wrote, and no value, becomes an element or an attribute of the HTML."""
    with bench.fresh() as renderer:
        for each in every_message():
            values = dict.fromkeys((name for name in VALUES if not name.endswith("_at")), MARKUP)
            sayings = (attrs.evolve(each.sayings[0], values={**each.sayings[0].values, **values}, text=MARKUP),)
            tricky = attrs.evolve(each, sayings=sayings, values={**each.values, **values})
            reader = _Tags()
            reader.feed(_rendered(renderer, tricky).html)
            what = f"what was written becomes markup in the HTML of {each.sayings[0].template!r}"
            expect("x-written" not in reader.found, what)


@renderers("", 4, "Have a text for what you do not know; recovery.templates.PlainTexts has one for every message.")
def every_message_is_put_into_words(bench: _Bench) -> None:
    """Each message of the library, with whatever values, becomes a subject and a body."""
    with bench.fresh() as renderer:
        for each in every_message():
            found = _rendered(renderer, each)
            what = f"render({each.sayings[0].template!r}) returned {found!r}"
            texts = (found.subject, found.body, found.html)
            expect(all(isinstance(cast(object, text), str) for text in texts), f"{what}, and should return texts")
            expect(bool(found.subject.strip() and found.body.strip()), f"{what}: the subject or the body is empty")


@renderers("", 4, "Say everything that a message holds, one after the other.")
def a_message_says_all_it_holds(bench: _Bench) -> None:
    """A message that says two things says both."""
    with bench.fresh() as renderer:
        both = message("customer_informed", "question_asked")
        words = tuple(attrs.evolve(saying, text=f"Word number {number}.") for number, saying in enumerate(both.sayings))
        body = _rendered(renderer, attrs.evolve(both, sayings=words)).body
        same([saying.text for saying in words if saying.text not in body], [], "what is missing from the body")


@renderers("render", 1, "Join the words of a subject with single spaces.")
def the_subject_is_on_one_line(bench: _Bench) -> None:
    """No value, wherever it comes from, breaks a subject into two lines: a mail server would take the second for a header."""
    with bench.fresh() as renderer:
        for each in every_message():
            tricky = attrs.evolve(each, values={**each.values, "reference": "K7M3\r\nBcc: eve@example.org", "what": "a\nb"})
            for one in (each, tricky):
                subject = _rendered(renderer, one).subject
                expect(len(subject.splitlines()) == 1, f"the subject of {one.sayings[0].template!r} is {subject!r}")


def check_renderer(make: Made[R], *, broken: Sequence[Callable[[], object]] = ()) -> Report:
    """Hold a renderer against its port.

    ``broken`` are makers that load a template that cannot work: each has to raise :class:`~recovery.core.errors.BadDefinition`.
    Raises :class:`ContractBroken` where an obligation is not kept.
    """
    bench = _Bench(make=make, broken=tuple(broken))
    return require(examine(renderers.checks(bench), what="Renderer", left_out=renderers.left_out(bench)))


def renderer_checks(make: Made[R], *, broken: Sequence[Callable[[], object]] = ()) -> tuple[Check, ...]:
    """Return the checks that :func:`check_renderer` makes, one by one."""
    return renderers.checks(_Bench(make=make, broken=tuple(broken)))
