"""``recovery check-text``: what does not belong in a text is underlined, with the way out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import run


@pytest.fixture
def letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a letter with two things that must not be sent, in a folder without a policy."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "letter.txt"
    file.write_text("Dear Ms Lind,\n\nsorry, our courier lost it.\nPlease contact\nthe dealer today.\n", encoding="utf-8")
    return file


def test_a_finding_is_underlined_where_it_stands(letter: Path) -> None:
    """Each finding has its line and column, the words with marks below them, and what to write instead."""
    code, out, _ = run("check-text", "letter.txt")
    lines = out.splitlines()
    assert code == 1
    assert lines[0] == "letter.txt:3:12  own.no-blame (must)"
    assert lines[1:3] == ["  sorry, our courier lost it.", "             ^^^^^^^^^^^^"]
    assert "leave out who did it" in lines[3]
    assert letter.exists()


def test_a_finding_over_two_lines_is_underlined_on_both(letter: Path) -> None:
    """A phrase that is broken over two lines is shown with both of them."""
    _, out, _ = run("check-text", letter.name)
    assert "  Please contact\n  ^^^^^^^^^^^^^^\n  the dealer today.\n  ^^^^^^^^^^\n" in out
    assert out.splitlines()[-1] == "2 that must not be sent."


@pytest.mark.usefixtures("letter")
def test_a_good_text_has_nothing_to_change(tmp_path: Path) -> None:
    """A plain and friendly text passes, with exit code 0."""
    (tmp_path / "good.txt").write_text("I am sorry. The carrier comes on Tuesday.", encoding="utf-8")
    code, out, _ = run("check-text", "good.txt")
    assert (code, out.strip()) == (0, "Nothing to change.")


@pytest.mark.usefixtures("letter")
def test_what_a_text_lacks_is_said(tmp_path: Path) -> None:
    """An acknowledgement is missed for its thanks, a proposal for taking it on; that only warns."""
    (tmp_path / "curt.txt").write_text("We have it.", encoding="utf-8")
    code, out, _ = run("check-text", "curt.txt", "--kind", "acknowledgement")
    assert code == 0
    assert [rule in out for rule in ("acknowledge.thanks", "own.takes-it-on", "own.solutions-not-excuses")] == [True] * 3
    assert out.splitlines()[-1] == "4 to think about."


@pytest.mark.usefixtures("letter")
def test_programs_read_it_as_json() -> None:
    """With --json there is one document: findings with place and reason, and what is lacking."""
    code, out, _ = run("check-text", "letter.txt", "--json")
    told = json.loads(out)
    assert (code, told["file"], told["kind"], told["lacks"]) == (1, "letter.txt", "message", [])
    first = told["findings"][0]
    assert (first["rule"], first["line"], first["column"], first["found"]) == ("own.no-blame", 3, 12, "courier lost")


def test_the_policys_wording_holds(letter: Path) -> None:
    """The wording of the policy in this folder is the one that is asked."""
    (letter.parent / "recovery.toml").write_text(
        'fallback_owner = "ana"\ncalendar = { timezone = "UTC", week = { monday = [["09:00", "17:00"]] } }\nway_back = "1"\n'
        '[wording]\noff = ["en.blame.failed"]\n[wording.languages.en.lists]\noutsider = ["Ace"]\n',
        encoding="utf-8",
    )
    letter.write_text("The courier lost it. Please contact Ace today.", encoding="utf-8")
    code, out, _ = run("check-text", "letter.txt")
    assert (code, "own.no-blame" in out, "own.no-passing-on" in out) == (1, False, True)


@pytest.mark.usefixtures("letter")
def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    """A file that is not there, or no text in UTF-8, is told with exit code 2."""
    (tmp_path / "picture.bin").write_bytes(b"\xff\xfe\x00")
    code, _, err = run("check-text", "picture.bin")
    assert (code, "no text in UTF-8" in err) == (2, True)
    assert run("check-text", "ghost.txt")[0] == 2


@pytest.mark.usefixtures("letter")
def test_an_empty_text_lacks_nothing(tmp_path: Path) -> None:
    """Where nothing has been written yet, nothing is missed."""
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    assert run("check-text", "empty.txt", "--kind", "acknowledgement")[1].strip() == "Nothing to change."


@pytest.mark.usefixtures("letter")
def test_wide_letters_take_two_columns(tmp_path: Path) -> None:
    """The marks stand below the words also where letters before them are wide."""
    (tmp_path / "wide.txt").write_text("\u6f22\u5b57: the courier lost it on Friday.", encoding="utf-8")
    _, out, _ = run("check-text", "wide.txt")
    assert out.splitlines()[2] == "  " + " " * 10 + "^" * 12
