"""The pytest plugin: fixtures, readable failures, coverage of rules; and that it costs nothing where nobody uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec

import pytest

import recovery.desk
import recovery.testing

NAME = "recovery.testing.plugin"

for module in (recovery, recovery.testing, recovery.desk):
    # pytester forgets again what a suite of its own was the first to import, and classes would be there twice.
    for name in module.__all__:
        getattr(module, name)


def plugged() -> list[str]:
    """Return how to have the plugin: by its entry point where the project is installed, else by its name."""
    return [] if any(point.value == NAME for point in entry_points(group="pytest11")) else ["-p", NAME]


def run(pytester: pytest.Pytester, code: str, *options: str) -> pytest.RunResult:
    """Run a test module in a suite of its own."""
    pytester.makepyfile(code)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *plugged(), *options)


def test_a_desk_is_there(pytester: pytest.Pytester) -> None:
    """A test asks for a desk and its time, and moves it."""
    result = run(
        pytester,
        """
        from recovery import Stage
        from recovery.testing import a_case, agenda_has, refuses

        def test_the_follow_up_is_due(desk, frozen_now):
            case = a_case(Stage.RESOLVED, desk=desk)
            assert desk == agenda_has("follow-up.days", at="2026-03-05 12:10", whom="ben")
            frozen_now.move(days=3)
            desk.work()
            assert "ben" in {message.person for message in desk.notifier.sent}
            assert not desk.doctor()
        """,
    )
    result.assert_outcomes(passed=1)


def test_a_suite_brings_its_own_policy(pytester: pytest.Pytester) -> None:
    """One fixture is overridden, and the desk and its time follow."""
    pytester.makeconftest(
        """
        import pytest
        from recovery import policies

        @pytest.fixture
        def recovery_policy():
            return policies.default(fallback_owner="zoe", calendar=policies.office_hours("Asia/Kolkata"))
        """
    )
    result = run(
        pytester,
        """
        from recovery.testing import a_case

        def test_it_is_ours(desk, frozen_now):
            assert a_case(desk=desk).owner == "zoe"
            assert frozen_now.local.endswith("+05:30")
        """,
    )
    result.assert_outcomes(passed=1)


def test_a_fixture_of_the_same_name_wins(pytester: pytest.Pytester) -> None:
    """A suite that has a desk of its own keeps it."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.fixture
        def desk():
            return "made of wood"

        def test_it_is_ours(desk):
            assert desk == "made of wood"
        """,
    )
    result.assert_outcomes(passed=1)


def test_a_missing_step_shows_the_agenda(pytester: pytest.Pytester) -> None:
    """Who looks for a step sees the agenda instead of two long values."""
    result = run(
        pytester,
        """
        from recovery import Stage
        from recovery.testing import a_case, agenda_has

        def test_it_is_due(desk):
            a_case(Stage.RESOLVED, desk=desk)
            assert desk == agenda_has("follow-up.days", at="2026-03-06 12:10")
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*assert agenda_has('follow-up.days', at='2026-03-06 12:10') does not hold",
            "E         wanted follow-up.days at Fri 2026-03-06 12:10 on the agenda, but there is:",
            "E           due                   rule            whose  what",
            "E           Thu 2026-03-05 12:10  follow-up.days  ben    ask the customer whether it is really solved",
        ]
    )


def test_another_refusal_shows_every_reason(pytester: pytest.Pytester) -> None:
    """Who expects one refusal and meets another sees its rules, fields and ways out."""
    result = run(
        pytester,
        """
        from recovery import FollowUp, Stage
        from recovery.testing import a_case, a_word, refuses

        def test_with_a_block(desk):
            case = a_case(Stage.RESOLVED, desk=desk)
            with refuses("follow-up.after-delivery"):
                desk.handle(case.id, FollowUp(by="ben", word=a_word("Does it work?")))

        def test_with_reasons(desk):
            case = a_case(Stage.RESOLVED, desk=desk)
            assert refuses("follow-up.says") == desk.why_not(case.id, FollowUp(by="ben", word=a_word("Does it work?")))

        def test_with_nothing(desk):
            assert () == refuses("follow-up.says")
        """,
    )
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            "E*AssertionError: follow_up: wanted a refusal by follow-up.after-delivery, but it is refused by:",
            "E*rule                     field     why",
            "E*follow-up.not-too-soon             it is too soon to ask. The first possible instant is",
            "E*follow-up.other-channel  word.via  the case was settled by email, and nothing else was tried.",
        ]
    )
    result.stdout.fnmatch_lines(["E*assert refuses('follow-up.says') does not hold", "E*refused by:"])
    result.stdout.fnmatch_lines(["E*wanted a refusal by follow-up.says, but nothing is refused"])


def test_other_comparisons_are_left_alone(pytester: pytest.Pytester) -> None:
    """What has no matcher in it is explained as ever."""
    result = run(pytester, "def test_it():\n    assert [1] == [2]\n")
    result.stdout.fnmatch_lines(["E*assert ?1? == ?2?", "E*At index 0 diff: 1 != 2"])


def test_what_was_not_exercised_is_reported(pytester: pytest.Pytester) -> None:
    """On demand a run tells which edges and whose yes and no no test has shown."""
    code = """
        from recovery import Stage
        from recovery.testing import a_case

        def test_it():
            a_case(Stage.RESOLVED)
        """
    lacking = run(pytester, code, "--recovery-coverage")
    lacking.stdout.fnmatch_lines(
        [
            "*recovery coverage*",
            "4 of 18 edges taken; * of * checks and clocks seen kept and broken",
            "  edge resolution_proposed --decline-->: not taken",
            "  closing as withdrawn: not done",
            "  check acknowledge.says: never broken",
        ]
    )
    full = run(pytester, code, "--recovery-coverage", "-v")
    full.stdout.fnmatch_lines(["what  * kept  broken", "edge received --acknowledge-->  * 1"])
    silent = run(pytester, code)
    assert "recovery coverage" not in silent.stdout.str()


def test_a_rule_of_your_own_is_in_the_report(pytester: pytest.Pytester) -> None:
    """Whoever adds a rule and no example that breaks it reads so at the end of the run."""
    result = run(
        pytester,
        """
        import attrs, pytest
        from recovery import Acknowledge, Problem, Stage, rule
        from recovery.core.practice import CHECKS
        from recovery.testing import a_case, a_policy

        @rule("shop.signed", heading="acknowledging", source="the shop", on=(Acknowledge,))
        def signed(case, command, moment):
            "Protects the customer from a letter that nobody has signed."
            if "Ben" not in command.word.text:
                yield Problem("it is not signed")

        @pytest.fixture
        def recovery_policy():
            return attrs.evolve(a_policy(), rules=(*CHECKS, signed))

        def test_it(desk):
            with pytest.raises(Exception, match="it is not signed"):
                a_case(Stage.ACKNOWLEDGED, desk=desk)
        """,
        "--recovery-coverage",
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["  check shop.signed: never kept"])


@pytest.mark.skipif(find_spec("xdist") is None, reason="pytest-xdist is not installed")
def test_workers_report_as_one(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is spread over processes reports what all of them have seen."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    pytester.makepyfile(
        """
        from recovery import Stage
        from recovery.testing import a_case

        def test_one():
            a_case(Stage.ACKNOWLEDGED)

        def test_other():
            a_case(Stage.CLOSED)
        """
    )
    options = ("-p", "no:cacheprovider", "-n", "2", "--recovery-coverage", *plugged())
    result = pytester.runpytest_subprocess(*options)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["2 of 18 edges taken; *"])


def test_it_imports_next_to_nothing() -> None:
    """A suite that does not use it loads neither the library nor what the library needs."""
    code = (
        "import sys, pytest; before = set(sys.modules); import recovery.testing.plugin\n"
        "print(*sorted(set(sys.modules) - before - set(sys.stdlib_module_names)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["recovery", "recovery.testing", "recovery.testing.plugin"]


def test_a_foreign_suite_is_left_alone(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing of the library is used, the plugin loads nothing of it during the whole run."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    pytester.makepyfile(
        """
        import sys

        def test_it():
            assert {1: 2} != {1: 3}

        def test_nothing_is_loaded():
            assert not [name for name in sys.modules if name.startswith(("recovery.core", "recovery.desk", "pendulum"))]
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest", *plugged())
    result.assert_outcomes(passed=2)
