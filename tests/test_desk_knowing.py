"""What a desk knows of a customer: earlier cases and likely twins are found by itself, and a merge comes apart again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from recovery import (
    Address,
    CaseWords,
    Channel,
    Close,
    CloseReason,
    ConsultHistory,
    Contact,
    Customer,
    UndoMerge,
    likely_twins,
)
from recovery.core.repeats import normal_words, same_words
from recovery.intake import alike
from recovery.testing import MemoryDesk, a_desk

BO = Customer(name="Bo", id="4711", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))
WORDS = "The display of my boat went dark on Saturday, and nobody answers the phone."
NARRATIVES = Path(__file__).parent.parent / "examples" / "data" / "narratives.csv"


def opened(desk: MemoryDesk, text: str = WORDS, sender: Customer = BO, **fields: object) -> str:
    """Open a case of its own on the desk, an hour later than the one before, and return its id."""
    desk.now.move(hours=1)
    contact = Contact(channel=Channel.EMAIL, sender=sender, text=text, received_at=desk.now(), **fields)  # type: ignore[arg-type]
    return desk.open(contact).case.id


def test_earlier_cases_are_found_by_number_and_by_address() -> None:
    """Who writes from another address is known by the number, who gives no number by the address; a stranger has none."""
    desk = a_desk()
    first = opened(desk)
    moved = Customer(name="Bo", id="4711", addresses=(Address(channel=Channel.EMAIL, value="bo@new.example"),))
    second = opened(desk, "The pump drips.", moved)
    third = opened(desk, "The sail is torn.", Customer(addresses=(Address(channel=Channel.EMAIL, value="BO@boat.example"),)))
    stranger = opened(desk, sender=Customer(addresses=(Address(channel=Channel.EMAIL, value="jo@boat.example"),)))
    assert desk.earlier(first) == ()
    assert [one.case_id for one in desk.earlier(second) or ()] == [first]
    assert [one.case_id for one in desk.earlier(third) or ()] == [first]
    assert desk.earlier(stranger) == ()


def test_a_customer_whom_nothing_finds_is_unknown() -> None:
    """A letter that is only signed leaves open whether there are earlier cases, and that is not the same as none."""
    desk = a_desk()
    letter = opened(desk, sender=Customer(name="Bo"))
    assert desk.earlier(letter) is None
    assert [reason.rule for reason in desk.permitted(letter)["propose"]] != []


def test_a_second_failure_is_seen_when_it_comes_in() -> None:
    """The case keeps which cases came before, warns, and raises its priority without anybody asking."""
    desk = a_desk()
    first = opened(desk, category="displays")
    second = desk.load(opened(desk, "It is dark again.", category="displays"))
    assert [one.case_id for one in second.repeats_of_kind] == [first]
    assert second.priority.value == "urgent"
    assert {step.priority for step in desk.agenda(case_id=second.id)} == {second.priority}


def test_the_same_problem_told_twice_is_suggested_and_never_merged_by_itself() -> None:
    """A second form with the same words is a case of its own that names its twin, to the owner as well; a person decides."""
    desk = a_desk()
    first = opened(desk)
    second = opened(desk, "the DISPLAY of my boat went dark on saturday - and nobody answers the phone")
    (twin,) = desk.twins(second)
    assert (twin.case_id, twin.likeness) == (first, 100)
    assert desk.load(second).receiving.twins == (twin,)
    assert [one.case_id for one in desk.twins(first)] == [second]
    desk.deliver()
    assert any(f"same problem as {twin.reference}" in sent.body for sent in desk.notifier.sent if sent.case_id == second)
    assert not desk.load(first).ended
    assert opened(desk, "The pump drips.") not in {one.case_id for one in desk.twins(first)}


def test_a_merge_comes_apart_again_with_everything_that_was_owed() -> None:
    """Replies reach the survivor while they are one, each its own case afterwards; the timelines hold both and then one."""
    desk = a_desk()
    first, second = opened(desk), opened(desk)
    desk.handle(second, Close(by="ben", reason=CloseReason.DUPLICATE, survivor=first))
    reference = desk.load(second).reference
    desk.now.move(hours=1)
    reply = Contact(channel=Channel.EMAIL, sender=BO, text="Any news?", received_at=desk.now(), reference=reference)
    assert desk.receive(reply).case.id == first
    assert {entry.case_id for entry in desk.timeline(first)} == {first, second}
    outcome = desk.handle(second, UndoMerge(by="ben", reason="It is another boat."))
    assert [case.id for case in outcome.opened] == [first]
    assert {entry.case_id for entry in desk.timeline(first)} == {first}
    assert "contact.answer-owed" in {step.rule for step in desk.agenda(case_id=second)}
    again = Contact(channel=Channel.EMAIL, sender=BO, text="And now?", received_at=desk.now(), reference=reference)
    assert desk.receive(again).case.id == second
    assert desk.doctor() == ()


def test_a_chain_of_merges_is_one_thread() -> None:
    """What was merged into a case that was merged in turn is in the history of the last one, and a circle is refused."""
    desk = a_desk()
    first, second, third = opened(desk), opened(desk, "Part two."), opened(desk, "Part three.")
    desk.handle(first, Close(by="ben", reason=CloseReason.DUPLICATE, survivor=second))
    desk.handle(second, Close(by="ben", reason=CloseReason.DUPLICATE, survivor=third))
    assert {entry.case_id for entry in desk.timeline(third)} == {first, second, third}
    circle = Close(by="ben", reason=CloseReason.DUPLICATE, survivor=first)
    assert [reason.rule for reason in desk.why_not(third, circle)] == ["case.one-thread"]
    desk.handle(first, UndoMerge(by="ben", reason="It is another boat."))
    assert {entry.case_id for entry in desk.timeline(third)} == {second, third}


def test_an_earlier_case_is_looked_at_by_its_reference_too() -> None:
    """Whoever reads a reference on the screen says that one; the case then knows which it was."""
    desk = a_desk()
    first, second = opened(desk), opened(desk, "The pump drips.")
    desk.handle(second, ConsultHistory(by="ben", cases=(desk.load(first).reference.lower(),)))
    assert desk.load(second).ownership.consulted == (first,)


# ---------------------------------------------------------------- likeness


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It broke!", "it  BROKE", 1.0),
        ("It broke.", "It broke again.", 0.0),
        ("", "", 0.0),
        ("...", "!!!", 0.0),
        ("ﬁne", "fine", 1.0),
    ],
)
def test_the_same_words_are_the_same_text(one: str, other: str, same: float) -> None:
    """Case, punctuation, white space and ligatures make no difference; no words at all are like nothing."""
    assert same_words(one, other) == same


@pytest.mark.parametrize("at_least", [-0.1, 1.1])
def test_a_likeness_lies_between_nothing_and_all(at_least: float) -> None:
    """Any other threshold is an error that says so."""
    with pytest.raises(ValueError, match="not between 0 and 1"):
        likely_twins(["It broke."], [], at_least=at_least)


def test_the_most_alike_comes_first() -> None:
    """Of several twins the likeliest leads; what is less alike than wanted is left out."""
    desk = a_desk()
    cases = [desk.load(opened(desk, text)) for text in ("It broke.", "It broke on Sunday.", "Something else entirely.")]
    told = [
        CaseWords(case=case, words=(text,)) for case, text in zip(cases, ("It broke.", "It broke on Sunday.", "x"), strict=True)
    ]
    found = likely_twins(["It broke on Sunday"], told, likeness=alike(), at_least=0.5)
    assert [twin.case_id for twin in found] == [cases[1].id, cases[0].id]
    assert found[0].likeness == 100


def test_near_copies_among_real_complaints_are_found_and_few_others() -> None:
    """Among 500 real complaints every pair of the same words is alike, and no pair is that is neither a copy nor a near copy."""
    with NARRATIVES.open(encoding="utf-8") as file:
        words = [row["words"] for row in csv.DictReader(file)][:120]
    measure, normal = alike(), [normal_words(text) for text in words]
    likenesses = {(i, j): measure(words[i], words[j]) for i in range(len(words)) for j in range(i)}
    copies = {pair for pair in likenesses if normal[pair[0]] == normal[pair[1]]}
    assert all(likenesses[pair] == 1.0 for pair in copies)
    assert not [pair for pair, likeness in likenesses.items() if 0.75 < likeness < 0.85]
