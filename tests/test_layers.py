"""The rooms: imports run down only, headings do not know each other, the core stays pure (the contracts in pyproject.toml)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import recovery

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
}


def lint(contract: str, *, beside: Path) -> subprocess.CompletedProcess[str]:
    """Check one contract on the package that lies in the folder ``beside``."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--config", str(PYPROJECT), "--contract", contract, "--no-cache"],
        cwd=beside,
        env={**os.environ, "PYTHONPATH": str(beside), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("contract", [name for name, contract in CONTRACTS.items() if contract["type"] == "layers"])
def test_a_room_that_is_there_has_no_parentheses(contract: str) -> None:
    """Parentheses excuse a room that is not built yet; left standing later, they would excuse one that got lost."""
    package = Path(*recovery.__path__, *CONTRACTS[contract]["containers"][0].split(".")[1:])
    excused = re.findall(r"\((\w+)\)", " ".join(CONTRACTS[contract]["layers"]))
    assert [room for room in excused if (package / room / "__init__.py").exists() or (package / f"{room}.py").exists()] == []


@pytest.mark.parametrize("contract", CONTRACTS)
def test_contract_is_kept(contract: str) -> None:
    """Every import of the package as it is installed keeps the contract."""
    checked = lint(contract, beside=Path(recovery.__path__[0]).parent)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("contract", "room", "line"),
    [
        ("rooms", "core/errors.py", "import recovery.codec"),
        ("rooms", "core/vocabulary/receiving/values.py", "import recovery.codec.text"),
        ("rooms", "unlisted.py", ""),
        ("core", "core/values.py", "import recovery.core.case"),
        ("core", "core/unlisted.py", ""),
        ("practice", "core/practice/receiving.py", "import recovery.core.practice.closing"),
        ("vocabulary", "core/vocabulary/receiving.py", "import recovery.core.vocabulary.closing"),
        ("vocabulary", "core/vocabulary/common.py", "import recovery.core.vocabulary.closing"),
        ("pure", "core/errors.py", "import random"),
        ("pure", "core/stages.py", "from os import environ"),
    ],
)
def test_contract_would_notice(contract: str, room: str, line: str, tmp_path: Path) -> None:
    """A copy of the package with one wrong import, or with a room that nobody listed, breaks the contract."""
    copy = tmp_path / "recovery"
    shutil.copytree(recovery.__path__[0], copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / room).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    checked = lint(contract, beside=tmp_path)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "BROKEN" in checked.stdout, checked.stdout + checked.stderr
