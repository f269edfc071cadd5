"""Routing: who looks after what, by which procedure; it never dead-ends, and it explains itself by the very code that decides."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from recovery.core.decide import explain_route
from recovery.core.errors import BadDefinition, InvalidValue
from recovery.core.policy import Policy
from recovery.core.routing import choose, traits_of, weighed
from recovery.core.rule import Context
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase
from recovery.core.vocabulary.common import Channel, Customer, Severity
from recovery.core.vocabulary.ownership import Choice, Load, Person, Route, Team
from recovery.core.vocabulary.receiving import CaseOpened, Contact, Identify, OpenCase
from recovery.testing import a_desk
from recovery.testing.content import PEOPLE
from recovery.testing.story import Story
from support import BO, MONDAY, ROUTED, a_contact, warned

IN_TURN = Team(id="kettles", members=("ana", "ben", "cleo"), choose=Choice.ROUND_ROBIN)
BY_LOAD = evolve(IN_TURN, choose=Choice.LEAST_LOADED)
HOW = "Ring within the hour."
PEOPLE_IDS: tuple[str, ...] = ("ana", "ben", "cleo", "fay")


def team_policy(team: Team, *stand_ins: str, people: tuple[Person, ...] = PEOPLE) -> Policy:
    """Return a policy in which one team has everything, and Fay what is left."""
    return evolve(ROUTED, people=people, teams=(team,), routes=(Route(team=team.id, stand_ins=stand_ins, procedure=HOW),))


def owner(
    policy: Policy, contact: Contact | None = None, *, away: tuple[str, ...] = (), loads: dict[str, Load] | None = None
) -> str:
    """Return who gets a contact, as the case that it opens says; the explanation says the same."""
    context, contact = Context(away=frozenset(away), loads=loads), contact or a_contact()
    story = Story.begins(contact, policy=policy, context=context)
    told = explain_route(contact, policy, context)
    assert (told.owner, told.procedure) == (story.told.owner, story.told.ownership.procedure)
    return story.told.owner


def from_bo(**fields: object) -> Customer:
    """Return Bo with more on file."""
    return evolve(BO, **fields)  # type: ignore[arg-type]


# ---------------------------------------------------------------- which route


@pytest.mark.parametrize(
    ("route", "fits", "misses"),
    [
        ({"channel": Channel.LETTER}, {"channel": Channel.LETTER}, {}),
        ({"category": "refund"}, {"category": "refund"}, {"category": "repair"}),
        ({"region": "north"}, {"region": "north"}, {}),
        ({"brand": "acme"}, {"brand": "acme"}, {"brand": "Acme"}),
        ({"severity": Severity.CRITICAL}, {"severity": Severity.CRITICAL}, {"severity": Severity.SERIOUS}),
        ({"customer": "c-7"}, {"sender": from_bo(id="c-7")}, {"sender": from_bo(id="c-77")}),
        ({"language": "de"}, {"sender": from_bo(language="de")}, {"sender": from_bo(language="den")}),
        ({"language": "de"}, {"sender": from_bo(language="de-AT")}, {"sender": BO}),
        ({"language": "de-AT"}, {"sender": from_bo(language="de_at")}, {"sender": from_bo(language="de")}),
    ],
)
def test_a_route_fits_where_everything_it_names_is_so(
    route: dict[str, object], fits: dict[str, object], misses: dict[str, object]
) -> None:
    """Channel, category, region, brand, severity, customer and language choose the route; what is not known fits none of them."""
    policy = evolve(ROUTED, routes=(Route(owner="cleo", procedure=HOW, **route), Route(owner="ben", procedure="-")))  # type: ignore[arg-type]
    assert owner(policy, a_contact(**fits)) == "cleo"  # type: ignore[arg-type]
    assert owner(policy, a_contact(**misses)) == "ben"  # type: ignore[arg-type]


def test_a_case_out_of_the_tray_goes_by_what_is_known_by_then() -> None:
    """Whoever is found out to be a customer of one's own route gets that route's owner and procedure."""
    routes = (Route(owner="cleo", customer="c-7", procedure=HOW), Route(owner="ben", procedure="-"))
    nameless = Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY)
    story = Story.begins(nameless, policy=evolve(ROUTED, routes=routes))
    assert story.told.owner == "ben"
    story.do(Identify(by="ben", customer=from_bo(id="c-7")))
    assert (story.told.owner, story.told.ownership.procedure) == ("cleo", HOW)


# ---------------------------------------------------------------- who of a team


def test_a_named_team_takes_the_first_who_is_there() -> None:
    """The order of the members decides, whatever anybody has to do."""
    policy = team_policy(evolve(IN_TURN, choose=Choice.NAMED))
    assert owner(policy, loads={"ana": Load(open_cases=9)}) == "ana"
    assert owner(policy, away=("ana",)) == "ben"


def test_whoever_was_given_a_case_longest_ago_is_next() -> None:
    """Taking turns goes by the last case each was given; who never was comes first, and who is away keeps their turn."""
    policy = team_policy(IN_TURN)
    loads = {"ana": Load(open_cases=1, assigned_at=MONDAY.add(hours=1)), "ben": Load(open_cases=7, assigned_at=MONDAY)}
    assert owner(policy, loads=loads) == "cleo"
    assert owner(policy, away=("cleo",), loads=loads) == "ben"
    assert owner(policy, loads={**loads, "cleo": Load(assigned_at=MONDAY.add(hours=2))}) == "ben"


def test_whoever_has_the_fewest_open_cases_is_next() -> None:
    """Least loaded goes by open cases; of two with as many, by whose turn it is, and then by the order of the team."""
    policy = team_policy(BY_LOAD)
    assert owner(policy, loads={"ana": Load(open_cases=2), "ben": Load(open_cases=1), "cleo": Load(open_cases=3)}) == "ben"
    even = {"ana": Load(open_cases=1, assigned_at=MONDAY.add(hours=1)), "ben": Load(open_cases=1, assigned_at=MONDAY)}
    assert owner(policy, loads={**even, "cleo": Load(open_cases=2)}) == "ben"
    assert owner(policy, loads={}) == "ana"


@pytest.mark.parametrize("team", [IN_TURN, BY_LOAD])
def test_where_nobody_can_tell_the_order_of_the_team_decides(team: Team) -> None:
    """Not knowing how much anybody has to do stops nothing."""
    assert owner(team_policy(team), loads=None) == "ana"


@pytest.mark.parametrize("away", ["ana", "ben", "fay"])
def test_cases_at_one_instant_go_round_too(away: str) -> None:
    """A desk that takes nine letters in one minute gives each of the team as many as the others, by what its store counts."""
    policy, desk = team_policy(IN_TURN), a_desk(team_policy(IN_TURN), away=(away,))
    there = [name for name in policy.teams[0].members if name != away]
    owners = [desk.receive(a_contact(at=MONDAY, message_id=f"{n}@x.example")).case.owner for n in range(3 * len(there))]
    assert owners == there * 3


def test_a_case_that_is_over_counts_as_a_turn_and_not_as_work() -> None:
    """Who ended theirs quickly has had their turn, and is free again for whoever goes by load."""
    desk = a_desk(team_policy(IN_TURN))
    found: list[str] = []
    for number in range(3):
        case = desk.receive(a_contact(at=MONDAY, message_id=f"{number}@x.example")).case
        found.append(case.owner)
        desk.handle(case.id, spam(case.owner))
    assert found == ["ana", "ben", "cleo"]
    assert {(load.open_cases, load.assigned_at) for load in desk.store.loads(found).values()} == {(0, MONDAY)}


def spam(by: str) -> Close:
    """Return what ends a case at once."""
    return Close(by=by, reason=CloseReason.NOT_A_CASE, kind=NotACase.SPAM, explanation="An advertisement.", second_person="fay")


# ---------------------------------------------------------------- it never dead-ends


def test_whoever_has_as_many_cases_as_they_can_take_is_passed_over() -> None:
    """Overloaded falls through to the stand-ins and to the fallback owner, who takes whatever comes."""
    people = tuple(evolve(person, capacity=2) for person in PEOPLE)
    policy = team_policy(IN_TURN, people=people)
    full, busy = Load(open_cases=2), Load(open_cases=1)
    assert owner(policy, loads={"ana": full, "ben": full, "cleo": busy}) == "cleo"
    everybody: dict[str, Load] = dict.fromkeys(PEOPLE_IDS, full)
    assert owner(policy, loads=everybody) == "fay"
    single = evolve(ROUTED, people=people, routes=(Route(owner="ana", stand_ins=("ben",), procedure=HOW),))
    assert owner(single, loads={"ana": full}) == "ben"


def test_whoever_is_not_among_the_people_is_passed_over() -> None:
    """Where terms name somebody who has left the desk, the stand-in gets it."""
    terms = evolve(ROUTED.terms, people=PEOPLE[1:], routes=(Route(owner="ana", stand_ins=("ben",), procedure=HOW),))
    assert choose(terms, Context(), traits_of(a_contact())).owner == "ben"
    assert choose(terms, Context(), traits_of(a_contact())).passed_over == ("ana is not among the people",)


def test_the_fallback_owner_on_a_route_is_asked_in_their_place_and_at_last() -> None:
    """Where the fallback owner is named on the route, they may be full there and still get what nobody else can take."""
    people = tuple(evolve(person, capacity=1) if person.id == "fay" else person for person in PEOPLE)
    policy = evolve(ROUTED, people=people, routes=(Route(owner="fay", stand_ins=("ana",), procedure=HOW),))
    full = {"fay": Load(open_cases=1)}
    assert owner(policy) == "fay"
    assert owner(policy, loads=full) == "ana"
    assert owner(policy, loads=full, away=("ana",)) == "fay"
    assert owner(policy, away=("fay",)) == "ana"
    story = Story.begins(policy=policy, context=Context(away=frozenset({"fay", "ana"})))
    assert (story.told.owner, story.kinds()[1]) == ("fay", "OwnerAway")


def test_the_case_tells_whom_routing_passed_over_and_why() -> None:
    """Whoever asks later why Fay has the case reads it in its history."""
    people = tuple(evolve(person, capacity=1) for person in PEOPLE)
    policy = evolve(ROUTED, people=people, routes=(Route(owner="ben", stand_ins=("ana",), procedure=HOW),))
    context = Context(away=frozenset({"ben"}), loads={"ana": Load(open_cases=4)})
    opened = Story.begins(policy=policy, context=context).events[0].event
    assert isinstance(opened, CaseOpened)
    assert (opened.owner, opened.procedure) == ("fay", HOW)
    assert opened.passed_over == ("ben is away", "ana has 4 open cases and looks after 1 at most")


NAMES = ("ana", "ben", "cleo", "fay")
ROUTES = st.builds(
    Route,
    owner=st.sampled_from(NAMES),
    stand_ins=st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
    category=st.sampled_from((None, "a", "b")),
    severity=st.sampled_from((None, *Severity)),
)
LOADS = st.one_of(st.none(), st.dictionaries(st.sampled_from(NAMES), st.builds(Load, open_cases=st.integers(0, 3))))


@given(
    routes=st.lists(ROUTES, max_size=4).map(tuple),
    away=st.one_of(st.none(), st.frozensets(st.sampled_from(NAMES))),
    loads=LOADS,
    category=st.sampled_from((None, "a", "c")),
    severity=st.sampled_from((None, *Severity)),
)
def test_somebody_always_gets_it_and_the_explanation_is_the_choice(
    routes: tuple[Route, ...],
    away: frozenset[str] | None,
    loads: dict[str, Load] | None,
    category: str | None,
    severity: Severity | None,
) -> None:
    """Whatever the routes and whoever is away, one person has it, and is there unless even the fallback owner is not."""
    people = tuple(evolve(person, capacity=2) for person in PEOPLE)
    policy, context = evolve(ROUTED, people=people, routes=routes), Context(away=away, loads=loads)
    contact = a_contact(category=category, severity=severity)
    chosen = choose(policy.terms, context, traits_of(contact))
    told = explain_route(contact, policy, context)
    assert chosen.owner in NAMES
    assert (chosen.owner in (away or ())) is chosen.nobody_there
    assert not chosen.nobody_there or chosen.owner == "fay"
    assert (told.owner, told.nobody_there, told.procedure) == (chosen.owner, chosen.nobody_there, chosen.procedure)
    takers = [candidate.person for candidate in told.candidates if candidate.takes_it]
    assert (takers or ["fay"])[0] == chosen.owner
    assert all(not looked.fits for looked in told.considered[:-1])


# ---------------------------------------------------------------- explaining


def test_the_explanation_can_be_read() -> None:
    """Every route that was looked at says why it does not fit, and everybody who is asked why they do not get it."""
    people = tuple(evolve(person, capacity=2) if person.id == "cleo" else person for person in PEOPLE)
    policy = evolve(
        ROUTED,
        people=people,
        teams=(IN_TURN,),
        routes=(
            Route(owner="fay", channel=Channel.LETTER, language="de"),
            Route(team="kettles", category="refund", stand_ins=("fay",), procedure=HOW),
            Route(owner="ana"),
        ),
    )
    loads = {"ana": Load(open_cases=1, assigned_at=MONDAY), "cleo": Load(open_cases=2)}
    told = explain_route(a_contact(category="refund"), policy, Context(away=frozenset({"ben"}), loads=loads))
    assert str(told) == (
        "route 1 (channel letter, language de) does not fit: channel is email, not letter; language is unknown, not de\n"
        "route 2 (category refund) fits\n"
        "  ben (team kettles) is away\n"
        "  cleo (team kettles) has 2 open cases and looks after 2 at most\n"
        "  ana (team kettles) takes it, with 1 open case so far\n"
        "  fay (stand-in) would be next, with 0 open cases so far\n"
        "procedure: Ring within the hour."
    )
    assert told.route == policy.routes[1]


def test_what_no_route_fits_is_explained_too() -> None:
    """Nobody on a route, nobody there: it says so, and who gets it all the same."""
    policy = evolve(ROUTED, routes=())
    assert str(explain_route(a_contact(), policy)) == "there are no routes\n  fay (fallback owner) takes it"
    routed = evolve(ROUTED, routes=(Route(owner="ana", brand="acme"),))
    told = str(explain_route(a_contact(), routed, Context(away=frozenset({"fay"}))))
    assert told.splitlines()[-3:] == [
        "no route fits",
        "  fay (fallback owner) is away",
        "nobody is there: fay gets it all the same, and it is escalated at once",
    ]


def test_a_desk_explains_with_what_it_knows() -> None:
    """The desk asks its directory and its store, and nothing is changed by asking."""
    desk = a_desk(team_policy(BY_LOAD), away=("ben",))
    desk.receive(a_contact(at=MONDAY))
    told = desk.explain_route(a_contact("Another", at=MONDAY))
    assert told.owner == "cleo"
    assert [(one.person, one.passed_over) for one in told.candidates][:2] == [("ben", "is away"), ("cleo", "")]
    assert len(list(desk.find())) == 1


def test_nobody_is_asked_for_what_routing_does_not_need() -> None:
    """Without teams that take turns and without capacities, no store has to count anything."""
    assert not weighed(ROUTED.terms)
    assert not weighed(team_policy(evolve(IN_TURN, choose=Choice.NAMED)).terms)
    assert weighed(team_policy(IN_TURN).terms) == {"ana", "ben", "cleo"}
    assert weighed(evolve(ROUTED, people=(evolve(PEOPLE[0], capacity=3), *PEOPLE[1:])).terms) == {"ana"}


# ---------------------------------------------------------------- owner.procedure


def test_the_procedure_is_on_the_case_and_in_the_owners_message() -> None:
    """Whoever gets a case reads with it how such cases are handled, and it stays with the case."""
    policy = evolve(ROUTED, routes=(Route(owner="ben", procedure=HOW),))
    story = Story.begins(policy=policy)
    assert story.told.ownership.procedure == HOW
    assert [out.sayings[0].values["procedure"] for out in story.decisions[0].messages if out.person == "ben"] == [HOW]
    assert not any(HOW in str(out.sayings) for out in story.decisions[0].messages if out.person is None)


def test_a_route_without_a_procedure_is_warned_about_once_it_is_a_case() -> None:
    """The policy's author learns of it with the first case; what no route fits, and what waits in the tray, does not warn."""
    bare = evolve(ROUTED, routes=(Route(owner="ben", procedure=" "),))
    assert warned(Story.begins(policy=bare).decisions[0]) == {"owner.procedure"}
    assert warned(Story.begins(policy=evolve(ROUTED, routes=())).decisions[0]) == set()
    story = Story.begins(Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY), policy=bare)
    assert warned(story.decisions[0]) == {"contact.logged"}
    assert warned(story.do(Identify(by="ben", customer=BO))) == {"owner.procedure"}
    assert warned(story.do(Identify(by="ben", customer=BO))) == set()


def test_a_case_opened_for_somebody_goes_by_the_procedure_all_the_same() -> None:
    """Naming the owner by hand does not leave them without the procedure, and nobody counts as passed over."""
    story = Story(policy=ROUTED)
    story.do(OpenCase(case_id="case-1", reference="R1", contact=a_contact(), owner="cleo"))
    opened = story.events[0].event
    assert isinstance(opened, CaseOpened)
    assert (opened.owner, opened.passed_over) == ("cleo", ())
    assert opened.procedure == ROUTED.routes[-1].procedure


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (Route, "owner"),
        (lambda: Route(owner="ana", team="kettles"), "team"),
        (lambda: Team(id="kettles", members=()), "members"),
        (lambda: Team(id="kettles", members=("ana", "ana")), "members"),
        (lambda: Team(id="kettles", members=("ana",), choose="dice"), "choose"),  # type: ignore[arg-type]
        (lambda: Person(id="ana", capacity=0), "capacity"),
        (lambda: Route(owner="ana", severity="critical"), "severity"),  # type: ignore[arg-type]
    ],
)
def test_what_leads_to_nobody_cannot_be_built(make: object, field: str) -> None:
    """A route to nobody, a team of nobody, a person who can take nothing: each is refused by its field, with the way out."""
    with pytest.raises(InvalidValue) as caught:
        make()  # type: ignore[operator]
    assert [(reason.field, bool(reason.hint)) for reason in caught.value.reasons] == [(field, True)]


def test_a_policy_names_every_route_that_leads_nowhere() -> None:
    """Unknown people and unknown teams are faults of the policy, each with its path."""
    team = Team(id="kettles", members=("ana", "zoe"))
    with pytest.raises(BadDefinition) as caught:
        evolve(ROUTED, teams=(team, team), routes=(Route(owner="ghost", stand_ins=("dan",)), Route(team="pans")))
    assert caught.value.faults == (
        "teams.kettles: is there twice",
        "teams.kettles.members: nobody is called 'zoe'",
        "teams.kettles.members: nobody is called 'zoe'",
        "routes[0]: nobody is called 'ghost'",
        "routes[0]: nobody is called 'dan'",
        "routes[1].team: there is no team 'pans'; there are kettles, kettles",
    )


DATA = {
    "fallback_owner": "ana",
    "calendar": {"timezone": "Europe/Berlin", "week": {"monday": [["09:00", "17:00"]]}},
    "people": {"ana": {"capacity": 12}, "ben": {}},
    "teams": {"kettles": {"members": ["ana", "ben"], "choose": "round_robin"}},
    "routes": [{"team": "kettles", "severity": "critical", "language": "de", "customer": "c-7", "procedure": HOW}],
}


def test_routes_and_teams_are_plain_data() -> None:
    """A policy file can say all of it."""
    policy = Policy.from_dict(DATA)
    assert policy.teams == (Team(id="kettles", members=("ana", "ben"), choose=Choice.ROUND_ROBIN),)
    (route,) = policy.routes
    assert route == Route(team="kettles", severity=Severity.CRITICAL, language="de", customer="c-7", procedure=HOW)
    assert [person.capacity for person in policy.people] == [12, None]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"teams": {"kettles": {"members": []}}}, "teams.kettles.members: is empty. Name at least one person."),
        ({"teams": {"kettles": {"members": ["ana"], "choose": "dice"}}}, "teams.kettles.choose: 'dice' is none of"),
        ({"teams": {"kettles": {}}}, "teams.kettles.members: is missing"),
        ({"people": {"ana": {"capacity": 0}}}, "people.ana.capacity: is 0. Give at least 1"),
        ({"people": {"ana": {"capacity": "many"}}}, "people.ana.capacity: 'many' is of type str, not int"),
        ({"routes": [{"procedure": HOW}]}, "routes[0].owner: is missing, and so is team: the route leads to nobody."),
        ({"routes": [{"owner": "ana", "severity": "huge"}]}, "routes[0].severity: 'huge' is none of minor, normal"),
    ],
)
def test_a_fault_in_a_policy_file_is_named_with_its_path(change: dict[str, object], fault: str) -> None:
    """Whoever writes a policy file reads where the fault lies and what to write instead."""
    with pytest.raises(BadDefinition) as caught:
        Policy.from_dict({**DATA, **change})
    assert any(told.startswith(fault) for told in caught.value.faults), caught.value.faults
