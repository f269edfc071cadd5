"""The README tells the truth: its code runs in order, prints what it shows, and its two commands are the ones that CI types.

A ``text`` block right below a ``python`` block (nothing but blank lines between them) is all that the code above it prints.
Code that prints has to show it. Any other ``text`` block is a picture and is not read.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from recovery.cli.diagram import diagram

README = Path(__file__).parent.parent / "README.md"
COMMANDS = (
    'python -m pip install ".[cli]" && recovery demo',
    'python -m pip install -e ".[test]" && python -m pytest',
)


class Reader:
    """Runs the code of one page from top to bottom and holds what the last block printed until it has been compared."""

    def __init__(self) -> None:
        self.blocks = 0
        self._run = PythonEvaluator(future_imports=["annotations"])
        self._printed = ""
        self._end = 0

    def run(self, example: Example) -> str | None:
        """Run a block of code; what the block before it printed must have been shown by now."""
        if missing := self.left_over():
            return missing
        out = io.StringIO()
        with redirect_stdout(out):
            self._run(example)
        self.blocks += 1
        self._printed, self._end = out.getvalue(), example.end
        return None

    def compare(self, example: Example) -> str | None:
        """Hold a block of text right below the code against what the code printed."""
        if not self._end or example.document.text[self._end : example.start].strip():
            return None
        printed, self._printed = self._printed, ""
        self._end = 0
        if lines(printed) == lines(example.parsed):
            return None
        return f"shown:\n{example.parsed}\nprinted:\n{printed}"

    def left_over(self) -> str:
        """Say what was printed and shown nowhere."""
        return self._printed and f"the code printed this, and no text block right below shows it:\n{self._printed}"


def lines(text: str) -> list[str]:
    """Return the lines without the blanks at their ends, which nobody sees."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


def read(page: Path) -> int:
    """Run a page as a reader would and return how many blocks of code it has."""
    reader = Reader()
    parsers = [CodeBlockParser("python", reader.run), CodeBlockParser("text", reader.compare)]
    for example in Sybil(parsers).parse(page).examples():
        example.evaluate()
    assert not (missing := reader.left_over()), missing
    return reader.blocks


def test_code_runs_and_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever copies the code of the README from top to bottom gets what the README shows."""
    monkeypatch.chdir(tmp_path)
    assert read(README) > 0


@pytest.mark.parametrize("command", COMMANDS)
def test_command_stands_on_a_line_of_its_own(command: str) -> None:
    """The two commands stand there once each, at the start of a line, so that they can be copied whole."""
    assert README.read_text(encoding="utf-8").splitlines().count(command) == 1


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", "shown:\n2"),
        ("```python\nprint(1)\n```\n", "no text block"),
        ("```python\nprint(1)\n```\n\nIt prints:\n\n```text\n1\n```\n", "no text block"),
        ("```python\nprint(1)\n```\n\n```python\nprint(2)\n```\n\n```text\n2\n```\n", "no text block"),
    ],
)
def test_a_page_that_does_not_tell_the_truth_is_refused(page: str, complaint: str, tmp_path: Path) -> None:
    """The reader above would notice a wrong, a missing and a misplaced output."""
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    with pytest.raises(AssertionError, match=complaint):
        read(tmp_path / "page.md")


def test_a_page_that_tells_the_truth_is_read(tmp_path: Path) -> None:
    """Names carry over from block to block, and a text block that stands alone is a picture."""
    page = "```text\na --> b\n```\n\n```python\nx = 1\n```\n\n```python\nprint(x)\n```\n\n```text\n1\n```\n"
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    assert read(tmp_path / "page.md") == 2


def test_the_picture_of_the_stages_is_the_generated_one() -> None:
    """The picture cannot fall behind the table: it is what `recovery diagram` prints."""
    assert f"```mermaid\n{diagram()}\n```" in README.read_text(encoding="utf-8")
