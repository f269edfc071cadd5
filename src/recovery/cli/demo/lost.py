"""What an owner does when a mail did not arrive: the same once more, another way."""

from __future__ import annotations

from recovery import Case, Channel, Command, CompleteTask, Correct, Delivery, Inform, Word
from recovery.cli.demo.play import Play
from recovery.cli.demo.world import mended
from recovery.core.vocabulary.receiving import Outgoing

__all__ = ["reaches_otherwise"]


def reaches_otherwise(play: Play, case: Case, task_id: str, about: str) -> bool:
    """Say by phone what the mail did not bring, and put the address right if it was wrong."""
    owner, now = play.owner(case), play.time.now
    how = "on the phone" if about == f"undelivered:{Channel.EMAIL.value}" else "in person"
    done = CompleteTask(by=owner, task_id=task_id, at=now, note=f"told {how}")
    lost = [out for out in case.receiving.outgoing if out.state in (Delivery.GIVEN_UP, Delivery.BOUNCED) and out.person is None]
    phone = case.receiving.customer.address(Channel.PHONE) is not None
    if about != f"undelivered:{Channel.EMAIL.value}" or not lost or case.silenced or case.ended:
        return play.did(case, done)
    repeats = [_again(play, owner, phone=phone, about=about) for about in _words_lost(lost)]
    if any(out.state is Delivery.BOUNCED for out in lost):
        customer = mended(case.receiving.customer)
        repeats.append(Correct(by=owner, at=now, reason="the address was misspelt", customer=customer))
    return play.did(case, *repeats, done)


def _words_lost(lost: list[Outgoing]) -> list[int]:
    """Return what has to be said again; a receipt need not be, where a person's word says more."""
    parts = [part for out in lost for part in out.parts]
    spoken = {part.about for part in parts if part.about is not None and part.template != "receipt"}
    return sorted(spoken or {part.about for part in parts if part.about is not None})


def _again(play: Play, owner: str, *, phone: bool, about: int) -> Command:
    """Say again what did not arrive: on the phone where there is one, else by mail."""
    via, said_at = (Channel.PHONE, play.time.now) if phone else (Channel.EMAIL, None)
    word = Word(via=frozenset({via}), text="A mail of mine did not reach you, so I say it again.", said_at=said_at)
    return Inform(by=owner, word=word, repeats=about)
