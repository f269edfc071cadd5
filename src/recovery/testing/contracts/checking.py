"""What a check is, what it says where it fails, and the report on many of them. Needs nothing but the standard library."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from typing import Generic, TypeVar, cast

from attrs import field, frozen

from recovery.testing.contracts.obligation import Obligation, obligations

__all__ = [
    "Broken",
    "Check",
    "ContractBroken",
    "Duties",
    "LeftOut",
    "Report",
    "Violation",
    "examine",
    "expect",
    "opened",
    "refused",
    "require",
    "same",
]

B = TypeVar("B")
E = TypeVar("E", bound=BaseException)
T = TypeVar("T")

_LONG = 400


class Violation(Exception):
    """What a check found wrong. Inside a check only: outside it becomes :class:`ContractBroken`."""


@frozen(kw_only=True)
class Check:
    """One check of one obligation. Call it: it raises :class:`ContractBroken` where the obligation is not kept.

    ``says`` is the rule in one sentence, ``way_out`` what to look for where it fails.
    """

    id: str
    obligation: Obligation
    says: str
    way_out: str
    _run: Callable[[], None] = field(repr=False, alias="run")

    def __call__(self) -> None:
        """Hold the implementation against the obligation. Raises :class:`ContractBroken` with a report of this one check."""
        found, cause = self.outcome()
        if found is not None:
            raise ContractBroken(Report(what=self.obligation.port, broken=(found,))) from cause

    def outcome(self) -> tuple[Broken | None, Exception | None]:
        """Return what is broken and the exception it came from; nothing where the obligation is kept."""
        try:
            self._run()
        except Violation as violation:
            cause = violation.__cause__
            return Broken(check=self, found=str(violation)), cause if isinstance(cause, Exception) else None
        except Exception as error:  # noqa: BLE001  (whatever an implementation raises where it should not is a finding)
            return Broken(check=self, found=f"it raised {_shown(error)}"), error
        return None, None


@frozen(kw_only=True)
class Broken:
    """A check that failed, and what it found."""

    check: Check
    found: str

    def __str__(self) -> str:
        check = self.check
        return (
            f"{check.obligation.id}: {check.obligation.text}\n"
            f"    check    {check.id}: {check.says}\n"
            f"    found    {self.found}\n"
            f"    way out  {check.way_out}"
        )


@frozen(kw_only=True)
class LeftOut:
    """A check that was not made: ``option`` names the argument it lacks, or ``port`` the one that may be filled and is not."""

    id: str
    option: str = ""
    port: str = ""


@frozen(kw_only=True)
class Report:
    """How an implementation stands to the contract of ``what``: what holds, what is broken, what was not looked at."""

    what: str
    held: tuple[Check, ...] = ()
    broken: tuple[Broken, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything that was looked at holds."""
        return not self.broken

    def __str__(self) -> str:
        looked = len(self.held) + len(self.broken)
        if self.ok:
            kept = len({check.obligation.id for check in self.held})
            return f"{self.what}: {kept} obligations hold in {looked} checks.{self._unseen()}"
        heading = f"{self.what}: broken in {len(self.broken)} of {looked} checks.{self._unseen()}"
        return "\n\n".join((heading, *map(str, self.broken)))

    def _unseen(self) -> str:
        options = sorted({left.option for left in self.left_out if left.option})
        ports = sorted({left.port for left in self.left_out if left.port})
        why = [f"give {', '.join(options)}"] if options else []
        why += [f"not filled: {', '.join(ports)}"] if ports else []
        return f" Not looked at: {len(self.left_out)} ({'; '.join(why)})." if why else ""


class ContractBroken(AssertionError):
    """An implementation does not keep the contract. ``report`` says which obligations, what was found, and the way out."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(str(report))


def examine(checks: Iterable[Check], *, what: str = "", left_out: tuple[LeftOut, ...] = ()) -> Report:
    """Run ``checks``, all of them, and return the report; nothing is raised."""
    held: list[Check] = []
    broken: list[Broken] = []
    for check in checks:
        found, _ = check.outcome()
        held += [check] if found is None else []
        broken += [] if found is None else [found]
    names = dict.fromkeys(check.obligation.port for check in (*held, *(each.check for each in broken)))
    return Report(what=what or ", ".join(names), held=tuple(held), broken=tuple(broken), left_out=left_out)


def require(report: Report) -> Report:
    """Return the report. Raises :class:`ContractBroken` where something in it is broken."""
    if not report.ok:
        raise ContractBroken(report)
    return report


# ---------------------------------------------------------------- writing checks


@frozen(kw_only=True)
class _Duty(Generic[B]):
    id: str
    obligation: Obligation
    says: str
    way_out: str
    needs: tuple[str, ...]
    port: str
    run: Callable[[B], None]

    def bound(self, bench: B) -> Check:
        return Check(id=self.id, obligation=self.obligation, says=self.says, way_out=self.way_out, run=lambda: self.run(bench))

    def left_out(self, bench: B) -> LeftOut | None:
        if self.port and self.port not in getattr(bench, "fills", ()):
            return LeftOut(id=self.id, port=self.port)
        return next((LeftOut(id=self.id, option=name) for name in self.needs if not getattr(bench, name)), None)


class Duties(Generic[B]):
    """The checks of one port, in the order they are written. ``B`` is the bench they work on: the maker and its options.

    A port that may be left is ``optional``: its checks rest where the bench does not name it among those that it ``fills``.
    """

    def __init__(self, port: type, *, optional: bool = False) -> None:
        self._port = port
        self._optional = optional
        self._obligations = {(found.method, found.number): found for found in obligations(port)}
        self._duties: list[_Duty[B]] = []

    def __call__(
        self, method: str, number: int, way_out: str, *, needs: tuple[str, ...] = ()
    ) -> Callable[[Callable[[B], None]], Callable[[B], None]]:
        """Make a function a check of an obligation. Its docstring says the rule; ``needs`` names options without which it rests."""

        def add(run: Callable[[B], None]) -> Callable[[B], None]:
            unknown = Obligation(self._port.__name__, method, number, "")
            obligation = self._obligations.get((method, number), unknown)
            name = run.__name__.replace("_", "-")
            says = " ".join((run.__doc__ or name).split())
            duty = _Duty(
                id=f"{obligation.id.replace(' ', '-')}/{name}",
                obligation=obligation,
                says=says,
                way_out=way_out,
                needs=needs,
                port=self._port.__name__ if self._optional else "",
                run=run,
            )
            self._duties.append(duty)
            return run

        return add

    def checks(self, bench: B) -> tuple[Check, ...]:
        """Return every check that can be made on ``bench``."""
        return tuple(duty.bound(bench) for duty in self._duties if duty.left_out(bench) is None)

    def left_out(self, bench: B) -> tuple[LeftOut, ...]:
        """Return every check that cannot be made on ``bench``, with what it lacks."""
        return tuple(left for duty in self._duties if (left := duty.left_out(bench)) is not None)


@contextmanager
def opened(made: T | AbstractContextManager[T]) -> Generator[T, None, None]:
    """Yield what was made; where it is a context manager, what it gives."""
    if isinstance(made, AbstractContextManager):
        with cast("AbstractContextManager[T]", made) as given:
            yield given
    else:
        yield made


def expect(holds: bool, found: str) -> None:
    """Raise :class:`Violation` where ``holds`` is false."""
    if not holds:
        raise Violation(found)


def same(found: object, wanted: object, what: str) -> None:
    """Raise :class:`Violation` where ``what`` is not as it should be."""
    if found != wanted:
        raise Violation(f"{what} is {_short(found)}, and should be {_short(wanted)}")


def refused(kind: type[E], act: Callable[[], object], what: str) -> E:
    """Return the error of ``kind`` that ``act`` raises. Raises :class:`Violation` where it raises another, or none."""
    try:
        act()
    except kind as error:
        return error
    except Exception as error:
        raise Violation(f"{what} raised {_shown(error)}, and should raise {kind.__name__}") from error
    raise Violation(f"{what} raised nothing, and should raise {kind.__name__}")


def _shown(error: BaseException) -> str:
    return _cut(f"{type(error).__name__}: {error}")


def _short(value: object) -> str:
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]} ... {text[-_LONG // 2 :]}"
