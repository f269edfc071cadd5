"""The fixtures: a server of each version that is to be had, started when a test first asks, and a new database for every test.

With ``postgres_server`` or ``database`` a test runs once on the oldest supported version of this machine and once on the newest;
with ``one_server`` or ``one_database`` on the oldest alone, where the version makes no difference. Where there is no server the
test fails, and says what to install.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from servers import WAY_OUT, Database, Installation, NoServer, Server, installations, running

__all__ = [
    "database",
    "newest_server",
    "one_database",
    "one_server",
    "postgres_server",
    "postgres_servers",
    "pytest_generate_tests",
]

Starts = Callable[[Installation], Server]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a server once on each version; nothing is looked for on behalf of a test that does not."""
    if "postgres_server" in metafunc.fixturenames:
        found = _found()
        names = [f"postgresql-{one.version}" if isinstance(one, Installation) else "no-postgresql" for one in found]
        metafunc.parametrize("postgres_server", found, ids=names, indirect=True, scope="session")


def _found() -> list[Installation | str]:
    try:
        return list(installations()) or [WAY_OUT]
    except NoServer as missing:
        return [str(missing)]


@pytest.fixture(scope="session")
def postgres_servers() -> Iterator[Starts]:
    """What starts a server of an installation, once in a session, and ends them all with it."""
    started: dict[Installation, Server] = {}
    with ExitStack() as stack:

        def start(one: Installation) -> Server:
            if one not in started:
                started[one] = stack.enter_context(running(one))
            return started[one]

        yield start


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest, postgres_servers: Starts) -> Server:
    """A running server: of the oldest version that is supported and here, and in a second run of the newest."""
    return _server(request.param, postgres_servers)


@pytest.fixture(scope="session")
def one_server(postgres_servers: Starts) -> Server:
    """A running server, where the version makes no difference."""
    return _server(_found()[0], postgres_servers)


@pytest.fixture(scope="session")
def newest_server(postgres_servers: Starts) -> Server:
    """A running server of the newest version; of the only one, where there is but one."""
    return _server(_found()[-1], postgres_servers)


def _server(one: Installation | str, start: Starts) -> Server:
    if isinstance(one, str):
        pytest.fail(one, pytrace=False)
    return start(one)


@pytest.fixture
def database(postgres_server: Server) -> Iterator[Database]:
    """A new, empty database on each version."""
    with postgres_server.database() as made:
        yield made


@pytest.fixture
def one_database(one_server: Server) -> Iterator[Database]:
    """A new, empty database, where the version makes no difference."""
    with one_server.database() as made:
        yield made
