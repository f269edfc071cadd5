"""Phrases that send the customer away, put the policy first, ask whether it will do, excuse, or look for the guilty."""

from __future__ import annotations

from recovery.core.errors import Strength
from recovery.core.wording.english.sources import ASK, OWN
from recovery.core.wording.values import TextKind, WordingRule

__all__ = ["ASKING", "EXCUSES", "INQUEST", "PASSING_ON", "POLICY"]

PASSING_ON: tuple[WordingRule, ...] = (
    WordingRule(
        id="en.passing-on.contact",
        rule="own.no-passing-on",
        phrases=(
            "(please | just | simply) (message | ask | call | contact | tell | write to | email | ring) (him | her | them)",
            "^ try ..2 <outsider>",
            "<outsider> <be> ..1 (one | ones | person | people | place) to (talk | speak | turn | go | write | ask | "
            "contact | call)",
            "(please | kindly | just) (direct | address | send | refer) ..2 (question | questions | query | queries | claim "
            "| claims | complaint | complaints | concerns) ..4 to ..2 <outsider>",
            "(please | kindly | simply | just) ..1 (visit | use | consult | fill in | complete) ..2 <outsider> 's",
            "(best bet | best option | best way | best thing) ..3 to <turn_to> ..4 (<outsider> | garage | hotel | bank "
            "| installer)",
            "(they | he | she) (would | will) be ..1 (one | ones | people | person | place) to (talk | speak | turn | ask "
            "| contact | call)",
            "(user | customer | client | caller) <be>? ..1 (advised | told | asked | instructed) to <turn_to> ..3 <outsider>",
            "(user | customer | client | caller) <be>? ..1 (referred | redirected | directed) to ..2 <outsider>",
            "you (had better | would better | should better) <turn_to> ..3 (<outsider> | the bank | your bank)",
            "(we | i) ..2 ask you to <turn_to> ..4 <outsider>",
            "(suggest | recommend | advise | try | tried | by | consider | considered | about | of | off | propose) ..1 "
            "(contacting | calling | "
            "asking | writing to | speaking to | speaking with | reaching out to | getting in touch with | turning "
            "to | approaching | ringing | going to | going back to) ..4 <outsider>",
            "(please | you) ..3 (send | take | bring | return | post) ..3 to them",
            "follow (this | it | that | the matter) up with ..4 <outsider>",
            "(shop | store | dealer | retailer) (that | which)? you (bought | got | purchased | ordered) ..2 from",
            "(please | kindly | simply | just) ..1 <turn_to> ..4 (<outsider> | garage | hotel | neighbour | bank | "
            "installer | builder | post | workshop)",
            "you (can | may | could | might | should | must | would | will | need | have | want | ought)? (always | "
            "also | then | still | better)? (have | need | be welcome | wish | want "
            "| like)? (to)? (also | directly | kindly)? <turn_to> "
            "..4 (<outsider> | garage | hotel | installer | builder | post | workshop)",
            "you are (welcome | free | advised | requested | asked | encouraged) to ..1 <turn_to> ..4 (<outsider> | "
            "garage | hotel | installer | builder | workshop)",
            "^ (contact | call | ring | phone | email | ask | consult | chase | take it up with | take this up with "
            "| get in touch with | turn to | speak to | write to | check with | follow up with | talk to) ..3 "
            "<outsider>",
            ", (contact | call | ring | phone | email | ask | turn to | write to | speak to) ..3 <outsider>",
            "(best | better | easier | necessary | advisable | quicker | up to you) (for you)? to <turn_to> ..3 "
            "(<outsider> | the shop | the store | garage | hotel | bank)",
            "(we | i) ..1 (advise | suggest | recommend | ask | request | encourage | urge | invite | propose | "
            "would) ..1 (that)? (you)? ..1 (to | that you)? <turn_to> ..4 (<outsider> | landlord | garage | hotel | "
            "bank)",
            "(must | have to | can only | need to | would) ..1 (refer | direct | send | point | redirect | pass) you "
            "..2 to ..4 (<outsider> | garage)",
            "(we | i) (refer | direct) you to ..3 <outsider>",
            "(please | kindly | you) ..3 <put_in> ..4 <claim> ..2 (with | at | to | from | against | by) ..5 "
            "(<outsider> | garage | hotel | post)",
            "(please | kindly) <put_in> ..4 (with | at | to) ..3 <outsider> ..1 (yourself | directly)",
            "please (arrange | organise) ..3 (return | repair | collection | exchange) ..1 with ..2 <outsider>",
            "please (reach out | turn) to (them | him | her)",
            "(please)? ask there",
            "your (claim | contract | complaint | dispute | agreement) <be> ..1 (against | with) ..2 <outsider>",
            "you ..4 (get | recover | claim | reclaim) ..4 (money | refund | cost | costs | damage) ..1 back? "
            "from ..3 (<outsider> | garage | hotel)",
            "only ..2 <outsider> (can | may | could | is able)",
            "(send | return | bring | take) (it | them | this) (back)? to ..2 <outsider> (yourself | directly)",
            "(shop | store) where you (got | bought | purchased | ordered)",
            "please take the matter up",
            "(dealer | seller | retailer | manufacturer | supplier | airline | carrier) (must | has to | will have "
            "to | is obliged to | should) (help | refund | compensate | replace) you",
        ),
        unless=(
            "(we | i) ..1 (have | will | shall | do)? ..1 (paid | pay | contact | contacted | speak | spoke | call | "
            "ask) ..3 for you",
            "(do | need) not ..3 <turn_to>",
            "no need",
        ),
        reason="it sends the customer to somebody else",
        better="Do it yourself: 'I take this up with them and call you on Thursday.'",
        source=OWN,
    ),
    WordingRule(
        id="en.passing-on.body",
        rule="own.no-passing-on",
        phrases=(
            "<body>",
            "(<turn_to> | involve | instruct | see) ..3 <office>",
            "(go | going | taking us | take us | take this) to court",
        ),
        unless=("(we | i) ..2 (have)? (informed | told | asked | notified) ..2 (<body> | <office>)",),
        kinds=frozenset({TextKind.MESSAGE, TextKind.ACKNOWLEDGEMENT, TextKind.PROPOSAL}),
        reason="it names an outside body before the final no",
        better="Name outside bodies only with a final no, or where the law asks for it (then go past the rule, and say which law).",
        source=OWN,
    ),
)

POLICY: tuple[WordingRule, ...] = (
    WordingRule(
        id="en.policy.first",
        rule="propose.no-policy-first",
        phrases=(
            "(our | company | corporate | house | store) ..2 <policy> ..6 <says>",
            "(the | these | this | general) ..2 <policy> ..4 <says_so>",
            "(the | our | your) ..1 <paper> <says_so>",
            "(company policy | house rules) ..1 <says>",
            "(according to | as per | per | under | pursuant to | in line with | in accordance with | as stated in | "
            "as set out in | as laid down in) ..3 (our | the | company | general | section ..2 of)? ..2 <policy>",
            "(based on | on the basis of | due to | because of | in keeping with | following | given | by | within) ..1 (our | "
            "company | general | house | store) ..2 <policy>",
            "(according to | as per | per | under | pursuant to | as stated in) ..3 (<paper> | section)",
            "it (is | has always been) (our | company | the | general) ..2 <policy>",
            "policy is",
            "(our | the) <policy> ..1 (not | only | simply)? ..1 (not)? ..1 (allow | permit | cover | provide | include)",
            "(our | the | company)? <policy> (do | does) not ..1 (allow | permit | cover | provide | include | leave | let)",
        ),
        unless=(
            "(as you asked | you asked | as you wished | at your request | you wanted to know)",
            "(beyond | more than | exception to | exception from | despite | regardless of) ..2 <policy>",
            "(insurance | your) ..1 policy",
            "(hide | hiding) behind",
            "(these | those | certain | some | such | normal | usual | weather | good | bad) ..1 conditions",
        ),
        kinds=frozenset({TextKind.PROPOSAL}),
        opening=True,
        reason="it begins with what our policy says",
        better="Begin with what we can do; cite the guideline only once it is asked for or disputed.",
        source="D: do not lead with policy",
    ),
)

ASKING: tuple[WordingRule, ...] = (
    WordingRule(
        id="en.asking.is-it-ok",
        rule="propose.we-can-do-this",
        phrases=(
            "^ (is | would | will | does) (this | that | it) ..2 (<fine> | work | suit | do | help)",
            "(is | would | will | does) (this | that | it) ..2 (<fine> | work | suit | be) ..1 (for | with | to) you",
            "would you ..1 (accept | be happy with | be satisfied with | be ok with | be okay with | settle for | be "
            "willing to accept | mind)",
            "do you (accept | agree)",
            "(hope | trust | hopefully) ..5 <fine>",
            "if ..3 <fine> (for | with | to | by) you",
            "(let | tell) (us | me) (know)? ..1 (if | whether) ..4 (<fine> | works | suits | would do)",
            "which we hope ..4 <fine>",
            "you are (ok | okay | happy | fine) with",
            "are you ..1 (ok | okay | happy | fine | satisfied | content) with",
            "would ..4 be ..1 <fine>",
            "if (this | that | it) (is | was | would be | were) ..1 <fine>",
        ),
        kinds=frozenset({TextKind.PROPOSAL}),
        strength=Strength.SHOULD,
        reason="it asks whether that will do",
        better="Say 'We can do this: ...' and let the customer choose.",
        source=ASK,
    ),
)

EXCUSES: tuple[WordingRule, ...] = (
    WordingRule(
        id="en.excuse.busy",
        rule="own.solutions-not-excuses",
        phrases=(
            "(high | unusually high | higher than | large | increased | unprecedented | overwhelming | enormous) ..2 "
            "(volume | volumes | demand | number | numbers | amount | response | workload)",
            "(we | i) (are | am | were | have been) ..2 <busy>",
            "(staff | staffing | personnel) (shortage | shortages | illness | holidays)",
            "(short staffed | backlog)",
            "(please)? bear with (us | me)",
            "technical (difficulty | difficulties | problem | problems | issue | issues | reasons)",
            "(we | i) (are | am) (only | just)? ..1 a small (team | company | business | shop)",
            "(teething | start up) (problems | troubles)",
            "(circumstances | situation) ..4 (difficult | challenging)",
            "(still)? (we | i) (are | am) (still)? waiting for ..3 (<party>)",
        ),
        strength=Strength.SHOULD,
        redeemed=True,
        reason="it explains and holds no next step",
        better="Say who does what by when.",
        source="O: solutions, not excuses",
    ),
)

INQUEST: tuple[WordingRule, ...] = (
    WordingRule(
        id="en.inquest.first",
        rule="own.takes-it-on",
        phrases=(
            "(before | until) (we | i) ..3 (accept | take | admit | assume | acknowledge | decide) ..2 "
            "(responsibility | liability | blame | fault)",
            "(establish | find out | determine | clarify | investigate | see | check | look into | ascertain) ..2 "
            "(who | whose) ..4 (fault | responsible | blame | error | mistake | liable | caused)",
            "without ..2 (admission | admitting | prejudice | acknowledging)",
            "(if | whether) (it | we) ..5 (our fault | at fault | our mistake | our error | responsible)",
            "(question | matter) of (fault | liability | blame)",
        ),
        strength=Strength.SHOULD,
        reason="it looks for the guilty before it takes it on",
        better="Take it on first; find the cause in your own time, on the record.",
        source=OWN,
    ),
)
