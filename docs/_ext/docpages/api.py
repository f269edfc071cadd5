"""The reference of every public name, grouped by purpose, from the docstrings; nothing public can be missing."""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from importlib import import_module
from itertools import pairwise, takewhile
from pathlib import Path

import attrs

import recovery
from recovery.codec import EVENTS
from recovery.core.practice import CHECKS, HEADINGS, TRIGGERS
from recovery.core.vocabulary.common import Command, Report, Speaking, kind_of

__all__ = ["GROUPS", "MODULES", "documented", "events", "is_inside", "module_page", "names", "page_of", "public_path"]

MODULES: tuple[str, ...] = (
    "policies",
    "stores",
    "stores.alembic",
    "stores.django",
    "stores.sql.schema",
    "stores.sqlalchemy",
    "notifiers",
    "directories",
    "templates",
    "ports",
    "codec",
    "intake",
    "intake.tickets",
    "testing",
    "testing.contracts",
    "testing.paths",
    "testing.simulator",
    "testing.strategies",
)
"""The packages below ``recovery`` that have public names of their own, a page each."""

GROUPS: Mapping[str, Callable[[object], bool]] = {
    "errors": lambda found: _home(found) == "core.errors",
    "commands": lambda found: isinstance(found, type) and issubclass(found, Command),
    "desk": lambda found: _home(found).startswith("desk"),
    "rules": lambda found: (
        _home(found) in ("core.rule", "core.policy", "core.policy.policy", "core.reference", "core.guideline")
        or _home(found).startswith("core.wording")
    ),
    "time": lambda found: _home(found) in ("core.calendar", "core.clock", "core.agenda"),
    "values": lambda found: (
        _home(found).startswith("core.vocabulary") or _home(found) in ("core.stages", "core.money", "core.precedent")
    ),
    "deciding": lambda found: _home(found).startswith("core."),
}
"""The pages of what ``recovery`` itself exports, each with what belongs there; the first that fits."""


ORDER = ("commands", "values", "desk", "deciding", "rules", "time", "errors", *MODULES)
PAGES = Path(__file__).parents[2] / "reference" / "api"


def _home(found: object) -> str:
    return str(getattr(found, "__module__", "")).removeprefix("recovery.")


@cache
def documented() -> Mapping[str, Mapping[str, str]]:
    """Return every page with its names and the path each is documented under. Raises ``LookupError`` for a name with no page."""
    pages: dict[str, dict[str, str]] = {group: {} for group in (*GROUPS, *MODULES)}
    for name in recovery.__all__:
        found = getattr(recovery, name)
        if not isinstance(found, types.ModuleType):
            pages[_page(name, found)][name] = f"recovery.{name}"
    for module in MODULES:
        listed: Iterable[str] = getattr(import_module(f"recovery.{module}"), "__all__", ())
        known = {id(_found(path)) for page in pages.values() for path in page.values()}
        paths = {name: f"recovery.{module}.{name}" for name in listed}
        pages[module] |= {name: path for name, path in paths.items() if id(_found(path)) not in known}
    return pages


def _page(name: str, found: object) -> str:
    module = _home(found).partition(".")[0]
    if module in MODULES:
        return module
    for group, fits in GROUPS.items():
        if fits(found):
            return group
    raise LookupError(f"recovery.{name} has no page in the reference: add its home to GROUPS in docs/_ext/docpages/api.py")


@cache
def _paths() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, path in (entry for page in documented().values() for entry in page.items()):
        found[name] = (*found.get(name, ()), path)
    return found


def public_path(target: str) -> str | None:
    """Return where a name that a docstring or a signature mentions is documented, if it is: of several, the nearest."""
    before, _, last = target.rpartition(".")
    kind = before.rpartition(".")[2]
    if last in _paths():
        return max(_paths()[last], key=lambda path: _shared(path, target))
    return f"{_paths()[kind][0]}.{last}" if kind in _paths() and kind[0].isupper() else None


def _shared(path: str, target: str) -> int:
    """Return how many parts two names have in common from the start."""
    pairs = zip(path.split("."), target.split("."), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def is_inside(target: str) -> bool:
    """Whether a name is one of ours that is there, and only not public: it may be mentioned, and is not described."""
    module, rest = target, ""
    while module.startswith("recovery"):
        try:
            found: object = import_module(module)
        except ImportError:
            module, _, last = module.rpartition(".")
            rest = f"{last}.{rest}".rstrip(".")
            continue
        for name in filter(None, rest.split(".")):
            found = getattr(found, name, None)
        return found is not None
    return False


def page_of(group: str) -> Callable[[], str]:
    """Return what makes the page of one group of names."""
    return commands if group == "commands" else lambda: "\n".join(_entry(path) for _, path in sorted(documented()[group].items()))


def commands() -> str:
    """Return every command, heading by heading, each with what kind it is, what it moves, and the rules that look at it."""
    kinds = [getattr(recovery, name) for name in documented()["commands"]]
    rows = [_entry("recovery.Command")]
    for heading in HEADINGS:
        rows += [f"## {heading.replace('_', ' ').capitalize()}", ""]
        for kind in sorted((kind for kind in kinds if _part(kind) == heading), key=lambda kind: kind.__name__):
            rows += [_entry(f"recovery.{kind.__name__}").replace("## ", "### ", 1), *_about(kind), ""]
    return "\n".join(rows)


def _about(kind: type[Command]) -> Iterator[str]:
    act = "An act; a report where its word has `said_at`." if issubclass(kind, Speaking) else "An act."
    trigger = TRIGGERS.get(kind)
    moves = f" It moves the case by *{trigger.value.replace('_', ' ')}*." if trigger else ""
    yield f"{'A report.' if issubclass(kind, Report) else act}{moves}\n"
    found = [check.id for check in CHECKS if issubclass(kind, check.on)]
    if found:
        yield f"Rules that look at it: {', '.join(f'{{rule}}`{name}`' for name in found)}.\n"


def module_page(module: str) -> Callable[[], str]:
    """Return what makes the page of one package."""
    return page_of(module)


def _entry(path: str) -> str:
    found = _found(path)
    rows = [f"## {path.rpartition('.')[2]}", "", "```{eval-rst}"]
    if isinstance(found, type) and issubclass(found, Enum):
        rows += [f".. autoclass:: {path}", "   :no-members:", "", *_values(found)]
    elif isinstance(found, type):
        rows += [f".. autoclass:: {path}", "   :members:", f"   :exclude-members: {', '.join(_unsaid(found))}"]
    elif inspect.isroutine(found):
        rows.append(f".. autofunction:: {path}")
    else:
        rows += [f".. py:data:: {path}", "", f"   {_below(path)}"]
    return "\n".join([*rows, "```", ""])


def _found(path: str) -> object:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _below(path: str) -> str:
    """Return the docstring that stands below a constant, in whichever module of its package it is defined."""
    package, _, name = path.rpartition(".")
    modules = [found for key, found in sorted(sys.modules.items()) if key.startswith(package) and name in vars(found)]
    for body in (ast.parse(inspect.getsource(module)).body for module in modules):
        for line, below in pairwise(body):
            targets = [line.target] if isinstance(line, ast.AnnAssign) else line.targets if isinstance(line, ast.Assign) else []
            named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
            if named and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                return " ".join(str(below.value.value).split())
    raise LookupError(f"{path} says nothing about itself: put a docstring below it")


def _values(kind: type[Enum]) -> Iterator[str]:
    for member in kind:
        yield f"   - ``{member.name}`` = ``{member.value!r}``"


def _unsaid(kind: type) -> Iterator[str]:
    """Yield the fields of a value: the list of its parameters names them already."""
    if attrs.has(kind):
        yield from (field.name for field in attrs.fields(kind))
    yield from ("with_traceback", "faults")


def names() -> str:
    """Return every public name with the first sentence of its docstring, page by page."""
    rows: list[str] = []
    for page in ORDER:
        if found := documented()[page]:
            file = page.replace(".", "-")
            rows += [f"## [{_title(file)}](api/{file}.md)", "", "| name | what it is |", "| --- | --- |"]
            rows += [
                f"| {{py:obj}}`{path.removeprefix('recovery.')} <{path}>` | {_first(path)} |" for path in sorted(found.values())
            ]
            rows.append("")
    return "\n".join(rows)


def _title(file: str) -> str:
    return (PAGES / f"{file}.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def _first(path: str) -> str:
    found = _found(path)
    told = (inspect.getdoc(found) if isinstance(found, type) or inspect.isroutine(found) else _below(path)) or ""
    sentence = " ".join(told.split("\n\n")[0].split())
    end = sentence.find(". ")
    whole = sentence if end < 0 else sentence[: end + 1]
    return _plain(whole)


def _plain(text: str) -> str:
    """Return a sentence of a docstring without its roles, fit for a cell of a table."""
    for role in (":class:", ":func:", ":meth:", ":mod:", ":data:", ":attr:"):
        text = text.replace(role, "")
    return text.replace("``", "`").replace("`~recovery.", "`").replace("|", "\\|").rstrip(":")


def events() -> str:
    """Return every kind of event, heading by heading, with what it means and what it carries."""
    rows: list[str] = []
    heading = ""
    for kind in sorted(EVENTS.values(), key=lambda kind: (_part(kind), kind.__name__)):
        if _part(kind) != heading:
            heading = _part(kind)
            rows += [
                "",
                f"## {heading.replace('_', ' ').capitalize()}",
                "",
                "| event | what it says | what it carries |",
                "| --- | --- | --- |",
            ]
        carries = ", ".join(f"`{field.name}`" for field in attrs.fields(kind) if field.name not in ("at", "by"))
        rows.append(f"| `{kind_of(kind)}` | {_plain(' '.join((kind.__doc__ or '').split()))} | {carries} |")
    return "\n".join(rows)


def _part(kind: type) -> str:
    return kind.__module__.removeprefix("recovery.core.vocabulary.").partition(".")[0]
