"""The rules of proposing that look at the words."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.outgoing import ill_worded
from recovery.core.practice.proposing.common import HEADING
from recovery.core.rule import Moment, Problem, rule
from recovery.core.vocabulary.proposing import Propose


@rule(
    "propose.we-can-do-this", heading=HEADING, source="D", on=(Propose,), strength=Strength.SHOULD, overridable=True, blocks=False
)
def we_can_do_this(case: Case, command: Propose, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from having to approve our work: a proposal says "we can do this", and does not ask "is this OK?"."""
    yield from ill_worded("propose.we-can-do-this", case, command, moment)


@rule("propose.no-policy-first", heading=HEADING, source="D", on=(Propose,), overridable=True, blocks=False)
def no_policy_first(case: Case, command: Propose, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being shown a paragraph first: a proposal does not begin with "our policy says"."""
    yield from ill_worded("propose.no-policy-first", case, command, moment)
