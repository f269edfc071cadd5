"""Drafts: what a person might say next, in the customer's language, with what the case knows, and never without words."""

from __future__ import annotations

from string import Template

import attrs
import pytest

from recovery import (
    Acknowledge,
    Ask,
    AskLostCustomer,
    CheckArrival,
    Close,
    CloseReason,
    Command,
    FollowUp,
    Inform,
    InvalidValue,
    MakePromise,
    MoveDelivery,
    MovePromise,
    Propose,
    RecordDispatch,
    RecordWish,
    Resolution,
    Resolve,
    Sending,
    Stage,
    Wish,
    WishKind,
)
from recovery.core.errors import BadDefinition
from recovery.core.vocabulary.common import Address, Channel
from recovery.templates import PlainTexts
from recovery.templates.drafting import DRAFT_VALUES, DRAFTED, fitting
from recovery.templates.english import ENGLISH
from recovery.templates.german import GERMAN
from recovery.testing import a_case, a_desk, said
from recovery.testing.content import CUSTOMER, REPAIR, a_contact
from recovery.testing.desks import MemoryDesk
from recovery.testing.moves import decline

CALL_ONLY = attrs.evolve(CUSTOMER, addresses=(Address(channel=Channel.PHONE, value="+49 30 1"),))


def a_desk_at(stage: Stage, **how: object) -> tuple[MemoryDesk, str]:
    """Return a desk with a case at that stage, and the id of the case."""
    desk = a_desk()
    return desk, a_case(stage, desk=desk, **how).id  # type: ignore[arg-type]


@pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=lambda language: language.code)
@pytest.mark.parametrize("name", sorted(ENGLISH.drafts))
def test_a_draft_says_something_whatever_is_known(name: str, language: object) -> None:
    """With nothing known a draft still has words, and names only what a draft may."""
    code = language.code  # type: ignore[attr-defined]
    paragraphs = language.drafts[name]  # type: ignore[attr-defined]
    assert {n for line in paragraphs for n in Template(line).get_identifiers()} <= DRAFT_VALUES
    bare = PlainTexts().draft(name, {"reference": "R1"}, language=code)
    assert bare
    assert "$" not in bare
    full = PlainTexts().draft(name, dict.fromkeys(DRAFT_VALUES, "2026-03-02T09:00:00+00:00"), language=code)
    assert len(full.split("\n\n")) == len(paragraphs)


def test_german_drafts_whatever_english_does() -> None:
    """Nothing that is drafted in one language is missing in the other."""
    assert set(GERMAN.drafts) == set(ENGLISH.drafts)


def test_an_acknowledgement_can_be_sent_as_it_was_drafted() -> None:
    """The draft of the first word is in the owner's name, by the customer's channel, with a date that can be kept."""
    desk, case_id = a_desk_at(Stage.RECEIVED)
    drafted = desk.draft(case_id, Acknowledge)
    assert drafted.reasons == ()
    assert drafted.text.startswith("Thank you for telling us. I am sorry")
    assert drafted.text in drafted.messages[0].body
    assert "You will hear from me again by Tuesday 3 March 2026, 10:00" in drafted.messages[0].body
    outcome = desk.handle(case_id, drafted.command)
    assert (outcome.case.stage, outcome.warnings) == (Stage.ACKNOWLEDGED, ())


def test_a_draft_stores_and_sends_nothing() -> None:
    """Drafting is asking: the case, its history and the outbox stay as they were."""
    desk, case_id = a_desk_at(Stage.RESOLVED)
    before, queued = desk.load(case_id), desk.backlog()
    for kind in DRAFTED:
        desk.draft(case_id, kind)
    desk.preview(case_id)
    assert (desk.load(case_id), desk.backlog()) == (before, queued)


def test_a_draft_is_in_the_customers_language() -> None:
    """Who reads German is answered in German, words and all."""
    desk = a_desk()
    case = desk.open(a_contact(sender=attrs.evolve(CUSTOMER, language="de-CH"))).case
    (mail,) = desk.draft(case.id, Acknowledge).messages
    assert mail.subject.startswith("Ich kümmere mich um Ihr Anliegen")
    assert "Danke, dass Sie uns Bescheid geben." in mail.body


def test_what_is_missing_is_said_and_can_be_given() -> None:
    """A draft that lacks what only a person knows says so, and takes the field."""
    desk, case_id = a_desk_at(Stage.INVESTIGATING)
    empty = desk.draft(case_id, Ask)
    assert [(reason.rule, reason.field) for reason in empty.reasons] == [("pause.only-for-customer", "question")]
    assert empty.messages == ()
    full = desk.draft(case_id, Ask, question="Which engine?", by="fay")
    assert (full.reasons, full.command.by) == ((), "fay")
    assert "My question is: Which engine?" in full.messages[0].body


@pytest.mark.parametrize("kind", [Close, RecordWish, MakePromise])
def test_what_is_no_word_to_the_customer_is_not_drafted(kind: type[Command]) -> None:
    """Asking for the draft of anything else is told what there is."""
    desk, case_id = a_desk_at(Stage.RECEIVED)
    with pytest.raises(InvalidValue, match=r"which is not drafted. There are: Acknowledge, Ask"):
        desk.draft(case_id, kind)


def test_a_draft_by_an_unknown_name_or_with_an_unknown_field_is_refused() -> None:
    """A slip is told with what is possible."""
    desk, case_id = a_desk_at(Stage.INVESTIGATING)
    with pytest.raises(InvalidValue, match="there is no draft 'finalno'; there are acknowledge"):
        desk.draft(case_id, Resolve, name="finalno")
    with pytest.raises(InvalidValue, match="Ask has: again, by, confirms, fact, override, question, word"):
        desk.draft(case_id, Ask, qestion="Which?")


def test_the_word_that_fits_is_drafted() -> None:
    """What a word says follows from where the case stands: an answer, another look, an open proposal, no news yet."""
    desk, case_id = a_desk_at(Stage.INVESTIGATING)
    assert "nothing new to tell you today" in desk.draft(case_id, Inform).text
    desk.now.move(days=4)
    not_yet = desk.draft(case_id, Inform)
    assert "I have no proposal for you yet" in not_yet.text
    assert attrs.asdict(not_yet.command, recurse=False)["no_proposal_yet"] is True
    desk.receive(a_contact("And one more thing.", at=desk.now(), reference=desk.load(case_id).reference))
    assert "Thank you for your message" in desk.draft(case_id, Inform).text
    desk.handle(case_id, desk.draft(case_id, Inform).command)
    desk.handle(case_id, desk.draft(case_id, Propose, options=(REPAIR,)).command)
    assert "My proposal is still open" in desk.draft(case_id, Inform).text
    decline(TellsOn(desk, case_id))  # type: ignore[arg-type]
    again = desk.draft(case_id, Inform).text
    assert "You would like this instead: the money back" in again
    assert "You asked for this: the money back" in desk.draft(case_id, Propose).text


class TellsOn:
    """The little that a move needs of a desk."""

    def __init__(self, desk: MemoryDesk, case_id: str) -> None:
        self.desk, self.case_id, self.policy = desk, case_id, desk.policy

    @property
    def told(self) -> object:
        """The case as it is stored."""
        return self.desk.load(self.case_id)

    def do(self, *commands: object) -> object:
        """Hand commands to the desk."""
        return self.desk.handle(self.case_id, *commands)  # type: ignore[arg-type]


def test_after_a_yes_what_was_agreed_is_said_with_its_date() -> None:
    """The first word after the customer's yes repeats what was agreed, and by when it should be there; the next one does not."""
    desk, case_id = a_desk_at(Stage.RESOLVED, delivers="the refund")
    drafted = desk.draft(case_id, Inform)
    assert "So this is agreed: We send your money back." in drafted.text
    assert "It should be with you by Monday 9 March 2026, 12:10" in drafted.text
    assert "\n\nIt should be with you by" in drafted.text
    desk.handle(case_id, drafted.command)
    assert "agreed" not in desk.draft(case_id, Inform).text


def test_a_promise_and_a_parcel_that_will_be_late_are_announced() -> None:
    """The draft names the promise or the delivery, and the command its id and a new date."""
    desk, case_id = a_desk_at(Stage.RESOLVED, delivers="the refund")
    desk.handle(case_id, MakePromise(by="ben", what="call the bank", due_at=desk.policy.calendar.add_days(desk.now(), 1)))
    promise, parcel = desk.draft(case_id, MovePromise), desk.draft(case_id, MoveDelivery)
    assert "I gave you a date for this: call the bank" in promise.text
    assert "What you are waiting for: the refund" in parcel.messages[0].body
    assert (promise.reasons, parcel.reasons) == ((), ())
    assert "We sent you: the refund" in desk.draft(case_id, CheckArrival).messages[0].body


def test_a_final_no_is_drafted_by_its_name() -> None:
    """A final no asks for its reasons and for where else to turn, and is another outcome than what was done."""
    desk, case_id = a_desk_at(Stage.INVESTIGATING)
    no = desk.draft(case_id, Resolve, name="final_no")
    assert {reason.field for reason in no.reasons} >= {"reasons", "elsewhere"}
    assert attrs.asdict(no.command, recurse=False)["outcome"] is Resolution.NOT_AGREED
    done = desk.draft(case_id, Resolve, done="The bills go to the right address.")
    assert "What you asked for is done." in done.messages[0].body


def test_a_follow_up_is_drafted_for_two_channels() -> None:
    """The follow-up goes by another channel as well than the one the case was settled on: a mail, and the script of a call."""
    desk, case_id = a_desk_at(Stage.RESOLVED)
    desk.now.move(days=3)
    drafted = desk.draft(case_id, FollowUp)
    assert drafted.reasons == ()
    assert {message.channel for message in drafted.messages} == {Channel.EMAIL, Channel.PHONE}
    assert any(message.body.startswith("Call Bo Lind\n") for message in drafted.messages)


def test_after_a_final_no_the_follow_up_asks_what_else_can_be_done() -> None:
    """Who heard a no is not told that all should be well, but asked, once, whether there is something else."""
    desk, case_id = a_desk_at(Stage.RESOLVED, settled=Resolution.NOT_AGREED)
    drafted = desk.draft(case_id, FollowUp)
    assert "I could not do what you asked" in drafted.text
    assert [message.body.count("anything else") for message in drafted.messages] == [1, 1]


def test_a_customer_with_a_telephone_alone_gets_the_script_of_a_call() -> None:
    """Where no software can write, the draft is what to say."""
    desk = a_desk()
    case = desk.open(a_contact(channel=Channel.PHONE, sender=CALL_ONLY)).case
    (call,) = desk.draft(case.id, Acknowledge).messages
    assert (call.channel, call.to) == (Channel.PHONE, "+49 30 1")
    assert "\n\nSay\n\n" in call.body


def test_a_channel_the_customer_does_not_want_is_not_drafted_for() -> None:
    """Wishes stand above drafts too; and a draft can be asked for by another channel."""
    desk, case_id = a_desk_at(Stage.ACKNOWLEDGED)
    desk.handle(
        case_id, RecordWish(by="ben", wish=Wish(kind=WishKind.NOT_ON_CHANNEL, channel=Channel.EMAIL), said=said("No mail."))
    )
    assert [message.channel for message in desk.draft(case_id, Inform).messages] == [Channel.PHONE]
    letter = desk.draft(case_id, Inform, via=[Channel.LETTER]).messages
    assert [message.channel for message in letter] == [Channel.LETTER]


def test_drafts_of_ones_own_take_the_place_of_the_built_in() -> None:
    """A host says it in its own words, by name and language; a slip in them is found when they are loaded."""
    texts = PlainTexts(drafts={"acknowledge": ("We have it, $customer.",), "acknowledge.de": ("Ist da.",)})
    desk = attrs.evolve(a_desk(), renderer=texts)
    case = desk.open(a_contact()).case
    assert desk.draft(case.id, Acknowledge).text == "We have it, Bo Lind."
    with pytest.raises(BadDefinition) as caught:
        PlainTexts(drafts={"acknowlege": ("Hi $nmae, 5$ off",), "propose.nl": ("$nmae",), "done": "a text"})  # type: ignore[dict-item]
    for part in (
        "drafts: acknowlege: nothing is drafted",
        "is no template",
        "there is no language 'nl'",
        "no draft has a value $nmae",
    ):
        assert any(part in fault for fault in caught.value.faults), part


def test_what_fits_follows_the_case() -> None:
    """A case that is over needs no word, and one that waits in the tray has nobody to say it to."""
    desk, case_id = a_desk_at(Stage.CLOSED, closed=CloseReason.WITHDRAWN)
    assert fitting(desk.load(case_id), desk.policy, desk.now()) == ()
    desk, case_id = a_desk_at(Stage.RECEIVED)
    assert fitting(desk.load(case_id), desk.policy, desk.now()) == (Acknowledge,)


def test_who_has_left_is_asked_why_and_nothing_else() -> None:
    """On a win-back case the one word that is drafted asks what made the customer go, and thanks them; once said, none is."""
    desk, lost = a_desk_at(Stage.CLOSED, closed=CloseReason.LOST)
    (case,) = [one for one in desk.find() if one.losing.lost_case == lost]
    assert fitting(case, desk.policy, desk.now()) == (AskLostCustomer,)
    drafted = desk.draft(case.id, AskLostCustomer, by="fay")
    assert "I would like to understand what made you leave" in drafted.messages[0].body
    desk.handle(case.id, drafted.command)
    assert fitting(desk.load(case.id), desk.policy, desk.now()) == ()


def test_a_proposal_is_drafted_with_what_the_guideline_allows() -> None:
    """Where there is a guideline, the draft holds its first remedies: a choice that the desk would not refuse."""
    desk, case_id = a_desk_at(Stage.INVESTIGATING)
    options = attrs.asdict(desk.draft(case_id, Propose).command, recurse=False)["options"]
    assert [option.id for option in options] == ["refund", "repair"]


def test_what_has_left_us_is_said_once_with_when_and_how() -> None:
    """Once it is on record that the refund has left us, the draft claims it, and the library says when and by which bank."""
    desk, case_id = a_desk_at(Stage.RESOLVED, delivers="the refund")
    desk.handle(case_id, desk.draft(case_id, Inform).command)
    desk.now.move(hours=2)
    delivery = desk.load(case_id).resolving.deliveries[0].id
    desk.handle(case_id, RecordDispatch(by="ben", delivery_id=delivery, sent_as=Sending.MONEY, carrier="Harbour Bank"))
    drafted = desk.draft(case_id, Inform)
    assert drafted.reasons == ()
    body = drafted.messages[0].body
    assert "it is on its way to you" in body
    assert "The money left us on Monday 2 March 2026, 14:10: the refund" in body
    assert "It goes through Harbour Bank." in body
    desk.now.move(minutes=5)
    desk.handle(case_id, drafted.command)
    assert "good news" not in desk.draft(case_id, Inform).text
