"""What playing six weeks has found."""

from __future__ import annotations

from recovery import Investigate, RecordAcceptance, RecordWish, Wish, WishKind
from recovery.core.vocabulary.following_up import FollowUpOutcome
from support import MONDAY, REPAIR, Story, acknowledged, proposed, said


def test_a_wish_for_silence_that_comes_after_the_follow_up_was_due_ends_it_all_the_same() -> None:
    """A customer who asks to be left alone when we are late already is not on somebody's agenda for ever."""
    story = acknowledged(Story.begins().deliver().wait(minutes=10))
    story.do(Investigate(by="ana"))
    proposed(story.wait(hours=1), REPAIR)
    story.do(RecordAcceptance(by="ana", option="repair", said=said()))
    story.wait(days=5).wake()
    assert story.now > MONDAY
    story.do(RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave me alone.")))
    story.wait(days=3).wake()
    assert story.told.following_up.days is FollowUpOutcome.DECLINED
    story.wait(days=30).wake()
    assert story.told.following_up.weeks is FollowUpOutcome.DECLINED
