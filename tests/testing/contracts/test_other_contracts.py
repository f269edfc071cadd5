"""The contracts of notifiers, directories, precedents and renderers hold for what the library brings, and catch what is broken."""

from __future__ import annotations

import pendulum
import pytest

from recovery import Channel, Desk, Money, Option, Propose, RecordAcceptance, Said, Severity, Stage
from recovery.core.precedent import GoodwillGiven, Precedent, Similar
from recovery.directories import Absences
from recovery.notifiers import ConsoleNotifier, RecordingNotifier
from recovery.ports import Directory, Notifier, Precedents, Renderer
from recovery.stores import CasePrecedents
from recovery.templates import PlainTexts, Text
from recovery.testing import a_case, a_desk, a_policy, a_word, contracts
from recovery.testing.contracts import Check, ContractBroken, obligations
from testing.contracts.broken_directories import DIRECTORIES, People
from testing.contracts.broken_notifiers import AT, NOTIFIERS, Post, WaitsForEver, arrived, down, final
from testing.contracts.broken_precedents import PRECEDENTS
from testing.contracts.broken_precedents import Raises as NobodyKnows
from testing.contracts.broken_renderers import RENDERERS


def recording() -> RecordingNotifier:
    """Return a notifier that keeps what it is asked to send."""
    return RecordingNotifier(now=lambda: AT)


def kept(notifier: RecordingNotifier) -> list[str]:
    """Return what a recording notifier has kept."""
    return [f"{message.id}\n{message.subject}\n{message.body}" for message in notifier.sent]


def absences() -> Absences:
    """Return a directory that knows when Ana is away."""
    return Absences(days={"ana": [("2026-03-02", "2026-03-06")], "ben": []}, timezone="Europe/Berlin")


def taught() -> Desk:
    """Return a desk with one case, whose customer accepted forty euros and five of goodwill."""
    desk = a_desk(a_policy())
    case = a_case(Stage.INVESTIGATING, desk=desk)
    refund = Option(id="refund", text="Your money.", value=Money.parse("40 EUR"), goodwill=Money.parse("5 EUR"))
    desk.handle(case.id, Propose(by="ben", word=a_word(), options=(refund,)))
    desk.handle(case.id, RecordAcceptance(by="ben", option="refund", said=Said(channel=Channel.PHONE, words="Yes.")))
    return desk


def precedents() -> CasePrecedents:
    """Return what that case teaches."""
    return CasePrecedents(taught().store)


(TAUGHT,) = taught().find()
SIMILAR = Similar(category=None, severity=Severity.NORMAL, since=TAUGHT.opened_at, but="another")
REFUND = Precedent(
    case_id=TAUGHT.id, reference=TAUGHT.reference, at=TAUGHT.recorded_at, remedy="refund", worth=Money.parse("45 EUR")
)
GIFT = GoodwillGiven(case_id=TAUGHT.id, at=TAUGHT.recorded_at, by="ben", value=Money.parse("5 EUR"))
WEEK = [
    (pendulum.datetime(2026, 3, 2, 0, 0, tz="Europe/Berlin"), {"ana"}),
    (pendulum.datetime(2026, 3, 6, 23, 59, tz="Europe/Berlin"), {"ana"}),
    (pendulum.datetime(2026, 3, 7, 0, 0, tz="Europe/Berlin"), set[str]()),
    (pendulum.datetime(2026, 3, 1, 23, 30, tz="UTC"), {"ana"}),
]
PROVIDER = contracts.notifier_checks(Post, arrived=arrived, down=down, final=final, stuck=down, patience=5)
HELD = (
    *contracts.notifier_checks(recording, arrived=kept),
    *contracts.notifier_checks(lambda: ConsoleNotifier(write=str)),
    *PROVIDER,
    *contracts.directory_checks(absences, known=WEEK, unknowing=lambda: People(None)),
    *contracts.precedents_checks(
        precedents, known=((SIMILAR, (REFUND,)),), given=((TAUGHT.opened_at, (GIFT,)),), unknowing=NobodyKnows
    ),
    *contracts.renderer_checks(PlainTexts, broken=[lambda: PlainTexts(replace={"receipt": Text("Hello", ("$nobody",))})]),
)


@pytest.mark.parametrize("check", HELD, ids=lambda check: check.id)
def test_what_the_library_brings_keeps(check: Check) -> None:
    """Notifiers, directory, precedents and renderer of the library keep what their ports demand."""
    check()


@pytest.mark.parametrize("check", [*NOTIFIERS, *DIRECTORIES, *PRECEDENTS, *RENDERERS], ids=lambda check: check.id)
def test_what_is_broken_is_caught(check: Check) -> None:
    """An implementation with one fault is caught, with the obligation and the way out."""
    with pytest.raises(ContractBroken) as caught:
        check()
    assert check.obligation.text in str(caught.value)
    assert check.way_out in str(caught.value)


@pytest.mark.parametrize(
    ("port", "broken"), [(Notifier, NOTIFIERS), (Directory, DIRECTORIES), (Precedents, PRECEDENTS), (Renderer, RENDERERS)]
)
def test_every_check_and_every_obligation_is_there(port: type, broken: tuple[Check, ...]) -> None:
    """Each check was seen to fail, and each obligation has one."""
    there = {check.id for check in HELD if check.obligation.port == port.__name__}
    assert {check.id for check in broken} == there
    assert {check.obligation for check in broken} == set(obligations(port))


def test_the_whole_contract_in_one_call() -> None:
    """One call runs all checks and says in one line what holds; what was not looked at is named with the option to give."""
    assert str(contracts.check_notifier(Post, arrived=arrived, down=down, final=final, stuck=WaitsForEver)) == (
        "Notifier: 8 obligations hold in 11 checks."
    )
    report = contracts.check_directory(absences)
    assert str(report) == "Directory: 2 obligations hold in 2 checks. Not looked at: 2 (give known, unknowing)."
    assert [left.option for left in report.left_out] == ["known", "unknowing"]
    assert contracts.check_renderer(PlainTexts).ok


def test_a_broken_notifier_is_told_in_full() -> None:
    """The error of one call lists every obligation that is broken."""
    with pytest.raises(ContractBroken) as caught:
        contracts.check_notifier(Post, down=Post, final=Post)
    assert [broken.check.obligation.id for broken in caught.value.report.broken] == ["Notifier.send 2", "Notifier.send 3"]
    assert str(caught.value).startswith("Notifier: broken in 2 of 8 checks. Not looked at: 3 (give arrived, stuck).")
