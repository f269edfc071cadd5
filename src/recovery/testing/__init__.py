"""Testing workflow rules: frozen time, cases at any stage, scenarios as data, matchers, simulations, paths and coverage.

    >>> from recovery import Channel, FollowUp, Stage
    >>> from recovery.testing import Given, Scenario, Then, a_case, a_word, check, wait
    >>> a_case(Stage.RESOLVED, delivers="the refund").stage.value
    'resolved'
    >>> too_early = Scenario(
    ...     given=Given(stage=Stage.RESOLVED, delivers="the refund"),
    ...     when=[wait("3 cd"), FollowUp(by="ben", word=a_word("Does it work?", Channel.PHONE))],
    ...     then=Then(refused="follow-up.after-delivery"),
    ... )
    >>> check(too_early).reasons[0].message
    'the refund has not arrived yet.'

Everything here works with any test runner. The pytest plugin (``recovery.testing.plugin``) and the Hypothesis strategies
(``recovery.testing.strategies``) need the extra ``testing``. Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recovery.testing.cases import Given as Given
    from recovery.testing.cases import a_case as a_case
    from recovery.testing.cases import a_story as a_story
    from recovery.testing.catalogue import Lacking as Lacking
    from recovery.testing.catalogue import examples as examples
    from recovery.testing.catalogue import examples_of as examples_of
    from recovery.testing.catalogue import lacking as lacking
    from recovery.testing.content import a_contact as a_contact
    from recovery.testing.content import a_policy as a_policy
    from recovery.testing.content import a_word as a_word
    from recovery.testing.content import called as called
    from recovery.testing.content import said as said
    from recovery.testing.coverage import Coverage as Coverage
    from recovery.testing.coverage import watching as watching
    from recovery.testing.desks import DeskStory as DeskStory
    from recovery.testing.desks import MemoryDesk as MemoryDesk
    from recovery.testing.desks import a_desk as a_desk
    from recovery.testing.matching import agenda_has as agenda_has
    from recovery.testing.matching import refuses as refuses
    from recovery.testing.matching import warns as warns
    from recovery.testing.moments import FrozenNow as FrozenNow
    from recovery.testing.paths import every_path as every_path
    from recovery.testing.paths import path_to as path_to
    from recovery.testing.reading import load_scenarios as load_scenarios
    from recovery.testing.reading import scenario_from_dict as scenario_from_dict
    from recovery.testing.scenario import Scenario as Scenario
    from recovery.testing.scenario import ScenarioFailed as ScenarioFailed
    from recovery.testing.scenario import check as check
    from recovery.testing.simulation import simulate as simulate
    from recovery.testing.simulator import Simulator as Simulator
    from recovery.testing.steps import Wrote as Wrote
    from recovery.testing.steps import until as until
    from recovery.testing.steps import wait as wait
    from recovery.testing.story import Story as Story
    from recovery.testing.then import Then as Then
    from recovery.testing.wording import told as told

_HOMES = (
    ("cases", "Given a_case a_story"),
    ("catalogue", "Lacking examples examples_of lacking"),
    ("content", "a_contact a_policy a_word called said"),
    ("coverage", "Coverage watching"),
    ("desks", "DeskStory MemoryDesk a_desk"),
    ("matching", "agenda_has refuses warns"),
    ("moments", "FrozenNow"),
    ("paths", "every_path path_to"),
    ("reading", "load_scenarios scenario_from_dict"),
    ("scenario", "Scenario ScenarioFailed check"),
    ("simulation", "simulate"),
    ("simulator", "Simulator"),
    ("steps", "Wrote until wait"),
    ("story", "Story"),
    ("then", "Then"),
    ("wording", "told"),
)
_HOME = {name: module for module, names in _HOMES for name in names.split()}

# One list of names is enough; type checkers read the imports above.
__all__ = sorted(_HOME)  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'recovery.testing' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"recovery.testing.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
