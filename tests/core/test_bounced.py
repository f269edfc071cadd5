"""Contacts that say what came back: what the case makes of them."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.errors import InvalidValue
from recovery.core.values import redact
from recovery.core.vocabulary.common import Customer
from recovery.core.vocabulary.receiving import Bounce, Contact, Delivery, DeliveryReported, Receive, TaskSet
from support import EMAIL, Story, a_contact


def bounced(story: Story, number: int = 1, **fields: object) -> Contact:
    """Return a contact by which something came back."""
    bounce = Bounce(**fields)  # type: ignore[arg-type]
    return a_contact(
        "It failed.", at=story.now, automatic=True, bounce=bounce, message_id=f"b{number}", sender=Customer(name="Daemon")
    )


def reported(story: Story) -> list[tuple[str, Delivery]]:
    """Return what has been reported of messages."""
    return [(e.event.message_id, e.event.delivery) for e in story.events if isinstance(e.event, DeliveryReported)]


def steps(story: Story) -> list[str | None]:
    """Return what the steps that were set are about."""
    return [e.event.about for e in story.events if isinstance(e.event, TaskSet)]


def test_only_a_machine_reports_a_bounce() -> None:
    """What a person says about a mail that came back is their own word, and is answered."""
    with pytest.raises(InvalidValue, match="automatic"):
        a_contact(bounce=Bounce(messages=("m",)))


def test_a_bounce_voids_the_messages_it_names() -> None:
    """Each message it names counts as not said, also one to a colleague, and each reader has to be reached another way."""
    story = Story.begins().deliver().wait(minutes=5)
    names = tuple(out.id for out in story.told.receiving.outgoing)
    assert len(names) == 2
    story.do(Receive(contact=bounced(story, messages=(*names, "elsewhere"), why="550")))
    assert reported(story)[2:] == [(name, Delivery.BOUNCED) for name in names]
    assert sorted(filter(None, steps(story))) == ["undelivered:ana", "undelivered:email"]


def test_a_bounce_that_names_an_address_is_about_the_last_mail_sent_there() -> None:
    """Capitals do not matter in an address; what was voided once is not voided again."""
    story = Story.begins().deliver().wait(minutes=5)
    mail = next(out for out in story.told.receiving.outgoing if out.person is None)
    for number in (1, 2):
        story.do(Receive(contact=bounced(story, number, addresses=(EMAIL.value.upper(),))))
    assert reported(story)[2:] == [(mail.id, Delivery.BOUNCED)]


def test_a_bounce_from_an_address_to_which_nothing_was_sent_is_looked_into() -> None:
    """The mail may still be on its way: nothing is void, and one step says that somebody has to find out."""
    story = Story.begins().wait(minutes=5)
    for number in (1, 2):
        story.do(Receive(contact=bounced(story, number, addresses=(EMAIL.value,))))
    assert reported(story) == []
    assert steps(story) == ["undelivered:unknown"]


@pytest.mark.parametrize("addresses", [(), ("someone@else.example",)])
def test_a_bounce_that_names_nothing_of_ours_is_looked_into(addresses: tuple[str, ...]) -> None:
    """Neither a message nor the address of the customer: a step, and nothing is void."""
    story = Story.begins().deliver().wait(minutes=5)
    before = len(reported(story))
    story.do(Receive(contact=bounced(story, addresses=addresses)))
    assert len(reported(story)) == before
    assert steps(story) == ["undelivered:unknown"]


def test_a_customer_without_an_address_has_nothing_that_could_bounce() -> None:
    """A bounce on the case of a customer whom no mail reaches is looked into."""
    story = Story.begins(a_contact(sender=Customer(name="Bo")))
    story.do(Receive(contact=bounced(story, addresses=(EMAIL.value,))))
    assert "undelivered:unknown" in steps(story)


def test_the_key_of_a_contact_is_what_it_was() -> None:
    """What is set apart makes another contact only where something is: contacts that know nothing of it keep their keys."""
    plain = a_contact("Dark.")
    assert plain.key == "sha256:37a1baa1ff8498c38c4482865457b480d4ad0fc93287d70522c2643535a187bb"
    assert evolve(plain, quoted="You said.").key != plain.key
    assert evolve(plain, quoted="x").key != evolve(plain, signature="x").key
    assert evolve(plain, message_id="m", quoted="You said.").key == evolve(plain, message_id="m").key


def test_what_is_set_apart_is_personal() -> None:
    """Erasing takes the quotation, the signature and the addresses that failed."""
    contact = redact(
        a_contact(quoted="q", signature="s", automatic=True, bounce=Bounce(addresses=("a@b",), why="w", messages=("m",)))
    )
    assert contact.bounce is not None
    assert {contact.quoted, contact.signature, *contact.bounce.addresses, contact.bounce.why} == {"(erased)"}
    assert contact.bounce.messages == ("m",)
