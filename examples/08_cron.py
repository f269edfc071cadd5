"""What cron calls: one short script, `desk.catch_up()`, an exit code, and one line that says how it went.

    */5 * * * *  python /srv/shop/work.py

Nothing is lost when it does not run, for an hour or for a month: what is due stays due, and is done in the next round. Nothing goes
wrong when two runs overlap: a case and a message belong to one worker at a time. Look at the lag, and at what to raise an alarm on.
"""

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pendulum

from recovery import Address, Channel, Contact, Customer, Desk, RecordingNotifier, SQLiteStore, policies

LATE = timedelta(minutes=30)
"""A desk whose worker runs every five minutes is in trouble when it is half an hour behind."""


def work(desk: Desk) -> int:
    """Do what is due; return the exit code: 0 all is well, 1 something failed or is late. `sys.exit(work(desk))` is the script."""
    done, health = desk.catch_up(), desk.health()
    wrong = [f"{done.failed} failed"] if done.failed else []
    wrong += [f"{done.lag} behind"] if done.lag > LATE else []
    wrong += [f"{health.given_up} messages given up"] if health.given_up else []
    wrong += [f"{health.set_aside} set aside"] if health.set_aside else []
    print(f"looked at {done.ticked}, sent {done.sent}, open {health.open_cases}: {'; '.join(wrong) or 'all is well'}")
    return 1 if wrong else 0


clock = [pendulum.datetime(2026, 3, 2, 9, 0, tz="Europe/Berlin")]
mail = RecordingNotifier(now=lambda: clock[0])
policy = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
words = "I do not recognize the following inquiry XXXX XXXX Inquiry from XX/XX/2018. Please investigate to ensure there is no fraudulent activity."
bo = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))

with ExitStack() as stack:
    # Two processes over one file, as two overlapping runs of cron are.
    file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "shop.db"
    desk, other = (
        Desk(store=stack.enter_context(SQLiteStore(file)), policy=policy, notifier=mail, now=lambda: clock[0]) for _ in range(2)
    )
    desk.receive(Contact(channel=Channel.EMAIL, sender=bo, text=words, received_at=clock[0]))
    print("09:00 exit code", work(desk))
    print("09:00 exit code", work(other), "(a second run at the same instant: there is nothing left to do)")

    clock[0] += timedelta(hours=2)
    print("11:00 exit code", work(desk), "(nobody ran it for two hours, and the acknowledgement was due at ten)")
    print("11:00 exit code", work(other))

    mail.failing = lambda message: ConnectionError("the mail server does not answer")
    desk.receive(Contact(channel=Channel.EMAIL, sender=bo, text=words, received_at=clock[0]))
    print("11:00 exit code", work(desk), "(the mails wait in the outbox, and are tried again)")
    mail.failing = None
    clock[0] += timedelta(minutes=5)
    print("11:05 exit code", work(desk))

# > looked at 0, sent 2, open 1: all is well
# > 09:00 exit code 0
# > looked at 0, sent 0, open 1: all is well
# > 09:00 exit code 0 (a second run at the same instant: there is nothing left to do)
# > looked at 1, sent 1, open 1: 1:00:00 behind
# > 11:00 exit code 1 (nobody ran it for two hours, and the acknowledgement was due at ten)
# > looked at 0, sent 0, open 1: all is well
# > 11:00 exit code 0
# > looked at 0, sent 0, open 2: 2 failed
# > 11:00 exit code 1 (the mails wait in the outbox, and are tried again)
# > looked at 0, sent 2, open 2: all is well
# > 11:05 exit code 0
