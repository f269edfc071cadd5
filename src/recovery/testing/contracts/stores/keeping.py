"""Checks of ``CaseStore``: what is saved is kept, in one piece, unchanged, and never over something else."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import attrs

from recovery.core.errors import ConflictingChange
from recovery.core.fold import fold
from recovery.core.values import later
from recovery.ports.store import CaseStore, Store
from recovery.ports.values import KeyRecord
from recovery.testing.contracts.checking import Duties, expect, refused, same
from recovery.testing.contracts.samples import (
    KEY,
    LEASE,
    NASTY,
    NOW,
    TIMING,
    after,
    contact,
    following,
    joined,
    moved,
    opening,
    saying,
    task,
    task_done,
)
from recovery.testing.contracts.stores.bench import StoreBench, loaded, on_one, saved, state

__all__ = ["STRANGE", "keeping"]

keeping = Duties[StoreBench](CaseStore)

STRANGE = ("c-2", "", "C-1", "c-1 ", "\ud800", "\0", "x" * 10_000)
"""Ids that nothing was saved under; drivers trip over some of them."""

_COMPARE = "Compare the version where the row is written: UPDATE ... WHERE case_id = ? AND version = ?, and look at the row count."
_ONE = "Write everything of one save in one transaction that begins before the first check, and roll it back on any exception."


# ---------------------------------------------------------------- load and history


@keeping("load", 1, "Return the case that came with the last change, through recovery.codec or as it is.")
@on_one
def what_was_saved_is_loaded(store: Store) -> None:
    """A case loads as it was last saved."""
    first = opening()
    store.save([first])
    same(store.load("c-1"), first.case, "the loaded case")
    second = following(first.case, task(), moved("ben"))
    store.save([second])
    same(store.load("c-1"), second.case, "the case loaded after a second change")


@keeping("load", 1, "Return None for an id that is not there, also for one the driver cannot take; compare ids exactly.")
@on_one
def an_unknown_case_is_none(store: Store) -> None:
    """An unknown id, whatever it looks like, is no error."""
    saved(store, opening())
    for case_id in STRANGE:
        same(store.load(case_id), None, f"load({case_id[:9]!r})")


@keeping("history", 1, "Return the events in the order of their numbers, as a tuple.")
@on_one
def what_was_saved_is_in_the_history(store: Store) -> None:
    """A history holds every event that was saved, in the order of the numbers, and that of an unknown case nothing."""
    first = opening()
    many = following(first.case, *(task(f"Step {number}.") for number in range(12)))
    store.save([first])
    store.save([many])
    same(store.history("c-1"), (*first.events, *many.events), "the history")
    for case_id in STRANGE:
        same(store.history(case_id), (), f"history({case_id[:9]!r})")


@keeping("", 3, "Store the case and the events of one change in the same transaction, and never one without the other.")
@on_one
def the_case_is_the_fold_of_its_history(store: Store) -> None:
    """What is loaded is what the history says, after every change."""
    case = saved(store, opening())
    for event in (task(), moved("ben"), task_done("2"), joined(contact("Still leaking.", message_id="<2@example.org>"))):
        case = saved(store, following(case, event))
        same(store.load("c-1"), fold(store.history("c-1")), "the loaded case")


@keeping("", 4, "Append events; never write over one, and never number them anew.")
@on_one
def histories_grow_and_do_not_change(store: Store) -> None:
    """Later changes are added to a history and leave what was there as it was."""
    change = opening()
    told = change.events
    for event in (task(), moved("ben"), task_done("2")):
        store.save([change])
        change = following(change.case, event)
        told = (*told, *change.events)
    store.save([change])
    same(store.history("c-1"), told, "the history")


@keeping("", 4, "Keep texts as recovery.codec.dumps writes them (pure ASCII), or as bytes; never trim, fold or cut them.")
@on_one
def every_character_survives(store: Store) -> None:
    """NUL, lone surrogates, any alphabet, spaces at either end and a megabyte of words are read as they were saved."""
    said = contact(f"  {NASTY}  ", subject=NASTY, reference=NASTY, sender=attrs.evolve(contact().sender, name=NASTY))
    first = opening(of=said)
    second = following(first.case, task("é" * 1_000_000), task(NASTY))
    store.save([first, second])
    same(store.load("c-1"), second.case, "the loaded case")
    same(store.history("c-1"), (*first.events, *second.events), "the history")


@keeping("", 4, "Keep instants with their microseconds and in UTC: recovery.codec.instant_to_text has a fixed width.")
@on_one
def every_microsecond_survives(store: Store) -> None:
    """Instants are read to the microsecond, before 1970 and far ahead as well."""
    for number, at in enumerate((later(NOW, timedelta(microseconds=1)), NOW.replace(year=1901), NOW.replace(year=2999))):
        change = opening(f"c-{number}", at=at, of=contact(received_at=at, message_id=f"<{number}@example.org>"))
        store.save([change])
        case, history = loaded(store, f"c-{number}"), store.history(f"c-{number}")
        same(case, change.case, "the loaded case")
        same(history, change.events, "the history")
        zones = {found.timezone_name for found in (case.opened_at, history[0].recorded_at, history[0].event.at)}
        same(zones, {"UTC"}, "the zone of the instants that were read")


# ---------------------------------------------------------------- versions


@keeping("", 2, _COMPARE)
@on_one
def a_stale_change_is_refused(store: Store) -> None:
    """Of two changes on one version of a case one is stored; the other is told what it finds, and leaves no trace."""
    case = saved(store, opening())
    saved(store, following(case, moved("ben"), task()))
    before = state(store, ["c-1"])
    error = refused(ConflictingChange, lambda: store.save([following(case, moved("cid"))], key=KEY), "a stale change")
    same((error.case_id, error.expected, error.found), ("c-1", 1, 3), "what the conflict tells (case, expected, found)")
    same(state(store, ["c-1"]), before, "the store after the stale change")


@keeping("", 2, "Check the version in the transaction that writes, also when the worker's claim has been given to somebody else.")
@on_one
def a_worker_back_from_the_dead_overwrites_nothing(store: Store) -> None:
    """Whoever saves after the lease has run out and somebody else has saved is told so."""
    case = saved(store, opening())
    store.claim_due(NOW, 9, LEASE)
    store.claim_due(after(5), 9, LEASE)
    saved(store, following(case, moved("ben")))
    refused(ConflictingChange, lambda: store.save([following(case, moved("cid"))]), "the late worker's change")


@keeping("save", 1, _COMPARE)
@on_one
def a_change_ahead_of_its_case_is_refused(store: Store) -> None:
    """A change on a version that is not stored yet is a conflict, and one on a case that is not there too."""
    case = saved(store, opening())
    skipped = following(case, task()).case
    error = refused(ConflictingChange, lambda: store.save([following(skipped, task())]), "a change ahead of its case")
    same(error.found, 1, "the version that the conflict tells")
    stranger = following(opening("c-2").case, task())
    error = refused(ConflictingChange, lambda: store.save([stranger]), "a change on a case that is not there")
    same(error.found, None, "the version that the conflict tells of a case that is not there")


@keeping("save", 1, "Insert a new case; an id that is taken is ConflictingChange with the version found, never an overwrite.")
@on_one
def a_case_is_opened_once(store: Store) -> None:
    """Opening a case under an id that is taken is a conflict that names the version found."""
    saved(store, opening())
    before = state(store, ["c-1"])
    again = opening(reference="ANOTHER", of=contact(message_id="<another@example.org>"))
    error = refused(ConflictingChange, lambda: store.save([again]), "opening a case twice")
    same((error.expected, error.found), (0, 1), "what the conflict tells (expected, found)")
    same(state(store, ["c-1"]), before, "the store after the case was opened again")


@keeping("save", 1, "Make the normal form of the reference unique (recovery.core.reference.normal_reference).")
@on_one
def a_reference_is_given_once(store: Store) -> None:
    """A reference that another case has, in any writing, is a conflict that finds no case, so that another is drawn."""
    saved(store, opening("c-1", reference="AB-12"))
    for reference in ("AB-12", "ab-12", " Ab-12 "):
        change = opening("c-2", reference=reference)
        error = refused(ConflictingChange, partial(store.save, [change]), f"the taken reference {reference!r}")
        same((error.case_id, error.expected, error.found), ("c-2", 0, None), "what the conflict tells (case, expected, found)")
        same(store.load("c-2"), None, "the case with the taken reference")


@keeping("save", 1, "Check the changes of one save against each other as well; a unique index does.")
@on_one
def two_cases_of_one_save_share_no_reference(store: Store) -> None:
    """Two new cases with one reference are a conflict, and neither is stored."""
    both = [opening("c-1", reference="AB-12"), opening("c-2", reference="AB-12")]
    refused(ConflictingChange, lambda: store.save(both), "two cases with one reference")
    same((store.load("c-1"), store.load("c-2")), (None, None), "what is stored of them")


@keeping("save", 1, "Make the lookup of the kind contact unique (see recovery.core.place.lookups_of).")
@on_one
def a_contact_is_on_one_case(store: Store) -> None:
    """A message that two processes take at once becomes one case: the slower one meets a conflict that finds no case."""
    saved(store, opening("c-1", of=contact(message_id="<1@example.org>")))
    before = state(store, ["c-1", "c-2"])
    again = opening("c-2", of=contact(message_id="<1@example.org>"))
    error = refused(ConflictingChange, lambda: store.save([again]), "the same message as a second case")
    same((error.case_id, error.expected, error.found), ("c-2", 0, None), "what the conflict tells (case, expected, found)")
    same(state(store, ["c-1", "c-2"]), before, "the store afterwards")


@keeping("save", 1, "Check the contacts that join a case later as well as the one that opened it.")
@on_one
def a_contact_joins_one_case(store: Store) -> None:
    """A message that is on one case already cannot join another."""
    saved(store, opening("c-1", of=contact(message_id="<1@example.org>")))
    case = saved(store, opening("c-2", of=contact(message_id="<2@example.org>")))
    before = state(store, ["c-1", "c-2"])
    change = following(case, joined(contact(message_id="<1@example.org>")))
    error = refused(ConflictingChange, lambda: store.save([change]), "a message that is on another case")
    same((error.case_id, error.expected, error.found), ("c-2", 1, 1), "what the conflict tells (case, expected, found)")
    same(state(store, ["c-1", "c-2"]), before, "the store afterwards")


# ---------------------------------------------------------------- all or nothing


@keeping("save", 2, _ONE)
def all_changes_or_none(bench: StoreBench) -> None:
    """Where one change of several comes too late, none leaves a trace, wherever it stands."""
    for place in (0, 2, 4):
        with bench.fresh() as store:
            stale = saved(store, opening("c-0"))
            saved(store, following(stale, task()))
            before = state(store, ["c-0", "c-1", "c-2"])
            changes = [change for name in ("c-1", "c-2") for change in (opening(name), saying(opening(name).case))]
            changes.insert(place, following(stale, moved("ben")))
            late = attrs.evolve(TIMING, id="policy-2")
            refused(ConflictingChange, partial(store.save, changes, key=KEY, timing=late), "a save with one stale change")
            same(state(store, ["c-0", "c-1", "c-2"]), before, f"the store, with the stale change at place {place},")
            same(store.timing("policy-2"), None, "the timing of a save that failed")
            same([queued.message.id for queued in store.claim(after(60), 9, LEASE)], [], "the outbox after a save that failed")


@keeping("save", 2, "Write the changes of one save one after the other, each on what the one before has left.")
@on_one
def one_save_may_carry_a_case_on_twice(store: Store) -> None:
    """Several changes of one case in one save follow each other."""
    first = opening()
    second = following(first.case, task())
    third = following(second.case, moved("ben"))
    store.save([first, second, third])
    same([entry.seq for entry in store.history("c-1")], [1, 2, 3], "the numbers in the history")
    same(store.load("c-1"), third.case, "the loaded case")


@keeping("save", 2, "Write wake_at with every change, also with one that has no events.")
@on_one
def a_change_without_events_moves_only_the_alarm(store: Store) -> None:
    """The wake instant can be set anew, or taken away, without anything having happened."""
    case = saved(store, opening(wake_at=None))
    store.save([following(case, wake_at=after(5))])
    same(store.history("c-1"), opening().events, "the history")
    same(store.claim_due(after(5), 9, LEASE), ("c-1",), "what is due at the new instant")
    store.save([following(case, wake_at=None)])
    same(store.claim_due(after(60), 9, LEASE), (), "what is due after the instant was taken away")


@keeping("save", 2, "Let an empty list of changes through; a key or a timing that comes with it is stored.")
@on_one
def saving_nothing_is_allowed(store: Store) -> None:
    """No change is stored as easily as one, and a key may come alone."""
    store.save([])
    store.save([], key=KEY, timing=TIMING)
    same((store.key("k-1"), store.timing(TIMING.id)), (KEY, TIMING), "the key and the timing that came alone")


# ---------------------------------------------------------------- keys and timings


@keeping("key", 1, "Look keys up exactly as they were given, and return None for one that was never used.")
@on_one
def a_key_is_kept_with_what_it_led_to(store: Store) -> None:
    """A key can be asked for from the moment its change is stored, and no other key instead of it."""
    same(store.key("k-1"), None, "key() before the key was used")
    store.save([opening()], key=KEY)
    same(store.key("k-1"), KEY, "key()")
    for key in ("K-1", "k-1 ", "", "\ud800", "\0"):
        same(store.key(key), None, f"key({key!r})")


@keeping("save", 3, "Make the key unique, write it with the changes, and turn a second use into ConflictingChange.")
@on_one
def a_key_is_used_once(store: Store) -> None:
    """A save under a key that is there already is a conflict and stores nothing, whatever comes with it."""
    store.save([opening()], key=KEY)
    before = state(store, ["c-1", "c-2"])
    refused(ConflictingChange, lambda: store.save([opening("c-2")], key=KEY), "a key that has been used")
    other = KeyRecord(key="k-1", fingerprint="f-2", case_id="c-2", version=1)
    refused(ConflictingChange, lambda: store.save([opening("c-2")], key=other), "a key that has been used for something else")
    same(state(store, ["c-1", "c-2"]), before, "the store afterwards")


@keeping("timing", 1, "Keep the timing through recovery.codec.timing_to_data, and return None for an id that is not there.")
@on_one
def timing_is_read_as_it_was_stored(store: Store) -> None:
    """Clocks and calendar come back as they were, and those of an unknown policy not at all."""
    store.save([opening()], timing=TIMING)
    same(store.timing(TIMING.id), TIMING, "timing()")
    for policy_id in ("policy-2", "", "\ud800"):
        same(store.timing(policy_id), None, f"timing({policy_id!r})")


@keeping("save", 4, "Insert the timing where its id is not there yet, and leave it alone where it is.")
@on_one
def timing_is_stored_once(store: Store) -> None:
    """The clocks and the calendar that were stored first under an id stay."""
    store.save([opening("c-1")], timing=TIMING)
    store.save([opening("c-2")], timing=attrs.evolve(TIMING, clocks=()))
    same(store.timing(TIMING.id), TIMING, "timing() after another came under the same id")
    expect(loaded(store, "c-2").policy_id == TIMING.id, "the second case was not stored")


@keeping("save", 5, "Empty claimed_until in the statement that writes the case.")
@on_one
def a_claim_ends_with_a_save(store: Store) -> None:
    """A case that was saved is due when its new instant comes, whatever is left of the lease."""
    case = saved(store, opening())
    store.claim_due(NOW, 9, LEASE)
    saved(store, following(case, task(), wake_at=after(1)))
    same(store.claim_due(after(0), 9, LEASE), (), "what is due before the new instant")
    same(store.claim_due(after(1), 9, LEASE), ("c-1",), "what is due at the new instant")
