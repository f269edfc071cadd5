"""The commands of whoever keeps a desk running: the worker, and the figures that a monitor watches."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from recovery.cli.parameters import At, Database, Json, PolicyFile, command

__all__ = ["health", "worker"]

Most = Annotated[int | None, Parameter(help="Exit with 1 where there are more.")]


@command
def worker(
    *,
    once: Annotated[bool, Parameter(negative="", show_default=False, help="End when nothing is left to do.")] = False,
    processes: Annotated[int, Parameter(help="So many processes share the work; one that dies is replaced.")] = 1,
    every: Annotated[str, Parameter(metavar="TIME", help="How long to sleep where nothing is due sooner: at most 30s.")] = "30s",
    limit: Annotated[int, Parameter(help="So many cases are claimed at a time.")] = 100,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Keep working: ring the clocks that are due, send what waits, sleep until something is due again.

    Start as many as you like, on one machine or on several where the database is shared: a case and a message belong to one worker
    at a time. SIGTERM and Ctrl-C end it after the piece of work in hand, however often they come; only Ctrl-C a second time breaks
    that off. Killed in the middle, it loses nothing: what it had claimed comes back after five minutes. While the database cannot
    be reached it waits, from the start on, and says so once; with --once it exits with 2. Mail goes out by the table [mail] of the
    policy file. With --json every round in which something happened is one document on a line; where nobody reads these any more,
    it ends.

    For example:

        recovery worker
        recovery worker --processes 4
        recovery worker --once                  (from a timer)

    Next: recovery health, which tells a monitor how it stands.
    """
    from recovery.cli.workers import served  # noqa: PLC0415

    place = (db, policy, None)
    return served(place=place, once=once, processes=processes, every=every, limit=limit, printing=False, as_json=json)


@command
def health(  # noqa: PLR0913  (one parameter for each option)
    *,
    max_lag: Annotated[
        str | None, Parameter(metavar="TIME", help="Exit with 1 where the oldest due step is later than that: 10min, 1h.")
    ] = None,
    max_due: Most = None,
    max_unsent: Most = None,
    max_given_up: Most = None,
    max_set_aside: Most = None,
    max_tray: Most = None,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show how the desk stands, for a monitor: how far the clocks are behind, what waits, what failed.

    Exits with 1 where a figure is beyond a limit that was given, and with 2 where the database cannot be read.

    For example:

        recovery health
        recovery health --json --max-lag 10min --max-set-aside 0

    Next: recovery doctor, which names what was set aside and what must not be; recovery outbox, for what was not sent.
    """
    from recovery.cli.workers import standing  # noqa: PLC0415

    most = {"due": max_due, "unsent": max_unsent, "given_up": max_given_up, "set_aside": max_set_aside, "tray": max_tray}
    return standing(max_lag, most, place=(db, policy, at), as_json=json)
