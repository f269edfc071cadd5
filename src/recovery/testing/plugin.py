"""The pytest plugin: a desk in memory, frozen time, matchers that show tables, and ``--recovery-coverage``.

It is found by its entry point where ``customer-recovery`` is installed, and imports nothing of the library until a test asks for
it: suites that have nothing to do with it are not slowed, and what they measure is not disturbed. Every fixture may be overridden.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from recovery.core.policy import Policy
    from recovery.testing.coverage import Coverage
    from recovery.testing.desks import MemoryDesk
    from recovery.testing.matching import Matcher
    from recovery.testing.moments import FrozenNow

    class Node(Protocol):
        """A worker of pytest-xdist, as the process that reports knows it."""

        config: pytest.Config


_SEEN: pytest.StashKey[Coverage] = pytest.StashKey()
_STACK: pytest.StashKey[ExitStack] = pytest.StashKey()
_HANDED = "recovery_coverage"

# ---------------------------------------------------------------- fixtures


@pytest.fixture
def recovery_policy() -> Policy:
    """The policy the ``desk`` works by: the practice as it stands. Override it in your conftest with your own."""
    from recovery.testing.content import a_policy  # noqa: PLC0415  (nothing is imported before a test asks for it)

    return a_policy()


@pytest.fixture
def frozen_now(recovery_policy: Policy) -> FrozenNow:
    """The time of the ``desk``: Monday 2 March 2026, 10:00 in Berlin, until it is moved."""
    from recovery.testing.moments import FrozenNow  # noqa: PLC0415  (as above)

    return FrozenNow(calendar=recovery_policy.calendar)


@pytest.fixture
def desk(recovery_policy: Policy, frozen_now: FrozenNow) -> MemoryDesk:
    """A desk in memory at ``frozen_now``, under ``recovery_policy``; ``desk.notifier.sent`` keeps what it sends."""
    from recovery.testing.desks import a_desk  # noqa: PLC0415  (as above)

    return a_desk(recovery_policy, now=frozen_now)


# ---------------------------------------------------------------- what a failure shows


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show what a matcher misses as a table, instead of two long values."""
    matcher, value = (right, left) if _is_matcher(right) else (left, right)
    if op != "==" or not _is_matcher(matcher):
        return None
    return [f"{matcher!r} does not hold", *_told(matcher, value).splitlines()]


def _is_matcher(value: object) -> bool:
    # A matcher's own kind is asked for by name: importing it here would load the library into every foreign suite.
    return any(f"{kind.__module__}.{kind.__qualname__}" == "recovery.testing.matching.Matcher" for kind in type(value).__mro__)


def _told(matcher: object, value: object) -> str:
    told: Matcher = matcher  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    return told.explain(value)


# ---------------------------------------------------------------- what a run has exercised


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--recovery-coverage``."""
    parser.getgroup("recovery").addoption(
        "--recovery-coverage",
        action="store_true",
        help="tell which edges of the chart, and which rules kept and broken, no test has shown; with -v tell all of them",
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to look at every decision, if that is asked for."""
    if session.config.getoption("--recovery-coverage", default=None):
        from recovery.testing.coverage import watching  # noqa: PLC0415  (as above)

        stack = ExitStack()
        session.config.stash[_SEEN] = stack.enter_context(watching())
        session.config.stash[_STACK] = stack


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop looking. A worker of pytest-xdist hands what it has seen to the process that reports."""
    if stack := session.config.stash.get(_STACK, None):
        stack.close()
        if (output := getattr(session.config, "workeroutput", None)) is not None:
            output[_HANDED] = session.config.stash[_SEEN].to_data()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Node) -> None:
    """Add what a worker of pytest-xdist has seen; one that crashed has handed in nothing."""
    seen = node.config.stash.get(_SEEN, None)
    handed: dict[str, dict[str, int]] | None = getattr(node, "workeroutput", {}).get(_HANDED)
    if seen is not None and handed is not None:
        seen.add(handed)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what was exercised, and what was not."""
    seen = config.stash.get(_SEEN, None)
    if seen is None:
        return
    report = seen.report()
    terminalreporter.section("recovery coverage")
    terminalreporter.write_line(str(report) if config.get_verbosity() > 0 else report.summary)
