"""The command that takes over the running tickets of another system."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from recovery.cli.parameters import Database, Json, Now, PolicyFile, command

__all__ = ["adopt"]


@command
def adopt(  # noqa: PLR0913  (each is an option of the command)
    file: Annotated[
        str, Parameter(help="The tickets: CSV of any kind, or JSON (one object a line, or an array); also packed (.gz).")
    ],
    *,
    map: Annotated[
        str | None,
        Parameter(name="--map", help="How to read it, a TOML file: which column holds what, which state is which stage."),
    ] = None,
    suggest: Annotated[
        bool, Parameter(negative="", help="Print a first map for this file, with every key explained, and do nothing else.")
    ] = False,
    dry_run: Annotated[
        bool, Parameter(negative="", help="Say what would come of it. Nothing is saved, no file is written.")
    ] = False,
    as_of: Annotated[
        str | None,
        Parameter(
            name="--as-of", help="For a log of updates: read it as it stood then; later updates are not known. Default: now."
        ),
    ] = None,
    now: Now = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Take over running tickets of another system, each at its true stage and with its true dates, silently.

    Nothing is sent and nothing rings before the grace of your policy is over (adoption_grace); then a few cases at a time. What the
    old system claims is kept as adopted, not confirmed: it never counts as accepted or solved. Limits of the law count from the
    true receipt, so what is past one already stands first on the agenda.

    A ticket is adopted once: run it again whenever you like. What cannot be adopted is written beside the file, with every reason
    (tickets.csv gives tickets.bad.csv): mend it there, and adopt that file. Exits with 1 where something was left out so.

    For example:

        recovery adopt tickets.csv --suggest > map.toml
        recovery adopt tickets.csv --map map.toml --dry-run
        recovery adopt tickets.csv --map map.toml
        recovery adopt tickets.bad.csv --map map.toml

    Next: recovery agenda.
    """
    from recovery.cli.adopting import adopted, first_map  # noqa: PLC0415  (what is needed, when it is needed)

    if suggest:
        return first_map(file)
    return adopted(file, map, as_of=as_of, dry_run=dry_run, place=(db, policy, now), as_json=json)
