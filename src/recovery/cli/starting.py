"""The commands to begin with: a desk of one's own, and the demo."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from recovery.cli.parameters import DEMO_DB, Json, command

__all__ = ["demo", "init"]


@command
def demo(
    *,
    seed: Annotated[int, Parameter(help="What decides who does what. The same seed gives the same output.")] = 1,
    cases: Annotated[int, Parameter(help="How many complaints, at most 42.")] = 40,
    db: Annotated[
        str, Parameter(help="Where the cases go. The database of an earlier demo is replaced, no other file ever is.")
    ] = DEMO_DB,
) -> int:
    """Play six weeks of a recovery desk on real complaints, and show what came of them.

    The complaints are real, from a public register; the people, the dates and what happens afterwards are invented from the seed.

    For example:

        recovery demo
        recovery demo --seed 2 --cases 10 --db another.db

    Next: recovery show, which then lists the demo's cases.
    """
    from recovery.cli.demo.command import play_demo  # noqa: PLC0415  (only the demo needs its world)

    return play_demo(seed=seed, cases=cases, db=db)


@command
def init(  # noqa: PLR0913  (one parameter for each option)
    folder: Annotated[str, Parameter(help="Where the desk goes; it is made if it is not there.")] = ".",
    /,
    *,
    person: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="Somebody who looks after cases: ana, or 'ana=Ana Brook <ana@shop.example>'. May be given several times; "
            "the first looks after what nobody else does.",
        ),
    ] = None,
    company: Annotated[str | None, Parameter(help="The name under which customers know you.")] = None,
    zone: Annotated[str | None, Parameter(help="Your time zone, such as Europe/Berlin. Default: that of this machine.")] = None,
    hours: Annotated[
        str, Parameter(help="When somebody is there, from-to; a break is written 09:00-12:30,14:00-18:00.")
    ] = "09:00-17:00",
    days: Annotated[str, Parameter(help="On which days: mon-fri, or mon,tue,thu.")] = "mon-fri",
    holidays: Annotated[
        str | None,
        Parameter(help="Your public holidays, by country or region: DE, DE-HH, US-NY. Needs customer-recovery[calendar]."),
    ] = None,
    mail_host: Annotated[str | None, Parameter(help="The server your mail goes out by. Without it nothing is sent yet.")] = None,
    mail_user: Annotated[str | None, Parameter(help="The user it is told. The password stays in RECOVERY_MAIL_PASSWORD.")] = None,
    sender: Annotated[str | None, Parameter(help="Who your mails are from: 'Boat Displays <help@shop.example>'.")] = None,
    db: Annotated[
        str | None,
        Parameter(name="--db", help="A PostgreSQL database, postgresql://user@host/name, instead of a file in the folder."),
    ] = None,
    json: Json = False,
) -> int:
    r"""Set up a recovery desk: a database, and a policy file with comments that says who looks after what, and when.

    On a terminal it asks for what is not given; with at least one --person it asks nothing. Files that are there already are
    never touched.

    For example:

        recovery init
        recovery init --person "ana=Ana Brook <ana@shop.example>" --person ben \
            --company "Boat Displays" --zone Europe/Berlin --holidays DE-HH
        recovery init desk --person ana --mail-host mail.shop.example \
            --sender "Boat Displays <help@shop.example>"
        recovery init --person ana --db postgresql://desk@db/shop

    Next: recovery policy check, then recovery receive.
    """
    from recovery.cli.setting_up import Wanted, asked_for, set_up  # noqa: PLC0415

    wanted = Wanted(
        people=tuple(person or ()), company=company, zone=zone, hours=hours, days=days, holidays=holidays,
        mail_host=mail_host, mail_user=mail_user, sender=sender,
    )  # fmt: skip
    return set_up(folder, wanted if wanted.people else asked_for(wanted), db, as_json=json)
