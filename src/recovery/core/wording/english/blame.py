"""Phrases that shift the fault: to others, to fate, away from us, to the customer."""

from __future__ import annotations

from recovery.core.wording.english.sources import OWN, TAKE_IT_ON
from recovery.core.wording.values import WordingRule

__all__ = ["BLAME"]

BLAME: tuple[WordingRule, ...] = (
    WordingRule(
        id="en.blame.failed",
        rule="own.no-blame",
        phrases=(
            "<party> (<have>)? ..1 (<acted> | delivered | arrived | came | started | finished | replied) ..6 (late | "
            "too late | too slowly)",
            "<party> (<have>)? never",
            "<party> <have> still not",
            "<party> still <have> not",
            "<party> 's (workers | staff | people | men | team | driver | drivers | employees | crew) ..1 (<failed> "
            "| <acted> ..5 (<wrongly> | open | away))",
            "<party> ..1 left ..3 (open | unlocked | running | unlocked | alone | behind)",
            "<party> gave ..2 (bad | wrong | poor) (advice | information | instructions)",
            "(they | he | she) (<have>)? ..1 (ignored | lost | missed | dropped | broke | damaged | cancelled) (it | your | the)",
            "^ had (the | our | your | a) ..2 <party>",
            "<party> (in | from | at | of | near | on | for) ..2 (<have> | <be>)? ..1 (<failed> | <acted> ..3 <wrongly>)",
            "<party> (in | from | at | of | near | on | for) ..2 (<have>)? ..1 let ..2 down",
            "<party> ..6 without any? (notice | warning | telling | informing | asking | permission | word | a word | explanation)",
            "<party> (have | has | had) ..2 (backlog | backlogs | shortage | shortages | outage | outages | disruption "
            "| disruptions)",
            "<outsider> (outage | outages | backlog | failure | mistake | negligence | shortage)",
            "<party> ..1 marked ..3 as (delivered | collected | complete | completed | done)",
            "<outsider> ..3 (told | informed | advised | notified) (us | me) ..2 (will | can | could | would) not",
            "whoever ..4 must have",
            "<party> ..5 (incorrectly | wrongly | badly | poorly | carelessly | by mistake | by accident | in error | mistakenly)",
            "<party> (<have>)? ..1 (wired | double charged | double booked | discontinued | ran out | run out | crashed | stopped "
            "working | walked off | gave up | messed | lied)",
            "<party> (<have>)? ..1 cancelled ..3 (crossing | flight | trip | order | booking | delivery | "
            "appointment | contract | without)",
            "<party> (<have> | <be>)? never (cancelled | sent | delivered | told | informed | passed | answered | "
            "replied | came | arrived | showed | turned | called | registered | processed | ordered | updated | paid "
            "| returned | forwarded | closed | booked | confirmed | received)",
            "<party> <have> no (idea | record | clue | trace)",
            "<party> (claims | claim | claimed | says | say | said | insists | maintains | reports | stated) that? "
            "(nobody | no one | there was nobody | the customer)",
            "(somebody | someone | one) (in | at | from | of) ..2 (<unit> | <party> | shipping | the office) ..1 "
            "(<have>)? ..1 (<failed> | <acted> ..3 <wrongly>)",
            "(they | he | she) (<have>)? ..1 (forgot | forgotten | messed | mixed | bungled | failed to)",
            "(they | he | she) (<have>)? ..1 (gave | sent | told | supplied | delivered) ..2 (wrong | a wrong | the wrong)",
            "their (system | systems | software | website | staff | people | driver | drivers) ..2 (crashed | failed "
            "| broke | down | lost | forgot | wrong)",
            "<party> <be> ..2 on strike",
            "(trains | flights | planes | ferries | roads | ports | airports | schools) <be> ..1 (on strike | closed "
            "| cancelled | blocked | grounded | delayed)",
            "<fate> <be> against (us | me)",
            "(i | we) (was | were) on holiday",
            "<party> (<have> | <be>)? ..2 <failed>",
            "<party> (<have> | <be>)? ..1 (let | letting | lets) ..3 down",
            "<party> (<have> | do | does | did | was | were) not ..1 (<deliver> | <delivered> | sent | given | able)",
            "<party> (<have>)? ..2 <acted> ..4 <wrongly>",
            "<party> (<have>)? ..1 (got | gotten | getting) ..3 (wrong | muddled | confused)",
            "<party> (<have>)? <be> ..2 <late>",
            "<party> (should | ought) (not | never | to)? ..1 (have | <deliver>)",
            "<party> (<have>)? (changed | changing) ..2 (mind | rules | dates | law | price)",
            "<party> (<have>)? (went | gone) (down | bankrupt | bust | wrong | missing | under)",
            "<party> (cannot | can not | could not | would not | will not | never) ..1 (get | told | informed | be "
            "bothered | be trusted)",
            "<party> ,? (who | which | that) (keep | keeps | kept)",
            "<party> (claims | claim | claimed | says | say | said | insists | maintains | reports | stated) that? you",
            "<party> (<have>)? ..1 (cut | left | returned | deleted | cancelled | threw | took | held | switched) "
            "..5 (rain | away | cable | off | outside | door | down | mistake | data | file | account | line | "
            "unattended)",
            "<party> (is | are | was | were) (holding | sitting | delaying | blocking | ignoring | dragging)",
            "<party> (<have>)? ..1 (threw | thrown | held) ..5 (away | up)",
            "<party> deleted your",
            "<party> (<have>)? admitted",
            "(the | another | that | this) <unit> (<have>)? ..1 (<failed> | <acted> ..3 <wrongly> | admitted)",
            "(the | another | that | our)? <unit> (should | ought) (not | never | to)? ..1 have",
            "the <unit> ..6 (behind | inexcusably)",
            "<party> <be> both? ..2 late in",
            "(our | the) warehouse ..8 fell behind",
            "if ..2 (<party> | customer | user | client | caller) had",
            "^ had ..2 <party> ..1 (<delivered> | <acted> | been)",
            "(we | i | you) (rely | relied | depend | depended) on ..3 <party>",
            "(we | i) have to trust that? ..1 <party>",
            "<party> ..3 (promised | told | gave) you (too much | something wrong | the wrong | a wrong | false)",
            "(software | system | app | website) ..5 by crashing",
            "(<outsider> | <party>) 's (software | system | systems | website | staff | people | driver) (<have>)? "
            "..2 (a bug | <failed> | crashed | down | wrong)",
            "bug in ..1 <party>",
        ),
        unless=(
            "(not | never | no longer) ..1 blame",
            "(we | i) ..1 (gave | told) it",
            "(if | in case | should | unless) ..2 <party> (is | are | does | do | comes | come | has | should | can | will)",
            "(sorry | apologise | apologize) that? (the | our | my) ..1 (driver | engineer | technician | fitter | "
            "colleague | team)",
            "<party> (about | regarding | concerning | over | for | with) ..1 (<failed> | the wrong)",
            "<have> not ..2 <delivered> ..4 yet",
            "<have> not yet",
            "<have> yet to",
        ),
        reason="it says that somebody else failed",
        better=TAKE_IT_ON,
        source=OWN,
    ),
    WordingRule(
        id="en.blame.fault",
        rule="own.no-blame",
        phrases=(
            "(<harm> | <fault>) ..1 (lies | lie | rests | rest) with ..3 (<party> | <fate> | <thing>)",
            "<fault> <be> not (ours | mine | on our side | with us | at our end)",
            "<party> 's (own | clear | bad | poor | obvious)? <fault>",
            "<party> 's (problem | responsibility)",
            "<be> ..2 (the | a | an)? ..1 (<fault> | responsibility | problem) ..1 (of | with | by | from) ..2 <party>",
            "(<fault> | responsibility | blame | liability) ..1 (lies | lie | rests | falls | is | was | sits | "
            "belongs) ..3 (with | on | to | of | at) ..3 (<party> | <fate>)",
            "(<fault> | problem | problems | issue | issues) ..3 (on | at) ..1 <party> 's (side | end)",
            "(<fault> | problem | issue) <be> ..1 (with | in | on | at) (your | the) <thing>",
            "(a | an | the | this | that)? <fault> (made | committed) ..1 by ..3 <party>",
            "<fault> <be> (made | committed) ..1 by ..3 <party>",
            "(<party> | <thing> | <fate>) <be> ..1 to blame",
            "(<party> | <thing> | <fate>) <be> ..1 (responsible | liable | accountable) for ..4 (<harm> | <fault>)",
            "(<party> | <thing> | <fate>) <be> ..1 at fault",
            "^ blame ..2 (<party> | <thing> | <fate>)",
            "(i | we | please | must | can | to) blame ..2 (<party> | <thing> | <fate>)",
            "blame ..1 (lies | falls | rests | goes | belongs) ..2 (with | on | to)",
            "(happened | occurred | arose | originated) ..1 (at | with | in) ..3 (<party> | call centre)",
            "(trouble | troubles | problems | issues | difficulties) with ..3 <party>",
            "it (is | was) ..2 <party> (who | that | which) ..3 (<failed> | <acted> | caused | promised | made)",
            "<party> ..3 (overbooked | made ..3 <fault> | made ..3 error)",
            "nobody 's fault",
            "no one 's fault",
            "(not | no) ..1 fault of (ours | our | mine | my)",
            "<be> (simply | just | sadly | pure | plain)? ..1 (bad luck | act of god | acts of god | force majeure)",
        ),
        unless=(
            "(not | never | nor) ..2 <party> 's",
            "(does | do) not matter ..2 fault",
        ),
        reason="it puts the fault on somebody else",
        better=TAKE_IT_ON,
        source=OWN,
    ),
    WordingRule(
        id="en.blame.cause",
        rule="own.no-blame",
        phrases=(
            "(because | since | as) ..2 <party> (fell | got | went | ran | kept | was | were | took | had to | quit | resigned)",
            "<fate> ..3 (stopped | destroyed | damaged | delayed | blocked | flooded | closed | ruined | prevented | "
            "caused | forced | kept us | held)",
            "<be> ..2 (<lost> | <failed>) ..3 by ..3 (<party> | <fate> | <thing>)",
            "<cause> ..2 (late | delay | delays | failure | lack | absence | arrival | shortage | backlog | error | "
            "errors | mistake | mistakes | problem | problems | trouble | issue | issues | behaviour | decision) ..4 "
            "(<party> | <fate>)",
            "(results | resulted | stems | stemmed | arises | arose | comes | came) from ..4 (<party> | <fate>)",
            "<fate> ..2 (made | makes | making) it (impossible | hard | difficult | dangerous | unsafe)",
            "<cause> ..4 (<party> | <fate>)",
            "<cause> ..3 <unforeseen>",
            "(due to | because of | owing to | caused by | led to by | given | despite | in view of) ..3 "
            "(circumstances | events | reasons | factors) ..2 (beyond | outside | out | not)",
            "(due to | because of | owing to) construction",
            "(because | since | as) ..3 <party> (<have> | <be>)? ..2 (<failed> | <acted> | took | takes | did not | "
            "had not | could not | was | were | <have> not)",
            "<be> ..2 <lost> ..4 by ..4 (<party> | <fate> | <thing>)",
            "(<party> | <fate>) ..1 (caused | causes | prevented | prevents | delayed | delays | ruined | destroyed "
            "| disrupted | stopped | hindered | affected | hit | held up | holds up | closed | grounded | cancelled "
            "| forced)",
            "<fate> ..3 (made | makes | making) it ..2 (impossible | hard | difficult)",
            "(<party> | <fate>) (can | could | may | might | will) ..1 (cause | delay | slow | lead | disrupt | affect | hold)",
            "(<party> | <fate>) (is | was | are | were) (why | the reason | the cause | one reason | part of the reason)",
            "<fate> ..6 mean* ..4 <harm>",
            "<fate> (was | were | is | are) so bad",
            "(due | down | thanks) to ..3 (<party> | <fate>)",
            "(wait | waits | waiting) because ..3 <party>",
            "<unforeseen> (circumstances | events | problems | difficulties | issues | reasons)",
            "(encountered | met | ran into | suffered) ..3 (strong | heavy | high | rough | bad)? ..1 (<fate> | seas)",
            "(had | got | suffered) ..2 accident ..12 delay*",
            "thereby causing",
            "(a | an | the) <unforeseen> ..1 (delay | event)",
            "delays ..4 due to ..6 (<fate> | <party> | backlogs | delays)",
            "the wrong ..2 <be> ..2 (supplied | sent | delivered | given) ..3 by ..2 <party>",
            "(out of | out of our | beyond our | beyond my | outside our | outside my | outside of our | outside the "
            "| beyond the) (control | hands | reach | influence | power)",
            "held up by ..3 <party>",
            "<party> ..3 both (early | late)",
        ),
        unless=(
            "(<cause> | due to | because of) ..2 (mistake | mistakes | error | errors | fault | oversight | failure "
            "| slip) (of ours | of mine | on our part | in our | of our | we)",
            "(not | never) (because of | due to | caused by)",
            "thanks to (all | your)",
            "thanks to our ..2 (technician | technicians | engineer | team | driver | colleague | colleagues | staff | crew)",
            "(<outsider> | <party>) <be> faster",
        ),
        reason="it gives somebody or something else as the reason",
        better=TAKE_IT_ON,
        source=OWN,
    ),
    WordingRule(
        id="en.blame.not-us",
        rule="own.no-blame",
        phrases=(
            "(nobody | no one) could have (known | foreseen | guessed | predicted | prevented | expected)",
            "victim of ..3 <party>",
            "victims of ..3 <party>",
            "(we | i) <be> in no way (responsible | liable | to blame | at fault | involved)",
            "(we | i) (had | have) nothing to do with",
            "not something (we | i) (can | could) (influence | control | change | help | affect)",
            "not something (we | i) ..5 (control | influence) over",
            "at the mercy of",
            "^ bad luck",
            "not (our | my) (department | decision | area | call)",
            "it (is | was) ..2 <outsider> 's (decision | choice | call)",
            "hands are tied",
            "(these | such | accidents) ..1 things? ..1 (do | can | just | simply | will)? happen",
            "(we | i) (only | merely | just) (sell | list | host | resell | broker | mediate) ..12 <outsider>",
            "before my time",
            "not ..1 (our | my) ..1 (fault | mistake | error | doing | responsibility | problem | job | business)",
            "(we | i) (are | am | were | was) not ..1 (to blame | responsible | liable | at fault | accountable | in charge)",
            "(we | i) (cannot | can not | could not | will not | must not) be ..1 (held | made)? ..1 (responsible | "
            "liable | accountable | blamed)",
            "(we | i) (accept | take | assume | bear | have) no (liability | responsibility | blame)",
            "(we | i) (do | can | could | will) not ..1 (accept | take | assume | bear) ..1 (liability | responsibility | blame)",
            "(we | i) (had | have) no (control | influence) ..1 over",
            "(nothing | little | not much) (we | i) ..1 (can | could) ..1 (have | do | done)",
            "(could | can) not (have)? ..1 (be | been) ..1 (foreseen | prevented | avoided | helped | predicted)",
            "(could | can) not ..1 have (foreseen | prevented | avoided | predicted | known)",
            "<be> (beyond | outside | outside of) ..2 (control | hands | influence | power | reach)",
            "<be> (out of) ..2 (control | hands | reach)",
            "nothing to do with (us | me | our)",
            "not up to (us | me)",
            "it <be> not (me | us) (who | that)",
            "(nobody | no one) (told | informed | warned | asked) (me | us)",
            "(i | we) <be> (not | never) (told | informed | warned | consulted | made aware)",
            ", not (with | by | to)? (us | me)",
            "through no fault",
            "despite ..3 our best efforts",
        ),
        unless=(
            "(you | nothing) ..1 could not have",
            "(you) <be> not",
        ),
        reason="it says that it was not us",
        better="Say that it is ours to put right, and how.",
        source=OWN,
    ),
    WordingRule(
        id="en.blame.customer",
        rule="own.no-blame",
        phrases=(
            "you (set | put | left | turned | filled | loaded | plugged | made | ordered | sent | booked) ..4 "
            "too (high | low | late | much | many | hard | long | early | fast | tight)",
            "your (children | child | kids | son | daughter | dog | cat | wife | husband | partner | family | guests "
            "| visitor | staff) (must | <have>)? ..2 (pulled | <you_failed> | <you_used> | caused)",
            "(what | that is what) happens (when | if) you",
            "you (clearly | simply | apparently | obviously | probably | evidently | also | just | actually | "
            "unfortunately) (did | have | had) not ..1 (<duty> | <dutiful>)",
            "if only you (had)? ..1 <dutiful>",
            "(because | since | as) (it | they | the ..2) <be> not ..1 (kept | stored | cleaned | maintained "
            "| closed | handled | installed | looked | fitted | dried | switched | locked | packed)",
            "(user | customer | client | caller) (<have>)? ..1 (failed to | (entered | typed | used | gave | provided | chose) ..4 "
            "(wrong | wrongly | incorrect | incorrectly))",
            "(had | have | has) been (overloaded | overfilled | misused | mistreated | abused | neglected | tampered with)",
            "<be> ..1 misuse",
            "the way (it | they | the ..2) <be> ..1 (installed | used | fitted | stored | handled | treated | operated)",
            "you (needed | were required | were asked) to (be | have | <duty>)",
            "you ..1 (agreed to | accepted) ..3 (terms | conditions | policy)",
            "(listing | page | website | description | manual | email | mail | label | confirmation | terms | instructions "
            "| sign) ..1 clearly (state* | say* | said | show* | mention*)",
            "you (<have>)? ..1 <you_failed>",
            "you (did | have | had) not ..1 (<duty> | <dutiful>)",
            "you (should | ought | could) to? (also | really | simply | just | first)? have (simply | just | first)? <dutiful>",
            "you should not have <dutiful>",
            "you must have (simply | just)? (<you_failed> | <you_used> | <dutiful>)",
            "if you (had | would | only | had only | had just | had simply | had not) (<dutiful> | booked | bought)",
            "had you (not | only | just | simply)? <dutiful>",
            "(because | since | as) you (<have>)? ..1 (<you_failed> | <you_used> | (<you_said> ..5 (wrong | wrongly | incorrect "
            "| incorrectly | too | late | without | instead)))",
            "(because | since | as) you (did | do | have | had | were | are) not",
            "you (<have>)? ..1 (entered | gave | typed | chose | ordered | used | filled | provided | quoted | "
            "selected | picked | installed | wrote | sent | told | supplied | put | fitted | bought | submitted | "
            "stated) ..4 (wrong | wrongly | incorrect | incorrectly | too late | by mistake | wrong one | incomplete "
            "| false)",
            "you (gave | sent | told | provided | supplied | quoted) (us | me) ..1 (a | the | an)? ..1 (wrong | "
            "incorrect | false | incomplete | outdated)",
            "<be> ..1 your own? (fault | mistake | error | negligence | doing | carelessness | misunderstanding)",
            "<be> ..1 your own? (responsibility | job | duty | business | problem)",
            "(through | by | of | due to | because of | owing to) your own? (fault | mistake | error | negligence | "
            "carelessness | misuse | inattention | detergent)",
            "(<fault> | problem | problems | issue | issues) ..3 (on | at | with | from) your (own)? (side | end | part)",
            "you ..3 yourself to blame",
            "(caused | due to | because of | result of | down to | broken | damaged) ..2 (improper | incorrect | "
            "wrong | careless | faulty | inappropriate) ..1 (use | usage | handling | installation | storage | "
            "operation | care | treatment)",
            "(user | customer | operator | client) (error | mistake | misuse | fault)",
            "(misuse | mishandling | negligence | carelessness) (by | of) ..1 (the)? (customer | user | client | owner | buyer)",
            "<be> (used | handled | installed | stored | treated | operated | fitted | filled in) ..1 (wrongly | "
            "incorrectly | improperly | carelessly | the wrong way)",
            "(filled | entered | typed | done | damaged | broken | caused | lost | ordered) ..2 by you",
            "you (were | was) not ..2 (at home | in | available | there | present | reachable) ..3 (when | so | and)",
            "(comes | come | came) from your",
            "you have misunderstood",
            "you caused",
            "your (misuse | negligence | carelessness)",
            "you refused",
            "according to ..2 <party> you",
        ),
        unless=(
            "you ..1 (did | have | had) nothing wrong",
            "not your fault",
            "(because | since | as) you (did | do | have | had) not ..1 (need | have to | get | got | hear | heard | receive "
            "| received | want | like)",
            "(because | since | as) you (are | were) not ..1 (happy | satisfied | told | informed | offered | given | asked "
            "| sent)",
            "(our | we) ..3 overloaded",
        ),
        reason="it puts the fault on the customer",
        better="Leave out what the customer did or did not do, and say what you do now.",
        source="G: right or wrong, the complaint is a favour; O",
    ),
)
