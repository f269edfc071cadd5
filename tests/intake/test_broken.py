"""Mails that are broken, enormous or made to hurt: always a contact, never a crash, and never without end."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.seen import NAMES, OURS, raw
from recovery import Attachment, Contact, Desk, MemoryStore, policies
from recovery.intake import from_email
from recovery.intake.charsets import text_of
from recovery.intake.mail import LONGEST_TEXT, read_mail

NOW = pendulum.datetime(2026, 3, 4, 12, 0, tz="UTC")
HEAD = b"From: a@b.example\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
PATIENCE = 20.0
"""Seconds: a hundred times what the slowest of these takes, so that only what is not linear fails."""


def holds(mail: bytes) -> Contact:
    """Return the contact a mail becomes, all that is promised of it checked."""
    kept: list[tuple[Attachment, bytes]] = []
    contact = from_email(mail, keep=lambda *each: kept.append(each), now=NOW, ours=OURS)
    assert read_mail(mail, NOW, None, OURS) == (contact, kept)  # what is read, and not the net below it
    assert contact.received_at <= NOW
    assert contact.received_at.utcoffset() is not None
    assert contact.message_id
    assert len(contact.text) <= LONGEST_TEXT + 600_000  # the text, and what does not fit into the subject
    assert [attachment for attachment, _ in kept] == list(contact.attachments)
    assert all(attachment.size == len(data) for attachment, data in kept)
    "".join((contact.text, contact.subject, contact.quoted, contact.signature, contact.sender.name or "")).encode("utf-8")
    return contact


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return a mail of the corpus with bytes taken out, put in, doubled, changed, or cut off."""
    mail = draw(st.sampled_from(NAMES).map(raw))
    for _ in range(draw(st.integers(1, 6))):
        begin, end = sorted(draw(st.tuples(st.integers(0, len(mail)), st.integers(0, len(mail)))))
        end = min(end, begin + 80)
        what = draw(st.sampled_from(("take", "put", "double", "change", "cut", "move")))
        piece = draw(
            st.sampled_from(
                (b"\0", b"\n", b"\r", b"\n\n", b"--", b"=?", b"?=", b"\xff\xfe", b"<", b'"', b";", b":", b"@", b"\x1b$B")
            )
        )
        mail = {
            "take": mail[:begin] + mail[end:],
            "put": mail[:begin] + piece + mail[begin:],
            "double": mail[:end] + mail[begin:end] + mail[end:],
            "change": mail[:begin] + piece * (end - begin) + mail[end:],
            "cut": mail[:begin],
            "move": mail[begin:] + mail[:begin],
        }[what]
    return mail


@given(mutated())
def test_a_damaged_mail_is_a_contact(mail: bytes) -> None:
    """Whatever happens to a mail on its way, it becomes a contact, and the same one each time."""
    holds(mail)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_contact(mail: bytes) -> None:
    """Also those that never were a mail."""
    holds(mail)


@given(
    st.lists(
        st.sampled_from(
            (
                b"From",
                b"Content-Type",
                b"Subject",
                b": ",
                b"multipart/mixed; boundary=a",
                b"\n",
                b"\n\n",
                b"--a",
                b"--a--",
                b"=?utf-8?B?",
                b"w7w=",
                b"?=",
                b"<",
                b">",
                b"@b.example",
                b"x",
                b"Content-Transfer-Encoding: base64",
                b"charset=utf-7",
            )
        ),
        max_size=25,
    )
)
def test_any_pieces_of_mails_are_a_contact(pieces: list[bytes]) -> None:
    """And those that are made of nothing but what mails are made of."""
    holds(b"".join(pieces))


@given(st.lists(mutated(), max_size=3))
def test_the_desk_takes_damaged_mails_and_forgets_none(mails: list[bytes]) -> None:
    """Whatever comes in has an owner and a dated step afterwards, and what comes again is not taken again."""
    policy = policies.default(fallback_owner="ana", calendar=policies.office_hours("UTC"))
    desk = Desk(store=MemoryStore(), policy=policy, now=lambda: NOW)
    for mail in mails:
        desk.receive(holds(mail))
        assert desk.receive(holds(mail)).repeated
    assert not desk.doctor()


def nested(levels: int) -> bytes:
    """Return a mail with parts in parts."""
    inner = b"\nthe words\n"
    for level in range(levels):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (level, level, inner, level)
    return HEAD + inner


LARGE: Mapping[str, bytes] = {
    "parts in parts": nested(3000),
    "mails in mails": b"From: a@b.example\nContent-Type: message/rfc822\n\n" * 3000 + b"From: x@y.example\n\nhi",
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 50_000,
    "many headers": HEAD + b"X: y\n" * 100_000 + b"\nhi",
    "a long header": HEAD + b"Subject: a\n" + b" b\n" * 100_000 + b"\nhi",
    "one long line": HEAD + b"\n" + b"a" * 2_000_000,
    "many words": HEAD + b"\n" + b"word " * 500_000,
    "comments that never end": HTML + b"<!--" * 200_000,
    "tags that never end": HTML + b"<a " * 200_000,
    "tags that end late": HTML + b"<a " * 200_000 + b">",
    "quotes that never end": HTML + b"<a b='" * 100_000 + b">",
    "end tags": HTML + b"</" * 300_000 + b">",
    "angles": HTML + b"<" * 500_000 + b">",
    "entities": HTML + b"&#1" * 200_000,
    "deep markup": HTML + b"<div>" * 100_000,
    "deep quotation": HTML + b"<blockquote>a" * 50_000,
    "styles": HTML + b"<style>" * 100_000,
    "links": HTML + b"<a href=http://x/>y" * 40_000,
    "encoded words": HEAD + b"Subject: " + b"=?utf-8?Q?" * 50_000 + b"\n\nhi",
    "quotes in the sender": b"From: " + b'"(<' * 50_000 + b"\n\nhi",
    "many senders": b"From: " + b"a@b.example," * 50_000 + b"\n\nhi",
    "many references": HEAD + b"References: " + b"<a@b> a@" * 50_000 + b"\n\nhi",
    "many parameters": HEAD + b"Content-Type: text/plain;" + b' a="' * 50_000 + b"\n\nhi",
    "attributions": HEAD + b"\n" + b"On 1 wrote:\n" * 20_000,
    "half attributions": HEAD + b"\n" + b"On 2026-01-01 a:\n" * 10_000,
    "header blocks": HEAD + b"\n" + b"From: a\n" * 15_000,
    "turns": HEAD + b"\n" + b"> a\nb\n" * 20_000,
    "signatures": HEAD + b"\n" + b"-- \nx\n" * 20_000,
    "rules": HEAD + b"\n" + b"____________\n\n" * 8_000,
    "empty lines": HEAD + b"\n" + b"\n" * 200_000 + b"x",
    "a notice": b"From: mailer-daemon@x.example\nSubject: failure notice\n\n" + b"a@" * 50_000 + b"<a.b\n" * 20_000,
    "a notice of hyphens": b"From: mailer-daemon@x.example\nSubject: failure notice\n\n" + b"-" * 90_000 + b"\n" * 90_000,
    "many failures": HEAD
    + b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
    + b"Action: failed\n\n" * 50_000,
    "base64 of one sign": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"a=" * 500_000,
    "short base64 lines": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"ab\n" * 300_000,
    "nothing but NUL": b"\0" * 1_000_000,
    "nothing but CR": HEAD.replace(b"\n", b"\r") + b"\rhi\r" * 10_000,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 100_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_made_to_hurt_is_read_in_time(name: str) -> None:
    """No pattern, no nesting and no length makes the time grow faster than the mail."""
    began = time.monotonic()
    holds(LARGE[name])
    assert time.monotonic() - began < PATIENCE


def test_an_attachment_of_fifty_megabytes_is_kept_whole() -> None:
    """Its bytes come out as they went in, and the words beside it are read."""
    data = bytes(range(256)) * 4096 * 50
    part = b"--x\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
    kept: list[bytes] = []
    mail = HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n" + part + b"\n--x--\n"
    contact = from_email(mail, keep=lambda _, found: kept.append(found))
    assert contact.text == "hi"
    assert kept == [data]


def test_below_all_there_is_a_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where reading fails after all, by a fault of ours, the mail is kept byte for byte, and it is the same one each time."""
    monkeypatch.setattr("recovery.intake.mail.take_apart", lambda _: 1 / 0)
    kept: list[bytes] = []
    contact = from_email(HEAD, keep=lambda _, data: kept.append(data), now=NOW)
    assert kept == [HEAD]
    assert (contact.received_at, contact.sender.addresses, contact.key) == (NOW, (), from_email(HEAD, now=NOW).key)


def test_what_lies_too_deep_is_kept_whole() -> None:
    """Parts that are not opened any more are an attachment: their words are in it."""
    kept: list[bytes] = []
    from_email(nested(200), keep=lambda _, data: kept.append(data))
    assert b"the words" in kept[0]


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode("latin-1"), "utf-8", "Grüße"),
        ("Grüße".encode("latin-1"), None, "Grüße"),
        ("“Ja”".encode("cp1252"), "iso-8859-1", "“Ja”"),
        ("Grüße".encode(), "x-never-heard-of", "Grüße"),
        ("Grüße".encode(), "base64", "Grüße"),
        ("Grüße".encode(), "idna", "Grüße"),
        ("日本語".encode("iso-2022-jp"), None, "日本語"),
        ("日本語です".encode("cp932"), "x-sjis", "日本語です"),
        ("これは日本語です".encode("euc_jp"), None, "これは日本語です"),
        ("简体中文".encode("gbk"), "gb2312", "简体中文"),
        ("繁體中文".encode("big5"), "Big5", "繁體中文"),
        ("Привет, как дела?".encode("koi8-r"), None, "Привет, как дела?"),
        ("Привет, как дела?".encode("cp1251"), "windows-1251", "Привет, как дела?"),
        ("Привет".encode("cp1251"), "cp-1251", "Привет"),
        (b"\xef\xbb\xbfhi", None, "hi"),
        (b"a\xff", "utf-8", "aÿ"),
        ("ü".encode("utf-16"), "utf-16", "ü"),
        ("ü".encode("utf-7"), "unicode-1-1-utf-7", "ü"),
        (b"+2AA-", "utf-7", "+2AA-"),
        (b"", "utf-8", ""),
    ],
)
def test_whatever_it_is_called_it_is_read(data: bytes, charset: str | None, text: str) -> None:
    """Charsets that are unknown, missing or a lie: what people wrote is read."""
    assert text_of(data, charset) == text
