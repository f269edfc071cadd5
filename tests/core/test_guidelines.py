"""Guidelines: what may be offered, exceptions that somebody else grants, a no that was worked for, and what is internal."""

from __future__ import annotations

from datetime import date, time

import pytest
from attrs import evolve

from recovery.core.clock import Length, Unit
from recovery.core.decide import Decision
from recovery.core.errors import BadDefinition, InvalidValue, Strength
from recovery.core.guideline import Authority, Budget, Guideline, Period, Remedy, covering, guideline_for, period_start
from recovery.core.money import Money
from recovery.core.policy import Policy
from recovery.core.precedent import GoodwillGiven, goodwill_of, precedent_of
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Reopen
from recovery.core.vocabulary.common import Channel, Severity, Tried
from recovery.core.vocabulary.ownership import BusinessUnit
from recovery.core.vocabulary.proposing import (
    Citing,
    DenyException,
    ExceptionState,
    GrantException,
    Option,
    Propose,
    Proposed,
    RecordDecline,
    RecordRemedySought,
    RequestException,
)
from recovery.core.vocabulary.receiving import Assess, CompleteTask, Correct
from recovery.core.vocabulary.resolving import CaseResolved, RecordAcceptance, Resolution, Resolve
from recovery.templates import PlainTexts
from support import (
    BERLIN,
    ROUTED,
    TRIED,
    Story,
    at_stage,
    broken,
    by_mail,
    called,
    letters,
    named,
    said,
    tasks,
    warned,
)


def told_of(decision: Decision) -> set[str]:
    """Return which rules of proposing a decision warns of; how it is worded is looked at elsewhere."""
    return {rule for rule in warned(decision) if rule.startswith("propose.")}


def money(text: str) -> Money:
    """Return an amount."""
    return Money.parse(text)


DISPLAYS = Guideline(
    id="displays",
    category="boats",
    remedies=(
        Remedy(id="refund", text="You get your money back.", ceiling=money("80 EUR"), delivers="the refund"),
        Remedy(id="repair", text="We repair it."),
    ),
    goodwill=money("20 EUR"),
    public="A display that goes dark within two years is repaired, or you get your money back.",
)
USUAL = Guideline(id="usual", remedies=(Remedy(id="voucher", text="A voucher.", ceiling=money("10 EUR")),))
SHOP = evolve(
    ROUTED,
    guidelines=(USUAL, DISPLAYS),
    authorities=(Authority(person="cleo", up_to=money("200 EUR")), Authority(person="ana", up_to=money("100 EUR"))),
)
REFUND = Option(
    id="refund", text="You get 70 euros back.", delivers="the refund", value=money("70 EUR"), beyond="Keep the old one."
)
OFFER = Propose(by="ben", word=by_mail("We can put this right within the week:"), options=(REFUND,))
WISH = RecordRemedySought(by="ben", said=said("I want my money back.", Channel.PHONE), remedy="refund")
ASK = RequestException(by="ben", remedy="new", value=money("150 EUR"), reason="It failed twice.")


def boat(policy: Policy = SHOP, *, wish: bool = True) -> Story:
    """Return a case about a boat's display that is being looked into, with the customer's wish on file."""
    story = at_stage(Stage.INVESTIGATING, policy)
    story.do(Assess(by="ben", category="boats"), *((WISH,) if wish else ()))
    return story


def fields(story: Story, *commands: object) -> set[str | None]:
    """Return the fields for which commands are refused, all of them by the guideline."""
    found = broken(story, *commands)  # type: ignore[arg-type]
    assert {rule for rule, _ in found} == {"propose.within-guideline"}
    return {field for _, field in found}


# ---------------------------------------------------------------- which guideline


def test_the_guideline_that_names_most_fits_best() -> None:
    """Of several that fit, the one that names most traits counts, and of equals the first."""
    case = boat().told
    serious = evolve(DISPLAYS, id="serious", severity=Severity.SERIOUS)
    assert guideline_for(case, (USUAL, DISPLAYS, serious)) == DISPLAYS
    assert guideline_for(case, (USUAL, evolve(DISPLAYS, id="twin"), DISPLAYS)) == evolve(DISPLAYS, id="twin")
    assert guideline_for(case, (evolve(DISPLAYS, brand="other"),)) is None
    story = boat()
    story.do(Assess(by="ben", severity=Severity.SERIOUS))
    assert guideline_for(story.told, (DISPLAYS, serious)) == serious


def test_where_there_is_no_guideline_it_is_told_and_goes_on() -> None:
    """Without a guideline an offer is made all the same, with a warning that there should be one."""
    story = boat(evolve(SHOP, guidelines=(evolve(DISPLAYS, category="cars"),)))
    decision = story.do(OFFER)
    (reason,) = [reason for reason in decision.warnings if reason.rule.startswith("propose.")]
    assert (reason.rule, reason.strength) == ("propose.within-guideline", Strength.SHOULD)
    assert story.told.stage is Stage.RESOLUTION_PROPOSED


# ---------------------------------------------------------------- inside it


def test_an_offer_inside_the_guideline_passes() -> None:
    """A remedy of the guideline, up to its ceiling, with goodwill inside the band, needs nobody's leave."""
    full = evolve(REFUND, value=money("80 EUR"), goodwill=money("20 EUR"))
    assert told_of(boat().do(evolve(OFFER, options=(full,)))) == set()


@pytest.mark.parametrize(
    ("option", "field"),
    [
        (evolve(REFUND, value=money("80.01 EUR")), "options.0.value"),
        (evolve(REFUND, value=None), "options.0.value"),
        (evolve(REFUND, value=money("70 USD")), "options.0.value"),
        (evolve(REFUND, goodwill=money("20.01 EUR")), "options.0.goodwill"),
        (evolve(REFUND, id="new"), "options.0.remedy"),
        (evolve(REFUND, remedy="new"), "options.0.remedy"),
        (evolve(REFUND, id="repair", value=money("70 USD")), "options.0.value"),
        (evolve(REFUND, exception="99"), "options.0.exception"),
    ],
)
def test_an_offer_outside_the_guideline_is_refused(option: Option, field: str) -> None:
    """Above a ceiling, without a value to hold against it, in another currency, or not in it at all: refused, with the field."""
    assert fields(boat(), evolve(OFFER, options=(option,))) == {field}


def test_without_a_band_there_is_no_goodwill_in_money() -> None:
    """A guideline that names no band leaves kind words and gestures, and no money beyond what was owed."""
    story = boat(evolve(SHOP, guidelines=(evolve(DISPLAYS, goodwill=None),)))
    assert fields(story, evolve(OFFER, options=(evolve(REFUND, goodwill=money("1 EUR")),))) == {"options.0.goodwill"}
    assert told_of(story.do(evolve(OFFER, options=(evolve(REFUND, goodwill=money("0 EUR")),)))) == set()


def test_options_are_counted_in_one_currency() -> None:
    """Two options in two currencies cannot be compared with anything."""
    with pytest.raises(InvalidValue, match="several currencies"):
        evolve(OFFER, options=(REFUND, evolve(REFUND, id="other", value=money("1 USD"))))


def test_what_was_offered_already_is_kept_and_looked_at() -> None:
    """An offer beyond the guideline that was made on the telephone stays offered: a warning, and a step for the supervisor."""
    story = boat()
    dear = evolve(OFFER, word=called(story.now, "You get 500."), options=(evolve(REFUND, value=money("500 EUR")),))
    decision = story.do(dear)
    assert (named(decision), told_of(decision)) == (["Proposed", "TaskSet", "Warned"], {"propose.within-guideline"})
    assert [task.owner for task in story.told.receiving.tasks] == ["cleo"]
    story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    assert story.told.proposing.given[0].option.value == money("500 EUR")


# ---------------------------------------------------------------- exceptions


def test_an_exception_is_granted_by_somebody_else_and_then_offered() -> None:
    """Asked for with a reason, it is on the agenda of whoever has just enough authority; once granted, it may be offered."""
    story = boat()
    decision = story.do(ASK)
    (asked,) = story.told.proposing.exceptions
    assert (asked.approver, asked.state, asked.asked_by) == ("cleo", ExceptionState.ASKED, "ben")
    assert ("exception_requested", "cleo") in letters(decision)
    assert tasks(story) == [("propose.within-guideline", "decide on an exception: new, 150.00 EUR: It failed twice.")]
    granted = story.do(GrantException(by="cleo", exception_id=asked.id, until=story.now.add(days=3), note="She waited long."))
    assert ("exception_granted", "ben") in letters(granted)
    assert tasks(story) == []
    new = Option(id="new", text="A new one.", value=money("150 EUR"), exception=asked.id, beyond="Fitted for you.")
    assert told_of(story.do(evolve(OFFER, options=(new,)))) == set()


def test_the_least_authority_that_covers_it_is_asked() -> None:
    """Small things do not go to the top; without a limit the fallback owner is the last; whoever asks is never asked."""
    small, great, other = money("90 EUR"), money("900 EUR"), money("90 USD")
    who = SHOP.authorities
    assert covering(who, small, DISPLAYS, last="fay", but="ben") == ("ana", "cleo", "fay")
    assert covering(who, small, DISPLAYS, last="fay", but="ana") == ("cleo", "fay")
    assert covering(who, great, DISPLAYS, last="fay", but="ben") == ("fay",)
    assert covering(who, other, DISPLAYS, last="fay", but="ben") == ("fay",)
    assert covering(who, great, DISPLAYS, last="fay", but="fay") == ()
    limited = (Authority(person="fay", up_to=money("1 EUR")), Authority(person="ana", guidelines=("displays",)))
    assert covering(limited, small, DISPLAYS, last="fay", but="ben") == ("ana",)
    assert covering(limited, small, USUAL, last="fay", but="ben") == ()
    assert covering(limited, None, None, last="fay", but="ben") == ("fay",)


def test_whoever_is_away_is_not_asked() -> None:
    """Of those who may decide, one who is there is asked."""
    story = boat()
    story.away("cleo")
    story.do(ASK)
    assert story.told.proposing.exceptions[0].approver == "fay"


def test_nobody_grants_an_exception_to_themselves() -> None:
    """The proposer cannot approve; nor can somebody whose authority does not reach that far; nor is it granted into the past."""
    story = boat()
    story.do(ASK)
    (asked,) = story.told.proposing.exceptions
    grant = GrantException(by="cleo", exception_id=asked.id, until=story.now.add(days=3))
    assert fields(story, evolve(grant, by="ben")) == {"by"}
    assert fields(story, evolve(grant, by="ana")) == {"by"}
    assert fields(story, evolve(grant, value=money("201 EUR"))) == {"by"}
    assert fields(story, evolve(grant, until=story.now)) == {"until"}
    assert fields(story, evolve(grant, exception_id="99")) == {"exception_id"}
    assert fields(story, evolve(grant, value=money("1 USD"), by="fay")) == {"value"}
    assert story.told.proposing.exceptions[0].state is ExceptionState.ASKED


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (evolve(ASK, approver="ben"), "approver"),
        (evolve(ASK, approver="ana"), "approver"),
        (evolve(ASK, approver="nobody"), "approver"),
        (evolve(ASK, value=money("1 USD")), "value"),
        (evolve(ASK, remedy="refund", value=None), "value"),
        (evolve(ASK, by="fay", value=money("900 EUR")), "by"),
    ],
)
def test_an_exception_nobody_could_grant_is_refused(command: RequestException, field: str) -> None:
    """It is asked of somebody else, whose authority covers it, and says in the guideline's currency what it comes to."""
    assert fields(boat(), command) == {field}


@pytest.mark.parametrize("guidelines", [(), (evolve(DISPLAYS, goodwill=None, remedies=DISPLAYS.remedies[1:]),)])
def test_what_has_no_price_needs_none(guidelines: tuple[Guideline, ...]) -> None:
    """Where no guideline counts in money, an exception may be asked for, granted and offered without an amount."""
    story = boat(evolve(SHOP, guidelines=guidelines))
    story.do(evolve(ASK, value=None))
    asked = story.told.proposing.exceptions[-1].id
    story.do(GrantException(by="cleo", exception_id=asked, until=story.now.add(days=3)))
    new = Option(id="new", text="A new one.", exception=asked, beyond="Fitted for you.")
    assert told_of(story.do(evolve(OFFER, options=(new,)))) == set()


def test_nothing_is_asked_for_on_a_case_that_is_over() -> None:
    """An exception would begin something on a case that has ended."""
    story = at_stage(Stage.CLOSED, SHOP)
    assert {rule for rule, _ in broken(story, ASK)} == {"stage.request_exception"}


def test_an_exception_ends() -> None:
    """Granted for three days, it is no longer offered on the fourth; a yes to what was offered in time is kept all the same."""
    story = boat()
    story.do(ASK)
    (asked,) = story.told.proposing.exceptions
    new = Option(id="new", text="A new one.", value=money("150 EUR"), exception=asked.id, beyond="Fitted.")
    offer = evolve(OFFER, options=(new,))
    assert fields(story, offer) == {"options.0.exception"}
    story.do(GrantException(by="cleo", exception_id=asked.id, until=story.now.add(days=3)))
    for other in (evolve(new, id="gold"), evolve(new, value=money("150.01 EUR")), evolve(new, value=None)):
        assert fields(story, evolve(OFFER, options=(other,))) <= {"options.0.exception", "options.0.value"}
    late = Story(policy=story.policy, now=story.now.add(days=3), case=story.told, events=list(story.events), context=story.context)
    assert fields(late, offer) == {"options.0.exception"}
    story.do(offer)
    story.wait(days=5).do(RecordAcceptance(by="ben", option="new", said=said()))
    assert story.told.stage is Stage.RESOLVED


def test_an_exception_turned_down_is_over() -> None:
    """Whoever may decide says no with a reason, whoever asked hears it, and it cannot be offered; the asker may take it back."""
    story = boat()
    story.do(ASK)
    (asked,) = story.told.proposing.exceptions
    deny = DenyException(by="cleo", exception_id=asked.id, reason="A repair will do.")
    assert fields(story, evolve(deny, by="ana")) == {"by"}
    assert ("exception_denied", "ben") in letters(story.do(deny))
    assert (story.told.proposing.exceptions[0].note, tasks(story)) == ("A repair will do.", [])
    assert fields(story, deny) == {"exception_id"}
    assert fields(story, GrantException(by="cleo", exception_id=asked.id, until=story.now.add(days=1))) == {"exception_id"}
    story.do(ASK)
    story.do(evolve(deny, by="ben", exception_id=story.told.proposing.exceptions[1].id))
    assert [one.state for one in story.told.proposing.exceptions] == [ExceptionState.DENIED, ExceptionState.DENIED]


def test_an_exception_stays_on_an_agenda_until_it_is_decided() -> None:
    """A tick decides nothing: the step stays with whoever was asked, and the tick is noted with the way out."""
    story = boat()
    story.do(ASK)
    (step,) = story.told.receiving.tasks
    decision = story.do(CompleteTask(by="cleo", task_id=step.id))
    assert (named(decision), told_of(decision)) == (["ReportNoted", "Warned"], {"propose.within-guideline"})
    assert [task.id for task in story.told.receiving.tasks] == [step.id]
    story.do(DenyException(by="cleo", exception_id=story.told.proposing.exceptions[0].id, reason="A repair will do."))
    assert tasks(story) == []


@pytest.mark.parametrize(("worth", "refused"), [("100 EUR", False), ("100.01 EUR", True), ("90 USD", True)])
def test_an_exception_without_a_value_reaches_no_further_than_who_granted_it(worth: str, refused: bool) -> None:
    """What was granted without naming a value is offered up to the authority of whoever granted it, in the guideline's currency."""
    story = boat()
    story.do(evolve(ASK, value=None))
    (asked,) = story.told.proposing.exceptions
    story.do(GrantException(by="ana", exception_id=asked.id, until=story.now.add(days=3)))
    offer = evolve(OFFER, options=(Option(id="new", text="A new one.", value=money(worth), exception=asked.id, beyond="Fitted."),))
    if refused:
        assert fields(story, offer) == {"options.0.value"}
    else:
        assert told_of(story.do(offer)) == set()


def test_what_was_offered_in_time_is_no_expired_exception() -> None:
    """A call is reported after the exception has ended; it counts when the customer was offered it."""
    story = boat()
    story.do(ASK)
    (asked,) = story.told.proposing.exceptions
    story.do(GrantException(by="cleo", exception_id=asked.id, until=story.now.add(hours=2)))
    new = Option(id="new", text="A new one.", value=money("150 EUR"), exception=asked.id, beyond="Fitted for you.")
    called_at = story.now.add(hours=1)
    story.wait(hours=3)
    assert told_of(story.do(evolve(OFFER, word=called(called_at, "We can do this today."), options=(new,)))) == set()


# ---------------------------------------------------------------- what was simply done

DID = Resolve(by="ben", word=by_mail("You have it back."), done="The money is back.", remedy="refund", value=money("70 EUR"))


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (evolve(DID, value=money("80.01 EUR")), "value"),
        (evolve(DID, value=None), "value"),
        (evolve(DID, value=money("70 USD")), "value"),
        (evolve(DID, goodwill=money("20.01 EUR")), "goodwill"),
        (evolve(DID, remedy="new"), "remedy"),
        (evolve(DID, exception="99"), "exception"),
    ],
)
def test_what_is_simply_done_is_held_against_the_guideline(command: Resolve, field: str) -> None:
    """Doing it at once is no way past the guideline; done already, it is kept, and looked at."""
    story = boat()
    assert fields(story, command) == {field}
    decision = story.do(evolve(command, word=called(story.now, "You have it back.")))
    assert (named(decision), told_of(decision)) == (["CaseResolved", "Warned", "TaskSet"], {"propose.within-guideline"})


def test_what_is_simply_done_teaches_the_next_case() -> None:
    """What it was worth is what similar cases got, and its goodwill counts for the budget."""
    story = boat()
    assert told_of(story.do(evolve(DID, goodwill=money("20 EUR")))) == set()
    learnt = precedent_of(story.told)
    assert learnt is not None
    assert (learnt.remedy, learnt.worth, learnt.declines) == ("refund", money("90 EUR"), 0)
    assert [one.value for one in goodwill_of(story.told)] == [money("20 EUR")]
    nameless = boat()
    nameless.do(evolve(DID, remedy=None, value=None))
    assert precedent_of(nameless.told) is None


def test_an_exception_covers_what_is_simply_done() -> None:
    """What somebody else has granted may be done at once as well."""
    story = boat()
    story.do(ASK)
    (asked,) = story.told.proposing.exceptions
    story.do(GrantException(by="cleo", exception_id=asked.id, until=story.now.add(days=3)))
    assert told_of(story.do(evolve(DID, remedy="new", value=money("150 EUR"), exception=asked.id))) == set()


def test_doing_it_at_once_uses_up_a_budget() -> None:
    """Goodwill is goodwill: the budget that is used up warns, and becomes a step; the customer keeps what they have."""
    story = boat(evolve(SHOP, budgets=(Budget(limit=money("10 EUR")),)))
    story.context = Context(goodwill=(), earlier=())
    decision = story.do(evolve(DID, goodwill=money("20 EUR")))
    assert (named(decision)[0], told_of(decision)) == ("CaseResolved", {"propose.over-deliver"})
    assert [task.rule for task in story.told.receiving.tasks] == ["propose.over-deliver"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"remedy": None}, "value"),
        ({"done": " "}, "remedy"),
        ({"outcome": Resolution.NOT_AGREED}, "remedy"),
        ({"goodwill": money("1 USD")}, "goodwill"),
    ],
)
def test_what_was_done_is_named_and_counted_in_one_currency(change: dict[str, object], field: str) -> None:
    """A value is the value of something that was done."""
    with pytest.raises(InvalidValue) as caught:
        evolve(DID, **change)  # type: ignore[arg-type]
    assert [reason.field for reason in caught.value.reasons] == [field]


# ---------------------------------------------------------------- a no


NO = Propose(by="ben", word=by_mail("I am sorry."), explanation="It is not made any more.", tried=TRIED, second_person="cleo")
FINAL = Resolve(
    by="ben",
    word=by_mail("I am sorry."),
    outcome=Resolution.NOT_AGREED,
    reasons="It is not made any more.",
    elsewhere="the ombudsman",
    tried=TRIED,
    second_person="cleo",
)


@pytest.mark.parametrize("command", [NO, FINAL])
def test_a_no_is_worked_for_by_two(command: Propose | Resolve) -> None:
    """A no, of whatever kind, lists what was tried and names a second person whom the policy knows."""
    rule = "propose.no-only-after-search"
    story = boat()
    assert broken(story, evolve(command, tried=())) == {(rule, "tried")}
    for second in (None, "ben", "recovery", "ghost"):
        assert broken(story, evolve(command, second_person=second)) == {(rule, "second_person")}
    story.do(command)
    (event,) = [recorded.event for recorded in story.events if isinstance(recorded.event, (Proposed, CaseResolved))]
    assert (event.tried, event.second_person) == (TRIED, "cleo")


@pytest.mark.parametrize("command", [NO, FINAL])
def test_a_no_that_was_told_without_a_search_becomes_a_step(command: Propose | Resolve) -> None:
    """What the customer has heard on the telephone is kept as a word; the owner has to search, and to have somebody else look."""
    story = boat()
    decision = story.do(evolve(command, word=called(story.now, "No."), tried=(), second_person=None))
    assert named(decision) == ["CustomerInformed", "Warned", "TaskSet"]
    assert [task.rule for task in story.told.receiving.tasks] == ["propose.no-only-after-search"]


def test_what_was_tried_says_why_it_failed() -> None:
    """An alternative without a reason was not tried."""
    with pytest.raises(InvalidValue) as caught:
        Tried(alternative="another shop", failed=" ")
    assert [reason.field for reason in caught.value.reasons] == ["failed"]


def test_doing_what_was_asked_needs_no_search() -> None:
    """Only a no has to be worked for."""
    assert told_of(boat().do(Resolve(by="ben", word=by_mail("It is done."), done="It is repaired."))) == set()


# ---------------------------------------------------------------- wish, issue, rounds


def test_the_wish_is_asked_and_the_counter_offer_answered() -> None:
    """A proposal without the customer's wish on file is told; so is one that passes over what they asked for instead."""
    story = boat(wish=False)
    assert told_of(story.do(OFFER)) == {"propose.asked-wish"}
    story.do(RecordDecline(by="ben", said=said("No."), counter_offer="Fifty more."))
    assert [wish.words for wish in story.told.proposing.sought] == ["Fifty more."]
    again = evolve(OFFER, counter_answer="Fifty is more than we can do, and here is why.")
    passed_over = Story(policy=SHOP, now=story.now, case=story.told, events=list(story.events)).do(OFFER).warnings
    assert ("propose.asked-wish", "counter_answer") in [(warning.rule, warning.field) for warning in passed_over]
    decision = story.do(again)
    assert told_of(decision) == set()
    assert "Fifty is more than we can do, and here is why." in PlainTexts().render(decision.messages[0]).body


def test_a_wish_that_a_machine_is_said_to_have_is_none() -> None:
    """A wish cites the customer's words, or a message that is on the case; else it is noted and looked into."""
    story = boat(wish=False)
    decision = story.do(RecordRemedySought(by="ben", said=said("", contact=99)))
    assert warned(decision) == {"contact.automatic-mail"}
    assert not story.told.proposing.sought
    assert tasks(story) == [("propose.asked-wish", "find out what the customer wishes")]
    story.do(RecordRemedySought(by="ben", said=said("", contact=1)))
    assert story.told.proposing.sought[0].contact == 1


def test_the_issue_is_restated_in_sixty_words_with_a_word_of_empathy() -> None:
    """The library puts the issue on file into the proposal; at sixty-one words somebody restates it first."""
    story = boat()
    story.do(Correct(by="ben", reason="the letter", issue="word " * 61))
    assert broken(story, OFFER) == {("propose.restates-issue", "issue")}
    story.do(Correct(by="ben", reason="in short", issue=" ".join(["dark"] * 60)))
    text = PlainTexts().render(story.do(OFFER).messages[0]).body
    assert " ".join(["dark"] * 60) in text
    assert "I am sorry for the trouble it has given you." in text


# ---------------------------------------------------------------- citing


def test_a_guideline_goes_out_in_its_public_words_alone() -> None:
    """What is cited is the public text, once the customer has declined; ceilings, bands and names of people stay inside."""
    story = boat()
    story.do(OFFER)
    story.do(RecordDecline(by="ben", said=said("No."), counter_offer="Two hundred."))
    decision = story.do(evolve(OFFER, cites=("displays",), counter_answer="That is more than this display has cost."))
    text = PlainTexts().render(decision.messages[0]).body
    assert told_of(decision) == set()
    assert DISPLAYS.public in text
    assert not [inside for inside in ("80.00", "20.00", "200.00", "cleo", "Cleo") if inside in text]


def test_a_guideline_is_cited_only_when_it_helps_the_customer() -> None:
    """Before a dispute it is told, unless the customer asked or the law wants it; with a no it may go along."""
    plain = evolve(OFFER, cites=("displays",))
    assert told_of(boat().do(plain)) == {"propose.policy-when-disputed"}
    for why in Citing:
        assert told_of(boat().do(evolve(plain, citing=why))) == set()
    assert told_of(boat().do(evolve(NO, cites=("displays",)))) == set()


@pytest.mark.parametrize("name", ["nothing", "usual"])
def test_what_has_no_public_text_cannot_be_cited(name: str) -> None:
    """A guideline that is not there, or that has nothing for customers, is refused: nothing internal goes out instead."""
    assert broken(boat(), evolve(OFFER, cites=(name,))) == {("propose.policy-when-disputed", "cites")}
    story = boat()
    decision = story.do(evolve(OFFER, word=called(story.now, "You get it back today."), cites=(name,)))
    assert (named(decision)[0], told_of(decision)) == ("Proposed", {"propose.policy-when-disputed"})


# ---------------------------------------------------------------- goodwill and its budget


GIFT = evolve(OFFER, options=(evolve(REFUND, goodwill=money("15 EUR")),))
SALES = evolve(
    SHOP,
    people=tuple(evolve(person, unit="sales" if person.id == "ben" else "works") for person in SHOP.people),
    units=(BusinessUnit(id="sales", name="Sales", head="cleo"), BusinessUnit(id="works", head="ana")),
    budgets=(Budget(unit="sales", limit=money("100 EUR")),),
)


def given(value: str, by: str = "ben", case_id: str = "case-7", days: int = 0) -> GoodwillGiven:
    """Return goodwill that another case has been given on the first Monday of March, or days before."""
    at = at_stage(Stage.RECEIVED).now.subtract(days=days)
    return GoodwillGiven(case_id=case_id, at=at, by=by, value=money(value))


def with_goodwill(*known: GoodwillGiven, policy: Policy = SALES) -> Story:
    """Return a case while so much goodwill has been given elsewhere."""
    story = boat(policy)
    story.context = evolve(story.context, goodwill=known)
    return story


def test_a_budget_that_is_used_up_changes_nothing_for_the_customer() -> None:
    """The offer goes out as it is; the head of the unit hears of it at once and has it on the agenda, once."""
    story = with_goodwill(given("90 EUR"))
    decision = story.do(GIFT)
    assert told_of(decision) == {"propose.over-deliver"}
    assert story.told.proposing.proposal is not None
    assert story.told.proposing.proposal.options == GIFT.options
    assert ("goodwill_budget", "cleo") in letters(decision)
    (task,) = story.told.receiving.tasks
    assert (task.owner, "105.00 EUR" in task.what) == ("cleo", True)
    story.do(RecordDecline(by="ben", said=said("No.")))
    story.do(GIFT)
    assert len(story.told.receiving.tasks) == 1
    story.do(CompleteTask(by="cleo", task_id=task.id))


@pytest.mark.parametrize(
    "known",
    [
        (given("85 EUR"),),
        (given("90 EUR", by="ana"),),
        (given("500 EUR", by="ana"), given("84 EUR")),
        (given("90 EUR", days=3),),
        (given("90 USD"),),
        (given("90 EUR", case_id="case-1"),),
    ],
)
def test_what_does_not_count_uses_nothing_up(known: tuple[GoodwillGiven, ...]) -> None:
    """Within the limit, by another unit, last month, in another currency, or on this very case: no budget is exceeded."""
    assert told_of(with_goodwill(*known).do(GIFT)) == set()


def test_another_units_budget_is_not_ours() -> None:
    """What Ben gives is not held against the workshop's budget, nor against one in another currency."""
    others = (Budget(unit="works", limit=money("1 EUR")), Budget(unit="sales", limit=money("1 USD")))
    assert told_of(with_goodwill(policy=evolve(SALES, budgets=others)).do(GIFT)) == set()


def test_a_budget_nobody_can_count_is_not_exceeded() -> None:
    """Unknown is neither yes nor no: where nobody knows what was given, nothing is said about it."""
    story = boat(SALES)
    story.context = Context(earlier=())
    assert told_of(story.do(GIFT)) == set()


def test_a_budget_of_everybody_goes_to_the_fallback_owner() -> None:
    """A budget without a unit counts what all have given, over its own period."""
    policy = evolve(SALES, budgets=(Budget(limit=money("100 EUR"), period=Period.YEAR),))
    story = with_goodwill(given("90 EUR", by="ana", days=40), policy=policy)
    assert ("goodwill_budget", "fay") in letters(story.do(GIFT))


def test_what_the_customer_of_this_case_accepted_before_counts() -> None:
    """A second gift on the same case counts with the first."""
    story = with_goodwill(policy=evolve(SALES, budgets=(Budget(unit="sales", limit=money("20 EUR")),)))
    story.do(GIFT)
    story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    assert [one.option.goodwill for one in story.told.proposing.given] == [money("15 EUR")]
    story.wait(days=1).do(Reopen(by="ben", reason="It is dark again."))
    assert told_of(story.do(GIFT)) == {"propose.over-deliver"}


@pytest.mark.parametrize(
    ("period", "start"),
    [(Period.MONTH, "2026-05-01"), (Period.QUARTER, "2026-04-01"), (Period.YEAR, "2026-01-01")],
)
def test_periods_begin_at_local_midnight(period: Period, start: str) -> None:
    """A month, a quarter and a year begin where the desk is, not in UTC."""
    at = BERLIN.at_local_time(date(2026, 5, 20), time(15))
    assert BERLIN.local_text(period_start(period, at, BERLIN))[:10] == start


# ---------------------------------------------------------------- a policy as data


TOML = {
    "fallback_owner": "fay",
    "calendar": {"timezone": "Europe/Berlin", "week": {"monday": [["09:00", "17:00"]]}},
    "guidelines": {
        "displays": {
            "category": "boats",
            "severity": "serious",
            "goodwill": "20 EUR",
            "public": "For two years.",
            "remedies": {"refund": {"text": "Your money back.", "ceiling": "80 EUR", "delivers": "the refund", "takes": "5 bd"}},
        }
    },
    "authorities": [{"person": "fay", "up_to": "200 EUR", "guidelines": ["displays"]}],
    "budgets": [{"limit": "500 EUR", "period": "quarter"}],
}


def test_guidelines_are_read_from_plain_data() -> None:
    """What a TOML file says is what the policy holds."""
    policy = Policy.from_dict(TOML)
    refund = Remedy(
        id="refund", text="Your money back.", ceiling=money("80 EUR"), delivers="the refund", takes=Length(5, Unit.BUSINESS_DAYS)
    )
    assert policy.guidelines == (
        Guideline(
            id="displays",
            category="boats",
            severity=Severity.SERIOUS,
            goodwill=money("20 EUR"),
            public="For two years.",
            remedies=(refund,),
        ),
    )
    assert policy.authorities == (Authority(person="fay", up_to=money("200 EUR"), guidelines=("displays",)),)
    assert policy.budgets == (Budget(limit=money("500 EUR"), period=Period.QUARTER),)
    assert policy.terms.guidelines == policy.guidelines


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"guidelines": {"a": {"remedies": {}}}}, "guidelines.a"),
        ({"guidelines": {"a": {"remedies": {"b": {"text": "B.", "ceiling": "80"}}}}}, "guidelines.a.remedies.b.ceiling"),
        ({"guidelines": {"a": {"remedies": {"b": {"text": "B.", "ceiling": "1 EUR"}}, "goodwill": "1 USD"}}}, "guidelines.a"),
        ({"guidelines": {"a": {"remedys": {}}}}, "guidelines.a.remedys"),
        ({"authorities": [{"person": "fay", "guidelines": ["nothing"]}]}, "authorities[0].guidelines"),
        ({"authorities": [{"person": "fay", "up_to": "1 USD", "guidelines": ["displays"]}]}, "authorities[0].up_to"),
        ({"budgets": [{"limit": "1 EUR", "unit": "nobody"}]}, "budgets[0].unit"),
        ({"budgets": [{"limit": "1 EUR"}, {"limit": "2 EUR"}]}, "budgets[1]"),
        ({"budgets": [{"limit": "1 EUR", "period": "week"}]}, "budgets[0].period"),
    ],
)
def test_a_guideline_that_cannot_work_is_named_with_its_path(change: dict[str, object], path: str) -> None:
    """A currency that differs, an unknown name, a wrong key or value: the fault says where it stands."""
    with pytest.raises(BadDefinition) as caught:
        Policy.from_dict({**TOML, **change})
    assert any(fault.startswith(path) for fault in caught.value.faults), caught.value.faults


def test_no_remedy_is_there_twice() -> None:
    """In code as in a file, a guideline tells its remedies apart by their ids."""
    with pytest.raises(InvalidValue, match="hold one id twice"):
        evolve(DISPLAYS, remedies=DISPLAYS.remedies[:1] * 2)


def test_who_may_grant_is_somebody_we_know() -> None:
    """An authority of a person who does not exist could never be used."""
    with pytest.raises(BadDefinition, match=r"authorities\[0\]\.person"):
        evolve(ROUTED, authorities=(Authority(person="ghost"),))
    with pytest.raises(BadDefinition, match=r"guidelines\.displays: is there twice"):
        evolve(ROUTED, guidelines=(DISPLAYS, DISPLAYS))
