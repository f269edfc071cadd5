"""The SMTP notifier against a real mail server: what is taken, refused, cut off and never answered."""

from __future__ import annotations

import gc
import logging
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifiers.postoffice import PASSWORD, USER, a_message, believing, greeting_port, notifier, office, silent_port
from recovery.core.errors import BadDefinition, Undeliverable
from recovery.core.messages import Origin
from recovery.core.vocabulary.common import Address, Channel
from recovery.core.vocabulary.ownership import Person
from recovery.notifiers import InsecureConnection, LoginRefused, MailServerTrouble, MailServerUnavailable, Security, SMTPNotifier
from recovery.policies import default, office_hours

SHORT = timedelta(milliseconds=300)


def test_a_mail_that_is_taken_arrives_word_for_word() -> None:
    """What stood in the outbox is what the reader reads; the receipt holds the server's answer."""
    with office() as desk, notifier(desk) as mail:
        receipt = mail.send(a_message(subject="Grüße", body="Ihr Boot läuft.\n.\nBis Dienstag."))
    found = desk.mail()
    assert (found["Subject"], desk.text()) == ("Grüße [K7M3-9QTG]", "Ihr Boot läuft.\n.\nBis Dienstag.\n")
    assert (found["From"], found["To"]) == ("Boat Shop <help@shop.example>", "Bo Lind <bo@boat.example>")
    assert desk.envelopes == [("help@shop.example", ["bo@boat.example"])]
    assert receipt.provider_id == "2.0.0 Ok: queued as 4711"
    assert receipt.at.isoformat() == "2026-03-02T09:00:00+00:00"


@pytest.mark.parametrize(
    "body", ["", ".", "..\r\n.\r\n", "a\r\n.\r\nb", "\r\n.\r\nQUIT\r\n", "x" * 5000, ".\n" * 500, "\0\ud800\x1b[31m é"]
)
def test_no_text_ends_the_mail_early(body: str) -> None:
    """Whatever a text holds, the server sees one mail and no commands."""
    with office() as desk, notifier(desk) as mail:
        mail.send(a_message(body=body))
        mail.send(a_message(id="c1:6:email"))
    assert len(desk.mails) == 2
    wanted = "".join("\ufffd" if sign in "\0\ud800\x1b" else sign for sign in body).replace("\r\n", "\n")
    assert desk.text(0) == (wanted if wanted.endswith("\n") else f"{wanted}\n")
    assert all(len(line) <= 998 for line in desk.mails[0].split(b"\r\n"))


class TestRefusals:
    """What the server says no to, for good and for now."""

    @pytest.mark.parametrize(("verb", "what"), [("MAIL", "the sender"), ("RCPT", "the recipient"), ("END", "the mail")])
    def test_a_no_for_good_is_undeliverable(self, verb: str, what: str) -> None:
        """Whether the server refuses the sender, the recipient or the mail: it is not tried again, and the note says why."""
        with office(answers={verb: "550 5.1.1 no such mailbox here"}) as desk, notifier(desk) as mail:
            with pytest.raises(Undeliverable, match=f"refuses {what}: 550 5.1.1 no such mailbox here"):
                mail.send(a_message())
            desk.answers.clear()
            mail.send(a_message())
        assert (len(desk.mails), desk.connections) == (1, 1)

    @pytest.mark.parametrize(("verb", "what"), [("MAIL", "the sender"), ("RCPT", "the recipient"), ("END", "the mail")])
    def test_a_no_for_now_is_tried_again(self, verb: str, what: str) -> None:
        """A server that has no time or room now is asked again, and the connection serves the next message."""
        with office(answers={verb: "451 4.7.1 come back later"}) as desk, notifier(desk) as mail:
            with pytest.raises(MailServerUnavailable, match=rf"does not take {what} now \(451\)") as caught:
                mail.send(a_message())
            desk.answers.clear()
            mail.send(a_message())
        assert caught.value.code == 451
        assert (len(desk.mails), desk.connections) == (1, 1)

    def test_one_recipient_refused_harms_no_other(self) -> None:
        """The next message goes out on the same connection, to its own recipient alone."""
        with office(answers={"RCPT bo@boat.example": "550 5.1.1 unknown"}) as desk, notifier(desk) as mail:
            with pytest.raises(Undeliverable):
                mail.send(a_message())
            mail.send(a_message(to="eve@boat.example"))
        assert desk.envelopes == [("help@shop.example", ["eve@boat.example"])]
        assert (desk.connections, desk.verbs) == (1, ["RSET", "QUIT"])

    def test_a_server_that_closes_for_now_is_left(self) -> None:
        """After 421 the connection is of no use; the next message opens another."""
        with office(answers={"RCPT": "421 4.3.2 going down"}) as desk, notifier(desk) as mail:
            with pytest.raises(MailServerUnavailable, match="421"):
                mail.send(a_message())
            desk.answers.clear()
            mail.send(a_message())
        assert (len(desk.mails), desk.connections) == (1, 2)

    def test_wanting_a_login_is_no_fault_of_the_mail(self) -> None:
        """530 means that a setting is missing, so every message stays in the outbox."""
        with (
            office(answers={"MAIL": "530 5.7.0 Authentication required"}) as desk,
            notifier(desk) as mail,
            pytest.raises(LoginRefused, match="Set user and password") as found,
        ):
            mail.send(a_message())
        assert found.value.setting == "user"


class TestBrokenOff:
    """What is cut off, or never answered."""

    def test_cut_in_mid_mail_it_is_tried_again(self) -> None:
        """A server that breaks off before it has the mail has not got it."""
        with office(cut="mid") as desk, notifier(desk) as mail:
            with pytest.raises(MailServerUnavailable):
                mail.send(a_message())
            desk.cut = ""
            mail.send(a_message())
        assert (len(desk.mails), desk.connections) == (1, 2)

    def test_cut_before_its_answer_it_is_tried_again_as_the_same_mail(self) -> None:
        """Nobody can know whether it was taken: it is not sent again on the spot, and when it is, every byte is the same."""
        with office(cut="late") as desk, notifier(desk) as mail:
            with pytest.raises(MailServerUnavailable):
                mail.send(a_message())
            assert len(desk.mails) == 1
            desk.cut = ""
            mail.send(a_message())
        assert desk.mails[0] == desk.mails[1]
        assert desk.mail()["Message-ID"] == "<recovery.c1.5.email@shop.example>"

    @pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
    def test_a_server_that_never_answers_is_given_up_in_time(self, verb: str) -> None:
        """A worker is not held longer than the settings say."""
        with office(mute=verb) as desk, notifier(desk, timeout=SHORT) as mail:
            started = time.monotonic()
            with pytest.raises(MailServerUnavailable, match="does not answer in time"):
                mail.send(a_message())
        assert time.monotonic() - started < 5
        assert desk.mails == []

    def test_a_server_that_picks_up_and_says_nothing_is_given_up_in_time(self) -> None:
        """Nor does a greeting that never comes hold a worker."""
        with silent_port() as port:
            mail = SMTPNotifier(host="127.0.0.1", port=port, security=Security.PLAIN, sender="help@shop.example", timeout=SHORT)
            with pytest.raises(MailServerUnavailable, match="does not answer in time") as found:
                mail.send(a_message())
        assert found.value.setting == "host"

    @pytest.mark.parametrize("greeting", [b"554 5.7.1 not from there\r\n", b"421 4.3.2 too busy\r\n", b"", b"what?\r\n"])
    def test_a_server_that_does_not_let_us_in_is_tried_again(self, greeting: bytes) -> None:
        """Whoever is turned away at the door has not been heard: no message is at fault."""
        with greeting_port(greeting) as port:
            mail = SMTPNotifier(host="127.0.0.1", port=port, security=Security.PLAIN, sender="help@shop.example")
            with pytest.raises(MailServerUnavailable) as found:
                mail.send(a_message())
        assert found.value.setting == "host"

    def test_the_answer_to_a_whole_mail_may_take_longer(self) -> None:
        """A server that reads the mail before it answers has taken it: hurried, it would get it twice."""
        with office(slow=0.6) as desk, notifier(desk, timeout=SHORT, limit=timedelta(seconds=20)) as mail:
            mail.send(a_message())
        assert len(desk.mails) == 1

    def test_a_mail_takes_no_longer_than_its_limit(self) -> None:
        """However slow a server is with the whole mail, there is an end."""
        with office(slow=3) as desk, notifier(desk, limit=SHORT) as mail:
            started = time.monotonic()
            with pytest.raises(MailServerUnavailable, match="does not answer in time"):
                mail.send(a_message())
            assert time.monotonic() - started < 2

    def test_a_mail_whose_time_is_over_is_not_begun(self) -> None:
        """The limit counts between the answers too."""
        with office() as desk, notifier(desk, limit=timedelta(microseconds=1)) as mail, pytest.raises(MailServerUnavailable):
            mail.send(a_message())
        assert desk.mails == []

    def test_nobody_at_the_port(self) -> None:
        """A server that is down is tried again; the error names where it should be."""
        with socket.create_server(("127.0.0.1", 0)) as once:
            port = once.getsockname()[1]
        mail = SMTPNotifier(host="127.0.0.1", port=port, security=Security.PLAIN, sender="help@shop.example")
        with pytest.raises(MailServerUnavailable, match=f"127.0.0.1:{port} cannot be reached") as found:
            mail.send(a_message())
        assert "host, port" in found.value.hint


class TestConnections:
    """Connections are used again, and let go of."""

    def test_one_connection_serves_many_messages(self) -> None:
        """A round of work opens one connection and says good-bye once."""
        with office() as desk, notifier(desk) as mail:
            for number in range(5):
                mail.send(a_message(id=f"c1:{number}:email"))
        assert (len(desk.mails), desk.connections) == (5, 1)
        assert desk.verbs == ["RSET"] * 4 + ["QUIT"]

    def test_a_connection_the_server_dropped_is_replaced(self) -> None:
        """A restart of the server between two messages costs neither of them, and sends neither twice."""
        with office() as desk, notifier(desk) as mail:
            mail.send(a_message(id="c1:1:email"))
            desk.hang_up()
            time.sleep(0.1)
            mail.send(a_message(id="c1:2:email"))
        assert [desk.mail(n)["Message-ID"] for n in range(2)] == [f"<recovery.c1.{n}.email@shop.example>" for n in (1, 2)]
        assert (len(desk.mails), desk.connections) == (2, 2)

    def test_a_connection_that_was_idle_too_long_is_closed(self) -> None:
        """Servers hang up on those who keep silent; so we do first."""
        with office() as desk, notifier(desk, idle=timedelta()) as mail:
            mail.send(a_message())
            time.sleep(0.01)
            mail.send(a_message())
        assert (len(desk.mails), desk.connections) == (2, 2)
        assert desk.verbs.count("QUIT") >= 1

    def test_threads_do_not_share_a_connection(self) -> None:
        """Messages sent at once by several threads all arrive, each whole and once."""
        with office() as desk, notifier(desk) as mail, ThreadPoolExecutor(4) as threads:
            together = threading.Barrier(4)

            def send(number: int) -> None:
                together.wait()
                mail.send(a_message(id=f"c1:{number}:email", body=f"{number} " * 400))

            list(threads.map(send, range(1, 13)))
        assert sorted(desk.text(n).split()[0] for n in range(12)) == sorted(str(n) for n in range(1, 13))
        assert desk.connections <= 4

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="this system starts processes otherwise")
    def test_a_connection_does_not_go_into_another_process(self) -> None:
        """After a fork the child opens a connection of its own and lets the parent's alone."""
        with office() as desk, notifier(desk) as mail:
            mail.send(a_message(id="c1:1:email"))
            mail._lines._kept[0].process = -1  # as a child sees a connection that its parent has opened
            mail.send(a_message(id="c1:2:email"))
        assert (len(desk.mails), desk.connections) == (2, 2)
        assert desk.verbs.count("QUIT") == 1

    def test_whoever_forgets_to_close_leaves_nothing_open(self) -> None:
        """A notifier that is thrown away closes its connections; a warning would fail this test."""
        with office() as desk:
            mail = notifier(desk)
            mail.send(a_message())
            del mail
            gc.collect()
        assert len(desk.mails) == 1

    def test_a_closed_notifier_can_go_on(self) -> None:
        """Closing lets go of connections, not of the notifier."""
        with office() as desk, notifier(desk) as mail:
            mail.close()
            mail.send(a_message())
        assert len(desk.mails) == 1


class TestSecurity:
    """Encryption, certificates and logins."""

    @pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
    def test_the_whole_mail_goes_over_an_encrypted_line(self, security: Security) -> None:
        """With STARTTLS, which the server insists on, and with TLS from the first byte; logged in over it."""
        with office(security, login=security is Security.STARTTLS) as desk:
            user = {"user": USER, "password": PASSWORD} if security is Security.STARTTLS else {}
            with notifier(desk, security=security, host="localhost", ssl_context=believing(), **user) as mail:
                mail.send(a_message(id="c1:1:email"))
                mail.send(a_message(id="c1:2:email"))
        assert (len(desk.mails), desk.connections) == (2, 1)
        assert desk.logins == ([USER] if user else [])

    @pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
    def test_a_certificate_nobody_believes_is_refused(self, security: Security) -> None:
        """Without a context of one's own only certificates the system believes will do; the mail is not at fault and waits."""
        with (
            office(security) as desk,
            notifier(desk, security=security, host="localhost") as mail,
            pytest.raises(InsecureConnection, match="does not prove that it is localhost") as found,
        ):
            mail.send(a_message())
        assert (found.value.setting, desk.mails) == ("ssl_context", [])

    def test_a_certificate_of_somebody_else_is_refused(self) -> None:
        """A believed certificate for another name is no proof."""
        with office(Security.STARTTLS) as desk:
            mail = notifier(desk, security=Security.STARTTLS, host="localhost.localdomain", ssl_context=believing())
            with pytest.MonkeyPatch.context() as patch:
                found = socket.getaddrinfo("127.0.0.1", desk.port, type=socket.SOCK_STREAM)
                patch.setattr(socket, "getaddrinfo", lambda *_args, **_named: found)
                with pytest.raises(InsecureConnection, match=r"does not prove that it is localhost\.localdomain"):
                    mail.send(a_message())
        assert desk.mails == []

    def test_a_server_without_starttls_gets_no_mail(self) -> None:
        """Nobody is talked out of encryption."""
        with (
            office() as desk,
            notifier(desk, security=Security.STARTTLS) as mail,
            pytest.raises(InsecureConnection, match="offers no STARTTLS") as found,
        ):
            mail.send(a_message())
        assert (found.value.setting, desk.mails) == ("security", [])

    def test_tls_where_there_is_none_names_the_setting(self) -> None:
        """The wrong port for TLS is a setting to mend."""
        with (
            office() as desk,
            notifier(desk, security=Security.TLS, ssl_context=believing()) as mail,
            pytest.raises(InsecureConnection, match="No encrypted connection") as found,
        ):
            mail.send(a_message())
        assert found.value.setting == "security"

    def test_a_wrong_password_names_the_setting_and_is_not_tried_on_and_on(self) -> None:
        """The customer's mail is not at fault; and a server asked over and over with a wrong password locks its user out."""
        with office(Security.STARTTLS, login=True) as desk:
            wrong = {"user": USER, "password": "wrong"}
            with notifier(desk, security=Security.STARTTLS, host="localhost", ssl_context=believing(), **wrong) as mail:
                for _ in range(3):
                    with pytest.raises(LoginRefused, match="Check user and password") as found:
                        mail.send(a_message())
                    assert (found.value.setting, found.value.code) == ("user", 535)
        assert desk.connections == 1

    def test_a_server_without_login_names_the_setting(self) -> None:
        """Where no login is offered, user and password are of no use."""
        with (
            office() as desk,
            notifier(desk, user=USER, password=PASSWORD) as mail,
            pytest.raises(LoginRefused, match="offers no login"),
        ):
            mail.send(a_message())

    def test_passwords_are_not_shown(self) -> None:
        """Whoever prints the notifier learns no secret."""
        mail = SMTPNotifier(host="mail.shop.example", sender="help@shop.example", user="desk", password=PASSWORD)
        assert PASSWORD not in repr(mail)


class TestAddresses:
    """Where a message goes."""

    def test_letters_outside_ascii_before_the_at_need_smtputf8(self) -> None:
        """Where the server can, the mail goes out; where it cannot, the owner hears at once that it never will."""
        with office(utf8=True) as desk, notifier(desk) as mail:
            mail.send(a_message(to="björn@boat.example"))
            mail.send(a_message(to="bo@boat.example"))
        assert desk.envelopes[0][1] == ["björn@boat.example"]
        assert "<björn@boat.example>".encode() in desk.mails[0]
        with office() as desk, notifier(desk) as mail:
            with pytest.raises(Undeliverable, match="outside ASCII"):
                mail.send(a_message(to="björn@boat.example"))
            mail.send(a_message())
        assert desk.connections == 1

    def test_a_domain_outside_ascii_goes_out_as_mail_servers_know_it(self) -> None:
        """And ``straße`` is not ``strasse``: that would be somebody else."""
        with office() as desk, notifier(desk) as mail:
            mail.send(a_message(to="bo@Straße.example"))
        assert desk.envelopes[0][1] == ["bo@xn--strae-oqa.example"]

    @pytest.mark.parametrize(
        "bad", ["bo", "bo@", "@x", "a@b@c", "bo@x, eve@x", "bo@x\r\nRCPT TO:<eve@x>", "bo@x>\r\nDATA", "b\0o@x"]
    )
    def test_what_is_no_address_is_undeliverable_and_nothing_is_said(self, bad: str) -> None:
        """Nothing is repaired, so nobody else gets it; the server is not even asked."""
        with office() as desk, notifier(desk) as mail, pytest.raises(Undeliverable, match="no e-mail address"):
            mail.send(a_message(to=bad))
        assert desk.connections == 0

    def test_a_colleague_is_reached_by_the_policy_or_the_notifier(self) -> None:
        """One whom neither knows is undeliverable, with the way out, so that it becomes a step and is not tried for ever."""
        with office() as desk, notifier(desk, colleagues={"ben": "ben@shop.example"}) as mail:
            mail.send(a_message(to=None, person="ben", origin=Origin.MACHINE))
            with pytest.raises(Undeliverable, match=r"no e-mail address is known of cleo\. Give addresses to the person"):
                mail.send(a_message(to=None, person="cleo"))
            with pytest.raises(Undeliverable, match="known of the customer"):
                mail.send(a_message(to=None))
        assert desk.envelopes == [("help@shop.example", ["ben@shop.example"])]

    def test_whoever_cannot_be_reached_is_known_before_anything_is_sent(self) -> None:
        """A host asks once, when it starts, and puts the address in where it belongs."""
        ana = Person(id="ana", addresses=(Address(channel=Channel.EMAIL, value="ana@shop.example"),), supervisor="cleo")
        ben = Person(id="ben", addresses=(Address(channel=Channel.PHONE, value="+49 30 1"),), supervisor="ana")
        dan = Person(id="dan", addresses=(Address(channel=Channel.EMAIL, value="dan at shop"),))
        cleo = Person(id="cleo")
        policy = default(fallback_owner="ana", calendar=office_hours("Europe/Berlin"), people=[ana, ben, cleo, dan])
        mail = SMTPNotifier(host="mail.shop.example", sender="help@shop.example", colleagues={"dan": "dan@shop.example"})
        assert mail.unreachable(policy.terms) == ("cleo", "ben")
        alone = default(fallback_owner="eve", calendar=office_hours("Europe/Berlin"))
        assert mail.unreachable(alone.terms) == ("eve",)

    def test_another_channel_is_not_its_business(self) -> None:
        """A text message does not go out as mail."""
        with office() as desk, notifier(desk) as mail, pytest.raises(Undeliverable, match="goes by sms"):
            mail.send(a_message(channel=Channel.SMS))
        assert desk.connections == 0


class TestSettings:
    """What a notifier is made with."""

    @pytest.mark.parametrize(
        "nobody",
        [
            "noreply@x.example",
            "No-Reply <no-reply@x.example>",
            "donotreply+5@x.example",
            "bounces@x.example",
            "keine.antwort@x.example",
        ],
    )
    def test_a_sender_that_nobody_reads_is_refused(self, nobody: str) -> None:
        """Every message has a way back that reaches somebody (contact.way-back)."""
        for sender, reply_to in ((nobody, None), ("help@x.example", nobody)):
            with pytest.raises(BadDefinition, match=r"is read by nobody.*contact\.way-back"):
                SMTPNotifier(host="mail.x.example", sender=sender, reply_to=reply_to)

    @pytest.mark.parametrize("somebody", ["reply@x.example", "noah@x.example", "antwort@x.example", "no@x.example"])
    def test_a_sender_that_somebody_reads_is_not(self, somebody: str) -> None:
        """A name that only looks a little like it is left alone."""
        assert SMTPNotifier(host="mail.x.example", sender=somebody).sender == somebody

    def test_every_fault_is_told_at_once(self) -> None:
        """Whoever sets it up mends it in one go."""
        with pytest.raises(BadDefinition) as found:
            SMTPNotifier(
                host=" ",
                sender="help@shop.example\r\nBcc: eve@x",
                reply_to="nobody",
                port=70000,
                user="desk",
                colleagues={"ben": "ben"},
                timeout=timedelta(),
                limit=timedelta(days=-1),
            )
        told = [fault.split()[0] for fault in found.value.faults]
        assert told == ["host", "port", "sender", "reply_to", "colleagues:", "user", "timeout", "limit"]

    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({"domain": "shop example"}, "domain 'shop example' is no domain"),
            ({"user": "ü", "password": "x"}, "none but ASCII"),
            ({"user": "desk", "password": "x", "security": Security.PLAIN}, "for everybody to read"),
        ],
    )
    def test_a_setting_that_cannot_work_is_refused(self, settings: dict[str, Any], told: str) -> None:
        """Before anything is sent."""
        with pytest.raises(BadDefinition, match=told):
            SMTPNotifier(host="mail.shop.example", sender="help@shop.example", **settings)

    @pytest.mark.parametrize(("security", "port"), [(Security.PLAIN, 25), (Security.STARTTLS, 587), (Security.TLS, 465)])
    def test_the_port_follows_from_the_security(self, security: Security, port: int) -> None:
        """Nobody has to know the numbers."""
        assert SMTPNotifier(host="mail.shop.example", sender="help@shop.example", security=security).port == port

    def test_a_receipt_is_dated_by_the_clock_if_nobody_says_otherwise(self) -> None:
        """Without a clock of one's own it is the real one."""
        before = datetime.now(UTC)
        with (
            office() as desk,
            SMTPNotifier(host="localhost", port=desk.port, security=Security.PLAIN, sender="help@shop.example") as mail,
        ):
            assert before <= mail.send(a_message()).at <= datetime.now(UTC)

    def test_answers_come_to_the_address_that_was_given_for_them(self) -> None:
        """Reply-To is there where it is not the sender."""
        with office() as desk, notifier(desk, reply_to="Ana <ana@shop.example>") as mail:
            mail.send(a_message())
        assert desk.mail()["Reply-To"] == "Ana <ana@shop.example>"


@pytest.mark.parametrize("wrong", [{"answers": {"RCPT": "550 5.1.1 <bo@boat.example> unknown"}}, {"cut": "late"}, {"mute": "RCPT"}])
def test_nothing_personal_is_logged(wrong: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    """Not where it works, nor where it fails."""
    caplog.set_level(logging.DEBUG)
    with office() as desk, notifier(desk, timeout=SHORT) as mail:
        mail.send(a_message())
        for name, value in wrong.items():
            setattr(desk, name, value)
        with pytest.raises((Undeliverable, MailServerTrouble)):
            mail.send(a_message())
    ours = [record for record in caplog.records if record.name != "mail.log"]  # that is the server
    told = " ".join(f"{record.getMessage()} {record.__dict__}" for record in ours)
    assert not any(word in told for word in ("boat.example", "Bo Lind", "I am on it", "News about"))
