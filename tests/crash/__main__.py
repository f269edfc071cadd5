"""``python -m crash --kills 300``, from the folder ``tests``: a campaign of kills, and what was found; see CONTRIBUTING.md."""

from __future__ import annotations

import argparse
import json
import logging
import select
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from crash.campaign import Campaign
from servers import running


def main() -> int:
    """Run a campaign, print its numbers as one line of JSON and its faults below; return 1 where there are any."""
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # that a server is away is what is meant
    told = _parser().parse_args()
    begun = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running()) if told.store == "postgres" else None
        store = f"sqlite:{folder / 'recovery.db'}" if told.store == "sqlite" else told.store
        if server is not None:
            store = f"postgres:{stack.enter_context(server.database()).conninfo}"
        campaign = Campaign(store, folder, people=told.people, workers=told.workers, pause=told.pause, server=server)
        goes_on = _going_on(told.seconds, told.until_told)
        checked = campaign.run(told.kills, told.server_kills if server else 0, goes_on, lambda: print("begun", flush=True))
    killed = {"kills": campaign.kills, "server_kills": campaign.server_kills}
    print(json.dumps({**killed, **checked.numbers(), "seconds": round(time.monotonic() - begun, 1)}))
    for fault in checked.faults[:20]:
        print(fault)
    return 1 if checked.faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how many processes are killed (100)")
    parser.add_argument("--server-kills", type=int, default=0, help="how often the server is killed, with --store postgres (0)")
    parser.add_argument("--seconds", type=float, default=0.0, help="how long it goes on at least (0)")
    parser.add_argument("--until-told", action="store_true", help="go on until the standard input ends")
    parser.add_argument("--people", type=int, default=2, help="how many processes open cases and act (2)")
    parser.add_argument("--workers", type=int, default=2, help="how many look at clocks and deliver (2)")
    parser.add_argument("--pause", type=float, default=0.3, help="how many seconds lie between two kills at most (0.3)")
    store = "sqlite, on a new file; postgres, on a server of its own; sqlite:PATH; postgres:CONNINFO (sqlite)"
    parser.add_argument("--store", default="sqlite", help=store)
    return parser


def _going_on(seconds: float, until_told: bool) -> Callable[[], bool]:
    until = time.monotonic() + seconds

    def goes_on() -> bool:
        return time.monotonic() < until or (until_told and not select.select([sys.stdin], [], [], 0)[0])

    return goes_on


if __name__ == "__main__":
    sys.exit(main())
