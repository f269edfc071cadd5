"""Where a contact belongs: the same message is a repeat, a reference, thread or ticket joins, the sender alone opens."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from recovery.core.case import Case
from recovery.core.decide import decide
from recovery.core.fold import fold
from recovery.core.place import Lookup, Place, Placement, Unreadable, lookups_changed, lookups_for, lookups_of, place
from recovery.core.rule import Context
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Channel, Recorded
from recovery.core.vocabulary.receiving import Contact, OpenCase
from strategies import histories
from support import BO, EMAIL, MONDAY, Story, a_contact, acknowledged


def case(number: int = 1, **fields: Any) -> Case:
    """Return the case with this number, opened by a contact with ``fields``."""
    told: dict[str, Any] = {"message_id": f"<{number}@x>", "ticket": f"T-{number}"} | fields
    story = Story()
    story.do(OpenCase(case_id=f"case-{number}", reference=f"R{number}", contact=a_contact(f"Problem {number}.", **told)))
    return story.told


def merged(duplicate: Case, survivor: Case) -> Case:
    """Return ``duplicate`` after it was merged into ``survivor``."""
    story = Story(case=duplicate)
    story.events = []
    story.context = Context(survivor=survivor)
    close = Close(by="ana", reason=CloseReason.DUPLICATE, survivor=survivor.id)
    return decide_only(story, close)


def decide_only(story: Story, command: Close) -> Case:
    """Return the case after ``command``, for a story that was not told from its beginning."""
    return decide(story.case, command, policy=story.policy, now=story.now, context=story.context).case


NEW = Contact(channel=Channel.EMAIL, sender=BO, text="And another thing.", received_at=MONDAY.add(days=1))


def test_the_same_message_is_a_repeat() -> None:
    """A message with the same channel and id, or without one the same sender, words and instant, is a repeat."""
    known = case()
    assert place(evolve(NEW, message_id="<1@x>"), [known]) == Placement(place=Place.REPEAT, case_id="case-1", because="contact")
    bare = case(message_id=None)
    again = a_contact("Problem 1.", ticket="T-1")
    assert place(again, [bare]).place is Place.REPEAT


def unreadable(number: int, *lookups: Lookup) -> Unreadable:
    """Return a case that cannot be read and is found by ``lookups``."""
    return Unreadable(case_id=f"case-{number}", lookups=frozenset(lookups), why="What is stored cannot be read.")


def test_the_same_message_is_a_repeat_where_its_case_cannot_be_read() -> None:
    """It is kept there, so it opens no second case and joins no other."""
    lost = unreadable(2, Lookup("contact", "email:<2@x>"))
    again = evolve(NEW, message_id="<2@x>", replies_to=("<1@x>",))
    assert place(again, [case()], [lost]) == Placement(place=Place.REPEAT, case_id="case-2", because="contact")


def test_whatever_names_a_case_that_cannot_be_read_opens_one_that_is_linked_with_it() -> None:
    """Each such case is named once, the strongest first; the sender alone names none."""
    told = evolve(NEW, reference="R2", ticket="T-3", replies_to=("<2@x>",))
    second, third = unreadable(2, Lookup("reference", "r2"), Lookup("thread", "<2@x>")), unreadable(3, Lookup("ticket", "T-3"))
    assert place(told, [], [third, second]) == Placement(place=Place.OPEN, links=("case-2", "case-3"))
    assert place(NEW, [], [unreadable(2, Lookup("address", EMAIL.value))]) == Placement(place=Place.OPEN)


def test_a_case_that_can_be_read_is_joined_before_one_is_opened() -> None:
    """Also where a weaker sign names it than the one that names the case nobody can read."""
    told = evolve(NEW, reference="R2", ticket="T-1")
    assert place(told, [case()], [unreadable(2, Lookup("reference", "r2"))]).case_id == "case-1"


def test_the_same_id_on_another_channel_is_another_message() -> None:
    """Message ids are the channel's own."""
    chat = evolve(NEW, message_id="<1@x>", channel=Channel.CHAT)
    assert place(chat, [case()]).place is Place.OPEN


@pytest.mark.parametrize("reference", ["R1", "r1", "  r1 "])
def test_a_reference_joins_however_it_is_typed(reference: str) -> None:
    """A reference joins its case, whatever its letters' case and the space around it."""
    told = place(evolve(NEW, reference=reference), [case(), case(2)])
    assert told == Placement(place=Place.JOIN, case_id="case-1", because="reference")


def test_a_reply_joins_the_thread() -> None:
    """A reply to the customer's own message, or to one of ours, joins the case."""
    known = acknowledged(Story.begins().deliver()).told
    ours = next(out.id for out in known.receiving.outgoing if out.person is None)
    assert place(evolve(NEW, replies_to=("<1@x>",)), [case()]).because == "thread"
    assert place(evolve(NEW, replies_to=("<else@x>", ours)), [known]).case_id == "case-1"


def test_a_reply_to_a_colleagues_note_joins_nothing() -> None:
    """What we wrote to each other is no thread of the customer."""
    known = Story.begins().told
    inner = next(out.id for out in known.receiving.outgoing if out.person is not None)
    assert place(evolve(NEW, replies_to=(inner,)), [known]).place is Place.OPEN


def test_a_ticket_of_the_host_joins() -> None:
    """The host's own ticket number joins the case it belongs to."""
    assert place(evolve(NEW, ticket="T-1"), [case()]).because == "ticket"


def test_the_reference_goes_first() -> None:
    """Where reference and thread disagree the reference wins, because a person wrote it."""
    torn = evolve(NEW, reference="R2", replies_to=("<1@x>",), ticket="T-1")
    assert place(torn, [case(), case(2)]).case_id == "case-2"


def test_the_same_sender_alone_opens_a_case() -> None:
    """A customer with a case who writes about something else gets a case of their own."""
    assert place(NEW, [case()]) == Placement(place=Place.OPEN)
    assert place(NEW, []) == Placement(place=Place.OPEN)


def test_an_unknown_reference_opens_a_case() -> None:
    """A reference nobody knows is no reason to drop a contact."""
    assert place(evolve(NEW, reference="R404", replies_to=("<404@x>",), ticket="T-404"), [case()]).place is Place.OPEN


def test_a_reply_to_a_merged_case_reaches_the_survivor() -> None:
    """A reply to a duplicate joins the case that lives on, through every merge in between."""
    last = case(3)
    middle = merged(case(2), last)
    first = merged(case(1), case(2))
    assert place(evolve(NEW, reference="R1"), [first, middle, last]).case_id == "case-3"
    assert place(evolve(NEW, reference="R1"), [first]).case_id == "case-1"


def test_a_circle_of_merges_does_not_hang() -> None:
    """Even histories that form a circle, which no decision makes, place a contact."""
    one, two = merged(case(1), case(2)), merged(case(2), case(1))
    assert place(evolve(NEW, reference="R1"), [one, two]).place is Place.JOIN


def test_a_case_can_be_found_by_all_it_is_known_by() -> None:
    """A case is found by reference, messages, threads, tickets, the customer's number and every address."""
    known = case(sender=evolve(BO, id="c-9"))
    kinds = {lookup.kind for lookup in lookups_of(known)}
    assert kinds == {"reference", "contact", "thread", "ticket", "customer", "address"}
    assert Lookup("customer", "c-9") in lookups_of(known)
    assert Lookup("address", EMAIL.value) in lookups_of(known)


def test_the_strongest_lookup_goes_first() -> None:
    """A contact is looked up by itself, then by reference, thread and ticket; by its sender never."""
    full = evolve(NEW, message_id="<9@x>", reference="R1", replies_to=("<1@x>",), ticket="T-1")
    assert [lookup.kind for lookup in lookups_for(full)] == ["contact", "reference", "thread", "ticket"]
    assert [lookup.kind for lookup in lookups_for(NEW)] == ["contact"]


@given(histories())
def test_what_has_changed_in_finding_a_case_is_told_for_every_two_of_its_states(history: tuple[Recorded, ...]) -> None:
    """A store writes what is told to have changed, and a case must be found by just what it can be found by."""
    states = [fold(history[:length]) for length in range(1, len(history) + 1)]
    for before, after in [*pairwise(states), (states[0], states[-1]), (states[-1], states[0])]:
        old, now = lookups_of(before), lookups_of(after)
        assert lookups_changed(before, after) == (old - now, now - old)


def test_a_message_of_ours_that_came_back_to_us_is_not_found_anew() -> None:
    """What a customer's program sent back under our own id finds the case already, so nothing is to be written."""
    opened = case().receiving
    ours = next(out.id for out in opened.outgoing if out.person is None)
    back = evolve(opened, contacts=(*opened.contacts, evolve(opened.contacts[0], message_id=ours)))
    before, after = evolve(case(), receiving=evolve(back, outgoing=())), evolve(case(), receiving=back)
    assert Lookup("thread", ours) in lookups_of(before)
    assert lookups_changed(before, after) == (frozenset(), lookups_of(after) - lookups_of(before))
    assert lookups_changed(after, before) == (lookups_of(after) - lookups_of(before), frozenset())
