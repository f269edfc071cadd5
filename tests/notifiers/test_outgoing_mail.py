"""A message as an e-mail: headers that nobody can add to, threads, and words that arrive as they were written."""

from __future__ import annotations

import re
import unicodedata
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from pendulum import DateTime

from golden.drawn import NASTY, instants
from notifiers.postoffice import a_message
from recovery.core.messages import Origin
from recovery.core.vocabulary.common import Channel
from recovery.notifiers.mail import mail_of, mailbox
from recovery.ports.message_id import message_id_of, outbox_id_of

ADDED = ("\r\nBcc: eve@x.example", "\nX: y", "=?utf-8?q?=0d=0aBcc:_eve@x?=", "\x0b", "\x85", '"', "\\", "<", ">")
SENDER, READER = mailbox("Boat Shop <help@shop.example>"), mailbox("bo@boat.example")
ALWAYS = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]

hostile = st.lists(
    st.one_of(
        st.sampled_from((*NASTY, *ADDED)),
        st.text(max_size=30),
    ),
    max_size=6,
).map("".join)


def written(*, name: str = "", **changes: Any) -> bytes:
    """Return a message as an e-mail."""
    assert SENDER is not None
    assert READER is not None
    reader = evolve(READER, name=name)
    return mail_of(a_message(**changes), sender=SENDER, to=reader, reply_to=None, domain="shop.example")


def understood(data: bytes) -> EmailMessage:
    """Return an e-mail as a reader of mail understands it."""
    return message_from_bytes(data, policy=policy.default)


def on_one_line(text: str) -> str:
    """Return a text as a header can hold it."""
    return " ".join("".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text).split())


@given(subject=hostile, name=hostile, reference=hostile, known=st.lists(hostile, max_size=3))
@example(subject="a\r\nBcc: eve@x", name='"\r\nBcc: eve@x', reference="\nBcc: eve@x", known=["a@b>\r\nBcc: <eve@x"])
@example(subject="=?utf-8?q?a=0d=0aBcc:_eve@x?=", name="=?utf-8?q?a=0d=0aBcc:_eve@x?=", reference="", known=["a@b", "c1:2:email"])
def test_nothing_from_outside_adds_a_header(subject: str, name: str, reference: str, known: list[str]) -> None:
    """Whatever a subject, a name, a reference or an id holds, the mail has the headers it should have, and no more."""
    data = written(subject=subject, name=name, reference=reference, replies_to=tuple(known))
    head = data.split(b"\r\n\r\n")[0]
    lines = re.sub(r"\r\n ", " ", head.decode("ascii")).split("\r\n")
    names = [line.split(":")[0] for line in lines]
    thread = ["In-Reply-To", "References"] if "References" in names else []
    assert names == [*ALWAYS[:5], *thread, *ALWAYS[5:]]
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert data.replace(b"\r\n", b"").count(b"\n") == data.replace(b"\r\n", b"").count(b"\r") == 0
    found = understood(data)
    assert [address.addr_spec for address in found["To"].addresses] == ["bo@boat.example"]
    assert found.get_content() == "I am on it.\r\n"


@given(subject=hostile.filter(lambda text: "=?" not in text), name=hostile.filter(lambda text: "=?" not in text))
def test_what_can_be_read_is_read_as_it_was_written(subject: str, name: str) -> None:
    """Every alphabet arrives; what ends lines arrives as a space."""
    found = understood(written(subject=subject, name=name[:50]))
    assert str(found["Subject"]).split() == f"{on_one_line(subject)} [K7M3-9QTG]".split()
    # The reader of the standard library puts a space between the pieces of a long name.
    assert "".join(found["To"].addresses[0].display_name.split()) == "".join(on_one_line(name[:50]).split())


@given(body=hostile)
@example(body="")
@example(body="ü" * 3000)
@example(body="你好" * 3000)
@example(body="x" * 3000)
@example(body="From me\n.\n--\n \n\t\n= =3D\n")
def test_a_text_arrives_as_it_was_written(body: str) -> None:
    """On lines that every server takes, and in ASCII; only what no mail may hold is marked as lost."""
    data = written(body=body)
    wanted = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "\ufffd", re.sub(r"\r\n|\r", "\n", body))
    assert understood(data).get_content().replace("\r\n", "\n") == (wanted if wanted.endswith("\n") else f"{wanted}\n")
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert data.isascii()
    assert b"\0" not in data


def test_a_reference_that_a_text_left_out_is_in_the_subject() -> None:
    """A reply that has lost its headers still finds its case."""
    assert understood(written(subject="Hello"))["Subject"] == "Hello [K7M3-9QTG]"
    assert understood(written(subject="Re: K7M3-9QTG"))["Subject"] == "Re: K7M3-9QTG"
    assert understood(written(subject="", reference=""))["Subject"] == ""


@pytest.mark.parametrize(
    ("origin", "told"), [(Origin.PERSON, None), (Origin.REPLY, "auto-replied"), (Origin.MACHINE, "auto-generated")]
)
def test_a_machine_says_that_it_is_one(origin: Origin, told: str | None) -> None:
    """So that no other machine answers it; a person's word says nothing of the kind (RFC 3834)."""
    found = understood(written(origin=origin))
    assert found["Auto-Submitted"] == told
    assert found["X-Auto-Response-Suppress"] == (None if told is None else "OOF, AutoReply")


def test_a_mail_names_the_mails_before_it() -> None:
    """Mail programs put it into the thread: the customer's mails by their own ids, ours by the ids we gave them."""
    known = ("<first@boat.example>", "c1:3:email", "second@boat.example", "xy=z+1@mail.boat.example")
    found = understood(written(replies_to=known))
    assert str(found["References"]).split() == [
        "<first@boat.example>",
        "<recovery.c1.3.email@shop.example>",
        "<second@boat.example>",
        "<xy=z+1@mail.boat.example>",
    ]
    assert found["In-Reply-To"] == "<xy=z+1@mail.boat.example>"


@pytest.mark.parametrize("bad", ["no id", "", "ü@x", "a@b c@d", "sha256:abc", "x" * 1000 + "@y", "<a@b> <c@d>"])
def test_what_is_no_message_id_is_left_out(bad: str) -> None:
    """A header that another server would refuse is not written."""
    assert "References" not in understood(written(replies_to=(bad,)))
    assert str(understood(written(replies_to=(bad, "a@b")))["References"]) == "<a@b>"


@given(at=instants.filter(lambda at: at.year >= 1970))  # readers of mail take the year 99 for 1999
def test_a_mail_is_dated_by_its_message(at: DateTime) -> None:
    """When it was written, not when it is sent, so that a mail that is sent again is the same."""
    assert understood(written(created_at=at))["Date"].datetime == at.replace(microsecond=0)


def test_the_same_message_is_the_same_bytes() -> None:
    """What is sent again, after an answer was lost, can be told to be the same."""
    assert written() == written()


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=40), st.integers(1, 10**6))
@example("a.b:c@d<e> =3d", 1)
def test_a_message_id_is_read_back(case_id: str, number: int) -> None:
    """Whatever a host calls its cases, a reply to a mail of ours names the message it answers."""
    for channel in Channel:
        outbox_id = f"{case_id}:{number}:{channel.value}"
        told = message_id_of(outbox_id, "shop.example")
        assert re.fullmatch(r"<recovery(\.[A-Za-z0-9_=-]*)+@shop\.example>", told)
        assert outbox_id_of(told) == outbox_id_of(told.strip("<>")) == outbox_id_of(f" {told}\r\n") == outbox_id


@pytest.mark.parametrize(
    "other", ["<abc@mail.example>", "recovery.c1.5.email", "<recovery.=ff@x>", "<recovery.@x>", "", "<recovery.a b@x>"]
)
def test_another_message_id_is_not_taken_for_ours(other: str) -> None:
    """What we have not written is ``None``."""
    assert outbox_id_of(other) is None


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("bo@boat.example", "bo@boat.example", ""),
        (" <bo@boat.example> ", "bo@boat.example", ""),
        ('"Bo Lind" <bo@boat.example>', "bo@boat.example", "Bo Lind"),
        ("b.o+x'y@Boat.Example", "b.o+x'y@boat.example", ""),
        ('"b o"@boat.example', '"b o"@boat.example', ""),
        ("bo@[192.0.2.1]", "bo@[192.0.2.1]", ""),
        ("bo@Straße.example", "bo@xn--strae-oqa.example", ""),
        ("bo@例え.テスト", "bo@xn--r8jz45g.xn--zckzah", ""),
        ("bo@ｂoat。example", "bo@boat.example", ""),
    ],
)
def test_an_address_is_understood(text: str, address: str, name: str) -> None:
    """As people write it, with or without a name; the domain as mail servers know it."""
    found = mailbox(text)
    assert found is not None
    assert (found.address, found.name) == (address, name)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "bo",
            "@",
            "bo@",
            "@x",
            "a@b@c",
            "bo @x",
            "bo@x y",
            "bo@x, eve@y",
            "eve@y <bo@x>",
            "a, b <bo@x>",
            "bo@a..b",
            "bo@x＠y",
        ),
        *("bo@.x", "bo@" + "a" * 64 + ".example", "bo@" + "a." * 130 + "x", "b" * 65 + "@x", "bo\r\n@x", "bo@x\0", "x" * 1001),
        *("a\r\nBcc: b <bo@x>", "<<bo@x>>", "bo@\ud800.x", "bo@" + "ü" * 300),
    ],
)
def test_what_is_no_address_is_not_repaired(text: str) -> None:
    """Whoever guesses an address sends somebody's words to somebody else."""
    assert mailbox(text) is None


# ---------------------------------------------------------------- plain text and HTML


@given(body=hostile, html=hostile.filter(bool))
@example(body="--", html="--")
def test_a_mail_with_html_holds_both_to_choose_from(body: str, html: str) -> None:
    """Plain text first, HTML last, each whole whatever it holds; a mail program shows the last that it understands (RFC 2046)."""
    data = written(body=body, html=html)
    found = understood(data)
    assert found.get_content_type() == "multipart/alternative"
    parts = list(found.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part, told in zip(parts, (body, html), strict=True):
        assert part.get_content().rstrip("\r\n").split() == _sendable(told).split()
    assert not found.defects
    assert written(body=body, html=html) == data
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))


def _sendable(text: str) -> str:
    """Return a text with a mark where it holds what no mail may hold."""
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "\ufffd", text)


def test_a_mail_without_html_is_plain_text() -> None:
    """A message that has no HTML stays the simple mail that it was."""
    assert understood(written(body="I am on it.")).get_content_type() == "text/plain"
