"""Drawing with a handful of shapes: SVG in the colours of the page it stands on, with no library and no network."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

__all__ = ["arrow", "box", "dot", "line", "on_page", "text"]

_STYLE = (
    "svg.drawn{max-width:100%;height:auto;font-family:var(--font-stack,sans-serif);color:var(--color-foreground-primary,#222)}"
    "svg.drawn .soft{opacity:.65}svg.drawn .accent{color:var(--color-brand-primary,#2757dd)}"
)


def text(x: float, y: float, words: str, *, size: int = 13, anchor: str = "start", weight: str = "normal", look: str = "") -> str:
    """Return words at a point; ``anchor`` is start, middle or end."""
    return (
        f'<text class="{look}" x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="currentColor">{escape(words)}</text>'
    )


def box(x: float, y: float, width: float, height: float, *, fill: float = 0.0, stroke: float = 1.2, look: str = "") -> str:
    """Return a box with round corners; ``fill`` is how dense it is, from 0 to 1."""
    return (
        f'<rect class="{look}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" '
        f'fill="currentColor" fill-opacity="{fill:g}" stroke="currentColor" stroke-width="{stroke:g}"/>'
    )


def dot(x: float, y: float, radius: float, *, fill: float = 1.0, look: str = "") -> str:
    """Return a dot, or with ``fill=0`` a ring."""
    return (
        f'<circle class="{look}" cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="currentColor" fill-opacity="{fill:g}" '
        f'stroke="currentColor" stroke-width="1.2"/>'
    )


def line(points: Iterable[tuple[float, float]], *, head: bool = False, dashed: bool = False, look: str = "") -> str:
    """Return a line through the points, with a head at its end if so wanted."""
    way = " ".join(f"{x:g},{y:g}" for x, y in points)
    more = (' marker-end="url(#head)"' if head else "") + (' stroke-dasharray="4 3"' if dashed else "")
    return f'<polyline class="{look}" points="{way}" fill="none" stroke="currentColor" stroke-width="1.2"{more}/>'


def arrow(*points: tuple[float, float], look: str = "") -> str:
    """Return a line through the points with a head at its end."""
    return line(points, head=True, look=look)


def on_page(width: float, height: float, shapes: Iterable[str], *, title: str) -> str:
    """Return the block of a MyST page that shows the shapes; ``title`` is what a screen reader says."""
    head = (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="currentColor"/></marker></defs>'
    )
    drawn = "\n".join(shapes)
    return (
        f'```{{raw}} html\n<svg class="drawn" role="img" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title><style>{_STYLE}</style>{head}\n{drawn}\n</svg>\n```'
    )
