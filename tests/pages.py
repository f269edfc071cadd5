"""Reading a page of documentation as its reader would: from top to bottom, running what it shows.

- A ``python`` block is run; the blocks of one page share their names. A ``text`` block right below it (nothing but blank lines
  between them) is all that it prints, and code that prints has to show it. Any other ``text`` block is a picture.
- A ``{code-block}`` with a ``:caption:`` that is a file name is written to the page's folder, which is empty at the start and
  the current one. It is not run.
- A ``console`` block is run in one shell for the whole page: ``$`` starts a command, ``>`` continues it, all else is what it
  prints, on either stream. There, and only there, ``...`` stands for what differs from run to run. A command that fails is
  followed by ``$ echo $?``.
- Any other block is shown and not run: ``sh`` for what installs something, ``toml`` and ``json`` for pieces.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from sybil import Document, Example, Region
from sybil.evaluators.python import PythonEvaluator
from sybil.region import Lexeme

__all__ = ["fences", "read"]

_FENCE = re.compile(r"^(?P<marks>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=marks)[ \t]*$", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"^[ \t>]+`{3,}(python|console|\{code-block\})", re.MULTILINE)
_OPTION = re.compile(r"^:(?P<name>\w+):[ \t]*(?P<value>.*)\n", re.MULTILINE)
_END = "-- end of what it prints --"
_PATHS = os.pathsep.join(str(Path(path).resolve()) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path)


class Page:
    """Runs the blocks of one page in order and holds what the last one printed until it has been compared."""

    def __init__(self, shell: Shell) -> None:
        self.blocks = 0
        self._shell = shell
        self._run = PythonEvaluator(future_imports=["annotations"])
        self._printed = ""
        self._end = 0

    def regions(self, document: Document) -> Iterator[Region]:
        """Yield the blocks of a page that mean something here, each with what is done about it."""
        kinds = {"python": self.run, "text": self.compare, "console": self.play, "{code-block}": self.write}
        for found in fences(document.text):
            do = kinds.get(found["info"].split(" ")[0].strip())
            if do is not None:
                body = Lexeme(found["body"], found.start("body") - found.start(), 0)
                yield Region(found.start(), found.end(), body, do)

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
        return None if lines(printed) == lines(example.parsed) else told_apart(example.parsed, printed)

    def write(self, example: Example) -> None:
        """Write a block with the name of a file to that file."""
        options = {found["name"]: found["value"].strip() for found in _OPTION.finditer(example.parsed)}
        if "caption" in options:
            path = Path(options["caption"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_OPTION.sub("", example.parsed).lstrip("\n"), encoding="utf-8")

    def play(self, example: Example) -> str | None:
        """Type the commands of a block and hold what each prints against what stands below it."""
        self.blocks += 1
        steps = commands(example.parsed)
        for (command, shown), (following, _) in zip(steps, [*steps[1:], ("", "")], strict=True):
            printed, failed = self._shell.type(command)
            if not alike(shown, printed):
                return f"$ {command}\n{told_apart(shown, printed)}"
            if failed and "$?" not in following:
                return f"$ {command}\nended with {failed}, and no `$ echo $?` below says so:\n{printed}"
        return None

    def left_over(self) -> str:
        """Say what was printed and shown nowhere."""
        return self._printed and f"the code printed this, and no text block right below shows it:\n{self._printed}"


class Shell:
    """One bash for one page, started when it is first needed, in which ``recovery`` and ``python`` are the ones under test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bash: subprocess.Popen[str] | None = None

    def type(self, command: str) -> tuple[str, int]:
        """Return what a command prints, on either stream, and its exit code; ``$?`` is that of the command before."""
        bash = self._bash = self._bash or self._start()
        assert bash.stdin is not None
        assert bash.stdout is not None
        bash.stdin.write(f"{{ {command}\n}} </dev/null 2>&1; code=$?; printf '\\n%s%s\\n' '{_END}' $code; (exit $code)\n")
        bash.stdin.flush()
        printed = ""
        for line in bash.stdout:
            if line.startswith(_END):
                return printed.removesuffix("\n"), int(line.removeprefix(_END))
            printed += line
        raise AssertionError(f"the shell ended at: {command}")

    def _start(self) -> subprocess.Popen[str]:
        tools = self._folder / "bin"
        tools.mkdir()
        for name, call in (("recovery", "-m recovery"), ("python", "")):
            (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n', encoding="utf-8")
            (tools / name).chmod(0o755)
        told = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"}
        told |= {"PYTHONPATH": _PATHS} if _PATHS else {}  # a page runs in a folder of its own
        return subprocess.Popen(
            ["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env={**os.environ, **told}
        )

    def close(self) -> None:
        """Let the shell end, and wait for it."""
        if self._bash is not None:
            self._bash.communicate("exit 0\n", timeout=60)


def commands(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with what is shown below it."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
            continue
        command, shown = found.pop()
        more = (f"{command}\n{line[2:]}", "") if line.startswith("> ") and not shown else (command, f"{shown}{line}\n")
        found.append(more)
    return found


def lines(text: str) -> list[str]:
    """Return the lines without the blanks at their ends, which nobody sees."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


def alike(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed, where ``...`` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in "\n".join(lines(shown)).split("..."))
    return re.fullmatch(pattern, "\n".join(lines(printed)), re.DOTALL) is not None


def told_apart(shown: str, printed: str) -> str:
    """Say what a page shows and what was printed instead."""
    return f"shown:\n{shown}\nprinted:\n{printed}"


def fences(text: str) -> Iterator[re.Match[str]]:
    """Yield the fenced blocks of a page: ``info`` is what stands beside the marks, ``body`` what stands between them."""
    return _FENCE.finditer(text)


@contextmanager
def _in_folder(folder: Path) -> Iterator[Shell]:
    before, page = Path.cwd(), folder / "page"
    page.mkdir()
    os.chdir(page)
    shell = Shell(folder)
    try:
        yield shell
    finally:
        shell.close()
        os.chdir(before)


def read(page: Path, folder: Path) -> int:
    """Run a page as a reader would, in an empty ``folder``, and return how many blocks it ran."""
    text = page.read_text(encoding="utf-8")
    assert not _HIDDEN.search(text), f"{page}: a block that stands indented is not run; begin it at the start of a line"
    with _in_folder(folder) as shell:
        reader = Page(shell)
        document = Document(text, str(page))
        for region in reader.regions(document):
            document.add(region)
        for example in document.examples():
            example.evaluate()
    assert not (missing := reader.left_over()), missing
    return reader.blocks
