"""A store in a PostgreSQL database (15 or later), through psycopg 3 with a pool of connections: the extra ``postgres``."""

from __future__ import annotations

from recovery.stores.postgres.pool import Pool
from recovery.stores.sql.store import SQLStore

__all__ = ["PostgresStore"]


class PostgresStore(SQLStore):
    """Keeps everything in tables named ``recovery_...`` of a PostgreSQL database, for as many processes and machines as you like.

    ``conninfo`` is a connection string of libpq (``"postgresql://desk@db/shop"``, ``"dbname=shop"``, or empty for the environment).
    Up to ``connections`` are open at a time, one for each thread that is at work; a store may be taken across a fork. The tables
    are made, or brought up to date, when the store is opened; with ``upgrade=False`` that is yours to do (``recovery schema``), and
    tables that are not up to date are refused. ``found_version`` is the version they had when the store was opened, 0 where there
    were none. ``prepare=False`` is for connections through PgBouncer and the like.

    What :meth:`save` has returned from is as durable as the server is set to be (``synchronous_commit``, which is on by default).
    Raises :class:`~recovery.core.errors.StoreUnusable` where the server cannot be reached or the tables are of a newer version, and
    :class:`~recovery.core.errors.MissingExtra` without psycopg.
    """

    def __init__(self, conninfo: str = "", *, connections: int = 10, upgrade: bool = True, prepare: bool = True) -> None:
        self._pool = Pool(conninfo, connections=connections, prepare=prepare)
        try:
            self.found_version = self._pool.prepare(upgrade=upgrade)
        except BaseException:
            self._pool.close()
            raise
        super().__init__(self._pool)

    def __repr__(self) -> str:
        return f"PostgresStore({self.where!r})"
