"""contact.way-back: every message has a way back that reaches the owner; no no-reply sender, nothing that cannot be answered."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.errors import BadDefinition, Strength
from recovery.core.messages import Message
from recovery.core.no_reply import no_reply_in
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Address, Channel, Word
from recovery.core.vocabulary.following_up import FollowUp
from recovery.core.vocabulary.keeping_in_touch import Inform, MakePromise
from recovery.core.vocabulary.ownership import AcceptHandover, MoveCase, OfferHandover, Person, Route
from recovery.templates import PlainTexts
from support import BO, MONDAY, PEOPLE, POLICY, ROUTED, Story, a_contact, acknowledged, at_stage, broken, by_mail, warned, why

LETTER = Word(via=frozenset({Channel.LETTER}), text="The part has come.")
BARE = evolve(POLICY, people=(), routes=())
POST = evolve(BO, addresses=(*BO.addresses, Address(channel=Channel.LETTER, value="Quay 7, Hamburg")))
MUTE = (Channel.EMAIL, Channel.LETTER)


def to_bo(story: Story, *commands: Inform | Acknowledge) -> Message:
    """Return what these commands say to the customer, as a letter too where the post is a machine's."""
    return next(out for out in story.do(*commands).messages if out.person is None and out.channel is Channel.LETTER)


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.FAX, Channel.WEB_FORM])
def test_what_cannot_simply_be_answered_needs_an_address(channel: Channel) -> None:
    """A letter from somebody of whom no address is known leaves the customer nowhere to turn, so it is refused."""
    word = Word(via=frozenset({channel, Channel.EMAIL}), text="The part has come.")
    for command in (Inform(by="ana", word=word), MakePromise(by="ana", what="the part", due_at=MONDAY.add(days=2), word=word)):
        assert broken(Story.begins(policy=BARE), command) == {("contact.way-back", "word.via")}


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.CHAT, Channel.SOCIAL, Channel.PHONE, Channel.IN_PERSON])
def test_what_can_be_answered_is_its_own_way_back(channel: Channel) -> None:
    """A mail is answered by answering it, and a person on the phone or at the counter is there to be asked."""
    word = Word(via=frozenset({channel}), text="The part has come.")
    story = Story.begins(policy=evolve(BARE, machine_channels=(Channel.EMAIL,)))
    assert not [reason for reason in why(story, Inform(by="ana", word=word)) if reason.rule == "contact.way-back"]


@pytest.mark.parametrize(
    "policy",
    [evolve(BARE, way_back="Quay 1, Berlin"), evolve(BARE, people=(Person(id="ana", addresses=PEOPLE[0].addresses),))],
    ids=["of the company", "of the owner"],
)
def test_an_address_of_the_owner_or_of_the_company_will_do(policy: Policy) -> None:
    """It is enough that one address is on file that reaches the owner."""
    Story.begins(policy=policy).do(Inform(by="ana", word=LETTER))


def test_just_answer_this_message_is_no_way_back_on_paper() -> None:
    """What the customer was told in a mail does not help them with a letter in their hands."""
    story = acknowledged(Story.begins(policy=BARE).deliver())
    assert broken(story, Inform(by="ana", word=LETTER)) == {("contact.way-back", "word.via")}
    given = Story.begins(policy=BARE).deliver()
    given.do(Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=1), reach="+49 30 1"))
    given.do(Inform(by="ana", word=LETTER))


@pytest.mark.parametrize("reach", ["no-reply@shop.example", "Shop <DoNotReply@shop.example>", "write to noreply+7@shop.example."])
def test_nobody_is_sent_to_an_address_that_nobody_reads(reach: str) -> None:
    """An address that says that nobody answers is no way back, however it is given."""
    acknowledge = Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=1), reach=reach)
    assert broken(Story.begins().deliver(), acknowledge) == {("contact.way-back", "reach")}
    story = at_stage(Stage.RESOLVED).wait(days=3)
    both = Word(via=frozenset({Channel.EMAIL, Channel.PHONE}), text="Does it work?")
    assert ("contact.way-back", "reach") in broken(story, FollowUp(by="ana", word=both, reach=reach))


def test_a_letter_that_was_sent_is_a_fact() -> None:
    """What has been posted cannot be refused any more."""
    story = Story.begins(policy=BARE).wait(minutes=5)
    assert "contact.way-back" not in warned(story.do(Inform(by="ana", word=evolve(LETTER, said_at=story.now))))


def test_a_policy_may_take_it_lightly() -> None:
    """The rule is not fixed: a policy that moves it to should warns."""
    lax = evolve(BARE, strengths={"contact.way-back": Strength.SHOULD}, machine_channels=MUTE)
    story = Story.begins(a_contact(sender=POST), policy=lax)
    assert "contact.way-back" in warned(story.do(Inform(by="ana", word=LETTER)))


# ---------------------------------------------------------------- it reaches the owner


@pytest.mark.parametrize("moved", [True, False])
def test_after_a_change_of_owner_the_way_back_leads_to_the_new_one(moved: bool) -> None:
    """The number that the old owner gave does not reach the new one, so it is not given any more."""
    story = Story.begins(policy=ROUTED).deliver()
    story.do(Acknowledge(by="ben", word=by_mail(), next_word_at=MONDAY.add(days=1), reach="+49 30 77 (Ben)"))
    story.deliver()
    if moved:
        story.do(MoveCase(by="cleo", to="ana", reason="Ben is ill."))
    else:
        story.do(OfferHandover(by="ben", to="ana", briefing="Nothing else."), AcceptHandover(by="ana"))
    assert story.told.acknowledging.reach == ""
    (out,) = [m for m in story.do(Inform(by="ana", word=by_mail())).messages if m.person is None]
    assert out.values["reach"] == "ana@desk.example"


def test_a_letter_says_at_its_head_how_to_reach_the_owner() -> None:
    """Whoever holds a letter in their hands finds the address in it, whatever the text is about."""
    policy = evolve(BARE, way_back="help@shop.example", machine_channels=MUTE)
    story = Story.begins(a_contact(sender=POST), policy=policy).deliver()
    letter = to_bo(story, Inform(by="ana", word=LETTER))
    assert "help@shop.example" in PlainTexts().render(letter).body


# ---------------------------------------------------------------- when the policy is built


def test_a_policy_whose_letters_could_not_be_answered_is_refused() -> None:
    """Where software writes letters, everybody who may own a case has an address, or the company has one for all."""
    with pytest.raises(BadDefinition) as caught:
        evolve(BARE, machine_channels=MUTE)
    assert caught.value.faults == (
        "way_back: is empty, so a message by letter would have no way back to ana (contact.way-back). Give an address that "
        "reaches them",
    )
    evolve(BARE, machine_channels=MUTE, way_back="help@shop.example")
    evolve(ROUTED, machine_channels=MUTE)
    dumb = (*PEOPLE, Person(id="dan"))
    with pytest.raises(BadDefinition, match="would have no way back to dan"):
        evolve(ROUTED, people=dumb, machine_channels=MUTE, routes=(Route(owner="ana", stand_ins=("dan",)),))


def test_a_policy_with_an_address_nobody_reads_is_refused() -> None:
    """Neither the company's way back nor a person's address may be one that nobody reads."""
    silent = Person(id="ana", addresses=(Address(channel=Channel.EMAIL, value="keine-antwort@shop.example"),))
    with pytest.raises(BadDefinition) as caught:
        evolve(BARE, way_back="No-Reply@shop.example", people=(silent,))
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["way_back", "people.ana"]
    assert all("is read by nobody" in fault for fault in caught.value.faults)


def test_a_policy_that_has_switched_it_off_is_not_held_to_it() -> None:
    """Whoever does without the rule does without its faults."""
    off = {"contact.way-back": Strength.OFF}
    assert evolve(BARE, machine_channels=MUTE, way_back="no-reply@shop.example", strengths=off).way_back


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("+49 30 1234", None),
        ("help@shop.example", None),
        ("reply@shop.example", None),
        ("noreen@shop.example", None),
        ("nobody@shop.example or +49 30 1", "nobody@shop.example"),
        ("Shop <no_reply@shop.example>", "no_reply@shop.example"),
        ("mailer-daemon@shop.example", "mailer-daemon@shop.example"),
    ],
)
def test_an_address_that_nobody_reads_is_known_by_its_name(text: str, found: str | None) -> None:
    """It is told by its name alone, and a name that only begins alike is somebody's."""
    assert no_reply_in(text) == found
