"""The commands that work at a desk: what comes in, what is done, what could be done, and what happens by itself."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from recovery.cli.parameters import At, CaseName, ChannelName, Database, Json, Now, PolicyFile, command

__all__ = ["do", "permitted", "receive", "why_not", "work"]

Words = Annotated[
    str,
    Parameter(
        name="COMMAND",
        show=True,
        allow_leading_hyphen=True,
        help="A command with its options; + between several; or JSON, or - to read JSON from a pipe.",
    ),
]
Help = Annotated[bool, Parameter(name=("--help", "-h"), negative="", show_default=False, help="This page, or that of a command.")]
Key = Annotated[str | None, Parameter(name="--key", help="A key of yours: whatever comes again under it is not done again.")]


@command
def receive(  # noqa: PLR0913  (one parameter for each option)
    *,
    contact: Annotated[
        str | None,
        Parameter(allow_leading_hyphen=True, metavar="FILE", help="All of it as JSON in a file; - reads it from a pipe."),
    ] = None,
    channel: Annotated[ChannelName | None, Parameter(help="How it came.")] = None,
    text: Annotated[str | None, Parameter(allow_leading_hyphen=True, help="What they say, in their own words.")] = None,
    subject: Annotated[str | None, Parameter(help="The subject, where there is one.")] = None,
    name: Annotated[str | None, Parameter(help="The customer's name.")] = None,
    customer_id: Annotated[str | None, Parameter(help="Your own customer number.")] = None,
    email: Annotated[str | None, Parameter(help="An e-mail address of the customer.")] = None,
    phone: Annotated[str | None, Parameter(help="A telephone number of the customer.")] = None,
    address: Annotated[
        list[str] | None,
        Parameter(negative="", help="Another address, as channel=value. May be given several times."),
    ] = None,
    language: Annotated[str | None, Parameter(help="The customer's language, such as de.")] = None,
    received_at: Annotated[str | None, Parameter(metavar="WHEN", help="When it came in. Default: now.")] = None,
    message_id: Annotated[str | None, Parameter(help="The channel's own id of the message.")] = None,
    reference: Annotated[str | None, Parameter(help="The reference of the case they name.")] = None,
    ticket: Annotated[str | None, Parameter(help="A number of another system.")] = None,
    category: Annotated[str | None, Parameter(help="What it is about, as your routes name it.")] = None,
    region: Annotated[str | None, Parameter(help="The region it is about.")] = None,
    brand: Annotated[str | None, Parameter(help="The brand it is about.")] = None,
    key: Key = None,
    now: Now = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    r"""Take what a customer said, wrote or told you: it opens a case, joins or reopens one, or waits in the tray.

    Who it is from and what they name decide where it belongs. The same message twice is one.

    For example:

        recovery receive --channel phone --name "Bo Lind" --phone "040 111" \
            --text "The display of my boat went dark."
        recovery receive --channel email --email bo@boat.example \
            --reference K7M3-9QTG --text "Any news?" --received-at 08:12
        recovery receive --contact contact.json

    Next: recovery do REFERENCE, which says what can be done now.
    """
    from recovery.cli.acting import received  # noqa: PLC0415

    given = {
        "channel": channel, "text": text, "subject": subject, "name": name, "customer_id": customer_id, "email": email,
        "phone": phone, "address": address, "language": language, "received_at": received_at, "message_id": message_id,
        "reference": reference, "ticket": ticket, "category": category, "region": region, "brand": brand,
    }  # fmt: skip
    return received(contact, {k: v for k, v in given.items() if v is not None}, key=key, place=(db, policy, now), as_json=json)


@command
def do(
    case: Annotated[str | None, Parameter(help="A case: its reference (hyphens and capitals do not matter), or its id.")] = None,
    /,
    *words: Words,
    key: Key = None,
    expected_version: Annotated[
        int | None, Parameter(help="Only if the case is still at this version: nobody else has touched it.")
    ] = None,
    now: Now = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
    help: Help = False,
) -> int:
    r"""Do something about a case, or put on record what the customer said or what happened.

    Without a command it says what can be done now and what cannot, with the reasons. What is refused exits with 2 and every
    reason: the rule, the option, the way out; nothing has changed then. Several commands with + between them are done together
    or not at all. Dates are local to your working hours: 2026-03-05 (close of business), friday 12:00, tomorrow, "2 bd" (two
    working days from now).

    For example:

        recovery do K7M3-9QTG
        recovery do K7M3-9QTG acknowledge --by ana --via email \
            --text "I am on it." --next-word-at "2 bd" + investigate
        recovery do K7M3-9QTG inform --by ana --via phone --said-at now \
            --text "The part is on its way."
        recovery do K7M3-9QTG '{"command": "investigate", "by": "ana"}'
        recovery do K7M3-9QTG propose --help

    All commands: recovery do CASE --help. Next: recovery show CASE.
    """
    from recovery.cli.acting import done, help_for  # noqa: PLC0415

    if help:
        return help_for("do", case, words)
    return done(case, words, key=key, expected_version=expected_version, place=(db, policy, now), as_json=json)


@command
def permitted(case: CaseName, /, *, at: At = None, json: Json = False, db: Database = None, policy: PolicyFile = None) -> int:
    """Show what can be done about a case now, whatever it says, and what cannot, with every reason.

    For example:

        recovery permitted K7M3-9QTG
        recovery permitted K7M3-9QTG --at 2026-03-05T10:00

    Next: recovery do CASE COMMAND --help.
    """
    from recovery.cli.acting import told_what_is_permitted  # noqa: PLC0415

    return told_what_is_permitted(case, place=(db, policy, at), as_json=json)


@command
def why_not(
    case: Annotated[str | None, Parameter(help="A case: its reference (hyphens and capitals do not matter), or its id.")] = None,
    /,
    *words: Words,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
    help: Help = False,
) -> int:
    """Say why something would be refused: every reason, with the id of its rule and the way out.

    The command is written as after recovery do; its name alone is judged whatever it would say. Exits with 2 if it would be
    refused. Nothing is done and nothing is stored.

    For example:

        recovery why-not K7M3-9QTG follow-up
        recovery why-not K7M3-9QTG close --by ana --reason no_answer
        recovery why-not K7M3-9QTG '{"command": "pass_follow_up", "by": "ana"}'

    Next: recovery rules RULE, which tells what a rule protects the customer from.
    """
    from recovery.cli.acting import asked_why_not, help_for  # noqa: PLC0415

    if help:
        return help_for("why-not", case, words)
    return asked_why_not(case, words, place=(db, policy, at), as_json=json)


@command
def work(  # noqa: PLR0913  (one parameter for each option)
    *,
    watch: Annotated[
        bool, Parameter(negative="", show_default=False, help="Go on until Ctrl-C or SIGTERM, as recovery worker does.")
    ] = False,
    every: Annotated[
        str, Parameter(metavar="TIME", help="With --watch: how long to sleep where nothing is due sooner, at most 30s.")
    ] = "30s",
    limit: Annotated[int, Parameter(help="At most so many cases and so many messages a round.")] = 100,
    print: Annotated[
        bool,
        Parameter(negative="", show_default=False, help="Print each message instead of sending it, and count it as sent."),
    ] = False,
    dry_run: Annotated[
        bool, Parameter(negative="", show_default=False, help="Only tell how much there is to do, and do nothing.")
    ] = False,
    now: Now = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Let nothing be forgotten: look at the clocks that are due, remind and escalate, and send what waits in the outbox.

    Mail goes out by the table [mail] of the policy file. Without it, and in a rehearsal, nothing leaves and nothing is lost: what
    is written waits in the outbox, and --print hands it to you instead. Call it as often as you like, from cron or with --watch:
    doing it twice does nothing the second time. Exits with 1 if anything failed; it is tried again later. With --watch it is what
    recovery worker is, in one process: it waits while the database cannot be reached, and --json prints one document on a line for
    each round in which something happened.

    For example:

        recovery work
        recovery work --watch
        recovery work --print
        */5 * * * * cd /srv/desk && recovery work        (a line of a crontab)

    Next: recovery outbox, which tells what still waits, and why.
    """
    from recovery.cli.workers import served  # noqa: PLC0415
    from recovery.cli.working import worked  # noqa: PLC0415

    place = (db, policy, now)
    if watch and not dry_run:
        return served(place=place, once=False, processes=1, every=every, limit=limit, printing=print, as_json=json)
    return worked(place=place, every=every, limit=limit, printing=print, dry_run=dry_run, as_json=json)
