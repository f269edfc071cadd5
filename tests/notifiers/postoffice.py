"""A real mail server on this machine that does what a test tells it to: take mail, refuse it, break off, or say nothing."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, AnyStr, cast

import pendulum
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from attrs import define, evolve, field

from recovery.core.vocabulary.common import Address, Channel
from recovery.notifiers import Security, SMTPNotifier
from recovery.ports.values import OutboxMessage

__all__ = ["HERE", "PASSWORD", "USER", "Office", "a_message", "believing", "greeting_port", "notifier", "office", "silent_port"]

HERE = Path(__file__).parent / "data"
USER, PASSWORD = "desk", "open sesame"
NOW = pendulum.datetime(2026, 3, 2, 9, 0)

MESSAGE = OutboxMessage(
    id="c1:5:email",
    case_id="c1",
    seq=5,
    channel=Channel.EMAIL,
    to=Address(channel=Channel.EMAIL, value="bo@boat.example"),
    name="Bo Lind",
    subject="News about your case",
    reference="K7M3-9QTG",
    body="I am on it.",
    created_at=NOW,
)


def a_message(**changes: Any) -> OutboxMessage:
    """Return a message for the outbox."""
    if "to" in changes and isinstance(changes["to"], str):
        changes["to"] = Address(channel=Channel.EMAIL, value=changes["to"])
    return evolve(MESSAGE, **changes)


@define
class Office:
    """What the server does, and what it was given. ``answers`` holds its answer to a verb, in place of its own.

    ``cut`` names where it breaks off: ``mid`` after it has asked for the mail, ``late`` after it has taken it, before its answer.
    ``mute`` names the verb it never answers.
    """

    port: int = 0
    mails: list[bytes] = field(factory=list[bytes])
    envelopes: list[tuple[str, list[str]]] = field(factory=list[tuple[str, list[str]]])
    verbs: list[str] = field(factory=list[str])
    logins: list[str] = field(factory=list[str])
    connections: int = 0
    answers: dict[str, str] = field(factory=dict[str, str])
    cut: str = ""
    mute: str = ""
    sessions: list[SMTP] = field(factory=list[SMTP])
    slow: float = 0.0

    def mail(self, number: int = -1) -> EmailMessage:
        """Return a mail that came in, as a reader of mail understands it."""
        return message_from_bytes(self.mails[number], policy=policy.default)

    def text(self, number: int = -1) -> str:
        """Return the words of a mail that came in, without regard to how their lines are ended."""
        return cast(str, self.mail(number).get_content()).replace("\r\n", "\n")

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Let the user in whom the tests know."""
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    def hang_up(self) -> None:
        """Break off every connection that is open, as a server does that is restarted."""
        for session in self.sessions:
            session.loop.call_soon_threadsafe(cast(asyncio.Transport, session.transport).abort)
        self.sessions.clear()

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Answer to the sender."""
        return await self._answer("MAIL", envelope, lambda: setattr(envelope, "mail_from", address))

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Answer to a recipient."""
        return await self._answer(f"RCPT {address}", envelope, lambda: envelope.rcpt_tos.append(address))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the whole mail."""
        answer = self.answers.get("END", "250 2.0.0 Ok: queued as 4711")
        if answer.startswith("250"):
            self.mails.append(cast(bytes, envelope.original_content))
            self.envelopes.append((str(envelope.mail_from), [str(one) for one in envelope.rcpt_tos]))
        await asyncio.sleep(self.slow)
        if self.cut == "late":
            cast(asyncio.Transport, server.transport).abort()
        return answer

    async def _answer(self, verb: str, envelope: Envelope, take: Any) -> str:
        if verb.startswith(self.mute or "-"):
            await asyncio.sleep(3600)
        answer = self.answers.get(verb) or self.answers.get(verb.split(maxsplit=1)[0])
        if answer is None:
            take()
        return answer or "250 OK"


class _Server(SMTP):
    """The protocol, told what to do by the office."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection; the second time, after STARTTLS, it is the same one."""
        office = cast(Office, self.event_handler)
        if self not in office.sessions:
            office.connections += 1
            office.sessions.append(self)
        super().connection_made(transport)

    async def push(self, status: AnyStr) -> None:
        """Answer, and perhaps break off."""
        await super().push(status)
        if cast(Office, self.event_handler).cut == "mid" and str(status).startswith("354"):
            cast(asyncio.Transport, self.transport).abort()

    async def smtp_RSET(self, arg: str | None) -> None:  # noqa: N802
        """Note it."""
        cast(Office, self.event_handler).verbs.append("RSET")
        await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str | None) -> None:  # noqa: N802
        """Note it."""
        cast(Office, self.event_handler).verbs.append("QUIT")
        await super().smtp_QUIT(arg)


@contextmanager
def office(
    security: Security = Security.PLAIN, *, login: bool = False, utf8: bool = False, port: int = 0, **told: Any
) -> Iterator[Office]:
    """Open a mail server on a free port, and close it afterwards."""
    desk = Office(**told)
    settings: dict[str, Any] = {"hostname": "localhost", "enable_SMTPUTF8": utf8}
    if security is Security.STARTTLS:
        settings |= {"tls_context": _certified(), "require_starttls": True}
    if login:
        settings |= {"authenticator": desk.login, "auth_required": True, "auth_require_tls": security is Security.STARTTLS}
    # What the server notes of its visitors is no business of the tests that listen to ours.
    logging.getLogger("mail.log").propagate = False
    loop = asyncio.new_event_loop()
    tls = _certified() if security is Security.TLS else None
    running = loop.create_server(lambda: _Server(desk, loop=loop, **settings), "127.0.0.1", port, ssl=tls)
    server = loop.run_until_complete(running)
    desk.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.01)


def _certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "server.pem", HERE / "server.key")
    return context


def believing() -> ssl.SSLContext:
    """Return a context that believes the certificate of the tests, and checks whose it is."""
    return ssl.create_default_context(cafile=str(HERE / "server.pem"))


def notifier(desk: Office, **settings: Any) -> SMTPNotifier:
    """Return a notifier that sends through the office."""
    known: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": desk.port,
        "security": Security.PLAIN,
        "sender": "Boat Shop <help@shop.example>",
        "now": lambda: NOW,
    }
    return SMTPNotifier(**known | settings)


@contextmanager
def greeting_port(greeting: bytes) -> Iterator[int]:
    """Yield a port where somebody picks up, says one thing, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            caller, _ = listening.accept()
            with caller:
                caller.sendall(greeting)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


@contextmanager
def silent_port() -> Iterator[int]:
    """Yield a port where somebody picks up and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
