"""Who looks after a case, and how: the first route that fits, its people in order, and at last the fallback owner.

It never dead-ends, and it explains itself: :func:`choose` takes the first of the people that :func:`explain` lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from recovery.core.case import Case
from recovery.core.rule import Context, Terms
from recovery.core.vocabulary.common import Channel, Customer, Severity
from recovery.core.vocabulary.ownership import Choice, Load, Route, Team
from recovery.core.vocabulary.receiving import Contact, ReceivingPart

__all__ = [
    "Candidate",
    "Chosen",
    "Considered",
    "Routing",
    "Traits",
    "choose",
    "choose_again",
    "explain",
    "full",
    "route_for",
    "traits_of",
    "traits_of_case",
    "weighed",
]


@frozen(kw_only=True)
class Traits:
    """What routes look at."""

    channel: Channel
    category: str | None
    region: str | None
    brand: str | None
    language: str | None
    severity: Severity | None
    customer: str | None


def traits_of(contact: Contact) -> Traits:
    """Return what routes look at in a contact that comes in."""
    return _traits(contact.channel, contact, contact.sender)


def traits_of_case(case: Case, customer: Customer | None = None) -> Traits:
    """Return what routes look at in a case: how it came in, and the rest as it is on file by now."""
    known = case.receiving
    # Whom an incident affects may not have said a word yet: then what counts is how we reach them.
    ways = [*(note.channel for note in known.contacts), *(address.channel for address in known.customer.addresses), Channel.LETTER]
    return _traits(ways[0], known, known.customer if customer is None else customer)


def _traits(channel: Channel, told: Contact | ReceivingPart, customer: Customer) -> Traits:
    return Traits(
        channel=channel,
        category=told.category,
        region=told.region,
        brand=told.brand,
        severity=told.severity,
        language=customer.language,
        customer=customer.id,
    )


# ---------------------------------------------------------------- choosing


@frozen(kw_only=True)
class Chosen:
    """Who was chosen, by which procedure, and whom routing passed over, with the reasons.

    ``nobody_there``: even the fallback owner is away, and the case has to be escalated at once.
    """

    owner: str
    nobody_there: bool = False
    procedure: str = ""
    passed_over: tuple[str, ...] = ()


def choose(terms: Terms, context: Context, traits: Traits, *, turn: int = 0) -> Chosen:
    """Return the owner for a case with these traits.

    ``turn`` counts cases that are routed at once, where nobody can tell what each has to do: a team then takes turns by it.
    """
    route = route_for(terms, traits)
    return _chosen(_candidates(route, terms, context, turn), terms, "" if route is None else route.procedure)


def choose_again(case: Case, terms: Terms, context: Context) -> Chosen:
    """Return the owner for a case that is reopened: the same, unless away or unwanted by the customer."""
    traits = traits_of_case(case)
    if case.owner != case.ownership.unwanted and terms.knows(case.owner) and not context.is_away(case.owner):
        route = route_for(terms, traits)
        return Chosen(owner=case.owner, procedure="" if route is None else route.procedure)
    fresh = choose(terms, context, traits)
    if fresh.owner != case.ownership.unwanted:
        return fresh
    above = _candidate(terms.supervisor(case.owner), "supervisor", terms, context)
    return _chosen((above, _fallback(terms, context)), terms, fresh.procedure)


def route_for(terms: Terms, traits: Traits) -> Route | None:
    """Return the first route that fits."""
    return next((route for route in terms.routes if not any(True for _ in _misfits(route, traits))), None)


def weighed(terms: Terms) -> frozenset[str]:
    """Return the people of whom routing must know how much they have to do; nobody, where no route and no capacity asks."""
    busy = (name for team in terms.teams if team.choose is not Choice.NAMED for name in team.members)
    return frozenset((*busy, *(person.id for person in terms.people if person.capacity is not None)))


def _chosen(candidates: Iterator[Candidate] | tuple[Candidate, ...], terms: Terms, procedure: str) -> Chosen:
    passed: list[str] = []
    for candidate in candidates:
        if candidate.takes_it:
            return Chosen(owner=candidate.person, procedure=procedure, passed_over=tuple(passed))
        passed.append(f"{candidate.person} {candidate.passed_over}")
    return Chosen(owner=terms.fallback_owner, nobody_there=True, procedure=procedure, passed_over=tuple(passed))


def _candidates(route: Route | None, terms: Terms, context: Context, turn: int = 0) -> Iterator[Candidate]:
    """Yield everybody who may get the case, in the order they are asked, and at the end the fallback owner."""
    asked: dict[str, Candidate] = {}
    for person, role in _named(route, terms, context, turn):
        if person not in asked:
            asked[person] = _candidate(person, role, terms, context)
            yield asked[person]
    named = asked.get(terms.fallback_owner)
    if named is None or not (named.takes_it or context.is_away(named.person)):
        yield _fallback(terms, context)


def _named(route: Route | None, terms: Terms, context: Context, turn: int) -> Iterator[tuple[str, str]]:
    if route is None:
        return
    team = None if route.team is None else terms.team(route.team)
    if route.owner is not None:
        yield route.owner, "owner"
    if team is not None:
        for person in _in_turn(team, context, turn):
            yield person, f"team {team.id}"
    for person in route.stand_ins:
        yield person, "stand-in"


def _in_turn(team: Team, context: Context, turn: int) -> tuple[str, ...]:
    """Return the members in the order they are asked. Where two have waited equally long the one with less to do is first."""
    loads = context.loads
    if team.choose is Choice.NAMED:
        return team.members
    if loads is None:
        first = turn % len(team.members)
        return (*team.members[first:], *team.members[:first])
    known = {name: loads.get(name, Load()) for name in team.members}
    if team.choose is Choice.LEAST_LOADED:
        return tuple(sorted(team.members, key=lambda name: (known[name].open_cases, _given(known[name]))))
    return tuple(sorted(team.members, key=lambda name: (_given(known[name]), known[name].open_cases)))


def _given(load: Load) -> tuple[bool, str]:
    """Return what sorts by when somebody was last given a case; who never was comes first."""
    at = load.assigned_at
    return at is not None, "" if at is None else at.isoformat()


def _candidate(person: str, role: str, terms: Terms, context: Context) -> Candidate:
    load = None if context.loads is None else context.loads.get(person, Load())
    why = full(person, terms, context)
    if not terms.knows(person):
        why = "is not among the people"
    elif context.is_away(person):
        why = "is away"
    return Candidate(person=person, role=role, passed_over=why, load=load)


def full(person: str, terms: Terms, context: Context) -> str:
    """Return in words that somebody has as many open cases as they can look after; empty where not, or where nobody can tell."""
    known = terms.person(person)
    if known is None or known.capacity is None or context.loads is None:
        return ""
    many = context.loads.get(person, Load()).open_cases
    return "" if many < known.capacity else f"has {_cases(many)} and looks after {known.capacity} at most"


def _cases(many: int) -> str:
    return f"{many} open case{'' if many == 1 else 's'}"


def _fallback(terms: Terms, context: Context) -> Candidate:
    """Return the fallback owner, who takes whatever comes, however much it is."""
    person = terms.fallback_owner
    load = None if context.loads is None else context.loads.get(person, Load())
    why = "is away" if context.is_away(person) else ""
    return Candidate(person=person, role="fallback owner", passed_over=why, load=load)


# ---------------------------------------------------------------- fitting


def _misfits(route: Route, traits: Traits) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each trait in which ``route`` does not fit, what it wants, and what there is."""
    for name in ("channel", "category", "region", "brand", "severity", "customer"):
        wanted, held = getattr(route, name), getattr(traits, name)
        if wanted is not None and wanted != held:
            yield name, _plain(wanted), _plain(held)
    if route.language is not None and not _speaks(route.language, traits.language):
        yield "language", route.language, _plain(traits.language)


def _speaks(wanted: str, held: str | None) -> bool:
    """Whether a language tag is the one wanted, or a more special one: ``de-AT`` is ``de``."""
    plain, told = (tag.casefold().replace("_", "-") for tag in (wanted, held or ""))
    return told == plain or told.startswith(f"{plain}-")


def _plain(value: object) -> str:
    return "unknown" if value is None else str(value.value if isinstance(value, (Channel, Severity)) else value)


# ---------------------------------------------------------------- explaining


@frozen(kw_only=True)
class Candidate:
    """Somebody who may get a case: as what, and why routing passes over them (``passed_over`` is empty where it does not).

    ``load`` is what is known of how much they have to do.
    """

    person: str
    role: str
    passed_over: str = ""
    load: Load | None = None

    @property
    def takes_it(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.passed_over


@frozen(kw_only=True)
class Considered:
    """A route that was looked at: its number, counted from 0, and each thing in which it does not fit."""

    number: int
    route: Route
    misfits: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it fits."""
        return not self.misfits


@frozen(kw_only=True)
class Routing:
    """Where a contact goes, by which procedure, and why: every route up to the first that fits, and everybody who is asked.

    ``nobody_there``: even the fallback owner, who gets it all the same, is away. ``str()`` tells it in lines to read.
    """

    owner: str
    procedure: str
    nobody_there: bool
    considered: tuple[Considered, ...]
    candidates: tuple[Candidate, ...]

    @property
    def route(self) -> Route | None:
        """The route that fits, if one does."""
        return next((looked.route for looked in self.considered if looked.fits), None)

    def __str__(self) -> str:
        told = [_route_line(looked) for looked in self.considered]
        if self.route is None:
            told.append("no route fits" if told else "there are no routes")
        told += [_person_line(candidate, self) for candidate in self.candidates]
        if self.nobody_there:
            told.append(f"nobody is there: {self.owner} gets it all the same, and it is escalated at once")
        if self.route is not None:
            told.append(f"procedure: {self.procedure or 'none is named on this route'}")
        return "\n".join(told)


def explain(terms: Terms, context: Context, traits: Traits) -> Routing:
    """Return where a case with these traits goes, and why."""
    considered: list[Considered] = []
    for number, route in enumerate(terms.routes):
        misfits = tuple(f"{name} is {held}, not {wanted}" for name, wanted, held in _misfits(route, traits))
        considered.append(Considered(number=number, route=route, misfits=misfits))
        if not misfits:
            break
    fitting, chosen = route_for(terms, traits), choose(terms, context, traits)
    return Routing(
        owner=chosen.owner,
        procedure=chosen.procedure,
        nobody_there=chosen.nobody_there,
        considered=tuple(considered),
        candidates=tuple(_candidates(fitting, terms, context)),
    )


def _route_line(looked: Considered) -> str:
    route = looked.route
    names = ("channel", "category", "region", "brand", "language", "severity", "customer")
    wants = ", ".join(f"{name} {_plain(value)}" for name in names if (value := getattr(route, name)) is not None)
    found = "fits" if looked.fits else f"does not fit: {'; '.join(looked.misfits)}"
    return f"route {looked.number + 1} ({wants or 'everything'}) {found}"


def _person_line(candidate: Candidate, routing: Routing) -> str:
    name, load = f"  {candidate.person} ({candidate.role})", candidate.load
    if not candidate.takes_it:
        return f"{name} {candidate.passed_over}"
    busy = "" if load is None else f", with {_cases(load.open_cases)} so far"
    return f"{name} takes it{busy}" if candidate.person == routing.owner else f"{name} would be next{busy}"
