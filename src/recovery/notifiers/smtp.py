"""Sends e-mail over SMTP, with nothing but the standard library."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import Factory, field, frozen

from recovery.core.errors import BadDefinition, Undeliverable
from recovery.core.no_reply import is_no_reply
from recovery.core.values import instant
from recovery.core.vocabulary.common import Address, Channel
from recovery.notifiers.mail import Mailbox, mail_of, mailbox
from recovery.notifiers.mail_server import PORTS, Connections, Line, Security, Server, told
from recovery.notifiers.trouble import MailServerTrouble
from recovery.ports.values import OutboxMessage, Receipt

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from recovery.core.rule import Terms

__all__ = ["SMTPNotifier"]

log = logging.getLogger("recovery.notifiers")

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def _now() -> datetime:
    return datetime.now(UTC)


@frozen(kw_only=True, eq=False)
class SMTPNotifier:
    """Sends the messages on e-mail through a mail server: ``SMTPNotifier(host="mail.shop.example", sender="help@shop.example")``.

    ``sender`` is who the mails are from, as ``help@shop.example`` or ``Our Shop <help@shop.example>``; answers come to it, or to
    ``reply_to``, so neither may be a no-reply address; what bounces comes to ``sender`` too. ``security`` says how the way to the
    server is protected (STARTTLS unless said otherwise), ``ssl_context`` which certificates are believed (those the system
    believes), ``user`` and ``password`` log in. ``port`` follows from ``security``. ``colleagues`` holds addresses of people on our
    side by their ids, for those who have none in the policy. ``domain`` goes into the Message-ID, and is the sender's.

    The server has ``timeout`` for each answer and ``limit`` for a whole mail; both lie well below the lease of a desk (five
    minutes). A connection is kept for ``idle`` and used again; :meth:`close` lets go of it, and so does leaving a ``with`` block.
    It may be used from several threads at once; each takes a connection of its own. ``now`` dates the receipts.

    Raises :class:`BadDefinition`, with every fault, where it could not work.
    """

    host: str
    sender: str
    reply_to: str | None = None
    security: Security = Security.STARTTLS
    port: int = Factory(lambda self: PORTS.get(self.security, 0), takes_self=True)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    ssl_context: ssl.SSLContext | None = field(default=None, repr=False)
    colleagues: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    domain: str = Factory(lambda self: _domain(self.sender), takes_self=True)
    timeout: timedelta = timedelta(seconds=30)
    limit: timedelta = timedelta(minutes=2)
    idle: timedelta = timedelta(seconds=30)
    now: Callable[[], datetime] = field(default=_now, repr=False)
    _from: Mailbox = field(init=False, repr=False)
    _back: Mailbox | None = field(init=False, repr=False)
    _lines: Connections = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadDefinition("the SMTP notifier", faults)
        server = Server(
            host=self.host,
            port=self.port,
            security=self.security,
            name=self.domain,
            user=self.user,
            password=self.password,
            context=self.ssl_context,
            timeout=self.timeout.total_seconds(),
            limit=self.limit.total_seconds(),
        )
        lines = Connections(server, idle=self.idle.total_seconds())
        object.__setattr__(self, "_from", mailbox(self.sender))
        object.__setattr__(self, "_back", None if self.reply_to is None else mailbox(self.reply_to))
        object.__setattr__(self, "_lines", lines)
        weakref.finalize(self, lines.close, politely=False)

    @property
    def channels(self) -> frozenset[Channel]:
        """E-mail, and nothing else."""
        return frozenset({Channel.EMAIL})

    def send(self, message: OutboxMessage) -> Receipt:
        """Hand the message to the mail server; the receipt holds its answer.

        Raises :class:`Undeliverable` where there is no address, or the server says no for good; :class:`MailServerTrouble` where
        it can be tried again, with the setting to look at.
        """
        to = self._to(message)
        mail = mail_of(message, sender=self._from, to=to, reply_to=self._back, domain=self.domain)
        try:
            with told(self._lines.server):
                answer = self._post(self._lines.take(), to, mail)
        except MailServerTrouble as trouble:
            where = {"case_id": message.case_id, "message_id": message.id, "setting": trouble.setting, "code": trouble.code}
            log.warning("%s: %s", type(trouble).__name__, trouble, extra=where)
            raise
        return Receipt(at=instant(self.now()), provider_id=answer or None)

    def unreachable(self, terms: Terms) -> tuple[str, ...]:
        """Return the people of a policy (``policy.terms``) who have no e-mail address, neither there nor in ``colleagues``.

        What is written to them is given up and becomes a step on the agenda; ask at the start, and nobody is surprised.
        """
        reached = {person.id for person in terms.people if any(map(_is_mail, person.addresses))} | set(self.colleagues)
        named = [name for person in terms.people for name in (person.id, person.supervisor)]
        return tuple(name for name in dict.fromkeys([terms.fallback_owner, *named]) if name and name not in reached)

    def close(self) -> None:
        """Close the connections that are kept. It can be used again: the next message opens a new one."""
        self._lines.close()

    def __enter__(self) -> SMTPNotifier:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _post(self, line: Line, to: Mailbox, mail: bytes) -> str:
        options = ""
        if not (to.address.isascii() and self._from.address.isascii()):
            if not line.offers("smtputf8"):
                self._lines.give_back(line)
                raise Undeliverable("the mail server cannot send to addresses with letters outside ASCII before the @")
            options, line.smtp.command_encoding = " SMTPUTF8 BODY=8BITMIME", "utf-8"
        try:
            answer = line.post(self._from.address, to.address, mail, options)
        except (Undeliverable, MailServerTrouble):  # what the server answered: it is still there
            self._lines.give_back(line)
            raise
        except BaseException:
            line.close(politely=False)
            raise
        self._lines.give_back(line)
        return answer

    def _to(self, message: OutboxMessage) -> Mailbox:
        if message.channel is not Channel.EMAIL:
            raise Undeliverable(f"this sends e-mail, and the message goes by {message.channel.value}")
        known = message.to.value if message.to is not None else self.colleagues.get(message.person or "")
        if known is None:
            way_out = "Give addresses to the person in the policy, or colleagues to the notifier."
            raise Undeliverable(f"no e-mail address is known of {message.person or 'the customer'}. {way_out}")
        found = mailbox(known, message.name)
        if found is None:
            raise Undeliverable("what is on file is no e-mail address that mail can be sent to")
        return found

    def _faults(self) -> Iterator[str]:
        if not self.host.strip():
            yield "host is empty. Give the name of the mail server."
        if not 0 < self.port < 65536:
            yield f"port is {self.port}, and ports are 1 to 65535."
        for name, given in (("sender", self.sender), ("reply_to", self.reply_to)):
            if given is not None:
                yield from _sender_faults(name, given)
        for person, address in self.colleagues.items():
            if mailbox(address) is None:
                yield f"colleagues: the address of {person} is no e-mail address."
        if mailbox(f"x@{self.domain}") is None and mailbox(self.sender) is not None:
            yield f"domain {self.domain!r} is no domain."
        yield from self._login_faults()
        for name, length in (("timeout", self.timeout), ("limit", self.limit)):
            if length <= timedelta():
                yield f"{name} is {length}. Give a length of time above nothing."

    def _login_faults(self) -> Iterator[str]:
        if (self.user is None) is not (self.password is None):
            yield "user and password go together. Give both, or neither."
        if not f"{self.user}{self.password}".isascii():
            yield "user and password: smtplib can send none but ASCII letters. Use a password made for programs."
        if self.user is not None and self.security is Security.PLAIN and self.host not in _HERE:
            yield "security is PLAIN: the password would be there for everybody to read. Use STARTTLS or TLS."


def _is_mail(address: Address) -> bool:
    return address.channel is Channel.EMAIL and mailbox(address.value) is not None


def _sender_faults(name: str, given: str) -> Iterator[str]:
    box = mailbox(given)
    if box is None:
        yield f"{name} {given!r} is no e-mail address. Give help@shop.example or Our Shop <help@shop.example>."
    elif is_no_reply(box.local):
        yield f"{name} {box.address} is read by nobody, and every message has a way back (contact.way-back). Give one that is."


def _domain(sender: str) -> str:
    box = mailbox(sender)
    return "" if box is None else box.domain
