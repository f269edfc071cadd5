"""Abilities: rules that refuse nothing, because they are something the library can do."""

from __future__ import annotations

import pytest

from recovery.core.practice import ABILITIES, CHECKS
from recovery.testing import examples_of

ASKED_BY = {
    "own.reach-out-first": "desk.open_incident",
    "propose.ready-early": "desk.suggest",
    "loss.charged": "desk.learn",
    "risk.next-to-leave": "desk.risk",
    "learn.training": "desk.learn",
}


@pytest.mark.parametrize(("rule_id", "call"), ASKED_BY.items(), ids=ASKED_BY)
def test_an_ability_says_how_it_is_asked_and_is_shown_at_work(rule_id: str, call: str) -> None:
    """Whoever reads of an ability finds the call that asks for it, and an example with it and one without."""
    (ability,) = (one for one in ABILITIES if one.id == rule_id)
    kept, broken = examples_of(rule_id)
    assert call in ability.how
    assert kept
    assert broken


def test_what_the_library_can_do_is_listed_once() -> None:
    """No ability is left out of this file, and none is a check that refuses as well."""
    assert {one.id for one in ABILITIES} == set(ASKED_BY)
    assert not {one.id for one in CHECKS} & set(ASKED_BY)
