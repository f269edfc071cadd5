"""Every rule bites: put to sleep, check by check and clock by clock, each one leaves a scenario that no longer holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from recovery.core.decide import why_not
from recovery.core.money import Money
from recovery.core.policy import Policy
from recovery.core.practice import CHECKS, CLOCKS, FIXED
from recovery.core.precedent import Precedent
from recovery.core.rule import Check, Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Channel, Claim, ClaimKind, Customer, Mood, Word
from recovery.core.vocabulary.following_up import (
    FollowUp,
    PassFollowUp,
    RecordFollowUpAnswer,
    RecordSurveyAnswers,
    SurveyAnswer,
    Topic,
)
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform, MakePromise, RecordPromise, WaiveAnswer
from recovery.core.vocabulary.known import Earlier, Priority
from recovery.core.vocabulary.losing import AskLostCustomer, Estimate, PlanMakeUp
from recovery.core.vocabulary.ownership import MoveCase, OfferHandover, RecordFact
from recovery.core.vocabulary.proposing import Investigate, Option, Propose, RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import (
    AdoptCase,
    Assess,
    Contact,
    Correct,
    Delivery,
    Receive,
    RecordWish,
    Ticket,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import RecordAcceptance, Resolve
from recovery.core.vocabulary.responsibility import Incident, OpenAffected, RecordCause
from support import (
    BERLIN,
    BO,
    MONDAY,
    PHONE,
    REFUND,
    REPAIR,
    ROUTED,
    Story,
    a_contact,
    a_review,
    acknowledged,
    at_stage,
    broken,
    by_mail,
    called,
    followed_up,
    letters,
    lost,
    proposed,
    rung,
    said,
    warned,
)

BOTH = frozenset({Channel.EMAIL, Channel.PHONE})
NOBODY = Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY)


def asks(**fields: object) -> FollowUp:
    """Return the follow-up question on both channels."""
    return FollowUp(by="ben", word=Word(via=BOTH, text="Does it work?"), **fields)  # type: ignore[arg-type]


def on_its_way(policy: Policy) -> Story:
    """Return a case with a refund under way."""
    story = proposed(at_stage(Stage.INVESTIGATING, policy), REFUND)
    story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    return story


# ---------------------------------------------------------------- the checks


def address(policy: Policy) -> None:
    """A mail to somebody without an e-mail address goes nowhere."""
    story = Story.begins(a_contact(sender=Customer(name="Bo", addresses=(PHONE,))), policy=policy)
    assert ("input.address", "word.via") in broken(story, Inform(by="ben", word=by_mail()))


def reference(policy: Policy) -> None:
    """Nothing is waived that is not there."""
    story = Story.begins(policy=policy)
    assert broken(story, WaiveAnswer(by="ben", contact=99, reason="none")) == {("input.reference", "contact")}


def future(policy: Policy) -> None:
    """A call that has not been made yet is warned about."""
    story = Story.begins(policy=policy)
    assert warned(story.do(Inform(by="ben", word=called(MONDAY.add(days=1), "You hear from us on Friday.")))) == {"input.future"}


def ticket(policy: Policy) -> None:
    """A ticket of another system from next year is not taken over."""
    late = Ticket(number="T-1", contact=a_contact(at=MONDAY.add(years=1)), stage=Stage.RECEIVED)
    reasons = why_not(None, AdoptCase(case_id="case-1", reference="R1", ticket=late), policy=policy, now=MONDAY)
    assert [(reason.rule, reason.field) for reason in reasons] == [("input.ticket", "received_at")]


def logged(policy: Policy) -> None:
    """What names nobody waits in the tray."""
    assert Story.begins(NOBODY, policy=policy).told.in_tray


def automatic(policy: Policy) -> None:
    """Automatic mail owes no answer."""
    story = at_stage(Stage.CLOSED, policy)
    story.do(Receive(contact=a_contact("Out of office", at=story.now, automatic=True)))
    assert story.told.stage is Stage.CLOSED


def wishes(policy: Policy) -> None:
    """Nobody writes to a customer who wants no contact."""
    story = Story.begins(policy=policy)
    story.do(RecordWish(by="ben", wish=Wish(kind=WishKind.NOT_ON_CHANNEL, channel=Channel.EMAIL), said=said("No mail.")))
    assert broken(story, Inform(by="ben", word=by_mail())) == {("contact.wishes", "word.via")}


def one_thread(policy: Policy) -> None:
    """A case is not merged into itself."""
    story = Story.begins(policy=policy)
    story.context = Context(survivor=story.told)
    itself = Close(by="ben", reason=CloseReason.DUPLICATE, survivor="case-1")
    assert broken(story, itself) == {("case.one-thread", "survivor")}


def repeat_visible(policy: Policy) -> None:
    """A second failure of the same kind is warned about, told to the owner and urgent."""
    earlier = Earlier(case_id="earlier-1", reference="E1", stage=Stage.RESOLVED, opened_at=MONDAY, category="engines")
    context = Context(earlier=(earlier,))
    story = Story.begins(a_contact(category="engines"), policy=policy, context=context)
    assert warned(story.decisions[0]) == {"case.repeat-visible"}
    assert (story.told.repeats_of_kind, story.told.priority) == ((earlier,), Priority.URGENT)


def ask_once(policy: Policy) -> None:
    """What is on file is not asked for again."""
    story = Story.begins(policy=policy)
    story.do(RecordFact(by="ben", key="model", value="Blue 7", said=said("A Blue 7.")))
    assert broken(story, Ask(by="ben", word=by_mail(), question="Which model?", fact="model")) == {("facts.ask-once", "fact")}


def consulted(policy: Policy) -> None:
    """Nothing is proposed before a person has looked whether the customer has been here before."""
    story = at_stage(Stage.INVESTIGATING, policy)
    story.context = Context()
    assert broken(story, Propose(by="ben", word=by_mail(), options=(REFUND,))) == {("history.consulted", None)}


def somebody(policy: Policy) -> None:
    """A case is not offered to nobody."""
    offer = OfferHandover(by="ben", to="ghost", briefing="It is dark.")
    assert broken(Story.begins(policy=policy), offer) == {("owner.named", "to")}


def procedure(policy: Policy) -> None:
    """A route that does not say how such a case is handled is warned about."""
    assert warned(Story.begins(a_contact(category="unheard-of"), policy=policy).decisions[0]) == {"owner.procedure"}


def way_back(policy: Policy) -> None:
    """A letter with no address in it cannot be answered."""
    story = Story.begins(policy=evolve(policy, people=()))
    letter = Inform(by="ben", word=Word(via=frozenset({Channel.LETTER}), text="The part has come."))
    assert broken(story, letter) == {("contact.way-back", "word.via")}


def handover(policy: Policy) -> None:
    """Only a supervisor moves a case at once."""
    move = MoveCase(by="ana", to="ana", reason="I want it.")
    assert broken(Story.begins(policy=policy), move) == {("owner.handover", "by")}


def acknowledges(policy: Policy) -> None:
    """An acknowledgement says when the customer hears next."""
    story = Story.begins(policy=policy).deliver()
    assert broken(story, Acknowledge(by="ben", word=by_mail())) == {("acknowledge.says", "next_word_at")}


def realistic(policy: Policy) -> None:
    """No date on a Sunday is offered."""
    promise = MakePromise(by="ben", what="call", due_at=MONDAY.add(days=6))
    assert broken(Story.begins(policy=policy), promise) == {("promise.realistic", "due_at")}


def pause(policy: Policy) -> None:
    """A question that asks nothing pauses nothing."""
    story = at_stage(Stage.INVESTIGATING, policy)
    assert broken(story, Ask(by="ben", word=by_mail(), question=" ")) == {("pause.only-for-customer", "question")}


def options(policy: Policy) -> None:
    """A proposal proposes something."""
    story = at_stage(Stage.INVESTIGATING, policy)
    assert broken(story, Propose(by="ben", word=by_mail())) == {("propose.options-or-no", "options")}


NO = Propose(by="ben", word=by_mail("We looked again."), explanation="It is not made any more.")
OFFER = Propose(by="ben", word=by_mail("We can do this."), options=(REFUND,))
WISH = RecordRemedySought(by="ben", said=said("My money back."))


def no_search(policy: Policy) -> None:
    """A no that nobody worked for is none."""
    found = broken(at_stage(Stage.INVESTIGATING, policy), NO)
    assert found == {("propose.no-only-after-search", "tried"), ("propose.no-only-after-search", "second_person")}


def wish(policy: Policy) -> None:
    """Whoever proposes without knowing the wish is warned."""
    assert "propose.asked-wish" in warned(at_stage(Stage.INVESTIGATING, policy).do(OFFER))


def guided(policy: Policy) -> None:
    """What no guideline allows is not offered."""
    gold = evolve(OFFER, options=(evolve(REFUND, remedy="gold"),))
    assert broken(at_stage(Stage.INVESTIGATING, policy), gold) == {("propose.within-guideline", "options.0.remedy")}


def like_cases(policy: Policy) -> None:
    """An offer far above what others got is told."""
    story = at_stage(Stage.INVESTIGATING, policy)
    got = (
        Precedent(case_id=f"case-{n}", reference=f"R{n}", at=MONDAY, remedy="refund", worth=Money.parse("10 EUR")) for n in range(9)
    )
    story.context = evolve(story.context, precedents=tuple(got))
    dear = evolve(OFFER, options=(evolve(REFUND, value=Money.parse("500 EUR")),))
    assert "propose.consistent" in warned(story.do(WISH, dear))


def restated(policy: Policy) -> None:
    """Nothing is proposed while nobody has said what it is about."""
    story = at_stage(Stage.INVESTIGATING, policy)
    story.do(Correct(by="ben", issue="word " * 61, reason="the whole letter"))
    assert broken(story, OFFER) == {("propose.restates-issue", "issue")}


def cited(policy: Policy) -> None:
    """A guideline is not waved about before anything is disputed."""
    assert "propose.policy-when-disputed" in warned(at_stage(Stage.INVESTIGATING, policy).do(evolve(OFFER, cites=("usual",))))


def beyond(policy: Policy) -> None:
    """Giving what is owed and no more is told."""
    plain = evolve(OFFER, options=(evolve(REFUND, beyond=""),))
    assert "propose.over-deliver" in warned(at_stage(Stage.INVESTIGATING, policy).do(plain))


def accepted(policy: Policy) -> None:
    """Nothing is done without saying what."""
    story = at_stage(Stage.INVESTIGATING, policy)
    assert broken(story, Resolve(by="ben", word=by_mail())) == {("resolve.accepted", "done")}


def too_soon(policy: Policy) -> None:
    """Nobody is asked within the day."""
    assert broken(at_stage(Stage.RESOLVED, policy), asks()) == {("follow-up.not-too-soon", None)}


def arrived(policy: Policy) -> None:
    """Nobody is asked before it has arrived."""
    assert ("follow-up.after-delivery", None) in broken(on_its_way(policy).wait(days=3), asks())


def other_channel(policy: Policy) -> None:
    """Nobody is asked only where the case was settled."""
    story = at_stage(Stage.RESOLVED, policy).wait(days=3)
    mail = FollowUp(by="ben", word=by_mail("Does it work?"))
    assert broken(story, mail) == {("follow-up.other-channel", "word.via")}


def says(policy: Policy) -> None:
    """A follow-up asks both questions."""
    story = at_stage(Stage.RESOLVED, policy).wait(days=3)
    assert broken(story, asks(topics={Topic.SOLVED})) == {("follow-up.says", "topics")}


def solved(policy: Policy) -> None:
    """What the customer said before the resolution does not count as solved."""
    story = at_stage(Stage.RESOLVED, policy).wait(days=3)
    yes = RecordFollowUpAnswer(by="ben", solved=True, said=said("Fine.", at=MONDAY))
    assert warned(story.do(yes)) == {"follow-up.solved"}
    assert story.told.stage is Stage.RESOLVED


def something_else(policy: Policy) -> None:
    """Nobody forgets what else the customer needs."""
    story = at_stage(Stage.RESOLVED, policy).wait(days=3)
    yes = RecordFollowUpAnswer(by="ben", solved=True, said=said("Fine."), something_else="A key.")
    assert warned(story.do(yes)) == {"follow-up.something-else"}


def unreachable(policy: Policy) -> None:
    """No follow-up is passed after one ring."""
    story = at_stage(Stage.RESOLVED, policy).wait(days=3)
    assert broken(story, PassFollowUp(by="ben")) == {("follow-up.unreachable", None)}


def reasons(policy: Policy) -> None:
    """A case is not closed without the customer's words."""
    close = Close(by="ben", reason=CloseReason.WITHDRAWN)
    assert broken(Story.begins(policy=policy), close) == {("close.reasons", "said")}


def window(policy: Policy) -> None:
    """Long after the end a linked case is opened."""
    story = at_stage(Stage.CLOSED, policy).wait(days=30)
    assert story.do(Receive(contact=a_contact("Dark again.", at=story.now))).opens


def survey(policy: Policy) -> None:
    """An answer outside its scale does not count."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, policy).wait(days=2)
    story.wake()
    odd = RecordSurveyAnswers(answers=(SurveyAnswer(question="treated", score=9),))
    assert warned(story.do(odd)) == {"survey.short"}


def worth(policy: Policy) -> None:
    """A loss is not reviewed by a feeling."""
    assert ("loss.win-back", "estimate.cost") in broken(lost(policy), a_review(estimate=Estimate()))


def independent(policy: Policy) -> None:
    """Whose loss it is had better not ask."""
    assert warned(lost(policy).do(AskLostCustomer(by="dora", word=by_mail("Why?")))) == {"loss.independent"}


def plan(policy: Policy) -> None:
    """The plan comes from the unit whose loss it is."""
    assert broken(lost(policy), PlanMakeUp(by="ben", plan="They should try harder.")) == {("loss.made-up", "by")}


def thanks(policy: Policy) -> None:
    """An acknowledgement that does not thank is warned about."""
    story = Story.begins(policy=policy).deliver()
    curt = Acknowledge(by="ben", word=by_mail("We have it, and I look into it."), next_word_at=MONDAY.add(days=1))
    assert warned(story.do(curt)) == {"acknowledge.thanks"}


def takes_it_on(policy: Policy) -> None:
    """A proposal that takes nothing on is warned about."""
    story = at_stage(Stage.INVESTIGATING, policy)
    cold = Propose(by="ben", word=by_mail("Two ways."), options=(Option(id="repair", text="A new display on Friday."),))
    assert "own.takes-it-on" in warned(story.do(cold))


def no_blame(policy: Policy) -> None:
    """Nobody writes that the courier lost it."""
    story = at_stage(Stage.INVESTIGATING, policy)
    lost = Inform(by="ben", word=by_mail("Sorry, the courier lost it. You hear from me tomorrow."))
    assert broken(story, lost) == {("own.no-blame", "word.text")}


def no_passing_on(policy: Policy) -> None:
    """Nobody is sent to the manufacturer."""
    story = at_stage(Stage.INVESTIGATING, policy)
    away = Inform(by="ben", word=by_mail("Please contact the manufacturer today."))
    assert broken(story, away) == {("own.no-passing-on", "word.text")}


def no_excuses(policy: Policy) -> None:
    """A message without a next step is warned about."""
    story = at_stage(Stage.INVESTIGATING, policy)
    assert warned(story.do(Inform(by="ben", word=by_mail("We are very busy.")))) == {"own.solutions-not-excuses"}


def we_can_do_this(policy: Policy) -> None:
    """A proposal that asks whether it will do is warned about."""
    story = at_stage(Stage.INVESTIGATING, policy)
    asking = Propose(by="ben", word=by_mail("We can repair it by Friday. Is this OK?"), options=(REPAIR,))
    assert "propose.we-can-do-this" in warned(story.do(asking))


def no_policy_first(policy: Policy) -> None:
    """No proposal begins with what our policy says."""
    story = at_stage(Stage.INVESTIGATING, policy)
    quoting = Propose(by="ben", word=by_mail("Our policy says that we repair."), options=(REPAIR,))
    assert broken(story, quoting) == {("propose.no-policy-first", "word.text")}


def letter_and_call(policy: Policy) -> None:
    """An angry letter that was only mailed about asks for a call."""
    story = acknowledged(Story.begins(policy=policy).deliver())
    story.do(Assess(by="ben", mood=Mood.ANGRY))
    assert warned(story.do(Investigate(by="ben"))) == {"acknowledge.letter-and-call"}


def true(policy: Policy) -> None:
    """Nothing is said to be on its way that is not."""
    story = on_its_way(policy)
    claimed = Word(via=frozenset({Channel.EMAIL}), text="Good news.", claims=(Claim(kind=ClaimKind.SENT),))
    assert broken(story, Inform(by="ben", word=claimed)) == {("own.true", "word.claims")}


def cause(policy: Policy) -> None:
    """Nobody asks the second time without knowing why it happened."""
    story = at_stage(Stage.RESOLVED, policy).wait(days=3)
    story.do(RecordFollowUpAnswer(by="ben", solved=True, said=said("Fine.")))
    assert broken(story.wait(days=18), asks()) == {("own.cause", None)}


def accountable(policy: Policy) -> None:
    """A case that is resolved with no unit to answer for it is warned about."""
    story = proposed(at_stage(Stage.INVESTIGATING, policy), REFUND)
    assert warned(story.do(RecordAcceptance(by="ben", option="refund", said=said()))) == {"own.accountable"}


BITES: dict[str, Callable[[Policy], None]] = {
    "input.address": address,
    "input.reference": reference,
    "input.future": future,
    "input.ticket": ticket,
    "contact.logged": logged,
    "contact.automatic-mail": automatic,
    "contact.wishes": wishes,
    "contact.way-back": way_back,
    "case.one-thread": one_thread,
    "case.repeat-visible": repeat_visible,
    "facts.ask-once": ask_once,
    "history.consulted": consulted,
    "owner.named": somebody,
    "owner.procedure": procedure,
    "owner.handover": handover,
    "acknowledge.says": acknowledges,
    "acknowledge.thanks": thanks,
    "own.takes-it-on": takes_it_on,
    "own.no-blame": no_blame,
    "own.no-passing-on": no_passing_on,
    "own.solutions-not-excuses": no_excuses,
    "propose.we-can-do-this": we_can_do_this,
    "propose.no-policy-first": no_policy_first,
    "acknowledge.letter-and-call": letter_and_call,
    "own.true": true,
    "own.cause": cause,
    "own.accountable": accountable,
    "promise.realistic": realistic,
    "pause.only-for-customer": pause,
    "propose.options-or-no": options,
    "propose.no-only-after-search": no_search,
    "propose.asked-wish": wish,
    "propose.within-guideline": guided,
    "propose.consistent": like_cases,
    "propose.restates-issue": restated,
    "propose.policy-when-disputed": cited,
    "propose.over-deliver": beyond,
    "resolve.accepted": accepted,
    "follow-up.not-too-soon": too_soon,
    "follow-up.after-delivery": arrived,
    "follow-up.other-channel": other_channel,
    "follow-up.says": says,
    "follow-up.solved": solved,
    "follow-up.something-else": something_else,
    "follow-up.unreachable": unreachable,
    "close.reasons": reasons,
    "reopen.window": window,
    "survey.short": survey,
    "loss.win-back": worth,
    "loss.independent": independent,
    "loss.made-up": plan,
}


# ---------------------------------------------------------------- the clocks


def receipt(policy: Policy) -> None:
    """A receipt that was given up rings after an hour."""
    story = Story.begins(policy=policy).deliver(Delivery.GIVEN_UP).wait(hours=1)
    assert rung(story, "ben", "contact.receipt")


def receipt_by_hand(policy: Policy) -> None:
    """A caller whom no machine reaches is the owner's step at once."""
    story = Story.begins(a_contact(sender=Customer(name="Bo", addresses=(PHONE,))), policy=policy)
    assert rung(story, "ben", "contact.receipt")


def acknowledge(policy: Policy) -> None:
    """A customer nobody has contacted within the hour is the owner's next step."""
    assert rung(Story.begins(policy=policy).deliver().wait(hours=1), "ben", "acknowledge.immediately")


def keep_informed(policy: Policy) -> None:
    """Silence of a week is escalated."""
    assert rung(Story.begins(policy=policy).deliver().wait(days=7), "cleo", "contact.keep-informed")


def answer_owed(policy: Policy) -> None:
    """A message nobody has answered within a working day is escalated."""
    story = acknowledged(Story.begins(policy=policy).deliver())
    story.do(Receive(contact=a_contact("Hello?", at=story.now)))
    assert rung(story.wait(days=1), "cleo", "contact.answer-owed")


def tracked(policy: Policy) -> None:
    """A promise whose date has come is escalated."""
    story = Story.begins(policy=policy)
    story.do(RecordPromise(by="ben", what="call", due_at=MONDAY.add(days=1)))
    assert rung(story.wait(days=1), "cleo", "promise.tracked")


def next_word(policy: Policy) -> None:
    """The word that was promised in the acknowledgement is escalated when its date has come."""
    story = acknowledged(Story.begins(policy=policy).deliver()).wait(days=1)
    assert rung(story, "cleo", "promise.tracked")


def chased(policy: Policy) -> None:
    """A customer who owes us an answer is asked again."""
    story = acknowledged(Story.begins(policy=policy).deliver())
    story.do(Ask(by="ben", word=by_mail(), question="Which model?"))
    assert ("chase", "email") in letters(story.deliver().wait(days=2).wake())


def in_time(policy: Policy) -> None:
    """A proposal that does not come within five working days is escalated."""
    assert rung(at_stage(Stage.INVESTIGATING, policy).wait(days=8), "fay", "propose.in-time")


def rounds(policy: Policy) -> None:
    """The third decline goes up the ladder."""
    story = at_stage(Stage.INVESTIGATING, policy)
    for _ in range(3):
        proposed(story).do(RecordDecline(by="ben", said=said("No.")))
    assert rung(story, "cleo", "propose.rounds")


def delivered(policy: Policy) -> None:
    """The customer is asked whether the refund has arrived."""
    story = on_its_way(policy)
    story.now = BERLIN.add_days(story.now, 6)
    assert ("arrival_check", "email") in letters(story.wake())


def whole_case(policy: Policy) -> None:
    """A case that is thirty days old is escalated."""
    assert rung(at_stage(Stage.INVESTIGATING, policy).wait(days=30), "cleo", "resolve.whole-case")


def after_days(policy: Policy) -> None:
    """A follow-up nobody makes within days is escalated."""
    assert rung(at_stage(Stage.RESOLVED, policy).wait(days=3), "cleo", "follow-up.days")


def after_weeks(policy: Policy) -> None:
    """A second follow-up nobody makes within weeks is escalated."""
    story = followed_up(at_stage(Stage.RESOLVED, policy).wait(days=3)).wait(days=18)
    assert rung(story, "cleo", "follow-up.weeks")


def tries(policy: Policy) -> None:
    """A try nobody has answered asks for the next one."""
    story = at_stage(Stage.RESOLVED, policy).wait(days=3)
    story.do(FollowUp(by="ben", word=called(story.now, "Please call back.", reached=False)))
    story.now = BERLIN.add_days(story.now, 2)
    assert rung(story, "ben", "follow-up.unreachable")


def handed_over(policy: Policy) -> None:
    """An offer nobody answers is off after a working day."""
    story = Story.begins(policy=policy)
    story.do(OfferHandover(by="ben", to="ana", briefing="The display is dark; he was promised a word by Tuesday."))
    story.now = BERLIN.add_days(story.now, 1)
    story.wake()
    assert story.told.ownership.offer is None


def surveyed(policy: Policy) -> None:
    """Two days after a yes the survey goes out."""
    assert ("survey", "email") in letters(at_stage(Stage.FOLLOWED_UP_DAYS, policy).wait(days=2).wake())


def reviewed(policy: Policy) -> None:
    """A loss that nobody has reviewed after ten working days is escalated."""
    assert rung(lost(policy).wait(days=14), "fay", "loss.reviewed")


def made_up(policy: Policy) -> None:
    """A unit that has no plan after twenty working days hears of it."""
    assert rung(lost(policy).wait(days=27), "dora", "loss.made-up")


def sought(policy: Policy) -> None:
    """A date by which the cause was to be found out, and was not, is escalated."""
    story = Story.begins(policy=policy)
    story.do(RecordCause(by="ben", find_out_by=MONDAY.add(days=1)))
    assert rung(story.wait(days=1), "cleo", "own.cause")


def reached_out(policy: Policy) -> None:
    """Somebody we told of our fault is not forgotten."""
    story = Story(policy=policy)
    fault = Incident(id="x", what="The tyres are thin.", owner="ben", text="We come.", next_word_at=MONDAY.add(days=1))
    opening = OpenAffected(by="ben", case_id="case-1", reference="R1", incident=fault, customer=BO, key="k")
    story.do(opening, Acknowledge(by="ben", word=by_mail("We come."), next_word_at=MONDAY.add(days=1)))
    assert rung(story.wait(days=30), "cleo", "own.reach-out-first")


RINGS: dict[str, Callable[[Policy], None]] = {
    "owner.handover": handed_over,
    "contact.receipt": receipt,
    "contact.receipt.by-hand": receipt_by_hand,
    "acknowledge.immediately": acknowledge,
    "own.cause": sought,
    "own.reach-out-first": reached_out,
    "contact.keep-informed": keep_informed,
    "contact.answer-owed": answer_owed,
    "promise.tracked": tracked,
    "promise.tracked.next-word": next_word,
    "customer.chased": chased,
    "propose.in-time": in_time,
    "propose.rounds": rounds,
    "resolve.delivered": delivered,
    "resolve.whole-case": whole_case,
    "follow-up.days": after_days,
    "follow-up.weeks": after_weeks,
    "follow-up.unreachable": tries,
    "survey.short": surveyed,
    "loss.reviewed": reviewed,
    "loss.made-up": made_up,
}


# ---------------------------------------------------------------- the proof


def asleep(check_id: str) -> Policy:
    """Return the policy with one check that always holds."""
    asleep = tuple(
        evolve(check, test=lambda *_: ()) if isinstance(check, Check) and check.id == check_id else check for check in ROUTED.rules
    )
    return evolve(ROUTED, rules=asleep)


def without(clock_id: str) -> Policy:
    """Return the policy without one clock."""
    return evolve(ROUTED, clocks=tuple(clock for clock in ROUTED.clocks if clock.id != clock_id))


def test_every_rule_is_in_the_table() -> None:
    """Every check has a scenario in which it bites, and every clock that a policy may leave out one in which it rings."""
    assert set(BITES) == {check.id for check in CHECKS}
    assert set(RINGS) == {clock.id for clock in CLOCKS} - FIXED


@pytest.mark.parametrize("rule", BITES)
def test_a_rule_bites(rule: str) -> None:
    """With the rule in force its scenario holds."""
    BITES[rule](ROUTED)


@pytest.mark.parametrize("rule", BITES)
def test_a_rule_put_to_sleep_is_missed(rule: str) -> None:
    """With the rule put to sleep its scenario fails."""
    with pytest.raises(AssertionError):
        BITES[rule](asleep(rule))


@pytest.mark.parametrize("clock", RINGS)
def test_a_clock_rings(clock: str) -> None:
    """With the clock running its scenario holds."""
    RINGS[clock](ROUTED)


@pytest.mark.parametrize("clock", RINGS)
def test_a_clock_left_out_is_missed(clock: str) -> None:
    """With the clock left out its scenario fails."""
    with pytest.raises(AssertionError):
        RINGS[clock](without(clock))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_rule_says_whom_it_protects(check: Check) -> None:
    """A rule has a heading, a source, and a sentence that says what it protects the customer from."""
    assert check.protects.startswith("Protects the customer")
    assert check.heading
    assert check.source
