"""The built-in texts: one for everything the core can say, readable with whatever is known, and safe with whatever was written."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Template

import attrs
import pytest

from recovery.core import practice
from recovery.core.clock import Whom
from recovery.core.errors import BadDefinition
from recovery.core.messages import Message, Saying, word_template
from recovery.core.practice import CLOCKS
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Address, Channel, ClaimKind, Customer, Spoken, Word, kind_of
from recovery.core.vocabulary.following_up import FollowUp, FollowUpMade, Topic, Which
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform
from recovery.core.vocabulary.ownership import DeclineHandover, OfferHandover
from recovery.core.vocabulary.proposing import Propose
from recovery.core.vocabulary.resolving import Resolution, Resolve
from recovery.templates import PlainTexts, Text
from recovery.templates.english import COLLEAGUE, CUSTOMER, VALUES
from support import EMAIL, MONDAY, REFUND, REPAIR, TRIED, Story, a_contact, at_stage, by_mail

EVERY = {**CUSTOMER, **COLLEAGUE}
every_text = pytest.mark.parametrize("name", sorted(EVERY))

KNOWN = {
    "reference": "R1",
    "customer": "Bo Lind",
    "owner": "ana",
    "owner_name": "Ana Sola",
    "reach": "ana@desk.example",
    "issue": "the display went dark",
    "company": "Boats & Co",
    "person": "Ana Sola",
    "timezone": "Europe/Berlin",
    "desk_timezone": "Europe/Berlin",
}


def a_message(
    template: str, known: dict[str, str] | None = None, *, text: str = "", values: dict[str, str] | None = None, **more: str
) -> Message:
    """Return a message that says ``template``, to whoever reads such a text."""
    return Message(
        id="case-1:3:email",
        case_id="case-1",
        reference="R1",
        seq=3,
        channel=Channel.EMAIL,
        to=EMAIL,
        person=None if template in CUSTOMER else "ana",
        sayings=(Saying(template=template, text=text, values=values or {}),),
        values={**(known or KNOWN), **more},
    )


def in_words(message: Message, texts: PlainTexts | None = None) -> tuple[str, str]:
    """Return the subject and the plain body of a message."""
    rendered = (texts or PlainTexts()).render(message)
    return rendered.subject, rendered.body


def full() -> dict[str, str]:
    """Return a value for everything a text may name."""
    told = {name: f"<{name}>" for name in VALUES if not name.endswith("_at")}
    return told | {
        name: MONDAY.isoformat() for name in ("due_at", "next_word_at", "by_date", "deliver_by", "until", "sent_at", "decided_at")
    }


def words_of_kinds(base: type[Spoken]) -> set[type[Spoken]]:
    """Return every event by which a person speaks to the customer."""
    found = set[type[Spoken]]()
    for kind in base.__subclasses__():
        found |= {kind} | words_of_kinds(kind)
    return found


def templates_named_in_the_core() -> set[str]:
    """Return every template the source of the practice names in a ``Part``."""
    named = set[str]()
    for file in Path(practice.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "template":
                named |= {
                    leaf.value for leaf in ast.walk(node.value) if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
    return named


def test_there_is_a_text_for_everything_the_core_says_and_for_nothing_else() -> None:
    """Every word of a person, every rung and every message of the library has a text, and no text is left that nothing uses."""
    kinds = words_of_kinds(Spoken)
    spoken = {kind_of(kind) for kind in kinds if kind is not FollowUpMade} | {f"follow_up_made_{which.value}" for which in Which}
    spoken |= {f"claim_{kind.value}" for kind in ClaimKind}
    to_customer = {rung.says for clock in CLOCKS for rung in clock.ladder if rung.whom is Whom.CUSTOMER}
    to_staff = {rung.says for clock in CLOCKS for rung in clock.ladder if rung.whom not in (Whom.CUSTOMER, Whom.NOBODY)}
    named = templates_named_in_the_core()
    assert {"receipt", "no_answer_notice", "assigned", "tray", "wrote", "handover_offered", "handover_off"} <= named
    claims = {f"claim_{kind.value}" for kind in ClaimKind} | {"incident_outreach"}
    assert set(CUSTOMER) == spoken | claims | to_customer | (named & {"receipt", "no_answer_notice", "survey"})
    assert set(COLLEAGUE) == to_staff | (named - {"receipt", "no_answer_notice", "survey"})
    assert not set(CUSTOMER) & set(COLLEAGUE)


def test_what_is_said_names_its_text() -> None:
    """A word is put into the text of its kind; the two follow-ups have one each."""
    story = at_stage(Stage.FOLLOWED_UP_WEEKS)
    made = [recorded.event for recorded in story.events if isinstance(recorded.event, FollowUpMade)]
    assert [word_template(event) for event in made] == ["follow_up_made_days", "follow_up_made_weeks"]


@every_text
def test_a_text_reads_well_with_everything_known(name: str) -> None:
    """With every value known no line is lost, no placeholder is left, and the subject is one line with the reference."""
    subject, body = in_words(a_message(name, text="<text>", values=full()))
    assert "R1" in subject
    assert subject == " ".join(subject.split())
    assert "$" not in subject + body
    for line in EVERY[name].lines:
        for wanted in Template(line).get_identifiers():
            if not wanted.startswith("asks_") and not wanted.endswith("_at"):
                assert f"<{wanted}>" in body or KNOWN.get(wanted, "?") in body
    if any("_at" in line for line in EVERY[name].lines):
        assert "Monday 2 March 2026, 10:00" in body


@every_text
def test_a_text_reads_well_with_nothing_known(name: str) -> None:
    """With every optional value missing the text still stands: no placeholder, no half sentence, a greeting and a signature."""
    bare = dict.fromkeys(KNOWN, "") | {"reference": "R1", "owner_name": "Ana Sola", "desk_timezone": "Europe/Berlin"}
    subject, body = in_words(a_message(name, bare))
    assert body.startswith("Hello,\n\n")
    assert body.endswith("Your recovery desk" if name in COLLEAGUE else "Ana Sola")
    assert "$" not in subject + body
    assert "  " not in body
    assert ": \n" not in body
    assert "\n\n\n" not in body


@every_text
def test_a_text_is_plain_and_short(name: str) -> None:
    """Texts are short, without exclamation marks or shouting, and begin each sentence of ours with a capital."""
    text = EVERY[name]
    assert len(text.subject) <= 60
    assert sum(len(line.split()) for line in text.lines) <= 60
    for line in (text.subject, *text.lines):
        assert "!" not in line
        assert line == line.strip()
        assert line[0] == "$" or line[0].isupper()
        assert not any(word.isupper() and len(word) > 1 for word in line.split())


@pytest.mark.parametrize("name", sorted(CUSTOMER))
def test_a_customer_reads_no_inner_names(name: str) -> None:
    """What customers read names no rule, no stage and no person's id."""
    assert not {"rule", "key", "owner", "what", "to", "by"} & {
        n for line in CUSTOMER[name].lines for n in Template(line).get_identifiers()
    }


@pytest.mark.parametrize("written", ["$owner_name ${reach} $$ 100 % {0} %s", "\u202e$text", "a\nb"])
def test_what_a_person_wrote_appears_unchanged(written: str) -> None:
    """Dollar signs, braces and odd characters in a person's words are words, and are not looked at."""
    _, body = in_words(a_message("customer_informed", text=written))
    assert written in body
    _, body = in_words(a_message("question_asked", values={"question": written}))
    assert f"My question is: {written}" in body


def test_a_subject_is_one_line_whatever_is_in_it() -> None:
    """A line break in a value cannot begin a second line of the subject, and with it another header of the mail."""
    texts = PlainTexts(replace={"receipt": Text("About $issue", ("$issue",))})
    subject, _ = in_words(a_message("receipt", issue="a\r\nBcc: everybody@example\u2028x"), texts)
    assert subject == "About a Bcc: everybody@example x [R1]"


def test_a_subject_without_its_value_is_still_one() -> None:
    """A value that is missing leaves a gap in the subject and nothing else."""
    texts = PlainTexts(replace={"receipt": Text("About $question", ("Thanks.",))})
    assert in_words(a_message("receipt"), texts)[0] == "About [R1]"


@pytest.mark.parametrize(
    ("reader", "desk", "told"),
    [
        ("Asia/Kolkata", "Europe/Berlin", "Monday 2 March 2026, 14:30"),
        ("", "Europe/Berlin", "Monday 2 March 2026, 10:00"),
        ("Nowhere/Land", "Europe/Berlin", "Monday 2 March 2026, 10:00"),
        ("../../etc/passwd", "Europe/Berlin", "Monday 2 March 2026, 10:00"),
        ("Europe", "Europe/Berlin", "Monday 2 March 2026, 10:00"),
        ("a\x00b", "Europe/Berlin", "Monday 2 March 2026, 10:00"),
        ("Nowhere/Land", "Nowhere/Else", "Monday 2 March 2026, 09:00"),
    ],
)
def test_dates_are_told_in_the_readers_zone_or_the_desks(reader: str, desk: str, told: str) -> None:
    """Dates are told where the reader is; a zone that is unknown or does not exist is replaced by the desk's, at last by UTC."""
    message = a_message("promise_moved", values={"due_at": MONDAY.isoformat()}, timezone=reader, desk_timezone=desk)
    assert f"The new date is {told}." in in_words(message)[1]


@pytest.mark.parametrize(("name", "greeting"), [("Bo Lind", "Dear Bo Lind,"), ("", "Hello,"), ("Bo\r\nLind", "Dear Bo Lind,")])
def test_the_customer_is_greeted_by_name_where_it_is_known(name: str, greeting: str) -> None:
    """A known name is in the greeting, on one line; without one the greeting is plain."""
    assert in_words(a_message("receipt", customer=name))[1].startswith(greeting + "\n\n")


def test_the_owner_signs_with_the_company() -> None:
    """What customers read is signed by their owner, and by the company where it has a name."""
    assert in_words(a_message("receipt"))[1].endswith("\n\nKind regards,\nAna Sola\nBoats & Co")
    assert in_words(a_message("receipt", company=""))[1].endswith("\n\nKind regards,\nAna Sola")


def test_a_mail_that_says_several_things_says_them_in_order() -> None:
    """Several things due to one reader are one text: one greeting, one signature, a paragraph each, the first one's subject."""
    message = a_message("acknowledged", text="I am on it.", values={"name": "Ana"})
    more = Saying(template="question_asked", text="One thing.", values={"question": "Which engine?"})
    subject, body = in_words(attrs.evolve(message, sayings=(*message.sayings, more)))
    assert subject == "I am looking after your case [R1]"
    assert body.count("Dear Bo Lind,") == body.count("Ana Sola\n") == 1
    assert body.index("I am on it.") < body.index("One thing.") < body.index("Which engine?")


def test_a_follow_up_asks_only_what_it_asks() -> None:
    """The question whether it is solved stands in the text only when it is asked, and so does the one about the contact."""
    both = in_words(a_message("follow_up_made_days", values={"asks_solved": "yes", "asks_treatment": "yes"}))[1]
    one = in_words(a_message("follow_up_made_days", values={"asks_solved": "yes"}))[1]
    assert "Is it solved" in both
    assert "were you treated" in both
    assert "were you treated" not in one


def test_a_text_nobody_wrote_is_replaced_by_a_general_one() -> None:
    """A policy may name a text that does not exist: something is said all the same, to customers and to colleagues."""
    subject, body = in_words(
        attrs.evolve(a_message("customer_informed", text="News."), sayings=(Saying(template="mine", text="News."),))
    )
    assert (subject, "News." in body) == ("News about your case [R1]", True)
    values = {"what": "answer the customer", "rule": "contact.answer-owed", "due_at": MONDAY.isoformat()}
    message = attrs.evolve(a_message("reminder"), sayings=(Saying(template="receipt", values=values),))
    assert "Case R1: answer the customer (contact.answer-owed)." in in_words(message)[1]


# ---------------------------------------------------------------- texts of one's own


def test_a_text_of_ones_own_takes_the_place_of_the_built_in() -> None:
    """A replaced text is used, and the others stay as they were."""
    texts = PlainTexts(replace={"receipt": Text("Danke", ("Wir haben Ihre Nachricht: $reference",))})
    assert (
        in_words(a_message("receipt"), texts)[1]
        == "Dear Bo Lind,\n\nWir haben Ihre Nachricht: R1\n\nKind regards,\nAna Sola\nBoats & Co"
    )
    assert "News about your case" in in_words(a_message("customer_informed", text="x"), texts)[0]


def test_texts_that_cannot_work_are_refused_when_they_are_loaded() -> None:
    """One error names every fault: a text nothing uses, a subject of two lines or none, a bad placeholder, an unknown value."""
    wrong: dict[str, object] = {
        "recept": Text("Hi", ("Thanks.",)),
        "receipt": Text("Hi\nthere", ("That is $5.",)),
        "chase": Text("", ("Dear $nmae", "We owe you $$ 5.")),
        "wrote": "not a text",
    }
    with pytest.raises(BadDefinition) as caught:
        PlainTexts(replace=wrong)  # type: ignore[arg-type]
    told = caught.value.faults
    assert len(told) == 6
    for part in (
        "recept: no message uses it",
        "receipt: the subject is one line",
        "receipt: 'That is $5.' is no template",
        "chase: the subject is one line",
        "chase: no message has a value $nmae",
        "wrote: is of type str",
    ):
        assert any(fault.startswith(part) for fault in told), part


def test_every_value_a_text_may_name_is_used_or_known() -> None:
    """The built-in texts name no value that messages do not have."""
    used = {n for text in EVERY.values() for line in (text.subject, *text.lines) for n in Template(line).get_identifiers()}
    assert used <= VALUES


# ---------------------------------------------------------------- whole messages, as they go out


def written(story: Story, *commands: object) -> str:
    """Return the one mail to the customer that ``commands`` lead to, in words."""
    (mail,) = [m for m in story.do(*commands).messages if m.person is None]  # type: ignore[arg-type]
    subject, body = in_words(mail)
    return f"{subject}\n\n{body}"


def test_a_receipt_as_it_goes_out() -> None:
    """The receipt says that we have it, who looks after it, when the next word comes, and the reference."""
    (mail,) = [m for m in Story.begins().decisions[0].messages if m.person is None]
    assert in_words(mail) == (
        "We have your message [R1]",
        "Dear Bo Lind,\n\n"
        "Thank you for telling us. Your message has reached us, and Ana Sola will look after it.\n"
        "You will hear from Ana Sola in person by Monday 2 March 2026, 11:00.\n"
        "Your reference is R1. If you answer this message, it goes straight to Ana Sola.\n\n"
        "Kind regards,\nAna Sola",
    )


def test_an_acknowledgement_as_it_goes_out() -> None:
    """The acknowledgement adds to the owner's words the name, the way back and the date, whatever the owner forgot to write."""
    story = Story.begins().deliver()
    assert written(story, Acknowledge(by="ana", word=by_mail("I am sorry."), next_word_at=MONDAY.add(days=1))) == (
        "I am looking after your case [R1]\n\nDear Bo Lind,\n\nI am sorry.\n\n"
        "My name is Ana Sola. To reach me: ana@desk.example\n"
        "You will hear from me again by Tuesday 3 March 2026, 10:00, sooner if I know more.\n\nKind regards,\nAna Sola"
    )


def test_a_proposal_as_it_goes_out() -> None:
    """The proposal lists its options, and an explained no explains."""
    told = written(at_stage(Stage.INVESTIGATING), Propose(by="ana", word=by_mail("Well."), options=(REFUND, REPAIR)))
    assert "This is what we can do:\n- We send your money back. You may keep the old one.\n- We repair it while you wait." in told
    issue = "The display of my boat went dark."
    assert f"You came to us with this: {issue}\nI am sorry for the trouble it has given you." in told
    refusal = Propose(by="ana", word=by_mail("Well."), explanation="It is not made any more.", tried=TRIED, second_person="ben")
    no = written(at_stage(Stage.INVESTIGATING), refusal)
    assert "This is what we can do" not in no
    assert "It is not made any more." in no


def test_a_final_no_as_it_goes_out() -> None:
    """The final no gives the reasons and says where else to turn; a resolution says what must still arrive and when."""
    no = Resolve(
        by="ana",
        word=by_mail("No."),
        outcome=Resolution.NOT_AGREED,
        reasons="It was dropped.",
        elsewhere="the ombudsman",
        tried=TRIED,
        second_person="ben",
    )
    assert "It was dropped.\nIf you see it differently, you can also turn to: the ombudsman" in written(
        at_stage(Stage.INVESTIGATING), no
    )
    done = Resolve(by="ana", word=by_mail("Good news."), done="It is on its way.", delivers="a pump", deliver_by=MONDAY.add(days=4))
    assert "It should be with you by Friday 6 March 2026, 10:00." in written(at_stage(Stage.INVESTIGATING), done)


def test_a_follow_up_as_it_goes_out() -> None:
    """The follow-up restates the issue, asks both questions and gives the way back."""
    story = at_stage(Stage.RESOLVED).wait(days=3)
    word = Word(via=frozenset({Channel.EMAIL, Channel.PHONE}), text="I hope all is well.")
    assert written(story, FollowUp(by="ana", word=word, topics=frozenset(Topic))) == (
        "Is it really solved? [R1]\n\nDear Bo Lind,\n\nI hope all is well.\n\n"
        "It was about this: The display of my boat went dark.\n"
        "Is it solved, as you see it?\n"
        "And were you treated the way you expected?\n"
        "Is there anything else I can do for you?\n"
        "Once it is solved, we send you a few short questions about how we did.\n"
        "To reach me directly: ana@desk.example\n\nKind regards,\nAna Sola"
    )


def test_a_chase_as_it_goes_out() -> None:
    """A chase repeats the question, so that the customer need not look for it."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Ask(by="ana", word=by_mail("One thing."), question="Which engine is it?"))
    story.deliver().do(Inform(by="ana", word=by_mail("No news.")))
    story.deliver().wait(days=2)
    (mail,) = [m for m in story.wake().messages if m.person is None]
    assert "Our question was: Which engine is it?" in in_words(mail)[1]


def test_a_reminder_and_an_escalation_as_they_go_out() -> None:
    """Colleagues read which case, what is to be done and by when, in the desk's own time."""
    story = Story.begins(a_contact(sender=attrs.evolve(a_contact().sender, timezone="Asia/Kolkata"))).deliver().wait(hours=1)
    (reminder,) = story.wake().messages
    assert in_words(reminder) == (
        "Due soon: R1",
        "Dear Ana Sola,\n\nCase R1: contact the customer: who works on it, and when they hear next (acknowledge.immediately).\n"
        "It is due by Monday 2 March 2026, 11:00.\n\nYour recovery desk",
    )
    (escalation,) = story.wait(hours=3).wake().messages
    assert escalation.person == "cleo"
    assert "Case R1, which Ana Sola looks after, needs you" in in_words(escalation)[1]


def test_a_handover_as_it_goes_out() -> None:
    """Whoever may take a case reads the briefing, and whoever keeps it reads why."""
    story = at_stage(Stage.ACKNOWLEDGED)
    (offer,) = story.do(OfferHandover(by="ana", to="cleo", briefing="The display is dark.")).messages
    body = in_words(offer)[1]
    assert "Ana Sola offers you case R1. Until you accept it, Ana Sola looks after it." in body
    assert "A word with it: The display is dark." in body
    assert "The customer waits for:\n- the word that was promised for then (by Tue 3 Mar 10:10)" in body
    (off,) = story.do(DeclineHandover(by="cleo", reason="I am leaving tonight.")).messages
    assert "it stays with Ana Sola.\nCleo Prins says: I am leaving tonight." in in_words(off)[1]


def test_somebody_without_a_name_is_written_to_all_the_same() -> None:
    """A customer of whom only an address is known gets a plain greeting and every fact."""
    story = Story.begins(a_contact(sender=Customer(addresses=(Address(channel=Channel.SMS, value="+49 170 1"),))))
    (text,) = [m for m in story.decisions[0].messages if m.person is None]
    assert in_words(text)[1].startswith("Hello,\n\nThank you for telling us.")
