"""What a mail becomes: one rule after the other."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import UTC, datetime

import pendulum
import pytest

from recovery import Attachment, InvalidValue
from recovery.intake import from_email, why_automatic
from recovery.intake.mail import LONGEST_TEXT

NOW = pendulum.datetime(2026, 3, 2, 12, 0, tz="UTC")
HEAD = "From: Bo <bo@boat.example>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <m1@boat.example>\n"


def mail(head: str = "", body: str = "Dark.", start: str = HEAD) -> bytes:
    """Return a mail with more headers."""
    return f"{start}{head}\n{body}\n".encode()


def addresses(raw: bytes, ours: tuple[str, ...] = ()) -> list[str]:
    """Return the addresses of the sender."""
    return [address.value for address in from_email(raw, ours=ours).sender.addresses]


class TestWhen:
    """When a mail came in."""

    def test_the_server_that_took_it_knows_best(self) -> None:
        """What our own server wrote counts more than the clock of whoever sent it."""
        received = "Received: from a by b; Mon, 2 Mar 2026 11:30:00 +0100\nReceived: from c by a; Mon, 2 Mar 2026 11:29:00 +0100\n"
        assert from_email(mail(received)).received_at == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)

    def test_without_it_the_date_counts(self) -> None:
        """A mail that never passed a server was received when it says it was written."""
        assert from_email(mail()).received_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def test_the_caller_knows_better_still(self) -> None:
        """What is given counts, but never later than now."""
        at = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
        assert from_email(mail(), received_at=at).received_at == at
        assert from_email(mail(), received_at=datetime(2030, 1, 1, tzinfo=UTC), now=NOW).received_at == NOW

    @pytest.mark.parametrize("date", ["Fri, 31 Dec 2099 23:59:59 +0000", "Thu, 1 Jan 1970 00:00:00 +0000", "soon", "99 99 99", ""])
    def test_a_date_that_cannot_be_is_now(self, date: str) -> None:
        """The future, the time before there was mail, and nonsense: then it came in just now."""
        assert from_email(f"From: a@b.example\nDate: {date}\n\nhi".encode(), now=NOW).received_at == NOW

    @pytest.mark.parametrize(
        ("date", "hour"), [("2026-03-02T10:00:00+02:00", 8), ("2 Mar 26 10:00 GMT", 10), ("Mon, 2 Mar 2026 10:00:60 -0000", 10)]
    )
    def test_dates_are_written_in_many_ways(self, date: str, hour: int) -> None:
        """ISO dates, short years and leap seconds are read."""
        assert from_email(f"From: a@b.example\nDate: {date}\n\nhi".encode()).received_at.hour == hour

    def test_a_naive_instant_is_refused(self) -> None:
        """An instant without a zone is no instant."""
        with pytest.raises(InvalidValue, match="now has no time zone"):
            from_email(mail(), now=datetime(2026, 3, 2))
        with pytest.raises(InvalidValue, match="received_at"):
            from_email(mail(), received_at="today")  # type: ignore[arg-type]


class TestWho:
    """Who wrote it, and where to answer."""

    def test_a_reply_to_comes_first(self) -> None:
        """Where somebody says where to answer, that is where; where the mail came from is kept beside it."""
        assert addresses(mail("Reply-To: Bo <home@boat.example>\n")) == ["home@boat.example", "bo@boat.example"]

    @pytest.mark.parametrize("value", ["help@shop.example", "no-reply@boat.example", "nonsense", "", "sailing@lists.example"])
    def test_a_reply_to_that_reaches_nobody_is_passed_over(self, value: str) -> None:
        """Ourselves, an unattended box, no address, the list the mail came through: then the writer is answered."""
        raw = mail(f"Reply-To: {value}\nList-Post: <mailto:sailing@lists.example>\n")
        assert addresses(raw, ("help@shop.example",)) == ["bo@boat.example"]

    @pytest.mark.parametrize(
        ("written", "name", "address"),
        [
            ("bo@boat.example", None, "bo@boat.example"),
            ("bo@boat.example (Bo Lind)", "Bo Lind", "bo@boat.example"),
            ('"Lind, Bo" <bo@BOAT.Example>', "Lind, Bo", "bo@boat.example"),
            ("Lind, Bo <bo@boat.example>", "Lind, Bo", "bo@boat.example"),
            ('"bo@boat.example" <bo@boat.example>', None, "bo@boat.example"),
            ("'Bo' <bo@boat.example>", "Bo", "bo@boat.example"),
            ("Bo Lind bo@boat.example", "Bo Lind", "bo@boat.example"),
            ("<mailto:bo@boat.example>", None, "bo@boat.example"),
            ("=?utf-8?Q?=22B=C3=B6=22_=3Cbo=40boat=2Eexample=3E?=", "Bö", "bo@boat.example"),
            ("Bo <bo@[192.0.2.1]>", "Bo", "bo@[192.0.2.1]"),
            ('Bo <"bo.lind"@boat.example>', "Bo", "bo.lind@boat.example"),
            ('"Bo \\"the boat\\" Lind" <bo@boat.example>', 'Bo "the boat" Lind', "bo@boat.example"),
            ("Bo <bo@bücher.example>", "Bo", "bo@xn--bcher-kva.example"),
        ],
    )
    def test_addresses_are_written_in_many_ways(self, written: str, name: str | None, address: str) -> None:
        """However a program writes a mailbox, its name and its address are read, the domain small and in ASCII."""
        contact = from_email(f"From: {written}\nSubject: x\n\nhi".encode())
        assert (contact.sender.name, [a.value for a in contact.sender.addresses]) == (name, [address])

    def test_a_name_alone_is_a_name(self) -> None:
        """What is no address is not taken for one."""
        contact = from_email(b"From: Bo from the boat\n\nhi")
        assert (contact.sender.name, contact.sender.addresses) == ("Bo from the boat", ())

    def test_without_a_sender_the_whole_mail_is_kept(self) -> None:
        """Whoever has to find out who wrote it gets it byte for byte."""
        raw = b"Subject: x\n\nhi\n"
        kept: dict[str, bytes] = {}
        contact = from_email(raw, keep=lambda attachment, data: kept.update({attachment.name: data}))
        assert contact.sender.addresses == ()
        assert kept == {"mail.eml": raw}


class TestWhichMail:
    """Which mail it is, and which ones it answers."""

    def test_a_mail_without_an_id_gets_one_of_its_own(self) -> None:
        """The same mail has the same id, whatever way it came and in whatever file it lies; another one has another."""
        plain = b"From: a@b.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: x\n\nhi\n"
        same = [
            plain.replace(b"\n", b"\r\n"),
            b"From a@b.example Mon Mar  2 10:00:00 2026\n" + plain + b"\n",
            b"Received: from x by y; Mon, 2 Mar 2026 11:00:00 +0100\nX-Spam: no\n" + plain,
        ]
        assert {from_email(raw).key for raw in same} == {from_email(plain).key}
        assert from_email(plain.replace(b"hi", b"ho")).key != from_email(plain).key
        assert (from_email(plain).message_id or "").startswith("sha256:")

    def test_without_a_date_the_way_it_came_tells_mails_apart(self) -> None:
        """Two forms with the same words at different times are two."""
        form = b"From: form@b.example\nSubject: x\n\nhi\n"
        first, second = (b"Received: from x by y; Mon, 2 Mar 2026 1%d:00:00 +0100\n" % hour + form for hour in (0, 1))
        assert from_email(first).key != from_email(second).key

    def test_the_same_id_with_a_footer_is_the_same_mail(self) -> None:
        """A list that adds a footer sends no other mail."""
        assert from_email(mail()).key == from_email(mail(body="Dark.\n_____\nfooter")).key

    def test_an_id_that_is_none_is_passed_over(self) -> None:
        """An empty Message-ID is no id; one that is too long to be kept is kept as its digest, which looks like none."""
        assert (from_email(mail(start="From: a@b.example\nMessage-ID: <>\n")).message_id or "").startswith("sha256:")
        long = from_email(mail(start=f"From: a@b.example\nMessage-ID: <{'a' * 300}@b.example>\n")).message_id
        assert long == f"sha256:{hashlib.sha256(('a' * 300 + '@b.example').encode()).hexdigest()}"

    def test_the_newest_mail_that_is_answered_comes_first(self) -> None:
        """First what it answers, then what that answered; mails of ours by their ids in the outbox."""
        head = (
            "In-Reply-To: <three@x.example>\nReferences: <one@x.example>\n <recovery.case.5.email@shop.example> <three@x.example>\n"
        )
        assert from_email(mail(head)).replies_to == ("three@x.example", "case:5:email", "one@x.example")

    @pytest.mark.parametrize(
        ("subject", "reference"),
        [
            ("Re: We have your message [HSW4-HKJY]", "HSW4-HKJY"),
            ("case hsw4hkjy please", "HSW4-HKJY"),
            ("Ref. HSW4 HKJY", "HSW4-HKJY"),
            ("hsw4-hkjy", "HSW4-HKJY"),
            ("my order HSW4-HKJX", None),
            ("Re: XHSW4-HKJY", None),
            ("the best-ever word-play", None),
            ("nothing", None),
        ],
    )
    def test_a_reference_in_the_subject_is_known_by_its_check_character(self, subject: str, reference: str | None) -> None:
        """However it is typed; one with a slip, or a word that only looks like it, is none."""
        assert from_email(mail(f"Subject: {subject}\n")).reference == reference

    def test_a_reference_in_the_words_counts_where_there_is_but_one(self) -> None:
        """Who mentions two cases means neither for sure."""
        assert from_email(mail(body="My case is HSW4-HKJY.")).reference == "HSW4-HKJY"
        assert from_email(mail(body="Not JVM5-WQPN but HSW4-HKJY.")).reference is None


class TestAttachments:
    """What came with it."""

    def test_the_bytes_go_to_the_host(self) -> None:
        """Each attachment has a name, a type, a size and a digest, and its bytes are handed over before the contact is."""
        body = "--b\n\nhi\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n--b--"
        kept: list[tuple[Attachment, bytes]] = []
        contact = from_email(mail("Content-Type: multipart/mixed; boundary=b\n", body), keep=lambda *each: kept.append(each))
        (attachment,) = contact.attachments
        assert kept == [(attachment, b"Hello")]
        assert (attachment.name, attachment.media_type, attachment.size) == ("a.pdf", "application/pdf", 5)
        assert attachment.digest == hashlib.sha256(b"Hello").hexdigest()

    def test_what_a_host_cannot_keep_it_says(self) -> None:
        """An error of the host is the host's: the contact is not made as if all were well."""

        def fails(_: Attachment, __: bytes) -> None:
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            from_email(b"Subject: no sender\n\nhi", keep=fails)

    def test_a_text_without_end_is_cut_and_kept(self) -> None:
        """What is too long to be read is in the attachment, to the last word."""
        kept: dict[str, bytes] = {}
        words = "word " * LONGEST_TEXT
        contact = from_email(mail(body=words), keep=lambda attachment, data: kept.update({attachment.name: data}))
        assert len(contact.text) <= LONGEST_TEXT
        assert kept["message.txt"].decode().split() == words.split()

    def test_markup_without_end_is_kept_as_well(self) -> None:
        """Of HTML only so much is read; the whole of it is an attachment then."""
        kept: dict[str, bytes] = {}
        body = "<p>first</p>" + "<b></b>" * 150_000 + "<p>last</p>"
        contact = from_email(
            mail("Content-Type: text/html\n", body), keep=lambda attachment, data: kept.update({attachment.name: data})
        )
        assert contact.text == "first"
        assert b"last" in kept["text.html"]

    def test_a_subject_without_end_goes_on_in_the_text(self) -> None:
        """No word of a subject is lost."""
        contact = from_email(mail(f"Subject: {'x' * 1500}\n"))
        assert contact.subject + contact.text == "x" * 1500 + "\n\nDark."

    def test_uuencoded_files_are_decoded(self) -> None:
        """An encoding from before MIME is read as well."""
        head = 'Content-Type: application/octet-stream; name="a.txt"\nContent-Transfer-Encoding: x-uuencode\n'
        kept: list[bytes] = []
        from_email(mail(head, "begin 644 a.txt\n%2&5L;&\\\n`\nend"), keep=lambda _, data: kept.append(data))
        assert kept == [b"Hello"]


class TestMachines:
    """Whether a machine wrote it."""

    @pytest.mark.parametrize(
        "head",
        [
            "Auto-Submitted: auto-replied (vacation)\n",
            "Precedence: bulk\n",
            "Precedence: auto_reply\n",
            "X-Autoreply: yes\n",
            "X-Auto-Reply-From: bo@boat.example\n",
            "X-Kerio-Autoreply: yes\n",
            "X-Ricevuta: accettazione\n",
            "X-ServiceNow-Generated: true\n",
            "X-Mailer: Microsoft Outlook 16.0\nAuto-Submitted: auto-replied\n",
            "X-Mailer: Apple Mail (2.3)\nPrecedence: bulk\nList-Unsubscribe: <https://x>\n",
            "Return-Path: <>\n",
            "List-Id: <sailing.lists.example>\n",
            "Subject: Automatische Antwort: Ihre Nachricht\n",
            "Subject: Out of Office\n",
            "Subject: Out of Office AutoReply: Your message\n",
            "Subject: [Auto-Reply] Your message\n",
            "Subject: =?utf-8?B?6Ieq5YuV5b+c562UOiDjgYLjgoo=?=\n",
            "List-Unsubscribe: <https://x>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
        ],
    )
    def test_what_a_machine_says_of_itself_is_believed(self, head: str) -> None:
        """Each of these headers is put there on purpose, and by a program."""
        assert from_email(mail(head)).automatic
        assert why_automatic(mail(head))

    @pytest.mark.parametrize(
        "head",
        [
            "Auto-Submitted: no\n",
            "Auto-Submitted:\n",
            "Precedence: normal\n",
            "X-Auto-Response-Suppress: All\n",
            "List-Unsubscribe: <https://crm.example/u>\n",
            "X-Autoreply: no\n",
            "X-Auto-Response-Suppress: DR, OOF\n",
            "X-Mailer: Microsoft Outlook 16.0\nPrecedence: bulk\n",
            "User-Agent: Mozilla Thunderbird\nPrecedence: list\nList-Id: <all.boat.example>\n",
            "Subject: Auto: Bremse defekt (2026)\n",
            "Subject: Re: Automatic reply: your message\n",
            "Subject: Your automatic reply is wrong\n",
            "Subject: Out of office chairs\n",
            "Subject: Undeliverable promises\n",
            "Return-Path: <bo@boat.example>\n",
            "X-Mailer: Zendesk Mailer\n",
        ],
    )
    def test_what_people_send_is_not_taken_for_a_machines(self, head: str) -> None:
        """Tools leave traces in the mails of people, and people write about machines."""
        assert why_automatic(mail(head)) == ()

    def test_a_list_of_ours_brings_mails_of_people(self) -> None:
        """Where our own address is a list, its headers say nothing of who writes to it."""
        raw = mail("List-Id: <help.shop.example>\nList-Post: <mailto:help@shop.example>\nPrecedence: list\n")
        assert from_email(raw).automatic
        assert not from_email(raw, ours=["help@shop.example"]).automatic

    @pytest.mark.parametrize(
        ("address", "automatic"),
        [("bounces+12=x@far.example", True), ("postmaster@far.example", True), ("bounces-r-us@far.example", False)],
    )
    def test_an_address_of_a_machine_is_one_unless_somebody_types_there(self, address: str, automatic: bool) -> None:
        """The postmaster of a small firm writes in a mail program, and firms have names."""
        raw = f"From: <{address}>\nSubject: x\n\nDark.".encode()
        assert from_email(raw).automatic is automatic
        assert not from_email(b"User-Agent: Mozilla Thunderbird\n" + raw).automatic

    def test_what_a_gateway_adds_says_nothing_of_a_mail_to_us(self) -> None:
        """A mail to our address came through no list, unless a program that runs lists says so."""
        raw = mail("To: help@shop.example\nList-Id: <all.boat.example>\nPrecedence: list\n")
        assert from_email(raw).automatic
        assert not from_email(raw, ours=["help@shop.example"]).automatic
        assert from_email(b"List-Post: <mailto:all@boat.example>\n" + raw, ours=["help@shop.example"]).automatic

    @pytest.mark.parametrize("ours", ["help@shop.example", "HELP@SHOP.EXAMPLE", "@shop.example"])
    def test_our_own_mail_is_no_customers(self, ours: str) -> None:
        """What comes from an address or a domain of ours is a mail of ours that came back."""
        raw = b"From: Shop <help@shop.example>\n\nhi"
        assert from_email(raw, ours=[ours]).automatic
        assert not from_email(raw).automatic

    def test_a_no_reply_is_a_machine_unless_it_says_whom_to_answer(self) -> None:
        """Nobody reads an answer there; a form that names its customer is that customer's."""
        raw = b"From: no-reply@web.example\nSubject: x\n\nhi"
        assert from_email(raw).automatic
        named = from_email(b"Reply-To: Bo <bo@boat.example>\n" + raw)
        assert not named.automatic
        assert [address.value for address in named.sender.addresses] == ["bo@boat.example"]


def test_nobody_pays_for_mail_who_takes_in_none() -> None:
    """Importing the room loads neither the standard library's mail nor HTML; the first mail does."""
    code = "import sys, recovery.intake as room; print(sorted({'email', 'html.parser', 'recovery.intake.mail'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_no_file_and_no_socket_is_opened() -> None:
    """Reading a mail asks nothing of the world: it can run anywhere, and reads the same everywhere."""
    code = (
        "import sys\n"
        "from recovery.intake import from_email\n"
        f"mail = {mail('Content-Type: text/html', '<p>hi</p>')!r}\n"
        "from_email(mail)\n"  # whatever is loaded at the first time is loaded now
        "asked = []\n"
        "sys.addaudithook(lambda name, _: asked.append(name))\n"
        "from_email(mail)\n"
        "print([name for name in asked if name.split('.')[0] in ('open', 'socket', 'os', 'subprocess', 'import')])\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"
