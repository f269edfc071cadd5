"""Whether a machine wrote a mail, as its headers say. Each sign is named, so that anybody can be told why.

What decides is what programs put there on purpose. ``X-Auto-Response-Suppress`` is no proof: Outlook and mail gateways put it
into mails of people too. ``List-Unsubscribe`` alone is none either: sales and support tools add it to what a person writes;
together with another trace of a bulk sender it is one. A mail through a list of ours, or one that answers a mail of ours, is a
person's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from recovery.intake import phrases
from recovery.intake.addresses import is_ours, is_unattended, mailboxes, senders
from recovery.intake.mime import Part
from recovery.ports.message_id import outbox_id_of

__all__ = ["is_from_ours", "signs"]

_MACHINE = re.compile(
    r"(mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|postmaster|auto[-_.]?(?:reply|responder|response|mailer|confirm)|bounces?|"
    r"microsoftexchange[0-9a-f]{20,}|vacation|listserv|majordomo|(?:.+-)?bounces?(?:[-+].*[\d=].*)?)",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"mail(?:er)?[- ]?(?:daemon|delivery (?:sub)?system)", re.IGNORECASE)
_REPLY_HEADER = re.compile(r"x-(?:[a-z0-9]+-)?auto-?(?:repl(?:y|ied)|respon(?:d|der|se)|generated)(?!-suppress)\b.*")
_REPLIES = (
    "x-vacation",
    "x-ricevuta",
    "x-servicenow-generated",
    "x-fc-machinegenerated",
    "x-cron-env",
    "x-jira-fingerprint",
    "x-github-reason",
    "x-ms-exchange-message-is-ndr",
    "x-failed-recipients",
)
_BULK = (
    "list-unsubscribe-post",
    "feedback-id",
    "x-csa-complaints",
    "x-campaign",
    "x-campaignid",
    "x-campaign-id",
    "x-mc-user",
    "x-mailin-campaign",
    "x-mailer-recptid",
    "x-mailchimp-campaign-id",
    "x-newsletter",
    "x-job",
    "x-list-member",
    "x-emarsys-identify",
    "x-sfmc-stack",
    "x-250ok-cid",
    "x-cm-campaignid",
    "x-rpcampaign",
    "x-msfbl",
)
_LISTS = (
    "list-post",
    "list-subscribe",
    "list-unsubscribe",
    "mailing-list",
    "x-mailing-list",
    "x-been-there",
    "x-beenthere",
    "x-google-group-id",
    "x-mailman-version",
)
"""What the programs that run mailing lists write, and gateways do not."""
_TYPED_IN = re.compile(
    r"microsoft (?:office )?outlook|microsoft-macoutlook|outlook express|windows live mail|apple mail|ip(?:hone|ad) mail|"
    r"thunderbird|\bmutt\b|neomutt|k-9|evolution|kmail|claws|the bat|em client|foxmail|becky|roundcube|squirrelmail|airmail|"
    r"ymail|gnus|opera mail|mailbird|postbox",
    re.IGNORECASE,
)
_NO = re.compile(r"(no|none|false|0)\b.*", re.IGNORECASE)

_REPLY_SUBJECT = re.compile(
    rf"[\[【]?(?:{phrases.AUTOMATIC_REPLY})\s*[:：\]】].*|\[?(?:{phrases.AWAY})"
    r"\s*(?:[:：(\[\]-].*|auto(?:matic)?[- ]?(?:reply|response).*|bis .*|until .*|jusqu.*|vom .*|)",
    re.IGNORECASE,
)
_NOTES_SUBJECT = re.compile(r"auto: ", re.IGNORECASE)
_SAYS_SO = re.compile(rf"(?:{phrases.SAYS_SO})", re.IGNORECASE)
_UNDELIVERED = re.compile(rf"(?:{phrases.UNDELIVERED})", re.IGNORECASE)
_DELIVERY_WORDS = re.compile(phrases.DELIVERY_WORDS, re.IGNORECASE)
_MACHINE_SPEAKS = re.compile(rf"\s*(?:{phrases.MACHINES})", re.IGNORECASE)


def signs(mail: Part, text: str, ours: Collection[str] = ()) -> tuple[str, ...]:
    """Return what says that a machine wrote ``mail``; nothing where a person did."""
    lists = () if _is_persons_list(mail, ours) else (*_of_lists(mail), *_of_precedence(mail, "list"))
    bulk = "auto[-_ ]?reply" if _is_typed(mail) else "bulk|junk|auto[-_ ]?reply"
    found = (
        *_of_headers(mail),
        *_of_precedence(mail, bulk),
        *_of_sender(mail, ours),
        *lists,
        *_of_subject(mail, text),
    )
    return tuple(dict.fromkeys(found))


def _of_headers(mail: Part) -> Iterator[str]:
    headers = mail.headers
    for value in headers.every("auto-submitted"):
        if value and not _NO.fullmatch(value):
            yield f"Auto-Submitted: {value.partition(';')[0].strip()[:40]}"
    for name in dict.fromkeys(name for name, _ in headers.pairs):
        if (name in _REPLIES or _REPLY_HEADER.fullmatch(name)) and not _NO.fullmatch(headers.first(name)):
            yield name
    if mail.kind == "multipart/report" or mail.kind.startswith("message/delivery-status"):
        yield "multipart/report"
    if any(value.replace(" ", "") in ("<>", "<MAILER-DAEMON>") for value in headers.every("return-path")):
        yield "Return-Path: <>"
    if "autoresponder" in headers.first("delivered-to", "x-post-messageclass").lower():
        yield "Autoresponder"


def _of_precedence(mail: Part, wanted: str) -> Iterator[str]:
    told = mail.headers.first("precedence", "x-precedence").strip().lower()
    if found := re.match(wanted, told):
        yield f"Precedence: {found.group()}"


def _of_sender(mail: Part, ours: Collection[str]) -> Iterator[str]:
    headers = mail.headers
    author = mailboxes(headers.first("from"), headers.hint)
    if mail.envelope.lower().startswith(("from mailer-daemon", "from <>")):
        yield "envelope of mailer-daemon"
    for box in () if _is_typed(mail) else author:
        if _MACHINE.fullmatch(box.address.partition("@")[0]):
            yield f"From: {box.address.partition('@')[0].lower()}"
        elif _DAEMON.match(box.name):
            yield f"From: {box.name.lower()}"
    answerable = senders(headers, ours)
    if answerable and all(not box.address or is_unattended(box.address) for box in answerable) and author and author[0].address:
        yield "From: no-reply"
    if is_from_ours(mail, ours):
        yield "our own mail"


def is_from_ours(mail: Part, ours: Collection[str]) -> bool:
    """Whether a mail is one of ours that came back, or comes from an address of ours with nobody else to answer."""
    headers = mail.headers
    if any(outbox_id_of(value) is not None for value in headers.every("message-id")):
        return True
    found = senders(headers, ours)
    return bool(found) and all(is_ours(box.address, ours) for box in found)


def _of_lists(mail: Part) -> Iterator[str]:
    headers = mail.headers
    for name in (
        "list-id",
        "mailing-list",
        "x-mailing-list",
        "x-been-there",
        "x-beenthere",
        "x-google-group-id",
        "list-post",
        "x-mailman-version",
    ):
        if headers.first(name):
            yield name
    if "list-unsubscribe" in headers and any(name in headers for name in _BULK) and not headers.first("in-reply-to", "references"):
        yield "List-Unsubscribe of a bulk sender"


def _is_persons_list(mail: Part, ours: Collection[str]) -> bool:
    """Whether a mail came through a list of ours, or answers a mail of ours: then its list headers say nothing of its writer."""
    headers = mail.headers
    threads = f"{headers.first('in-reply-to')} {headers.first('references')}".split()
    if any(outbox_id_of(thread) is not None for thread in threads):
        return True
    if not any(name in headers for name in _LISTS) and (_is_typed(mail) or _is_to_ours(mail, ours)):
        return True
    told = " ".join(headers.first(name) for name in ("list-post", "list-id", "mailing-list", "x-beenthere")).lower()
    forms = (form for own in ours if "@" in own[1:] for form in (own.lower(), own.lower().replace("@", ".")))
    return any(form in told for form in forms)


def _is_to_ours(mail: Part, ours: Collection[str]) -> bool:
    """Whether a mail is addressed to us, and not to a list."""
    headers = mail.headers
    return any(is_ours(box.address, ours) for name in ("to", "cc") for box in mailboxes(headers.first(name), headers.hint))


def _is_typed(mail: Part) -> bool:
    """Whether people write in the program that made a mail: a gateway behind it may have added headers of lists and bulk."""
    headers = mail.headers
    if any(name in headers for name in (*_LISTS, *_BULK)):
        return False
    return any(_TYPED_IN.search(headers.first(name)) for name in ("x-mailer", "user-agent", "x-mailer-version"))


def _of_subject(mail: Part, text: str) -> Iterator[str]:
    subject = mail.headers.words("subject")[:300]
    if _REPLY_SUBJECT.fullmatch(subject) or (_NOTES_SUBJECT.match(subject) and _SAYS_SO.search(text[:10_000])):
        yield "subject of an automatic reply"
    elif _UNDELIVERED.match(subject) and _DELIVERY_WORDS.search(text[:5000]):
        yield "subject of a bounce"
    elif _MACHINE_SPEAKS.match(text[:2000]):
        yield "words of a mail system"
