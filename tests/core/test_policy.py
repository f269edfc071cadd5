"""A policy: what cannot work is refused with every fault; a file's wrong keys and values are named with their path."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from recovery import policies
from recovery.core.case import Case
from recovery.core.clock import Base, Clock, Ends, Extension, Kind, Length, Rung, Unit, Whom
from recovery.core.errors import BadDefinition, Strength
from recovery.core.policy import NEVER_PAUSED, Policy
from recovery.core.practice import CHECKS, CLOCKS, FIXED, RULES
from recovery.core.rule import Ability, Moment, Problem, rule
from recovery.core.stages import Stage
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.ownership import Person, Route
from recovery.core.vocabulary.proposing import Investigate
from support import BERLIN, MONDAY, PEOPLE, POLICY, Story, agenda_of, at_stage, why

CALENDAR = {"timezone": "Europe/Berlin", "week": {"monday": [["09:00", "17:00"]]}}
MINE = Clock(
    id="mine.call",
    rule="mine.call",
    what="call the customer",
    starts=("received",),
    stops=("spoke",),
    length=Length(2, Unit.BUSINESS_HOURS),
)


def changed(clock_id: str, **fields: Any) -> tuple[Clock, ...]:
    """Return the default clocks with one of them changed."""
    return tuple(evolve(clock, **fields) if clock.id == clock_id else clock for clock in CLOCKS)


def faults(**fields: object) -> tuple[str, ...]:
    """Return everything that is wrong with a policy of these parts."""
    with pytest.raises(BadDefinition) as caught:
        evolve(POLICY, **fields)  # type: ignore[arg-type]
    assert caught.value.what == "the policy"
    return caught.value.faults


def read_faults(**data: object) -> tuple[str, ...]:
    """Return everything that is wrong with a policy file of these keys."""
    with pytest.raises(BadDefinition) as caught:
        Policy.from_dict({"fallback_owner": "ana", "calendar": CALENDAR} | data)
    return caught.value.faults


# ---------------------------------------------------------------- the table of defaults


DEFAULTS = {
    "contact.receipt": "0 h",
    "contact.receipt.by-hand": "0 bd",
    "contact.logged": "1 bd",
    "contact.wishes": "0 h",
    "case.never-forgotten": "1 bd",
    "owner.handover": "1 bd",
    "owner.named": "0 h",
    "acknowledge.immediately": "1 bh",
    "own.cause": "5 bd",
    "own.reach-out-first": "30 cd",
    "contact.keep-informed": "3 bd",
    "contact.answer-owed": "1 bd",
    "promise.tracked": "2 bd",
    "promise.tracked.next-word": "2 bd",
    "customer.chased": "48 h",
    "propose.in-time": "5 bd",
    "propose.rounds": "1 bd",
    "resolve.delivered": "5 bd",
    "resolve.whole-case": "30 cd",
    "follow-up.days": "3 cd",
    "follow-up.weeks": "21 cd",
    "follow-up.unreachable": "2 bd",
    "survey.short": "2 cd",
    "loss.reviewed": "10 bd",
    "loss.made-up": "20 bd",
}


def test_the_default_clocks_have_their_lengths() -> None:
    """The defaults are those of the table in the design, clock by clock."""
    assert {clock.id: str(clock.length) for clock in CLOCKS} == DEFAULTS
    settings = (POLICY.reopen_window, POLICY.undated_promise, POLICY.between_attempts, POLICY.too_soon)
    assert [str(length) for length in settings] == ["7 cd", "2 bd", "1 bd", "24 h"]
    assert POLICY.attempts == 3


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: clock.id)
def test_every_clock_tells_somebody_and_says_why(clock: Clock) -> None:
    """Every default clock has a ladder, a ground, and a rule of the practice that it serves."""
    assert clock.ladder
    assert clock.citation
    assert clock.id.startswith(clock.rule)
    assert clock.what


def test_only_service_clocks_that_may_pause_do() -> None:
    """The proposal, the delivery and the follow-ups wait for the customer; nothing else does, and the statutory one never."""
    assert {clock.id for clock in CLOCKS if clock.may_pause} == {
        "propose.in-time",
        "resolve.delivered",
        "follow-up.days",
        "follow-up.weeks",
    }
    assert [clock.id for clock in CLOCKS if clock.kind is Kind.STATUTORY] == ["resolve.whole-case"]


# ---------------------------------------------------------------- what cannot work


@pytest.mark.parametrize("owner", ["", "  "])
def test_a_policy_has_a_fallback_owner(owner: str) -> None:
    """Without a fallback owner a case could end up with nobody."""
    (fault,) = faults(fallback_owner=owner, people=())
    assert fault.startswith("fallback_owner: ")
    assert "Name a person" in fault


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stops": ()}, "clocks.contact.keep-informed.stops: nothing stops it, so it could never end"),
        ({"starts": ()}, "clocks.contact.keep-informed.starts: nothing starts it"),
        ({"length": Length(-1, Unit.HOURS)}, "clocks.contact.keep-informed.length: -1 h is negative"),
        ({"may_pause": True}, "clocks.contact.keep-informed.may_pause: contact.keep-informed never pauses"),
        ({"ladder": ()}, "clocks.contact.keep-informed.ladder: it has no rungs, so nobody would ever be told"),
        (
            {"ladder": (Rung(when=Length(0, Unit.HOURS), whom=Whom.CUSTOMER),)},
            "clocks.contact.keep-informed.ladder: its last rung must tell a person (owner, supervisor or fallback)",
        ),
        (
            {"ladder": (Rung(when=Length(0, Unit.HOURS), whom=Whom.NOBODY),)},
            "clocks.contact.keep-informed.ladder: its last rung must tell a person (owner, supervisor or fallback)",
        ),
        (
            {"ladder": (Rung(when=Length(0, Unit.HOURS), base=Base.PREVIOUS, whom=Whom.OWNER),)},
            "clocks.contact.keep-informed.ladder[0].when: must lie after the rung before it",
        ),
        (
            {"ladder": (Rung(when=Length(-1, Unit.HOURS), base=Base.START, whom=Whom.OWNER),)},
            "clocks.contact.keep-informed.ladder[0].when: cannot lie before the start",
        ),
    ],
)
def test_a_clock_that_cannot_work_is_named(change: dict[str, Any], said: str) -> None:
    """A clock that nothing starts or stops, that runs backwards, may not pause or tells nobody is refused by name."""
    assert faults(clocks=changed("contact.keep-informed", **change)) == (said,)


@pytest.mark.parametrize("part", ["starts", "stops", "ends", "continues", "after", "holds"])
def test_a_mark_no_event_leaves_is_named(part: str) -> None:
    """A clock that waits for something that never happens is refused, and the marks there are are listed."""
    (fault,) = faults(clocks=changed("contact.keep-informed", **{part: ("received", "repaired")}))
    assert fault.startswith(f"clocks.contact.keep-informed.{part}: no event leaves a mark 'repaired'; there are ")
    assert "acknowledged, adopted, answered" in fault


def test_what_a_clock_extends_on_must_happen() -> None:
    """An extension on a mark no event leaves would never put anything off."""
    (fault,) = faults(clocks=changed("propose.in-time", extends=(Extension(mark="repaired"),)))
    assert fault.startswith("clocks.propose.in-time.extends: no event leaves a mark 'repaired'")


def test_a_statutory_clock_never_pauses() -> None:
    """A clock of the law that may pause is refused, the default one for two reasons."""
    law = evolve(MINE, kind=Kind.STATUTORY, may_pause=True)
    assert faults(clocks=(*CLOCKS, law)) == ("clocks.mine.call.may_pause: a statutory clock never pauses",)
    assert len(faults(clocks=changed("resolve.whole-case", may_pause=True))) == 2


@pytest.mark.parametrize("rule_id", sorted(NEVER_PAUSED))
def test_receipt_promises_answers_and_news_never_pause(rule_id: str) -> None:
    """No policy lets a clock of these rules stand still."""
    own = evolve(MINE, rule=rule_id, may_pause=True)
    assert faults(clocks=(*CLOCKS, own)) == (f"clocks.mine.call.may_pause: {rule_id} never pauses",)


@pytest.mark.parametrize(
    ("days", "weeks", "wrong"),
    [
        (Length(23, Unit.HOURS), Length(21, Unit.CALENDAR_DAYS), ["days"]),
        (Length(3, Unit.CALENDAR_DAYS), Length(9, Unit.CALENDAR_DAYS), ["weeks"]),
        (Length(1, Unit.HOURS), Length(2, Unit.HOURS), ["days", "weeks"]),
        (Length(90, Unit.MINUTES), Length(21, Unit.CALENDAR_DAYS), ["days"]),
    ],
)
def test_a_day_before_the_first_and_a_week_before_the_second(days: Length, weeks: Length, wrong: list[str]) -> None:
    """The first follow-up comes at least a day after it was settled, the second at least seven days after the first."""
    clocks = tuple(
        evolve(clock, length={"follow-up.days": days, "follow-up.weeks": weeks}.get(clock.id, clock.length)) for clock in CLOCKS
    )
    found = faults(clocks=clocks)
    assert [fault.split(".")[2].removesuffix("length: no follow-up earlier than 24 hours") for fault in found] == wrong


def test_the_bounds_themselves_are_fine() -> None:
    """Exactly a day and exactly seven days after the first are allowed."""
    lengths = {"follow-up.days": Length(24, Unit.HOURS), "follow-up.weeks": Length(8, Unit.CALENDAR_DAYS)}
    clocks = tuple(evolve(clock, length=lengths.get(clock.id, clock.length)) for clock in CLOCKS)
    assert evolve(POLICY, clocks=clocks).timing.by_id["follow-up.weeks"].length == Length(8, Unit.CALENDAR_DAYS)


def test_a_follow_up_clock_may_be_left_out() -> None:
    """A desk that makes no second follow-up by clock has nothing to compare."""
    less = evolve(POLICY, clocks=tuple(clock for clock in CLOCKS if clock.id not in ("follow-up.days", "follow-up.weeks")))
    assert len(less.timing.clocks) == len(CLOCKS) - 2


def test_too_soon_and_too_few_tries_are_refused() -> None:
    """No policy asks within the day, or passes a follow-up without a try."""
    assert [fault.split(":")[0] for fault in faults(too_soon=Length(23, Unit.HOURS), attempts=0)] == ["too_soon", "attempts"]


def test_a_clock_or_rule_is_there_once() -> None:
    """Two clocks, rules or people of one id are refused."""
    assert faults(clocks=(*CLOCKS, CLOCKS[0])) == ("clocks.contact.receipt: is there twice",)
    assert faults(rules=(*CHECKS, CHECKS[0])) == ("rules: input.address is there twice",)
    assert faults(people=(*PEOPLE, PEOPLE[0])) == ("people.ana: is there twice",)


def test_what_is_fixed_stays() -> None:
    """Fixed rules and clocks can neither be moved, gone past nor left out."""
    fixed = [check.id for check in CHECKS if check.fixed]
    assert faults(strengths={"contact.wishes": Strength.SHOULD}) == (
        "rules.contact.wishes: this rule is fixed and cannot be moved",
    )
    assert faults(strengths={"case.never-forgotten": Strength.OFF}) == (
        "rules.case.never-forgotten: this rule is fixed and cannot be moved",
    )
    assert faults(overridable=frozenset({"contact.logged"})) == ("overridable: contact.logged is fixed, so nobody may go past it",)
    assert faults(rules=()) == (f"rules: {', '.join(fixed)} cannot be left out",)
    assert faults(clocks=()) == tuple(f"clocks.{name}: cannot be left out" for name in sorted(FIXED))


@pytest.mark.parametrize(
    "rule_id",
    [
        "contact.logged",
        "contact.automatic-mail",
        "contact.wishes",
        "case.never-forgotten",
        "owner.named",
        "pause.only-for-customer",
    ],
)
def test_the_rules_the_practice_fixes_are_fixed(rule_id: str) -> None:
    """Each rule that the practice calls fixed cannot be switched off."""
    assert faults(strengths={rule_id: Strength.OFF}) == (f"rules.{rule_id}: this rule is fixed and cannot be moved",)


def test_unknown_rules_are_named() -> None:
    """A strength or an override for a rule that does not exist is refused."""
    assert faults(strengths={"no.such": Strength.OFF}) == ("rules.no.such: there is no such rule",)
    assert faults(overridable=frozenset({"no.such"})) == ("overridable: there is no rule 'no.such'",)


def test_everybody_who_is_named_exists() -> None:
    """Supervisors, owners and stand-ins are among the people, where people are listed."""
    people = (Person(id="ana", supervisor="zoe"),)
    routes = (Route(owner="ana"), Route(owner="yan", stand_ins=("ana", "xav")))
    assert faults(people=people, routes=routes) == (
        "people.ana.supervisor: nobody is called 'zoe'",
        "routes[1]: nobody is called 'yan'",
        "routes[1]: nobody is called 'xav'",
    )
    assert evolve(POLICY, people=(), routes=routes).routes == routes


def test_every_fault_comes_in_one_error() -> None:
    """A policy with several faults is refused once, and the error lists them all."""
    found = faults(
        fallback_owner="",
        strengths={"no.such": Strength.OFF},
        clocks=changed("contact.answer-owed", stops=(), may_pause=True),
        attempts=0,
    )
    assert [fault.split(":")[0] for fault in found] == [
        "fallback_owner",
        "rules.no.such",
        "clocks.contact.answer-owed.stops",
        "clocks.contact.answer-owed.may_pause",
        "attempts",
    ]


# ---------------------------------------------------------------- what works


def test_rules_and_clocks_of_ones_own_take_part() -> None:
    """A rule and a clock that a host writes are given to the policy beside the default ones, and hold like them."""

    @rule("mine.polite", heading="mine", source="us", on=(Investigate,))
    def polite(_case: object, _command: Investigate, _moment: object) -> list[Problem]:
        """Protects the customer from haste."""
        return [Problem("say please.", hint="Please.")]

    ability = Ability(id="mine.ability", heading="mine", source="us", how="mine()", protects="nothing")
    policy = evolve(POLICY, rules=(*CHECKS, polite, ability), clocks=(*CLOCKS, MINE))
    story = at_stage(Stage.ACKNOWLEDGED, policy)
    assert [reason.rule for reason in why(story, Investigate(by="ana"))] == ["mine.polite"]
    step = agenda_of(Story.begins(policy=policy), "mine.call")
    assert step is not None
    assert step.due_at == MONDAY.add(hours=2)
    assert evolve(policy, strengths={"mine.polite": Strength.OFF, "mine.call": Strength.OFF}).checks.keys() == POLICY.checks.keys()


def test_the_id_is_a_digest_of_clocks_and_calendar_alone() -> None:
    """People, rules and wording change freely; other clocks or hours are another policy, the same ones the same."""
    assert evolve(POLICY, people=(), company="Acme", strengths={"close.reasons": Strength.SHOULD}).id == POLICY.id
    assert evolve(POLICY, clocks=(*CLOCKS, MINE)).id != POLICY.id
    assert evolve(POLICY, strengths={"contact.receipt": Strength.OFF}).id != POLICY.id
    assert Policy(fallback_owner="zoe", calendar=BERLIN).id == POLICY.id


def test_a_case_runs_on_the_clocks_it_is_pinned_to() -> None:
    """A policy pinned to older clocks keeps its people and rules; pinned to its own it is itself."""
    older = evolve(POLICY, clocks=(*CLOCKS, MINE)).timing
    pinned = evolve(POLICY, company="Acme").pinned(older)
    assert (pinned.id, pinned.company, pinned.timing) == (older.id, "Acme", older)
    assert POLICY.pinned(POLICY.timing) is POLICY


@pytest.mark.parametrize(
    ("trait", "wanted", "fits"), [("channel", "email", True), ("channel", "letter", False), ("region", "north", False)]
)
def test_a_clock_may_be_for_some_cases_only(trait: str, wanted: str, fits: bool) -> None:
    """A clock narrowed to a channel, category, brand or region runs for such cases and no others."""
    story = Story.begins(policy=evolve(POLICY, clocks=(*CLOCKS, evolve(MINE, when={trait: wanted}))))
    assert (agenda_of(story, "mine.call") is not None) is fits


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        ({"valid_from": MONDAY}, True),
        ({"valid_from": MONDAY.add(seconds=1)}, False),
        ({"valid_until": MONDAY}, False),
        ({"valid_until": MONDAY.add(seconds=1)}, True),
    ],
)
def test_a_clock_may_hold_for_a_time_only(limits: dict[str, Any], fits: bool) -> None:
    """A clock holds for cases received from its first instant on and before its last."""
    story = Story.begins(policy=evolve(POLICY, clocks=(*CLOCKS, evolve(MINE, **limits))))
    assert (agenda_of(story, "mine.call") is not None) is fits


@pytest.mark.parametrize(
    ("ends", "first_day_counts", "due"),
    [
        (Ends.SAME_TIME, False, {"days": 4}),
        (Ends.SAME_TIME, True, {"days": 3}),
        (Ends.CLOSE_OF_BUSINESS, False, {"days": 4, "hours": 7}),
        (Ends.END_OF_DAY, False, {"days": 4, "hours": 14}),
        (Ends.WORKING_TIME, False, {"days": 4}),
    ],
)
def test_where_on_its_last_day_a_clock_ends(ends: Ends, first_day_counts: bool, due: dict[str, int]) -> None:
    """A clock of four days ends at the same time, at the close of business or at the end of the local day; the first may count."""
    own = evolve(MINE, length=Length(4, Unit.CALENDAR_DAYS), day_ends=ends, first_day_counts=first_day_counts)
    story = Story.begins(policy=evolve(POLICY, clocks=(*CLOCKS, own)))
    step = agenda_of(story, "mine.call")
    assert step is not None
    assert step.due_at == MONDAY.add(**due)


@pytest.mark.parametrize(
    ("text", "length"),
    [("90 min", Length(90, Unit.MINUTES)), (" 48h ", Length(48, Unit.HOURS)), ("-1 bd", Length(-1, Unit.BUSINESS_DAYS))],
)
def test_a_length_of_time_is_read(text: str, length: Length) -> None:
    """Lengths are written as a number and a unit, and print as they are read."""
    assert Length.parse(text) == length
    assert Length.parse(str(length)) == length


@pytest.mark.parametrize("text", ["", "5", "bd", "5 days", "1.5 h", "5 bd and more"])
def test_what_is_no_length_of_time_is_refused_with_the_way_out(text: str) -> None:
    """A length without a unit, or with one nobody knows, is refused."""
    with pytest.raises(ValueError, match="write a number and min, h, bh, cd or bd"):
        Length.parse(text)


# ---------------------------------------------------------------- from plain data


EXAMPLE = """
fallback_owner = "ana"
company = "Acme Boats"
way_back = "Quay 1, Berlin"
machine_channels = ["email"]
reopen_window = "14 cd"
undated_promise = "1 bd"
between_attempts = "2 bd"
attempts = 4
too_soon = "48 h"
overridable = ["promise.realistic"]

[calendar]
timezone = "Europe/Berlin"
week = { monday = [["09:00", "12:30"], ["13:30", "17:00"]], tuesday = [["09:00", "17:00"]] }
holidays = [2026-04-06]

[people.ana]
name = "Ana Sola"
supervisor = "cleo"
email = "ana@desk.example"
phone = "+49 30 1"

[people.cleo]

[[routes]]
owner = "cleo"
stand_ins = ["ana"]
channel = "letter"
category = "refund"
procedure = "Read it aloud."

[rules]
"close.reasons" = "should"
"contact.receipt" = "off"

[clocks."propose.in-time"]
length = "3 bd"
ladder = [{ when = "0 h", whom = "owner" }, { when = "2 h", base = "due", whom = "fallback", says = "escalation" }]

[clocks."law.answer"]
rule = "law.answer"
what = "answer as the law asks"
kind = "statutory"
starts = ["received"]
stops = ["resolved"]
length = "56 cd"
first_day_counts = true
day_ends = "end_of_day"
when = { region = "uk" }
extends = [{ mark = "spoke", by = "28 cd" }]
citation = "the law"
"""


def test_a_whole_policy_is_read_from_a_file() -> None:
    """A TOML file holds people, routes, rules, clocks and lengths, and reads as the policy it says."""
    policy = Policy.from_dict(tomllib.loads(EXAMPLE))
    assert (policy.fallback_owner, policy.company, policy.way_back) == ("ana", "Acme Boats", "Quay 1, Berlin")
    assert policy.machine_channels == (Channel.EMAIL,)
    lengths = (policy.reopen_window, policy.undated_promise, policy.between_attempts, policy.too_soon)
    assert ([str(length) for length in lengths], policy.attempts) == (["14 cd", "1 bd", "2 bd", "48 h"], 4)
    ana, cleo = policy.people
    assert (ana.name, ana.supervisor, [address.channel for address in ana.addresses]) == (
        "Ana Sola",
        "cleo",
        [Channel.EMAIL, Channel.PHONE],
    )
    assert cleo == Person(id="cleo")
    assert policy.routes == (
        Route(owner="cleo", stand_ins=("ana",), channel=Channel.LETTER, category="refund", procedure="Read it aloud."),
    )
    assert policy.strengths == {"close.reasons": Strength.SHOULD, "contact.receipt": Strength.OFF}
    assert policy.overridable == {"promise.realistic"}
    assert policy.calendar.is_open(MONDAY)
    clocks = {clock.id: clock for clock in policy.clocks}
    assert str(clocks["propose.in-time"].length) == "3 bd"
    assert [rung.whom for rung in clocks["propose.in-time"].ladder] == [Whom.OWNER, Whom.FALLBACK]
    assert clocks["propose.in-time"].starts == ("received", "declined", "reopened", "first_word")
    law = clocks["law.answer"]
    assert (law.kind, law.first_day_counts, law.day_ends, law.when) == (Kind.STATUTORY, True, Ends.END_OF_DAY, {"region": "uk"})
    assert law.extends == (Extension(mark="spoke", by=Length(28, Unit.CALENDAR_DAYS)),)
    assert "contact.receipt" not in policy.timing.by_id


def test_a_file_needs_no_more_than_an_owner_and_hours() -> None:
    """A fallback owner and a calendar are enough; everything else has its default."""
    policy = Policy.from_dict({"fallback_owner": "ana", "calendar": CALENDAR})
    assert (policy.clocks, policy.rules, policy.attempts) == (CLOCKS, RULES, 3)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"fallback": "ana"}, "fallback: there is no such key; did you mean fallback_owner?"),
        ({"zzz": 1}, "zzz: there is no such key; there are fallback_owner, calendar"),
        ({"reopen_window": "-1 cd"}, "reopen_window: -1 cd is negative"),
        ({"between_attempts": "-1 bd", "undated_promise": "-2 h"}, "between_attempts: -1 bd is negative"),
        ({"people": [{"name": "Ana"}]}, "people: is no table of names; write [people.NAME]"),
        ({"people": {"ana": {"mail": "x"}}}, "people.ana.mail: there is no such key; did you mean email?"),
        ({"people": {"ana": {"name": 3}}}, "people.ana.name: 3 is of type int, not str"),
        ({"routes": [{"owner": "ana"}, {"owner": "ben", "chanel": "email"}]}, "routes[1].chanel: there is no such key"),
        (
            {"routes": [{"owner": "ana", "channel": "pigeon"}]},
            "routes[0].channel: 'pigeon' is none of letter, email, phone, fax, web_form, chat, sms, social, in_person",
        ),
        ({"routes": [{}]}, "routes[0].owner: is missing"),
        ({"rules": {"close.reasons": "maybe"}}, "rules.close.reasons: 'maybe' is none of off, should, must"),
        ({"clocks": {"propose.in-time": {"length": "5 days"}}}, "clocks.propose.in-time.length: '5 days' is no length of time"),
        ({"clocks": {"propose.in-time": {"length": 5}}}, "clocks.propose.in-time.length: 5 is of type int, not str"),
        (
            {"clocks": {"propose.in-time": {"lenght": "5 bd"}}},
            "clocks.propose.in-time.lenght: there is no such key; did you mean length?",
        ),
        (
            {"clocks": {"propose.in-time": {"ladder": [{"when": "0 h", "whom": "boss"}]}}},
            "clocks.propose.in-time.ladder[0].whom: 'boss' is none of owner, supervisor, fallback, customer, nobody",
        ),
        (
            {"clocks": {"propose.intime": {"length": "3 bd"}}},
            "clocks.propose.intime.rule: is missing (did you mean propose.in-time?)",
        ),
        ({"clocks": {"zzz": {"rule": "zzz"}}}, "clocks.zzz.what: is missing"),
        ({"attempts": "three"}, "attempts: 'three' is of type str, not int"),
        ({"attempts": True}, "attempts: True is of type bool, not int"),
        ({"calendar": "always"}, "calendar: 'always' is of type str, not dict"),
        ({"calendar": {"timezone": "Mars/Base", "week": {"monday": [["09:00", "17:00"]]}}}, "calendar: "),
        ({"calendar": CALENDAR | {"hours": "all"}}, "calendar: hours: no such key"),
        ({"overridable": ["no.such"]}, "overridable: there is no rule 'no.such'"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_path(data: dict[str, object], said: str) -> None:
    """Whatever is wrong in a file is named with the path to it, and where a key is near another one, with that."""
    assert any(fault.startswith(said) for fault in read_faults(**data)), read_faults(**data)


def test_several_wrong_keys_come_in_one_error() -> None:
    """A file with several faults is refused once, with a line for each."""
    found = read_faults(attempts="three", people={"ana": {"name": 3, "mail": "x"}}, rules={"close.reasons": "maybe"}, zzz=1)
    assert sorted(fault.split(":")[0] for fault in found) == [
        "attempts",
        "people.ana.mail",
        "people.ana.name",
        "rules.close.reasons",
        "zzz",
    ]


def test_a_file_without_a_calendar_says_so() -> None:
    """A policy without working hours is refused, and named."""
    with pytest.raises(BadDefinition) as caught:
        Policy.from_dict({"fallback_owner": "ana"})
    assert caught.value.faults == ("calendar: is missing",)


def test_a_file_without_a_fallback_owner_says_so() -> None:
    """The fault of the whole policy is told for a file too."""
    with pytest.raises(BadDefinition) as caught:
        Policy.from_dict({"calendar": CALENDAR})
    assert caught.value.faults[0].startswith("fallback_owner: ")


# ---------------------------------------------------------------- rules and clocks of one's own


@rule("house.says-hello", heading="receiving", source="ours", on=(Investigate,), overridable=True)
def says_hello(case: Case, command: Investigate, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from silence at the door."""
    yield Problem("nobody said hello")


def test_rules_of_ones_own_come_with_every_way_to_a_policy() -> None:
    """A house rule stands beside the practice's, and a file moves it like any other."""
    data = {"fallback_owner": "ana", "calendar": CALENDAR, "rules": {"house.says-hello": "should"}}
    for policy in (
        Policy.from_dict(data, rules=[says_hello]),
        policies.default(
            fallback_owner="ana", calendar=BERLIN, rules=[says_hello], strengths={"house.says-hello": Strength.SHOULD}
        ),
    ):
        assert policy.rules == (*RULES, says_hello)
        assert policy.strength(says_hello) is Strength.SHOULD
        assert policy.may_override(says_hello)


def test_a_policy_file_takes_rules_of_ones_own(tmp_path: Path) -> None:
    """What is read from a file and what is written in Python come together in one call."""
    file = tmp_path / "policy.toml"
    file.write_text('fallback_owner = "ana"\n[calendar]\ntimezone = "UTC"\nweek = { monday = [["09:00", "17:00"]] }\n', "utf-8")
    assert policies.load(file, rules=[says_hello]).rules == (*RULES, says_hello)


def test_a_clock_of_ones_own_is_added_and_one_of_the_same_id_replaced() -> None:
    """The default policy takes clocks beside the practice's, each id once."""
    slower = evolve(CLOCKS[0], length=Length(9, Unit.BUSINESS_DAYS))
    policy = policies.default(fallback_owner="ana", calendar=BERLIN, clocks=[MINE, slower])
    assert policy.timing.by_id["mine.call"] == MINE
    assert policy.timing.by_id[slower.id] == slower
    assert len(policy.clocks) == len(CLOCKS) + 1


def test_a_clock_in_a_file_can_say_all_that_a_clock_can() -> None:
    """There is nothing about a clock that only Python could say."""
    clock = {
        "rule": "house.limit",
        "what": "answer for good",
        "starts": ["received"],
        "stops": ["resolved"],
        "length": "56 cd",
        "continues": ["reopened"],
        "repeats": False,
        "after": ["acknowledged"],
        "holds": ["wrote", "answered"],
        "valid_from": "2026-07-01T00:00:00+02:00",
        "valid_until": MONDAY,
    }
    read = Policy.from_dict({"fallback_owner": "ana", "calendar": CALENDAR, "clocks": {"house.limit": clock}})
    made = read.timing.by_id["house.limit"]
    assert (made.continues, made.repeats, made.after, made.holds) == (
        ("reopened",),
        False,
        ("acknowledged",),
        ("wrote", "answered"),
    )
    assert made.valid_from is not None
    assert made.valid_from.isoformat() == "2026-06-30T22:00:00+00:00"
    assert made.valid_until == MONDAY


@pytest.mark.parametrize("date", ["2026-07-01T00:00:00", "soon", 7])
def test_a_date_of_a_clock_is_an_instant_with_its_offset(date: object) -> None:
    """A local date means another instant in each zone, so it is refused with its path."""
    (fault,) = read_faults(clocks={"contact.keep-informed": {"valid_from": date}})
    assert fault.startswith("clocks.contact.keep-informed.valid_from: ")


# ---------------------------------------------------------------- the wording of a policy file


GROWING = {
    "rule": "own.no-blame",
    "phrases": ["growing pains"],
    "reason": "it belittles what happened",
    "better": "Say what happened, and what you do by when.",
}


def worded(**data: object) -> Policy:
    """Return the policy of a file with this wording."""
    return Policy.from_dict({"fallback_owner": "ana", "calendar": CALENDAR, "wording": data})


def test_a_file_adds_to_the_wording_that_comes_with_the_library() -> None:
    """What a desk does not want to read is found beside what nobody should; a standard rule can be taken out by its id."""
    more = worded(languages={"en": {"lists": {"party": ["Nordwind"]}, "rules": {"ours.growing": GROWING}}})
    text = "These are growing pains. Nordwind lost it."
    assert [one.found for one in more.wording.check(text, language="en")] == ["growing pains", "Nordwind lost"]
    (known,) = [one.id for one in more.wording.check("The courier lost it.", language="en")]
    assert worded(off=[known]).wording.check("The courier lost it.", language="en") == ()


def test_a_wording_of_ones_own_can_stand_alone() -> None:
    """With the standard left out only one's own rules are held, in a language of one's own as well."""
    alone = worded(standard=False, languages={"nl": {"rules": {"ours.growing": {**GROWING, "phrases": ["kinderziektes"]}}}})
    assert [one.id for one in alone.wording.check("Dat zijn kinderziektes. The courier lost it.")] == ["ours.growing"]


def test_every_fault_of_a_wording_is_told_with_its_path() -> None:
    """A phrase that names no list, a rule without a reason and an id that is not there are each named where they stand."""
    nameless = {**GROWING, "phrases": ["<nobody> lost it"]}
    for wrong, path in (
        ({"languages": {"en": {"rules": {"a": {**GROWING, "reason": " "}}}}}, "wording.languages.en.rules.a.reason"),
        ({"languages": {"en": {"rules": {"a": nameless}}}}, "wording.languages.en.rules.a"),
        ({"off": ["en.nothing"]}, "wording.off"),
    ):
        (fault,) = read_faults(wording=wrong)
        assert fault.startswith(path)


def test_an_ability_cannot_be_moved() -> None:
    """What the library can do refuses nothing, so there is no strength to give it."""
    (fault,) = faults(strengths={"learn.training": Strength.OFF})
    assert fault == "rules.learn.training: is an ability, so there is nothing to refuse or to warn of"
