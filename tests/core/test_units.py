"""Our own units: who works where, and who answers for a unit."""

from __future__ import annotations

import attrs
import pytest

from recovery.core.errors import BadDefinition
from recovery.core.policy import Policy
from recovery.core.vocabulary.ownership import BusinessUnit, Person
from support import BERLIN, POLICY

NORTH = BusinessUnit(id="north", name="The northern branch", head="cleo")
UNITS = attrs.evolve(POLICY, people=(Person(id="ana", unit="north"), Person(id="ben"), Person(id="cleo")), units=(NORTH,))


def test_a_policy_knows_who_works_in_a_unit_and_who_answers_for_it() -> None:
    """A loss can be charged to a unit, and a plan be asked of its head."""
    terms = UNITS.terms
    assert (terms.unit_of("ana"), terms.unit_of("ben"), terms.unit_of("nobody")) == ("north", None, None)
    assert (terms.unit("north"), terms.head_of("north")) == (NORTH, "cleo")


def test_where_a_unit_is_not_on_file_the_fallback_owner_answers() -> None:
    """No unit is without a person who answers for it."""
    assert (UNITS.terms.unit("south"), UNITS.terms.head_of("south")) == (None, UNITS.fallback_owner)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"units": (NORTH, NORTH)}, "units.north: is there twice"),
        ({"units": (BusinessUnit(id="north", head="zoe"),)}, "units.north.head: nobody is called 'zoe'"),
        (
            {"people": (Person(id="ana", unit="south"), Person(id="cleo"))},
            "people.ana.unit: there is no unit 'south'; there are north",
        ),
    ],
    ids=["twice", "head", "unit"],
)
def test_a_unit_is_there_once_and_has_a_head_who_exists(changes: dict[str, object], fault: str) -> None:
    """A slip in a name is an error of the policy, and not a loss that nobody answers for."""
    with pytest.raises(BadDefinition) as caught:
        attrs.evolve(UNITS, **changes)  # type: ignore[arg-type]
    assert caught.value.faults == (fault,)


def test_units_can_be_told_in_a_file() -> None:
    """A table of units names the head of each, and people say where they work."""
    data: dict[str, object] = {
        "fallback_owner": "ana",
        "calendar": BERLIN.to_data(),
        "people": {"ana": {"unit": "north"}, "cleo": {}},
        "units": {"north": {"name": "The northern branch", "head": "cleo"}},
    }
    policy = Policy.from_dict(data)
    assert (policy.units, policy.terms.unit_of("ana")) == ((NORTH,), "north")
