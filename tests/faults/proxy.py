"""A wire between a client and PostgreSQL that is cut at the n-th thing the client says, before it arrives or after it was done."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import define, field
from psycopg.conninfo import conninfo_to_dict, make_conninfo

__all__ = ["Wire", "wire_to"]

_PATIENCE = 10.0


@define
class Wire:
    """Passes on what is said, until it is cut. ``after`` is how many more things the client may say; ``None``: all it likes.

    With ``answered`` the server gets the one it is cut at, and does it: only its answer never arrives. Otherwise it never hears
    of it. After the cut new connections work.
    """

    conninfo: str
    answered: bool
    after: int | None = None
    lock: threading.Lock = field(factory=threading.Lock)

    def cuts(self) -> bool:
        """Whether to cut now."""
        with self.lock:
            if self.after is None:
                return False
            self.after -= 1
            if self.after >= 0:
                return False
            self.after = None
            return True

    def carry(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what the client says, and the answers; after a cut nothing more reaches the client."""
        deaf = threading.Event()
        back = threading.Thread(target=_passed_on, args=(server, client, deaf), daemon=True)
        back.start()
        with suppress(OSError):
            while told := client.recv(1 << 20):
                if self.cuts():
                    deaf.set()
                    if self.answered:
                        server.sendall(told + _GOODBYE)
                        back.join(_PATIENCE)
                    break
                server.sendall(told)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        back.join(_PATIENCE)
        client.close()
        server.close()


_GOODBYE = b"X\x00\x00\x00\x04"
"""Terminate, in the protocol of PostgreSQL: the server takes it when everything said before is done, and hangs up."""


def _passed_on(source: socket.socket, target: socket.socket, deaf: threading.Event) -> None:
    with suppress(OSError):
        while told := source.recv(1 << 20):
            if not deaf.is_set():
                target.sendall(told)
    if not deaf.is_set():
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(conninfo: str, *, answered: bool) -> Iterator[Wire]:
    """Lend a wire to the server that ``conninfo`` reaches over TCP; its own ``conninfo`` goes through it."""
    told = conninfo_to_dict(conninfo)
    host, port = str(told["host"]), int(str(told["port"]))
    listening = socket.create_server(("127.0.0.1", 0))
    plain = {"sslmode": "disable", "gssencmode": "disable"}
    wire = Wire(make_conninfo(conninfo, host="127.0.0.1", port=listening.getsockname()[1], **plain), answered=answered)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.create_connection((host, port))
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=wire.carry, args=(client, server), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield wire
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join(_PATIENCE)
