"""The commands that look at a desk: cases, agenda, clocks, what waits to be sent, and what must not be."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from recovery.cli.parameters import At, CaseName, ChannelName, Database, Json, Limit, PolicyFile, command

__all__ = ["agenda", "briefing", "clocks", "doctor", "find", "outbox", "preview", "show", "suggest"]

StageName = Literal[
    "received",
    "acknowledged",
    "investigating",
    "resolution_proposed",
    "resolved",
    "followed_up_days",
    "followed_up_weeks",
    "closed",
]
Owner = Annotated[str | None, Parameter(name="--owner", help="Only what this person looks after.")]


@command
def show(
    case: Annotated[str | None, Parameter(help="A case: its reference, or its id. Without one, all cases.")] = None,
    /,
    *,
    at: At = None,
    every: Annotated[
        bool, Parameter(negative="", show_default=False, help="Mails to colleagues and delivery reports as well.")
    ] = False,
    full: Annotated[bool, Parameter(negative="", show_default=False, help="All that was said, not only its beginning.")] = False,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show a case: what is open on it and what happened day by day. Without a case, show how all of them stand.

    For example:

        recovery show
        recovery show K7M3-9QTG --full
        recovery show K7M --at 2026-03-19
        recovery show K7M3-9QTG --json

    Next: recovery do CASE, which says what can be done about it now.
    """
    from recovery.cli.showing import show_all, show_case  # noqa: PLC0415

    if case is None:
        return show_all(place=(db, policy, at), as_json=json)
    return show_case(case, place=(db, policy, at), every=every, full=full, as_json=json)


@command
def preview(
    case: CaseName,
    /,
    *,
    every: Annotated[bool, Parameter(negative="", show_default=False, help="Mails to colleagues in full as well.")] = False,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show every message the case would send next, in words: what waits, drafts for people, receipt, chases, scripts of calls.

    Nothing is sent and nothing is stored.

    For example:

        recovery preview K7M3-9QTG
        recovery preview K7M3-9QTG --every
        recovery preview K7M3-9QTG --json

    Next: recovery do CASE, to say what was drafted, as it is or in your words.
    """
    from recovery.cli.previewing import show_preview  # noqa: PLC0415

    return show_preview(case, place=(db, policy, at), every=every, as_json=json)


@command
def suggest(
    case: CaseName,
    /,
    *,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Suggest what may be offered on a case, best first: by your guidelines, and by what similar cases got and how those ended.

    For example:

        recovery suggest K7M3-9QTG
        recovery suggest K7M3-9QTG --json

    Next: recovery do CASE propose, or request-exception for what lies beyond the guideline.
    """
    from recovery.cli.suggesting import show_suggestions  # noqa: PLC0415

    return show_suggestions(case, place=(db, policy, at), as_json=json)


@command
def find(  # noqa: PLR0913  (one parameter for each option)
    text: Annotated[
        str | None, Parameter(help="Words to look for in everything that was said and written, names included.")
    ] = None,
    /,
    *,
    owner: Owner = None,
    stage: Annotated[StageName | None, Parameter(help="Only cases at this stage.")] = None,
    category: Annotated[str | None, Parameter(help="Only cases about this.")] = None,
    customer: Annotated[str | None, Parameter(help="Only cases of the customer with this number of yours.")] = None,
    address: Annotated[str | None, Parameter(help="Only cases of whoever has this e-mail address or telephone number.")] = None,
    ticket: Annotated[str | None, Parameter(help="Only the case that a contact with this number of yours is on.")] = None,
    open: Annotated[bool, Parameter(negative="", show_default=False, help="Only cases that are not over.")] = False,
    tray: Annotated[bool, Parameter(negative="", show_default=False, help="Only what waits in the tray.")] = False,
    limit: Limit = None,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Find cases by what was said, by who it is about, or by how they stand. All that is given must hold.

    For example:

        recovery find "display"
        recovery find --address bo@boat.example --open
        recovery find --ticket order-7
        recovery find --owner ana --stage investigating
        recovery find --tray

    Next: recovery show CASE.
    """
    from recovery.cli.showing import found  # noqa: PLC0415

    criteria: dict[str, object] = {
        "text": text, "owner": owner, "stage": stage, "category": category, "customer": customer, "address": address,
        "ticket": ticket, "open_only": open, "in_tray": True if tray else None,
    }  # fmt: skip
    return found(criteria, limit=limit, place=(db, policy, at), as_json=json)


@command
def agenda(
    *,
    owner: Annotated[str | None, Parameter(help="Only the steps of this person.")] = None,
    today: Annotated[bool, Parameter(negative="", show_default=False, help="Only what is late or due until this evening.")] = False,
    until: Annotated[str | None, Parameter(help="Only what is due until then; a date alone means its evening.")] = None,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show every dated step, the soonest due first: what has to be done, by whom, and by which rule.

    For example:

        recovery agenda --today
        recovery agenda --owner ana
        recovery agenda --until 2026-03-13

    Next: recovery do CASE, for the case on the first line.
    """
    from recovery.cli.showing import show_agenda  # noqa: PLC0415

    return show_agenda(owner=owner, until="today" if today else until, place=(db, policy, at), as_json=json)


@command
def briefing(case: CaseName, /, *, at: At = None, json: Json = False, db: Database = None, policy: PolicyFile = None) -> int:
    """Show what whoever takes a case over must know, so that the customer need not begin again.

    It is put together from the case: what it is about, what the customer has told and waits for, what was promised and tried. It
    goes with every handover.

    For example:

        recovery briefing K7M3-9QTG

    Next: recovery do CASE offer-handover --to WHOM --briefing "What the case does not tell."
    """
    from recovery.cli.routing import briefed  # noqa: PLC0415

    return briefed(case, place=(db, policy, at), as_json=json)


@command
def clocks(
    case: Annotated[str | None, Parameter(help="A case. Without one, the counts over all cases.")] = None,
    /,
    *,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show how the clocks stand: met, missed, open, paused, or ended with their case.

    For example:

        recovery clocks
        recovery clocks K7M3-9QTG

    Next: recovery rules RULE, which tells what a clock protects the customer from.
    """
    from recovery.cli.showing import show_clocks  # noqa: PLC0415

    return show_clocks(case, place=(db, policy, at), as_json=json)


@command
def outbox(
    *,
    channel: Annotated[ChannelName | None, Parameter(help="Only what goes this way.")] = None,
    at: At = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show what has been written and has not arrived: what waits, what is owed by hand (a call, a letter), what was given up.

    For example:

        recovery outbox
        recovery outbox --channel phone

    Next: recovery work sends what waits. A call that was made: recovery do CASE report-delivery --delivery sent.
    """
    from recovery.cli.showing import show_outbox  # noqa: PLC0415

    return show_outbox(channel, place=(db, policy, at), as_json=json)


@command
def doctor(
    *,
    mend: Annotated[
        bool, Parameter(negative="", show_default=False, help="Rebuild what the histories can tell, and say what was mended.")
    ] = False,
    quick: Annotated[
        bool, Parameter(negative="", show_default=False, help="Only what a glance at all rows shows, without reading each case.")
    ] = False,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Look for everything that must not be: a case without a next step, a gap in a history, a message that is lost.

    Every case is held against its history, while others go on working. Exits with 1 if there is anything left.

    For example:

        recovery doctor
        recovery doctor --quick
        recovery doctor --mend

    Next: nothing, where it finds nothing; otherwise every fault says its way out.
    """
    from recovery.cli.doctoring import examined  # noqa: PLC0415

    return examined(mend=mend, quick=quick, place=(db, policy, None), as_json=json)
