"""Checks of ``Outbox``: every message leaves, once it is due, in order, once for each claim, and never again when it is settled."""

from __future__ import annotations

import attrs

from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.outbox import Outbox
from recovery.ports.store import Store
from recovery.testing.contracts.checking import Duties, expect, same
from recovery.testing.contracts.samples import LEASE, NASTY, NOW, after, following, opening, reported, saying, task
from recovery.testing.contracts.stores.bench import StoreBench, loaded, on_one, saved

__all__ = ["sending"]

sending = Duties[StoreBench](Outbox)

_ORDER = "Give out a message only where no queued one of the same case and person has a smaller (seq, message id)."


def _claimed(store: Store, minutes: float, limit: int = 9) -> list[str]:
    """Claim what is due and return the ids of the cases and messages."""
    return [queued.message.id for queued in store.claim(after(minutes), limit, LEASE)]


# ---------------------------------------------------------------- claim and retry


@sending("claim", 1, "Order by the instant a message is due, then by its id, and cut at the limit after that.")
@on_one
def messages_wait_until_they_are_due(store: Store) -> None:
    """A message comes out once it is due, in the order of instant and id, as many as were asked for."""
    for case_id, minutes in (("c-3", 1), ("c-1", 3), ("c-2", 2), ("c-4", 1), ("c-5", 9)):
        saved(store, saying(saved(store, opening(case_id)), due=after(minutes)))
    same(_claimed(store, 0), [], "what comes before the first is due")
    same(_claimed(store, 3, 0), [], "what comes with a limit of 0")
    same(_claimed(store, 3, 3), ["c-3:2:email", "c-4:2:email", "c-2:2:email"], "what comes first with a limit of 3")
    same(_claimed(store, 3, 3), ["c-1:2:email"], "what comes next")


@sending("claim", 1, "Keep messages through recovery.codec.message_to_data and dumps, or as they are.")
@on_one
def a_message_is_as_it_was_written(store: Store) -> None:
    """What comes out is word for word what went in, to the customer and to a colleague."""
    for case_id, person in (("c-1", None), ("c-2", "ben")):
        change = saying(saved(store, opening(case_id)), person=person, body=f"  {NASTY}\n" + "é" * 1_000_000)
        saved(store, change)
        claimed = store.claim(NOW, 9, LEASE)
        same([(queued.message, queued.tries) for queued in claimed], [(change.messages[0], 0)], "what was claimed")


@sending("claim", 2, "Keep now + lease with the claim, and give a message out where that is empty or <= now.")
@on_one
def a_claimed_message_is_given_out_again_after_the_lease(store: Store) -> None:
    """A claimed message goes to nobody else; a worker that died while it sent loses none."""
    saved(store, saying(saved(store, opening())))
    same(_claimed(store, 0), ["c-1:2:email"], "what is due")
    same(_claimed(store, 4.9), [], "what is due while it is claimed")
    same(_claimed(store, 5), ["c-1:2:email"], "what is due when the lease is over")
    same(_claimed(store, 9.9), [], "what is due while it is claimed again")


@sending(
    "claim", 2, "Add one to its tries where a message is claimed and its claim was not empty: nobody has said what became of it."
)
@on_one
def a_message_that_nobody_finished_is_counted(store: Store) -> None:
    """A message on which a worker hangs, or dies, has failed once more, so that it is given up some time."""
    saved(store, saying(saved(store, opening())))
    for minutes, tries in ((0, 0), (5, 1), (10, 2)):
        same([queued.tries for queued in store.claim(after(minutes), 9, LEASE)], [tries], "how often it has failed")
    store.retry("c-1:2:email", after(15), "mail server is down")
    same([queued.tries for queued in store.claim(after(15), 9, LEASE)], [3], "how often it has failed when it was put off")


@sending("claim", 4, "Of the messages whose claim ran out give out the first alone; the others come with the next claims.")
@on_one
def what_kills_a_worker_takes_no_other_along(store: Store) -> None:
    """Of what a dead worker had in hand one comes at a time, beside all that is fresh."""
    for case_id in ("c-1", "c-2", "c-3"):
        saved(store, saying(saved(store, opening(case_id))))
    same(_claimed(store, 0), ["c-1:2:email", "c-2:2:email", "c-3:2:email"], "what is due")
    saved(store, saying(saved(store, opening("c-4"))))
    same(_claimed(store, 5), ["c-1:2:email", "c-4:2:email"], "what comes first when the lease is over")
    same(_claimed(store, 5), ["c-2:2:email"], "what comes next")
    same(_claimed(store, 5), ["c-3:2:email"], "what comes last")


@sending("retry", 1, "Set the instant it is due, add one to its tries, and take an error in whatever characters.")
@on_one
def a_message_put_off_waits_and_is_counted(store: Store) -> None:
    """After a failed try a message comes out at its new instant and not before, with one more try."""
    saved(store, saying(saved(store, opening())))
    for tries in range(3):
        claimed = store.claim(after(tries * 10), 9, LEASE)
        same([queued.tries for queued in claimed], [tries], "how often the message that is due has failed")
        store.retry(claimed[0].message.id, after(tries * 10 + 10), f"mail server is down {NASTY}")
        same(_claimed(store, tries * 10 + 9), [], "what is due before the instant it was put off to")


@sending("retry", 1, "Empty the claim when a message is put off.")
@on_one
def a_message_put_off_is_no_longer_claimed(store: Store) -> None:
    """A message that is tried again soon does not wait for its lease to end."""
    saved(store, saying(saved(store, opening())))
    same(_claimed(store, 0), ["c-1:2:email"], "what is due")
    store.retry("c-1:2:email", after(1), "down")
    same(_claimed(store, 1), ["c-1:2:email"], "what is due a minute later, within the lease")


@sending("retry", 1, "Change queued messages only, and let unknown ids through.")
@on_one
def putting_off_what_is_not_there_is_left_in_peace(store: Store) -> None:
    """A retry of an unknown message does nothing, and touches no other."""
    saved(store, saying(saved(store, opening())))
    for message_id in ("c-1:9:phone", "", "\ud800", "C-1:2:email"):
        store.retry(message_id, after(30), "unknown")
    same([(queued.message.id, queued.tries) for queued in store.claim(NOW, 9, LEASE)], [("c-1:2:email", 0)], "what is due")


# ---------------------------------------------------------------- none is passed over


@sending("", 1, "Find messages by their state and the instant they are due, never by a number above the last.")
@on_one
def no_message_is_passed_over(store: Store) -> None:
    """A message with an earlier instant and a smaller id than one that has left already still comes out."""
    case = saved(store, saying(saved(store, opening("c-9"))))
    same(_claimed(store, 0), ["c-9:2:email"], "what is due")
    saved(store, following(case, reported("c-9:2:email")))
    saved(store, saying(saved(store, opening("c-1")), due=after(-60 * 24)))
    same(_claimed(store, 0), ["c-1:2:email"], "what is due after a message with a greater id and a later instant has left")


@sending("", 1, "Count against the limit only what can be given out now, or the line behind it starves.")
@on_one
def who_waits_takes_nobodys_place(store: Store) -> None:
    """Messages that have to wait, for an earlier one or for a lease, do not use up the limit."""
    case = saved(store, opening("c-1"))
    for _ in range(5):
        case = saved(store, saying(case))
    saved(store, saying(saved(store, opening("c-2")), due=after(1)))
    same(_claimed(store, 1, 1), ["c-1:2:email"], "what comes first with a limit of 1")
    same(_claimed(store, 1, 1), ["c-2:2:email"], "what comes next with a limit of 1")


@sending("claim", 3, "Log a message that cannot be read and leave it out (recovery.stores.message_or_none).", needs=("garble",))
def what_cannot_be_read_stops_no_other(bench: StoreBench) -> None:
    """A message that cannot be read is passed over, or comes with its fault; those of other cases are handed out."""
    with bench.fresh() as store:
        changes = [saying(opening(case_id).case) for case_id in ("c-1", "c-2")]
        saved(store, opening("c-1"), opening("c-2"), *changes)
        if bench.garble is not None:
            bench.garble(store, "c-1")
        claimed = store.claim(NOW, 9, LEASE)
        found = [queued.message.id for queued in claimed if not queued.fault]
        same(found, ["c-2:2:email"], "what is due beside a message that cannot be read")
        strange = [(queued.message.id, queued.message.case_id, queued.message.body) for queued in claimed if queued.fault]
        expect(strange in ([], [("c-1:2:email", "c-1", "")]), f"what cannot be read came out as {strange}")


# ---------------------------------------------------------------- in order


@sending("", 2, _ORDER)
@on_one
def one_reader_gets_messages_in_order(store: Store) -> None:
    """A later message to the same reader waits until the earlier one is settled, even while that one is claimed or put off."""
    case = saved(store, saying(saved(store, opening())))
    saved(store, saying(case, due=after(-1)))
    same(_claimed(store, 0), ["c-1:2:email"], "what is due of two messages to one reader")
    same(_claimed(store, 1), [], "what is due while the earlier one is claimed")
    store.retry("c-1:2:email", after(60), "down")
    same(_claimed(store, 30), [], "what is due while the earlier one is put off")
    saved(store, following(loaded(store, "c-1"), reported("c-1:2:email")))
    same(_claimed(store, 30), ["c-1:3:email"], "what is due after the earlier one was settled")


@sending("", 2, "Compare numbers as numbers: the message of event 10 comes after that of event 9.")
@on_one
def the_number_of_the_event_orders(store: Store) -> None:
    """Messages to one reader come in the order of their events, not of their ids."""
    case = saved(store, following(saved(store, opening()), *(task(f"Step {number}.") for number in range(7))))
    case = saved(store, saying(case))
    saved(store, saying(case))
    same(_claimed(store, 0), ["c-1:9:email"], "what is due of the messages of events 9 and 10")


@sending("", 2, "Give the customer, each colleague and each case a line of their own; mind that NULL equals nothing in SQL.")
@on_one
def readers_do_not_wait_for_each_other(store: Store) -> None:
    """The customer, each colleague and other cases have lines of their own."""
    case = saved(store, opening())
    for person in (None, "ben", "cid"):
        case = saved(store, saying(case, person=person))
    saved(store, saying(saved(store, opening("c-2"))))
    lines = [(queued.message.case_id, queued.message.person) for queued in store.claim(NOW, 9, LEASE)]
    same(lines, [("c-1", None), ("c-1", "ben"), ("c-1", "cid"), ("c-2", None)], "whose messages were claimed")


# ---------------------------------------------------------------- settled


@sending("", 3, "Close the row when its message is settled, and give out queued rows only.")
def a_settled_message_never_comes_out_again(bench: StoreBench) -> None:
    """What was settled stays settled: no lease and no retry brings it back."""
    for became in (Delivery.SENT, Delivery.GIVEN_UP, Delivery.BOUNCED, Delivery.WITHHELD, Delivery.NOT_NEEDED):
        with bench.fresh() as store:
            case = saved(store, saying(saved(store, opening())))
            same(_claimed(store, 0), ["c-1:2:email"], "what is due")
            saved(store, attrs.evolve(following(case, task()), settled=(("c-1:2:email", became),)))
            store.retry("c-1:2:email", NOW, "too late")
            same(_claimed(store, 60), [], f"what is due after the message was settled as {became.value}")


@sending("", 3, "Store the messages of a change before its settled ones.")
@on_one
def a_message_may_be_settled_as_it_is_written(store: Store) -> None:
    """A message that is withheld in the change that prepared it never comes out."""
    change = saying(saved(store, opening()))
    saved(store, attrs.evolve(change, settled=((change.messages[0].id, Delivery.WITHHELD),)))
    same(_claimed(store, 60), [], "what is due")


@sending("", 3, "Let a settled id through that has no row: a call was never in the outbox.")
@on_one
def settling_what_has_no_row_is_left_in_peace(store: Store) -> None:
    """A call that was never in the outbox can be settled, and settles no other."""
    case = saved(store, saying(saved(store, opening())))
    saved(store, attrs.evolve(following(case, task()), settled=(("c-1:9:phone", Delivery.SENT),)))
    expect(store.backlog(NOW).unsent == 1, "the message of another row is gone")
    same(_claimed(store, 60), ["c-1:2:email"], "what is due")
