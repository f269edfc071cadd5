"""The Sphinx extension of this documentation: generated parts, links to rules, links to what docstrings name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.roles import XRefRole

from docpages import api, filled
from docpages.rules import anchor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

OUTSIDE = (
    "pendulum",
    "datetime",
    "collections",
    "typing",
    "enum",
    "random",
    "sqlite3",
    "ssl",
    "os",
    "decimal",
    "email",
    "pathlib",
    "_pytest",
    "pytest",
    "hypothesis",
    "types",
    "contextlib",
    "attrs",
    "decimal",
)
"""What other libraries document: shown, and not linked, so that building needs no network."""

LONG = 120
"""How many signs of a default are shown; all the clocks of the practice are told on their own page."""


def fill(_app: Sphinx, _docname: str, source: list[str]) -> None:
    """Put the generated parts into a page before it is read."""
    source[0] = filled(source[0])


class RuleRole(XRefRole):
    """``{rule}`follow-up.days` `` links to the entry of the rule."""

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Turn the id of the rule into the name of its entry."""
        refnode["refdomain"], refnode["reftype"], refnode["refexplicit"] = "std", "ref", True
        return title, anchor(target)


def resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement) -> nodes.Node | None:
    """Link a name in a docstring or a signature to its public entry; names from elsewhere are shown as they are."""
    if node.get("refdomain") != "py":
        return None
    target = str(node["reftarget"]).lstrip("~.")
    public = api.public_path(target)
    if public is not None and public != target:
        domain = env.get_domain("py")
        return domain.resolve_xref(env, str(node["refdoc"]), app.builder, "obj", public, node, contnode)
    known = target.partition(".")[0] in OUTSIDE or "." not in target or "[" in target or api.is_inside(target)
    return contnode if known else None


def signature(
    _app: Sphinx, _what: str, _name: str, _found: object, _options: object, given: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Show a default that is made anew, that is a function, or that fills the page, as dots."""
    plain = given and re.sub(r"=(NOTHING|<[^>]*>|functools\.partial\(.*?\)(?=[,)]))", "=...", given)
    return plain and f"({', '.join(_shortened(part) for part in _parts(plain.strip()[1:-1]))})", returns


def _shortened(parameter: str) -> str:
    name, equals, default = parameter.partition("=")
    return f"{name}{equals}..." if len(default) > LONG else parameter


def _parts(inside: str) -> Iterator[str]:
    """Yield the parameters of a signature: what stands between commas, outside of brackets and quotes."""
    depth, quote, start = 0, "", 0
    for place, sign in enumerate(inside):
        if quote:
            quote = "" if sign == quote and inside[place - 1] != "\\" else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and depth == 0:
            yield inside[start:place].strip()
            start = place + 1
    if inside[start:].strip():
        yield inside[start:].strip()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Hook everything in."""
    app.add_role("rule", RuleRole(innernodeclass=nodes.literal))
    app.connect("source-read", fill)
    app.connect("autodoc-process-signature", signature)
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
