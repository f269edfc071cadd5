"""One connection to a mail server, and the connections that are kept for the next message.

A connection is asked whether it still stands before it is used again, and never changed in the middle of a message. So no message
goes out twice because a connection was lost; only where the server is cut off after the whole mail has been handed over, and before
its answer, nobody can know, and the outbox sends it again under the same Message-ID.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from recovery.core.errors import Undeliverable
from recovery.notifiers.trouble import InsecureConnection, LoginRefused, MailServerTrouble, MailServerUnavailable

if TYPE_CHECKING:
    import smtplib
    import ssl

__all__ = ["PORTS", "Connections", "Line", "Security", "Server", "told"]


class Security(Enum):
    """How the way to the mail server is protected: not at all, by STARTTLS (port 587), or by TLS from the first byte (465)."""

    PLAIN = "plain"
    STARTTLS = "starttls"
    TLS = "tls"


PORTS = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}

_WANTS_LOGIN = frozenset({530, 534, 535, 538})
"""Answers by which a server says that the login is at fault, not the mail (RFC 4954)."""
_CLOSING = 421
_QUIT = 2.0
"""The seconds a server is given to say good-bye."""


@frozen(kw_only=True)
class Server:
    """Where the mail server is and how it is spoken to; ``timeout`` is in seconds for each answer, ``limit`` for a whole mail."""

    host: str
    port: int
    security: Security
    name: str
    user: str | None
    password: str | None = field(repr=False)
    context: ssl.SSLContext | None = field(repr=False)
    timeout: float
    limit: float


@define(eq=False)
class Line:
    """One connection. It belongs to the process that opened it, and to one message at a time."""

    smtp: smtplib.SMTP
    server: Server
    process: int = field(factory=os.getpid)
    used_at: float = field(factory=time.monotonic)
    deadline: float = 0.0

    def stands(self) -> bool:
        """Whether the server still listens; whatever was begun on the connection is forgotten."""
        try:
            self.deadline = time.monotonic() + self.server.timeout
            return self._ask("RSET")[0] == 250
        except (OSError, MailServerTrouble):
            return False

    def post(self, sender: str, to: str, mail: bytes, options: str) -> str:
        """Hand a mail over and return the server's answer.

        Raises :class:`Undeliverable` where the server says no for good, and :class:`MailServerTrouble` where it may be tried again.
        """
        self.deadline = time.monotonic() + self.server.limit
        self._expect("the sender", 250, *self._ask("MAIL", f"FROM:<{sender}>{options}"))
        self._expect("the recipient", 250, *self._ask("RCPT", f"TO:<{to}>"))
        self._expect("the mail", 354, *self._ask("DATA"))
        # The answer to the whole mail may take its time: a server that is hurried has taken it, and we would send it again.
        self._wait(self._left())
        self.smtp.send(re.sub(rb"(?m)^\.", b"..", mail).removesuffix(b"\r\n") + b"\r\n.\r\n")
        self._wait(self._left())
        answer = self._expect("the mail", 250, *self._answered())
        self.used_at = time.monotonic()
        return answer

    def offers(self, extension: str) -> bool:
        """Whether the server said that it knows an extension."""
        return self.smtp.has_extn(extension)

    def close(self, *, politely: bool = True) -> None:
        """Break the connection off, after a good-bye if it may be said; another process's connection is let go of in silence."""
        with suppress(OSError):
            if politely and self.process == os.getpid():
                self._wait(_QUIT)
                self.smtp.quit()
        self.smtp.close()

    def _ask(self, verb: str, rest: str = "") -> tuple[int, str]:
        self._wait(min(self.server.timeout, self._left()))
        self.smtp.putcmd(verb, rest)
        return self._answered()

    def _answered(self) -> tuple[int, str]:
        code, answer = self.smtp.getreply()
        if code == _CLOSING:
            self.close(politely=False)
        return code, " ".join(answer.decode("utf-8", "replace").split())[:200]

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _wait(self, seconds: float) -> None:
        if self.smtp.sock is not None:
            self.smtp.sock.settimeout(seconds)

    def _expect(self, what: str, wanted: int, code: int, answer: str) -> str:
        if code == wanted or (wanted, code) == (250, 251):
            return answer
        if code in _WANTS_LOGIN:
            raise LoginRefused(f"The mail server wants a login ({code}).", "Set user and password.", setting="user", code=code)
        if 500 <= code < 600:
            raise Undeliverable(f"the mail server refuses {what}: {code} {answer}")
        raise MailServerUnavailable(f"The mail server does not take {what} now ({code}).", "It is tried again.", code=code)


@contextmanager
def told(server: Server) -> Generator[None, None, None]:
    """Say in our words what went wrong with the connection."""
    import smtplib  # noqa: PLC0415  (loaded by those who send mail)
    import ssl  # noqa: PLC0415

    where = f"{server.host}:{server.port}"
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        why, way_out = f"The mail server {where} refuses the login ({error.smtp_code}).", "Check user and password."
        raise LoginRefused(why, way_out, setting="user", code=error.smtp_code) from None
    except ssl.SSLCertVerificationError as error:
        why = f"The mail server {where} does not prove that it is {server.host} ({error.verify_message})."
        way_out = "Check host; give ssl_context where its certificate is one of your own."
        raise InsecureConnection(why, way_out, setting="ssl_context") from None
    except ssl.SSLError as error:
        why, way_out = f"No encrypted connection with {where} comes about ({error.reason}).", "Check security and port."
        raise InsecureConnection(why, way_out, setting="security") from None
    except smtplib.SMTPResponseException as error:
        why, way_out = f"The mail server {where} does not let us in ({error.smtp_code}).", "Check host, port and security."
        raise MailServerUnavailable(why, way_out, setting="host", code=error.smtp_code) from None
    except OSError as error:
        # The class at the root of smtplib's errors stands for itself alone where a login finds no way that both sides know.
        if isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException:
            why, way_out = f"The mail server {where} offers no login that can be used here.", "Check user, security and port."
            raise LoginRefused(why, way_out, setting="security") from None
        late = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
        how = "does not answer in time" if late else f"cannot be reached, or breaks off ({type(error).__name__})"
        way_out = "Check host, port and security, if it stays so."
        raise MailServerUnavailable(f"The mail server {where} {how}.", way_out, setting="host") from None


def _opened(server: Server) -> Line:
    import smtplib  # noqa: PLC0415
    import ssl  # noqa: PLC0415

    with told(server):
        context, where = server.context or ssl.create_default_context(), (server.host, server.port, server.name)
        if server.security is Security.TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=server.timeout, context=context)
        else:
            smtp = smtplib.SMTP(*where, timeout=server.timeout)
        try:
            _enter(smtp, server, context)
        except BaseException:
            smtp.close()
            raise
        return Line(smtp, server)


def _enter(smtp: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    smtp.ehlo_or_helo_if_needed()
    if server.security is Security.STARTTLS:
        if not smtp.has_extn("starttls"):
            why = f"The mail server {server.host}:{server.port} offers no STARTTLS."
            raise InsecureConnection(why, "Check port and security.", setting="security")
        smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
    if server.user is not None:
        smtp.login(server.user, server.password or "")


@define(eq=False)
class Connections:
    """The connections that are open and not in use. Threads take one each, so that they do not wait for each other.

    ``idle`` is how many seconds a connection is kept. After a refused login nobody is asked again for ``pause`` seconds: a server
    that is asked over and over with a wrong password locks its user out.
    """

    server: Server
    idle: float
    pause: float = 60.0
    _kept: list[Line] = field(factory=list[Line])
    _lock: threading.Lock = field(factory=threading.Lock)
    _refused: tuple[float, LoginRefused] | None = None

    def take(self) -> Line:
        """Return a connection that stands: one that was kept, or a new one."""
        while (line := self._spare()) is not None:
            if line.stands():
                return line
            line.close(politely=False)
        return self._fresh()

    def give_back(self, line: Line) -> None:
        """Keep a connection for the next message, unless the server has closed it."""
        if line.smtp.sock is None:
            return
        with self._lock:
            self._kept.append(line)

    def close(self, *, politely: bool = True) -> None:
        """Close what is kept. The next message opens a new connection."""
        with self._lock:
            kept, self._kept[:] = list(self._kept), []
        for line in kept:
            line.close(politely=politely)

    def _spare(self) -> Line | None:
        """Return a connection that may still stand, and let go of those that are too old or another process's."""
        now, here = time.monotonic(), os.getpid()
        with self._lock:
            fresh = [line for line in self._kept if line.process == here and now - line.used_at <= self.idle]
            stale = [line for line in self._kept if line not in fresh]
            found = fresh.pop() if fresh else None
            self._kept[:] = fresh
        for line in stale:
            line.close()
        return found

    def _fresh(self) -> Line:
        refused = self._refused
        if refused is not None and time.monotonic() < refused[0]:
            raise refused[1]
        try:
            return _opened(self.server)
        except LoginRefused as error:
            self._refused = (time.monotonic() + self.pause, error)
            raise
