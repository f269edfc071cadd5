"""Keeping the bytes of attachments in a folder: each once, under its digest, and never half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from recovery.core.vocabulary.receiving import Attachment

__all__ = ["AttachmentFolder"]


class AttachmentFolder:
    """A folder for the bytes of attachments, to be given to ``from_email`` as ``keep``: a file for each, named by its SHA-256.

    The folder is made when the first one is kept. A file is written beside its place, brought to the disk and then moved there, so
    what stands under a digest is whole, also after a crash; what is there already is not written again.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def __call__(self, attachment: Attachment, data: bytes) -> None:
        """Keep ``data``. Raises ``OSError`` where the folder cannot be written to."""
        place = self.path_of(attachment)
        if place.exists():
            return
        self.path.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=self.path, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(place)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise

    def path_of(self, attachment: Attachment) -> Path:
        """Return where the bytes of ``attachment`` are. Raises ``ValueError`` where its digest is not a SHA-256."""
        digest = attachment.digest or ""
        if len(digest) != 64 or any(sign not in "0123456789abcdef" for sign in digest):
            raise ValueError(f"{digest!r} is not the SHA-256 of an attachment")
        return self.path / digest
