"""PostgreSQL servers that the tests and the benchmarks start for themselves: nothing to install by hand, nothing left behind.

``with running() as server, server.database() as database:`` is all it takes; the fixtures are in ``servers.fixtures``. A server is
as its makers deliver it, with ``fsync`` on, as an unprivileged user, in a temporary folder.
"""

from __future__ import annotations

from servers.finding import OLDEST, WAY_OUT, Installation, NoServer, installations
from servers.server import Database, Server, running

__all__ = ["OLDEST", "WAY_OUT", "Database", "Installation", "NoServer", "Server", "installations", "running"]
