"""How the documentation is built: ``python -m sphinx -E -W --keep-going -b html docs build/html``."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent / "src"), str(HERE.parent / "examples" / "situations")]

project = "recovery"
author = "the recovery contributors"
copyright = f"2026, {author}"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_recovery"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
exclude_patterns = ["_build"]
templates_path: list[str] = []

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3

nitpicky = True
nitpick_ignore = [("py:class", "psycopg.Connection")]  # a name of a driver, which has its own documentation

html_theme = "furo"
html_title = "recovery"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
