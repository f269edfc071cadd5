"""Hypothesis strategies for people who test their own rules: what they draw can be, and they draw all of it."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import find, given
from hypothesis import strategies as st

from recovery import Case, Contact, Policy, Recorded, Stage
from recovery.core.fold import fold
from recovery.core.vocabulary.common import Command
from recovery.testing import a_case
from recovery.testing.moments import MONDAY
from recovery.testing.strategies import PERSONAL, cases, commands, contacts, histories, policies


@given(cases())
def test_a_drawn_case_is_one(case: Case) -> None:
    """Whatever stage is drawn, real commands led there."""
    assert case.version >= 1
    assert case.stage in Stage


@given(cases(Stage.RESOLVED))
def test_a_case_can_be_drawn_at_a_stage(case: Case) -> None:
    """A property about one stage draws cases of that stage alone."""
    assert case.stage is Stage.RESOLVED
    assert case.resolving.resolution is not None


def test_every_stage_is_drawn() -> None:
    """No stage is left out."""
    for stage in Stage:
        assert find(cases(), lambda case, stage=stage: case.stage is stage).stage is stage  # type: ignore[misc]


@given(histories())
def test_a_drawn_history_folds(history: tuple[Recorded, ...]) -> None:
    """A history is what a store would hold: numbered without gaps, and the fold of it is a case."""
    assert [recorded.seq for recorded in history] == list(range(1, len(history) + 1))
    assert fold(history).version == len(history)


@given(policies())
def test_a_drawn_policy_can_work(policy: Policy) -> None:
    """Other hours, lengths and strengths, and every stage can still be reached or is refused by a rule."""
    assert policy.timing.clocks
    assert a_case(policy=policy).owner == "ben"


@given(st.data(), cases())
def test_commands_are_drawn_for_the_case(data: st.DataObject, case: Case) -> None:
    """A command is drawn for the case as it stands; whether it fits is for the rules to say."""
    assert isinstance(data.draw(commands(case, case.recorded_at)), Command)


@given(contacts(MONDAY))
def test_what_a_person_wrote_can_be_found(contact: Contact) -> None:
    """Every personal text begins with a word that stands nowhere else."""
    assert not contact.text.strip() or contact.text.startswith(PERSONAL)


def test_without_hypothesis_the_extra_is_named() -> None:
    """Whoever has not installed the extra hears its name."""
    code = "import sys; sys.modules['hypothesis'] = None; import recovery.testing.strategies"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingExtra: This needs the package 'hypothesis': python -m pip install 'customer-recovery[testing]'" in ran.stderr
