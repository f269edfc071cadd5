"""The commands that look at all cases together: who may leave next, and what there is to learn."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from recovery.cli.parameters import At, Database, Json, PolicyFile, command

__all__ = ["learn", "risk"]


@command
def risk(*, at: At = None, json: Json = False, db: Database = None, policy: PolicyFile = None) -> int:
    """Show the customers who may leave next, the highest score first, with every signal and what it adds.

    The score orders customers for a look; it is no probability. Weights, and from which score on somebody is named, stand in the
    policy under [risk].

    For example:

        recovery risk
        recovery risk --json

    Next: recovery show CASE, for a case on the first lines; then call the customer.
    """
    from recovery.cli.learned import show_risk  # noqa: PLC0415

    return show_risk(place=(db, policy, at), as_json=json)


@command
def learn(
    *,
    since: Annotated[str | None, Parameter(help="From then on; a date alone means its morning. Default: the first case.")] = None,
    until: Annotated[str | None, Parameter(help="Until then; a date alone means its evening. Default: now.")] = None,
    per: Annotated[Literal["whole", "month", "quarter", "year"], Parameter(help="Cut the time into these periods.")] = "whole",
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show what there is to learn: causes, losses, training needs and broken promises by accountable unit, and the survey.

    For example:

        recovery learn
        recovery learn --since 2026-03-01 --per month
        recovery learn --json

    Next: recovery show CASE, for a loss; recovery risk, for who may leave next.
    """
    from recovery.cli.learned import show_learning  # noqa: PLC0415

    return show_learning(since=since, until=until, per=per, place=(db, policy, at), as_json=json)
