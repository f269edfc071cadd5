"""The commands that keep the database behind a desk: its tables, and what happens in it."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from recovery.cli.parameters import Database, Json, Limit, PolicyFile, command

__all__ = ["feed", "schema"]


@command
def feed(
    *,
    after: Annotated[str, Parameter(help="Begin behind this position: that of the last event you have taken.")] = "",
    limit: Limit = None,
    json: Annotated[
        bool,
        Parameter(name="--json", negative="", show_default=False, help="Print one JSON document for each event, each on a line."),
    ] = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Print what has been put on record in all cases, event by event, in an order in which no later one ever comes before.

    Remember the position of the last line, and go on behind it the next time: nothing comes twice, and nothing is passed over.

    For example:

        recovery feed --limit 20
        recovery feed --json > events.jsonl
        recovery feed --after 1742 --json

    Next: recovery show CASE.
    """
    from recovery.cli.following import told  # noqa: PLC0415

    return told(after, limit, place=(db, policy, None), as_json=json)


@command
def schema(
    action: Annotated[
        Literal["check", "sql", "upgrade"],
        Parameter(help="Check that the tables are up to date, print the SQL that makes them so, or bring them up to date."),
    ] = "check",
    dialect: Annotated[
        Literal["postgres", "sqlite"] | None,
        Parameter(help="Whose SQL is printed. Default: that of the database."),
    ] = None,
    /,
    *,
    after: Annotated[int, Parameter(help="Print what leads on from this version; 0: from an empty database.")] = 0,
    json: Json = False,
    db: Database = None,
) -> int:
    """Check, print or upgrade the tables of the database; all of their names begin with recovery_.

    A file of SQLite is brought up to date by whichever command opens it. A PostgreSQL database is not: somebody with the right to
    make tables says upgrade, or runs the printed SQL, or has it in a migration of their own. Two that upgrade at once wait for each
    other, and one that dies half way has changed nothing. Tables of a newer version than this program knows are refused.

    For example:

        recovery schema check
        recovery schema upgrade --db postgresql://owner@db/shop
        recovery schema sql postgres > tables.sql

    Next: recovery doctor, which looks at what is in the tables.
    """
    from recovery.cli.tending import checked, printed, upgraded  # noqa: PLC0415

    if action == "sql":
        return printed(dialect, after, db, as_json=json)
    return (checked if action == "check" else upgraded)(db, as_json=json)
