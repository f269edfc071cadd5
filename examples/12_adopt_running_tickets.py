"""Take over the running tickets of another system, silently, each at its true stage: adopted, not confirmed.

Run it with `python examples/12_adopt_running_tickets.py`. What it prints is compared with the end of this file by the tests.
The log is real (data/INCIDENTS.md says whose, under CC BY 4.0); the people and the policy are invented.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pendulum

from recovery import Desk, MemoryStore, Person, RecordingNotifier, policies
from recovery.intake.tickets import TicketReader, load_map

DATA = Path(__file__).parent / "data"
ZONE = "America/Sao_Paulo"

# A Thursday, shortly after noon, four months into the log.
now = pendulum.datetime(2016, 6, 16, 12, 2, tz=ZONE)
people = [Person(id="17", name="Ana", supervisor="fay"), Person(id="fay", name="Fay")]
policy = policies.default(fallback_owner="fay", calendar=policies.office_hours(ZONE), people=people)
mail = RecordingNotifier(now=lambda: now)
desk = Desk(store=MemoryStore(), policy=policy, notifier=mail, now=lambda: now)


def read() -> TicketReader:
    """Read the log as it stood at that minute: what comes later in the file is not known yet."""
    return TicketReader(DATA / "incidents.csv.gz", load_map(DATA / "incidents.map.toml"), zone=ZONE, as_of=now)


reader = read()
adoption = desk.adopt(reader.tickets())
for stage, number in adoption.stages.items():
    print(f"{number:3}  adopted as {stage.value}")
print(f"{adoption.ended:3}  over, too long ago to ask whether it is solved")
for bad in reader.bad:
    print(f"  1  kept apart: {bad.number}, {bad.reasons[0].field}: {bad.reasons[0].message}")
print(f"{desk.adopt(read().tickets()).adopted:3}  adopted when it is done again")

# The timeline says on whose word each case stands where it stands.
late = [step for step in desk.agenda() if step.due_at and step.due_at < now]
(entry,) = desk.timeline(late[0].case_id)
print("\n" + entry.told)

# What the law counts, it counts from the true receipt: such cases stand first on the agenda, as late as they are.
print(f"\n{len(late)} cases are past a limit: {dict(Counter(step.rule for step in late))}")
print(f"the oldest was due on {late[0].due_at.in_timezone(ZONE):%d %B}")

# What we promise ourselves begins anew, after a working day of grace; until then nobody hears of anything.
calm = policy.adoption_grace.after(now, policy.calendar)
print(f"\nnothing rings before {calm.in_timezone(ZONE):%A %H:%M}")
while len(mail.sent) <= 20:
    now += timedelta(minutes=1)
    before = len(mail.sent)
    desk.work()
    if told := Counter(message.person for message in mail.sent[before:]):
        print(f"{now:%A %H:%M}  {dict(told)}")
print("doctor:", desk.doctor() or "nothing to report")

# >   4  adopted as received
# >  20  adopted as investigating
# >  54  adopted as resolved
# > 912  over, too long ago to ask whether it is solved
# >   1  kept apart: 0028089, incident_state: the state '-100' is not in the map.
# >   0  adopted when it is done again
# >
# > Adopted from the old service desk: investigating and waiting for the customer, as that system says and nobody has confirmed; owned by fay.
# >
# > 18 cases are past a limit: {'resolve.whole-case': 18}
# > the oldest was due on 30 March
# >
# > nothing rings before Friday 12:02
# > Friday 12:02  {'fay': 8}
# > Friday 12:12  {'fay': 6}
# > Friday 12:22  {'fay': 4}
# > Friday 13:02  {'fay': 1}
# > Friday 13:22  {'fay': 1}
# > Friday 13:42  {'fay': 1}
# > doctor: nothing to report
