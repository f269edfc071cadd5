"""The command that takes in mail."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from recovery.cli.parameters import Database, Json, Now, PolicyFile, command

__all__ = ["intake"]


@command
def intake(
    paths: Annotated[
        list[str],
        Parameter(
            name="PATH",
            negative="",
            allow_leading_hyphen=True,
            help="A mail, a folder of mails, a Maildir or a mailbox file; - reads a mail from a pipe.",
        ),
    ],
    /,
    *,
    ours: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="Another address you write from, or a whole domain as @shop.example; those of the policy are known. "
            "May be given several times.",
        ),
    ] = None,
    now: Now = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Take in mail: each opens a case, joins or reopens one, or waits in the tray. The same mail twice is taken once.

    Bounces, out-of-office notes and list mail are attached to the case they name and never answered; what bounced counts as not
    said. Attachments are kept beside the database, in a folder that ends in .attachments, each under its SHA-256. Nothing is moved
    or marked where the mails lie, so the same command can run over a Maildir as often as you like.

    A mail that cannot be read or stored is reported, and the rest goes on. Exits with 1 where there was one.

    For example:

        recovery intake letter.eml
        recovery intake ~/Maildir
        recovery intake archive.mbox --json

    Next: recovery agenda.
    """
    from recovery.cli.taking_in import took_in  # noqa: PLC0415  (what is needed, when it is needed)

    return took_in(paths, ours or [], place=(db, policy, now), as_json=json)
