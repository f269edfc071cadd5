"""``recovery init``: what a new desk needs to know, and the two files that it is."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import attrs
import pendulum
from attrs import frozen
from rich.text import Text

from recovery import InvalidValue, MissingExtra, Policy, Reason, SQLiteStore, StoreUnusable
from recovery.cli.console import errors, screen
from recovery.cli.parameters import DESK_DB, DESK_POLICY
from recovery.cli.reporting import print_json
from recovery.stores.named import is_postgres, open_store

__all__ = ["Wanted", "asked_for", "policy_text", "set_up"]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS_AHEAD = 3
"""For how many years public holidays are written into a new policy file, this one included."""

_EXPORT = '  export RECOVERY_DB="postgresql://..."                            where the commands below look'

_PERSON = re.compile(r"\s*(?P<id>[^=<>]+?)\s*(?:=\s*(?P<name>[^<>]*?)\s*(?:<\s*(?P<email>[^<>]+?)\s*>)?)?\s*")


@frozen(kw_only=True)
class Wanted:
    """What somebody said about the desk they want, as it was typed."""

    people: tuple[str, ...] = ()
    company: str | None = None
    zone: str | None = None
    hours: str = "09:00-17:00"
    days: str = "mon-fri"
    holidays: str | None = None
    mail_host: str | None = None
    mail_user: str | None = None
    sender: str | None = None


# ---------------------------------------------------------------- asking


def asked_for(wanted: Wanted) -> Wanted:
    """Ask for what is missing. Raises ``InvalidValue`` where there is no terminal to ask on."""
    if not sys.stdin.isatty():
        hint = 'Name at least one: recovery init --person "ana=Ana Brook <ana@shop.example>"'
        told = Reason(rule="input.missing", field="--person", message="nobody is named who looks after the cases.", hint=hint)
        raise InvalidValue("the desk", [told])
    errors().print("A desk of your own. Enter takes what stands in brackets.\n")
    people = tuple(_people())
    return attrs.evolve(
        wanted,
        people=people,
        company=wanted.company or _ask("The name under which customers know you", ""),
        zone=wanted.zone or _ask("Your time zone", _zone_here()),
        hours=_ask("When somebody is there", wanted.hours),
        days=_ask("On which days", wanted.days),
    )


def _people() -> Iterator[str]:
    yield _ask(
        "Who looks after the cases? A short name, with the full one and an address if you like: ana=Ana Brook <ana@...>", "me"
    )
    while another := _ask("Who else? (nobody: just Enter)", ""):
        yield another


def _ask(question: str, usual: str) -> str:
    errors().print(Text(f"{question}{f' [{usual}]' if usual else ''}: "), end="", soft_wrap=True)
    return sys.stdin.readline().strip() or usual


def _zone_here() -> str:
    return pendulum.now().timezone_name or "UTC"


# ---------------------------------------------------------------- the files


def set_up(folder: str, wanted: Wanted, db: str | None = None, *, as_json: bool) -> int:
    """Write the policy and make the database. Raises ``BadDefinition`` or ``InvalidValue`` before anything is written."""
    text = policy_text(wanted)
    policy = Policy.from_dict({key: value for key, value in tomllib.loads(text).items() if key != "mail"})
    place = Path(folder)
    policy_file, file = place / DESK_POLICY, place / DESK_DB
    _check_free(policy_file, *(() if db else (file,)))
    # A database elsewhere comes first: where it cannot be reached, no policy is left behind that stands in the way next time.
    where = _made_in(db) if db else str(file)
    try:
        place.mkdir(parents=True, exist_ok=True)
        policy_file.write_text(text, encoding="utf-8")
    except OSError as error:
        way_out = "Name a folder that you may write to: recovery init FOLDER"
        raise StoreUnusable(str(policy_file), (error.strerror or str(error)).lower(), way_out) from None
    if not db:
        SQLiteStore(file).close()
    if as_json:
        print_json({"policy_file": str(policy_file), "db": where, "fallback_owner": policy.fallback_owner})
    else:
        _tell(place, policy_file, where, policy, sends=wanted.mail_host is not None, elsewhere=bool(db))
    return 0


def _check_free(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise StoreUnusable(
                str(path),
                "it is there already, and no file is written over",
                "Use it, or name another folder: recovery init FOLDER",
            )


def _made_in(db: str) -> str:
    """Make the tables in a PostgreSQL database, and return which it is. Raises ``InvalidValue`` where it is none."""
    if not is_postgres(db):
        hint = "Write postgresql://user@host/name. For a file, name its folder: recovery init FOLDER"
        told = Reason(rule="input.value", field="--db", message=f"{db!r} is no address of a PostgreSQL database.", hint=hint)
        raise InvalidValue("the desk", [told])
    with open_store(db) as store:
        return store.where


def _tell(place: Path, policy_file: Path, db: str, policy: Policy, *, sends: bool, elsewhere: bool) -> None:
    first = policy.people[0]
    there = "Next:" if str(place) == "." else f"Next, in {place}:"
    wrote = f"made the tables in {db}" if elsewhere else f"{db} (empty)"
    lines = [
        f"Wrote {policy_file} (who, when, by which rules: read it, change it) and {wrote}.",
        f"{first.name or first.id} looks after what nobody else does; hours are those of {policy.calendar.timezone}.",
        "",
        there,
        *(
            ['  export RECOVERY_DB="postgresql://..."                            where the commands below look']
            if elsewhere
            else []
        ),
        '  recovery receive --channel phone --name "Bo Lind" --text "..."   what a customer tells you',
        "  recovery agenda --today                                          what has to be done",
        "  recovery work --watch                                            reminds, escalates, sends",
        "  recovery policy check                                            after every change of the policy",
    ]
    if not policy.way_back:
        lines.append("\nNothing says yet how customers reach you: fill in way_back in the policy file, it stands in every message.")
    if not sends:
        lines += [
            "\nNo mail goes out yet: fill in [mail] in the policy file. Until then all of it waits: recovery outbox.",
            "(recovery work --print hands you what waits, to send it yourself, and counts it as sent.)",
        ]
    screen().print(Text("\n".join(lines)), soft_wrap=True)


def policy_text(wanted: Wanted) -> str:
    """Return the policy file of a new desk, with comments. Raises ``InvalidValue`` for what cannot be read, with every fault."""
    faults: list[Reason] = []
    people = [_person(text, faults) for text in wanted.people]
    named = [person["id"] for person in people if person["id"]]
    hint = "Give each a short name of their own."
    faults += (
        Reason(rule="input.value", field="--person", message=f"{twice!r} is there twice.", hint=hint)
        for twice in sorted({name for name in named if named.count(name) > 1})
    )
    week = _week(wanted, faults)
    if faults:
        raise InvalidValue("the desk", faults)
    owner = people[0]["id"]
    parts = [_HEAD.format(company=_quoted(wanted.company or ""), owner=_quoted(owner), way_back=_quoted(_way_back(wanted, people)))]
    parts.append(_CALENDAR.format(zone=_quoted(wanted.zone or _zone_here()), holidays=_holidays(wanted.holidays), week=week))
    parts += [_PEOPLE, *(_person_text(person, owner) for person in people), _ROUTES, _RULES, _mail(wanted)]
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _person(text: str, faults: list[Reason]) -> dict[str, str]:
    found = _PERSON.fullmatch(text)
    if found is None or not re.fullmatch(r"[\w.-]+", found["id"]):
        hint = "Write ana, or 'ana=Ana Brook <ana@shop.example>': the short name without blanks."
        faults.append(Reason(rule="input.value", field="--person", message=f"{text!r} cannot be read.", hint=hint))
        return {"id": "", "name": "", "email": ""}
    return {name: value or "" for name, value in found.groupdict().items()}


def _person_text(person: dict[str, str], owner: str) -> str:
    lines = [f"[people.{_quoted(person['id'])}]", f"name = {_quoted(person['name'] or person['id'].capitalize())}"]
    lines.append(
        f"email = {_quoted(person['email'])}"
        if person["email"]
        else f'# email = "{person["id"]}@shop.example"  # where reminders go'
    )
    if person["id"] != owner:
        lines.append(f"supervisor = {_quoted(owner)}  # who is told when something stays undone")
    return "\n".join(lines) + "\n"


def _way_back(wanted: Wanted, people: Sequence[dict[str, str]]) -> str:
    """Return where customers reach you: the sender of your mails, or whoever looks after what nobody else does."""
    sender = wanted.sender or ""
    found = re.search(r"<([^<>]+)>", sender)
    return (found[1] if found else sender) or people[0]["email"]


# ---------------------------------------------------------------- working hours


def _week(wanted: Wanted, faults: list[Reason]) -> str:
    days = _days(wanted.days)
    spans = [part.strip().split("-") for part in wanted.hours.split(",")]
    if not days:
        hint = "Write mon-fri, mon-sat, or mon,tue,thu."
        faults.append(Reason(rule="input.value", field="--days", message=f"{wanted.days!r} names no days.", hint=hint))
    if not all(len(span) == 2 and all(re.fullmatch(r"\d\d:\d\d", end.strip()) for end in span) for span in spans):
        hint = "Write 09:00-17:00, or with a break 09:00-12:30,14:00-18:00."
        faults.append(Reason(rule="input.value", field="--hours", message=f"{wanted.hours!r} are no hours.", hint=hint))
    told = json.dumps([[end.strip() for end in span] for span in spans])
    return "\n".join(f"{day} = {told}" for day in days)


def _days(text: str) -> list[str]:
    found: set[int] = set()
    for part in text.lower().split(","):
        numbers = [_day(name.strip()) for name in part.split("-")]
        if len(numbers) > 2 or any(number is None for number in numbers):
            return []
        first, last = numbers[0] or 0, numbers[-1] or 0
        found |= {number % 7 for number in range(first, last + 1 if last >= first else last + 8)}
    return [DAYS[number] for number in sorted(found)]


def _day(name: str) -> int | None:
    return next((number for number, day in enumerate(DAYS) if len(name) >= 2 and day.startswith(name)), None)


def _holidays(region: str | None) -> str:
    """Return the public holidays of a region as a list of dates with their names. Raises ``InvalidValue`` or ``MissingExtra``."""
    if region is None:
        return 'holidays = []  # dates on which nobody is there: ["2027-01-01"]'
    days = _public_holidays(region)
    lines = [f"    {_quoted(day.isoformat())},  # {name}" for day, name in days]
    return "\n".join([f"# Public holidays of {region}, from the package holidays; add your own.", "holidays = [", *lines, "]"])


def _public_holidays(region: str) -> list[tuple[date, str]]:
    if find_spec("holidays") is None:
        raise MissingExtra("holidays", "calendar")
    import holidays  # noqa: PLC0415  (an extra)

    country, _, part = region.upper().partition("-")
    this_year = pendulum.now().year
    try:
        known = holidays.country_holidays(country, subdiv=part or None, years=range(this_year, this_year + YEARS_AHEAD))
    except NotImplementedError as error:
        hint = "Write a country, DE, or a part of it, DE-HH (ISO 3166)."
        told = Reason(rule="input.value", field="--holidays", message=str(error).rstrip(".") + ".", hint=hint)
        raise InvalidValue("the desk", [told]) from None
    return sorted(known.items())


# ---------------------------------------------------------------- mail


def _mail(wanted: Wanted) -> str:
    sends = wanted.mail_host is not None
    user = wanted.mail_user
    lines = [
        "[mail]",
        f"host = {_quoted(wanted.mail_host or 'mail.shop.example')}",
        f"sender = {_quoted(wanted.sender or 'Our Shop <help@shop.example>')}  # answers come to it: somebody must read it",
        'security = "starttls"  # or "tls" (port 465)',
        f"{'' if user else '# '}user = {_quoted(user or 'help@shop.example')}",
        f'{"" if user else "# "}password_env = "RECOVERY_MAIL_PASSWORD"  # the variable that holds the password',
    ]
    return _MAIL + "\n".join(line if sends else f"# {line.removeprefix('# ')}" for line in lines) + "\n"


_HEAD = """\
# The policy of a recovery desk: who looks after what, when somebody is there, and which rules hold.
# After a change: recovery policy check. All that may stand here: recovery policy show.

company = {company}  # the name under which customers know you
fallback_owner = {owner}  # looks after what nobody else does
way_back = {way_back}  # where customers reach you; it stands in every message

# What software may send for you. Everything else (a call, a letter) becomes a step of the owner.
machine_channels = ["email"]
"""

_CALENDAR = """\
[calendar]
timezone = {zone}
{holidays}

[calendar.week]  # when somebody is there; a break is two pairs: [["09:00", "12:30"], ["14:00", "18:00"]]
{week}
"""

_PEOPLE = "# ---- people: the short name is what --by takes; name is what customers read"

_ROUTES = """\
# ---- routes: who looks after what; the first that fits. Without one, the fallback owner does.
# [[routes]]
# category = "delivery"      # or channel, region, brand, language, severity = "critical", customer = "c-7"
# owner = "ben"
# stand_ins = ["ana"]
# procedure = "Ask the carrier first."
"""

_RULES = """\
# ---- rules: off, should (warns) or must (refuses); recovery rules lists them and says what each protects the customer from
# [rules]
# "acknowledge.immediately" = "should"

# ---- clocks: other lengths than the usual ones; min, h, bh (working hours), cd (days), bd (working days)
# [clocks."propose.in-time"]
# length = "3 bd"
"""

_MAIL = "# ---- mail: by which server recovery work sends. Without this table nothing leaves, and nothing is lost.\n"
