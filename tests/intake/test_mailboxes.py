"""Where mails lie, and where their attachments go."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from recovery import Attachment
from recovery.intake import AttachmentFolder, from_email, mails_in
from recovery.intake import mailboxes as module

ONE = b"From: a@b.example\nMessage-ID: <1@b.example>\n\nOne.\n"
TWO = b"From: c@d.example\nMessage-ID: <2@d.example>\n\nTwo.\nFrom here on nothing.\n"


def names(path: Path) -> list[str]:
    """Return the names of the mails in a place, below that place."""
    return [mail.name.removeprefix(str(path)).lstrip("/\\") for mail in mails_in(path)]


class TestPlaces:
    """Where mails are found."""

    def test_a_file_is_a_mail(self, tmp_path: Path) -> None:
        """Whatever it is called."""
        file = tmp_path / "anything"
        file.write_bytes(ONE)
        (mail,) = mails_in(file)
        assert (mail.name, mail.raw, mail.fault) == (str(file), ONE, "")

    def test_a_folder_gives_its_mails_in_order(self, tmp_path: Path) -> None:
        """Those below as well; what is no mail by its name is left."""
        (tmp_path / "below").mkdir()
        for name in ("b.eml", "a.EML", "below/c.eml", "notes.txt", ".hidden.eml"):
            (tmp_path / name).write_bytes(ONE)
        assert names(tmp_path) == ["a.EML", "b.eml", "below/c.eml"]

    def test_a_folder_without_such_names_gives_all_its_files(self, tmp_path: Path) -> None:
        """Archives often name their mails by number."""
        for name in ("0002", "0001"):
            (tmp_path / name).write_bytes(ONE)
        assert names(tmp_path) == ["0001", "0002"]

    def test_a_maildir_gives_what_is_new_and_what_was_seen(self, tmp_path: Path) -> None:
        """What is still being written (tmp) is left; a folder of Maildirs gives the mails of each."""
        for room in ("new", "cur", "tmp"):
            (tmp_path / "Mail" / room).mkdir(parents=True)
        for name in ("new/2", "cur/1:2,S", "tmp/3"):
            (tmp_path / "Mail" / name).write_bytes(ONE)
        assert names(tmp_path / "Mail") == ["new/2", "cur/1:2,S"]
        assert names(tmp_path) == ["Mail/new/2", "Mail/cur/1:2,S"]

    @pytest.mark.parametrize("end", [b"\n", b"\r\n"])
    def test_a_mailbox_file_gives_its_mails(self, tmp_path: Path, end: bytes) -> None:
        """A line that begins with From is marked inside of it, and unmarked when it is read; it is the mail it always was."""
        marked = TWO.replace(b"\nFrom here", b"\n>From here")
        content = b"".join(
            b"From x@y Mon Mar  2 10:00:0%d 2026\n%s\n" % (number, mail) for number, mail in enumerate((ONE, marked, ONE))
        )
        file = tmp_path / "box"
        file.write_bytes(content.replace(b"\n", end))
        found = list(mails_in(file))
        assert [mail.name for mail in found] == [f"{file}:1", f"{file}:2", f"{file}:3"]
        assert from_email(found[1].raw).text == "Two.\nFrom here on nothing."
        assert from_email(found[1].raw).key == from_email(TWO).key

    def test_an_empty_file_is_an_empty_mail(self, tmp_path: Path) -> None:
        """It is taken, so that somebody sees it."""
        (tmp_path / "e.eml").touch()
        assert [mail.raw for mail in mails_in(tmp_path)] == [b""]

    def test_what_cannot_be_read_is_said_and_the_rest_goes_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file too large to be read, and one that is not there any more."""
        monkeypatch.setattr(module, "LARGEST", 100)
        (tmp_path / "a.eml").write_bytes(b"x" * 101)
        (tmp_path / "b.eml").write_bytes(ONE)
        assert [bool(mail.fault) for mail in mails_in(tmp_path)] == [True, False]
        (gone,) = mails_in(tmp_path / "gone.eml")
        assert gone.fault == "No such file or directory"


class TestKeeping:
    """Where bytes are kept."""

    def keep(self, folder: Path, data: bytes) -> Path:
        """Keep some bytes, and return where."""
        attachment = Attachment(name="a", digest=hashlib.sha256(data).hexdigest())
        place = AttachmentFolder(folder)
        place(attachment, data)
        return place.path_of(attachment)

    def test_bytes_are_kept_once_under_their_digest(self, tmp_path: Path) -> None:
        """The second time nothing is written, and nothing else lies beside them."""
        file = self.keep(tmp_path / "kept", b"hello")
        written = file.stat().st_mtime_ns
        assert self.keep(tmp_path / "kept", b"hello") == file
        assert (file.read_bytes(), file.stat().st_mtime_ns) == (b"hello", written)
        assert list((tmp_path / "kept").iterdir()) == [file]

    def test_what_cannot_be_written_leaves_nothing_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A disk that is full in the middle of it leaves no half of a file, neither under the digest nor beside it."""

        def full(_: int) -> None:
            raise OSError("no space left")

        monkeypatch.setattr("recovery.intake.keeping.os.fsync", full)
        with pytest.raises(OSError, match="no space left"):
            self.keep(tmp_path / "kept", b"hello")
        assert list((tmp_path / "kept").iterdir()) == []

    @pytest.mark.parametrize("digest", [None, "", "../../etc/passwd", "A" * 64])
    def test_only_a_digest_is_a_name(self, tmp_path: Path, digest: str | None) -> None:
        """No attachment writes anywhere else, whatever it calls itself."""
        attachment = Attachment(name="a", digest=digest or None)
        with pytest.raises(ValueError, match="SHA-256"):
            AttachmentFolder(tmp_path)(attachment, b"x")
