"""A first map, guessed from the header and the first rows of a file, with every key explained. A person has to look at it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from os import PathLike

from recovery.intake.tickets.cells import CHANNELS
from recovery.intake.tickets.dates import FORMS, Dates
from recovery.intake.tickets.guessing import ADDRESSES, COLUMNS, REACHED, Guesses, fits, waits
from recovery.intake.tickets.mapping import UNKNOWN, FileForm, Means, plain
from recovery.intake.tickets.source import Source

__all__ = ["suggest"]

_LOOKED_AT = 20_000
"""How many rows are looked at for the states and the form of the dates."""
_FORMS = 3
"""How many forms of dates are looked for in one file."""
_SAMPLE = 500
"""How many dates, from all over the file, every form is tried on."""


def suggest(path: str | PathLike[str]) -> str:
    """Return a first map for the file at ``path``, as TOML. Raises ``BadDefinition`` where the file cannot be read."""
    source = Source(path, FileForm())
    rows = [row.cells for row in islice(source.rows(), _LOOKED_AT) if not row.fault]
    return "\n".join(_lines(source, rows)) + "\n"


def _lines(source: Source, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    guesses = Guesses(source.header, rows)
    found, at = guesses.columns, guesses.updated
    yield f"# A first map for {source.path.name}, guessed from its columns and first rows. Look at every line."
    yield "# Then see what it does, with nothing saved: recovery adopt FILE --map MAP --dry-run"
    yield ""
    yield 'system = "the old system"        # its name, as timelines tell it'
    row = '"ticket"' if at is None else '"update"'
    yield f"one_row_per = {row}         # ticket: a row is a whole ticket; update: a row is one change of it"
    yield 'keep = []                        # columns to keep word for word in the history, or ["*"] for all'
    counts = _counts(found.get("state"), rows)
    waiting = [state for state in counts if waits(state)]
    yield f"waiting = {_toml(waiting)}   # states in which the customer has been asked something and has not answered"
    yield from _file_lines(source)
    yield from _date_lines(guesses)
    if at is not None:
        yield from _update_lines(at, guesses.order)
    yield from _column_lines(guesses)
    yield from _state_lines(counts, guesses)
    yield from _name_lines(found, rows)


def _file_lines(source: Source) -> Iterator[str]:
    yield from ("", "[file]")
    yield f"encoding = {_toml(source.encoding.removesuffix('-sig'))}"
    if not source.is_json:
        yield f"delimiter = {_toml(source.delimiter)}"
    yield f"unknown = {_toml(UNKNOWN)}   # what stands for not known, in any case"


def _date_lines(guesses: Guesses) -> Iterator[str]:
    reached = () if guesses.updated else guesses.reached.values()
    named = (guesses.columns.get("opened"), guesses.columns.get("since"), guesses.updated, *reached)
    columns = [column for column in dict.fromkeys(named) if column]
    cells = [row[column].strip() for row in guesses.rows for column in columns if plain(row.get(column, "")) not in UNKNOWN]
    forms, left, also = _date_forms(cells)
    yield from ("", "[dates]")
    if left:
        yield f"# No form was found for {left} of {len(cells)} dates. Forms are written as %d.%m.%Y %H:%M, or iso, unix, unix_ms."
    if also:
        yield f"# These fit as well: {', '.join(also)}. Which number is the day?"
    yield f"formats = {_toml(forms or ['iso'])}"
    yield '# timezone = "Europe/Berlin"     # the zone of dates without offset; left out, that of the policy\'s working hours'


def _date_forms(cells: Sequence[str]) -> tuple[list[str], int, list[str]]:
    """Return the few forms that fit most of the dates, how many dates none of them fits, and forms that fit just as well."""
    found: list[str] = []
    also: list[str] = []
    left = list(cells)
    readers = {form: Dates([form], "UTC") for form in FORMS}
    while left and len(found) < _FORMS:
        missed = {form: _missed(readers[form], left) for form in _likely(readers, left[:: len(left) // _SAMPLE + 1])}
        best = min(missed, key=lambda form: len(missed[form]))
        if len(missed[best]) == len(left):
            break
        found.append(best)
        also += [form for form in missed if form not in found and len(missed[form]) == len(missed[best])]
        left = missed[best]
    return found, len(left), also


def _likely(readers: Mapping[str, Dates], sample: Sequence[str]) -> list[str]:
    """Return the forms that fit most of a sample: only those are tried on everything."""
    missed = {form: len(_missed(reader, sample)) for form, reader in readers.items()}
    return [form for form, number in missed.items() if number == min(missed.values())]


def _missed(reader: Dates, cells: Sequence[str]) -> list[str]:
    return [text for text in cells if not fits(reader, text)]


def _update_lines(at: str, order: str | None) -> Iterator[str]:
    yield from ("", "[updates]                        # only where one row is one update")
    yield f"at = {_toml(at)}   # when the update was made; later ones than --as-of are not known yet"
    if order is not None:
        yield f"order = {_toml(order)}   # the order of the updates of one ticket; left out, their dates"
    yield 'stage_dated_by = "last"          # a stage is dated by the last time the ticket came to it, or by the first'


def _column_lines(guesses: Guesses) -> Iterator[str]:
    found = guesses.columns
    yield from ("", '[columns]                        # several columns are joined by a blank: ["date", "time"]')
    for key, (_, what) in COLUMNS.items():
        line = f"{key} = {_toml(found[key])}" if key in found else f'# {key} = ""'
        yield f"{line:<32} # {what}"
    yield from ("", "[columns.addresses]   # where the customer is reached: email, phone, sms, letter, ...")
    yield from _table_lines(ADDRESSES, guesses.addresses)
    used = [*found.values(), *guesses.addresses.values(), guesses.updated, guesses.order]
    if guesses.updated is None:
        yield from ("", "[columns.reached]   # columns with the date a stage was reached")
        yield from _reached_lines(guesses.reached)
        used += guesses.reached.values()
    yield f"# other columns of the file: {', '.join(name for name in guesses.header if name not in used) or 'none'}"


def _reached_lines(reached: Mapping[str, str | None]) -> Iterator[str]:
    yield from _table_lines(REACHED, reached)
    if reached["closed"] and not reached["resolved"]:
        yield f"# resolved = {_toml(reached['closed'])}   # if it was solved when it was closed: then it is asked after, if lately"


def _table_lines(keys: Iterable[str], columns: Mapping[str, str | None]) -> Iterator[str]:
    for key in keys:
        column = columns[key]
        yield f"{key} = {_toml(column)}" if column else f'# {key} = ""'


def _counts(column: str | None, rows: Sequence[Mapping[str, str]]) -> Counter[str]:
    return Counter(row[column].strip() for row in rows if row.get(column, "").strip()) if column else Counter()


def _state_lines(counts: Counter[str], guesses: Guesses) -> Iterator[str]:
    yield from ("", f"[states]                         # one of: {', '.join(means.value for means in Means)}")
    for state, number in counts.most_common(100):
        means = guesses.means(state)
        line = f"{_toml(state)} = {_toml(means.value)}" if means else f'# {_toml(state)} = "?"'
        yield f"{line:<40} # {number} rows{_what_to_look_at(state, means, guesses)}"


def _what_to_look_at(state: str, means: Means | None, guesses: Guesses) -> str:
    if means is None:
        return "; until you say what it means, such tickets are left out"
    if guesses.told_by_number:
        return "; guessed from a number: is it so?"
    return "; if it waits for the customer, name it in waiting" if plain(state) in ("pending", "on hold", "waiting") else ""


def _name_lines(found: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    yield from ("", "[channels]                       # email, phone, web_form, letter, fax, chat, sms, social, in_person")
    for channel, number in _counted(found.get("channel"), rows):
        if plain(channel) not in CHANNELS:
            yield f'# {_toml(channel)} = "email"   # {number} rows; until you say what it is, such tickets are left out'
    yield from ("", "[owners]                         # their names there, and the ids of your people")
    for owner, number in _counted(found.get("owner"), rows):
        yield f'# {_toml(owner)} = ""   # {number} rows'
    yield from ("", "[defaults]                       # where the file says nothing")
    yield '# channel = "email"'
    yield '# owner = ""                     # left out, the routes of the policy name one'
    yield '# subject = "Ticket {number}"    # may name columns'


def _counted(column: str | None, rows: Sequence[Mapping[str, str]]) -> list[tuple[str, int]]:
    cells = (row.get(column, "").strip() for row in rows) if column else ()
    return Counter(cell for cell in cells if plain(cell) not in UNKNOWN).most_common(20)


def _toml(value: str | Sequence[str]) -> str:
    """Return a text, or a list of texts, as TOML writes them."""
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False)
