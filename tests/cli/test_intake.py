"""Taking in mail from the command line: what became of each, twice the same, what fails, and where the attachments are."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.running import run
from recovery import Desk, Query, SQLiteStore, StoreUnusable

NOW = "2026-03-02T12:00"
POLICY = """
fallback_owner = "ana"

[calendar]
timezone = "Europe/Berlin"

[calendar.week]
monday = [["09:00", "17:00"]]
tuesday = [["09:00", "17:00"]]
wednesday = [["09:00", "17:00"]]
thursday = [["09:00", "17:00"]]
friday = [["09:00", "17:00"]]

[people.ana]
name = "Ana Brook"
email = "ana@shop.example"
"""
FIRST = (
    b"From: Bo <bo@boat.example>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: Display\nMessage-ID: <1@boat.example>\n\nDark.\n"
)
SECOND = FIRST.replace(b"<1@", b"<2@").replace(b"Subject", b"In-Reply-To: <1@boat.example>\nSubject")
NOBODY = b"Subject: Who?\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n\nGuess.\n"
ROBOT = FIRST.replace(b"<1@", b"<3@").replace(b"Subject", b"Auto-Submitted: auto-replied\nSubject")
PHOTO = (
    FIRST.replace(b"<1@", b"<4@")
    .replace(b"Subject", b"Content-Type: multipart/mixed; boundary=b\nSubject")
    .replace(b"Dark.\n", b"")
    + b"--b\n\nSee.\n--b\nContent-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n--b--\n"
)


@pytest.fixture
def desk(here: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty database and a policy."""
    for name in ("RECOVERY_DB", "RECOVERY_NOW", "RECOVERY_POLICY"):
        monkeypatch.delenv(name, raising=False)
    here("recovery.toml").write_text(POLICY, encoding="utf-8")
    with SQLiteStore(str(here("recovery.db"))):
        return here(".")


def take(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Take in mail, and return the exit code and the document."""
    code, out, _ = run("intake", *arguments, "--json", "--now", NOW)
    return code, cast("dict[str, Any]", json.loads(out))


def became(document: dict[str, Any]) -> dict[str, str]:
    """Return what became of each mail by the name of its file."""
    return {Path(mail["file"]).name: mail["became"] for mail in document["mails"]}


def put(folder: Path, **mails: bytes) -> Path:
    """Write mails into a folder, and return it."""
    folder.mkdir(exist_ok=True)
    for name, raw in mails.items():
        (folder / f"{name}.eml").write_bytes(raw)
    return folder


def test_each_mail_becomes_what_it_is(desk: Path) -> None:
    """One opens a case, its answer joins, nobody's waits in the tray, and a machine's is set apart."""
    folder = put(desk / "mail", a=FIRST, b=SECOND, c=NOBODY, d=ROBOT)
    code, document = take(str(folder))
    assert code == 0
    assert became(document) == {"a.eml": "opened", "b.eml": "joined", "c.eml": "tray", "d.eml": "automatic"}
    assert document["counts"] == {
        "opened": 1, "joined": 1, "reopened": 0, "linked": 0, "tray": 1, "automatic": 1, "repeats": 0, "unreadable": 0,
    }  # fmt: skip
    assert document["mails"][0]["reference"] == document["mails"][1]["reference"]


def test_over_the_same_maildir_twice_nothing_is_taken_twice(desk: Path) -> None:
    """A mail that was seen moves from new to cur and gets another name: it is the same mail."""
    maildir = desk / "Maildir"
    for room in ("new", "cur", "tmp"):
        (maildir / room).mkdir(parents=True)
    (maildir / "new" / "1").write_bytes(FIRST)
    (maildir / "new" / "2").write_bytes(NOBODY)
    assert take(str(maildir))[1]["counts"]["opened"] == 1
    (maildir / "new" / "1").rename(maildir / "cur" / "1:2,S")
    code, document = take(str(maildir))
    assert (code, set(became(document).values())) == (0, {"repeats"})
    with SQLiteStore(str(desk / "recovery.db")) as store:
        assert len(store.find(Query())) == 2


def test_attachments_lie_beside_the_database(desk: Path) -> None:
    """Each under its SHA-256, once, however many mails bring it."""
    folder = put(desk / "mail", a=PHOTO, b=PHOTO.replace(b"<4@", b"<5@"))
    assert take(str(folder))[0] == 0
    kept = list((desk / "recovery.db.attachments").iterdir())
    assert [(file.name, file.read_bytes()) for file in kept] == [(hashlib.sha256(b"Hello").hexdigest(), b"Hello")]


def test_a_mail_can_come_through_a_pipe(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server can hand mails over one by one."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(FIRST)))
    assert became(take("-")[1]) == {"-": "opened"}


def test_what_cannot_be_stored_is_reported_and_the_rest_goes_on(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bad mail does not hold up the others; the exit code says that there was one, and afterwards it can be taken."""
    receive = Desk.receive

    def fails(self: Desk, contact: Any, **more: Any) -> object:
        if contact.message_id == "1@boat.example":
            raise StoreUnusable("recovery.db", "it is locked", "Try again.")
        return receive(self, contact, **more)

    folder = put(desk / "mail", a=FIRST, b=NOBODY)
    monkeypatch.setattr(Desk, "receive", fails)
    code, document = take(str(folder))
    assert (code, became(document)) == (1, {"a.eml": "unreadable", "b.eml": "tray"})
    assert "it is locked" in document["mails"][0]["note"]
    monkeypatch.undo()
    assert take("--db", str(desk / "recovery.db"), "--policy", str(desk / "recovery.toml"), str(folder))[1]["counts"]["opened"] == 1


def test_our_own_mails_are_no_customers(desk: Path) -> None:
    """The people of the policy are known; other addresses of ours are given."""
    ana = FIRST.replace(b"bo@boat.example", b"ana@shop.example")
    shop = FIRST.replace(b"bo@boat.example", b"help@shop.example").replace(b"<1@", b"<9@")
    folder = put(desk / "mail", a=ana, b=shop)
    assert became(take(str(folder), "--ours", "@shop.example")[1]) == {"a.eml": "automatic", "b.eml": "automatic"}


@pytest.mark.parametrize(("day", "name"), [("03", "reopened"), ("20", "linked")])
def test_an_ended_case_reopens_and_a_long_ended_one_is_linked(desk: Path, day: str, name: str) -> None:
    """What becomes of an answer that comes late is told as the case decides it."""
    reference = take(str(put(desk / "first", a=FIRST)))[1]["mails"][0]["reference"]
    command = {"command": "close", "by": "ana", "reason": "withdrawn", "said": {"channel": "phone", "words": "Forget it."}}
    assert run("do", reference, json.dumps(command), "--now", "2026-03-02T13:00")[0] == 0
    late = SECOND.replace(b"Mon, 2 Mar", f"{day} Mar".encode())
    code, out, _ = run("intake", str(put(desk / "late", m=late)), "--json", "--now", f"2026-03-{day}T12:00")
    assert (code, became(json.loads(out))) == (0, {"m.eml": name})
    assert (json.loads(out)["mails"][0]["reference"] == reference) is (name == "reopened")


def test_a_path_that_is_not_there_is_refused_before_anything_is_taken(desk: Path) -> None:
    """A slip in a path takes nothing in by halves."""
    folder = put(desk / "mail", a=FIRST)
    code, _, err = run("intake", str(folder), "nowhere", "--now", NOW)
    assert code == 2
    assert "nowhere" in err
    with SQLiteStore(str(desk / "recovery.db")) as store:
        assert store.find(Query()) == ()


def test_people_read_a_table(desk: Path) -> None:
    """How many became what, and each mail with its case; of many only those that somebody has to look at."""
    folder = put(desk / "mail", a=FIRST, c=NOBODY)
    code, out, _ = run("intake", str(folder), "--now", NOW)
    assert code == 0
    assert "2 mails: 1 opened, 1 tray" in out
    assert "a.eml" in out
    many = put(
        desk / "many", z=NOBODY.replace(b"Who", b"Which"), **{f"m{n}": FIRST.replace(b"<1@", b"<m%d@" % n) for n in range(40)}
    )
    _, out, _ = run("intake", str(many), "--now", NOW)
    assert "41 mails: 40 opened, 1 tray" in out
    assert ("z.eml" in out, "m1.eml" in out) == (True, False)
    (desk / "none").mkdir()
    assert "There is no mail." in run("intake", str(desk / "none"), "--now", NOW)[1]
