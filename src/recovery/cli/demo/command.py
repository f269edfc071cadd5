"""``recovery demo``: prepare the database, play, and show."""

from __future__ import annotations

from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn

from recovery import InvalidValue, Reason, SQLiteStore, StoreUnusable
from recovery.cli.console import errors, screen
from recovery.cli.demo.complaints import complaints
from recovery.cli.demo.show import Shown, begin, shown_of, tell
from recovery.cli.demo.story import play_through
from recovery.cli.opening import DEMO_KEY, policy_of
from recovery.stores.named import is_postgres

__all__ = ["play_demo"]


def play_demo(*, seed: int, cases: int, db: str) -> int:
    """Play the demo into the database ``db`` and show it.

    Raises ``InvalidValue`` or ``StoreUnusable`` before anything is touched.
    """
    carried = len(complaints())
    if not 1 <= cases <= carried:
        hint = f"The package carries {carried} complaints: give a number from 1 to {carried}."
        raise InvalidValue("--cases", [Reason(rule="input.value", field="cases", message=f"{cases} cannot be played.", hint=hint)])
    if is_postgres(db):
        hint = "Give it a file: --db FILE. A desk of your own in PostgreSQL: recovery init --db postgresql://..."
        told = Reason(rule="input.value", field="db", message="the demo plays in a file of its own.", hint=hint)
        raise InvalidValue("--db", [told])
    if _make_room(db):
        errors().print(f"{db} held an earlier demo; this one replaces it.", soft_wrap=True)
    console = screen()
    begin(console, seed, cases)
    shown = _play(seed, cases, db)
    console.print(f"Wrote {db}.\n", soft_wrap=True)
    tell(console, shown, db, policy_of(None))
    return 0


def _make_room(db: str) -> bool:
    """Remove the database of an earlier demo; nothing else is ever removed."""
    path = Path(db)
    if not path.exists():
        return False
    with SQLiteStore(db) as store:
        ours = store.key(DEMO_KEY) is not None
    if not ours and path.stat().st_size:
        raise StoreUnusable(db, "it is not the database of an earlier demo, so it is not replaced", "Give another one: --db FILE.")
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return True


def _play(seed: int, cases: int, db: str) -> Shown:
    console = errors()
    bar = Progress(
        TextColumn("six weeks"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    with SQLiteStore(db) as store, bar:
        task = bar.add_task("", total=1.0)
        play = play_through(store, policy_of(None), seed=seed, count=cases, passed=lambda share: bar.update(task, completed=share))
        return shown_of(play)
