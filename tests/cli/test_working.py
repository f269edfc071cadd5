"""``recovery work``: nothing leaves unseen, nothing is lost, and it ends when it is told to."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pendulum
import pytest
from pendulum import DateTime

from cli.running import done, refused, run
from notifiers.postoffice import office
from recovery import Desk, RecordingNotifier, Round, Work, policies
from recovery.cli import working
from recovery.cli.mail import notifier_of, settings_in
from recovery.core.errors import BadDefinition
from recovery.ports.values import OutboxMessage, Receipt
from recovery.stores.named import open_store
from support import a_contact

MAIL = '[mail]\nhost = "mail.boats.example"\nsender = "Boats <help@boats.example>"\n'


def utc() -> DateTime:
    """Return the present instant."""
    return pendulum.now("UTC")


@pytest.fixture
def real(bo: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case of the shop, with the clock of the machine."""
    monkeypatch.delenv("RECOVERY_NOW")
    return bo


def with_mail(shop: Callable[[str], Path], more: str = "") -> None:
    """Say in the policy file by which server mail goes out."""
    path = shop("recovery.toml")
    path.write_text(path.read_text(encoding="utf-8") + MAIL + more, encoding="utf-8")


class TestWhatSends:
    def test_without_a_mail_server_nothing_leaves_and_nothing_is_lost(self, real: str) -> None:
        """What is written waits, and that is said."""
        code, out, err = run("work")
        assert (code, err) == (0, "")
        assert "No [mail] in recovery.toml: nothing is sent" in out
        assert ", 0 sent" in out
        assert done("outbox")["messages"]

    def test_a_rehearsal_sends_nothing_even_with_a_mail_server(self, bo: str, shop: Callable[[str], Path]) -> None:
        """Nobody writes to a customer from a rehearsal by mistake."""
        with_mail(shop)
        waiting = len(done("outbox")["messages"])
        assert "A rehearsal sends nothing" in run("work")[1]
        assert len(done("outbox")["messages"]) == waiting

    def test_print_hands_messages_over_and_counts_them_as_sent(self, bo: str) -> None:
        """Word for word, dated by the rehearsal."""
        code, out, _ = run("work", "--print")
        assert code == 0
        assert "Dear Bo Lind," in out
        assert "2 sent. Nothing waits." in out
        assert done("outbox")["messages"] == []
        sent = [one for one in done("show", bo)["entries"] if one["kind"] == "delivery_reported"]
        assert {one["at"] for one in sent} == {"2026-03-02T08:40:00.000000Z"}

    def test_with_json_printed_messages_go_to_standard_error(self, bo: str) -> None:
        """Standard output is one document."""
        code, out, err = run("work", "--print", "--json")
        assert code == 0
        assert '"sent": 2' in out
        assert "Dear Bo Lind," in err

    def test_a_mail_server_gets_them(self, real: str, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """Named in the first lines."""
        with_mail(shop)
        recording = RecordingNotifier(now=utc)
        monkeypatch.setattr(working, "notifier_of", lambda settings, path, now: recording)
        out = run("work")[1]
        assert "Mail goes out by mail.boats.example." in out
        assert {message.person for message in recording.sent} >= {None, "ana"}

    def test_mail_really_goes_out(self, real: str, shop: Callable[[str], Path]) -> None:
        """Over SMTP, to a server on this machine; the case knows that it left."""
        path = shop("recovery.toml")
        with office() as post:
            mail = f'[mail]\nhost = "localhost"\nport = {post.port}\nsecurity = "plain"\nsender = "Boats <help@boats.example>"\n'
            path.write_text(path.read_text(encoding="utf-8") + mail, encoding="utf-8")
            told = done("work")
        assert (told["work"]["failed"], told["backlog"]["unsent"]) == (0, 0)
        assert ("help@boats.example", ["bo@boat.example"]) in post.envelopes

    def test_what_fails_exits_with_1_and_is_tried_again(
        self, real: str, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The outbox tells how often, and why."""
        with_mail(shop)

        class Down:
            channels = RecordingNotifier(now=utc).channels

            def send(self, message: OutboxMessage) -> Receipt:
                raise ConnectionError("no answer")

        monkeypatch.setattr(working, "notifier_of", lambda settings, path, now: Down())
        code, out, _ = run("work")
        assert code == 1
        assert "failed" in out
        assert "tried once, again at" in run("outbox")[1]


class TestSettings:
    def test_the_password_is_never_in_the_file(self, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """It is named, and must be set where it runs."""
        with_mail(shop, 'user = "help"\npassword_env = "SHOP_PASSWORD"\n')
        settings = settings_in("recovery.toml")
        assert settings is not None
        with pytest.raises(BadDefinition, match="SHOP_PASSWORD is not set"):
            notifier_of(settings, "recovery.toml", utc)
        monkeypatch.setenv("SHOP_PASSWORD", "secret")
        notifier = notifier_of(settings, "recovery.toml", utc)
        assert (notifier.port, notifier.user) == (587, "help")
        assert "secret" not in repr(notifier)

    @pytest.mark.parametrize(
        ("more", "said"),
        [('port = "x"\n', "port"), ('passwrd = "x"\n', "passwrd"), ('security = "none"\n', "security"), ("", "")],
    )
    def test_what_cannot_be_is_told(self, real: str, shop: Callable[[str], Path], more: str, said: str) -> None:
        """With its key; and then nothing has been sent."""
        with_mail(shop, more)
        if said:
            assert said in refused("work")["faults"][0]

    def test_a_file_without_it_has_none(self, shop: Callable[[str], Path]) -> None:
        """Nor has the demo."""
        assert settings_in("recovery.toml") is None
        assert settings_in(None) is None


class TestRounds:
    def test_it_rings_what_is_due_once(self, bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """The second round at the same instant does nothing."""
        monkeypatch.setenv("RECOVERY_NOW", "2026-03-02T15:00")
        first, second = done("work"), done("work")
        assert (first["work"]["ticked"], second["work"]["ticked"]) == (1, 0)
        assert [one for one in done("show", bo)["entries"] if one["kind"] == "alarm_rung"]

    def test_how_far_behind_it_was_is_said(self, bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """In minutes, hours or days."""
        for at, told in (("2026-03-02T11:40", "60 min"), ("2026-03-03T15:00", " h behind"), ("2026-03-20T15:00", "days")):
            monkeypatch.setenv("RECOVERY_NOW", at)
            assert told in run("work")[1]

    def test_a_dry_run_does_nothing(self, bo: str) -> None:
        """It only counts."""
        out = run("work", "--dry-run", "--now", "2026-03-02T15:00")[1]
        assert "1 case is due to be looked at. Waiting: 2 in the outbox" in out
        assert "Nothing has been done." in out
        assert done("work", "--dry-run")["backlog"]["unsent"] > 0
        assert done("show", bo)["entries"][-1]["kind"] == "message_prepared"

    def test_the_wait_is_a_length_of_time(self, shop: Callable[[str], Path]) -> None:
        """Seconds, minutes or hours."""
        assert refused("work", "--every", "often")["reasons"][0]["field"] == "--every"
        assert refused("work", "--every", "0s")["reasons"][0]["field"] == "--every"

    def test_a_round_of_nothing_is_refused(self, shop: Callable[[str], Path]) -> None:
        """It would do nothing for ever, and look like a quiet day."""
        for wrong in ("0", "-1"):
            assert refused("work", "--limit", wrong)["reasons"][0]["field"] == "--limit"


class TestWatching:
    def test_it_ends_in_peace_when_told_to(self, real: str) -> None:
        """SIGTERM, as a service manager sends it: the round is finished, and the exit code is 0."""
        with watching("--every", "1h") as process:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "looked at" in line)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
        assert re.search(r"\d\d:\d\d  1 case looked at", line)
        assert (process.returncode, out, err) == (0, "Ended.\n", "")

    def test_it_ends_while_there_is_still_much_to_do(self, real: str) -> None:
        """A service manager does not wait until a backlog is done: the case in hand is, and the others wait for the next."""
        many = 50
        with open_store("recovery.db") as store:
            long_ago = utc().subtract(days=3)
            desk = Desk(store=store, policy=policies.load("recovery.toml"), now=lambda: long_ago)
            for n in range(many):
                desk.receive(a_contact(str(n), at=long_ago, message_id=f"<{n}@x>"))
            with watching("--limit", "1") as process:
                assert process.stdout is not None
                next(line for line in process.stdout if "looked at" in line)
                process.send_signal(signal.SIGTERM)
                out, err = process.communicate(timeout=20)
            assert (process.returncode, err) == (0, "")
            assert out.endswith("Ended.\n")
            assert store.backlog(utc()).due > many / 2

    def test_it_is_the_worker(self, real: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """One way to go on for ever, with the limit, the pause and the printing that were asked for."""
        given: dict[str, object] = {}

        def keep_working(desk: Desk, *, tell: Callable[[Round], object], stop: object, **how: object) -> None:
            given.update(how, printing=desk.notifier is not None)
            tell(Round(work=Work(sent=2, lag=timedelta(minutes=7))))

        monkeypatch.setattr(Desk, "keep_working", keep_working)
        code, out, err = run("work", "--watch", "--limit", "5", "--every", "10s", "--print")
        assert (code, err) == (0, "")
        assert given == {"limit": 5, "every": timedelta(seconds=10), "printing": True}
        assert "1 process; Ctrl-C or SIGTERM ends it." in out
        assert "0 cases looked at, 2 sent, 7 min behind." in out
        assert out.endswith("Ended.\n")
        (line,) = run("work", "--watch", "--json")[1].splitlines()
        assert (json.loads(line)["work"]["sent"], json.loads(line)["work"]["lag"]) == (2, 420)

    def test_a_rehearsal_may_be_watched(self, bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """At its instant, which stands still."""
        monkeypatch.setattr("recovery.desk.rounds.sleep", lambda stop, seconds: os.kill(os.getpid(), signal.SIGTERM))
        code, out, _ = run("work", "--watch", "--now", "2026-03-02T15:00")
        assert code == 0
        assert "1 case looked at, 0 sent" in out

    def test_the_second_ctrl_c_breaks_off(self, real: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A round that hangs can be ended: exit code 130, without a word."""

        def keep_working(desk: Desk, **_: object) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr(Desk, "keep_working", keep_working)
        code, _, err = run("work", "--watch")
        assert (code, err) == (130, "")


@contextmanager
def watching(*options: str) -> Generator[subprocess.Popen[str], None, None]:
    """Run it in a process of its own."""
    command = [sys.executable, "-u", "-m", "recovery", "work", "--watch", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        patience = threading.Timer(60, process.kill)  # no test waits for ever for a line that does not come
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            process.kill()
