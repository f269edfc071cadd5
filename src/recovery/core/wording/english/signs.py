"""Phrases that a good text holds: thanks, an invitation, that we take it on, a next step with its time."""

from __future__ import annotations

from collections.abc import Mapping

from recovery.core.wording.values import Sign

__all__ = ["SIGNS"]

SIGNS: Mapping[Sign, tuple[str, ...]] = {
    Sign.THANKS: (
        "thank*",
        "(i | we) ..1 (appreciate | am grateful | are grateful)",
        "grateful",
        "(glad | good | pleased | kind) ..2 (you)? ..2 (wrote | told | called | let us know | said)",
    ),
    Sign.INVITES: (
        "(tell | show | write to | write | call | ring | reply to | answer) (me | us | back)",
        "(tell | ask | call | write | show | send) ..2 (me | us) ..2 (more | anything | what | how | when | "
        "everything | about | if | a)",
        "let (me | us) know",
        "(like | love | want | wish | need | happy) to (hear | know | listen | understand)",
        "(anything | something | more) (else | to add | you | that | i)",
        "(please)? (add | describe)",
        "(i | we) (am | are) listening",
        "(please | just | simply) (answer | reply | call | ring | write)",
        "(more | else | anything) to (tell | say | add | know)",
        "just (answer | reply | call | ring | write)",
        "what (happened | went wrong)",
        "(whatever | everything) ..1 (you | else)",
        "send (me | us)",
    ),
    Sign.TAKES_ON: (
        "(sorry | apologise | apologize | apologies | apology | regret | forgive | ashamed)",
        "(our | my) (own)? (mistake | fault | error | doing | responsibility)",
        "<be> (ours | on us | on me | mine)",
        "(take | taking | took | accept | accepting) ..3 (responsibility | on | care | charge)",
        "(look | looks | looking) ..2 (into | after)",
        "(put | puts | putting | set | make | makes | making) (it | this | that | things) ..1 (right | good)",
        "(i | we) ..1 (am | are) on it",
        "(i | we) (can | will | shall) ..1 (do | offer | repair | refund | replace | send | bring | fix | give | pay "
        "| mend | solve | sort | come | deal | handle | deliver | collect | return | change | correct | find | see | "
        "call | get | take | arrange | make | exchange | cancel | add | provide | credit)",
        "(i | we) (repair | refund | replace | send | bring | fix | give | pay | mend | solve | come | do | deliver "
        "| collect | return | change | correct | offer | cancel | credit | exchange | find | sort | add | see | "
        "waive | deal | handle | work)",
        "(we | i) have ..2 (repaired | refunded | replaced | sent | fixed | paid | corrected | cancelled | ordered | "
        "arranged | credited | changed | exchanged | waived | booked)",
        "(working | work) on ..1 (it | this | that | your)",
        "(what | here is what) we can do",
        "(i | we) can",
        "you (will)? (get | receive | have)",
        "(goes | comes | go) back to you",
        "(is | are) with me",
        "(i | we) (failed | lost | forgot | were wrong | was wrong | made | should have)",
    ),
    Sign.NEXT_STEP: (
        "<day>",
        "(on | by | until | till | before | of | from | this | next) ..1 <month>",
        "<month> <number>",
        "(within | in | after | every | next | for) ..1 (the next)? <number> ..1 <span>",
        "(this | next | by) (week | morning | afternoon | evening | month | noon | evening | the end)",
        "(by | until | till | before) (noon | midday | then | the end | close | <number> | half | lunch)",
        "(at | by) <number> (o'clock | am | pm | sharp)?",
        "(right away | at once | straight away | immediately | while you wait | now | overnight | right now | as we "
        "speak | the same day | on the spot | from now on)",
        "as soon as",
        "end of (the)? (week | day | month)",
    ),
}
