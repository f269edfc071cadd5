"""Checks of ``CaseFinder``: a case is found by what it holds now, and nothing else is."""

from __future__ import annotations

import attrs

from recovery.codec import Undecodable
from recovery.core.place import Lookup, lookups_of
from recovery.core.stages import Stage
from recovery.ports.store import CaseFinder, Store
from recovery.ports.values import Query
from recovery.testing.contracts.checking import Duties, expect, same
from recovery.testing.contracts.samples import NASTY, after, closed, contact, corrected, following, moved, opening, saying, task
from recovery.testing.contracts.stores.bench import StoreBench, loaded, on_one, saved

__all__ = ["finding"]

finding = Duties[StoreBench](CaseFinder)

_LOOKUPS = "Keep lookups_of(case) beside each case, replace them with every change, and look there (recovery.stores.Scanning)."
_FITS = "recovery.stores.fits says whether a case fits a query; recovery.stores.Scanning uses it."


def _ids(store: Store, *lookups: Lookup) -> list[str]:
    return [case.id for case in store.candidates(lookups)]


def _found(store: Store, query: Query) -> list[str]:
    return [case.id for case in store.find(query)]


@finding("", 1, _LOOKUPS)
@on_one
def what_a_case_is_found_by_follows_the_case(store: Store) -> None:
    """A case is found by what it holds now, at once, and no longer by what it held: a new owner, a corrected address."""
    case = saved(store, opening())
    saved(store, following(case, moved("ben"), corrected("ann@other.example")))
    for old in (Query(owner="ana"), Query(address="ann@example.org")):
        same(_found(store, old), [], f"what is found by what the case held, {old}")
    for new in (Query(owner="ben"), Query(address="ann@other.example")):
        same(_found(store, new), ["c-1"], f"what is found by what the case holds, {new}")
    same(_ids(store, Lookup("address", "ann@example.org")), [], "the candidates by the address the case held")
    same(_ids(store, Lookup("address", "ann@other.example")), ["c-1"], "the candidates by the address the case holds")


@finding("candidates", 1, _LOOKUPS)
@on_one
def candidates_are_found_by_each_of_their_lookups(store: Store) -> None:
    """Contact, thread, reference, ticket, customer and address each find the case; other cases stay where they are."""
    case = saved(store, opening(of=contact(message_id="<m-1@x>", ticket="T 1")))
    case = saved(store, saying(case))
    other = contact("Another", sender=attrs.evolve(contact().sender, id="k-8", addresses=()))
    saved(store, opening("c-2", of=other))
    for lookup in sorted(lookups_of(case), key=lambda lookup: (lookup.kind, lookup.value)):
        same(_ids(store, lookup), ["c-1"], f"the candidates by {lookup}")


@finding("candidates", 1, "Compare kind and value of a lookup exactly, and find nothing by no lookup.")
@on_one
def candidates_of_nothing_are_none(store: Store) -> None:
    """What nobody has finds nobody, whatever it looks like."""
    saved(store, opening())
    for lookup in (Lookup("reference", "nobody"), Lookup("address", ""), Lookup("reference", NASTY), Lookup("ticket", "k-7")):
        same(_ids(store, lookup), [], f"the candidates by {lookup}")
    same(_ids(store), [], "the candidates by nothing")


@finding("candidates", 1, "Sort by opened_at and id, and give a case once: recovery.stores.with_survivors does.")
@on_one
def candidates_come_once_and_oldest_first(store: Store) -> None:
    """A case that several lookups find comes once; the order does not depend on ids or on who asks."""
    for case_id, minutes in (("c-1", 2), ("c-2", 1), ("c-3", 3)):
        saved(store, opening(case_id, at=after(minutes)))
    wanted = ["c-2", "c-1", "c-3"]
    same(_ids(store, Lookup("customer", "k-7"), Lookup("address", "ann@example.org")), wanted, "the candidates")
    same(_ids(store, Lookup("address", "ann@example.org"), Lookup("customer", "k-7")), wanted, "the candidates the other way round")


@finding("candidates", 2, "Follow case.closing.survivor: recovery.stores.with_survivors does.")
@on_one
def candidates_follow_what_they_were_merged_into(store: Store) -> None:
    """With a duplicate comes its survivor, and the survivor of that, even in a circle or where it is missing."""
    merged = {"c-1": "c-2", "c-2": "c-3", "c-3": None, "c-4": "c-5", "c-5": "c-4", "c-6": "gone"}
    for case_id, survivor in merged.items():
        case = saved(store, opening(case_id, of=contact(ticket=f"T-{case_id}")))
        if survivor is not None:
            saved(store, following(case, closed(survivor)))
    found = [sorted(_ids(store, Lookup("ticket", f"T-{case_id}"))) for case_id in merged]
    wanted = [["c-1", "c-2", "c-3"], ["c-2", "c-3"], ["c-3"], ["c-4", "c-5"], ["c-4", "c-5"], ["c-6"]]
    same(found, wanted, "what comes with c-1 to c-6")


_READS = "Let Undecodable of `load` through; whoever asks reads the others one by one (recovery.stores.Scanning does)."


@finding("candidates", 3, _READS, needs=("garble",))
def what_cannot_be_read_is_not_taken_for_absent(bench: StoreBench) -> None:
    """Where a case that is looked for cannot be read, it is not passed over: a repeat of its contact would open a second one."""
    with bench.fresh() as store:
        _garbled(bench, store)
        readable = _can_load(store, "c-1")
        try:
            found = _ids(store, Lookup("address", "ann@example.org"))
        except Undecodable:
            return
        expect(readable, f"the candidates were {found} where c-1 cannot be read, and should raise Undecodable")
        same(found, ["c-0", "c-1", "c-2"], "the candidates, all of which can be read")


@finding("found_by", 1, _LOOKUPS)
@on_one
def the_ids_of_who_holds_a_lookup_are_told(store: Store) -> None:
    """Each lookup of a case finds its id, once; a duplicate comes without the case that survived it; nobody else comes."""
    case = saved(store, opening(of=contact(message_id="<m-1@x>", ticket="T 1")))
    other = contact("Another", sender=attrs.evolve(contact().sender, id="k-8", addresses=()))
    saved(store, opening("c-2", of=other))
    case = saved(store, following(case, closed("c-2")))
    for lookup in sorted(lookups_of(case), key=lambda lookup: (lookup.kind, lookup.value)):
        same(list(store.found_by(lookup)), ["c-1"], f"the ids by {lookup}")
    saved(store, opening("c-3"))
    same(sorted(store.found_by(Lookup("customer", "k-7"))), ["c-1", "c-3"], "the ids by a customer with two cases")
    for lookup in (Lookup("customer", "nobody"), Lookup("reference", NASTY), Lookup("ticket", "k-7")):
        same(list(store.found_by(lookup)), [], f"the ids by {lookup}")


@finding("found_by", 2, "Read the ids where the lookups are kept, and no case.", needs=("garble",))
def what_cannot_be_read_can_be_named(bench: StoreBench) -> None:
    """A case whose rows cannot be read is found by what it holds."""
    with bench.fresh() as store:
        _garbled(bench, store)
        same(sorted(store.found_by(Lookup("address", "ann@example.org"))), ["c-0", "c-1", "c-2"], "the ids by an address")


def _garbled(bench: StoreBench, store: Store) -> None:
    """Store three cases of one customer, and make the one in the middle unreadable."""
    saved(store, opening("c-0"), opening("c-1"), opening("c-2"))
    if bench.garble is not None:
        bench.garble(store, "c-1")


def _can_load(store: Store, case_id: str) -> bool:
    """Whether a case can be read: a store may keep a snapshot that no garbled history touches."""
    try:
        return store.load(case_id) is not None
    except Undecodable:
        return False


_LOADS = "Count by owner, and keep case.ownership.since beside each case: recovery.stores.loads_of counts it over cases."


@finding("loads", 1, _LOADS)
@on_one
def who_has_how_much_is_counted(store: Store) -> None:
    """Open cases count for whoever has them now; what is over, and what waits in the tray, is nobody's work."""
    _four(store)
    asked = ("ana", "ben", "cleo", NASTY)
    found = store.loads(asked)
    same({name: load.open_cases for name, load in found.items()}, {"ana": 1, "ben": 1, "cleo": 0, NASTY: 0}, "the open cases")
    saved(store, following(loaded(store, "c-2"), moved("ana")))
    found = store.loads(asked)
    same({name: load.open_cases for name, load in found.items()}, {"ana": 2, "ben": 0, "cleo": 0, NASTY: 0}, "after a move")
    same(dict(store.loads(())), {}, "the loads of nobody")


@finding("loads", 2, _LOADS)
@on_one
def who_was_last_given_a_case_is_known(store: Store) -> None:
    """The latest case counts, whether it is over or not, and a case that was moved counts from its move."""
    for case_id, minutes in (("c-1", 5), ("c-2", 3)):
        saved(store, opening(case_id, at=after(minutes)))
    saved(store, opening("c-3", at=after(7), owner="ben"))
    case = saved(store, following(saved(store, opening("c-4", at=after(9))), closed()))
    since = {load: found.assigned_at for load, found in store.loads(("ana", "ben", "cleo")).items()}
    same(
        since, {"ana": case.ownership.since, "ben": loaded(store, "c-3").ownership.since, "cleo": None}, "when they were given one"
    )
    gone = saved(store, following(loaded(store, "c-3"), moved("cleo")))
    since = {load: found.assigned_at for load, found in store.loads(("ben", "cleo")).items()}
    same(since, {"ben": None, "cleo": gone.ownership.since}, "when they were given one, after a move")


ASKED: tuple[tuple[Query, list[str]], ...] = (
    (Query(), ["c-1", "c-2", "c-3", "c-4"]),
    (Query(owner="ana"), ["c-1", "c-3", "c-4"]),
    (Query(owner="\ud800"), []),
    (Query(owner="nobody"), []),
    (Query(stage=Stage.CLOSED), ["c-3"]),
    (Query(stage=Stage.RECEIVED, owner="ana"), ["c-1", "c-4"]),
    (Query(category="kettles"), ["c-2"]),
    (Query(customer="k-7"), ["c-1", "c-3", "c-4"]),
    (Query(address=" ann@EXAMPLE.org"), ["c-1", "c-3", "c-4"]),
    (Query(reference="ref-c-2 "), ["c-2"]),
    (Query(ticket="order 2"), ["c-2"]),
    (Query(ticket="order"), []),
    (Query(ticket="order 2", owner="ana"), []),
    (Query(open_only=True), ["c-1", "c-2", "c-4"]),
    (Query(in_tray=True), ["c-4"]),
    (Query(in_tray=False), ["c-1", "c-2", "c-3"]),
    (Query(in_tray=False, open_only=True, owner="ana"), ["c-1"]),
    (Query(text="STRASSE"), ["c-2"]),
    (Query(text="plumber"), ["c-1"]),
    (Query(text="ann example"), ["c-1", "c-3", "c-4"]),
    (Query(text="\udfff \u202eRIGHT"), ["c-2"]),
    (Query(text="ref-c-2"), []),
    (Query(text="kettle", owner="ana", open_only=True), ["c-1", "c-4"]),
)
PAGES: tuple[tuple[Query, list[str]], ...] = (
    (Query(limit=2), ["c-1", "c-2"]),
    (Query(limit=0), []),
    (Query(limit=2, after="c-2"), ["c-3", "c-4"]),
    (Query(after="c-4"), []),
    (Query(after=""), ["c-1", "c-2", "c-3", "c-4"]),
    (Query(owner="ana", limit=1, after="c-1"), ["c-3"]),
)


def _four(store: Store) -> None:
    """Store an open case with a task, one of another customer, a closed one, and one in the tray."""
    saved(store, following(saved(store, opening("c-1")), task()))
    sender = attrs.evolve(contact().sender, name="Bo", id="k-8", addresses=())
    saved(store, opening("c-2", of=contact(f"Straße {NASTY}", category="kettles", sender=sender, ticket="order 2"), owner="ben"))
    saved(store, following(saved(store, opening("c-3")), closed()))
    saved(store, opening("c-4", tray=("nobody is named",)))


@finding("find", 1, _FITS)
@on_one
def cases_are_found_by_all_that_is_asked(store: Store) -> None:
    """Everything in a query must hold."""
    _four(store)
    for query, wanted in ASKED:
        same(_found(store, query), wanted, f"what is found by {query} (text={query.text!r}, address={query.address!r})")


@finding("find", 3, "Leave out, and log, what `load` raises Undecodable for.", needs=("garble",))
def a_search_goes_on_beside_what_cannot_be_read(bench: StoreBench) -> None:
    """A case that cannot be read is left out, and those before and behind it are found, whatever is looked for."""
    with bench.fresh() as store:
        _garbled(bench, store)
        for query in (Query(), Query(owner="ana"), Query(customer="k-7"), Query(text="ann example"), Query(limit=3)):
            found = [case_id for case_id in _found(store, query) if case_id != "c-1"]
            same(found, ["c-0", "c-2"], f"what is found by {query} beside a case that cannot be read")


@finding("find", 2, "Sort by id, leave out all up to `after`, then cut at the limit.")
@on_one
def pages_go_by_id(store: Store) -> None:
    """Pages follow each other without a gap, whatever else is asked."""
    _four(store)
    for query, wanted in PAGES:
        same(_found(store, query), wanted, f"what is found by {query}")


@finding("find", 2, 'Compare ids by their characters, not by the rules of a language (in PostgreSQL: COLLATE "C").')
@on_one
def ids_are_compared_by_character(store: Store) -> None:
    """The order of the ids is that of their characters, and with many cases a page has just its length."""
    ids = ["Z-1", "a-1", "a-2", "a_1", "b-1", *(f"n-{number:03}" for number in range(250)), "é-1"]
    saved(store, *(opening(case_id, reference=f"{number:04}") for number, case_id in enumerate(reversed(ids))))
    found: list[str] = []
    while page := _found(store, Query(limit=100, after=found[-1] if found else None)):
        same(len(page), min(100, len(ids) - len(found)), "the length of a page")
        found += page
    same(found, ids, "the ids of all pages")
