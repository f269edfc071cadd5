"""Jinja templates that cannot do harm: read when they are loaded, refused with their name where they hold code, bounded in time.

What a template may hold is a white list: values by their names, ``if``, ``for`` over the lines of a value, a few filters. It has no
attributes, calls, indexes, arithmetic, macros, includes or assignments, so there is nothing to reach a Python object by, and
nothing that grows. The sandbox of Jinja (immutable, with strict names) stands behind it all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import cast

from attrs import frozen

from recovery.core.errors import MissingExtra
from recovery.templates.layout import Passage, as_markup

try:
    from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
    from jinja2.meta import find_undeclared_variables
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup
except ImportError as error:  # pragma: no cover  (tests have it)
    raise MissingExtra("jinja2", "templates") from error

__all__ = ["FILTERS", "MOST", "SLOWEST", "Compiled", "TemplateTooLong", "compiled", "faults_of_source"]

MOST = 1_000_000
"""How many characters one template may become; a mail of a megabyte is a mistake."""
SLOWEST = timedelta(seconds=2)
"""How long putting one template into words may take; a longer one fails, and the built-in text goes out."""
SOURCE = 50_000
"""How many characters a template may have."""
_CHAIN = 5
_LINES = 1000

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.For,
    nodes.Filter,
    nodes.Test,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Concat,
    nodes.Compare,
    nodes.Operand,
    nodes.Keyword,
)


class TemplateTooLong(Exception):
    """A template became too long, or took too long."""


def _lines(text: str) -> list[str]:
    return text.splitlines()[:_LINES]


def _paragraphs(text: str) -> Markup:
    return Markup(as_markup([Passage(lines=(str(text),), words=True)]))


_BUILT_IN = ("capitalize", "default", "e", "escape", "length", "lower", "title", "trim", "upper")
FILTERS: tuple[str, ...] = (*_BUILT_IN, "lines", "paragraphs")
"""The filters a template may use: ``lines`` parts a value into lines (the first thousand), ``paragraphs`` makes HTML of words."""


def _environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True)
    built_in = cast("dict[str, Callable[..., object]]", made.filters)  # pyright: ignore[reportUnknownMemberType]
    made.filters = {name: built_in[name] for name in _BUILT_IN} | {"lines": _lines, "paragraphs": _paragraphs}
    made.globals = {}
    return made


_TEXT, _HTML = _environment(html=False), _environment(html=True)


def faults_of_source(label: str, source: str, known: frozenset[str], *, html: bool) -> Iterator[str]:
    """Yield what is wrong with a template, each fault behind its ``label``, before anything of it is run."""
    if len(source) > SOURCE:
        yield f"{label}: has {len(source)} characters; the most is {SOURCE}"
        return
    environment = _HTML if html else _TEXT
    try:
        tree = environment.parse(source)
        # What is wrong with the tree is said before it is compiled: compiling works out what is constant in it.
        found = list(dict.fromkeys(_tree_faults(label, tree)))
        if not found:
            environment.compile(tree)
    except TemplateSyntaxError as error:
        yield f"{label}: line {error.lineno}: {error.message}"
        return
    except RecursionError:
        yield f"{label}: is nested too deeply"
        return
    yield from found
    for name in sorted(_names(tree) if found else find_undeclared_variables(environment.parse(source))):
        if name in known:
            continue
        yield f"{label}: no message has a value {name!r}; there are {', '.join(sorted(known))}"


def _names(tree: nodes.Template) -> set[str]:
    """Return the names a template asks for, where it cannot be looked at more closely."""
    names = list(tree.find_all(nodes.Name))
    return {node.name for node in names if node.ctx == "load"} - {node.name for node in names if node.ctx == "store"}


def _tree_faults(label: str, tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all(nodes.Node):
        where = f"{label}: line {node.lineno}"
        if not isinstance(node, _ALLOWED):
            yield f"{where}: {_named(node)} is code, and a template has none; it may use values, if, for and filters"
        elif isinstance(node, nodes.Operand) and node.op not in ("eq", "ne"):
            yield f"{where}: the comparison {node.op!r}; a template compares with == and != alone"
        elif isinstance(node, nodes.Filter):
            yield from _filter_faults(where, node)
        elif isinstance(node, nodes.For):
            yield from _loop_faults(where, node)


def _named(node: nodes.Node) -> str:
    names = {"Getattr": "an attribute", "Getitem": "an index", "Call": "a call", "Mul": "a product", "Assign": "an assignment"}
    return names.get(type(node).__name__, f"{type(node).__name__.lower()!r}")


def _filter_faults(where: str, node: nodes.Filter) -> Iterator[str]:
    if node.name not in FILTERS:
        yield f"{where}: there is no filter {node.name!r}; there are {', '.join(FILTERS)}"
    inner, depth = node.node, 1
    while isinstance(inner, nodes.Filter):
        inner, depth = inner.node, depth + 1
    if depth > _CHAIN:
        yield f"{where}: {depth} filters in a row; the most is {_CHAIN}"


def _loop_faults(where: str, node: nodes.For) -> Iterator[str]:
    over = node.iter
    if not (isinstance(over, nodes.Filter) and over.name == "lines" and isinstance(over.node, nodes.Name)):
        yield f"{where}: for goes over the lines of a value, such as: for line in options|lines"
    if any(inner is not node for inner in node.find_all(nodes.For)):
        yield f"{where}: a for inside a for"


@frozen
class Compiled:
    """A template that was found harmless."""

    template: Template

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the template with its values. Raises :class:`TemplateTooLong`."""
        pieces, length, until = list[str](), 0, time.monotonic() + SLOWEST.total_seconds()
        for piece in self.template.generate(values):
            pieces.append(piece)
            length += len(piece)
            if length > MOST or time.monotonic() > until:
                raise TemplateTooLong(f"it became {length} characters long, and took long")
        return "".join(pieces)


def compiled(source: str, *, html: bool) -> Compiled:
    """Return a template ready to be filled; it has been looked through by :func:`faults_of_source`."""
    return Compiled((_HTML if html else _TEXT).from_string(source))
