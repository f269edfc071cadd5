"""What a customer can read: nothing internal, whatever happens on the case and whatever a template would like to name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import attrs
import pytest
from attrs import field, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pendulum import DateTime

from recovery.core.decide import Decision, decide
from recovery.core.errors import BadDefinition, Refused
from recovery.core.messages import READABLE, Message, public_values
from recovery.core.practice import HANDLERS
from recovery.core.stages import Stage
from recovery.core.values import later, public_fields
from recovery.core.vocabulary.common import Command, Event
from recovery.core.vocabulary.keeping_in_touch import Ask, MakePromise
from recovery.core.vocabulary.proposing import Option, Propose, Proposed
from recovery.core.vocabulary.receiving import SetTask
from recovery.core.vocabulary.resolving import CaseResolved, Resolve
from recovery.templates import PlainTexts, Text
from recovery.templates.english import CUSTOMER
from strategies import batches, contexts, waits
from support import MONDAY, POLICY, Story, at_stage, by_mail

SECRET = "between ourselves"
"""What stands in every internal text of a walk."""

FROM_THE_CUSTOMER = ("contact", "customer", "issue")
"""Fields that hold the customer's own words, or the problem as the customer knows it."""


def _whisper(value: object) -> object:
    """Return a command with :data:`SECRET` in every text of it that is not marked public; the customer's own words stay."""
    if isinstance(value, dict):
        return dict.fromkeys(cast("dict[str, str]", value), SECRET)
    if isinstance(value, tuple):
        return tuple(_whisper(member) for member in cast("tuple[object, ...]", value))
    if not attrs.has(type(value)):
        return value
    return attrs.evolve(cast(Any, value), **dict(_whispered(value)))


def _whispered(value: object) -> Iterator[tuple[str, object]]:
    for f in attrs.fields(cast("type[attrs.AttrsInstance]", type(value))):
        held = getattr(value, f.name)
        if f.name in FROM_THE_CUSTOMER or isinstance(held, frozenset):
            continue
        if not isinstance(held, str):
            yield f.name, _whisper(held)
        elif held and f.metadata.get("personal") and not f.metadata.get("public"):
            yield f.name, SECRET


def _told(messages: tuple[Message, ...]) -> Iterator[str]:
    """Yield all that customers would read, and all that a template of theirs could name."""
    for message in messages:
        if message.person is None:
            rendered = PlainTexts().render(message)
            yield from (rendered.subject, rendered.body, rendered.html)
            yield from message.values.values()
            yield from (text for saying in message.sayings for text in (*saying.values.values(), saying.text))


@settings(suppress_health_check=(HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow))
@given(data=st.data())
def test_no_internal_text_reaches_a_customer(data: st.DataObject) -> None:
    """Whatever people write into internal fields, on a random walk of a case none of it is in any message to the customer."""
    told = at_stage(data.draw(st.sampled_from(tuple(Stage))))
    case, now = told.told, told.now
    for number in range(data.draw(st.integers(1, 8))):
        now = later(now, data.draw(waits))
        tried = cast("tuple[Command, ...]", _whisper(data.draw(batches(case, now))))
        try:
            decision = decide(case, *tried, policy=POLICY, now=now, context=data.draw(contexts(number)))
        except Refused:
            continue
        case = decision.case
        assert not [text for text in _told(decision.messages) if SECRET in text]


def test_a_walk_whispers_where_it_should() -> None:
    """The internal texts of a command are replaced, and what the customer is to read stays as it was."""
    task = _whisper(SetTask(by="ana", what="order the part"))
    offer = _whisper(Propose(by="ana", word=by_mail("Look."), options=(Option(id="a", text="A new one."),), override={"x": "y"}))
    assert task == SetTask(by="ana", what=SECRET)
    assert offer == Propose(by="ana", word=by_mail("Look."), options=(Option(id="a", text="A new one."),), override={"x": SECRET})


@frozen(kw_only=True)
class Confided(Event):
    """Something for the customer with something internal beside it, as a host might define one."""

    said: str = field(default="for the customer", metadata={"public": True})
    cause: str = "the supplier's bad batch"
    due_at: DateTime = field(default=MONDAY, metadata={"public": True})


def test_a_field_that_does_not_say_so_is_internal() -> None:
    """Only what is marked public becomes a value of a customer's message; a new field is internal until somebody marks it."""
    assert public_values(Confided(at=MONDAY, by="ana")) == {
        "said": "for the customer",
        "due_at": MONDAY.isoformat(),
    }


def test_values_for_customers_are_told_as_plain_text() -> None:
    """Options are listed, an instant is its text, and who said it and how is nobody's business."""
    offer = Proposed(at=MONDAY, by="ana", word=by_mail("Look."), options=(Option(id="a", text="A."), Option(id="b", text="B.")))
    told = {"options": "- A.\n- B.", "explanation": "", "counter_answer": "", "guideline": ""}
    assert public_values(offer) == told


def _chased(story: Story) -> list[Message]:
    """Wake the case until the customer is written to, and return what is written."""
    for _ in range(20):
        decision = story.wake()
        if found := [message for message in decision.messages if message.person is None]:
            return found
        assert decision.wake_at is not None
        story.now = decision.wake_at
    raise AssertionError("the customer was not chased")


def test_a_chase_brings_nothing_of_the_clock_along() -> None:
    """The clock's rule, its key and the words of the step are for colleagues; the customer reads the question and the date."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Ask(by="ana", word=by_mail(), question="Which engine?"))
    (chase,) = _chased(story.deliver())
    assert set(chase.sayings[0].values) == {"question", "due_at"}
    assert not {"owner", "person"} & set(chase.values)


def test_a_colleague_is_told_of_the_step() -> None:
    """What a customer's message leaves behind, a colleague's keeps: which rule, and what is to be done."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(MakePromise(by="ana", what="We call you.", due_at=story.now.add(hours=6)))
    decision: Decision = story.wait(hours=6).wake()
    told = [s for m in decision.messages if m.person for s in m.sayings if s.values.get("rule") == "promise.tracked"]
    assert {saying.values["what"].rpartition(": ")[2] for saying in told} == {"We call you."}


@pytest.mark.parametrize("name", ["what", "rule", "briefing", "owner", "reason"])
def test_a_text_for_customers_cannot_name_what_is_internal(name: str) -> None:
    """A template of a customer's message that names an internal value is refused when it is loaded, with the name."""
    with pytest.raises(BadDefinition, match=rf"chase: customers do not read the internal value \${name}"):
        PlainTexts(replace={"chase": Text("A question", (f"About ${name}.",))})
    assert "escalation" in PlainTexts(replace={"escalation": Text("Overdue", (f"About ${name}.",))}).replace


@pytest.mark.parametrize("name", [*sorted(READABLE - {"by_date", "deliver_by"}), "by_date_at", "deliver_by_at"])
def test_a_text_for_customers_may_name_what_they_can_read(name: str) -> None:
    """Every value on the white list may stand in a customer's text."""
    assert "chase" in PlainTexts(replace={"chase": Text("A question", (f"About ${name}.",))}).replace


def test_the_built_in_texts_keep_to_the_white_list() -> None:
    """The texts that come with the library name nothing internal to a customer."""
    assert PlainTexts(replace=dict(CUSTOMER)).replace == CUSTOMER


def _speakers() -> list[type[Command]]:
    return [kind for kind in HANDLERS if "word" in {f.name for f in attrs.fields(kind)}]


@pytest.mark.parametrize("kind", _speakers(), ids=lambda kind: kind.__name__)
def test_what_a_command_says_to_the_customer_is_marked(kind: type[Command]) -> None:
    """A command that speaks marks its word as public, so that its words are checked and can be told."""
    assert "word" in public_fields(kind)


@pytest.mark.parametrize(("command", "event"), [(Propose, Proposed), (Resolve, CaseResolved)])
def test_command_and_event_agree_on_what_is_public(command: type[Command], event: type[Event]) -> None:
    """What a command tells the customer, its event tells too, and nothing more but the public text of a guideline it cites."""
    assert set(public_fields(command)) == set(public_fields(event)) - {"guideline"}
